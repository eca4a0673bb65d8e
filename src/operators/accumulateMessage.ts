import type { OperatorFunction } from 'rxjs';
import type { MessageOf, StreamEvent } from '../events/event.js';
import { growingInput } from '../fold/calls/inputReader.js';
import { GrowingReply } from '../fold/message/growingReply.js';
import { folded } from '../rx/folded.js';

/**
 * Emits the message as far as it has come, each time that something in it changes. A snapshot never changes after
 * it was emitted; a block that did not change is the same object in the next one.
 *
 * ```text
 * -m-o-t-p-u-c-s-z-|
 * > accumulateMessage()
 * -M-O-T---U---S---|
 * ^----------------!
 * ```
 *
 * A stream of several messages gives each its own snapshots. A repeated `message_start` of the same id is passed
 * over; another message inside an unfinished one is an error, never a mixture. A failure carries as `partial` the
 * last snapshot.
 *
 * ```ts
 * import { accumulateMessage, streamEvents, untilTerminal } from 'rxjs-llm-stream';
 * import { anthropic } from 'rxjs-llm-stream/anthropic';
 *
 * streamEvents('/api/chat', { codec: anthropic })
 *   .pipe(untilTerminal(), accumulateMessage())
 *   .subscribe((message) => render(message.content));
 * ```
 *
 * @returns an operator from events to messages: those of the SDK for its events, otherwise `Message`
 * @throws StreamError `api` for an `error` event, `truncated` for a source that ends before `message_stop`,
 *   `protocol` for events that contradict each other, `source` for any other failure, which is its `cause`
 * @see {@link toMessage} {@link accumulateBlocks}
 */
export function accumulateMessage<E extends StreamEvent>(): OperatorFunction<E, MessageOf<E>> {
  return folded<E, MessageOf<E>, GrowingReply>({
    begin: () => new GrowingReply(growingInput),
    show(reply, emit) {
      const message = reply.changedMessage;
      if (message !== undefined) emit(message as MessageOf<E>);
    },
    partial: (reply) => reply.partial,
  });
}
