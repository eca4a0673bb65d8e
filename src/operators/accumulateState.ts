import {
  catchError,
  concat,
  defer,
  distinctUntilChanged,
  map,
  of,
  startWith,
  type OperatorFunction,
} from 'rxjs';
import type { MessageOf, StreamEvent } from '../events/event.js';
import { growingInput } from '../fold/calls/inputReader.js';
import { GrowingReply } from '../fold/message/growingReply.js';
import { ReplyState, type StreamState } from '../fold/message/streamState.js';

/**
 * Emits everything that a view needs to know about an answer, each time that something changes: whether the answer is
 * awaited, streaming, whole or failed; the message so far; the error. It emits `waiting` at once and never fails.
 *
 * ```text
 * -m-o-t-e---|
 * > accumulateState()
 * WM-O-T-(F|)
 * ^------!
 * ```
 *
 * A failure is the last state, with the message as far as it had come. An `error` event, an end before `message_stop`
 * and events that contradict each other are failures too. An error from elsewhere becomes the `cause` of a `StreamError`.
 * A failure after a whole message still counts, and the state keeps that message; to end with the message, put
 * `untilTerminal()` before this operator. Another message begins with `streaming`; a `reset` goes back to `waiting`.
 *
 * A message that did not change is the same object, and so is each block in it. Signals, templates and resources need a
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
 * @see {@link accumulateMessage}
 */
export function accumulateState<E extends StreamEvent>(): OperatorFunction<E, StreamState<MessageOf<E>>> {
  return (events) =>
    defer(() => {
      const answer = new ReplyState<MessageOf<E>>(new GrowingReply(growingInput));
      return concat(
        events.pipe(map((event) => answer.add(event).state)),
        defer(() => of(answer.end().state)),
      ).pipe(
        catchError((error: unknown) => of(answer.fail(error).state)),
        startWith(answer.state),
        distinctUntilChanged(),
      );
    });
}
