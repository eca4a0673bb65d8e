import type { AnyContentBlockDelta } from '../../events/delta.js';
import type { Json } from '../kit/json.js';
import { jsonStringIn, JsonStringReader } from '../kit/jsonString.js';
import { WrittenItem, type Page } from './writtenItem.js';

/** What a call is written as. */
export interface CallWords {
  /** The item, without its input. */
  readonly item: Json;
  /** The name of its events, as in `function_call_arguments.delta`. */
  readonly event: string;
  /** The member that has its input. */
  readonly member: 'arguments' | 'input';
  readonly prefix: string;
}

/** A call whose input grows. */
export class WrittenCall extends WrittenItem {
  readonly #words: CallWords;
  /** Of a call whose input is a free text: reads that out of JSON. */
  readonly #reader: JsonStringReader | undefined;
  #input = '';
  #status = 'in_progress';
  #result: Json = {};

  constructor(page: Page, words: CallWords, id: unknown) {
    super(page, words.prefix);
    this.#words = words;
    this.#reader = words.member === 'input' ? new JsonStringReader() : undefined;
    this.add(this.whole, id);
  }

  override grow(piece: string): void {
    const delta = this.#reader === undefined ? piece : this.#reader.next(piece);
    if (delta !== undefined) this.say(`${this.#words.event}.delta`, { delta });
  }

  override take(delta: AnyContentBlockDelta): void {
    if (delta.type === 'input_json_delta') this.grow(delta.partial_json);
  }

  override finish(json: string, isWhole: boolean): void {
    const { event, member } = this.#words;
    const text = this.#reader === undefined ? json : jsonStringIn(json);
    const isDone = isWhole && text !== undefined;
    this.#input = text ?? json;
    // An input that is damaged must not arrive as a text that is sound.
    this.#status = isDone ? 'completed' : 'incomplete';
    if (isDone) this.say(`${event}.done`, { [member]: this.#input });
  }

  override answer(content: unknown, isError: boolean): void {
    const text = typeof content === 'string' ? content : JSON.stringify(content);
    this.#result = isError ? { error: text } : { output: text };
  }

  protected override get whole(): Json {
    const { item, member } = this.#words;
    return { ...item, [member]: this.#input, status: this.#status, ...this.#result };
  }
}
