import { isStreamError } from '../errors/streamError.js';
import type { StreamEvent } from '../events/event.js';
import { MessageUsage } from '../fold/usage/messageUsage.js';
import type { AttributesLike, SpanLike } from './openTelemetry.js';

// The numbers that `SpanStatusCode` stands for.
const ERROR = 2;

/** What becomes of an attempt that has ended. */
export type Report = (seconds: number, firstChunk: number | undefined, said: AttributesLike) => void;

/** One attempt at an answer: from the request to its end, with what it said of itself and none of its words. */
export class AttemptSpan {
  readonly #span: SpanLike;
  readonly #clock: () => number;
  readonly #start: number;
  readonly #report: Report;
  readonly #said: AttributesLike = {};
  readonly #usage = new MessageUsage();
  #firstChunk: number | undefined;
  #isOpen = true;

  /**
   * @param span - the span, which has begun
   * @param clock - what time it is, in ms
   * @param report - called once, when it ends: after how many seconds the end and the first event came, and its attributes
   */
  constructor(span: SpanLike, clock: () => number, report: Report) {
    this.#span = span;
    this.#clock = clock;
    this.#start = clock();
    this.#report = report;
  }

  /** Whether it has not ended. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Notes an event of the main agent. */
  add(event: StreamEvent): void {
    this.#firstChunk ??= this.#seconds;
    switch (event.type) {
      case 'message_start':
        this.#usage.add(event);
        this.#say('gen_ai.response.id', event.message.id);
        this.#say('gen_ai.response.model', event.message.model);
        break;
      case 'message_delta':
        this.#usage.add(event);
        if (event.delta.stop_reason)
          this.#said['gen_ai.response.finish_reasons'] = [word(event.delta.stop_reason)];
        break;
      case 'message_stop':
        this.end();
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
    this.#span.setStatus({ code: ERROR });
    this.end();
  }

  /** Ends it, well or because nobody listens any more. */
  end(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    const { usage } = this.#usage;
    if (usage !== undefined) {
      const { input_tokens, output_tokens, cache_read_input_tokens, cache_creation_input_tokens } = usage;
      const read = cache_read_input_tokens ?? 0;
      const written = cache_creation_input_tokens ?? 0;
      // By the conventions all input counts, that of the cache too, which the events count apart.
      this.#said['gen_ai.usage.input_tokens'] = (input_tokens ?? 0) + read + written;
      this.#said['gen_ai.usage.output_tokens'] = output_tokens ?? 0;
      if (read > 0) this.#said['gen_ai.usage.cache_read.input_tokens'] = read;
      if (written > 0) this.#said['gen_ai.usage.cache_write.input_tokens'] = written;
    }
    if (this.#firstChunk !== undefined) this.#said['gen_ai.response.time_to_first_chunk'] = this.#firstChunk;
    this.#span.setAttributes(this.#said);
    this.#span.end();
    this.#report(this.#seconds, this.#firstChunk, this.#said);
  }

  get #seconds(): number {
    return Math.max(0, this.#clock() - this.#start) / 1_000;
  }

  #say(name: string, value: string | null | undefined): void {
    if (value) this.#said[name] = value.slice(0, 200);
  }
}

/** The code of an error, and for one of the provider its type. */
function typeOf(error: unknown): string {
  if (!isStreamError(error)) return '_OTHER';
  return word(('errorType' in error && error.errorType) || error.code);
}

/** A name as it is; what is no name may be anything, such as words of the answer. */
function word(name: string): string {
  return /^[\w.-]{1,60}$/.test(name) ? name : '_OTHER';
}
