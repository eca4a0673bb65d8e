/** What is unknown has a type of its own, by one policy; `tsc --noEmit` is the test. */
import {
  isKnownBlock,
  isKnownDelta,
  isKnownStopReason,
  type AnyContentBlockDelta,
  type AnyStopReason,
  type Block,
  type ContentBlock,
  type Message,
  type StopReason,
  type StreamEvent,
  type UnknownBlock,
  type UnknownDelta,
  type UnknownStopReason,
} from '../../src/index.js';

export function aSwitchOverEventsLeavesNothing(event: StreamEvent): unknown {
  switch (event.type) {
    case 'message_start':
      return event.message;
    case 'content_block_start':
      return event.content_block;
    case 'content_block_delta':
      return event.delta;
    case 'content_block_stop':
    case 'block_abort':
      return event.index;
    case 'message_delta':
      return event.usage;
    case 'error':
      return event.error;
    case 'unknown':
      return [event.name, event.data];
    case 'tool_approval':
      return event.reason;
    case 'tool_result':
      return event.content;
    case 'reset':
      return event.attempt;
    case 'message_stop':
    case 'ping':
      return undefined;
    default:
      return event satisfies never;
  }
}

export function aSwitchOverDeltasLeavesTheUnknownOnes(delta: AnyContentBlockDelta): unknown {
  switch (delta.type) {
    case 'text_delta':
      return delta.text;
    case 'input_json_delta':
      return delta.partial_json;
    case 'thinking_delta':
      return delta.thinking;
    case 'signature_delta':
      return delta.signature;
    case 'citations_delta':
      return delta.citation;
    case 'compaction_delta':
      return delta.content;
    default:
      return (delta satisfies UnknownDelta)['anything'];
  }
}

export function aSwitchThatForgetsADeltaDoesNotCompile(delta: AnyContentBlockDelta): unknown {
  switch (delta.type) {
    case 'text_delta':
      return delta.text;
    default:
      // @ts-expect-error five known types are left
      return delta satisfies UnknownDelta;
  }
}

export function behindTheGuardASwitchLeavesNothing(delta: AnyContentBlockDelta): unknown {
  if (!isKnownDelta(delta)) return (delta satisfies UnknownDelta).type;
  switch (delta.type) {
    case 'text_delta':
    case 'input_json_delta':
    case 'thinking_delta':
    case 'signature_delta':
    case 'citations_delta':
    case 'compaction_delta':
      return delta.type;
    default:
      return delta satisfies never;
  }
}

export function aSwitchOverBlocksLeavesTheUnknownOnes(block: Block): unknown {
  switch (block.type) {
    case 'text':
      return block.text;
    case 'thinking':
      return block.thinking;
    case 'tool_use':
    case 'server_tool_use':
    case 'mcp_tool_use':
      return [block.name, block.input];
    case 'redacted_thinking':
      return block.data;
    case 'web_search_tool_result':
    case 'web_fetch_tool_result':
    case 'code_execution_tool_result':
    case 'bash_code_execution_tool_result':
    case 'text_editor_code_execution_tool_result':
    case 'tool_search_tool_result':
    case 'advisor_tool_result':
    case 'mcp_tool_result':
      return [block.tool_use_id, block.content];
    case 'container_upload':
      return block.file_id;
    case 'mcp_tool_listing':
      return block.tools;
    case 'compaction':
      return block.content;
    case 'fallback':
      return block.to.model;
    default:
      return [(block satisfies UnknownBlock)['url'], block.index, block.status];
  }
}

export function theGuardNarrowsBlocksWithAndWithoutAState(
  block: Block,
  content: Message['content'][number],
): unknown {
  if (!isKnownBlock(block)) return block satisfies UnknownBlock;
  if (!isKnownBlock(content)) return content satisfies UnknownBlock;
  // @ts-expect-error no unknown block is left
  block satisfies UnknownBlock;
  return [block.index, content.type === 'text' && content.text];
}

export function aSwitchOverStopReasonsLeavesTheUnknownOnes(reason: AnyStopReason): unknown {
  switch (reason) {
    case 'end_turn':
    case 'max_tokens':
    case 'stop_sequence':
    case 'tool_use':
    case 'pause_turn':
    case 'refusal':
    case 'model_context_window_exceeded':
    case 'compaction':
    case 'cancelled':
      return isKnownStopReason(reason);
    default:
      return reason satisfies UnknownStopReason satisfies string;
  }
}

export function behindTheGuardNoUnknownReasonIsLeft({ stop_reason }: Message): unknown {
  if (stop_reason === null || !isKnownStopReason(stop_reason)) return stop_reason satisfies string | null;
  if (stop_reason === 'compaction' || stop_reason === 'cancelled') return undefined;
  return stop_reason satisfies StopReason;
}

/** What the provider's SDK types is closed there too: it knows of nothing unknown. */
export function theReleasedWireIsClosed(block: ContentBlock, reason: StopReason): unknown {
  // @ts-expect-error a block of the SDK's type is known
  block satisfies UnknownBlock;
  return isKnownStopReason(reason);
}

export function anUnknownTypeIsNoneOfTheKnown(block: UnknownBlock, reason: UnknownStopReason): unknown {
  // @ts-expect-error nothing of this type is text
  block.type satisfies 'text';
  // @ts-expect-error that is a reason which is known
  return reason satisfies 'end_turn';
}
