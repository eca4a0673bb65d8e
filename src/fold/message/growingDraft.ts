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

/**
 * A block that is shown while it is written, its input too: every change makes a new object, and without a change it hands
 * out the same one.
 */
export class GrowingDraft<Input extends ShownInput = ShownInput> extends Draft<Input> {
  #content: AnyContentBlock | undefined;
  #block: Block | undefined;
  /** What the input shows, where it is better left until somebody looks. */
  #moment: ShownInput['moment'] | undefined;
  /** The block without its input, while that is left. */
  #rest: object | undefined;
  /** Whether the input has shown more than the `{}` that every input starts with. */
  #hasInput = false;
  #lists: Map<string, Shown> | undefined;

  override get content(): AnyContentBlock {
    this.#look();
    return (this.#content ??= super.content);
  }

  override get block(): Block {
    this.#look();
    return (this.#block ??= super.block);
  }

  protected override changed(isContent: boolean): void {
    this.#block = undefined;
    if (isContent || this.#moment) this.#content = undefined;
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
