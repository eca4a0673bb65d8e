import type { StreamEvent } from '../events/event.js';
import type { Message } from '../events/message.js';
import type { TurnBlock, TurnMessage } from '../events/turnMessage.js';
import type { ToolInvocation } from '../fold/calls/toolInvocation.js';
import { TurnState, type StreamState } from '../fold/turn/streamState.js';
import { resultBlock } from './resultBlock.js';
import { calledReplies, keptReplies, keptReplyInTurn, type Kept } from './turnContent.js';

/** Options of {@link historyOf}. */
export interface HistoryOptions {
  /**
   * What becomes of a call that waits for its result: it gets one that says `Cancelled`, or none, so that the result can be
   * added later. Default `cancel`.
   */
  readonly pending?: 'cancel' | 'keep' | undefined;
}

/**
 * The messages that a turn adds to the history: its replies and, after each, one message with the results of its calls. They
 * may be sent back whatever happened to the turn: whether it ended, failed, was stopped, or still runs.
 *
 * ```ts
 * import { historyOf, type StreamState } from 'rxjs-llm-stream';
 *
 * const next = (state: StreamState, question: string) => [
 *   ...historyOf(state),
 *   { role: 'user', content: question },
 * ];
 * ```
 *
 * Left out are texts that say nothing, thinking that is not signed or that nothing follows, calls that were cut off or are not
 * JSON, calls of the provider's tools without their results, and replies of which nothing is left. All else stays as the
 * provider sent it, also a text that was cut off. Each call of the app's tools has one result, in the order of the calls: one
 * that says `Cancelled`, with `is_error`, if nothing else is known. Results are text, or blocks where the tool gave blocks; any
 * other value is the text of its JSON. Of calls of one reply that have one id, the later ones get an id of their own.
 *
 * To add a result later, keep the calls that wait, and add the event to those of the turn:
 *
 * ```ts
 * import { events, historyOf, type StreamEvent } from 'rxjs-llm-stream';
 *
 * const waiting = (turn: readonly StreamEvent[]) => historyOf(turn, { pending: 'keep' });
 * const answered = (turn: readonly StreamEvent[], id: string) =>
 *   historyOf([...turn, events.toolResult(id, 'Approved by the treasurer')]);
 * ```
 *
 * @param turn - the last state of a turn, or its events, to wherever they came
 * @param options - what becomes of calls that wait
 * @returns new messages, by turns of the assistant and of the user, the first being the assistant's; none if nothing is left
 * @throws TypeError for anything else, such as a message
 * @see {@link streamTurn}
 * @see https://docs.claude.com/en/docs/agents-and-tools/tool-use/implement-tool-use
 * @see https://docs.claude.com/en/docs/build-with-claude/extended-thinking
 */
export function historyOf(
  turn: StreamState | readonly StreamEvent[],
  { pending = 'cancel' }: HistoryOptions = {},
): TurnMessage[] {
  const { messages, calls } = isList(turn) ? stateOf(turn) : (Object(turn) as StreamState);
  if (!messages) throw new TypeError('historyOf takes the state of a turn, or its events');
  const goesOn = pending === 'keep';
  const kept = keptReplies(calledReplies(messages, calls), goesOn);
  return messagesOf(kept, ({ status }) => !(goesOn && WAITING.has(status)));
}

/** @returns a history and what a round adds to it whose reply ended well, in a turn that goes on */
export function continued(
  history: readonly TurnMessage[],
  replies: readonly Message[],
  calls: readonly ToolInvocation[],
): readonly TurnMessage[] {
  const added = messagesOf(calledReplies(replies, calls).map(keptReplyInTurn), () => true);
  return joined(history, added);
}

/** The states of a call that has no result and may get one. */
const WAITING: ReadonlySet<ToolInvocation['status']> = /* @__PURE__ */ new Set([
  'queued',
  'approval',
  'running',
]);

const THOUGHTS: ReadonlySet<string> = /* @__PURE__ */ new Set(['thinking', 'redacted_thinking']);

function isList(turn: StreamState | readonly StreamEvent[]): turn is readonly StreamEvent[] {
  return Array.isArray(turn);
}

/** What the events say, up to the first that says nothing sensible. */
function stateOf(events: readonly StreamEvent[]): StreamState {
  const turn = new TurnState<Message>();
  try {
    for (const event of events) turn.add(event);
    return turn.state;
  } catch (error) {
    return turn.fail(error).state;
  }
}

function messagesOf(kept: readonly Kept[], isAnswerable: (call: ToolInvocation) => boolean): TurnMessage[] {
  const rounds = kept.map(({ content, calls }): TurnMessage[] => [
    { role: 'assistant', content },
    { role: 'user', content: calls.filter(({ call }) => isAnswerable(call)).map(resultBlock) },
  ]);
  return joined([], rounds.flat())
    .map((message) => ({ ...message, content: withoutLastThoughts(message.content) }))
    .filter(({ content }) => content.length > 0);
}

/** Thinking leads to what follows it, and providers refuse it where nothing does. */
function withoutLastThoughts(content: TurnMessage['content']): TurnMessage['content'] {
  if (typeof content === 'string') return content;
  let end = content.length;
  while (end > 0 && THOUGHTS.has(content[end - 1]?.type ?? '')) end--;
  return content.slice(0, end);
}

/** Puts messages behind others. Two of one role in a row become one: a reply that was interrupted, and what came after it. */
export function joined(first: readonly TurnMessage[], then: readonly TurnMessage[]): readonly TurnMessage[] {
  const all = [...first];
  for (const message of then) {
    const before = all.at(-1);
    if (message.content.length === 0) continue;
    if (before?.role !== message.role) all.push(message);
    else
      all[all.length - 1] = {
        role: before.role,
        content: [...blocksOf(before.content), ...blocksOf(message.content)],
      };
  }
  return all;
}

function blocksOf(content: TurnMessage['content']): readonly TurnBlock[] {
  return typeof content === 'string' ? [{ type: 'text', text: content }] : content;
}
