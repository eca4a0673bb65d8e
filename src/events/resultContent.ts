import type { TurnBlock } from './turnMessage.js';

/** What a block of a result has besides its type. A list of other objects is a value like any other. */
const MEMBERS: Readonly<Record<string, string>> = {
  text: 'text',
  image: 'source',
  document: 'source',
  search_result: 'content',
  tool_reference: 'tool_name',
};

/**
 * What a tool gave, as the content of a `tool_result` block: a text, or blocks.
 *
 * @param result - any value; one that is neither is the text of its JSON
 * @returns an empty text for what JSON has no text of
 * @see https://platform.claude.com/docs/en/agents-and-tools/tool-use/handle-tool-calls
 */
export function resultContent(result: unknown): string | readonly TurnBlock[] {
  return typeof result === 'string' || isContent(result) ? result : jsonOf(result);
}

/** The text of a value: events that no codec has made may hold one that is not JSON. */
function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value) ?? '';
  } catch {
    return '';
  }
}

function isContent(result: unknown): result is readonly TurnBlock[] {
  return Array.isArray(result) && result.length > 0 && result.every(isBlock);
}

function isBlock(item: unknown): item is TurnBlock {
  if (typeof item !== 'object' || item === null || !('type' in item)) return false;
  const { type } = item;
  const member = typeof type === 'string' && Object.hasOwn(MEMBERS, type) ? MEMBERS[type] : undefined;
  return member !== undefined && member in item;
}
