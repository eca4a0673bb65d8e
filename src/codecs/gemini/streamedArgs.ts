import { segmentsOf, type Path } from './jsonPath.js';
import type { GeminiPartialArg } from './wire.js';

/** A value that came, and where it stands. A text may come in several pieces. */
interface Piece {
  readonly path: Path;
  readonly value: string | number | boolean | null;
  readonly goesOn: boolean;
}

/** A container that is open: its members so far, or how many items it has. */
type Open = { readonly names: Set<string> } | { items: number };

/**
 * The JSON text of an input that comes as values with their paths. As long as they come in the order of the text, each
 * adds its piece; from the first that does not, nothing is added, and the whole text is known at the end.
 */
export class StreamedArgs {
  readonly #pieces: Piece[] = [];
  readonly #open: Open[] = [];
  /** Where the last value stands. */
  #path: Path = [];
  /** Whether the text that was written last goes on. */
  #goesOn = false;
  #isInOrder = true;
  #lacksValue = false;

  /** Whether all that came is in the pieces that {@link add} gave. */
  get isInOrder(): boolean {
    return this.#isInOrder;
  }

  get hasBegun(): boolean {
    return this.#pieces.length > 0;
  }

  /** @returns the JSON that the value adds */
  add(arg: GeminiPartialArg): string {
    const path = segmentsOf(arg.jsonPath) ?? [];
    const value = valueOf(arg);
    // The end of a text may say nothing more. Of what else has no value nobody can say what it is.
    if (value === undefined && !(this.#goesOn && isSame(path, this.#path))) {
      this.#lacksValue = true;
      return this.#giveUp();
    }
    const piece: Piece = { path, value: value === undefined ? '' : value, goesOn: arg.willContinue === true };
    this.#pieces.push(piece);
    return this.#isInOrder ? (this.#write(piece) ?? this.#giveUp()) : '';
  }

  /** @returns the JSON that ends a text in order */
  end(): string {
    return `${this.#endText()}${this.#close(0)}`;
  }

  /** @returns the whole JSON, from all that came in whatever order; `undefined` where a part of it is missing */
  whole(): string | undefined {
    if (this.#lacksValue) return undefined;
    const root = new Node();
    const open = new Set<Node>();
    for (const { path, value, goesOn } of this.#pieces) {
      const node = path.reduce<Node>((at, segment) => at.member(segment), root);
      node.value = open.has(node) && typeof value === 'string' ? `${String(node.value)}${value}` : value;
      if (goesOn) open.add(node);
      else open.delete(node);
    }
    return root.json();
  }

  #giveUp(): string {
    this.#isInOrder = false;
    return '';
  }

  /** @returns the JSON that the value adds; `undefined` where its place is not at the end of the text */
  #write({ path, value, goesOn }: Piece): string | undefined {
    if (this.#goesOn && typeof value === 'string' && isSame(path, this.#path)) {
      this.#goesOn = goesOn;
      return `${escaped(value)}${goesOn ? '' : '"'}`;
    }
    const shared = this.#open.length === 0 ? 0 : sharedBy(path, this.#path);
    const place = path[shared];
    if (place === undefined || (this.#open.length > 0 && shared >= this.#open.length)) return undefined;
    const container = this.#open[shared];
    if (container !== undefined && !isNext(container, place)) return undefined;
    const begun = path.slice(container === undefined ? shared : shared + 1);
    if (begun.some((segment) => typeof segment === 'number' && segment > 0)) return undefined;
    const before = `${this.#endText()}${this.#close(shared + 1)}`;
    const entered = path.slice(shared).map((segment, at) => this.#enter(shared + at, segment));
    this.#path = path;
    this.#goesOn = goesOn && typeof value === 'string';
    const written =
      typeof value === 'string' ? `"${escaped(value)}${this.#goesOn ? '' : '"'}` : JSON.stringify(value);
    return `${before}${entered.join('')}${written}`;
  }

  /** Goes to a member or an item of the container at this depth, and begins that where it is not open. */
  #enter(depth: number, segment: string | number): string {
    const isNew = this.#open.length === depth;
    if (isNew) this.#open.push(typeof segment === 'number' ? { items: 0 } : { names: new Set() });
    const container = this.#open[depth] as Open;
    if ('items' in container) {
      container.items += 1;
      return isNew ? '[' : ',';
    }
    container.names.add(String(segment));
    return `${isNew ? '{' : ','}${JSON.stringify(segment)}:`;
  }

  #endText(): string {
    const end = this.#goesOn ? '"' : '';
    this.#goesOn = false;
    return end;
  }

  /** Ends the containers from this depth on. */
  #close(depth: number): string {
    const closed = this.#open.splice(depth).map((container) => ('items' in container ? ']' : '}'));
    return closed.reverse().join('');
  }
}

/** A place in an input that came in another order. */
class Node {
  value: Piece['value'] | undefined;
  readonly #members = new Map<string | number, Node>();

  member(segment: string | number): Node {
    const known = this.#members.get(segment);
    if (known !== undefined) return known;
    const node = new Node();
    this.#members.set(segment, node);
    return node;
  }

  json(): string | undefined {
    if (this.#members.size === 0) return JSON.stringify(this.value);
    const isList = typeof [...this.#members.keys()][0] === 'number';
    const parts: string[] = [];
    for (let at = 0; isList && at < this.#members.size; at++) {
      const item = this.#members.get(at)?.json();
      if (item === undefined) return undefined;
      parts.push(item);
    }
    if (isList) return `[${parts.join(',')}]`;
    for (const [name, node] of this.#members) {
      const json = node.json();
      if (json === undefined || typeof name === 'number') return undefined;
      parts.push(`${JSON.stringify(name)}:${json}`);
    }
    return `{${parts.join(',')}}`;
  }
}

function valueOf(arg: GeminiPartialArg): Piece['value'] | undefined {
  const said = arg.stringValue ?? arg.numberValue ?? arg.boolValue;
  if (said !== undefined && said !== null) return said;
  return 'nullValue' in arg && arg.nullValue !== undefined ? null : undefined;
}

/** What stands between the quotes of a JSON string. */
function escaped(value: string): string {
  return JSON.stringify(value).slice(1, -1);
}

function isSame(one: Path, other: Path): boolean {
  return one.length === other.length && sharedBy(one, other) === one.length;
}

/** How many segments two paths begin with alike. */
function sharedBy(one: Path, other: Path): number {
  let at = 0;
  while (at < one.length && one[at] === other[at]) at++;
  return at;
}

/** Whether a place in a container is the next to be written. */
function isNext(container: Open, segment: string | number): boolean {
  if ('items' in container) return segment === container.items;
  return typeof segment === 'string' && !container.names.has(segment);
}
