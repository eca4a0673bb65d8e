import type { OperatorFunction } from 'rxjs';
import type { Block } from '../events/block.js';
import type { StreamEvent } from '../events/event.js';
import { Reply } from '../fold/message/reply.js';
import { wholeInput } from '../fold/message/wholeInput.js';
import { folded } from '../rx/folded.js';

/**
 * Emits each block once, when it is finished, in the order in which they finish.
 *
 * ```text
 * -m-o-t-b-i-c-j-d-z-|
 * > toBlocks()
 * -----------A---B---|
 * ^------------------!
 * ```
 *
 * A block is `complete`; or `invalid`, when its tool input is not valid JSON, with the text and the reason; or
 * `aborted`. When the stream fails, the blocks that were open come out aborted, with what they had, before the
 * error. Blocks that a message holds from its start come out at once.
 *
 * ```ts
 * import { streamEvents, toBlocks, untilTerminal } from 'rxjs-llm-stream';
 * import { anthropic } from 'rxjs-llm-stream/anthropic';
 *
 * streamEvents('/api/chat', { codec: anthropic })
 *   .pipe(untilTerminal(), toBlocks())
 *   .subscribe((block) => console.log(block.index, block.type, block.status));
 * ```
 *
 * @returns an operator from events to blocks
 * @throws StreamError `api` for an `error` event, `truncated` for a source that ends inside a message or a block,
 *   `protocol` for events that contradict each other; errors of the source pass
 * @see {@link accumulateBlocks}
 */
export function toBlocks(): OperatorFunction<StreamEvent, Block> {
  return folded<StreamEvent, Block, Reply>({
    begin: () => new Reply(wholeInput),
    show({ touched }, emit) {
      for (const draft of touched) if (!draft.isOpen) emit(draft.block);
    },
  });
}
