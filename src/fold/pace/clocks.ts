import type { TimeoutKind } from '../../errors/streamErrorCode.js';
import { isPing, isTerminal, type StreamEvent } from '../../events/event.js';
import type { Gate } from '../../rx/gate.js';
import { isOutput } from '../order/output.js';

/** Options of `streamTimeout`. Times are in ms; a clock is off if its time is left out, 0, negative, `NaN` or `Infinity`. */
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

/** Where time has fractions, a clock may miss its deadline by a rounding error, in ms. No timer can wait for so short a time. */
const ROUNDING = 1e-3;

/** When a clock runs out. */
export interface Deadline {
  readonly kind: TimeoutKind;
  /** How long the clock may run, in ms. */
  readonly timeoutMs: number;
  /** When it runs out, in ms from the subscription. */
  readonly at: number;
}

/**
 * The clocks of one subscription. They only compute: the caller passes the time, in ms from the subscription. So it is a small
 * number, which needs no object of its own in V8.
 */
export class Clocks {
  /** Those that still run. */
  #options: StreamTimeoutOptions;
  /** When the last event that counts came. */
  #alive = 0;
  #hasOutput = false;

  /** @param options - how long each clock may run */
  constructor(options: StreamTimeoutOptions) {
    this.#options = options;
  }

  /** Notes an event. After a terminal event no clock runs. */
  hear(event: StreamEvent, now: number): void {
    if (this.#options.pingsKeepAlive || !isPing(event)) this.#alive = now;
    this.#hasOutput ||= isOutput(event);
    if (isTerminal(event)) this.#options = {};
  }

  /** The clock that will run out first as things stand, at `Infinity` if none does, or the most overdue that has run out. */
  get next(): Deadline {
    const { firstToken, idle, total } = this.#options;
    const first = deadline('firstToken', this.#hasOutput ? 0 : firstToken);
    const progress = first.at < Infinity ? first : deadline('idle', idle, this.#alive);
    const whole = deadline('total', total);
    return whole.at < progress.at ? whole : progress;
  }

  /** For how long, in ms, no clock can run out whatever comes; `Infinity` if none ever will. */
  rest(now: number): number {
    // The first content may come now and start a clock that runs out before the one that it stops.
    return Math.min(this.next.at, deadline('idle', this.#options.idle, now).at) - now;
  }

  /** The clock that has run out, if any. */
  expired(now: number): Deadline | undefined {
    const { next } = this;
    return next.at - now > ROUNDING ? undefined : next;
  }
}

function deadline(kind: TimeoutKind, timeoutMs = 0, from = 0): Deadline {
  return { kind, timeoutMs, at: timeoutMs > 0 ? from + timeoutMs : Infinity };
}
