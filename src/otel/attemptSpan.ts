import { isStreamError } from '../errors/streamError.js';
import type { StreamEvent } from '../events/event.js';
import { Reply } from '../fold/message/reply.js';
import { wholeInput } from '../fold/message/wholeInput.js';
import { MessageUsage } from '../fold/usage/messageUsage.js';
import { outputMessages } from './content.js';
import type { Instruments } from './instruments.js';
import type { AttributesLike, SpanLike } from './openTelemetry.js';

// The numbers that `SpanStatusCode` stands for.
const ERROR = 2;

const FINISH_REASONS = 'gen_ai.response.finish_reasons';

/** What all attempts have in common. */
export interface Tracing {
  /** What time it is, in ms. */
  readonly clock: () => number;
  /** Whom is asked: the attributes of metrics. */
  readonly asked: AttributesLike;
  readonly instruments: Instruments | undefined;
  /** Whether the time of each chunk is measured, where anything is. */
  readonly chunkTimes: boolean;
  /** Whether what the model says goes into the span. */
  readonly content: boolean;
}

/** One attempt at an answer: from the request to its end, with what it said of itself. */
export class AttemptSpan {
  readonly #span: SpanLike;
  readonly #tracing: Tracing;
  readonly #start: number;
  readonly #said: AttributesLike = {};
  readonly #usage = new MessageUsage();
  readonly #reply: Reply | undefined;
  /** Whom was asked and who answers. */
  #about: AttributesLike;
  /** Whether the times since the last event are measured. */
  readonly #isMeasured: boolean;
  #firstChunk: number | undefined;
  #lastChunk: number | undefined;
  #isOpen = true;
  /** Whether a delta still says something: the first event does, and each where chunks are measured or kept. */
  hearsDeltas = true;

  /**
   * @param span - the span, which has begun
   * @param tracing - how it is measured
   * @param isAsked - whether the request is sent now; a further message of a stream was asked for before anybody knew
   */
  constructor(span: SpanLike, tracing: Tracing, isAsked: boolean) {
    this.#span = span;
    this.#tracing = tracing;
    this.#start = tracing.clock();
    this.#about = tracing.asked;
    this.#isMeasured = tracing.instruments !== undefined && tracing.chunkTimes;
    if (tracing.content) this.#reply = new Reply(wholeInput);
    if (!isAsked) this.#hearFirst();
  }

  /** Whether it has not ended. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /**
   * Notes an event of the main agent.
   *
   * @throws StreamError what {@link MessageUsage.add} and {@link Reply.add} throw for events that are not in order
   */
  add(event: StreamEvent): void {
    if (this.#lastChunk === undefined) this.#firstChunk = secondsFrom(this.#start, this.#hearFirst());
    this.#reply?.add(event);
    switch (event.type) {
      case 'content_block_delta':
        if (this.#isMeasured) this.#hear();
        break;
      case 'message_start':
        this.#usage.add(event);
        this.#say('gen_ai.response.id', event.message.id);
        this.#say('gen_ai.response.model', event.message.model);
        this.#about = { ...this.#tracing.asked, ...pick(this.#said, 'gen_ai.response.model') };
        break;
      case 'message_delta':
        this.#usage.add(event);
        if (event.delta.stop_reason) this.#said[FINISH_REASONS] = [word(event.delta.stop_reason)];
        break;
      case 'message_stop':
        this.#end();
        break;
      case 'error':
        this.fail(event.error.type);
        break;
      default:
        // The others are content, or say nothing of the answer as a whole.
        break;
    }
  }

  /**
   * Ends it with a failure.
   *
   * @param failure - the provider's type of the error, or what was thrown
   */
  fail(failure: unknown): void {
    if (!this.#isOpen) return;
    this.#said['error.type'] = typeof failure === 'string' ? word(failure) : typeOf(failure);
    this.#said[FINISH_REASONS] ??= ['error'];
    this.#span.setStatus({ code: ERROR });
    this.#end();
  }

  /** Ends it where the source completes. */
  complete(): void {
    if (this.#isOpen) this.#end();
  }

  /** Ends it because nobody listens any more, which is no failure. */
  leave(): void {
    if (!this.#isOpen) return;
    // The conventions have `error` for this, too; but whoever stops an answer has one that was stopped.
    this.#said[FINISH_REASONS] ??= ['cancelled'];
    this.#end();
  }

  #end(): void {
    this.#isOpen = false;
    this.#sayUsage();
    if (this.#firstChunk !== undefined) this.#said['gen_ai.response.time_to_first_chunk'] = this.#firstChunk;
    const { blocks } = this.#reply ?? {};
    if (blocks !== undefined && blocks.length > 0)
      this.#said['gen_ai.output.messages'] = outputMessages(blocks, this.#finishReason);
    this.#span.setAttributes(this.#said);
    this.#span.end();
    const seconds = secondsFrom(this.#start, this.#tracing.clock());
    this.#tracing.instruments?.end(seconds, this.#firstChunk, this.#said, this.#about);
  }

  get #finishReason(): string {
    const reasons = this.#said[FINISH_REASONS];
    return Array.isArray(reasons) ? (reasons[0] ?? '') : '';
  }

  /** @returns when it came */
  #hearFirst(): number {
    this.hearsDeltas = this.#isMeasured || this.#tracing.content;
    return (this.#lastChunk = this.#tracing.clock());
  }

  /** What comes within one tick of the clock is one chunk. */
  #hear(): void {
    const now = this.#tracing.clock();
    const last = this.#lastChunk as number;
    if (now === last) return;
    this.#lastChunk = now;
    this.#tracing.instruments?.chunk(secondsFrom(last, now), this.#about);
  }

  /** What the provider has said. By the conventions all input counts, that of the cache too, which events count apart. */
  #sayUsage(): void {
    const { usage } = this.#usage;
    const read = numberOf(usage?.cache_read_input_tokens);
    const written = numberOf(usage?.cache_creation_input_tokens);
    const input = numberOf(usage?.input_tokens);
    const told = {
      input_tokens: input === undefined ? undefined : input + (read ?? 0) + (written ?? 0),
      output_tokens: numberOf(usage?.output_tokens),
      'cache_read.input_tokens': read || undefined,
      'cache_write.input_tokens': written || undefined,
      'reasoning.output_tokens': numberOf(usage?.output_tokens_details?.thinking_tokens) || undefined,
    };
    for (const [name, tokens] of Object.entries(told))
      if (tokens !== undefined) this.#said[`gen_ai.usage.${name}`] = tokens;
  }

  #say(name: string, value: unknown): void {
    if (typeof value === 'string' && value !== '') this.#said[name] = value.slice(0, 200);
  }
}

function pick(attributes: AttributesLike, name: string): AttributesLike {
  const value = attributes[name];
  return value === undefined ? {} : { [name]: value };
}

/** The clock of a computer may be set back. */
function secondsFrom(from: number, to: number): number {
  return Math.max(0, to - from) / 1_000;
}

/** A gateway may leave out any number, or say something else. */
function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

/** The code of an error, and for one of the provider its type. */
function typeOf(error: unknown): string {
  if (!isStreamError(error)) return '_OTHER';
  return error.errorType === undefined ? error.code : word(error.errorType);
}

/** A name as it is; what is no name may be anything, such as words of the answer or a key. */
function word(name: string): string {
  return name.length <= 60 && /^(?:[a-z]+\d{0,3}(?:[_.][a-z]+\d{0,3})*|\d{3})$/i.test(name) ? name : '_OTHER';
}
