import { anthropic } from '../../src/anthropic.js';
import { isThorough } from '../thorough.js';
import { attempt } from './attempt.js';
import { chunked, Dice, mutated, MUTATIONS } from './mutation.js';
import { arrivedWith, eventsIn, grewFrom, outcomeOf } from './outcome.js';
import { streams } from './streams.js';

const all = streams();
const [{ bytes }] = all as [(typeof all)[number]];

describe('a spoilt stream', () => {
  it('completes, or fails once with what had arrived, whatever its bytes', () => {
    const flawed = Array.from({ length: isThorough ? 400 : 20 }, (_, seed) => ({
      seed,
      ...attempt(all, seed),
    })).filter(({ flaws }) => flaws.length > 0);
    expect(flawed).toEqual([]);
  });
});

describe('the fuzz run', () => {
  it('does the same for the same seed', () => {
    expect(attempt(all, 7)).toEqual(attempt(all, 7));
    expect(attempt(all, 7)).not.toEqual(attempt(all, 8));
  });

  it('changes nothing before the offset that it names, and something after it', () => {
    const kinds = new Set<string>();
    for (let seed = 0; seed < 200; seed++) {
      const { kind, from, bytes: spoilt } = mutated(bytes, new Dice(seed));
      expect(Buffer.compare(spoilt.subarray(0, from), bytes.subarray(0, from))).toBe(0);
      kinds.add(kind);
    }
    expect([...kinds].sort()).toEqual([...MUTATIONS].sort());
  });

  it('cuts bytes into chunks that are all of them', () => {
    for (let seed = 0; seed < 20; seed++) {
      expect(Buffer.compare(Buffer.concat(chunked(bytes, new Dice(seed))), bytes)).toBe(0);
    }
  });

  it('sees what is lost, and what was never sent', () => {
    const half = arrivedWith(eventsIn(bytes.subarray(0, bytes.length / 2), anthropic));
    const whole = outcomeOf([bytes], anthropic);
    expect(half.messages).toHaveLength(1);
    expect(grewFrom(half, whole)).toBe(true);
    expect(grewFrom(whole, half)).toBe(false);
    expect(grewFrom(whole, { ...whole, messages: [] })).toBe(false);
  });
});
