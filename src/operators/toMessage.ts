import type { OperatorFunction } from 'rxjs';
import type { MessageOf, StreamEvent } from '../events/event.js';
import { Reply } from '../fold/message/reply.js';
import { wholeInput } from '../fold/message/wholeInput.js';
import { folded } from '../rx/folded.js';

/**
 * Emits the final message at its `message_stop`, spelled as the Messages API has it. To send it back, take
 * {@link historyOf}, which leaves out what providers refuse, such as a text that stayed empty. Tool input that is not valid JSON stands in it as `{ INVALID_JSON: text }`; of an input that the end of
 * the message cut off, it holds what is certain.
 *
 * ```text
 * -m-o-t-p-u-c-s-z-|
 * > toMessage()
 * ---------------M-|
 * ^----------------!
 * ```
 *
 * A stream of several messages gives each of them. A failure carries as `partial` the message as far as it had come.
 *
 * ```ts
 * import { lastValueFrom } from 'rxjs';
 * import { streamEvents, toMessage, untilTerminal } from 'rxjs-llm-stream';
 * import { anthropic } from 'rxjs-llm-stream/anthropic';
 *
 * const message = await lastValueFrom(
 *   streamEvents('/api/chat', { codec: anthropic }).pipe(untilTerminal(), toMessage()),
 * );
 * console.log(message.stop_reason, message.usage.output_tokens);
 * ```
 *
 * @returns an operator from events to messages: those of the SDK for its events, otherwise `Message`
 * @throws StreamError `api` for an `error` event, `truncated` for a source that ends before `message_stop`,
 *   `protocol` for events that contradict each other, `source` for any other failure, which is its `cause`
 * @see {@link accumulateMessage} {@link historyOf}
 */
export function toMessage<E extends StreamEvent>(): OperatorFunction<E, MessageOf<E>> {
  return folded<E, MessageOf<E>, Reply>({
    begin: () => new Reply(wholeInput),
    show(reply, emit) {
      if (reply.endedNow) emit(reply.message as MessageOf<E>);
    },
    isWhole: ({ hasEnded }) => hasEnded,
    partial: (reply) => reply.partial,
  });
}
