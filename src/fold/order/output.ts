import type { AnyContentBlock } from '../../events/block.js';
import type { AnyContentBlockDelta } from '../../events/delta.js';
import type { StreamEvent } from '../../events/event.js';

/**
 * Whether an event brings content: something that the model said, thought or called, and that would appear twice if the
 * request were sent again. The start of a message, an empty block, an empty delta, a ping and an event of an unknown type
 * are not content. Blocks and deltas of unknown types are, because they may hold something, and so are those that are not
 * what their type says. With it `firstToken` of `streamTimeout()` is over, and `retryBeforeOutput()` tries no more.
 *
 * ```ts
 * import { filter, take, timeInterval } from 'rxjs';
 * import { isOutput, streamEvents } from 'rxjs-llm-stream';
 * import { anthropic } from 'rxjs-llm-stream/anthropic';
 *
 * streamEvents('/api/chat', { codec: anthropic })
 *   .pipe(filter(isOutput), take(1), timeInterval())
 *   .subscribe(({ interval }) => console.log(`The first content came after ${interval} ms`));
 * ```
 *
 * @param event - any event
 * @returns true for content; false for everything else, such as an `error` event
 */
export function isOutput(event: StreamEvent): boolean {
  switch (event.type) {
    case 'content_block_delta':
      return !isEmpty(event.delta);
    case 'content_block_start':
      return !isEmpty(event.content_block);
    case 'message_start':
      // Whoever makes events by hand may leave anything out.
      return (event.message as typeof event.message | undefined)?.content?.length !== 0;
    default:
      return event.type === 'tool_result';
  }
}

/** Whether a block still waits for its first delta, or a delta adds nothing. */
function isEmpty(value: AnyContentBlock | AnyContentBlockDelta | undefined): boolean {
  switch (value?.type) {
    case 'text':
    case 'text_delta':
      return !value.text;
    case 'thinking':
      return !value.thinking && !value.signature;
    case 'thinking_delta':
      // Hidden thinking is only counted, and shows that the model is at work.
      return !value.thinking && !value.estimated_tokens;
    case 'input_json_delta':
      return !value.partial_json;
    case 'signature_delta':
      return !value.signature;
    case 'compaction':
      return !value.content;
    default:
      return false;
  }
}
