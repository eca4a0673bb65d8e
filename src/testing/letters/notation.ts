import { TestScheduler } from 'rxjs/testing';

/** One mark of a marble row: a letter, `|` or `#`, and the frame (virtual ms) at which it stands. */
export interface Mark {
  readonly frame: number;
  readonly symbol: string;
}

/** A marble row, read. */
export interface Timeline {
  readonly marks: readonly Mark[];
  /** The frame after the last character: how far the row is drawn. */
  readonly length: number;
}

/** When a subscription begins and ends, in frames; `Infinity` where it does not. */
export interface Span {
  readonly subscribedFrame: number;
  readonly unsubscribedFrame: number;
}

/** Reads a marble row with RxJS's own parser, so that it means here what it means in a test. */
export function timeline(row: string): Timeline {
  const marks = read(row).filter(({ symbol }) => symbol !== '^');
  // A bar after the row falls on the first frame that the row leaves free.
  const length = read(`${row} |`).at(-1)?.frame ?? 0;
  return { marks, length };
}

/** Reads a subscription row, `^---!`. */
export function span(row: string): Span {
  return inFramesOfRunMode(() => TestScheduler.parseMarblesAsSubscriptions(row, true));
}

function read(row: string): Mark[] {
  return inFramesOfRunMode(() => TestScheduler.parseMarbles(row, undefined, undefined, false, true)).map(
    ({ frame, notification }) => ({ frame, symbol: symbolOf(notification) }),
  );
}

function symbolOf(notification: { kind: string; value?: unknown }): string {
  if (notification.kind === 'C') return '|';
  if (notification.kind === 'E') return '#';
  return String(notification.value);
}

/** Not deprecated on `TestScheduler`, although it is on the class that it extends. */
const frames: { frameTimeFactor: number } = TestScheduler;

/**
 * The length of a frame is a static of `TestScheduler`, and 1 ms only while one of them runs. Running a second one to
 * set it would take the clock from the first.
 */
function inFramesOfRunMode<T>(read: () => T): T {
  const { frameTimeFactor } = frames;
  frames.frameTimeFactor = 1;
  try {
    return read();
  } finally {
    frames.frameTimeFactor = frameTimeFactor;
  }
}
