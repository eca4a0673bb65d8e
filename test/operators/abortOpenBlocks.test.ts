import fc from 'fast-check';
import { concat, from, throwError, type Observable } from 'rxjs';
import { StreamError, truncated } from '../../src/errors/streamError.js';
import type { BlockAbortEvent, StreamEvent } from '../../src/events/event.js';
import * as events from '../../src/events/make.js';
import { abortOpenBlocks } from '../../src/operators/abortOpenBlocks.js';
import { toBlocks } from '../../src/operators/toBlocks.js';
import { runs } from '../seed.js';

const lost = new StreamError('network', 'The connection was lost');

/** What comes out of a source that speaks at once, and what it fails with. */
function outcome<T>(source: Observable<T>): { readonly values: readonly T[]; readonly error: unknown } {
  const values: T[] = [];
  let error: unknown;
  source.subscribe({ next: (value) => values.push(value), error: (reason: unknown) => (error = reason) });
  return { values, error };
}

/** A message of one to five texts that interleave at will, cut off anywhere. */
const CUT_OFF: fc.Arbitrary<readonly StreamEvent[]> = fc
  .tuple(
    fc.uniqueArray(fc.nat(300), { minLength: 1, maxLength: 5 }),
    fc.array(fc.nat(4), { maxLength: 20 }),
    fc.nat(),
  )
  .map(([indexes, turns, place]) => {
    const blocks = indexes.map((index) => [
      events.textStart(index),
      events.textDelta(index, 'la'),
      events.blockStop(index),
    ]);
    const content = [...turns, ...indexes.flatMap((_, nth) => [nth, nth, nth])].flatMap(
      (nth) => blocks[nth]?.shift() ?? [],
    );
    return [events.messageStart({ id: 'msg_1' }), ...content].slice(0, 1 + (place % (content.length + 1)));
  });

function indexesOf(source: readonly StreamEvent[], type: StreamEvent['type']): number[] {
  return source.flatMap((event) => (event.type === type && 'index' in event ? [event.index] : []));
}

const ENDS: readonly (readonly [string, Observable<never>, string])[] = [
  ['fails', throwError(() => lost), lost.message],
  ['ends', from([]), truncated().message],
];

describe.each(ENDS)('where a source %s inside its blocks', (_, end, reason) => {
  it('each block that began has one end, the aborts by index, and nothing else changes', () => {
    fc.assert(
      fc.property(CUT_OFF, (source) => {
        const { values } = outcome(concat(source, end).pipe(abortOpenBlocks()));
        const aborts = values.slice(source.length) as BlockAbortEvent[];
        expect(values.slice(0, source.length)).toEqual(source);
        expect(aborts.map(({ index }) => index)).toEqual(
          aborts.map(({ index }) => index).sort((a, b) => a - b),
        );
        expect(aborts.every((event) => event.type === 'block_abort' && event.reason === reason)).toBe(true);
        expect(
          [...indexesOf(source, 'content_block_stop'), ...indexesOf(aborts, 'block_abort')].sort(ascending),
        ).toEqual(indexesOf(source, 'content_block_start').sort(ascending));
      }),
      { numRuns: runs(1000), seed: 1 },
    );
  });

  it('the blocks are those that toBlocks makes of it without the aborts', () => {
    fc.assert(
      fc.property(CUT_OFF, (source) => {
        const bare = outcome(concat(source, end).pipe(toBlocks()));
        const aborted = outcome(concat(source, end).pipe(abortOpenBlocks(), toBlocks()));
        const byIndex = (blocks: typeof bare.values) => [...blocks].sort((a, b) => a.index - b.index);
        expect(byIndex(aborted.values)).toEqual(byIndex(bare.values));
        expect(aborted.error).toEqual(bare.error);
      }),
      { numRuns: runs(1000), seed: 2 },
    );
  });
});

function ascending(one: number, other: number): number {
  return one - other;
}
