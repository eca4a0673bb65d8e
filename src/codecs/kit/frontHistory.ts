import type { TurnBlock, TurnMessage } from '../../events/turnMessage.js';

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
 * their order. Thinking that is not signed, or that nothing follows, is left out, as are texts that say nothing.
 *
 * @param resultOf - what a call gave; `undefined` where nobody knows yet
 */
export function historyFrom(
  said: readonly Said[],
  resultOf: (id: string) => ResultBlock | undefined,
  pending: FrontHistoryOptions['pending'],
): TurnMessage[] {
  const history: { role: Said['role']; content: TurnBlock[] }[] = [];
  const add = (role: Said['role'], content: readonly TurnBlock[]): void => {
    const last = history.at(-1);
    if (content.length === 0) return;
    if (last?.role === role) last.content.push(...content);
    else history.push({ role, content: [...content] });
  };
  for (const { role, content } of said) {
    const kept = content.filter(saysSomething);
    add(role, kept);
    const calls = role === 'assistant' ? kept.flatMap(idOfCall) : [];
    add(
      'user',
      calls.flatMap((id) => resultOf(id) ?? (pending === 'keep' ? [] : [failed(id, 'Cancelled')])),
    );
  }
  return history.flatMap(({ role, content }) => {
    const end = role === 'assistant' ? endOf(content) : content.length;
    return end === 0 ? [] : [{ role, content: content.slice(0, end) }];
  });
}

/** @returns the result of a call that failed, or that nobody ran */
export function failed(id: string, content: ResultBlock['content']): ResultBlock {
  return { type: 'tool_result', tool_use_id: id, content, is_error: true };
}

interface Members {
  readonly type: string;
  readonly text?: unknown;
  readonly signature?: unknown;
  readonly id?: unknown;
}

function saysSomething(block: TurnBlock): boolean {
  const { type, text, signature }: Members = block;
  const isSigned = typeof signature === 'string' && signature.trim() !== '';
  if (type === 'thinking') return isSigned;
  return type !== 'text' || isSigned || String(text).trim() !== '';
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
