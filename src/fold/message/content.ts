import type { AnyContentBlock, Block } from '../../events/block.js';
import type { OpenInput } from './openInput.js';
import type { Draft } from './draft.js';

/** The blocks of one message, by index, and what they hold at each moment. */
export class Content<Input extends OpenInput> {
  readonly #drafts: Draft<Input>[] = [];
  readonly #contents = new Copies<Draft<Input>, AnyContentBlock>(({ content }) => content);
  readonly #blocks = new Copies<Draft<Input>, Block>(({ block }) => block);

  /** The live list: it grows with the message. */
  get drafts(): readonly Draft<Input>[] {
    return this.#drafts;
  }

  get length(): number {
    return this.#drafts.length;
  }

  /** The block at an index. */
  find(index: number): Draft<Input> | undefined {
    const draft = this.#drafts[this.#positionOf(index)];
    return draft?.index === index ? draft : undefined;
  }

  add(draft: Draft<Input>): void {
    const at = this.#positionOf(draft.index);
    this.#drafts.splice(at, 0, draft);
    this.#contents.insert(at, draft);
    this.#blocks.insert(at, draft);
  }

  /** Notes that a block is not what it was. */
  touch(draft: Draft<Input>): void {
    this.#contents.touch(draft);
    this.#blocks.touch(draft);
  }

  /** @returns a new list of what the blocks hold, as it stands in a message */
  contents(): AnyContentBlock[] {
    return this.#contents.copy(({ index }) => this.#positionOf(index));
  }

  /** @returns a new list of the blocks */
  blocks(): Block[] {
    return this.#blocks.copy(({ index }) => this.#positionOf(index));
  }

  /** Where the block of an index stands, or would; nearly always at that index. */
  #positionOf(index: number): number {
    const drafts = this.#drafts;
    if (drafts[index]?.index === index) return index;
    let from = 0;
    let to = drafts.length;
    while (from < to) {
      const middle = (from + to) >> 1;
      if ((drafts[middle]?.index ?? 0) < index) from = middle + 1;
      else to = middle;
    }
    return from;
  }
}

/** A list of which one item changes at a time: a copy of its pointers costs far less than to make each item again. */
class Copies<Source, T> {
  readonly #read: (source: Source) => T;
  /** `undefined` only for sources that are stale. */
  readonly #items: (T | undefined)[] = [];
  readonly #stale = new Set<Source>();

  constructor(read: (source: Source) => T) {
    this.#read = read;
  }

  insert(at: number, source: Source): void {
    this.#items.splice(at, 0, undefined);
    this.#stale.add(source);
  }

  touch(source: Source): void {
    this.#stale.add(source);
  }

  copy(positionOf: (source: Source) => number): T[] {
    if (this.#stale.size > 0) {
      for (const source of this.#stale) this.#items[positionOf(source)] = this.#read(source);
      this.#stale.clear();
    }
    return this.#items.slice() as T[];
  }
}
