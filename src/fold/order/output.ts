import type { AnyContentBlock } from '../../events/block.js';
import type { AnyContentBlockDelta } from '../../events/delta.js';
import type { StreamEvent } from '../../events/event.js';

/**
 * Whether an event brings content: something that the model said, thought or called, and that would appear twice if the
 * request were sent again. The start of a message, an empty block, an empty delta, a ping and an event of an unknown type
 * are not content. Blocks and deltas of unknown types are, because they may hold something.
 *
 * @param event - any event
 * @returns true for content; false for everything else, such as an `error` event
 */
export function isOutput(event: StreamEvent): boolean {
  try {
    return hasOutput(event);
  } catch {
    // An event that is not what its type says may hold something.
    return true;
  }
}

function hasOutput(event: StreamEvent): boolean {
  switch (event.type) {
    case 'content_block_delta':
      return !isEmptyDelta(event.delta);
    case 'content_block_start':
      return !isEmptyBlock(event.content_block);
    case 'message_start':
      return event.message.content.length > 0;
    case 'tool_result':
      return true;
    default:
      return false;
  }
}

function isEmptyDelta(delta: AnyContentBlockDelta): boolean {
  switch (delta.type) {
    case 'text_delta':
      return delta.text === '';
    case 'thinking_delta':
      // Hidden thinking is only counted, and shows that the model is at work.
      return delta.thinking === '' && !delta.estimated_tokens;
    case 'input_json_delta':
      return delta.partial_json === '';
    case 'signature_delta':
      return delta.signature === '';
    default:
      return false;
  }
}

/** Whether a block is still waiting for its first delta. */
function isEmptyBlock(block: AnyContentBlock): boolean {
  switch (block.type) {
    case 'text':
      return block.text === '';
    case 'thinking':
      return block.thinking === '' && block.signature === '';
    case 'compaction':
      return block.content === null;
    default:
      return false;
  }
}
