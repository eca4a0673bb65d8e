import type { Message } from '../../events/message.js';
import type { Frame } from '../../wire/frame.js';
import type { Json } from '../kit/json.js';
import { Gathered } from '../kit/gathered.js';
import { MessageEncoder } from '../kit/messageEncoder.js';
import type { Ending, ReadBlock, Reading } from '../kit/messageReader.js';
import { fileOf } from './media.js';
import { isCounted, metadataOf, ToldMetadata } from './metadata.js';
import { wrapped } from './output.js';
import { ownPart } from './ownPart.js';
import { providedIn } from './provided.js';
import { DONE, finishReasons } from './wire.js';
import { WrittenCalls } from './writtenCalls.js';
import { WrittenTexts } from './writtenTexts.js';

/** How a stream is written. */
export interface UiDialect {
  /**
   * The version of the AI SDK that reads it. Version 7 reads what is written for 6, and more: attempts that are repeated,
   * what was decided of a call, sources at the end of their text. Default 6.
   */
  readonly version?: 6 | 7 | undefined;
}

/** Writes the events of one stream. */
export class UiEncoder extends MessageEncoder {
  readonly #version: 6 | 7;
  readonly #calls: WrittenCalls;
  readonly #texts: WrittenTexts;
  /** The number of the next block. */
  #index = 0;
  /** Whether a message has begun on the wire: further messages are steps of it. */
  #hasStarted = false;
  #isInStep = false;
  /** What is known of the end of the message besides what it ends with. */
  readonly #usage = new Gathered();
  #others: unknown;
  #told = new ToldMetadata();
  /** How the last message ended, until it is clear whether another follows. */
  #ended: Ending | undefined;

  constructor({ version = 6 }: UiDialect) {
    super();
    this.#version = version;
    const put = (part: object): void => this.put(part);
    this.#calls = new WrittenCalls(version, put);
    this.#texts = new WrittenTexts(version, put);
  }

  override end(): readonly Frame[] {
    if (this.#ended !== undefined) this.#finish(this.#ended);
    return super.end();
  }

  protected override get saysReset(): boolean {
    return this.#version === 7;
  }

  protected override write(reading: Reading): void {
    switch (reading.type) {
      case 'begin':
        return this.#begin(reading.message);
      case 'open':
        return this.#open(reading.block);
      case 'text':
      case 'thinking':
        return this.#texts.grow(reading.block, reading.piece);
      case 'delta':
        this.#texts.take(reading.block, reading.delta);
        return this.#calls.take(reading.block, reading.delta);
      case 'close':
        if (!this.#texts.end(reading.block)) this.#calls.close(reading.block);
        return;
      case 'call':
        this.#index += 1;
        return this.#calls.begin(reading.call);
      case 'input':
        return this.#calls.grow(reading.call, reading.piece);
      case 'whole':
        return this.#calls.settle(reading.call, reading.json);
      case 'abort':
        if (!this.#texts.end(reading.block)) this.#calls.abort(reading.block, reading.reason);
        return;
      case 'progress':
        return this.#calls.progress(reading.id, reading.content);
      case 'result':
        return this.#calls.answer(reading.id, reading.content, reading.isError);
      case 'approval':
        return this.#calls.approve(reading.event);
      case 'facts': {
        const { messageMetadata } = reading.members as Json;
        this.#usage.add(reading.usage);
        this.#others = messageMetadata ?? this.#others;
        return;
      }
      case 'end':
        this.#ended = reading.ending;
        return;
      case 'failure':
        return this.#fail(reading.event.error.message);
      case 'unknown':
        return this.#pass(reading.name, reading.data);
      case 'reset':
        return this.#repeat();
      default:
      // The protocol has no pings: a comment keeps the connection alive.
    }
  }

  #begin({ id, model, usage, ...members }: Message): void {
    const isFirst = !this.#hasStarted;
    this.#endStep();
    this.#forget();
    const { messageMetadata: others } = members as Json;
    const metadata = metadataOf({
      // The client knows a message by the id of its start, so another one stands beside it.
      messageId: isFirst ? undefined : id,
      model,
      usage: isCounted(usage ?? {}) ? usage : undefined,
      others,
    });
    this.#hasStarted = true;
    this.#index = 0;
    if (isFirst)
      this.put({ type: 'start', messageId: id || undefined, messageMetadata: this.#told.note(metadata) });
    else this.#putMetadata(this.#told.instead(metadata));
    if (!this.#isInStep) this.put({ type: 'start-step' });
    this.#isInStep = true;
  }

  #open(block: ReadBlock): void {
    const id = String(this.#index++);
    if (this.#texts.begin(block, id)) return;
    const { block: content } = block;
    if (content.type === 'server_tool_use' || content.type === 'mcp_tool_use')
      return this.#calls.begin(block);
    const { providerMetadata } = content as object as Json;
    const file = fileOf(content);
    if (file === undefined) this.#calls.answerServed(content);
    else this.put({ type: 'file', ...file, providerMetadata: providedIn(providerMetadata) });
  }

  /** Says of a message that has ended why, before anything that does not belong to it: the client gathers all as one. */
  #endStep(): void {
    if (this.#ended === undefined || !this.#isInStep) return;
    const { stop } = this.#ended;
    this.#putMetadata({ ...this.#metadata(this.#ended), stopReason: stop ?? '' });
    this.put({ type: 'finish-step' });
    this.#isInStep = false;
    this.#calls.endStep();
    this.#texts.endStep();
  }

  #finish(ending: Ending): void {
    const { stop } = ending;
    const messageMetadata = this.#metadata(ending);
    if (stop === 'cancelled') {
      if (this.#isInStep) this.#putMetadata(messageMetadata);
      this.put({ type: 'abort' });
    } else {
      if (this.#isInStep) this.put({ type: 'finish-step' });
      this.put({ type: 'finish', finishReason: this.#finishReason(stop), messageMetadata });
    }
    this.#done();
  }

  /** Only what the client knows: it fails at any other reason. */
  #finishReason(stop: string | null): string | undefined {
    if (stop === null) return undefined;
    const reason = finishReasons.theirs(stop) ?? 'other';
    return reason === 'interrupted' && this.#version === 6 ? 'other' : reason;
  }

  #fail(errorText: string): void {
    this.#endStep();
    this.put({ type: 'error', errorText });
    this.#done();
  }

  #done(): void {
    this.putFrame({ data: DONE });
    this.#forget();
    this.#hasStarted = false;
    this.#isInStep = false;
    this.#told = new ToldMetadata();
    this.#calls.forget();
    this.#texts.forget();
  }

  #forget(): void {
    this.#ended = undefined;
    this.#usage.clear();
    this.#others = undefined;
  }

  /** In version 6 only where nothing was written that would have to be taken back. */
  #repeat(): void {
    if (this.#ended !== undefined || !this.#hasStarted) return;
    if (this.#version === 7) this.put({ type: 'reset-step' });
    this.#forget();
    this.#calls.forgetStep();
    this.#texts.forget();
  }

  /** The client fails at a part of a type that it does not know: anything else travels as a part of the app. */
  #pass(name: string, data: unknown): void {
    this.#endStep();
    this.put(ownPart(name, data, this.#version) ?? wrapped(name, data));
  }

  #metadata({ stop, sequence }: Ending): Json | undefined {
    return metadataOf({
      stopReason: stop,
      stopSequence: sequence,
      usage: this.#usage.all,
      others: this.#others,
    });
  }

  #putMetadata(messageMetadata: Json | undefined): void {
    if (this.#told.note(messageMetadata) === undefined) return;
    this.put({ type: 'message-metadata', messageMetadata });
  }
}
