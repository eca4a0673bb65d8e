import { isKnownBlock } from '../../events/block.js';
import type { AnyContentBlockDelta } from '../../events/delta.js';
import * as events from '../../events/make.js';
import { callFlaw } from '../kit/callFlaw.js';
import { isObject, type Json } from '../kit/json.js';
import { escaped } from '../kit/jsonString.js';
import type { LooseBlock } from '../kit/writtenBlock.js';
import type { ResponsesItem } from './wire.js';

/** A part of an item, which is a block of its own. */
export interface Part {
  readonly key: string;
  /** Its number as the wire has it. */
  readonly place: number;
  /** How many of its citations are written. */
  cited: number;
  /** Its whole text, once that is known. */
  final: string | undefined;
}

/** An item of the output as far as it has come. */
export interface Item {
  readonly key: string;
  /** Its place in the output, or its id where the wire names no place. */
  readonly at: number | string;
  /** As it was announced or, once it is done, as it is. */
  as: ResponsesItem | undefined;
  readonly parts: Map<string, Part>;
  /** The part that grows. */
  open: Part | undefined;
  /** Where it stands, so that a piece finds it without a key being made. */
  openAt: number;
  openOf: 'content' | 'summary' | undefined;
  /** What its input is written in, once its block has begun: one that is a text stands within JSON. */
  call: Frame | undefined;
  hasGrown: boolean;
  /** The whole input of a call, once that is known. */
  final: string | undefined;
  isDone: boolean;
}

/** What stands before and after the input of a call; in between a JSON string is escaped. */
interface Frame {
  readonly before: string;
  readonly after: string;
}

const JSON_INPUT: Frame = { before: '', after: '' };
const TEXT_INPUT: Frame = { before: '"', after: '"' };
const CODE_INPUT: Frame = { before: '{"code":"', after: '"}' };

/** Tools that xAI runs itself: it calls them as it would call one of the caller's. */
const XAI_TOOLS: ReadonlySet<string> = /* @__PURE__ */ new Set([
  'x_keyword_search',
  'x_semantic_search',
  'x_user_search',
  'x_thread_fetch',
  'view_x_video',
]);

/** What the caller has to run, or to answer. */
const CALLS_OF_THE_CALLER: ReadonlySet<string> = /* @__PURE__ */ new Set([
  'function_call',
  'custom_tool_call',
  'computer_call',
  'local_shell_call',
  'shell_call',
  'apply_patch_call',
  'tool_search_call',
  'mcp_approval_request',
]);

/** An item of which nothing is known yet. */
export function newItem(key: string, at: number | string): Item {
  return {
    key,
    at,
    as: undefined,
    parts: new Map(),
    open: undefined,
    openAt: 0,
    openOf: undefined,
    call: undefined,
    hasGrown: false,
    final: undefined,
    isDone: false,
  };
}

/** What a block keeps of its item, besides what it says itself. */
const EXTRAS: ReadonlyMap<string, readonly string[]> = new Map([
  ['message', ['id', 'phase']],
  ['reasoning', ['id']],
  ['function_call', ['id', 'namespace', 'caller']],
  ['custom_tool_call', ['id', 'namespace', 'caller']],
  ['mcp_call', ['approval_request_id']],
  ['code_interpreter_call', ['container_id']],
  ['mcp_list_tools', ['id']],
  ['compaction', ['id']],
]);

/** The members of an item that its block keeps; its id as `item_id`, unless that was made of nothing but its place. */
export function extrasOf(item: ResponsesItem | undefined, isMade: boolean): Json {
  if (item === undefined) return {};
  const names = (EXTRAS.get(item.type) ?? []).filter((name) => !(name === 'id' && isMade));
  const kept = names.map((name) => [name === 'id' ? 'item_id' : name, item[name]] as const);
  return Object.fromEntries(kept.filter(([, value]) => (value ?? '') !== ''));
}

/** What the caller's answer to an item has to name; `undefined` where the caller owes none. */
export function awaited(item: ResponsesItem): string | undefined {
  if (!CALLS_OF_THE_CALLER.has(item.type) || isOfXai(item) || item['execution'] === 'server')
    return undefined;
  return item.call_id || item.id || '';
}

/** The call that an item is, as its block, and what its input stands in; `undefined` for any other item. */
export function callIn(item: ResponsesItem, extras: object): Begun | undefined {
  const { type, call_id, name } = item;
  const id = item.id ?? '';
  switch (type) {
    case 'function_call':
    case 'custom_tool_call': {
      const call = events.toolUseStart(0, call_id ?? '', name ?? '').content_block;
      const block = isOfXai(item) ? { ...call, type: 'server_tool_use' } : call;
      const input = type === 'function_call' ? JSON_INPUT : TEXT_INPUT;
      return { block: { ...block, ...extras }, input, flaw: callFlaw(call.id, call.name) };
    }
    case 'mcp_call': {
      const server_name = item.server_label ?? '';
      const block = { type: 'mcp_tool_use', id, name: name ?? '', server_name, input: {}, ...extras };
      return { block, input: JSON_INPUT };
    }
    case 'code_interpreter_call': {
      const call = events.serverToolUseStart(0, id, 'code_execution').content_block;
      return { block: { ...call, ...extras }, input: CODE_INPUT };
    }
    default:
      return undefined;
  }
}

/** The start of a call's block. */
export interface Begun {
  readonly block: LooseBlock;
  readonly input: Frame;
  /** Why the call can never be whole. */
  readonly flaw?: string | undefined;
}

/** An item that is a block by itself, whole; `undefined` for one that may not pass as what its type says here. */
export function wholeBlockIn(item: ResponsesItem, extras: object): LooseBlock | undefined {
  const { type } = item;
  switch (type) {
    case 'web_search_call': {
      const call = events.serverToolUseStart(
        0,
        item.id ?? '',
        'web_search',
        item['action'] ?? {},
      ).content_block;
      return { ...call, ...extras };
    }
    case 'mcp_list_tools': {
      const tools = item['tools'] ?? [];
      return { type: 'mcp_tool_listing', mcp_server_name: item.server_label ?? '', tools, ...extras };
    }
    case 'compaction': {
      const encrypted_content = item.encrypted_content ?? null;
      return { type, content: null, encrypted_content, ...extras };
    }
    default:
      return isKnownBlock(item) ? undefined : item;
  }
}

/** A piece of a call's input, as JSON. */
export function pieceOf({ before }: Frame, piece: string, isFirst: boolean): string {
  if (before === '') return piece;
  return isFirst ? before + escaped(piece) : escaped(piece);
}

/** The whole of a call's input, as JSON; `undefined` where nothing is said of it. */
export function finalIn(item: ResponsesItem): string | undefined {
  const { type, arguments: input } = item;
  if (type === 'custom_tool_call') return item.input ?? undefined;
  if (type === 'code_interpreter_call') return item.code ?? undefined;
  if (typeof input === 'string') return input;
  return input === undefined || input === null ? undefined : JSON.stringify(input);
}

/** What a call that the provider ran gave, as its block; `undefined` where nothing came of it. */
export function resultIn({ type, id, output, error }: ResponsesItem): LooseBlock | undefined {
  const failure = error ?? undefined;
  const content = failure ?? output ?? undefined;
  if (type !== 'mcp_call' || content === undefined) return undefined;
  const said = isObject(content) ? (content['message'] ?? content) : content;
  const text = typeof said === 'string' ? said : JSON.stringify(said);
  return { type: 'mcp_tool_result', tool_use_id: id ?? '', content: text, is_error: failure !== undefined };
}

/** What a program that the provider ran gave, as a delta of a type that is of this protocol alone. */
export function outputsIn({ type, outputs }: ResponsesItem): AnyContentBlockDelta | undefined {
  if (type !== 'code_interpreter_call' || !Array.isArray(outputs) || outputs.length === 0) return undefined;
  return { type: 'outputs_delta', outputs } as object as AnyContentBlockDelta;
}

/** Whether a call is another than the one that has begun at its place. */
export function isOtherCall({ call, as: begun }: Item, { type, call_id }: ResponsesItem): boolean {
  if (call === undefined || type !== begun?.type) return false;
  return Boolean(call_id) && Boolean(begun.call_id) && begun.call_id !== call_id;
}

function isOfXai({ type, call_id, name }: ResponsesItem): boolean {
  if (type !== 'custom_tool_call') return false;
  return XAI_TOOLS.has(name ?? '') || Boolean(call_id?.startsWith('xs_call_'));
}
