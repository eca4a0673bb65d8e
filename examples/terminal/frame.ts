import {
  auditTime,
  connect,
  interval,
  last,
  merge,
  scan,
  takeUntil,
  withLatestFrom,
  type MonoTypeOperatorFunction,
  type OperatorFunction,
  type TimestampProvider,
} from 'rxjs';
import type { Block } from '../../src/index.js';
import type { Room } from './formLines.js';
import { blockLines, statusLine } from './screen.js';
import type { View } from './view.js';

/** What changes on the screen. */
export interface Frame {
  /** New lines that will not change any more. */
  readonly settled: readonly string[];
  /** The lines under them, in place of those of the frame before. */
  readonly live: readonly string[];
  readonly view: View;
}

/** In ms: just under 30 pictures a second. */
const FRAME = 34;

/** In ms: how often the clock goes on while nothing comes. */
const TICK = 100;

/** The latest view at the pace of a screen, and now and then again while nothing comes. */
export function atScreenPace(): MonoTypeOperatorFunction<View> {
  return (source) =>
    source.pipe(
      connect((views) => {
        const ticks = interval(TICK).pipe(
          withLatestFrom(views, (_, view) => view),
          takeUntil(views.pipe(last())),
        );
        return merge(views, ticks);
      }),
      auditTime(FRAME),
    );
}

/**
 * Lays views out as lines: blocks that are finished settle, those that grow are drawn anew.
 *
 * @param screen - the room there is at the moment
 * @param clock - the ms since the request
 */
export function toFrames(screen: () => Room, clock: TimestampProvider): OperatorFunction<View, Frame> {
  return scan<View, Frame, undefined>((before, view) => {
    const { width, height } = screen();
    const show = (blocks: readonly Block[], rows: number): string[] =>
      blocks.flatMap((block) => blockLines(block, { width, height: rows }, view.calls.get(block.index)));
    const settled = show(view.finished.slice(before?.view.finished.length ?? 0), Infinity);
    // Below them stand the status, and the line that the cursor is on.
    const growing = show(view.open, Math.floor((height - 2) / view.open.length));
    const live = view.end ? [] : [...growing, statusLine(view, clock.now(), width)];
    return { settled, live, view };
  }, undefined);
}
