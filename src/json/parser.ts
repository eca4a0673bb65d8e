import type { StreamError } from '../errors/streamError.js';
import { endsEarly, tooDeep, tooLong, unexpected } from './failure.js';
import { Container } from './container.js';
import { LiteralReader, type Literal } from './literal.js';
import { NumberReader } from './number.js';
import * as code from './scan.js';
import * as state from './state.js';
import { TextReader } from './text.js';
import type { JsonValue } from './value.js';

/** Stands for an index where the text cannot be read on. */
const FAILED = -1;

/**
 * Reads the JSON grammar (RFC 8259) into containers. It knows nothing of snapshots: it only keeps `container`, `openText` and
 * `version` such that one can be taken after every fragment.
 */
export class Parser {
  /** The innermost open container. */
  container = new Container(undefined, 0, false);
  /** Grows with everything that can be seen, by as much, however the text is cut. */
  version = 0;
  /** The index in the whole text of the next character; after a failure, of the first that cannot stand there. */
  position = 0;
  failure: StreamError | undefined = undefined;
  #text = new TextReader();
  #number = new NumberReader();
  #literal = new LiteralReader();
  #state: state.State = state.VALUE;
  /** Whether it only walks through what another has built. */
  readonly #follows: boolean;
  /** The containers that are opened while one reads ahead, for the other to find. */
  #opened: Container[] | undefined = undefined;
  /** How many of them a follower has found, and how many members of `container` it has passed. */
  #found = 0;
  #passed = 0;

  constructor(
    readonly maxDepth: number,
    follows = false,
  ) {
    this.#follows = follows;
  }

  /** How many members of the innermost open container are finished. */
  get count(): number {
    return this.#follows ? this.#passed : this.container.items.length;
  }

  /** The string that is open, if one is. */
  get openText(): TextReader | undefined {
    return this.#state === state.IN_TEXT ? this.#text : undefined;
  }

  /** Whether the outermost value is finished. */
  get complete(): boolean {
    return this.container.parent === undefined && this.count === 1;
  }

  /**
   * Reads a fragment as far as it is valid; `failure` says whether that was to its end.
   *
   * @returns by what the string grew that was open before, if one was
   */
  read(fragment: string): string {
    let at = 0;
    let grown = '';
    if (this.#state === state.IN_TEXT) {
      grown = this.#text.read(fragment, 0);
      at = this.#afterText(fragment, grown);
    }
    while (at !== FAILED && at < fragment.length) at = this.#readOn(fragment, at);
    if (at !== FAILED) this.position += fragment.length;
    return grown;
  }

  /**
   * Reads fragments as one, as far as they are valid.
   *
   * @param text - the fragments, joined
   * @returns a parser that stands where this one stood: it reads the same fragments one by one, and instead of building
   *   anything it walks through what this one has built
   */
  readAhead(text: string): Parser {
    const follower = new Parser(this.maxDepth, true);
    follower.container = this.container;
    follower.version = this.version;
    follower.position = this.position;
    follower.#text = this.#text.fork();
    follower.#number = this.#number.fork();
    follower.#literal = this.#literal.fork();
    follower.#state = this.#state;
    follower.#passed = this.count;
    follower.#opened = this.#opened = [];
    this.read(text);
    this.#opened = undefined;
    return follower;
  }

  /** Ends the text: what only the end can finish is finished, and what then is unfinished is a failure. */
  end(): void {
    if (this.failure !== undefined) return;
    if (this.#state === state.IN_NUMBER && this.container.parent === undefined) this.#finishNumber();
    if (!this.complete) this.failure = endsEarly(this.position);
  }

  /** Ends the text because there is more of it than allowed. */
  endTooLong(maxLength: number): void {
    this.failure ??= tooLong(maxLength);
  }

  #readOn(fragment: string, at: number): number {
    switch (this.#state) {
      case state.IN_TEXT:
        return this.#readText(fragment, at);
      case state.IN_KEY:
        return this.#readKey(fragment, at);
      case state.IN_NUMBER:
        return this.#readNumber(fragment, at);
      case state.IN_LITERAL:
        return this.#readLiteral(fragment, at);
      default:
        return this.#readToken(fragment, at);
    }
  }

  #readToken(fragment: string, from: number): number {
    const at = code.spaceEnd(fragment, from);
    if (at === fragment.length) return at;
    const first = fragment.charCodeAt(at);
    switch (this.#state) {
      case state.AFTER_VALUE:
        return this.#readSeparator(fragment, at, first);
      case state.AFTER_KEY:
        if (first !== code.COLON) return this.#fail(fragment, at);
        this.#state = state.VALUE;
        return at + 1;
      case state.KEY:
      case state.FIRST_KEY:
        if (first === code.QUOTE) return this.#beginKey(fragment, at + 1);
        return first === code.CLOSE_BRACE && this.#state === state.FIRST_KEY
          ? this.#close(at)
          : this.#fail(fragment, at);
      default:
        if (first === code.CLOSE_BRACKET && this.#state === state.FIRST_ITEM) return this.#close(at);
        return this.#beginValue(fragment, at, first);
    }
  }

  #readSeparator(fragment: string, at: number, first: number): number {
    const { keys, parent } = this.container;
    if (parent === undefined) return this.#fail(fragment, at);
    if (first === (keys === undefined ? code.CLOSE_BRACKET : code.CLOSE_BRACE)) return this.#close(at);
    if (first !== code.COMMA) return this.#fail(fragment, at);
    this.#state = keys === undefined ? state.VALUE : state.KEY;
    return at + 1;
  }

  #beginValue(fragment: string, at: number, first: number): number {
    switch (first) {
      case code.QUOTE:
        return this.#beginText(fragment, at + 1);
      case code.OPEN_BRACE:
        return this.#open(at, true);
      case code.OPEN_BRACKET:
        return this.#open(at, false);
      case code.LOWER_T:
        return this.#beginLiteral(fragment, at, 'true');
      case code.LOWER_F:
        return this.#beginLiteral(fragment, at, 'false');
      case code.LOWER_N:
        return this.#beginLiteral(fragment, at, 'null');
      default:
        if (first !== code.MINUS && !code.isDigit(first)) return this.#fail(fragment, at);
        this.#number.begin();
        this.#state = state.IN_NUMBER;
        return this.#readNumber(fragment, at);
    }
  }

  #open(at: number, isObject: boolean): number {
    if (this.container.depth === this.maxDepth) {
      this.position += at;
      this.failure = tooDeep(this.maxDepth, this.position);
      return FAILED;
    }
    this.container = this.#enter(isObject);
    this.#state = isObject ? state.FIRST_KEY : state.FIRST_ITEM;
    this.version += 1;
    return at + 1;
  }

  #enter(isObject: boolean): Container {
    if (this.#follows) {
      this.#passed = 0;
      return this.#opened?.[this.#found++] ?? this.container;
    }
    const container = new Container(this.container, this.container.items.length, isObject);
    this.#opened?.push(container);
    return container;
  }

  #close(at: number): number {
    const closed = this.container;
    this.container = closed.parent ?? closed;
    this.#passed = closed.index;
    this.#finish(this.#follows ? null : closed.close(this.version));
    return at + 1;
  }

  #finish(value: JsonValue): void {
    if (this.#follows) this.#passed += 1;
    else this.container.items.push(value);
    this.#state = state.AFTER_VALUE;
  }

  #beginText(fragment: string, from: number): number {
    this.version += 1;
    const quote = code.closingQuote(fragment, from);
    if (quote >= 0) {
      this.version += quote - from;
      this.#finish(fragment.slice(from, quote));
      return quote + 1;
    }
    this.#text.begin();
    this.#state = state.IN_TEXT;
    return from;
  }

  #readText(fragment: string, from: number): number {
    return this.#afterText(fragment, this.#text.read(fragment, from));
  }

  #afterText(fragment: string, grown: string): number {
    const { end, closed } = this.#text;
    this.version += grown.length;
    if (end < 0) return this.#fail(fragment, ~end);
    if (closed) this.#finish(this.#text.value);
    return end;
  }

  #beginKey(fragment: string, from: number): number {
    const expected = this.container.keys?.[this.count];
    if (expected !== undefined && fragment.startsWith(expected, from)) {
      const end = from + expected.length;
      if (fragment.charCodeAt(end) === code.QUOTE) {
        if (fragment.charCodeAt(end + 1) === code.COLON) {
          this.#state = state.VALUE;
          return end + 2;
        }
        this.#state = state.AFTER_KEY;
        return end + 1;
      }
    }
    const quote = code.closingQuote(fragment, from);
    if (quote >= 0) {
      this.#finishKey(fragment.slice(from, quote));
      return quote + 1;
    }
    this.#text.begin();
    this.#state = state.IN_KEY;
    return from;
  }

  #readKey(fragment: string, from: number): number {
    this.#text.read(fragment, from);
    const { end, closed } = this.#text;
    if (end < 0) return this.#fail(fragment, ~end);
    if (closed) this.#finishKey(this.#text.value);
    return end;
  }

  #finishKey(key: string): void {
    if (!this.#follows) this.container.addKey(key);
    this.#state = state.AFTER_KEY;
  }

  #readNumber(fragment: string, from: number): number {
    const at = this.#number.read(fragment, from);
    if (at === fragment.length) return at;
    return code.endsNumber(fragment.charCodeAt(at)) && this.#finishNumber() ? at : this.#fail(fragment, at);
  }

  /** @returns whether there was a whole number to finish */
  #finishNumber(): boolean {
    const value = this.#number.end();
    if (value === undefined) return false;
    this.version += 1;
    this.#finish(value);
    return true;
  }

  #beginLiteral(fragment: string, at: number, literal: Literal): number {
    this.#literal.begin(literal);
    this.#state = state.IN_LITERAL;
    return this.#readLiteral(fragment, at);
  }

  #readLiteral(fragment: string, from: number): number {
    const at = this.#literal.read(fragment, from);
    if (at < 0) return this.#fail(fragment, ~at);
    const value = this.#literal.end();
    if (value === undefined) return at;
    this.version += 1;
    this.#finish(value);
    return at;
  }

  /** Makes the character the first that cannot stand where it stands. */
  #fail(fragment: string, at: number): number {
    this.position += at;
    this.failure = unexpected(fragment, at, this.position);
    return FAILED;
  }
}
