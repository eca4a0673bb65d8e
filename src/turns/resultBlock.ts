import { resultContent } from '../events/resultContent.js';
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
  const content = resultContent(result);
  return typeof content === 'string' ? content : content.filter((block) => !isEmptyText(block));
}

function isEmptyText(block: TurnBlock): boolean {
  return block.type === 'text' && 'text' in block && String(block.text).trim() === '';
}
