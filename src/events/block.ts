import type { TextCitation } from './provider/citation.js';
import type { AnyContentBlockDelta } from './delta.js';
import type { RefusalCategory } from './provider/refusal.js';
import type {
  AdvisorToolResultBlock,
  BashCodeExecutionToolResultBlock,
  BetaWebFetchToolResultBlock,
  BetaWebSearchToolResultBlock,
  CodeExecutionToolResultBlock,
  TextEditorCodeExecutionToolResultBlock,
  ToolCaller,
  ToolSearchToolResultBlock,
  WebFetchToolResultBlock,
  WebSearchToolResultBlock,
} from './provider/serverToolResult.js';
import type { UnlistedValue } from './unknown.js';

/** Text for the reader. `citations` is `null` where nothing is cited. */
export interface TextBlock {
  readonly type: 'text';
  readonly text: string;
  readonly citations: TextCitation[] | null;
  /** Opaque, of a provider that signs its texts: it must be sent back with the block. */
  readonly signature?: string;
}

/** What the model thought before it answered. */
export interface ThinkingBlock {
  readonly type: 'thinking';
  readonly thinking: string;
  /** Opaque; the block cannot be sent back without it. */
  readonly signature: string;
}

/** Thinking that the provider does not show. */
export interface RedactedThinkingBlock {
  readonly type: 'redacted_thinking';
  /** Opaque and encrypted; sent back as it stands. */
  readonly data: string;
}

/** As {@link ToolUseBlock}, on the beta wire, where `caller` may be absent. */
export interface BetaToolUseBlock {
  readonly type: 'tool_use';
  readonly id: string;
  readonly name: string;
  readonly input: unknown;
  readonly caller?: ToolCaller;
  readonly toolset_name?: string | null;
  /** Opaque, of a provider that signs its calls: it must be sent back with the block. */
  readonly signature?: string;
}

/** A call of one of the caller's own tools. `input` is `{}` at the start; its JSON comes in `input_json_delta`s. */
export interface ToolUseBlock extends BetaToolUseBlock {
  readonly caller: ToolCaller;
}

/** The tools that the provider runs itself. */
export type ServerToolName =
  | 'web_search'
  | 'web_fetch'
  | 'code_execution'
  | 'bash_code_execution'
  | 'text_editor_code_execution'
  | 'tool_search_tool_regex'
  | 'tool_search_tool_bm25';

/** A call of a tool that the provider runs, released or beta; its result is a block of the same message. */
export interface AnyServerToolUseBlock {
  readonly type: 'server_tool_use';
  readonly id: string;
  readonly name: ServerToolName | 'advisor';
  readonly input: unknown;
  readonly caller?: ToolCaller;
}

/** As {@link AnyServerToolUseBlock}, on the released wire. */
export interface ServerToolUseBlock extends AnyServerToolUseBlock {
  readonly name: ServerToolName;
  readonly caller: ToolCaller;
}

/** As {@link AnyServerToolUseBlock}, on the beta wire. */
export interface BetaServerToolUseBlock extends AnyServerToolUseBlock {
  readonly input: { [key: string]: unknown };
}

/** A file that was put into the sandbox. */
export interface ContainerUploadBlock {
  readonly type: 'container_upload';
  readonly file_id: string;
}

/** A call of a tool on an MCP server that the provider itself is connected to. */
export interface McpToolUseBlock {
  readonly type: 'mcp_tool_use';
  readonly id: string;
  readonly name: string;
  readonly server_name: string;
  readonly input: unknown;
}

/** What a call of {@link McpToolUseBlock} gave. */
export interface McpToolResultBlock {
  readonly type: 'mcp_tool_result';
  readonly tool_use_id: string;
  readonly content: string | TextBlock[];
  readonly is_error: boolean;
}

/** The tools that an MCP server offers. */
export interface McpToolListingBlock {
  readonly type: 'mcp_tool_listing';
  readonly mcp_server_name: string;
  readonly tools: {
    readonly name: string;
    readonly description?: string;
    readonly input_schema: { [key: string]: unknown };
  }[];
}

/**
 * A summary that replaces earlier context; `content` is `null` where the summary failed. It is sent back unchanged, with
 * `tool_changes`, which only the provider reads: it is kept as it came and has no type here.
 */
export interface CompactionBlock {
  readonly type: 'compaction';
  readonly content: string | null;
  readonly encrypted_content: string | null;
  readonly signature?: string | null;
}

/** Marks where another model took over, because the first one refused. */
export interface FallbackBlock {
  readonly type: 'fallback';
  readonly from: { readonly model: string };
  readonly to: { readonly model: string };
  readonly trigger: { readonly type: 'refusal'; readonly category: RefusalCategory | null };
}

/** Blocks that are spelled alike on the released and on the beta wire. */
type SharedContentBlock =
  | TextBlock
  | ThinkingBlock
  | RedactedThinkingBlock
  | CodeExecutionToolResultBlock
  | BashCodeExecutionToolResultBlock
  | TextEditorCodeExecutionToolResultBlock
  | ToolSearchToolResultBlock
  | ContainerUploadBlock;

/** A content block of the released Messages API, as its SDK types it. */
export type ContentBlock =
  SharedContentBlock | ToolUseBlock | ServerToolUseBlock | WebSearchToolResultBlock | WebFetchToolResultBlock;

/** A content block of the Messages API with beta headers, as its SDK types it. */
export type BetaContentBlock =
  | SharedContentBlock
  | BetaToolUseBlock
  | BetaServerToolUseBlock
  | BetaWebSearchToolResultBlock
  | BetaWebFetchToolResultBlock
  | AdvisorToolResultBlock
  | McpToolUseBlock
  | McpToolResultBlock
  | McpToolListingBlock
  | CompactionBlock
  | FallbackBlock;

/** A block of a type that this version does not know, as it came: what the `default` of a switch is left with. */
export interface UnknownBlock extends UnlistedValue {}

/** A block of a type that this version knows, released or beta. */
export type KnownBlock = Exclude<BetaContentBlock, BetaServerToolUseBlock> | AnyServerToolUseBlock;

/** Any block that a `StreamEvent` may carry. */
export type AnyContentBlock = KnownBlock | UnknownBlock;

/** Where a block stands in its message, and how far it has come. */
export interface BlockState {
  readonly index: number;
  /** An `aborted` block will never finish; it holds what had arrived. */
  readonly status: 'streaming' | 'complete' | 'aborted';
  /** Why the block is aborted. */
  readonly reason?: string;
  /** Deltas that could not be applied, as they came: this version does not know their type or that of the block. */
  readonly unknownDeltas?: readonly AnyContentBlockDelta[];
}

/** As {@link BlockState}, of a block that has an input. */
export interface InputBlockState extends Omit<BlockState, 'status'> {
  /** The input of an `invalid` block is not valid JSON. */
  readonly status: BlockState['status'] | 'invalid';
  /** Why the block is aborted or invalid. */
  readonly reason?: string;
  /** The whole text of an invalid input. */
  readonly raw?: string;
}

/** A content block with its place in the message and its state. It narrows on `type` and on `status`. */
export type Block<B extends AnyContentBlock = AnyContentBlock> = B extends { readonly input: unknown }
  ? B & InputBlockState
  : B & BlockState;

const KNOWN_BLOCKS = {
  text: true,
  thinking: true,
  redacted_thinking: true,
  tool_use: true,
  server_tool_use: true,
  web_search_tool_result: true,
  web_fetch_tool_result: true,
  code_execution_tool_result: true,
  bash_code_execution_tool_result: true,
  text_editor_code_execution_tool_result: true,
  tool_search_tool_result: true,
  container_upload: true,
  advisor_tool_result: true,
  mcp_tool_use: true,
  mcp_tool_result: true,
  mcp_tool_listing: true,
  compaction: true,
  fallback: true,
} as const satisfies Record<KnownBlock['type'], true>;

/** Whether this version knows the type of a block. Behind it, a switch over the types leaves nothing. */
export function isKnownBlock<B extends { readonly type: string }>(
  block: B,
): block is Exclude<B, UnknownBlock> {
  return Object.hasOwn(KNOWN_BLOCKS, block.type);
}

/** The highest index a block may have: far more than any message has blocks, yet a bound for hostile input. */
export const MAX_BLOCK_INDEX = 9_999_999;

/** Whether this can be the index of a block: an integer from 0 to {@link MAX_BLOCK_INDEX}. */
export function isBlockIndex(index: unknown): index is number {
  return Number.isInteger(index) && (index as number) >= 0 && (index as number) <= MAX_BLOCK_INDEX;
}
