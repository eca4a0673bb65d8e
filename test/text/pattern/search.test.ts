import fc from 'fast-check';
import { GuardedText } from '../../../src/text/guard/guardedText.js';
import { Guarding } from '../../../src/text/guard/guarding.js';
import { searched, type Searched } from '../../../src/text/pattern/search.js';
import { cpuTime } from '../../cpuTime.js';
import { growthOf, LINEAR } from '../../growth.js';
import { runs } from '../../seed.js';
import { pattern, replaced, text } from './patterns.js';

const marked = (match: string): string => `<${match}>`;

/** Nothing, where a pattern is refused. */
function ready(patterns: readonly (RegExp | string)[]): Searched | undefined {
  try {
    return searched(patterns);
  } catch (error) {
    expect(error).toBeInstanceOf(TypeError);
    return undefined;
  }
}

function guarded(patterns: Searched, replace: ((match: string) => string) | undefined = marked): GuardedText {
  return new GuardedText(new Guarding(patterns, replace));
}

/** The text in pieces of these lengths, and the rest. */
function cut(text: string, lengths: readonly number[]): string[] {
  let at = 0;
  const pieces = lengths.map((length) => text.slice(at, (at += length)));
  return [...pieces, text.slice(at)];
}

describe('a text that is guarded while it streams', () => {
  it('is what String.prototype.replace makes of the whole, however it is cut, and shows no part of a match', () => {
    const cuts = fc.array(fc.nat(5), { maxLength: 5 });
    const texts = fc.array(fc.tuple(text, cuts), { minLength: 40, maxLength: 40 });
    const tried = { texts: 0, matches: 0 };
    fc.assert(
      fc.property(fc.array(pattern, { minLength: 1, maxLength: 2 }), texts, (patterns, texts) => {
        const compiled = ready(patterns);
        fc.pre(compiled !== undefined);
        for (const [text, cuts] of texts) {
          const expected = replaced(patterns, text, marked);
          const machine = guarded(compiled);
          let shown = '';
          for (const piece of cut(text, cuts)) {
            shown += machine.next(piece);
            if (!expected.startsWith(shown)) expect(shown).toBe(`the beginning of ${expected}`);
          }
          shown += machine.end();
          if (shown !== expected) expect(shown).toBe(expected);
          tried.texts++;
          if (expected !== text) tried.matches++;
        }
      }),
      { numRuns: runs(2_500) },
    );
    // Most texts have one.
    expect(tried.matches).toBeGreaterThan(tried.texts / 4);
  });

  it('takes texts word for word, in the order of all patterns', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '.'), minLength: 1, maxLength: 4 });
    const patterns = fc.array(fc.oneof({ weight: 4, arbitrary: word }, pattern), {
      minLength: 1,
      maxLength: 8,
    });
    const words = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '.', ' '), maxLength: 12 });
    let matches = 0;
    fc.assert(
      fc.property(patterns, fc.array(words, { minLength: 10, maxLength: 10 }), (patterns, texts) => {
        const compiled = ready(patterns);
        fc.pre(compiled !== undefined);
        const expressions = patterns.map((one) =>
          typeof one === 'string' ? new RegExp(one.replaceAll('.', '\\.')) : one,
        );
        for (const text of texts) {
          const machine = guarded(compiled);
          const shown = [...text].map((unit) => machine.next(unit)).join('') + machine.end();
          expect(shown).toBe(replaced(expressions, text, marked));
          if (shown !== text) matches++;
        }
      }),
      { numRuns: runs(1_000) },
    );
    expect(matches).toBeGreaterThan(10);
  });

  it('waits for what can still become a match, and for nothing else', () => {
    // All that may follow: with so few characters, a pattern of three atoms needs no more.
    const alphabet = ['a', 'b', ' ', '\n'];
    const ends = [''];
    for (let from = 0; (ends[from] ?? '').length < 5; from++) {
      ends.push(...alphabet.map((next) => `${ends[from] ?? ''}${next}`));
    }
    const atom = fc.constantFrom(
      ...['a', 'b', '.', '[ab]', '\\w', '[]', '(?:a|b)', 'a?', 'b*', '(?:ab)+?', '(?:a|)', 'a{2}'],
      ...['\\b', '^', '$', '\\B'],
    );
    const short = fc
      .tuple(fc.array(atom, { minLength: 1, maxLength: 3 }), fc.constantFrom('', 'm', 's', 'u'))
      .map(([atoms, flags]) => new RegExp(atoms.join(''), flags));
    const words = fc.array(fc.string({ unit: fc.constantFrom(...alphabet), maxLength: 6 }), {
      minLength: 4,
      maxLength: 4,
    });
    let held = 0;
    fc.assert(
      fc.property(short, words, (pattern, texts) => {
        const compiled = ready([pattern]);
        fc.pre(compiled !== undefined);
        const whole = (text: string): string => replaced([pattern], text, () => '*');
        for (const text of texts) {
          const shown = guarded(compiled, () => '*').next(text);
          expect(whole(text).startsWith(shown)).toBe(true);
          if (whole(text) === shown) continue;
          held++;
          // What was held back first is where a match begins, if it goes on like this.
          expect(ends.some((end) => whole(text + end).startsWith(`${shown}*`))).toBe(true);
        }
      }),
      { numRuns: runs(2_000) },
    );
    expect(held).toBeGreaterThan(10);
  });

  it.each([
    ['abc', 'xxab', 'xx'],
    ['abc', 'xxabx', 'xxabx'],
    [/a\bb/, 'a', 'a'],
    [new RegExp('a[]'), 'a', 'a'],
    [/a\b/, 'a', ''],
    [/a$/, 'a', ''],
    [/a$/, 'ab', 'ab'],
    [/^a/m, 'ba', 'ba'],
    [/a(?:b|bc)/, 'ab', '*'],
    [/a(?:bc|b)/, 'ab', ''],
    [/sk-\w{4}/, 'sk-abc', ''],
    [/sk-\w{4}/, 'sk-abcdef', '*ef'],
    [/sk-\w+/, 'sk-abc', ''],
    [/[^]+/, 'anything', ''],
    [new RegExp('[]'), 'anything', 'anything'],
  ])('of %s and %s shows %s', (pattern, given, shown) => {
    expect(guarded(searched([pattern]), () => '*').next(given)).toBe(shown);
  });

  it('stops before the first match, as soon as there is one', () => {
    fc.assert(
      fc.property(pattern, fc.array(text, { maxLength: 8 }), (pattern, texts) => {
        const compiled = ready([pattern]);
        fc.pre(compiled !== undefined);
        for (const text of texts) {
          const first = pattern.exec(text);
          const guarding = new Guarding(compiled, undefined);
          const machine = new GuardedText(guarding);
          const shown = machine.next(text) + machine.end();
          expect(guarding.hasFound).toBe(first !== null);
          if (first === null) expect(shown).toBe(text);
          else expect(text.slice(0, first.index).startsWith(shown)).toBe(true);
        }
      }),
      { numRuns: runs(1_000) },
    );
    const guarding = new Guarding(searched([/sk-\w+/]), undefined);
    expect(new GuardedText(guarding).next('It is sk-1')).toBe('It is ');
    expect(guarding.hasFound).toBe(true);
  });
});

describe('guarding', () => {
  /** The time that a text of so many units takes, in pieces of 16. */
  function timeOf(patterns: readonly (RegExp | string)[], unit: string, length: number): number {
    const compiled = searched(patterns);
    const text = unit.repeat(length / unit.length);
    return cpuTime(() => {
      const machine = guarded(compiled, () => '*');
      for (let at = 0; at < text.length; at += 16) machine.next(text.slice(at, at + 16));
      machine.end();
    });
  }

  it.each([
    ['a text without a match', [/sk-\w{8}/, 'secret'], 'the quick brown fox '],
    ['a match without an end', [/x[^]*/], 'xy'],
    ['beginnings without a match', [/a(?:.*b)?/s], 'a'],
    ['a pattern that a search which goes back takes for ever for', [/(?:a+)+b/], 'a'],
    ['a match at each character', [/./s], 'ab'],
    ['many patterns', Array.from({ length: 20 }, (_, nth) => `word${nth}`), 'words are wordy '],
  ] as const)('takes time that grows with the text: %s', (_, patterns, unit) => {
    expect(growthOf((length) => timeOf(patterns, unit, length / 4))).toBeLessThan(LINEAR);
  });

  it.each([
    ['texts', (nth: number) => `secret${nth}`],
    ['expressions', (nth: number) => new RegExp(`\\b${String.fromCharCode(97 + (nth % 26))}${nth}\\b`, 'i')],
  ])('takes hundreds of %s for little more than one', (_, patternOf) => {
    const patterns = Array.from({ length: 400 }, (_, nth) => patternOf(nth));
    const best = (patterns: readonly (RegExp | string)[]): number =>
      Math.min(...[0, 1, 2].map(() => timeOf(patterns, 'a secret as such, not secret9 nor j9 ', 32 * 1024)));
    expect(best(patterns) / Math.max(best([patternOf(9)]), 3)).toBeLessThan(40);
  });
});
