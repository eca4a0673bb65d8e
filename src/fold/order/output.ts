import type { AnyContentBlock } from '../../events/block.js';
import type { AnyContentBlockDelta } from '../../events/delta.js';
import type { StreamEvent } from '../../events/event.js';

/**
 * Whether an event brings content: something that the model has said, thought or called, and that would be there twice
 * if the request were sent again. The start of a message, an empty block, an empty delta, a ping and an event of an
 * unknown type are none; blocks and deltas of unknown types are, for nobody can tell that they are empty.
 *
 * @param event - any event
 * @returns true for the content itself; false for an `error` event
 */
export function isOutput(event: StreamEvent): boolean {
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
      // Thinking that is not shown is counted instead: the model is at work.
      return delta.thinking === '' && !delta.estimated_tokens;
    case 'input_json_delta':
      return delta.partial_json === '';
    case 'signature_delta':
      return delta.signature === '';
    default:
      return false;
  }
}

/** Whether a block has yet to be filled by deltas. */
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
