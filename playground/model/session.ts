import { recordedErrorOf, type Recording } from '../../src/testing/recordings/recording.js';
import { connectionLost } from '../../src/testing/letters/alphabet.js';
import { linksOf, type Link, type Step } from './chain.js';
import { edited, isOfTimes, type Edit } from './edits.js';
import { measured, outputsOf, type Measures } from './measures.js';
import type { Feed } from './feed.js';
import { readingOf, retimed, type Reading } from './reading.js';
import { retimedRow, timedRun, type Row, type Run } from './run.js';
import type { Turns } from './slices.js';

/** A chain, and what it made. */
export interface Ran {
  readonly links: readonly Link[];
  /** A row for each link, in their order; of those that are left out, what was before them. */
  readonly rows: readonly Row[];
}

/** All there is to show of a source, its edits and its chains. */
export interface Shown {
  readonly feed: Feed;
  readonly reading: Reading;
  /** The events with their times, as a recording. */
  readonly recording: Recording;
  readonly measures: Measures;
  readonly chains: readonly Ran[];
}

/** What was read of what; which of it is content stays the same object while only times change. */
interface Read extends Omit<Shown, 'chains'> {
  readonly base: Feed;
  readonly edits: readonly Edit[];
  readonly values: readonly number[];
}

interface Kept extends Ran, Run {
  readonly rows: readonly Row[];
  readonly key: string;
  readonly of: Recording;
  readonly values: readonly number[];
}

/** So many readings and runs are kept, for those who go back or compare. */
const MOST_READ = 2;
const MOST_RUNS = 4;

/** Works out what is to be shown, and keeps what a change leaves as it is. */
export class Session {
  /** The newest first. */
  #read: readonly Read[] = [];
  #ran: readonly Kept[] = [];

  /**
   * @param base - what was opened
   * @param edits - what was changed since
   * @param chains - one or two
   */
  async show(
    base: Feed,
    edits: readonly Edit[],
    chains: readonly (readonly Step[])[],
    turns: Turns,
  ): Promise<Shown> {
    const read = await this.#readingOf(base, edits, turns);
    this.#read = newestFirst(read, this.#read, MOST_READ).filter((other) => other.base === base);
    const recordings = new Set(this.#read.map(({ recording }) => recording));
    this.#ran = this.#ran.filter(({ of }) => recordings.has(of));
    const ran: Kept[] = [];
    for (const steps of chains) {
      const run = await this.#runOf(steps, read, turns);
      this.#ran = newestFirst(run, this.#ran, MOST_RUNS);
      ran.push(run);
    }
    return { ...read, chains: ran };
  }

  async #runOf(steps: readonly Step[], { recording, values }: Read, turns: Turns): Promise<Kept> {
    const key = JSON.stringify(steps);
    const kept = this.#ran.filter((each) => each.key === key && each.values === values);
    const same = kept.find(({ of }) => of === recording);
    if (same) return same;
    const [before] = kept;
    if (before?.isTimeless) {
      return { ...before, of: recording, rows: before.rows.map((row) => retimedRow(row, recording)) };
    }
    const links = linksOf(steps);
    return { key, of: recording, values, links, ...(await timedRun(recording, links, turns)) };
  }

  async #readingOf(base: Feed, edits: readonly Edit[], turns: Turns): Promise<Read> {
    const kept = this.#read.filter((read) => read.base === base);
    const same = kept.find((read) => isSame(read.edits, edits));
    if (same) return same;
    const feed = edited(base, edits);
    const before = kept.find((read) => onlyTimes(read.edits, edits));
    const reading = before ? retimed(before.reading, feed) : await readingOf(feed, turns);
    const recording = recordingOf(feed, reading);
    const values = before?.values ?? outputsOf(recording);
    return { base, edits, feed, reading, recording, measures: measured(recording, values), values };
  }
}

function newestFirst<T>(newest: T, others: readonly T[], most: number): readonly T[] {
  return [newest, ...others.filter((other) => other !== newest)].slice(0, most);
}

function isSame(one: readonly Edit[], other: readonly Edit[]): boolean {
  return one.length === other.length && one.every((edit, nth) => edit === other[nth]);
}

/** Whether two lists of edits differ in nothing but times. */
function onlyTimes(before: readonly Edit[], after: readonly Edit[]): boolean {
  const places = (edits: readonly Edit[]): string => JSON.stringify(edits.filter((edit) => !isOfTimes(edit)));
  // What comes after an insertion by time depends on the times before it.
  return places(before) === places(after) && ![...before, ...after].some((edit) => edit.do === 'insert');
}

/** The events of a reading with their times, and how they end: what a source of the library would emit. */
export function recordingOf(feed: Feed, { events, failure }: Reading): Recording {
  const entries = events.map(({ at, value }) => ({ at, event: value }));
  return { codec: feed.codec.name, entries, end: endOf(feed, failure) };
}

function endOf({ end, ...feed }: Feed, failure: Reading['failure']): Recording['end'] {
  if (failure) return { at: failure.at, end: 'error', error: recordedErrorOf(failure.value) };
  const at = Math.max(end.at, feed.parts.at(-1)?.at ?? 0);
  if (end.how === 'open') return { at, end: 'unsubscribe' };
  if (end.how === 'complete') return { at, end: 'complete' };
  return { at, end: 'error', error: end.error ?? recordedErrorOf(connectionLost) };
}
