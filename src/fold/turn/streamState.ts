import { lookable } from '../../errors/lookable.js';
import { truncated, withPartial, type StreamError } from '../../errors/streamError.js';
import type { StreamEvent } from '../../events/event.js';
import type { Message } from '../../events/message.js';
import { CallList } from '../calls/callList.js';
import { growingInput, type InputReader } from '../calls/inputReader.js';
import type { ToolInvocation } from '../calls/toolInvocation.js';
import { endedWell } from '../order/cutOff.js';
import { UsageSum } from '../usage/usageSum.js';
import { NO_USAGE, type UsageTotals } from '../usage/usageTotals.js';
import { GrowingReply } from '../message/growingReply.js';

/** What has come of a turn, of one reply or of many. */
interface TurnSoFar<M extends Message> {
  /** All replies, the one that is written included. */
  readonly messages: readonly M[];
  /** All calls, each with its state and its result. */
  readonly calls: readonly ToolInvocation[];
  /** What all replies have used, in tokens. */
  readonly usage: UsageTotals;
}

/** What there is to show of a turn. `status` tells which of the others there are; `message` is the last reply. */
export type StreamState<M extends Message = Message> = TurnSoFar<M> &
  (
    | {
        /** The next reply is awaited: the first, or another after a `reset` or a pause. */
        readonly status: 'waiting';
        readonly message: M | undefined;
        readonly error: undefined;
      }
    | {
        /**
         * `streaming`: the reply is written. `tools`: it has called tools of the app, and the turn goes on with their
         * results; at the end of a stream, somebody else is still to give some. `done`: it is whole. `stopped`: it was
         * cancelled.
         */
        readonly status: 'streaming' | 'tools' | 'done' | 'stopped';
        readonly message: M;
        readonly error: undefined;
      }
    | {
        /** What went wrong, and the reply as far as it had come, if one had begun. */
        readonly status: 'failed';
        readonly message: M | undefined;
        readonly error: StreamError;
      }
  );

/** Whether something still comes: a reply, or the results of tools. */
export function isBusy({ status }: Pick<StreamState, 'status'>): boolean {
  return status === 'waiting' || status === 'streaming' || status === 'tools';
}

/**
 * The state of a turn. It belongs to one subscription and changes; the states it hands out never do, and stay the same
 * object until something in them changes.
 */
export class TurnState<M extends Message> {
  readonly #reply = new GrowingReply<InputReader>(growingInput);
  readonly #calls = new CallList<undefined>(undefined, this.#reply);
  readonly #usage = new UsageSum();
  /** The replies before the one that is written. */
  readonly #before: M[] = [];
  /** How many calls were made by those. */
  #callsBefore = 0;
  /** Whether the last reply ended with calls that were to be run. */
  #hasCalled = false;
  /** Whether nothing more comes. */
  #isOver = false;
  /** As it was read last. */
  #state: StreamState<M> = {
    status: 'waiting',
    message: undefined,
    messages: [],
    calls: this.#calls.list,
    usage: NO_USAGE,
    error: undefined,
  };

  /**
   * The state as things stand. It is made when it is read: who asks at the end alone pays for nothing on the way.
   *
   * @throws StreamError `protocol` where blocks came without a message
   */
  get state(): StreamState<M> {
    if (this.#isOver) return this.#state;
    const message = this.#reply.message as M | undefined;
    return this.#show(message === undefined ? 'waiting' : this.#statusOf(message), message);
  }

  /**
   * @returns this turn
   * @throws StreamError as {@link CallList.add}
   */
  add(event: StreamEvent): this {
    const { type } = event;
    // A call that did not begin in this turn has its result in another one, too.
    if (type === 'tool_result' && !this.#calls.has(event.tool_use_id)) return this;
    // No state is made here: it has all replies in it, and a turn may have thousands.
    const last = type === 'message_start' && this.#reply.hasEnded ? this.#reply.message : undefined;
    this.#calls.add(event);
    // No event of a block says what was used.
    if (!('index' in event)) this.#usage.add(event);
    if (!this.#reply.hasEnded) this.#hasCalled = false;
    else if (this.#reply.endedNow)
      this.#hasCalled = this.#isAnyCall(endedWell(this.#reply.head) ? undefined : RUNNABLE);
    if (last !== undefined && !this.#reply.hasEnded) {
      this.#before.push(last as M);
      this.#callsBefore = this.#calls.count;
    }
    return this;
  }

  /** Says that nothing more comes: a failure, unless the last reply is whole. */
  end(): this {
    if (!this.#reply.hasEnded) return this.fail(truncated());
    const { status, message } = this.state;
    if (status === 'waiting' || (status === 'tools' && !this.#isAnyCall(AWAITED)))
      this.#show('done', message);
    this.#isOver = true;
    return this;
  }

  /** Says that the stream failed. */
  fail(thrown: unknown): this {
    const cause = lookable(thrown);
    this.#calls.abandon(cause);
    const { partial } = this.#reply;
    const message = partial !== undefined && 'role' in partial ? (partial as M) : undefined;
    this.#show('failed', message, withPartial(cause, partial));
    this.#isOver = true;
    return this;
  }

  #statusOf({ stop_reason }: M): StreamState['status'] {
    if (!this.#reply.hasEnded) return 'streaming';
    if (stop_reason === 'cancelled') return 'stopped';
    if (stop_reason === 'pause_turn') return 'waiting';
    return this.#hasCalled ? 'tools' : 'done';
  }

  /** Whether a call of the last reply, of a tool of the app, has one of these states, or any. */
  #isAnyCall(states?: ReadonlySet<ToolInvocation['status']>): boolean {
    return this.#calls
      .after(this.#callsBefore)
      .some(({ type, status }) => type === 'tool_use' && (states?.has(status) ?? true));
  }

  /** Shows the reply that is written, if there is one, and all else as it stands; the same state where nothing changed. */
  #show(status: StreamState['status'], written: M | undefined, error?: StreamError): StreamState<M> {
    const { list: calls } = this.#calls;
    const { totals: usage = NO_USAGE } = this.#usage;
    const before = this.#before;
    const state = this.#state;
    const { messages: shown } = state;
    const message = written ?? (status === 'failed' ? undefined : before.at(-1));
    const isShown =
      shown.length === before.length + (written ? 1 : 0) && shown.at(-1) === (written ?? before.at(-1));
    const messages = isShown ? shown : before.concat(written ?? []);
    if (
      isShown &&
      state.status === status &&
      state.message === message &&
      state.calls === calls &&
      state.usage === usage &&
      state.error === error
    )
      return state;
    // The status tells which of the others there are.
    return (this.#state = { status, message, messages, calls, usage, error } as StreamState<M>);
  }
}

/** What somebody is known to answer still. */
const AWAITED: ReadonlySet<ToolInvocation['status']> = new Set(['approval', 'running']);
/** What has no result and can get one. */
const RUNNABLE: ReadonlySet<ToolInvocation['status']> = new Set([...AWAITED, 'queued']);
