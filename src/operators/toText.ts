import { catchError, concat, defer, EMPTY, filter, map, throwError, type OperatorFunction } from 'rxjs';
import { truncated, withPartial } from '../errors.js';
import type { StreamEvent } from '../event.js';
import { Reply } from '../fold/reply.js';

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
      return concat(
        events.pipe(
          filter((event) => reply.add(event).endedNow),
          map(() => reply.text),
        ),
        defer(() => (reply.hasEnded ? EMPTY : throwError(truncated))),
      ).pipe(catchError((error: unknown) => throwError(() => withPartial(error, reply.text))));
    });
}
