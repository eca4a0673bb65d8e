import { defer, from, map, takeUntil, tap, type ObservableInput, type OperatorFunction } from 'rxjs';
import type { BlockAbortEvent, EventsWith, StreamEvent, ToolResultEvent } from '../events/event.js';
import { Stopping } from '../fold/order/stopping.js';
import { noteStop } from '../rx/stops.js';
import { transform } from '../rx/transform.js';

/** Options of {@link stopOn}. */
export interface StopOnOptions {
  /** What the aborts and the results of the calls say. The model reads it, too. Default `Cancelled`. */
  readonly reason?: string | undefined;
}

/**
 * Stops a stream so that everything behind it sees an end. When the notifier emits, the source is unsubscribed, which
 * aborts the request and the tools that run; then the reply ends in order, with the stop reason `cancelled`.
 *
 * ```text
 * -m-o-t-b-i-j-d-z-|
 * > stopOn(timer(8))
 * -m-o-t-b(QACz|)
 * ^-------!
 * ```
 *
 * What is missing to an end comes at once, in this order: a `block_abort` for each open block; a `tool_result` with
 * `is_error` for each finished call that has none yet, since the model wants a result of every call; a `message_delta`
 * with the stop reason `cancelled`; and `message_stop`. Where no message is open, before the first or between the rounds
 * of a turn, an empty message stands for the reply that would have come. A turn that is over, with nothing left to ask,
 * only completes.
 *
 * So `untilTerminal()`, `streamTimeout()` and the retry operators see a good end, and send nothing after it, on whichever
 * side of them this operator stands. In front of a retry it is heard while that waits, too, but what the failed attempt
 * had written is dropped then, and with another operator between the two that fails, such as `streamTimeout()`, it is
 * not: behind the retry is its place. `toMessage()` gives what there was, `toBlocks()` the aborted blocks, and
 * `toToolCalls()` releases no call that was cut off. Put it behind `runTools()`, whose calls it ends.
 *
 * ```ts
 * import { fromEvent } from 'rxjs';
 * import { accumulateState, stopOn, streamEvents, untilTerminal } from 'rxjs-llm-stream';
 * import { anthropic } from 'rxjs-llm-stream/anthropic';
 *
 * const stop = fromEvent(document.querySelector('#stop')!, 'click');
 *
 * streamEvents('/api/chat', { codec: anthropic })
 *   .pipe(untilTerminal(), stopOn(stop), accumulateState())
 *   .subscribe((state) => render(state));
 * ```
 *
 * @param notifier - stops with its first value; before anything is asked if it emits at once. Its completion is ignored;
 *   if it fails, the stream fails
 * @param options - `reason`, what the aborts and the results say
 * @returns an operator from events to events
 * @throws TypeError, when it is called, for a notifier that RxJS cannot subscribe to, such as an `AbortSignal`. Give
 *   `fromEvent(signal, 'abort')`, and ask `signal.aborted` before: it says nothing of what has happened
 * @see {@link abortOpenBlocks} {@link untilTerminal} {@link runTools}
 */
export function stopOn<E extends StreamEvent>(
  notifier: ObservableInput<unknown>,
  options?: StopOnOptions,
): OperatorFunction<E, EventsWith<E, BlockAbortEvent | ToolResultEvent>>;
export function stopOn(
  notifier: ObservableInput<unknown>,
  { reason = 'Cancelled' }: StopOnOptions = {},
): OperatorFunction<StreamEvent, StreamEvent> {
  if ('aborted' in (Object(notifier) as object))
    throw new TypeError("stopOn() takes fromEvent(signal, 'abort'), not the signal");
  const notified = from(notifier);
  return (events) =>
    defer(() => {
      const stopping = new Stopping();
      let isStopped = false;
      let hasNotifierFailed = false;
      const stop = notified.pipe(
        tap({ next: () => (isStopped = true), error: () => (hasNotifierFailed = true) }),
      );
      const stopBefore = stop.pipe(map(() => new Stopping().stop(reason)));
      const attempt = events.pipe(takeUntil(stop));
      return attempt.pipe(
        transform<StreamEvent, StreamEvent>(
          (event, emit) => {
            stopping.add(event);
            emit(event);
          },
          {
            complete(emit) {
              if (isStopped) stopping.stop(reason).forEach(emit);
            },
            error(error) {
              // A notifier that has failed is asked again with the stream, not before.
              if (!hasNotifierFailed) noteStop(error, stopBefore);
            },
          },
        ),
      );
    });
}
