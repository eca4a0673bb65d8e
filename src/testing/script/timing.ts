import type { StreamEvent } from '../../events/event.js';
import { timeline } from '../letters/notation.js';

/** A value and when it comes, in ms from the start. */
export interface Timed<T> {
  readonly at: number;
  readonly value: T;
}

/** Values and when they come. Without `end` nothing ends: the server keeps the connection open. */
export interface TimedValues<T> {
  readonly values: readonly Timed<T>[];
  /** When it completes, or fails with `error`; in ms from the start. */
  readonly end?: { readonly at: number } | { readonly at: number; readonly error: unknown };
}

/**
 * When the events of a script come:
 *
 * - a row of marbles: each letter, whichever it is, is the place of the next event. `|` completes, `#` fails; a row
 *   without either stays open;
 * - a number: that many ms before each event;
 * - `first` ms before the first event and `between` ms between two; each 0 by default;
 * - the ms before an event, as a function.
 */
export type Timing =
  | string
  | number
  | { readonly first?: number; readonly between?: number }
  | ((event: StreamEvent, nth: number) => number);

/**
 * Gives events their times.
 *
 * @throws Error where a row has other than a place for each event, or ends otherwise than the stream
 */
export function timed(
  events: readonly StreamEvent[],
  timing: Timing,
  failure: { readonly error: unknown } | undefined,
): TimedValues<StreamEvent> {
  if (typeof timing === 'string') return inPlaces(events, timing, failure);
  const before = delays(timing);
  let at = 0;
  const values = events.map((value, nth) => ({ at: (at += before(value, nth)), value }));
  return { values, end: { at, ...failure } };
}

function delays(timing: Exclude<Timing, string>): (event: StreamEvent, nth: number) => number {
  if (typeof timing === 'function') return timing;
  if (typeof timing === 'number') return () => timing;
  const { first = 0, between = 0 } = timing;
  return (_, nth) => (nth === 0 ? first : between);
}

function inPlaces(
  events: readonly StreamEvent[],
  row: string,
  failure: { readonly error: unknown } | undefined,
): TimedValues<StreamEvent> {
  const { marks } = timeline(row);
  const places = marks.filter(({ symbol }) => symbol !== '|' && symbol !== '#');
  const end = marks.find((mark) => !places.includes(mark));
  if (places.length !== events.length) {
    throw new Error(`The row has ${places.length} places for ${events.length} events: ${row}`);
  }
  if ((end?.symbol === '#') !== (failure !== undefined)) {
    const rule = failure ? 'fails, so its row must end' : 'does not fail, so its row must not end';
    throw new Error(`The script ${rule} in #: ${row}`);
  }
  const values = events.map((value, nth) => ({ at: places[nth]?.frame ?? 0, value }));
  return { values, ...(end && { end: { at: end.frame, ...failure } }) };
}
