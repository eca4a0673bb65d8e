import fc from 'fast-check';
import type { StreamEvent } from '../../../src/events/event.js';
import * as events from '../../../src/events/make.js';
import { answers } from './answers.js';
import { JSON_VALUE } from './contents.js';
import type { Protocol } from './presented.js';
import { PROTOCOLS } from './protocols.js';
import { EVERYTHING } from './scope.js';
import { framesOf } from './spelling.js';
import '../../seed.js';

/** What the frames of all protocols hold, and every word in them that could be the name of an event. */
const OWN = PROTOCOLS.map(({ codec }) => {
  const frames = fc.sample(answers(EVERYTHING), 40).flatMap((sequence) => framesOf(codec, sequence));
  const values = frames.map(({ data }) => JSON.parse(data) as object);
  const words = values.flatMap((value) => [...Object.keys(value), ...(Object.values(value) as unknown[])]);
  return { values, words: [...new Set(words.filter((word) => typeof word === 'string' && word !== ''))] };
});
const VALUES = fc.constantFrom(...OWN.flatMap(({ values }) => values));
const WORDS = fc.constantFrom(...OWN.flatMap(({ words }) => words as string[]));

/** Unknown events that are named like the events of a protocol, or hold one of its frames. */
export function strangersIn({ stranger }: Protocol): fc.Arbitrary<StreamEvent> {
  return fc.oneof(
    fc
      .tuple(WORDS, fc.dictionary(fc.constantFrom('a', 'id', 'error'), JSON_VALUE))
      .map(([name, fields]) => stranger(name, fields)),
    fc.tuple(WORDS, fc.oneof(JSON_VALUE, VALUES)).map(([name, data]) => events.unknown(name, data)),
  );
}
