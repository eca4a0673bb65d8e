import {
  animationFrameScheduler,
  asyncScheduler,
  concat,
  defer,
  dematerialize,
  EMPTY,
  materialize,
  mergeMap,
  race,
  timer,
  type MonoTypeOperatorFunction,
  type Observable,
  type ObservableNotification,
  type SchedulerLike,
} from 'rxjs';
import { drawsFrames, FRAME } from '../fold/pace/screen.js';

/** How long a frame is waited for, in ms: none is drawn in a tab that has just been hidden or a frame out of view. */
const LONGEST_FRAME = 100;

/**
 * Emits at most one value for each frame of the screen, the latest; those that a later one has overtaken are left out.
 * The first one comes at once. The last one always comes: before the completion and before an error, without waiting for
 * a frame.
 *
 * ```text
 * -A-B-C--------------D-|
 * > latestPerFrame()
 * -A---------------C----(D|)
 * ^---------------------!
 * ```
 *
 * It is for snapshots, each of which holds all that came before: `accumulateMessage()`, `accumulateBlocks()`,
 * `accumulateState()`. Of events or pieces of text the ones left out would be lost.
 *
 * A signal that needs its first value at once has it: `toSignal(states.pipe(latestPerFrame()), { requireSync: true })`.
 *
 * Frames are those of `requestAnimationFrame`. Where none are drawn, they are told by time: 16 ms on a server and on a
 * hidden page, and 100 ms at the most if the screen stops while one is waited for.
 *
 * ```ts
 * import { accumulateMessage, latestPerFrame, streamEvents, untilTerminal } from 'rxjs-llm-stream';
 * import { anthropic } from 'rxjs-llm-stream/anthropic';
 *
 * streamEvents('/api/chat', { codec: anthropic })
 *   .pipe(untilTerminal(), accumulateMessage(), latestPerFrame())
 *   .subscribe((message) => render(message.content));
 * ```
 *
 * @param scheduler - whose frames: those of the screen for `animationFrameScheduler`, else 16 ms of its time. Default:
 *   the screen's where it draws any, else `asyncScheduler`, asked anew for each frame
 * @returns an operator that passes the latest value of each frame
 * @see {@link accumulateMessage}
 */
export function latestPerFrame<T>(scheduler?: SchedulerLike): MonoTypeOperatorFunction<T> {
  return (values) =>
    defer(() => {
      let latest: ObservableNotification<T> | undefined;
      let hasBegun = false;
      let isAwaited = false;
      const take = (): ObservableNotification<T>[] => {
        const taken = latest === undefined ? [] : [latest];
        // Before it is emitted: a value that comes meanwhile waits for a frame of its own.
        latest = undefined;
        return taken;
      };
      const nextFrame = frame(scheduler).pipe(
        mergeMap(() => {
          isAwaited = false;
          return take();
        }),
      );
      return values.pipe(
        materialize(),
        mergeMap((notification) => {
          if (notification.kind !== 'N') return [...take(), notification];
          latest = notification;
          if (isAwaited) return EMPTY;
          isAwaited = true;
          if (hasBegun) return nextFrame;
          hasBegun = true;
          return concat(take(), nextFrame);
        }),
        // It ends with the end of the source, and the frame that was waited for with it.
        dematerialize(),
      );
    });
}

/** The next frame; whether the screen draws any is asked when it is waited for. */
function frame(scheduler: SchedulerLike | undefined): Observable<unknown> {
  if (scheduler === animationFrameScheduler) return timer(0, scheduler);
  if (scheduler !== undefined) return timer(FRAME, scheduler);
  return defer(() =>
    drawsFrames()
      ? race(timer(0, animationFrameScheduler), timer(LONGEST_FRAME, asyncScheduler))
      : timer(FRAME, asyncScheduler),
  );
}
