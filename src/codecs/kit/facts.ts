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
  readonly stop?: string | null | undefined;
  /** The rest of a `message_delta`, such as `stop_sequence`, and members that only this provider has. */
  readonly [member: string]: unknown;
}

/** Numbers of tokens. */
type Counts = { readonly [Field in keyof Usage]?: Usage[Field] | null | undefined } & {
  readonly total_tokens?: number | null | undefined;
};

/** The tokens in, out and in the cache, and no other numbers. */
export function tokensIn({
  input_tokens,
  output_tokens,
  cache_creation_input_tokens,
  cache_read_input_tokens,
}: Counts): Counts {
  return { input_tokens, output_tokens, cache_creation_input_tokens, cache_read_input_tokens };
}

/** What a `message_delta` has a place for, and a `message_start` does not say. */
const OF_THE_END: ReadonlySet<string> = new Set(['stop', 'stop_sequence', 'stop_details', 'container']);

/** What is known of a message as a whole: part of it stands in its start, and the rest comes before its end. */
export class MessageFacts {
  /** An unknown stop reason is written once too, as `null`. */
  readonly #known = new Map<string, unknown>([['stop', null]]);
  readonly #usage = new Map<string, unknown>();
  #newUsage = new Map<string, unknown>();
  #atStart: ReadonlyMap<string, unknown> = new Map();
  #said: ReadonlyMap<string, unknown> = new Map();

  get id(): string | undefined {
    return this.#known.get('id') as string | undefined;
  }

  get reason(): string | null {
    return this.#known.get('stop') as string | null;
  }

  get hasNewUsage(): boolean {
    return this.#newUsage.size > 0;
  }

  get hasNews(): boolean {
    return this.#news.length > 0 || this.hasNewUsage;
  }

  learn(facts: Facts): void {
    for (const name in facts) {
      const value = facts[name];
      if (!saysSome(value)) continue;
      if (name === 'usage') this.#count(value as Counts);
      else if (name !== 'id' || this.id === undefined) this.#known.set(name, value);
    }
  }

  start(): StreamEvent {
    const members = this.#news.filter(([name]) => !OF_THE_END.has(name));
    this.#atStart = this.#said = new Map(members);
    return events.messageStart({ ...Object.fromEntries(members), usage: this.#takeUsage() });
  }

  delta(): MessageDeltaEvent {
    const news = this.#news;
    this.#said = new Map(this.#known);
    const { stop: _, ...ofTheEnd } = Object.fromEntries(news.filter(([name]) => OF_THE_END.has(name)));
    const output_tokens = (this.#usage.get('output_tokens') ?? 0) as number;
    const usage: Partial<MessageDeltaUsage> = { ...this.#takeUsage(), output_tokens };
    // A reason of another protocol passes as it came, like one that a later version of this one adds.
    const event = events.messageDelta(this.reason as StopReason | null, { ...usage, ...ofTheEnd });
    return { ...event, ...Object.fromEntries(news.filter(([name]) => !OF_THE_END.has(name))) };
  }

  /** Forgets what was said after the start of the message: it is to be said again. */
  restart(): void {
    this.#said = this.#atStart;
    this.#newUsage = new Map(this.#usage);
  }

  get #news(): readonly (readonly [name: string, value: unknown])[] {
    return [...this.#known].filter(([name, value]) => this.#said.get(name) !== value);
  }

  #count(usage: Counts): void {
    for (const [name, value] of Object.entries(usage)) {
      if (!saysSome(value) || name === 'total_tokens') continue;
      this.#usage.set(name, value);
      this.#newUsage.set(name, value);
    }
  }

  #takeUsage(): Partial<Usage> {
    const usage = Object.fromEntries(this.#newUsage);
    this.#newUsage.clear();
    return usage;
  }
}

function saysSome(value: unknown): boolean {
  return (value ?? '') !== '';
}
