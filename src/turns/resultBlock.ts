import type { TurnBlock } from '../events/turnMessage.js';
import type { ToolInvocation } from '../fold/calls/toolInvocation.js';
import { isAnswered, type KeptCall } from './turnContent.js';

/** A result of a tool, as the Messages API takes it. */
interface ResultBlock {
  readonly type: 'tool_result';
  readonly tool_use_id: string;
  readonly content: string | readonly TurnBlock[];
  readonly is_error?: true;
}

/** @returns what the model reads of a call; of one that nobody answered, that it was cancelled */
export function resultBlock({ id, call }: KeptCall): ResultBlock {
  if (!isAnswered(call)) return failed(id, denialOf(call) ?? 'Cancelled');
  const { result, isError } = call as { readonly result: unknown; readonly isError: boolean };
  const content = contentOf(result);
  // The provider refuses an error that says nothing.
  if (isError) return failed(id, content.length === 0 ? `${call.name} failed` : content);
  return { type: 'tool_result', tool_use_id: id, content };
}

function failed(id: string, content: ResultBlock['content']): ResultBlock {
  return { type: 'tool_result', tool_use_id: id, content, is_error: true };
}

function denialOf(call: ToolInvocation): string | undefined {
  return call.status === 'denied' ? (call.reason ?? 'Denied') : undefined;
}

function contentOf(result: unknown): ResultBlock['content'] {
  if (typeof result === 'string') return result;
  if (isContent(result)) return result.filter((block) => !isEmptyText(block));
  return jsonOf(result);
}

/** The text of a value: events that no codec has made may hold one that is not JSON. */
function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value) ?? '';
  } catch {
    return '';
  }
}

/** What a block of a result has besides its type. A list of other objects is a value like any other. */
const MEMBERS: Readonly<Record<string, string>> = {
  text: 'text',
  image: 'source',
  document: 'source',
  search_result: 'content',
  tool_reference: 'tool_name',
};

function isContent(result: unknown): result is readonly TurnBlock[] {
  return Array.isArray(result) && result.length > 0 && result.every(isBlock);
}

function isBlock(item: unknown): item is TurnBlock {
  if (typeof item !== 'object' || item === null || !('type' in item)) return false;
  const { type } = item;
  const member = typeof type === 'string' && Object.hasOwn(MEMBERS, type) ? MEMBERS[type] : undefined;
  return member !== undefined && member in item;
}

function isEmptyText(block: TurnBlock): boolean {
  return block.type === 'text' && 'text' in block && String(block.text).trim() === '';
}
