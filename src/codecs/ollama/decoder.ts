import type { ErrorEvent, StreamEvent } from '../../events/event.js';
import type { Frame } from '../../wire/frame.js';
import { checked, malformedFrame } from '../kit/door.js';
import { errorIn } from '../kit/errorIn.js';
import type { Json } from '../kit/json.js';
import { MessageDecoder } from '../kit/messageDecoder.js';
import { isOfAnswer, ollamaLineSchema, stopReasons, UNKNOWN_TIME } from './wire.js';
import type { OllamaLine, OllamaToolCall } from './wire.js';

/** What base64 begins with, by what the bytes are. */
const IMAGE_TYPES: readonly (readonly [beginning: string, mediaType: string])[] = [
  ['/9j/', 'image/jpeg'],
  ['R0lGOD', 'image/gif'],
  ['UklGR', 'image/webp'],
];

const NONE: readonly never[] = [];

/** Reads the lines of one stream, of a chat and of a generation alike. */
export class OllamaDecoder extends MessageDecoder {
  /** The calls of the answer, by their ids: what each of them is. */
  #calls = new Map<string, string>();
  #blocks = 0;
  /** Whether the reason has come, and `done` has not. */
  #isEnding = false;

  override end(): readonly StreamEvent[] {
    if (this.#isEnding) this.#conclude();
    return this.writer.take();
  }

  protected override read(value: Json, frame: Frame): void {
    const { error, event } = value;
    const isAnswer = isOfAnswer(value);
    if (error || value['success'] === false) return this.fail(errorIn(value));
    if (isAnswer) return this.#answer(checked(ollamaLineSchema, value, 'The line', frame));
    if (error === '') return this.fail(errorIn({ message: '' }));
    if (this.readOther(value, typeof event === 'string' && event !== '' ? event : undefined)) return;
    throw malformedFrame(frame, 'The line has neither a message nor a response, and does not say done');
  }

  protected override fail(error: ErrorEvent): void {
    this.writer.fail(error);
    this.#forget();
  }

  #answer(line: OllamaLine): void {
    const { message, response, done, done_reason } = line;
    const isEnd = done === true || Boolean(done_reason);
    // What ends an answer that has failed ends nothing.
    if (isEnd && this.writer.ended === 'badly') return this.pass('stray');
    const thinking = message?.thinking || line.thinking;
    const text = message?.content || response;
    const images = message?.images ?? (line.image ? [line.image] : NONE);
    const calls = message?.tool_calls ?? NONE;
    const isEmpty = !thinking && !text && images.length + calls.length === 0;
    // The end is said twice. Our encoder, whose lines have no time, writes an answer of nothing so.
    if (isEnd && isEmpty && this.writer.ended === 'well' && line.created_at !== UNKNOWN_TIME)
      return this.pass('stray');
    if (this.#isEnding && !(isEmpty && done === true)) this.#conclude();
    if (!this.writer.hasBegun) this.#begin(line);
    if (thinking) this.writer.flow('thinking', thinking);
    if (text) this.writer.flow('text', text);
    for (const image of images) this.#image(image);
    for (const call of calls) this.#call(call, line);
    if (isEnd) this.#end(line);
  }

  #begin({ model, created_at, remote_model, remote_host }: OllamaLine): void {
    const createdAt = created_at === UNKNOWN_TIME ? undefined : created_at;
    this.writer.begin({ model, created_at: createdAt, remote_model, remote_host });
  }

  #image(data: string): void {
    const [, media_type = 'image/png'] = IMAGE_TYPES.find(([beginning]) => data.startsWith(beginning)) ?? [];
    const key = this.#nextKey();
    this.writer.start(key, { type: 'image', source: { type: 'base64', media_type, data } });
    this.writer.stop(key);
  }

  #call({ id, function: of }: OllamaToolCall, { created_at }: OllamaLine): void {
    const name = of?.name ?? '';
    const input = jsonOf(of?.arguments);
    const call = JSON.stringify([name, input]);
    const known = id ? this.#calls.get(id) : undefined;
    if (known === call) return this.pass('stray');
    const key = this.#nextKey();
    // One that is unique among the turns of a conversation too.
    const own = id && known === undefined ? id : `call_${(created_at ?? '').replace(/\W/g, '')}_${key}`;
    if (name !== '') this.#calls.set(own, call);
    this.writer.startCall(key, own, name);
    if (input !== '') this.writer.grow(key, input);
    this.writer.stop(key);
  }

  #nextKey(): string {
    this.#blocks += 1;
    return String(this.#blocks);
  }

  /** Learns how the answer ends. Where the line does not say that it is done, one that does may bring the tokens. */
  #end(line: OllamaLine): void {
    const { total_duration, load_duration, prompt_eval_duration, eval_duration, context } = line;
    this.writer.learn({
      stop: stopReasons.ours(line.done_reason),
      usage: { input_tokens: line.prompt_eval_count, output_tokens: line.eval_count },
      ...{ total_duration, load_duration, prompt_eval_duration, eval_duration, context },
    });
    if (line.done === true) this.#conclude();
    else this.#isEnding = true;
  }

  #conclude(): void {
    const { reason } = this.writer;
    const isGood = reason === null || reason === 'end_turn';
    if (isGood && this.#calls.size > 0) this.writer.learn({ stop: 'tool_use' });
    this.writer.conclude();
    this.#forget();
  }

  #forget(): void {
    this.#calls = new Map();
    this.#blocks = 0;
    this.#isEnding = false;
  }
}

/** The text of an input, which is JSON; empty where there is none. */
function jsonOf(input: unknown): string {
  if (input === undefined || input === null) return '';
  return typeof input === 'string' ? input : JSON.stringify(input);
}
