import { isDeepStrictEqual } from 'node:util';
import { StreamError } from '../../src/errors/streamError.js';
import { chunked, Dice, mutated } from './mutation.js';
import { arrivedWith, eventsIn, grewFrom, outcomeOf } from './outcome.js';
import type { Stream } from './streams.js';

/** What one seed did, and what is wrong with how it went. */
export interface Attempt {
  readonly what: string;
  readonly outcome: string;
  readonly flaws: readonly string[];
}

/** Spoils a stream as a seed says, reads it, and looks whether it went as promised. */
export function attempt(all: readonly Stream[], seed: number): Attempt {
  const dice = new Dice(seed);
  const { name, codec, bytes } = dice.of(all);
  const spoilt = mutated(bytes, dice);
  const outcome = outcomeOf(chunked(spoilt.bytes, dice), codec);
  const [ending] = outcome.endings;
  const flaws: string[] = [];
  if (outcome.endings.length !== 1) flaws.push(`it ended ${outcome.endings.length} times`);
  if (ending !== 'complete' && !(ending instanceof StreamError)) flaws.push('it failed with a foreign error');

  const before = arrivedWith(eventsIn(bytes.subarray(0, spoilt.from), codec));
  if (!outcome.wasReset && !grewFrom(before, outcome)) flaws.push('something that had arrived is lost');
  if (spoilt.kind === 'truncated' && !grewFrom(outcome, outcomeOf([bytes], codec))) {
    flaws.push('what had arrived is no prefix of the whole');
  }
  if (!isDeepStrictEqual(outcomeOf([spoilt.bytes], codec).messages, outcome.messages)) {
    flaws.push('it depends on how the bytes are cut');
  }
  return {
    what: `${name}, ${spoilt.kind} at ${spoilt.from}`,
    outcome: ending instanceof StreamError ? ending.code : String(ending),
    flaws,
  };
}
