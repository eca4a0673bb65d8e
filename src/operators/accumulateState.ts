import {
  catchError,
  concat,
  defer,
  distinctUntilChanged,
  map,
  of,
  startWith,
  type Observable,
  type OperatorFunction,
} from 'rxjs';
import type { MessageOf, StreamEvent } from '../events/event.js';
import { TurnState, type StreamState } from '../fold/turn/streamState.js';

/**
 * Emits everything that a view needs to know about a turn, of one reply or of many, each time that something changes:
 * how far it is; the reply that is written; all replies, all calls with their results, and what they used; the error. It
 * emits `waiting` at once and never fails.
 *
 * ```text
 * -m-o-t-e---|
 * > accumulateState()
 * WM-O-T-(F|)
 * ^------!
 * ```
 *
 * | `status` | means |
 * | --- | --- |
 * | `waiting` | the first reply is awaited, or the next one: after a `reset`, or after `pause_turn` |
 * | `streaming` | the reply is written |
 * | `tools` | the reply has called tools of the app, and the turn goes on with their results |
 * | `done` | the last reply is whole, and nothing is awaited |
 * | `stopped` | the last reply was cancelled, as by `stopOn()` |
 * | `failed` | it failed: `error` says why |
 *
 * The tools are waited for until the next reply begins or the source completes; `tools` is the last state only where
 * `runTools()` has left a call to somebody else. `isBusy(state)` is true for the first three.
 *
 * A failure is the last state, with the message as far as it had come. An `error` event, an end before `message_stop`
 * and events that contradict each other are failures too. An error from elsewhere becomes the `cause` of a `StreamError`.
 * A failure after a whole message still counts, and the state keeps that message; to end with the message, put
 * `untilTerminal()` before this operator. A result of a call that never began is passed over.
 *
 * What did not change is the same object: a message, each block in it, a call, the lists, the usage. Signals, templates and resources need a
 * first value at once and no errors:
 *
 * ```ts
 * import { toSignal } from '@angular/core/rxjs-interop';
 * import { accumulateState, streamEvents, untilTerminal } from 'rxjs-llm-stream';
 * import { anthropic } from 'rxjs-llm-stream/anthropic';
 *
 * const state = toSignal(
 *   streamEvents('/api/chat', { codec: anthropic }).pipe(untilTerminal(), accumulateState()),
 *   { requireSync: true },
 * );
 * ```
 *
 * @returns an operator from events to states
 * @see {@link accumulateMessage} {@link accumulateToolCalls} {@link sumUsage}
 */
export function accumulateState<E extends StreamEvent>(): OperatorFunction<E, StreamState<MessageOf<E>>> {
  return (events) =>
    defer(() => {
      const turn = new TurnState<MessageOf<E>>();
      return statesOf(events, turn).pipe(startWith(turn.state), distinctUntilChanged());
    });
}

/**
 * The states of a turn from its first event on, the same one again where nothing changed, for those who look at the turn in
 * between as well.
 *
 * @param events - its events
 * @param turn - takes them
 * @returns the states; it may be subscribed to once
 */
export function statesOf<E extends StreamEvent>(
  events: Observable<E>,
  turn: TurnState<MessageOf<E>>,
): Observable<StreamState<MessageOf<E>>> {
  return concat(
    events.pipe(map((event) => turn.add(event).state)),
    defer(() => of(turn.end().state)),
  ).pipe(catchError((error: unknown) => of(turn.fail(error).state)));
}
