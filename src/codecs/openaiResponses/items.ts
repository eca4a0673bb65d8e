import { isOtherCall, newItem, type Item } from './item.js';
import type { Fields, ResponsesItem } from './wire.js';

/**
 * The items of one answer. They are told apart by their place, because servers in between change their ids from event to
 * event.
 */
export class Items {
  readonly #items: Item[] = [];
  /** The items by their places, and by their ids for events that name no place. */
  readonly #placed = new Map<number | string, Item>();
  #last: Item | undefined;
  #lastAt: number | string | undefined;

  /** The item that an event speaks of; another one where none is there. */
  at({ output_index, item_id, item }: Fields): Item {
    const at = output_index ?? (item_id || item?.id) ?? '';
    if (at === this.#lastAt && this.#last !== undefined) return this.#last;
    this.#lastAt = at;
    this.#last = this.#placed.get(at) ?? this.#add(at);
    return this.#last;
  }

  /**
   * The item that begins or ends here: another one where some servers use the place of one that is done again, and where
   * they give several calls one place.
   */
  nextAt(at: Fields, as: ResponsesItem): Item {
    const item = this.at(at);
    const { id, call_id } = as;
    const isAnother = item.isDone && Boolean(id) && Boolean(item.as?.id) && item.as?.id !== id;
    if (isAnother) this.#last = this.#add(this.#lastAt ?? '');
    else if (isOtherCall(item, as)) {
      const same = this.#items.find((other) => !other.isDone && other.as?.call_id === call_id);
      if (same !== undefined) return same;
      this.#last = this.#add(this.#lastAt ?? '');
    }
    return this.#last ?? item;
  }

  #add(at: number | string): Item {
    const item = newItem(`item:${this.#items.length}`, at);
    this.#items.push(item);
    this.#placed.set(at, item);
    return item;
  }

  /** Learns what an item is. */
  know(item: Item, as: ResponsesItem): void {
    item.as = as;
    if (as.id) this.#placed.set(as.id, item);
  }

  /**
   * Finds the items of the final output among these; one that is not there is added.
   *
   * @param final - the items as the answer ends, also under other ids than before
   * @returns each with its item, and whether that bears its id; and the items that are not in it
   */
  match(final: readonly ResponsesItem[]): {
    readonly found: readonly (readonly [as: ResponsesItem, item: Item, isNamed: boolean])[];
    readonly left: ReadonlySet<Item>;
  } {
    const left = new Set(this.#items);
    const placed = final.map((as) => {
      const item = as.id ? this.#placed.get(as.id) : undefined;
      if (item !== undefined) left.delete(item);
      return [as, item] as const;
    });
    const found = placed.map(([as, named]) => {
      const item = named ?? sameIn(left, as) ?? this.#add('');
      left.delete(item);
      return [as, item, named !== undefined] as const;
    });
    return { found, left };
  }
}

/** The first item that may be one of the final output, which came under another id. */
function sameIn(items: Iterable<Item>, final: ResponsesItem): Item | undefined {
  for (const item of items) {
    const { as } = item;
    if (as === undefined) return item;
    const isOther = as.call_id && final.call_id && as.call_id !== final.call_id;
    if (as.type === final.type && !isOther) return item;
  }
  return undefined;
}
