import {
  defer,
  dematerialize,
  filter,
  fromEvent,
  materialize,
  merge,
  mergeMap,
  NEVER,
  type MonoTypeOperatorFunction,
  type ObservableNotification,
  type SchedulerLike,
} from 'rxjs';
import { isHidden } from '../fold/pace/screen.js';
import { latestPerFrame } from '../operators/latestPerFrame.js';

/**
 * Passes the first value at once, then the latest of each frame. While the page is hidden nothing passes; what came last
 * does when it is seen again, and at the end.
 *
 * @param scheduler - whose frames, as `latestPerFrame` has it
 */
export function paced<T>(scheduler: SchedulerLike | undefined): MonoTypeOperatorFunction<T> {
  return (values) => values.pipe(heldWhileHidden(), latestPerFrame(scheduler));
}

function heldWhileHidden<T>(): MonoTypeOperatorFunction<T> {
  return (values) =>
    defer(() => {
      let held: ObservableNotification<T> | undefined;
      let hasBegun = false;
      const take = (): ObservableNotification<T>[] => {
        const taken = held === undefined ? [] : [held];
        held = undefined;
        return taken;
      };
      const passing = values.pipe(
        materialize(),
        mergeMap((notification) => {
          if (notification.kind !== 'N') return [...take(), notification];
          held = notification;
          if (hasBegun && isHidden()) return [];
          hasBegun = true;
          return take();
        }),
      );
      // Workers and servers have no page.
      const seen =
        typeof document === 'undefined'
          ? NEVER
          : fromEvent(document, 'visibilitychange').pipe(
              filter(() => !isHidden()),
              mergeMap(take),
            );
      return merge(seen, passing).pipe(dematerialize());
    });
}
