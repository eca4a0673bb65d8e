import type { TurnBlock, TurnMessage } from '../../events/turnMessage.js';
import { isObject } from './json.js';

/** Options of what makes a history of the messages that a front end keeps. */
export interface FrontHistoryOptions {
  /**
   * What becomes of a call without a result: it gets one that says `Cancelled`, or none, so that it can be run or answered
   * first. Default `cancel`.
   */
  readonly pending?: 'cancel' | 'keep' | undefined;
  /** Called with each message, or part of one, that a history has no words for, and the place of its message. */
  readonly onLeftOut?: ((part: object, at: { readonly message: number }) => void) | undefined;
}

/** What somebody says in one go: a question, or a reply. */
export interface Said {
  readonly role: TurnMessage['role'];
  readonly content: readonly TurnBlock[];
}

/** A result of a tool, as the Messages API takes it. */
export interface ResultBlock {
  readonly type: 'tool_result';
  readonly tool_use_id: string;
  readonly content: string | readonly TurnBlock[];
  readonly is_error?: true;
}

/**
 * The history of what was said: roles alternate, and behind each reply stands one message with the results of its calls, in
 * their order. Thinking that is not signed, or that nothing follows, is left out, as are texts that say nothing, calls without
 * an id, a name or an object as their input, calls of an id that was there, and what a user cannot say.
 *
 * @param resultOf - what a call gave; `undefined` where nobody knows yet
 */
export function historyFrom(
  said: readonly Said[],
  resultOf: (id: string) => ResultBlock | undefined,
  pending: FrontHistoryOptions['pending'],
): TurnMessage[] {
  const known = new Set<string>();
  const all = said.flatMap(({ role, content }): readonly Said[] => {
    const kept = content.filter((block) => OF[role].test(block.type) && saysSomething(block, known));
    const results = kept
      .flatMap(idOfCall)
      .flatMap((id) => resultOf(id) ?? (pending === 'keep' ? [] : [failed(id, 'Cancelled')]));
    return [
      { role, content: kept },
      { role: 'user', content: results },
    ];
  });
  // Without its last thoughts nothing may be left of a reply, and what stood around it is one.
  return joined(
    joined(all).map(({ role, content }) => ({
      role,
      content: role === 'assistant' ? content.slice(0, endOf(content)) : content,
    })),
  );
}

/** Makes one of what somebody says in a row. */
function joined(said: readonly Said[]): Said[] {
  const rows: { role: Said['role']; content: TurnBlock[] }[] = [];
  for (const { role, content } of said) {
    const last = rows.at(-1);
    if (content.length === 0) continue;
    if (last?.role === role) for (const block of content) last.content.push(block);
    else rows.push({ role, content: [...content] });
  }
  return rows;
}

/** What each may say. */
const OF = {
  user: /^(?:text|image|document)$/,
  assistant: /^(?:text|(?:redacted_)?thinking|tool_use)$/,
} as const;

/** @returns the result of a call that failed, or that nobody ran */
export function failed(id: string, content: ResultBlock['content']): ResultBlock {
  return { type: 'tool_result', tool_use_id: id, content, is_error: true };
}

interface Members {
  readonly type: string;
  readonly text?: unknown;
  readonly signature?: unknown;
  readonly id?: unknown;
  readonly name?: unknown;
  readonly input?: unknown;
}

/** @param known - the ids of the calls so far: providers refuse two of one id */
function saysSomething(block: TurnBlock, known: Set<string>): boolean {
  const { type, text, signature, id, name, input }: Members = block;
  const isSigned = typeof signature === 'string' && signature.trim() !== '';
  switch (type) {
    case 'thinking':
      return isSigned;
    case 'text':
      return isSigned || (typeof text === 'string' && text.trim() !== '');
    case 'tool_use': {
      if (typeof id !== 'string' || id === '' || known.has(id)) return false;
      known.add(id);
      return typeof name === 'string' && name !== '' && isObject(input);
    }
    default:
      return true;
  }
}

function idOfCall(block: TurnBlock): readonly string[] {
  const { type, id }: Members = block;
  return type === 'tool_use' ? [String(id)] : [];
}

/** Where a reply ends without the thinking that nothing follows, which providers refuse. */
function endOf(content: readonly TurnBlock[]): number {
  let end = content.length;
  while (end > 0 && /^(?:redacted_)?thinking$/.test(content[end - 1]?.type ?? '')) end--;
  return end;
}
