import * as events from '../../events/make.js';
import { isObject, type Json } from '../kit/json.js';
import type { MessageWriter } from '../kit/messageWriter.js';
import { isSameJson } from '../kit/sameJson.js';
import type { Passing } from '../skip.js';
import {
  awaited,
  callIn,
  extrasOf,
  finalIn,
  outputsIn,
  pieceOf,
  resultIn,
  wholeBlockIn,
  type Item,
} from './item.js';
import { Items } from './items.js';
import { Parts, type Kind, type Place } from './parts.js';
import type { Fields, ResponsesItem, ResponsesPart } from './wire.js';

const CUT_OFF = 'The answer ended inside this call';

/** The output of one answer. What is whole settles what was streamed where the item ends. */
export class Output {
  readonly #writer: MessageWriter;
  readonly #pass: Passing;
  readonly #parts: Parts;
  readonly #items = new Items();
  readonly #awaited = new Set<string>();

  constructor(writer: MessageWriter, pass: Passing) {
    this.#writer = writer;
    this.#pass = pass;
    this.#parts = new Parts(writer, (item) => this.#extrasOf(item));
  }

  /** Whether a call waits for a result of the caller's. */
  get hasOpenCalls(): boolean {
    return this.#awaited.size > 0;
  }

  /** The words of a refusal, if there is one. */
  get refusal(): string | undefined {
    return this.#parts.refusal;
  }

  announce(at: Fields, as: ResponsesItem): void {
    const item = this.#items.nextAt(at, as);
    if (item.as !== undefined) return this.#pass('stray');
    this.#items.know(item, as);
    this.#writer.begin();
    // A name or an id that is still missing may come in the end.
    const begun = callIn(as, {});
    if (begun !== undefined && begun.flaw === undefined) this.#beginCall(item, as);
  }

  addPart(at: Fields, of: Place, { type }: ResponsesPart): void {
    if (!this.#parts.add(this.#items.at(at), at, of, type)) this.#pass('stray');
  }

  growPart(at: Fields, of: Place, kind: Kind): void {
    if (!this.#parts.grow(this.#items.at(at), at, of, kind)) this.#pass('stray');
  }

  finishPart(at: Fields, of: Place, ...end: readonly [end: Partial<ResponsesPart>, kind?: Kind]): void {
    this.#parts.finish(this.#items.at(at), at, of, ...end);
  }

  cite(at: Fields): void {
    this.#parts.cite(this.#items.at(at), at);
  }

  growCall(at: Fields): void {
    const item = this.#items.at(at);
    // Nobody knows the name of a call that was not announced; its end has all of it.
    if (item.call === undefined || item.isDone) return this.#pass('stray');
    this.#writer.grow(item.key, pieceOf(item.call, at.delta ?? '', !item.hasGrown));
    item.hasGrown = true;
  }

  /** Learns the whole input of a call. Whether the call is whole too, its item says. */
  finishCall(at: Fields, final: unknown): void {
    const item = this.#items.at(at);
    if (typeof final === 'string') item.final = final || item.final;
    else if (isObject(final)) item.final = JSON.stringify(final);
  }

  /** Takes a whole item. */
  finish(at: Fields, as: ResponsesItem): void {
    const item = this.#items.nextAt(at, as);
    if (item.isDone) return this.#pass('stray');
    this.#finish(item, as);
  }

  /**
   * Takes the whole output. What is missing in it is not taken away.
   *
   * @param final - the items as the answer ends, also under other ids than before
   * @param isCutOff - whether what is unfinished is incomplete
   */
  conclude(final: readonly ResponsesItem[], isCutOff: boolean): void {
    const { found, left } = this.#items.match(final);
    for (const [as, item, isNamed] of found) {
      if (!item.isDone) this.#finish(item, as);
      else if (isNamed) this.#confirm(item, as);
    }
    for (const item of left) if (!item.isDone) this.#end(item, isCutOff);
  }

  /** Takes what the answer says in the end of an item that was done: a text or an input that is another puts it right. */
  #confirm(item: Item, as: ResponsesItem): void {
    if (as.type === 'message') {
      this.#parts.settle(item, 'content', as.content ?? []);
      this.#parts.end(item);
      return;
    }
    const { call, key } = item;
    const final = finalIn(as);
    if (!final || call === undefined || as.status === 'incomplete' || item.as?.status === 'incomplete')
      return;
    this.#writer.settle(key, call.before === '' ? final : pieceOf(call, final, true) + call.after);
  }

  #beginCall(item: Item, as: ResponsesItem): void {
    const begun = item.call === undefined ? callIn(as, this.#extrasOf(item)) : undefined;
    if (begun === undefined) return;
    item.call = begun.input;
    this.#writer.start(item.key, begun.block, begun.flaw);
  }

  #finish(item: Item, as: ResponsesItem): void {
    this.#items.know(item, as);
    item.isDone = true;
    this.#beginCall(item, as);
    if (item.call !== undefined && callIn(as, {}) === undefined) {
      this.#writer.abort(item.key, `The call ended as ${as.type}`);
    }
    if (as.type === 'message') {
      this.#parts.settle(item, 'content', as.content ?? []);
      this.#parts.end(item);
    } else if (as.type === 'reasoning') {
      this.#finishReasoning(item, as);
    } else if (this.#writer.isOpen(item.key)) {
      this.#endCall(item, as);
    } else {
      this.#writeWhole(item, as);
    }
    const id = as.status === 'incomplete' ? undefined : awaited(as);
    if (id !== undefined) this.#awaited.add(id);
    if (as.type.endsWith('_output')) this.#awaited.delete(as.call_id ?? '');
  }

  /** Its encrypted content signs its last part, or stands alone. */
  #finishReasoning(item: Item, as: ResponsesItem): void {
    this.#parts.settle(item, 'summary', as.summary ?? []);
    this.#parts.settle(item, 'content', as.content ?? []);
    const { open, key } = item;
    const secret = as.encrypted_content ?? undefined;
    if (secret !== undefined && open !== undefined && this.#writer.isOpen(open.key)) {
      this.#writer.grow(open.key, events.signatureDelta(0, secret).delta);
    } else if (secret !== undefined || open === undefined) {
      const block = secret === undefined ? events.thinkingStart(0) : events.redactedThinkingStart(0, secret);
      this.#write(key, { ...block.content_block, ...this.#extrasOf(item) });
    }
    this.#parts.end(item);
  }

  #endCall(item: Item, as: ResponsesItem): void {
    const { key, call, hasGrown } = item;
    if (call === undefined) return;
    const isText = call.before !== '';
    const final = finalIn(as) || item.final;
    const json = isText && (final || !hasGrown) ? pieceOf(call, final ?? '', true) + call.after : final;
    const said = this.#writer.saidBy(key) ?? '';
    const outputs = outputsIn(as);
    if (outputs !== undefined) this.#writer.grow(key, outputs);
    if (as.status === 'incomplete') {
      const whole = (isText ? json?.slice(0, -call.after.length) : json) ?? '';
      if (whole.startsWith(said) && whole !== said) this.#writer.grow(key, whole.slice(said.length));
      this.#writer.abort(key, 'The call is incomplete');
    } else if (isText && hasGrown && (json === undefined || isSameJson(said + call.after, json))) {
      this.#writer.grow(key, call.after);
      this.#writer.stop(key);
    } else if (json) {
      this.#writer.settle(key, json);
    } else {
      this.#writer.stop(key);
    }
    const result = resultIn(as);
    if (result !== undefined) this.#write(`${key}:result`, result);
  }

  #writeWhole(item: Item, as: ResponsesItem): void {
    const block = wholeBlockIn(as, this.#extrasOf(item));
    if (block === undefined) this.#writer.emit(events.unknown(as.type, as));
    else this.#write(item.key, block);
  }

  /** Writes a whole block. */
  #write(key: string, block: Parameters<MessageWriter['start']>[1]): void {
    this.#writer.start(key, block);
    this.#writer.stop(key);
  }

  /** Ends an item whose own end did not come. */
  #end(item: Item, isCutOff: boolean): void {
    item.isDone = true;
    this.#parts.end(item);
    if (item.call === undefined || item.as === undefined) return;
    if (!isCutOff && item.final !== undefined) this.#finish(item, item.as);
    else this.#writer.abort(item.key, CUT_OFF);
  }

  #extrasOf({ at, as }: Item): Json {
    return extrasOf(as, Boolean(as?.id?.endsWith(`_${this.#writer.id ?? ''}_${at}`)));
  }
}
