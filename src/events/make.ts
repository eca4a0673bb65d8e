import type {
  AnyContentBlock,
  ContentBlock,
  RedactedThinkingBlock,
  ServerToolName,
  ServerToolUseBlock,
  TextBlock,
  ThinkingBlock,
  ToolUseBlock,
} from './block.js';
import type {
  AnyContentBlockDelta,
  CitationsDelta,
  CompactionDelta,
  InputJsonDelta,
  SignatureDelta,
  TextDelta,
  ThinkingDelta,
} from './delta.js';
import type {
  ContentBlockDeltaEvent,
  ContentBlockStartEvent,
  EventOf,
  MessageDeltaEvent,
  MessageStartEvent,
} from './event.js';
import type {
  AnyStopReason,
  ErrorType,
  MessageAdditions,
  MessageDelta,
  MessageWith,
  StopReason,
} from './message.js';
import type { MessageDeltaUsage, Usage } from './usage.js';

export * from './makeOwn.js';

/** The fields that {@link messageStart} takes; the rest is empty, zero or `null`. */
export type MessageStartFields<B = AnyContentBlock, S = AnyStopReason> = Partial<
  Omit<MessageWith<B, S>, 'type' | 'role' | 'usage'>
> & { readonly usage?: Partial<Usage> };

/** The fields that {@link messageDelta} takes besides the stop reason; the rest is zero or `null`. */
export type MessageDeltaFields = Partial<
  Omit<MessageDelta, 'stop_reason'> & MessageAdditions & MessageDeltaUsage
>;

/** Begins a message. Without fields it has an empty `id`, `model` and `content`, and a usage of zero. */
export function messageStart<B extends AnyContentBlock = ContentBlock, S extends AnyStopReason = StopReason>(
  fields: MessageStartFields<B, S> = {},
): MessageStartEvent<MessageWith<B, S>> {
  return {
    type: 'message_start',
    message: {
      id: '',
      type: 'message',
      role: 'assistant',
      model: '',
      content: [],
      stop_reason: null,
      stop_sequence: null,
      stop_details: null,
      container: null,
      diagnostics: null,
      ...fields,
      usage: {
        input_tokens: 0,
        output_tokens: 0,
        cache_creation: null,
        cache_creation_input_tokens: null,
        cache_read_input_tokens: null,
        inference_geo: null,
        output_tokens_details: null,
        server_tool_use: null,
        service_tier: null,
        speed: null,
        ...fields.usage,
      },
    },
  };
}

/** Begins a block of any type. */
export function blockStart<B extends AnyContentBlock>(
  index: number,
  content_block: B,
): ContentBlockStartEvent<B> {
  return { type: 'content_block_start', index, content_block };
}

/** Begins a text block. */
export function textStart(index: number, text = ''): ContentBlockStartEvent<TextBlock> {
  return blockStart(index, { type: 'text', text, citations: null });
}

/** Begins a thinking block. */
export function thinkingStart(
  index: number,
  thinking = '',
  signature = '',
): ContentBlockStartEvent<ThinkingBlock> {
  return blockStart(index, { type: 'thinking', thinking, signature });
}

/** Begins a redacted thinking block, which has no deltas. */
export function redactedThinkingStart(
  index: number,
  data: string,
): ContentBlockStartEvent<RedactedThinkingBlock> {
  return blockStart(index, { type: 'redacted_thinking', data });
}

/** Begins a call of one of the caller's tools, called by the model itself. */
export function toolUseStart(
  index: number,
  id: string,
  name: string,
  input: unknown = {},
): ContentBlockStartEvent<ToolUseBlock> {
  return blockStart(index, { type: 'tool_use', id, name, input, caller: { type: 'direct' } });
}

/** Begins a call of a tool that the provider runs, called by the model itself. */
export function serverToolUseStart(
  index: number,
  id: string,
  name: ServerToolName,
  input: unknown = {},
): ContentBlockStartEvent<ServerToolUseBlock> {
  return blockStart(index, { type: 'server_tool_use', id, name, input, caller: { type: 'direct' } });
}

/** Lets a block grow by any delta. */
export function blockDelta<D extends AnyContentBlockDelta>(
  index: number,
  delta: D,
): ContentBlockDeltaEvent<D> {
  return { type: 'content_block_delta', index, delta };
}

/** Lets a text block grow. */
export function textDelta(index: number, text: string): ContentBlockDeltaEvent<TextDelta> {
  return blockDelta(index, { type: 'text_delta', text });
}

/** Lets a thinking block grow. */
export function thinkingDelta(index: number, thinking: string): ContentBlockDeltaEvent<ThinkingDelta> {
  return blockDelta(index, { type: 'thinking_delta', thinking });
}

/** Signs a thinking block. */
export function signatureDelta(index: number, signature: string): ContentBlockDeltaEvent<SignatureDelta> {
  return blockDelta(index, { type: 'signature_delta', signature });
}

/** Lets a tool's input grow by a piece of its JSON. */
export function inputJsonDelta(index: number, partial_json: string): ContentBlockDeltaEvent<InputJsonDelta> {
  return blockDelta(index, { type: 'input_json_delta', partial_json });
}

/** Adds a citation to a text block. */
export function citationsDelta(
  index: number,
  citation: CitationsDelta['citation'],
): ContentBlockDeltaEvent<CitationsDelta> {
  return blockDelta(index, { type: 'citations_delta', citation });
}

/** Sets the content of a compaction block. */
export function compactionDelta(
  index: number,
  content: string | null,
  encrypted_content: string | null = null,
): ContentBlockDeltaEvent<CompactionDelta> {
  return blockDelta(index, { type: 'compaction_delta', content, encrypted_content });
}

/** Finishes a block. */
export function blockStop(index: number): EventOf<'content_block_stop'> {
  return { type: 'content_block_stop', index };
}

/**
 * Says how the message ends.
 *
 * @param stop_reason - why the model stopped
 * @param fields - the rest of the delta and the cumulative usage, side by side
 */
export function messageDelta<S extends AnyStopReason = StopReason>(
  stop_reason: S | null,
  fields: MessageDeltaFields = {},
): MessageDeltaEvent<MessageDelta<S>> {
  const { stop_sequence = null, stop_details = null, container = null, ...rest } = fields;
  const { context_management, input_transformations, ...usage } = rest;
  return {
    type: 'message_delta',
    delta: { stop_reason, stop_sequence, stop_details, container },
    usage: {
      output_tokens: 0,
      input_tokens: null,
      cache_creation_input_tokens: null,
      cache_read_input_tokens: null,
      output_tokens_details: null,
      server_tool_use: null,
      ...usage,
    },
    ...(context_management !== undefined && { context_management }),
    ...(input_transformations !== undefined && { input_transformations }),
  };
}

/** Ends a whole message. */
export function messageStop(): EventOf<'message_stop'> {
  return { type: 'message_stop' };
}

/** Keeps the connection alive. */
export function ping(): EventOf<'ping'> {
  return { type: 'ping' };
}

/** Ends the message with a failure. */
export function error(type: ErrorType, message: string, request_id?: string): EventOf<'error'> {
  return { type: 'error', error: { type, message }, ...(request_id !== undefined && { request_id }) };
}
