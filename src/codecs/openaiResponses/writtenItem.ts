import type { AnyContentBlockDelta } from '../../events/delta.js';
import type { Json } from '../kit/json.js';
import { madeId } from './wire.js';

/** Where the items of one answer are written to. */
export interface Page {
  /** The id of the answer. */
  readonly id: string;
  /** @returns the place of another item in the output */
  place(): number;
  put(name: string, fields: object): void;
}

/** An item of the output that is being written. */
export abstract class WrittenItem {
  protected readonly page: Page;
  /** What the id of the item begins with, unless it has one of its own. */
  protected readonly prefix: string;
  #at: { readonly item_id: string; readonly output_index: number } | undefined;

  constructor(page: Page, prefix: string) {
    this.page = page;
    this.prefix = prefix;
  }

  /** Takes a piece of what grows in it. */
  grow(_piece: string): void {
    // What comes whole is read at its end.
  }

  /** Takes anything else that came of it. */
  take(_delta: AnyContentBlockDelta): void {
    // Most items have no words for it.
  }

  /** Takes all that grew in it, and whether that is all there should be. */
  abstract finish(said: string, isWhole: boolean): void;

  /** Takes what a call gave. */
  answer(_content: unknown, _isError: boolean): void {
    // Only calls to MCP servers have it in the same item.
  }

  /** The item as it is in the end; `undefined` where there is nothing to write. */
  protected abstract get whole(): Json | undefined;

  /** Writes that it is done. */
  done(): readonly [place: number, item: object] | undefined {
    const { whole } = this;
    if (whole === undefined) return undefined;
    const { output_index, item_id } = this.#at ?? this.add(whole, whole['id']);
    const item = { ...whole, id: item_id };
    this.page.put('response.output_item.done', { output_index, item });
    return [output_index, item];
  }

  /** Writes that it begins. */
  protected add(item: Json, id: unknown): { readonly item_id: string; readonly output_index: number } {
    const output_index = this.page.place();
    const item_id =
      typeof id === 'string' && id !== '' ? id : madeId(this.prefix, this.page.id, output_index);
    this.page.put('response.output_item.added', { output_index, item: { ...item, id: item_id } });
    return (this.#at = { item_id, output_index });
  }

  /** Writes an event of this item. */
  protected say(name: string, fields: object): void {
    this.page.put(`response.${name}`, { ...this.#at, ...fields });
  }
}

/** A text: a message of one part. */
export class WrittenText extends WrittenItem {
  readonly #phase: unknown;
  readonly #annotations: object[] = [];
  #text = '';
  #status = 'in_progress';
  #length = 0;

  constructor(page: Page, { item_id, phase }: Json) {
    super(page, 'msg');
    this.#phase = phase;
    this.add({ ...this.whole, content: [] }, item_id);
    this.say('content_part.added', { content_index: 0, part: this.#part });
  }

  override grow(delta: string): void {
    this.#length += delta.length;
    this.say('output_text.delta', { content_index: 0, delta, logprobs: [] });
  }

  /** Of a citation readers know the address and the title; one of theirs passes as it came. */
  override take(delta: AnyContentBlockDelta): void {
    if (delta.type !== 'citations_delta') return;
    const { type, url, title }: Json = delta.citation as object as Json;
    if (typeof url !== 'string') return;
    const cited = { type: 'url_citation', url, title: title ?? '', start_index: 0, end_index: this.#length };
    const annotation = type === 'url_citation' ? delta.citation : cited;
    const annotation_index = this.#annotations.push(annotation) - 1;
    this.say('output_text.annotation.added', { content_index: 0, annotation_index, annotation });
  }

  override finish(text: string, isWhole: boolean): void {
    this.#text = text;
    this.#status = isWhole ? 'completed' : 'incomplete';
    this.say('output_text.done', { content_index: 0, text, logprobs: [] });
    this.say('content_part.done', { content_index: 0, part: this.#part });
  }

  get #part(): Json {
    return { type: 'output_text', text: this.#text, annotations: [...this.#annotations], logprobs: [] };
  }

  protected override get whole(): Json {
    const content = [this.#part];
    return { type: 'message', status: this.#status, role: 'assistant', content, phase: this.#phase };
  }
}

/** A thinking: reasoning in a summary of one part. */
export class WrittenThinking extends WrittenItem {
  #text = '';
  #status = 'in_progress';
  #signature: string | undefined;

  constructor(page: Page, { item_id, signature }: Json) {
    super(page, 'rs');
    this.#signature = typeof signature === 'string' && signature !== '' ? signature : undefined;
    this.add({ ...this.whole, summary: [] }, item_id);
    this.say('reasoning_summary_part.added', { summary_index: 0, part: this.#part });
  }

  override grow(delta: string): void {
    this.say('reasoning_summary_text.delta', { summary_index: 0, delta });
  }

  override take(delta: AnyContentBlockDelta): void {
    if (delta.type === 'signature_delta') this.#signature = delta.signature;
  }

  override finish(text: string, isWhole: boolean): void {
    this.#text = text;
    this.#status = isWhole ? 'completed' : 'incomplete';
    this.say('reasoning_summary_text.done', { summary_index: 0, text });
    this.say('reasoning_summary_part.done', { summary_index: 0, part: this.#part });
  }

  get #part(): Json {
    return { type: 'summary_text', text: this.#text };
  }

  protected override get whole(): Json {
    return {
      type: 'reasoning',
      status: this.#status,
      summary: [this.#part],
      encrypted_content: this.#signature,
    };
  }
}

type ItemOf = (said: string, delta: AnyContentBlockDelta | undefined) => Json | undefined;

/** An item that is written at once, when its block is whole. */
export class WholeItem extends WrittenItem {
  readonly #of: ItemOf;
  #delta: AnyContentBlockDelta | undefined;
  #item: Json | undefined;

  /** @param of - gives the item for the JSON of its input and the last delta; `undefined` where that cannot be one */
  constructor(page: Page, prefix: string, of: ItemOf) {
    super(page, prefix);
    this.#of = of;
  }

  override take(delta: AnyContentBlockDelta): void {
    this.#delta = delta;
  }

  override finish(said: string, isWhole: boolean): void {
    this.#item = isWhole ? this.#of(said, this.#delta) : undefined;
  }

  protected override get whole(): Json | undefined {
    return this.#item;
  }
}
