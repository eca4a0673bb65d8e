import type { MessageDeltaEvent, StreamEvent } from '../../events/event.js';
import * as events from '../../events/make.js';
import type { StopReason } from '../../events/message.js';
import type { MessageDeltaUsage, Usage } from '../../events/usage.js';

/** What a protocol says of a message as a whole. What is absent, `null` or empty says nothing. */
export interface Facts {
  readonly id?: string | null | undefined;
  readonly model?: string | null | undefined;
  /** Numbers are cumulative: each replaces the one before. A total of them is left out. */
  readonly usage?: Counts | null | undefined;
  /** Why the model stopped. */
  readonly stop?: string | null | undefined;
  /** The rest of a `message_delta`, such as `stop_sequence`, and members that only this provider has. */
  readonly [member: string]: unknown;
}

/** Numbers of tokens. */
type Counts = { readonly [Field in keyof Usage]?: Usage[Field] | null | undefined } & {
  readonly total_tokens?: number | null | undefined;
};

/** Members that a `message_delta` has a place for, and a `message_start` does not fill. */
const OF_THE_END: ReadonlySet<string> = new Set(['stop_sequence', 'stop_details', 'container']);

/** What is known of a message as a whole: part of it stands in its start, and the rest comes before its end. */
export class MessageFacts {
  readonly #known = new Map<string, unknown>();
  readonly #usage = new Map<string, unknown>();
  /** What of them stands in the start of the message. */
  #atStart: ReadonlyMap<string, unknown> = new Map();
  /** What of them has not been said. */
  #news = new Map<string, unknown>();
  #newUsage = new Map<string, unknown>();
  #reason: string | null = null;
  #saidReason: string | null | undefined;

  get id(): string | undefined {
    return this.#known.get('id') as string | undefined;
  }

  get reason(): string | null {
    return this.#reason;
  }

  get hasNewUsage(): boolean {
    return this.#newUsage.size > 0;
  }

  /** Whether a message that ends now has something to say before. */
  get hasNews(): boolean {
    return this.#news.size > 0 || this.hasNewUsage || this.#saidReason !== this.#reason;
  }

  learn(facts: Facts): void {
    for (const name in facts) {
      const value = facts[name];
      if (!saysSome(value)) continue;
      if (name === 'stop') this.#reason = value as string;
      else if (name === 'usage') this.#count(value as Counts);
      else if (this.#known.get(name) !== value && (name !== 'id' || this.id === undefined)) {
        this.#known.set(name, value);
        this.#news.set(name, value);
      }
    }
  }

  /** The start of a message, with all that is known. */
  start(): StreamEvent {
    const [ofTheEnd, members] = this.#takeNews();
    this.#news = new Map(Object.entries(ofTheEnd));
    this.#atStart = new Map(this.#known);
    return events.messageStart({ ...members, usage: this.#takeUsage() });
  }

  /** A `message_delta` with all that was not said yet. */
  delta(): MessageDeltaEvent {
    const [ofTheEnd, members] = this.#takeNews();
    const output_tokens = (this.#usage.get('output_tokens') ?? 0) as number;
    const usage: Partial<MessageDeltaUsage> = { ...this.#takeUsage(), output_tokens };
    this.#saidReason = this.#reason;
    // A reason of another protocol passes as it came, like one that a later version of this one adds.
    const event = events.messageDelta(this.#reason as StopReason | null, { ...usage, ...ofTheEnd });
    return { ...event, ...members };
  }

  /** Forgets what was said after the start of the message: it is to be said again. */
  restart(): void {
    this.#news = new Map([...this.#known].filter(([name, value]) => this.#atStart.get(name) !== value));
    this.#newUsage = new Map(this.#usage);
    this.#saidReason = undefined;
  }

  #count(usage: object): void {
    for (const [name, value] of Object.entries(usage)) {
      if (!saysSome(value) || name === 'total_tokens') continue;
      this.#usage.set(name, value);
      this.#newUsage.set(name, value);
    }
  }

  /** The news that a `message_delta` has a place for, and the others. */
  #takeNews(): readonly [ofTheEnd: object, others: object] {
    const news = [...this.#news];
    this.#news.clear();
    const isOfTheEnd = ([name]: readonly [string, unknown]): boolean => OF_THE_END.has(name);
    const others = news.filter((entry) => !isOfTheEnd(entry));
    return [Object.fromEntries(news.filter(isOfTheEnd)), Object.fromEntries(others)];
  }

  #takeUsage(): Partial<Usage> {
    const usage = Object.fromEntries(this.#newUsage);
    this.#newUsage.clear();
    return usage;
  }
}

function saysSome(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '';
}
