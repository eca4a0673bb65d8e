import { from, lastValueFrom, type Observable } from 'rxjs';
import { anthropic } from '../src/anthropic.js';
import {
  accumulateBlocks,
  accumulateToolCalls,
  fromBytes,
  sse,
  toBlocks,
  toMessage,
  type StreamEvent,
} from '../src/index.js';
import {
  blocks,
  calls,
  citations,
  comments,
  dataLines,
  longEvent,
  openBlocks,
  pings,
  unknownDeltas,
} from './inputs.js';
import { snapshots } from './ours.js';
import { cpuTime, quantile } from './pair.js';
import { TEXT_GROWTH } from './textGrowth.js';
import { cut, textWorkload } from './workloads.js';

/** How the time of something grows with its input. */
export interface GrowthCase {
  readonly name: string;
  /** The smaller input; the larger one is four times as large, so that a square shows as 16. */
  readonly size: number;
  /** The highest exponent that it may have; {@link LINEAR} unless it says otherwise. */
  readonly limit?: number;
  chunks(size: number): Uint8Array[];
  read(chunks: Uint8Array[]): Observable<unknown>;
}

/** The time of the large input over that of the small one, and the power of the size that it follows. */
export interface Growth {
  readonly factor: number;
  readonly exponent: number;
}

/** What a machine's caches add to a line. */
export const LINEAR = 1.1;

/** Copying a list of pointers at each change is a square with a tiny factor: `limits.blocks` bounds it. */
const COPIED_LISTS = 1.5;

/** The most blocks that a message may have by default. */
const MOST_BLOCKS = 4_096;

const FACTOR = 4;
const ROUNDS = 9;
const MILLISECONDS = 1_000;
const KIB_16 = 16 * 1024;

const toEvents = (chunks: Uint8Array[]): Observable<StreamEvent> =>
  fromBytes(chunks, { codec: anthropic, limits: { blocks: Infinity } });
const toSnapshots = (chunks: Uint8Array[]): Observable<unknown> => snapshots(toEvents(chunks));

/** Inputs that tempt a reader to do again what it has done. */
export const GROWTH: readonly GrowthCase[] = [
  {
    name: 'deltas in 7-byte chunks → snapshots',
    size: 2_500,
    chunks: (size) => cut(textWorkload(size).chunks, 7),
    read: toSnapshots,
  },
  {
    name: 'deltas in 7-byte chunks → sse()',
    size: 2_500,
    chunks: (size) => cut(textWorkload(size).chunks, 7),
    read: (chunks) => from(chunks).pipe(sse()),
  },
  {
    name: 'deltas in 16 KiB chunks → snapshots',
    size: 20_000,
    chunks: (size) => cut(textWorkload(size).chunks, KIB_16),
    read: toSnapshots,
  },
  {
    name: 'blocks → snapshots, up to the limit',
    size: MOST_BLOCKS / FACTOR,
    limit: COPIED_LISTS,
    chunks: blocks,
    read: toSnapshots,
  },
  {
    name: 'blocks → toBlocks',
    size: 25_000,
    chunks: blocks,
    read: (chunks) => toEvents(chunks).pipe(toBlocks()),
  },
  {
    name: 'blocks → toMessage',
    size: 25_000,
    chunks: blocks,
    read: (chunks) => toEvents(chunks).pipe(toMessage()),
  },
  {
    name: 'blocks → accumulateBlocks, up to the limit',
    size: MOST_BLOCKS / FACTOR,
    limit: COPIED_LISTS,
    chunks: blocks,
    read: (chunks) => toEvents(chunks).pipe(accumulateBlocks()),
  },
  {
    name: 'calls → accumulateToolCalls, up to the limit',
    size: MOST_BLOCKS / FACTOR,
    limit: COPIED_LISTS,
    chunks: calls,
    read: (chunks) => toEvents(chunks).pipe(accumulateToolCalls()),
  },
  { name: 'citations → snapshots', size: 10_000, chunks: citations, read: toSnapshots },
  {
    name: 'citations → toMessage',
    size: 10_000,
    chunks: citations,
    read: (chunks) => toEvents(chunks).pipe(toMessage()),
  },
  { name: 'unknown deltas → snapshots', size: 10_000, chunks: unknownDeltas, read: toSnapshots },
  {
    name: 'unknown deltas → toBlocks',
    size: 10_000,
    chunks: unknownDeltas,
    read: (chunks) => toEvents(chunks).pipe(toBlocks()),
  },
  {
    name: 'blocks all open at once → snapshots, up to the limit',
    size: MOST_BLOCKS / FACTOR,
    limit: COPIED_LISTS,
    chunks: openBlocks,
    read: toSnapshots,
  },
  { name: 'pings in one chunk → snapshots', size: 50_000, chunks: pings, read: toSnapshots },
  { name: 'characters of one event in one chunk', size: 2_500_000, chunks: longEvent, read: toEvents },
  {
    name: 'characters of one event in 16 KiB chunks',
    size: 2_500_000,
    chunks: (size) => cut(longEvent(size), KIB_16),
    read: toEvents,
  },
  {
    name: 'characters of one event in 7-byte chunks',
    size: 250_000,
    chunks: (size) => cut(longEvent(size), 7),
    read: toEvents,
  },
  { name: 'lines of one event in one chunk', size: 50_000, chunks: dataLines, read: toEvents },
  { name: 'comments in one chunk', size: 50_000, chunks: comments, read: toEvents },
  ...TEXT_GROWTH,
];

/**
 * Compares the large input with the small one read as often as makes the same amount, one right behind the other, once each
 * before that to warm up, and takes the median of what the pairs say: the speed of a machine changes while many are read. So the collector has as much to do in both: a single small run often ends before it comes.
 */
export async function growthOf({ size, chunks, read }: GrowthCase): Promise<Growth> {
  const small = chunks(size);
  const large = chunks(size * FACTOR);
  const run = async (input: Uint8Array[], times = 1): Promise<number> => {
    for (let time = 0; time < times; time++) await lastValueFrom(read(input), { defaultValue: undefined });
    return 0;
  };
  const factors: number[] = [];
  await run(small, FACTOR);
  await run(large);
  for (let spent = 0; factors.length < ROUNDS || spent < MILLISECONDS;) {
    const ofSmall = await cpuTime(() => run(small, FACTOR), 0);
    const ofLarge = await cpuTime(() => run(large), 0);
    factors.push((ofLarge / ofSmall) * FACTOR);
    spent += ofSmall + ofLarge;
  }
  const factor = quantile(factors, 0.5);
  return { factor, exponent: Math.log(factor) / Math.log(FACTOR) };
}
