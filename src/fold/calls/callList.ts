import { quoted } from '../../errors/quoted.js';
import { StreamError } from '../../errors/streamError.js';
import type { StreamEvent } from '../../events/event.js';
import type { Draft } from '../message/draft.js';
import { hasMembers } from '../message/openInput.js';
import { Reply } from '../message/reply.js';
import { callOf, toolCallOf } from './call.js';
import { growingInput, type InputReader } from './inputReader.js';
import { HeldCalls, type Verdict } from './heldCalls.js';
import { answered, outcomeOf, settled, streamingInvocation } from './toolInvocation.js';
import type { Answer, SettledInvocation, ToolInvocation } from './toolInvocation.js';
import type { ToolSchemas } from './toolInput.js';

interface Entry {
  readonly draft: CallDraft;
  /** Where it stands in the list. */
  readonly at: number;
  /** Whether a member of the input has been shown, more than the `{}` that every input starts with. */
  hasInput: boolean;
  invocation: ToolInvocation;
}

/** The calls of one id, mostly one. Gateways number them anew, or not at all: several of a message may have the same. */
interface Namesakes {
  /** How many calls are kept of the messages before theirs. */
  readonly kept: number;
  /** How many of them are not certain. */
  streaming: number;
  /** The others, as they became certain; `undefined`: one that is not listed, left out or of an attempt that failed. */
  readonly settled: (Entry | undefined)[];
  /** How many of those have a result. */
  answered: number;
}

type CallDraft = Draft<InputReader>;

/**
 * The calls of a conversation in the order they began, each with its input and its result. It belongs to one
 * subscription and changes; the lists it hands out never do, and share the calls that did not change.
 */
export class CallList<Tools extends ToolSchemas | undefined> {
  readonly #tools: Tools | undefined;
  readonly #reply: Reply<InputReader>;
  readonly #held = new HeldCalls<CallDraft>();
  readonly #invocations: ToolInvocation[] = [];
  /** How many of them are of messages that have ended. */
  #kept = 0;
  /** What a result refers to. */
  readonly #byId = new Map<string, Namesakes>();
  /** Those of the message that is written. */
  readonly #byDraft = new Map<CallDraft, Entry>();
  #list: readonly ToolInvocation<Tools>[] | undefined = [];

  /**
   * @param tools - schemas for finished inputs
   * @param reply - gathers the blocks: one of its own, or one that shows them as well
   */
  constructor(tools: Tools | undefined, reply: Reply<InputReader> = new Reply(growingInput)) {
    this.#tools = tools;
    this.#reply = reply;
  }

  /** Whether a call changed since `list` was last read. */
  get changed(): boolean {
    return this.#list === undefined;
  }

  /** How many calls there are. */
  get count(): number {
    return this.#invocations.length;
  }

  /** The calls behind so many of them. */
  after(count: number): readonly ToolInvocation[] {
    return this.#invocations.slice(count);
  }

  /** All calls so far. */
  get list(): readonly ToolInvocation<Tools>[] {
    // The schemas that type the calls have checked their inputs.
    return (this.#list ??= this.#invocations.slice() as readonly ToolInvocation<
      ToolSchemas | undefined
    >[] as readonly ToolInvocation<Tools>[]);
  }

  /** Whether something has begun that has not ended, or has ended and is not certain. */
  get isUnfinished(): boolean {
    return this.#reply.isUnfinished || this.#invocations.some(({ status }) => status === 'streaming');
  }

  /**
   * @returns this list
   * @throws StreamError as {@link Reply.add}; `protocol` for a result of a call that never began, or has not ended
   */
  add(event: StreamEvent): this {
    const reply = this.#reply.add(event);
    if (event.lane) return this;
    this.#settle(this.#held.add(event, reply));
    switch (event.type) {
      case 'content_block_delta':
        for (const draft of reply.touched) this.#grow(draft);
        break;
      case 'content_block_start':
      case 'message_start':
        for (const draft of reply.touched) this.#begin(draft);
        break;
      case 'tool_result': {
        const { tool_use_id, content: result, is_error = false, preliminary, cancelled } = event;
        if (!this.has(tool_use_id)) throw misplaced(tool_use_id, 'never began');
        this.#answer(tool_use_id, {
          result,
          isError: is_error,
          isPreliminary: preliminary,
          isCancelled: cancelled,
        });
        break;
      }
      case 'tool_approval':
        this.#answer(event.tool_use_id, { approval: event });
        break;
      case 'message_stop':
        if (!reply.endedNow) break;
        this.#kept = this.#invocations.length;
        this.#byDraft.clear();
        break;
      case 'reset':
        this.#dropAttempt();
        break;
      default:
        break;
    }
    return this;
  }

  /** Whether a call of this id has begun. */
  has(id: string): boolean {
    return this.#byId.has(id);
  }

  /**
   * Gives up what is not certain: those calls are `invalid` then.
   *
   * @param cause - why
   * @returns this list
   */
  abandon(cause: unknown): this {
    this.#settle(this.#held.abandon(this.#reply.abandon(cause)));
    return this;
  }

  #begin(draft: CallDraft): void {
    const { start } = draft;
    const call = callOf(draft);
    if (call === undefined) {
      // Of a call in an earlier reply the result may stand in this one, after a pause.
      const id: unknown = Reflect.get(Object(start) as object, 'tool_use_id');
      if (typeof id === 'string') this.#answer(id, outcomeOf(start));
      return;
    }
    if (callOf(draft, this.#tools) === undefined) {
      this.#namesakes(call.id).settled.push(undefined);
      return;
    }
    const invocation = streamingInvocation(draft, call);
    const entry = { draft, at: this.#invocations.length, hasInput: false, invocation };
    this.#namesakes(call.id).streaming++;
    this.#byDraft.set(draft, entry);
    this.#show(entry, invocation);
  }

  #grow(draft: CallDraft): void {
    const entry = this.#byDraft.get(draft);
    const snapshot = draft.input?.snapshot;
    if (entry === undefined || snapshot?.changed !== true) return;
    entry.hasInput ||= hasMembers(snapshot.value);
    if (entry.hasInput) this.#show(entry, streamingInvocation(draft, entry.invocation));
  }

  #settle(verdicts: readonly Verdict<CallDraft>[]): void {
    for (const { draft, cutOff } of verdicts) {
      const entry = this.#byDraft.get(draft);
      const call = toolCallOf(draft, this.#tools, cutOff);
      if (entry === undefined || call === undefined) continue;
      const namesakes = this.#namesakes(call.id);
      namesakes.streaming--;
      namesakes.settled.push(entry);
      this.#show(entry, settled(entry.invocation, call));
    }
  }

  /** Tells the first call of this id that has no result, or, once each has one, the last. */
  #answer(id: string, answer: Answer): void {
    const namesakes = this.#byId.get(id);
    if (namesakes === undefined) return;
    const { settled: ready, streaming } = namesakes;
    const isLast = 'result' in answer && !answer.isPreliminary;
    const at = Math.min(namesakes.answered, ready.length - 1);
    if (namesakes.answered < ready.length) namesakes.answered += isLast ? 1 : 0;
    else if (streaming > 0) throw misplaced(id, 'has not ended');
    const entry = ready[at];
    if (entry === undefined) return;
    // It is settled, and `settled` says what that is.
    const before = entry.invocation as SettledInvocation;
    const isProof = 'result' in answer && !answer.isError;
    const invocation = answered(isProof ? this.#withoutDoubt(entry, before) : before, answer);
    if (invocation !== before) this.#show(entry, invocation);
  }

  /** The calls of this id in the message that is written. */
  #namesakes(id: string): Namesakes {
    const known = this.#byId.get(id);
    if (known?.kept === this.#kept) return known;
    const begun: Namesakes = { kept: this.#kept, streaming: 0, settled: [], answered: 0 };
    this.#byId.set(id, begun);
    return begun;
  }

  /** What a tool gave shows that its call was whole, where only the end of the reply made one doubt: after a pause. */
  #withoutDoubt({ draft }: Entry, invocation: SettledInvocation): SettledInvocation {
    const isDoubtful =
      invocation.status === 'invalid' &&
      invocation.error.code === 'truncated' &&
      draft.state.status === 'complete';
    const call = isDoubtful ? toolCallOf(draft, this.#tools) : undefined;
    return call === undefined ? invocation : settled(invocation, call);
  }

  #dropAttempt(): void {
    const dropped = this.#invocations.splice(this.#kept);
    // What the failed attempt asked for may still be running.
    for (const { id } of dropped)
      this.#byId.set(id, { kept: -1, streaming: 0, settled: [undefined], answered: 0 });
    this.#byDraft.clear();
    if (dropped.length > 0) this.#list = undefined;
  }

  #show(entry: Entry, invocation: ToolInvocation): void {
    entry.invocation = invocation;
    this.#invocations[entry.at] = invocation;
    this.#list = undefined;
  }
}

function misplaced(id: string, state: string): StreamError {
  return new StreamError('protocol', `A result for call ${quoted(id)}, which ${state}`);
}
