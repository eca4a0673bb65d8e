import type { TurnMessage } from '../../src/events/turnMessage.js';

type Members = Readonly<Record<string, unknown>>;

/** What a stream says of a block, and a request must not. Items of another provider may have a status of their own. */
const OF_STREAMS = ['index', 'status', 'reason', 'raw', 'unknownDeltas'];
const OF_MESSAGES = /^(?:text|(?:redacted_)?thinking|(?:server_|mcp_)?tool_use|\w*tool_result)$/;

/**
 * What the Messages API would say of a history to which a question is added, by the rules of its documentation. It is
 * written from that alone and knows nothing of the library.
 *
 * @returns the complaints, none if it would take the history
 * @see https://docs.claude.com/en/api/messages
 * @see https://docs.claude.com/en/docs/agents-and-tools/tool-use/implement-tool-use
 * @see https://docs.claude.com/en/docs/build-with-claude/extended-thinking
 * @see https://docs.claude.com/en/docs/agents-and-tools/tool-use/web-search-tool
 */
export function complaintsAbout(history: readonly TurnMessage[]): string[] {
  const found: string[] = [];
  history.forEach((message, nth) => {
    const complain = (what: string): void => void found.push(`messages.${nth}: ${what}`);
    const blocks = blocksOf(message);
    const before = history[nth - 1];
    if (Object.keys(message).sort().join() !== 'content,role') complain('members that no message has');
    if (blocks.length === 0) complain('content must not be empty');
    if (before?.role === message.role) complain('roles must alternate');
    for (const block of blocks) complaintsOf(block).forEach(complain);
    const own = (type: string): readonly Members[] => blocks.filter((block) => block['type'] === type);
    if (message.role === 'assistant') {
      if (own('tool_result').length > 0) complain('a tool_result is of the user');
      if (/thinking$/.test(typeOf(blocks.at(-1)))) complain('the final block cannot be thinking');
      const ids = own('tool_use').map(({ id }) => id);
      if (new Set(ids).size < ids.length) complain('tool_use ids must be unique');
      const next = history[nth + 1];
      const results = next === undefined ? [] : blocksOf(next).map(({ tool_use_id }) => tool_use_id);
      if (JSON.stringify(results) !== JSON.stringify(ids))
        complain(`the next message must have one result of each call: ${JSON.stringify([ids, results])}`);
    } else {
      if (own('tool_result').length < blocks.length) complain('something else than results');
      if (before?.role !== 'assistant') complain('a tool_result without a tool_use');
    }
  });
  return [...found, ...complaintsOfServerTools(history)];
}

function complaintsOf(block: Members): string[] {
  const { type, text, signature, id, name, input, tool_use_id, content, is_error } = block;
  const foreign = OF_MESSAGES.test(String(type)) ? OF_STREAMS : [];
  const found = foreign.filter((member) => member in block).map((member) => `${member} is not permitted`);
  const need = (isSo: boolean, what: string): void => void (isSo || found.push(`${String(type)}: ${what}`));
  switch (type) {
    case 'text':
      // An empty text that is signed is of another provider, which wants its signature back.
      need(isFilled(text) || isFilled(signature), 'text must not be empty');
      break;
    case 'thinking':
      need(isFilled(signature), 'must be signed');
      break;
    case 'tool_use':
    case 'server_tool_use':
    case 'mcp_tool_use':
      need(isFilled(id) && isFilled(name), 'needs an id and a name');
      need(input !== undefined, 'needs an input');
      break;
    case 'tool_result':
      need(isFilled(tool_use_id), 'needs the id of the call');
      need(typeof content === 'string' || (Array.isArray(content) && content.every(isObject)), 'content');
      need(
        is_error !== true || (content as string | readonly unknown[]).length > 0,
        'an error must say something',
      );
      if (Array.isArray(content)) found.push(...content.flatMap(complaintsOf));
      break;
    default:
      need(isFilled(type), 'needs a type');
  }
  return found;
}

/** A call of a tool of the provider stands before its result, and neither without the other. */
function complaintsOfServerTools(history: readonly TurnMessage[]): string[] {
  const open = new Set<unknown>();
  const found: string[] = [];
  for (const { id, type, tool_use_id } of history.flatMap(blocksOf)) {
    if (type === 'server_tool_use' || type === 'mcp_tool_use') open.add(id);
    else if (type !== 'tool_result' && tool_use_id !== undefined && !open.delete(tool_use_id))
      found.push(`${String(type)} without its call`);
  }
  return [...found, ...[...open].map((id) => `${String(id)} without a result`)];
}

function blocksOf({ content }: TurnMessage): readonly Members[] {
  if (typeof content === 'string') return [{ type: 'text', text: content }];
  return content.map((block) => ({ ...block }));
}

function typeOf(block: Members | undefined): string {
  return String(block?.['type']);
}

function isFilled(value: unknown): boolean {
  return typeof value === 'string' && value.trim() !== '';
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}
