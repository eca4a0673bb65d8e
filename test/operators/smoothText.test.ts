import fc from 'fast-check';
import { concat, concatMap, from, ignoreElements, NEVER, of, throwError, timer, type Observable } from 'rxjs';
import { smoothText, type SmoothTextOptions } from '../../src/operators/smoothText.js';
import { runs } from '../seed.js';
import { isThorough } from '../thorough.js';
import { cpuTime } from '../cpuTime.js';
import { CountingScheduler } from './countingScheduler.js';
import { onPage } from './page.js';

/** A piece after so many ms. */
type Step = readonly [wait: number, piece: string];

interface Shown {
  readonly at: number;
  readonly text: string;
}

interface Outcome {
  readonly shown: readonly Shown[];
  /** When each piece came. */
  readonly came: readonly Shown[];
  readonly scheduler: CountingScheduler;
  readonly error: unknown;
}

/** What is shown of a source that speaks in these steps. */
function outcome(
  steps: readonly Step[],
  options: SmoothTextOptions,
  end: (scheduler: CountingScheduler) => Observable<never> = () => NEVER,
): Outcome {
  const scheduler = new CountingScheduler();
  const shown: Shown[] = [];
  const came: Shown[] = [];
  let error: unknown;
  const source = from(steps).pipe(
    concatMap(([wait, text]) => {
      const silence = wait === 0 ? of() : timer(wait, scheduler).pipe(ignoreElements());
      return concat(silence, of(text));
    }),
  );
  concat(source, end(scheduler))
    .pipe(
      (pieces) => from(pieces),
      (pieces) =>
        pieces.pipe(
          concatMap((text) => {
            came.push({ at: scheduler.now(), text });
            return of(text);
          }),
        ),
      smoothText(options, scheduler),
    )
    .subscribe({
      next: (text) => shown.push({ at: scheduler.now(), text }),
      error: (failure: unknown) => (error = failure),
    });
  scheduler.flush();
  return { shown, came, scheduler, error };
}

const textOf = (shown: readonly Shown[]): string => shown.map(({ text }) => text).join('');

/** For each UTF-16 unit, when it came or was shown. */
const times = (shown: readonly Shown[]): readonly number[] =>
  shown.flatMap(({ at, text }) => Array.from({ length: text.length }, () => at));

/** For each UTF-16 unit, when the last one of its character came. */
function arrivals(came: readonly Shown[]): readonly number[] {
  const at = times(came);
  const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(textOf(came));
  return [...graphemes].flatMap(({ index, segment }) =>
    Array.from(segment.split(''), () => at[index + segment.length - 1] ?? 0),
  );
}

function boundaries(text: string): ReadonlySet<number> {
  const found = new Set([0, text.length]);
  for (const { index } of new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(text))
    found.add(index);
  return found;
}

const BY = fc.constantFrom('grapheme', 'word', 'line');
const SIMPLE = fc.constantFrom('a', 'bc', ' ', '\n', '世', '界', 'e\u0301', 'Tokyo', '\r', '.', '  ');
const ANY = fc.oneof(
  SIMPLE,
  fc.constantFrom('👩‍👩‍👧', '🇯🇵', '👍🏽', '\u200d', '\u0301', '\ud83d', '\ude00', '각', 'ก็'),
);

/** A text in pieces cut anywhere, each so long after the one before. */
function steps(part: fc.Arbitrary<string>, longest: number): fc.Arbitrary<readonly Step[]> {
  const lengths = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 });
  return fc
    .tuple(
      fc.array(part, { maxLength: 60 }),
      lengths,
      fc.array(fc.nat(longest), { minLength: 1, maxLength: 9 }),
    )
    .map(([parts, lengths, waits]) => {
      const text = parts.join('');
      const found: Step[] = [];
      for (let at = 0, turn = 0; at < text.length; turn++) {
        const length = lengths[turn % lengths.length] ?? 1;
        found.push([waits[turn % waits.length] ?? 0, text.slice(at, at + length)]);
        at += length;
      }
      return found;
    });
}

describe('any text', () => {
  it('comes whole and in order, by whatever it is shown', () => {
    fc.assert(
      fc.property(steps(ANY, 150), BY, (steps, by) => {
        const { shown, came, scheduler } = outcome(steps, { by, maxLag: 80 }, () => of());
        expect(textOf(shown)).toBe(textOf(came));
        expect(shown.map(({ text }) => text)).not.toContain('');
        expect(scheduler.open).toBe(0);
      }),
      { numRuns: runs(300), seed: 1 },
    );
  });

  it('is never further behind than it may be', () => {
    fc.assert(
      fc.property(steps(SIMPLE, 150), BY, fc.integer({ min: 20, max: 120 }), (steps, by, maxLag) => {
        const { shown, came } = outcome(steps, { by, maxLag });
        const whole = arrivals(came);
        const late = times(shown).filter((at, unit) => at - (whole[unit] ?? 0) > maxLag);
        expect(late).toEqual([]);
        expect(textOf(shown)).toBe(textOf(came));
      }),
      { numRuns: runs(300), seed: 1 },
    );
  });

  it('is split only between what a reader sees as characters, however its pieces are cut', () => {
    fc.assert(
      fc.property(steps(ANY, 45), BY, (steps, by) => {
        const { shown, came } = outcome(steps, { by, maxLag: 80 }, () => of());
        const allowed = boundaries(textOf(came));
        let at = 0;
        for (const { text } of shown) expect(allowed).toContain((at += text.length));
      }),
      { numRuns: runs(500), seed: 1 },
    );
  });

  it('comes in whole words where they come in time', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('so ', 'Tokyo ', 'is\n', 'large, '), { minLength: 1 }),
        (words) => {
          const { shown } = outcome([[0, words.join('')]], { by: 'word', maxLag: 500 });
          for (const { text } of shown) expect(text).toMatch(/^(?:so |Tokyo |is\n|large, )+$/);
        },
      ),
      { numRuns: runs(100), seed: 1 },
    );
  });
});

describe('a burst', () => {
  it('is given out evenly over the time it has', () => {
    const { shown } = outcome([[0, 'x'.repeat(1_000)]], { by: 'grapheme', maxLag: 320, interval: 16 });
    const sizes = shown.map(({ text }) => text.length);
    expect(sizes).toHaveLength(21);
    expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
    expect(shown.at(-1)?.at).toBe(320);
  });

  it('after a burst makes the pace no faster than both need', () => {
    const burst = 'x'.repeat(500);
    const { shown } = outcome(
      [
        [0, burst],
        [160, burst],
      ],
      { by: 'grapheme', maxLag: 320, interval: 16 },
    );
    expect(Math.max(...shown.map(({ text }) => text.length))).toBeLessThanOrEqual(Math.ceil(750 / 11) + 1);
  });

  it('without a space for long is parted all the same', () => {
    const { shown } = outcome([[0, '👍🏽'.repeat(10_000)]], { by: 'word' });
    expect(textOf(shown)).toHaveLength(40_000);
    expect(shown.length).toBeGreaterThan(10);
    for (const { text } of shown) expect(text).toMatch(/^(?:👍🏽)+$/u);
  });

  it('of a megabyte costs no more for each character than a short one', () => {
    const length = isThorough ? 1_000_000 : 250_000;
    const { shown } = outcome([[0, 'so it is. '.repeat(length / 10)]], { by: 'word' });
    expect(shown).toHaveLength(13);
    expect(textOf(shown)).toHaveLength(length);
  });
});

describe('a burst of 300,000 characters of Thai', () => {
  it.each(['grapheme', 'word'] as const)('takes less time to part by %s than it may wait', (by) => {
    const given = 'a' + 'สวัสดีครับ'.repeat(30_000);
    let length = 0;
    const time = cpuTime(() => (length = textOf(outcome([[0, given]], { by }).shown).length));
    expect(length).toBe(given.length);
    // It took seconds when each character was looked for by itself.
    expect(time).toBeLessThan(2_000);
  });
});

describe('the timers', () => {
  it('are none while nothing waits', () => {
    const { scheduler, shown } = outcome(
      [
        [0, 'a\n'],
        [100_000, 'b\n'],
      ],
      { by: 'line' },
    );
    expect(shown).toEqual([
      { at: 0, text: 'a\n' },
      { at: 100_000, text: 'b\n' },
    ]);
    expect(scheduler.set).toBeLessThan(10);
  });

  it('do not go on for a character that has only begun', () => {
    const { scheduler, shown } = outcome([[0, 'ab\ud83c']], { by: 'grapheme' });
    expect(textOf(shown)).toBe('ab');
    expect(scheduler.open).toBe(0);
  });

  it('are gone when the subscriber leaves', () => {
    const scheduler = new CountingScheduler();
    const text = concat(of('so it is'), NEVER);
    const subscription = text.pipe(smoothText({ by: 'word' }, scheduler)).subscribe();
    expect(scheduler.open).toBe(1);
    subscription.unsubscribe();
    expect(scheduler.open).toBe(0);
  });

  it('are gone when the source fails, after what waited', () => {
    const { shown, error, scheduler } = outcome([[0, 'so it is']], { by: 'word' }, () =>
      throwError(() => 'lost'),
    );
    expect(textOf(shown)).toBe('so it is');
    expect(error).toBe('lost');
    expect(scheduler.open).toBe(0);
  });
});

describe('a hidden page', () => {
  it('gets its text as it comes, but for what may still be the half of a character', () => {
    onPage({ visibilityState: 'hidden' }, () => {
      const { shown } = outcome([[0, 'so it is']], { by: 'grapheme', maxLag: 10_000 }, () => of());
      expect(shown).toEqual([
        { at: 0, text: 'so it i' },
        { at: 0, text: 's' },
      ]);
    });
  });

  it('that is hidden while text waits shows it with the next tick', () => {
    const page = { visibilityState: 'visible' };
    onPage(page, () => {
      const steps: Step[] = [
        [0, 'x'.repeat(1_000)],
        [40, ''],
      ];
      const { shown } = outcome(steps, { by: 'grapheme', maxLag: 10_000 }, (scheduler) => {
        page.visibilityState = 'hidden';
        return concat(timer(100, scheduler).pipe(ignoreElements()), NEVER);
      });
      expect(shown.filter(({ text }) => text.length > 900)).toHaveLength(1);
      expect(shown.find(({ text }) => text.length > 900)?.at).toBeLessThanOrEqual(56);
    });
  });
});
