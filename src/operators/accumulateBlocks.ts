import type { OperatorFunction } from 'rxjs';
import type { Block } from '../events/block.js';
import type { StreamEvent } from '../events/event.js';
import { growingInput } from '../fold/calls/inputReader.js';
import { GrowingReply } from '../fold/message/growingReply.js';
import { folded } from '../rx/folded.js';

/**
 * Emits all blocks so far, by index, each time that one of them begins, grows or finishes. A block that did not
 * change is the same object as before, so that a view repaints only what grew.
 *
 * ```text
 * -m-o-t-p-u-c-s-z-|
 * > accumulateBlocks()
 * ---O-T---U-C-----|
 * ^----------------!
 * ```
 *
 * When the stream fails, the last array shows the open blocks as `aborted`, with what they had; then the error
 * follows. Another message begins with an empty array.
 *
 * ```ts
 * import { accumulateBlocks, streamEvents, untilTerminal } from 'rxjs-llm-stream';
 * import { anthropic } from 'rxjs-llm-stream/anthropic';
 *
 * streamEvents('/api/chat', { codec: anthropic })
 *   .pipe(untilTerminal(), accumulateBlocks())
 *   .subscribe((blocks) => render(blocks));
 * ```
 *
 * @returns an operator from events to arrays of blocks
 * @throws StreamError `api` for an `error` event, `truncated` for a source that ends inside a message or a block,
 *   `protocol` for events that contradict each other; errors of the source pass
 * @see {@link toBlocks} {@link accumulateMessage}
 */
export function accumulateBlocks(): OperatorFunction<StreamEvent, readonly Block[]> {
  return folded({ begin: () => new GrowingReply(growingInput), show: showBlocks });
}

function showBlocks(reply: GrowingReply, emit: (blocks: readonly Block[]) => void): void {
  const blocks = reply.changedBlocks;
  if (blocks !== undefined) emit(blocks);
}
