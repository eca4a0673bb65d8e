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

/** What was read; which of it is content stays the same object while only times change. */
interface Read extends Omit<Shown, 'chains'> {
  readonly values: readonly number[];
}

interface Kept extends Ran, Run {
  readonly rows: readonly Row[];
  readonly key: string;
  readonly of: Recording;
  readonly values: readonly number[];
}

/** Works out what is to be shown, and keeps what a change leaves as it is. */
export class Session {
  #base: Feed | undefined;
  #edits: readonly Edit[] = [];
  #shown: Read | undefined;
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
    const read = await this.#read(base, edits, turns);
    const ran: Kept[] = [];
    for (const steps of chains) ran.push(await this.#runOf(steps, read, turns));
    this.#ran = ran;
    return { ...read, chains: ran };
  }

  async #runOf(steps: readonly Step[], { recording, values }: Read, turns: Turns): Promise<Kept> {
    const key = JSON.stringify(steps);
    const before = this.#ran.find((each) => each.key === key && each.values === values);
    if (before?.of === recording) return before;
    if (before?.isTimeless) {
      return { ...before, of: recording, rows: before.rows.map((row) => retimedRow(row, recording)) };
    }
    const links = linksOf(steps);
    return { key, of: recording, values, links, ...(await timedRun(recording, links, turns)) };
  }

  async #read(base: Feed, edits: readonly Edit[], turns: Turns): Promise<Read> {
    if (this.#shown && this.#base === base && this.#edits === edits) return this.#shown;
    const feed = edited(base, edits);
    const before = this.#base === base && onlyTimes(this.#edits, edits) ? this.#shown : undefined;
    const reading = before ? retimed(before.reading, feed) : await readingOf(feed, turns);
    const recording = recordingOf(feed, reading);
    const values = before?.values ?? outputsOf(recording);
    this.#shown = { feed, reading, recording, measures: measured(recording, values), values };
    this.#base = base;
    this.#edits = edits;
    return this.#shown;
  }
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
