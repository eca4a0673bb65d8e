import type { ErrorEvent, StreamEvent } from '../../events/event.js';
import * as events from '../../events/make.js';
import type { Frame } from '../../wire/frame.js';
import { checked, malformedFrame } from '../kit/door.js';
import { errorIn, isFailure } from '../kit/errorIn.js';
import type { Json } from '../kit/json.js';
import { MessageDecoder } from '../kit/messageDecoder.js';
import { citationsIn } from './citation.js';
import { ContentReader } from './contentReader.js';
import { failureIn } from './failure.js';
import { countsOf, detailsOf, hasTokens, hasTotal } from './usage.js';
import { finishReasons, geminiChunkSchema, isChunk, nameOf } from './wire.js';
import type { GeminiCandidate, GeminiChunk, GeminiPart, GeminiUsage } from './wire.js';

const NO_CANDIDATES: readonly GeminiCandidate[] = [];
const NO_PARTS: readonly GeminiPart[] = [];

/** Reads the chunks of one stream. Nothing in them says that they end: the answer ends with the stream, if it has a reason. */
export class GeminiDecoder extends MessageDecoder {
  #content = new ContentReader(this.writer, this.pass);
  #usage: GeminiUsage | undefined;
  #usageAtStart: GeminiUsage | undefined;
  #answer = 1;
  #hasModel = false;
  /** What came after a reason and is not of the answer: it comes after the end, if that was it. */
  #later: StreamEvent[] = [];
  #heldLater = 0;

  override end(): readonly StreamEvent[] {
    if (this.#hasReason) this.#conclude();
    return this.writer.take();
  }

  override lose(frame: Frame, reason: string): void {
    super.lose(frame, reason);
    this.#content.lose();
  }

  protected override read(value: Json, frame: Frame): void {
    if (value['error']) return this.readError(value);
    if (isChunk(value)) return this.#readChunk(checked(geminiChunkSchema, value, 'chunk', frame), frame);
    const name = nameOf(value);
    if (name === undefined) throw malformedFrame(frame, 'The chunk has no members');
    if (isFailure(value)) this.fail(errorIn(value));
    else this.#passOn(events.unknown(name, value), frame);
  }

  protected override readError(value: Json): void {
    const { usageMetadata } = value;
    if (hasTokens(usageMetadata)) this.#usage = usageMetadata;
    this.fail(failureIn(value));
  }

  #readChunk(chunk: GeminiChunk, frame: Frame): void {
    const candidates = chunk.candidates ?? NO_CANDIDATES;
    const own = candidates.find(isOwn);
    // What only holds another candidate says nothing of the answer.
    if ((own || candidates.length === 0) && !this.#enter(chunk)) return this.pass('stray');
    if (own) this.#readCandidate(own, frame);
    if (candidates.length === (own ? 1 : 0)) return;
    for (const candidate of candidates) {
      if (candidate !== own) this.#passOn(events.unknown('candidate', { candidates: [candidate] }), frame);
    }
  }

  /** @returns whether the chunk is of an answer that has not ended */
  #enter(chunk: GeminiChunk): boolean {
    const { responseId: id, modelVersion: model, usageMetadata: usage, promptFeedback, answer } = chunk;
    const { writer } = this;
    const isNext = answer && answer > this.#answer;
    if (isNext && writer.hasBegun && !this.#hasReason) {
      throw writer.contradiction('An answer began before the one before it had ended');
    }
    if (this.#hasReason && (isNext || isOther(id, writer.id, chunk))) this.#conclude();
    if (writer.ended === 'badly' && !isNext) return false;
    if (answer) this.#answer = answer;
    if (this.#later.length > 0 && hasParts(chunk)) this.#flushLater();
    // Each that has a total replaces the one before, and what that said.
    if (hasTokens(usage) && (hasTotal(usage) || !hasTotal(this.#usage))) this.#usage = usage;
    if (!writer.hasBegun) {
      this.#usageAtStart = this.#usage;
      writer.begin({ id, model, usage: this.#usage && countsOf(this.#usage) });
    }
    if (id && writer.id === undefined) writer.learn({ id });
    if (model && !this.#hasModel) writer.learn({ model });
    this.#hasModel ||= Boolean(model);
    if (promptFeedback) this.#block(promptFeedback);
    return true;
  }

  #block(promptFeedback: NonNullable<GeminiChunk['promptFeedback']>): void {
    const { blockReason, blockReasonMessage } = promptFeedback;
    this.writer.learn({ promptFeedback });
    if (blockReason && blockReason !== 'BLOCK_REASON_UNSPECIFIED')
      this.writer.learn({ stop: 'refusal', stop_details: refusal(blockReasonMessage) });
  }

  #readCandidate(candidate: GeminiCandidate, frame: Frame): void {
    const { content, finishReason, finishMessage, safetyRatings } = candidate;
    const { groundingMetadata, citationMetadata, urlContextMetadata } = candidate;
    if (groundingMetadata) this.#content.cite(citationsIn(groundingMetadata));
    for (const part of content?.parts ?? NO_PARTS) {
      const stranger = this.#content.read(part);
      if (stranger !== undefined) this.#passOn(events.unknown(stranger, part), frame);
    }
    this.#content.cite();
    if (safetyRatings?.some(({ blocked }) => blocked === true))
      this.#passOn(events.unknown('safetyRatings', { safetyRatings }), frame);
    if (groundingMetadata || citationMetadata || urlContextMetadata)
      this.writer.learn({ groundingMetadata, citationMetadata, urlContextMetadata });
    if (!finishReason || finishReason === 'FINISH_REASON_UNSPECIFIED') return;
    const stop = finishReasons.ours(finishReason);
    // Proxies say STOP with every chunk: it takes no other reason back.
    if (stop === 'end_turn' && this.#hasReason) return;
    this.writer.learn({ stop });
    if (stop === 'refusal') this.writer.learn({ stop_details: refusal(finishMessage) });
    else this.writer.learn({ finishMessage });
  }

  #passOn(event: StreamEvent, { data }: Frame): void {
    if (!this.#hasReason) return this.writer.emit(event);
    this.#later.push(event);
    this.#heldLater += data.length;
    this.writer.held += data.length;
  }

  #flushLater(): void {
    for (const event of this.#later) this.writer.emit(event);
    this.writer.held -= this.#heldLater;
    this.#heldLater = 0;
    this.#later = [];
  }

  get #hasReason(): boolean {
    return this.writer.hasBegun && this.writer.reason !== null;
  }

  #conclude(): void {
    this.#content.end();
    if (this.writer.reason === 'end_turn' && this.#content.hasCalls) this.writer.learn({ stop: 'tool_use' });
    this.#learnUsage();
    this.writer.conclude();
    this.#flushLater();
    this.#forget();
  }

  protected override fail(error: ErrorEvent): void {
    this.#learnUsage();
    this.#flushLater();
    super.fail(error);
    this.#forget();
  }

  #learnUsage(): void {
    if (this.#usage === undefined || !this.writer.hasBegun) return;
    this.writer.learn({
      usage: countsOf(this.#usage, this.#usageAtStart),
      usage_details: detailsOf(this.#usage),
    });
  }

  #forget(): void {
    this.#content = new ContentReader(this.writer, this.pass);
    this.#usage = undefined;
    this.#hasModel = false;
    this.#later = [];
  }
}

/** Whether a candidate is the answer. */
function isOwn({ index }: GeminiCandidate, at: number): boolean {
  return (index ?? at) === 0;
}

/** Whether a chunk is of another answer than the one that has a reason already. */
function isOther(id: string | null | undefined, known: string | undefined, chunk: GeminiChunk): boolean {
  return Boolean(id) && known !== undefined && id !== known && hasParts(chunk);
}

function hasParts({ candidates }: GeminiChunk): boolean {
  return candidates?.some(({ content }) => Boolean(content?.parts?.length)) === true;
}

function refusal(explanation: string | null | undefined): Json {
  return { type: 'refusal', category: null, explanation: explanation || null };
}
