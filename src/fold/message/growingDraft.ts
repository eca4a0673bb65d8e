import type { AnyContentBlock, Block } from '../../events/block.js';
import { withLate } from '../../json/lazily.js';
import { Draft } from './draft.js';
import { hasMembers, type ShownInput } from './openInput.js';

/** Up to so many items a list is copied at once; a longer one when it is read, or each would cost as much as all before. */
const MOST_COPIED = 64;

/** A list as it was at some length: a plain array that never changes. */
interface Shown {
  readonly length: number;
  readonly get: () => readonly unknown[];
}

/** The lists that a block stands in: each is a bit. */
export const CONTENTS = 1;
export const BLOCKS = 2;

/** What stands in each list. */
export interface Listed {
  [CONTENTS]: AnyContentBlock;
  [BLOCKS]: Block;
}

/**
 * A block that is shown while it is written, its input too: every change makes a new object, and without a change the
 * same one stays in the list. It is kept there alone: a new object that an old one keeps costs more than what it takes to make it.
 */
export class GrowingDraft<Input extends ShownInput = ShownInput> extends Draft<Input> {
  /** How many blocks of the message have a lower index. */
  place = 0;
  /** The lists that it stands in, and those of them where it stands as it is. */
  #listed = 0;
  #shown = 0;
  /** What the input shows, where it is better left until somebody looks. */
  #moment: ShownInput['moment'] | undefined;
  /** The block without its input, while that is left. */
  #rest: object | undefined;
  /** Whether the input has shown more than the `{}` that every input starts with. */
  #hasInput = false;
  #lists: Map<string, Shown> | undefined;

  /**
   * Puts what it is now into a list of its message.
   *
   * @param items - what stands there of the blocks that were put there
   * @param kind - which list it is
   * @param isOwn - whether the list may be changed
   * @returns the list, or another one
   */
  putInto<K extends keyof Listed>(items: Listed[K][], kind: K, isOwn: boolean): Listed[K][] {
    this.#look();
    if (this.#shown & kind) return items;
    const { place } = this;
    const isNew = !(this.#listed & kind);
    this.#listed |= kind;
    this.#shown |= kind;
    const item = (kind === CONTENTS ? this.content : this.block) as Listed[K];
    // To push into a copy would make the engine copy it again.
    if (isNew && place === items.length && !isOwn) return items.concat([item]);
    const copy = isOwn ? items : items.slice();
    if (isNew) copy.splice(place, 0, item);
    else copy[place] = item;
    return copy;
  }

  protected override changed(isContent: boolean): void {
    this.#shown &= isContent || this.#moment ? 0 : CONTENTS;
    if (!this.isOpen) this.#moment = this.#rest = undefined;
  }

  protected override copy(more?: object): AnyContentBlock {
    if (this.#moment === undefined) return super.copy(more);
    if (this.#rest === undefined) {
      const { input, ...rest } = super.copy() as { readonly input?: unknown };
      this.#rest = rest;
    }
    // Not a literal with `...`, to which the engine adds members slowly.
    return withLate(Object.assign({}, this.#rest, more), 'input', this.#moment) as AnyContentBlock;
  }

  protected override addList(target: object, field: string, items: readonly unknown[]): void {
    const { length } = items;
    const lists = (this.#lists ??= new Map<string, Shown>());
    let shown = lists.get(field);
    if (shown?.length !== length) {
      let list: readonly unknown[] | undefined;
      shown = { length, get: () => (list ??= items.slice(0, length)) };
      lists.set(field, shown);
    }
    const { get } = shown;
    if (length > MOST_COPIED)
      Object.defineProperty(target, field, { get, enumerable: true, configurable: true });
    else Reflect.set(target, field, get());
  }

  #look(): void {
    const { input } = this;
    if (!this.isOpen || input === undefined) return;
    const moment = input.isWide ? input.moment : undefined;
    if (moment !== this.#moment) {
      this.#moment = moment;
      this.changed(true);
    }
    if (moment !== undefined) return;
    const { value } = input.snapshot;
    this.#hasInput ||= value !== undefined && hasMembers(value);
    if (this.#hasInput) this.show(value);
  }
}
