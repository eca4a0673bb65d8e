import * as events from '../../events/make.js';
import type { Json } from '../kit/json.js';
import type { MessageWriter } from '../kit/messageWriter.js';
import type { Item, Part } from './item.js';
import type { Fields, ResponsesPart } from './wire.js';

/** Where a part stands in its item. */
export type Place = 'content' | 'summary';

/** What a part is. A refusal is a text, after which the answer is refused. */
export type Kind = 'text' | 'thinking' | 'refusal';

/** What the end of a part says: it names its type, or its event does. */
type PartEnd = Partial<Pick<ResponsesPart, 'text' | 'refusal' | 'annotations'>> & { readonly type?: unknown };

/**
 * Writes the parts of items, each as a block of its own. A part ends where the next one of its item begins, or with its
 * item; its whole text waits until then.
 */
export class Parts {
  readonly #writer: MessageWriter;
  readonly #extrasOf: (item: Item) => Json;
  #refusal: string | undefined;

  /** @param extrasOf - what a block keeps of its item */
  constructor(writer: MessageWriter, extrasOf: (item: Item) => Json) {
    this.#writer = writer;
    this.#extrasOf = extrasOf;
  }

  /** The words of a refusal, if there is one. */
  get refusal(): string | undefined {
    return this.#refusal === undefined ? undefined : this.#writer.saidBy(this.#refusal);
  }

  /** @returns whether the part had not begun */
  add(item: Item, at: Fields, of: Place, type: unknown): boolean {
    const kind = kindOf(of, type);
    const before = item.parts.size;
    if (kind !== undefined) this.#at(item, of, placeOf(at, of), kind);
    return item.parts.size > before;
  }

  /** @returns whether the part can grow; one that has ended cannot, and the end of its item shows what is missing */
  grow(item: Item, at: Fields, of: Place, kind: Kind): boolean {
    const place = placeOf(at, of);
    const part =
      item.openOf === of && item.openAt === place ? item.open : this.#at(item, of, place, kind, true);
    if (part === undefined || part !== item.open) return false;
    this.#writer.grow(part.key, at.delta ?? '');
    return true;
  }

  /** Learns the whole text of a part, and what it cites. */
  finish(item: Item, at: Fields, of: Place, end: PartEnd, kind = kindOf(of, end.type)): void {
    if (kind === undefined) return;
    const part = this.#at(item, of, placeOf(at, of), kind, true);
    part.final = end.text || end.refusal || part.final;
    this.#citeRest(part, end.annotations);
  }

  cite(item: Item, at: Fields): void {
    const part = this.#at(item, 'content', placeOf(at, 'content'), 'text', true);
    if (at.annotation && this.#writer.isOpen(part.key)) this.#cite(part, at.annotation);
  }

  /** Takes all parts of an item. Where their numbers had gaps, they are those that came, one after another. */
  settle(item: Item, of: Place, ends: readonly ResponsesPart[]): void {
    const known = [...item.parts.values()].filter(({ key }) => key.startsWith(keyOf(item, of, '')));
    const hasGaps = known.some(({ place }) => place >= ends.length);
    ends.forEach((end, nth) => {
      const kind = kindOf(of, end.type);
      if (kind === undefined) return;
      const part = this.#at(item, of, (hasGaps ? known[nth]?.place : undefined) ?? nth, kind);
      part.final = end.text || end.refusal || part.final;
      this.#citeRest(part, end.annotations);
      if (part !== item.open) this.#end(part);
    });
  }

  /** Ends the part that is open. */
  end(item: Item): void {
    if (item.open !== undefined) this.#end(item.open);
  }

  #at(item: Item, of: Place, place: number, kind: Kind, isUnasked = false): Part {
    const key = keyOf(item, of, place);
    const known = item.parts.get(key);
    if (known !== undefined) return known;
    this.end(item);
    const part: Part = { key, place, cited: 0, final: undefined };
    item.parts.set(key, part);
    item.open = part;
    item.openOf = of;
    item.openAt = place;
    if (kind === 'refusal') this.#refusal = key;
    const empty = kind === 'thinking' ? events.thinkingStart(0) : events.textStart(0);
    const block = { ...empty.content_block, ...this.#extrasOf(item) };
    if (isUnasked) this.#writer.startUnasked(key, block);
    else this.#writer.start(key, block);
    return part;
  }

  #end({ key, final }: Part): void {
    if (final) this.#writer.settle(key, final);
    else if (this.#writer.isOpen(key)) this.#writer.stop(key);
  }

  #citeRest(part: Part, annotations: readonly Json[] | null | undefined): void {
    if (!annotations || !this.#writer.isOpen(part.key)) return;
    for (const annotation of annotations.slice(part.cited)) this.#cite(part, annotation);
  }

  #cite(part: Part, annotation: Json): void {
    part.cited += 1;
    // A citation of another provider passes as it came.
    const citation = annotation as object as Parameters<typeof events.citationsDelta>[1];
    this.#writer.grow(part.key, events.citationsDelta(0, citation).delta);
  }
}

function kindOf(of: Place, type: unknown): Kind | undefined {
  if (of === 'summary' || type === 'reasoning_text') return 'thinking';
  return type === 'refusal' ? 'refusal' : type === 'output_text' ? 'text' : undefined;
}

function keyOf({ key }: Item, of: Place, place: number | ''): string {
  return `${key}:${of}:${place}`;
}

function placeOf(at: Fields, of: Place): number {
  return (of === 'content' ? at.content_index : at.summary_index) ?? 0;
}
