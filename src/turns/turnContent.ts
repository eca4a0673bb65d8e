import type { AnyContentBlock } from '../events/block.js';
import type { Message } from '../events/message.js';
import type { TurnBlock } from '../events/turnMessage.js';
import type { ToolInvocation } from '../fold/calls/toolInvocation.js';
import { isCut } from '../fold/order/cutOff.js';

/** A reply and what became of its calls. */
export interface CalledReply {
  readonly message: Message;
  /** The calls of it, as its blocks stand. */
  readonly calls: readonly ToolInvocation[];
}

/** What may be sent back of a reply. */
export interface Kept {
  readonly content: readonly TurnBlock[];
  /** The calls of the app's tools among it, with the id that each has there. */
  readonly calls: readonly KeptCall[];
}

/** A call that is sent back. */
export interface KeptCall {
  readonly id: string;
  readonly call: ToolInvocation;
}

/** @returns the replies of a turn, each with its calls */
export function calledReplies(
  messages: readonly Message[],
  calls: readonly ToolInvocation[],
): readonly CalledReply[] {
  let next = 0;
  return messages.map((message) => {
    const begun = next;
    next += message.content.filter(isCall).length;
    return { message, calls: calls.slice(begun, next).sort((a, b) => a.index - b.index) };
  });
}

/**
 * What may be sent back of replies of a turn that may have ended anywhere. Calls of the provider's tools stay only with
 * their results.
 *
 * @param goesOn - whether the turn is to go on: the provider is still to give the results of its tools, then
 */
export function keptReplies(replies: readonly CalledReply[], goesOn: boolean): readonly Kept[] {
  const answered = new Set(replies.flatMap(({ message }) => message.content.flatMap(answeredBy)));
  const stays = replies.map(({ message, calls }, nth) => {
    const isDue = goesOn && nth === replies.length - 1 && hasEnded(message);
    return new Set(
      calls.filter(
        (call) =>
          call.status !== 'streaming' &&
          call.status !== 'invalid' &&
          (call.type === 'tool_use' || isDue || answered.has(call.id)),
      ),
    );
  });
  // What called them may have to go, and what they gave.
  const known = new Set(stays.flatMap((calls) => [...calls].map(({ id }) => id)));
  return replies.map((reply, nth) =>
    keptReply(reply, (block, call, isLast) => {
      if (call !== undefined) return stays[nth]?.has(call) === true && known.has(callerOf(block) ?? call.id);
      const answers = answeredBy(block);
      if (answers.length > 0) return answers.every((id) => known.has(id));
      if (block.type === 'thinking') return isSigned(block);
      // Nobody can tell whether an unknown block has ended, if nothing came after it.
      return !isLast || block.type === 'text' || hasEnded(reply.message);
    }),
  );
}

/**
 * What is sent back of a reply that ended well while its turn goes on: what the provider sent. A call that is not JSON goes
 * back with the result that says so.
 */
export function keptReplyInTurn(reply: CalledReply): Kept {
  return keptReply(
    reply,
    (_block, call) => call === undefined || call.type !== 'tool_use' || isAnswered(call),
  );
}

/** Whether the last word on a call has been said. */
export function isAnswered(call: ToolInvocation): boolean {
  return 'isError' in call && call.isError !== undefined;
}

function keptReply(
  { message, calls }: CalledReply,
  stays: (block: AnyContentBlock, call: ToolInvocation | undefined, isLast: boolean) => boolean,
): Kept {
  /** How many calls have each id. */
  const ids = new Map<string, number>();
  const content: TurnBlock[] = [];
  const kept: KeptCall[] = [];
  let nth = 0;
  message.content.forEach((block, at) => {
    if (!isBlock(block)) return;
    const call = isCall(block) ? calls[nth++] : undefined;
    const isUnknownCall = isCall(block) && call === undefined;
    if (isUnknownCall || isEmpty(block) || !stays(block, call, at === message.content.length - 1)) return;
    if (call?.type !== 'tool_use') {
      content.push(block);
      return;
    }
    // Providers refuse two calls of one id, and could not tell their results apart.
    const id = unused(call.id, ids);
    kept.push({ id, call });
    const named = { ...block, id };
    content.push(named);
  });
  return { content, calls: kept };
}

function unused(id: string, taken: Map<string, number>): string {
  let free = id;
  let nth = taken.get(id) ?? 0;
  while (taken.has(free)) free = `${id}_${++nth}`;
  taken.set(id, Math.max(nth, 1));
  taken.set(free, taken.get(free) ?? 1);
  return free;
}

function hasEnded({ stop_reason }: Message): boolean {
  return stop_reason !== null && !isCut(stop_reason);
}

const CALLS: ReadonlySet<string> = /* @__PURE__ */ new Set(['tool_use', 'server_tool_use', 'mcp_tool_use']);

function isCall(block: AnyContentBlock): boolean {
  return isBlock(block) && CALLS.has(block.type);
}

/** Events that no codec has checked may hold anything. */
function isBlock(block: unknown): block is AnyContentBlock {
  return typeof block === 'object' && block !== null;
}

/** Whether a block says nothing, for which a provider refuses it. What is signed says something. */
function isEmpty(block: AnyContentBlock): boolean {
  // An event that no codec has checked may have a text that is none.
  const text: unknown = block.type === 'text' ? block.text : undefined;
  if (block.type === 'text') return String(text).trim() === '' && !isSigned(block);
  return block.type === 'compaction' && block.content === null && block.encrypted_content === null;
}

function isSigned({ signature }: { readonly signature?: string }): boolean {
  return typeof signature === 'string' && signature.trim() !== '';
}

/** The id of the call that a block has the result of, if it has one. */
function answeredBy(block: AnyContentBlock): readonly string[] {
  return isBlock(block) && 'tool_use_id' in block && typeof block.tool_use_id === 'string'
    ? [block.tool_use_id]
    : [];
}

/** The id of the call whose program called a tool. */
function callerOf(block: AnyContentBlock): string | undefined {
  const caller = 'caller' in block ? block.caller : undefined;
  return typeof caller === 'object' && caller !== null && 'tool_id' in caller
    ? String(caller.tool_id)
    : undefined;
}
