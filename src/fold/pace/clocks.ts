import type { TimeoutKind } from '../../errors/streamErrorCode.js';
import { isPing, isTerminal, type StreamEvent } from '../../events/event.js';
import type { Gate } from '../../rx/gate.js';
import { isOutput } from '../order/output.js';

/** Options of `streamTimeout`. Times are in ms; a clock is off if its time is left out, 0, negative or `Infinity`. */
export interface StreamTimeoutOptions {
  /** How long the first content may take, counted from the subscription. */
  readonly firstToken?: number | undefined;
  /** How long the stream may be silent: after the first content, or from the subscription on if `firstToken` is off. */
  readonly idle?: number | undefined;
  /** How long the whole stream may take. */
  readonly total?: number | undefined;
  /** Whether a `ping` counts as an event for `idle`. Default false. */
  readonly pingsKeepAlive?: boolean | undefined;
  /**
   * While it is closed no clock runs: what the source is kept from sending is not its delay. Give the source the same gate.
   */
  readonly gate?: Gate | undefined;
}

/** When a clock runs out. */
export interface Deadline {
  readonly kind: TimeoutKind;
  /** How long the clock may run, in ms. */
  readonly timeoutMs: number;
  /** When it runs out, in ms, on the time scale of `now`. */
  readonly at: number;
}

/** The clocks of one subscription. They only compute: the caller passes the time. */
export class Clocks {
  #firstToken: number;
  #idle: number;
  #total: number;
  readonly #pingsKeepAlive: boolean | undefined;
  readonly #start: number;
  /** When the last event that counts came. */
  #alive: number;
  #hasOutput = false;

  /**
   * @param options - how long each clock may run
   * @param now - the moment of the subscription
   */
  constructor(options: StreamTimeoutOptions, now: number) {
    this.#firstToken = running(options.firstToken);
    this.#idle = running(options.idle);
    this.#total = running(options.total);
    this.#pingsKeepAlive = options.pingsKeepAlive;
    this.#start = this.#alive = now;
  }

  /** Notes an event. After a terminal event no clock runs. */
  hear(event: StreamEvent, now: number): void {
    if (this.#pingsKeepAlive || !isPing(event)) this.#alive = now;
    this.#hasOutput ||= isOutput(event);
    if (isTerminal(event)) this.#firstToken = this.#idle = this.#total = Infinity;
  }

  /** The clock that will run out first as things stand, or the most overdue of those that have run out. */
  get next(): Deadline | undefined {
    const waits = !this.#hasOutput && this.#firstToken < Infinity;
    const progress = waits
      ? deadline('firstToken', this.#firstToken, this.#start)
      : deadline('idle', this.#idle, this.#alive);
    const whole = deadline('total', this.#total, this.#start);
    const first = whole.at < progress.at ? whole : progress;
    return first.at < Infinity ? first : undefined;
  }

  /** For how long, in ms, no clock can run out whatever comes; `Infinity` if none ever will. */
  rest(now: number): number {
    const { next } = this;
    // The first content may come now and start a clock that runs out before the one that it stops.
    return next === undefined ? Infinity : Math.min(next.at - now, this.#idle);
  }

  /** The clock that has run out, if any. */
  expired(now: number): Deadline | undefined {
    const { next } = this;
    return next !== undefined && next.at <= now ? next : undefined;
  }
}

function running(ms: number | undefined): number {
  return ms !== undefined && ms > 0 ? ms : Infinity;
}

function deadline(kind: TimeoutKind, timeoutMs: number, from: number): Deadline {
  return { kind, timeoutMs, at: from + timeoutMs };
}
