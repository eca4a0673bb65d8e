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
import { growingInput } from '../fold/calls/growingInput.js';
import { GrowingReply } from '../fold/message/growingReply.js';
import { ReplyState, type StreamState } from '../fold/message/streamState.js';

/**
 * Emits all that a view has to know of an answer, each time that something in it changes: whether it is still waited
 * for, comes in, is whole or has failed; the message so far; the error. It begins with `waiting`, at once, and never
 * fails.
 *
 * ```text
 * -m-o-t-e---|
 * > accumulateState()
 * WM-O-T-(F|)
 * ^------!
 * ```
 *
 * A failure is the last state, with the message as far as it had come; an `error` event, an end before `message_stop`
 * and events that contradict each other are failures too. What is foreign becomes the `cause` of a `StreamError`. A
 * failure after a message that is whole is one all the same, and that message stays: to leave at the end of the message,
 * put `untilTerminal()` before. Another message begins with `streaming`, a `reset` goes back to `waiting`.
 *
 * A message that did not change is the same object, and so is a block in it. That no error comes out, and that the first
 * state comes at once, is what signals, templates and resources ask for:
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
