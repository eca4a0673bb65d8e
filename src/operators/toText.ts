import { defer, type OperatorFunction } from 'rxjs';
import { truncated, withPartial } from '../errors/streamError.js';
import type { StreamEvent } from '../events/event.js';
import { Reply } from '../fold/message/reply.js';
import { transform } from '../rx/transform.js';

/**
 * Emits the whole text of the message when it ends: all its text blocks, joined in the order of the message.
 *
 * ```text
 * -m-o-t-p-u-c-z-|
 * > toText()
 * -------------T-|
 * ^--------------!
 * ```
 *
 * A stream of several messages gives a text for each. A failure carries as `partial` the text that had arrived.
 *
 * ```ts
 * import { streamEvents, toText } from 'rxjs-llm-stream';
 * import { anthropic } from 'rxjs-llm-stream/anthropic';
 *
 * streamEvents('/api/chat', { codec: anthropic }).pipe(toText()).subscribe(console.log);
 * ```
 *
 * @returns an operator from events to texts, possibly empty ones
 * @throws StreamError `api` for an `error` event, `truncated` for a source that ends before `message_stop`,
 *   `protocol` for events that contradict each other, `network` for any other failure of the source
 * @see {@link textDeltas}
 */
export function toText(): OperatorFunction<StreamEvent, string> {
  return (events) =>
    defer(() => {
      const reply = new Reply();
      return events.pipe(
        transform<StreamEvent, string>(
          (event, emit) => {
            if (reply.add(event).endedNow) emit(reply.text);
          },
          {
            complete() {
              if (!reply.hasEnded) throw truncated();
            },
            error(error) {
              throw withPartial(error, reply.text);
            },
          },
        ),
      );
    });
}
