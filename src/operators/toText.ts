import type { OperatorFunction } from 'rxjs';
import type { Block } from '../events/block.js';
import type { StreamEvent } from '../events/event.js';
import { BETWEEN, type TextOptions } from '../fold/message/between.js';
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
 * Neighbouring text blocks are one text. Where something else stands between two, a call, a result or thinking, they are
 * joined with `between`.
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
 * @param options - `between`: what stands between two texts, two line feeds by default
 * @returns an operator from events to texts, possibly empty ones
 * @throws StreamError `api` for an `error` event, `truncated` for a source that ends before `message_stop`,
 *   `protocol` for events that contradict each other, `source` for any other failure, which is its `cause`
 * @see {@link textDeltas}
 */
export function toText({ between = BETWEEN }: TextOptions = {}): OperatorFunction<StreamEvent, string> {
  const textOf = ({ blocks }: Reply): string => joined(blocks, between);
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

/** The text of all text blocks, with a word between those that are not neighbours. */
function joined(blocks: readonly Block[], between: string): string {
  let text = '';
  let isApart = false;
  for (const block of blocks) {
    if (block.type !== 'text') isApart = true;
    else if (block.text) {
      text += (isApart && text ? between : '') + block.text;
      isApart = false;
    }
  }
  return text;
}
