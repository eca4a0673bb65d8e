import type { StreamError } from '../errors/streamError.js';
import { Container } from './container.js';
import { endsEarly, tooDeep, unexpected } from './failure.js';
import { follow, isWhole } from './number.js';
import { Rope } from './rope.js';
import * as scan from './scan.js';
import * as state from './state.js';
import type { JsonValue } from './value.js';

const OPEN_BRACKET = 0x5b;
const OPEN_BRACE = 0x7b;

const WORDS = ['true', 'false', 'null'];

/**
 * Reads the JSON grammar (RFC 8259) into containers. It knows nothing of snapshots: it only keeps `container`,
 * `openText` and `version` such that one can be taken after every fragment.
 *
 * To look into a text that is joined from many parts makes the engine copy it whole; so what must be looked at is
 * looked at in the fragment.
 */
export class Parser {
  /** The innermost open container. */
  container = new Container(undefined, 0, false);
  /** Grows with everything that can be seen, by as much, however the text is cut. */
  version = 0;
  /** The index in the whole text of the next character; after a failure, of the first that cannot stand there. */
  position = 0;
  failure: StreamError | undefined = undefined;
  readonly #maxDepth: number;
  #state: state.State = state.VALUE;
  /** The string or key that is open. It never ends in half an escape, nor in half a surrogate pair. */
  readonly #text = new Rope();
  /** How an escape begins in which a fragment ended, as the text spells it. */
  #escape = '';
  /** By what the string grew last. */
  #piece = '';
  /** The first halves of surrogate pairs at its end, withheld until it is known what follows. */
  #half = '';
  /** The number or word that is open, and how far it is known to be one. */
  #token = '';
  #known = 0;

  constructor(maxDepth: number) {
    this.#maxDepth = maxDepth;
  }

  /** The string that is open, if one is. */
  get openText(): string | undefined {
    return this.#state === state.IN_TEXT ? this.#text.text : undefined;
  }

  /** Whether the outermost value is finished. */
  get complete(): boolean {
    return this.container.parent === undefined && this.container.items.length === 1;
  }

  /**
   * Reads a fragment as far as it is valid; `failure` says whether that was to its end.
   *
   * @returns by what the string grew that was open before, if one was
   */
  read(fragment: string): string {
    const text = this.#escape + fragment;
    this.position -= this.#escape.length;
    this.#escape = '';
    let at = 0;
    let grown = '';
    if (this.#state === state.IN_TEXT) {
      at = this.#readText(text, 0);
      grown = this.#piece;
    }
    while (at >= 0 && at < text.length) at = this.#readOn(text, at);
    this.position += at < 0 ? ~at : at;
    if (at < 0) this.failure ??= unexpected(text, ~at, this.position);
    return grown;
  }

  /** Ends the text: what only the end can finish is finished, and what then is unfinished is a failure. */
  end(): void {
    if (this.failure !== undefined) return;
    if (this.#state === state.IN_NUMBER && this.container.parent === undefined && isWhole(this.#known))
      this.#show(Number(this.#token));
    if (!this.complete) this.failure = endsEarly(this.position);
  }

  // Each of the methods that read returns the index after what it read, or the complement (`~index`) of a character
  // that cannot stand there.

  #readOn(text: string, from: number): number {
    switch (this.#state) {
      case state.IN_TEXT:
      case state.IN_KEY:
        return this.#readText(text, from);
      case state.IN_NUMBER:
        return this.#readNumber(text, from);
      case state.IN_LITERAL:
        return this.#readWord(text, from);
      default:
    }
    let at = from;
    while (scan.isSpace(text.charCodeAt(at))) at += 1;
    return at === text.length ? at : this.#readToken(text, at, text.charCodeAt(at));
  }

  #readToken(text: string, at: number, first: number): number {
    const { keys, parent } = this.container;
    const expected = this.#state;
    // `]` and `}` come two after `[` and `{`.
    const isClosing = first === (keys === undefined ? OPEN_BRACKET : OPEN_BRACE) + 2;
    switch (expected) {
      case state.AFTER_VALUE:
        if (parent === undefined) return ~at;
        if (isClosing) return this.#close(at);
        if (first !== scan.COMMA) return ~at;
        this.#state = keys === undefined ? state.VALUE : state.KEY;
        return at + 1;
      case state.AFTER_KEY:
        if (first !== scan.COLON) return ~at;
        this.#state = state.VALUE;
        return at + 1;
      case state.KEY:
      case state.FIRST_KEY:
        if (first === scan.QUOTE) return this.#beginKey(text, at + 1);
        return isClosing && expected === state.FIRST_KEY ? this.#close(at) : ~at;
      default:
        if (isClosing && expected === state.FIRST_ITEM) return this.#close(at);
        return this.#beginValue(text, at, first);
    }
  }

  #beginValue(text: string, at: number, first: number): number {
    if (first === scan.QUOTE) {
      this.version += 1;
      return this.#beginText(text, at + 1, state.IN_TEXT);
    }
    if (first === OPEN_BRACE || first === OPEN_BRACKET) return this.#open(at, first === OPEN_BRACE);
    this.#token = '';
    this.#known = 0;
    if (follow(0, first) > 0) {
      this.#state = state.IN_NUMBER;
      return this.#readNumber(text, at);
    }
    this.#token = WORDS.find((word) => word.charCodeAt(0) === first) ?? '';
    if (this.#token === '') return ~at;
    this.#state = state.IN_LITERAL;
    return this.#readWord(text, at);
  }

  #open(at: number, isObject: boolean): number {
    const { container } = this;
    if (container.depth === this.#maxDepth) {
      this.failure = tooDeep(this.#maxDepth, this.position + at);
      return ~at;
    }
    this.container = new Container(container, container.items.length, isObject);
    this.#state = isObject ? state.FIRST_KEY : state.FIRST_ITEM;
    this.version += 1;
    return at + 1;
  }

  #close(at: number): number {
    const { container } = this;
    this.container = container.parent ?? container;
    this.#finish(container.close(this.version));
    return at + 1;
  }

  /** Finishes a value that shows only now. */
  #show(value: JsonValue): void {
    this.version += 1;
    this.#finish(value);
  }

  #finish(value: JsonValue): void {
    this.container.items.push(value);
    this.#state = state.AFTER_VALUE;
  }

  #beginKey(text: string, from: number): number {
    // Mostly the objects of an array have the same keys.
    const expected = this.container.keys?.[this.container.items.length];
    if (expected !== undefined && text.startsWith(expected, from)) {
      const end = from + expected.length;
      if (text.charCodeAt(end) === scan.QUOTE) {
        this.#state = state.AFTER_KEY;
        return end + 1;
      }
    }
    return this.#beginText(text, from, state.IN_KEY);
  }

  #beginText(text: string, from: number, next: state.State): number {
    this.#state = next;
    const quote = scan.plainEnd(text, from);
    if (text.charCodeAt(quote) === scan.QUOTE) {
      if (next === state.IN_TEXT) this.version += quote - from;
      this.#endText(text.slice(from, quote));
      return quote + 1;
    }
    this.#text.clear();
    this.#half = '';
    return this.#readText(text, from);
  }

  /** Reads on in a string or key. Its escapes are read by the engine's own parser, all that are here at once. */
  #readText(text: string, from: number): number {
    let at = scan.plainEnd(text, from);
    const plain = at;
    while (text.charCodeAt(at) === scan.BACKSLASH) {
      const end = scan.after(scan.ESCAPES, text, at);
      if (end === at) break;
      at = scan.plainEnd(text, end);
    }
    const raw = text.slice(from, at);
    this.#append(at === plain ? raw : (JSON.parse(`"${raw}"`) as string), text.charCodeAt(at) === scan.QUOTE);
    if (at === text.length) return at;
    if (text.charCodeAt(at) === scan.QUOTE) {
      this.#endText(this.#text.text);
      return at + 1;
    }
    const end = scan.after(scan.ESCAPE_PART, text, at);
    if (end < text.length) return ~end;
    this.#escape = text.slice(at);
    return end;
  }

  #append(part: string, isLast: boolean): void {
    let end = part.length;
    while (!isLast && (part.charCodeAt(end - 1) & 0xfc00) === 0xd800) end -= 1;
    const isWithheld = end === 0 && !isLast;
    this.#piece = isWithheld ? '' : this.#half + part.slice(0, end);
    this.#half = (isWithheld ? this.#half : '') + part.slice(end);
    this.#text.append(this.#piece);
    if (this.#state === state.IN_TEXT) this.version += this.#piece.length;
  }

  #endText(text: string): void {
    if (this.#state === state.IN_TEXT) this.#finish(text);
    else {
      this.container.addKey(text);
      this.#state = state.AFTER_KEY;
    }
  }

  #readNumber(text: string, from: number): number {
    let at = from;
    for (; at < text.length; at += 1) {
      const next = follow(this.#known, text.charCodeAt(at));
      if (next < 0) break;
      this.#known = next;
    }
    this.#token += text.slice(from, at);
    if (at === text.length) return at;
    const code = text.charCodeAt(at);
    const mayEnd =
      code === scan.COMMA || code === OPEN_BRACKET + 2 || code === OPEN_BRACE + 2 || scan.isSpace(code);
    if (!mayEnd || !isWhole(this.#known)) return ~at;
    this.#show(Number(this.#token));
    return at;
  }

  #readWord(text: string, from: number): number {
    const word = this.#token;
    let at = from;
    for (; this.#known < word.length; at += 1, this.#known += 1) {
      if (at === text.length) return at;
      if (text.charCodeAt(at) !== word.charCodeAt(this.#known)) return ~at;
    }
    this.#show(word === 'null' ? null : word === 'true');
    return at;
  }
}
