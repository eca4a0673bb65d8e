import fc from 'fast-check';
import type { StreamEvent } from '../../../src/events/event.js';
import * as events from '../../../src/events/make.js';
import { answers } from './answers.js';
import { JSON_VALUE } from './contents.js';
import type { Protocol } from './presented.js';
import { PROTOCOLS } from './protocols.js';
import { EVERYTHING } from './scope.js';
import { framesOf, valuesOf } from './spelling.js';
import '../../seed.js';

interface Held {
  readonly values: readonly object[];
  readonly words: readonly string[];
}

const HELD = new Map<Protocol, Held>();

/** What the frames of a protocol hold: their values, and each word in them that could be the name of an event. */
function heldBy(protocol: Protocol): Held {
  const { codec } = protocol;
  let held = HELD.get(protocol);
  if (held === undefined) {
    const values = fc
      .sample(answers(EVERYTHING), 40)
      .flatMap((sequence) => valuesOf(codec, framesOf(codec, sequence)));
    // An unknown event may hold `null`.
    const words = values
      .map((value: object | null) => value ?? {})
      .flatMap((value) => [...Object.keys(value), ...(Object.values(value) as unknown[])]);
    const isWord = (word: unknown): word is string => typeof word === 'string' && word !== '';
    HELD.set(protocol, (held = { values, words: [...new Set(words.filter(isWord))] }));
  }
  return held;
}

/** Unknown events that are named like the events of this protocol or another, or hold one of their frames. */
export function strangersIn(protocol: Protocol): fc.Arbitrary<StreamEvent> {
  const held = [protocol, ...PROTOCOLS].map(heldBy);
  const values = held.flatMap((of) => of.values);
  const name = fc.constantFrom(...held.flatMap(({ words }) => words));
  const fields = fc.dictionary(fc.constantFrom('a', 'id', 'error'), JSON_VALUE);
  return fc.oneof(
    fc.tuple(name, fields).map((of) => protocol.stranger(...of)),
    fc.tuple(name, fc.oneof(JSON_VALUE, fc.constantFrom(...values))).map((of) => events.unknown(...of)),
  );
}
