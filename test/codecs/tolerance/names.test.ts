import type { Codec } from '../../../src/codecs/codec.js';
import { policed } from '../../../src/codecs/policed.js';
import { isStreamError } from '../../../src/errors/streamError.js';
import type { Frame } from '../../../src/wire/frame.js';
import { isThorough } from '../../thorough.js';
import { PROTOCOLS } from '../conformance/protocols.js';
import { answersIn } from './variants.js';

/** Names that every object has, without having them itself. */
const INHERITED = isThorough ? ['constructor', 'toString', '__proto__', 'hasOwnProperty'] : ['constructor'];

/** A JSON text with one text in it replaced by the name, for each; and with a member of that name added to one object, for each. */
function* named(json: string, name: string): Generator<string> {
  for (const { index, 0: text, 1: colon } of json.matchAll(/"(?:[^"\\]|\\.)*"(:?)/g))
    if (colon === '') yield `${json.slice(0, index)}"${name}"${json.slice(index + text.length)}`;
  for (const { index } of json.matchAll(/\{(?=")/g))
    yield `${json.slice(0, index + 1)}"${name}":{"a":1},${json.slice(index + 1)}`;
}

function failureOf(codec: Codec, frames: readonly Frame[]): unknown {
  const decoder = policed(codec, { malformed: 'skip' });
  try {
    for (const frame of frames) decoder.next(frame);
    decoder.end();
    return undefined;
  } catch (error) {
    return isStreamError(error) ? undefined : error;
  }
}

it.each(PROTOCOLS.map(({ codec }) => [codec.name, codec] as const))(
  '%s takes no name that all objects have for one that it knows, wherever it stands',
  (_, codec) => {
    let tried = 0;
    for (const name of INHERITED)
      for (const frames of answersIn(codec))
        for (const [at, frame] of frames.entries())
          for (const data of named(frame.data, name)) {
            tried++;
            const given = [...frames.slice(0, at), { ...frame, data }, ...frames.slice(at + 1)];
            expect({ data, failure: failureOf(codec, given) }).toEqual({ data, failure: undefined });
          }
    expect(tried).toBeGreaterThan(30);
  },
);
