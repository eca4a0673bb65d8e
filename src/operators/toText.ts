import type { OperatorFunction } from 'rxjs';
import type { StreamEvent } from '../events/event.js';
import type { OpenInput } from '../fold/message/openInput.js';
import { Reply } from '../fold/message/reply.js';
import { folded } from '../rx/folded.js';

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
 *   `protocol` for events that contradict each other, `source` for any other failure, which is its `cause`
 * @see {@link textDeltas}
 */
export function toText(): OperatorFunction<StreamEvent, string> {
  return folded<StreamEvent, string, Reply>({
    begin: () => new Reply(() => UNREAD),
    show(reply, emit) {
      if (reply.endedNow) emit(textOf(reply));
    },
    isWhole: ({ hasEnded }) => hasEnded,
    partial: textOf,
  });
}

/** An input of which nothing is kept, because none of it is text. */
const UNREAD: OpenInput = {
  json: '',
  settled: undefined,
  write: () => undefined,
  end: () => ({ value: {} }),
};

/** The text of all text blocks so far. */
function textOf({ blocks }: Reply): string {
  return blocks.map((block) => (block.type === 'text' ? block.text : '')).join('');
}
