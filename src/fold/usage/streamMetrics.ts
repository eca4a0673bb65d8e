import type { StreamEvent } from '../../events/event.js';
import { isOutput } from '../order/output.js';
import { Phase } from '../order/phase.js';
import { UsageSum } from './usageSum.js';

/** How fast a stream is, as far as it has come. Times are in ms; what is not known yet is `undefined`. */
export interface StreamMetrics {
  /** From the subscription to the first event, be it a ping. */
  readonly firstEventMs: number | undefined;
  /** From the subscription to the first content: text, thinking or a call. */
  readonly firstOutputMs: number | undefined;
  /** For how long content came: from the first to the last content of each message, added up. */
  readonly outputMs: number;
  /** The longest wait for the next content inside a message. */
  readonly longestGapMs: number;
  /** How many events came. */
  readonly events: number;
  /** The tokens of all messages, as far as the provider has said. */
  readonly outputTokens: number;
  /** `outputTokens` in the seconds of `outputMs`; `undefined` while either is 0. */
  readonly tokensPerSecond: number | undefined;
  /** How many messages have begun. */
  readonly rounds: number;
}

/** Measures one subscription. */
export class MetricsSoFar {
  readonly #clock: () => number;
  /** Times are counted from here: a small number needs no object of its own in V8. */
  readonly #start: number;
  readonly #phase = new Phase();
  readonly #usage = new UsageSum();
  #firstEventMs: number | undefined;
  #firstOutputMs: number | undefined;
  #outputMs = 0;
  #longestGapMs = 0;
  #events = 0;
  #rounds = 0;
  /** When the last content of this message came. */
  #lastOutput: number | undefined;
  #hasChanged = false;

  /** @param clock - what time it is, in ms; asked at once, and with each event */
  constructor(clock: () => number) {
    this.#clock = clock;
    this.#start = clock();
  }

  /**
   * Adds an event of the main agent; those of others say nothing.
   *
   * @throws StreamError what {@link UsageSum.add} throws, when the event has been counted
   */
  add(event: StreamEvent): void {
    if (event.lane) return;
    const now = this.#clock() - this.#start;
    this.#hasChanged = true;
    this.#events += 1;
    this.#firstEventMs ??= passed(0, now);
    // Its own results are not what the model says.
    if (event.type !== 'tool_result' && isOutput(event) && !this.#phase.hasEnded) this.#hear(now);
    // Its content was said in time, and its tokens are paid for; but the reader has one message of the two.
    if (event.type === 'reset' && this.#phase.isInside) this.#rounds -= 1;
    const disorder = this.#phase.next(event);
    if (event.type === 'message_start' && disorder === undefined) {
      this.#rounds += 1;
      this.#lastOutput = isOutput(event) ? now : undefined;
    }
    this.#usage.add(event);
  }

  /** How fast the stream is, if an event has come since this was last read. */
  get changed(): StreamMetrics | undefined {
    if (!this.#hasChanged) return undefined;
    this.#hasChanged = false;
    return this.#now;
  }

  /** Whether something has begun that has not ended. */
  get isUnfinished(): boolean {
    return this.#usage.isUnfinished;
  }

  #hear(now: number): void {
    this.#firstOutputMs ??= passed(0, now);
    const gap = passed(this.#lastOutput ?? now, now);
    this.#outputMs += gap;
    this.#longestGapMs = Math.max(this.#longestGapMs, gap);
    this.#lastOutput = now;
  }

  get #now(): StreamMetrics {
    const outputTokens = this.#usage.totals?.output_tokens ?? 0;
    const rate = (outputTokens * 1_000) / this.#outputMs;
    return {
      firstEventMs: this.#firstEventMs,
      firstOutputMs: this.#firstOutputMs,
      outputMs: this.#outputMs,
      longestGapMs: this.#longestGapMs,
      events: this.#events,
      outputTokens,
      tokensPerSecond: this.#outputMs > 0 && outputTokens > 0 ? rate : undefined,
      rounds: this.#rounds,
    };
  }
}

/** The clock of a computer may be set back. */
function passed(from: number, to: number): number {
  return Math.max(0, to - from);
}
