/** A node of the tree: values at its leaves, nodes of the level below elsewhere. */
type Node<T> = { readonly values: readonly T[] } | { readonly nodes: readonly Node<T>[] };

/** How many children a node has: 2 to the power of so many bits. */
const BITS = 5;
const MASK = (1 << BITS) - 1;

/**
 * A list that is never changed: to write an item makes another list, which shares all but a few nodes with this one. It
 * costs a logarithm of the length, where to copy an array costs all of it.
 */
export class PersistentList<T> {
  readonly length: number;
  readonly #root: Node<T>;
  /** The position of the highest bits that the root looks at. */
  readonly #shift: number;

  constructor(length = 0, root: Node<T> = { values: [] }, shift = 0) {
    this.length = length;
    this.#root = root;
    this.#shift = shift;
  }

  /**
   * @param at - an index, or `length` to append
   * @param value - what is to stand there
   * @returns a list with the value there
   */
  with(at: number, value: T): PersistentList<T> {
    const isFull = at >>> this.#shift > MASK;
    const root = isFull ? { nodes: [this.#root] } : this.#root;
    const shift = isFull ? this.#shift + BITS : this.#shift;
    return new PersistentList(Math.max(this.length, at + 1), withValue(root, shift, at, value), shift);
  }

  toArray(): T[] {
    const items: T[] = [];
    collect(this.#root, items);
    return items;
  }
}

function withValue<T>(node: Node<T> | undefined, shift: number, at: number, value: T): Node<T> {
  const place = (at >>> shift) & MASK;
  if (shift === 0) {
    const values = node !== undefined && 'values' in node ? node.values.slice() : [];
    values[place] = value;
    return { values };
  }
  const nodes = node !== undefined && 'nodes' in node ? node.nodes.slice() : [];
  nodes[place] = withValue(nodes[place], shift - BITS, at, value);
  return { nodes };
}

function collect<T>(node: Node<T>, items: T[]): void {
  if ('nodes' in node) for (const inner of node.nodes) collect(inner, items);
  else for (const value of node.values) items.push(value);
}
