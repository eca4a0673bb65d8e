import type { StreamError } from '../errors/streamError.js';
import type { TurnBlock, TurnMessage } from '../events/turnMessage.js';
import { isBusy, TurnState, type StreamState } from '../fold/turn/streamState.js';
import { NO_USAGE, plus, type UsageTotals } from '../fold/usage/usageTotals.js';
import { historyOf, joined } from './history.js';

/** What is asked: a text, or blocks as the Messages API takes them, such as an image beside a text. */
export type Question = string | readonly TurnBlock[];

/** A question and the state of its answer. */
export interface Turn {
  readonly question: Question;
  readonly state: StreamState;
}

/** What there is to show of a conversation, and to keep of it. */
export interface Conversation {
  /** All turns that were asked here, in their order. Turns of the stored history stand in `messages` alone. */
  readonly turns: readonly Turn[];
  /**
   * The status of the turn that runs or waits, else of the last one; `done` before the first. `failed` too once the
   * source of the questions has failed.
   */
  readonly status: StreamState['status'];
  /** What all turns have used, in tokens, answers included that a retry dropped. */
  readonly usage: UsageTotals;
  /** Why the last turn failed, or the source of the questions. */
  readonly error: StreamError | undefined;
  /** The history, which can be stored, or sent with another question, at any moment. It is made when it is read. */
  readonly messages: readonly TurnMessage[];
}

const HISTORY = Symbol('history');

/** The history of a conversation, which is made when it is read. */
class History {
  #messages: readonly TurnMessage[] | undefined;

  /**
   * @param before - what was said before the turn that was begun last
   * @param turns - all turns
   * @param at - which of them was begun last
   */
  constructor(
    readonly before: readonly TurnMessage[],
    readonly turns: readonly Turn[],
    readonly at: number,
  ) {}

  get messages(): readonly TurnMessage[] {
    return (this.#messages ??= withTurns(this.before, this.turns.slice(Math.max(this.at, 0))));
  }
}

/**
 * Reads the history. All conversations share the accessor: an engine keeps an object with one of its own, and all that it
 * refers to, far longer than any other.
 */
const MESSAGES: PropertyDescriptor & ThisType<{ readonly [HISTORY]: History }> = {
  enumerable: true,
  configurable: true,
  get() {
    return this[HISTORY].messages;
  },
};

/**
 * The turns of a conversation. It belongs to one subscription and changes; the conversations that it hands out never do,
 * and stay the same object until something in them changes.
 */
export class Turns {
  /** The state of a turn before it is begun. */
  readonly #unasked: StreamState = new TurnState().state;
  #turns: readonly Turn[] = [];
  /** The turn that was begun last. */
  #at = -1;
  /** What was said before that turn. */
  #before: readonly TurnMessage[];
  /** What was used before its present answer. */
  #spent = NO_USAGE;
  #usage = NO_USAGE;
  #error: StreamError | undefined;
  #conversation: Conversation;

  /** @param history - what was said before the first turn */
  constructor(history: readonly TurnMessage[]) {
    this.#before = [...history];
    this.#conversation = this.#snapshot('done', undefined);
  }

  /** The conversation as things stand. */
  get conversation(): Conversation {
    return this.#conversation;
  }

  /** Whether a question waits to be sent. */
  get isAnyWaiting(): boolean {
    return this.#at < this.#turns.length - 1;
  }

  /** Adds a question, which waits. */
  add(question: Question): void {
    this.#turns = [...this.#turns, { question, state: this.#unasked }];
    this.#update();
  }

  /** Begins the next turn; there has to be one that waits. @returns what to send */
  begin(): readonly TurnMessage[] {
    const last = this.#turns[this.#at];
    if (last !== undefined) this.#before = withTurns(this.#before, [last]);
    this.#at++;
    return this.#beginAnswer();
  }

  /** Drops the last answer, so that its question waits again. @returns what to send; `undefined` where none was begun */
  retry(): readonly TurnMessage[] | undefined {
    if (this.#at < 0 || this.isAnyWaiting) return undefined;
    this.#replace(this.#unasked);
    return this.#beginAnswer();
  }

  /** Takes the next state of the turn that runs. */
  show(state: StreamState): void {
    if (state.usage !== this.#turns[this.#at]?.state.usage) this.#usage = plus(this.#spent, state.usage);
    this.#replace(state);
    this.#update();
  }

  /** Says that no more questions come, for they were lost. */
  fail(error: StreamError): void {
    this.#error = error;
    this.#update();
  }

  #beginAnswer(): readonly TurnMessage[] {
    this.#spent = this.#usage;
    this.#update();
    return joined(this.#before, messagesOf(this.#turns[this.#at]?.question ?? []));
  }

  #replace(state: StreamState): void {
    const turn = this.#turns[this.#at];
    if (turn === undefined || turn.state === state) return;
    const turns = this.#turns.slice();
    turns[this.#at] = { question: turn.question, state };
    this.#turns = turns;
  }

  /** The state of the turn that runs or waits, else of the last one. */
  get #state(): StreamState | undefined {
    for (let at = Math.max(this.#at, 0); at < this.#turns.length; at++) {
      const state = this.#turns[at]?.state;
      if (state !== undefined && isBusy(state)) return state;
    }
    return this.#turns.at(-1)?.state;
  }

  #update(): void {
    const state = this.#state;
    const status = this.#error === undefined ? (state?.status ?? 'done') : 'failed';
    const error = this.#error ?? state?.error;
    const last = this.#conversation;
    if (this.#turns === last.turns && status === last.status && error === last.error) return;
    this.#conversation = this.#snapshot(status, error);
  }

  #snapshot(status: Conversation['status'], error: StreamError | undefined): Conversation {
    const shown = { turns: this.#turns, status, usage: this.#usage, error };
    // Two at once take twice as long.
    Object.defineProperty(shown, HISTORY, { value: new History(this.#before, this.#turns, this.#at) });
    return Object.defineProperty(shown, 'messages', MESSAGES) as Conversation & typeof shown;
  }
}

/** Whether a question says nothing, which no provider takes. */
export function isBlank(question: Question): boolean {
  return messagesOf(question).length === 0;
}

function withTurns(before: readonly TurnMessage[], turns: readonly Turn[]): readonly TurnMessage[] {
  return turns.reduce(
    (messages, { question, state }) => joined(messages, [...messagesOf(question), ...historyOf(state)]),
    before,
  );
}

/** A question as a message; nothing of it that is blank, which no provider takes. */
function messagesOf(question: Question): readonly TurnMessage[] {
  const content =
    typeof question === 'string'
      ? question
      : question.filter((block) => isBlock(block) && !isBlankText(block));
  const isEmpty = typeof content === 'string' ? content.trim() === '' : content.length === 0;
  return isEmpty ? [] : [{ role: 'user', content }];
}

/** What is asked may come from a form, or from a store. */
function isBlock(block: unknown): block is TurnBlock {
  return typeof block === 'object' && block !== null;
}

function isBlankText(block: TurnBlock): boolean {
  return block.type === 'text' && 'text' in block && String(block.text).trim() === '';
}
