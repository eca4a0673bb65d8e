import type { StreamError } from '../errors.js';
import { endsEarly, tooDeep, tooLong, unexpected } from './failure.js';
import { Frame } from './frame.js';
import { LiteralReader, type Literal } from './literal.js';
import { NumberReader } from './number.js';
import * as code from './scan.js';
import { TextReader } from './text.js';
import type { JsonValue } from './value.js';

// What the next character has to be, or to go on with.
const VALUE = 0;
const FIRST_ITEM = 1;
const KEY = 2;
const FIRST_KEY = 3;
const AFTER_KEY = 4;
const AFTER_VALUE = 5;
const IN_TEXT = 6;
const IN_KEY = 7;
const IN_NUMBER = 8;
const IN_LITERAL = 9;

/** The same in words, in the same order. */
const EXPECTED = [
  'a value',
  'a value or "]"',
  'a key in quotes',
  'a key in quotes or "}"',
  '":"',
  'a separator or the end',
  'the rest of a string',
  'the rest of a key',
  'the rest or the end of a number',
  'the rest of true, false or null',
] as const;

/** Stands for an index where the text cannot be read on. */
const FAILED = -1;

/**
 * Reads the JSON grammar (RFC 8259) into frames. It knows nothing of snapshots: it only keeps `frame`, `openText` and
 * `version` such that one can be taken after every fragment.
 */
export class Parser {
  /** The innermost open container. */
  frame = new Frame(undefined, 0, false);
  /** Grows with everything that can be seen. */
  version = 0;
  /** By what the string grew that was open when the last fragment came. */
  grown = '';
  /** The index in the whole text of the next character; after a failure, of the first that cannot stand there. */
  position = 0;
  failure: StreamError | undefined = undefined;
  readonly #maxDepth: number;
  readonly #text = new TextReader();
  readonly #number = new NumberReader();
  readonly #literal = new LiteralReader();
  #expected = VALUE;

  constructor(maxDepth: number) {
    this.#maxDepth = maxDepth;
  }

  /** The string that is open, if one is. */
  get openText(): TextReader | undefined {
    return this.#expected === IN_TEXT ? this.#text : undefined;
  }

  /** Whether the outermost value is finished. */
  get complete(): boolean {
    return this.frame.parent === undefined && this.frame.items.length === 1;
  }

  /** Reads a fragment as far as it is valid; `failure` says whether that was to its end. */
  read(fragment: string): void {
    let at = 0;
    this.grown = '';
    if (this.#expected === IN_TEXT && fragment !== '') {
      at = this.#readText(fragment, 0);
      this.grown = this.#text.grown;
    }
    while (at !== FAILED && at < fragment.length) at = this.#readOn(fragment, at);
    if (at !== FAILED) this.position += fragment.length;
  }

  /** Ends the text: what only the end can finish is finished, and what then is unfinished is a failure. */
  end(): void {
    this.grown = '';
    if (this.#expected === IN_NUMBER && this.frame.parent === undefined) this.#finishNumber();
    if (!this.complete) this.failure = endsEarly(this.position, EXPECTED[this.#expected] ?? '');
  }

  /** Ends the text because there is more of it than allowed. */
  endTooLong(maxLength: number): void {
    this.failure ??= tooLong(maxLength);
  }

  #readOn(fragment: string, at: number): number {
    switch (this.#expected) {
      case IN_TEXT:
        return this.#readText(fragment, at);
      case IN_KEY:
        return this.#readKey(fragment, at);
      case IN_NUMBER:
        return this.#readNumber(fragment, at);
      case IN_LITERAL:
        return this.#readLiteral(fragment, at);
      default:
        return this.#readToken(fragment, at);
    }
  }

  #readToken(fragment: string, from: number): number {
    const at = code.spaceEnd(fragment, from);
    if (at === fragment.length) return at;
    const first = fragment.charCodeAt(at);
    switch (this.#expected) {
      case AFTER_VALUE:
        return this.#readSeparator(fragment, at, first);
      case AFTER_KEY:
        if (first !== code.COLON) return this.#fail(fragment, at);
        this.#expected = VALUE;
        return at + 1;
      case KEY:
      case FIRST_KEY:
        if (first === code.QUOTE) return this.#beginKey(fragment, at + 1);
        return first === code.CLOSE_BRACE && this.#expected === FIRST_KEY
          ? this.#close(at)
          : this.#fail(fragment, at);
      default:
        if (first === code.CLOSE_BRACKET && this.#expected === FIRST_ITEM) return this.#close(at);
        return this.#beginValue(fragment, at, first);
    }
  }

  #readSeparator(fragment: string, at: number, first: number): number {
    const { keys, parent } = this.frame;
    if (parent === undefined) return this.#fail(fragment, at);
    if (first === (keys === undefined ? code.CLOSE_BRACKET : code.CLOSE_BRACE)) return this.#close(at);
    if (first !== code.COMMA) return this.#fail(fragment, at);
    this.#expected = keys === undefined ? VALUE : KEY;
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
        this.#expected = IN_NUMBER;
        return this.#readNumber(fragment, at);
    }
  }

  #open(at: number, isObject: boolean): number {
    if (this.frame.depth === this.#maxDepth) {
      this.position += at;
      this.failure = tooDeep(this.#maxDepth, this.position);
      return FAILED;
    }
    this.frame = new Frame(this.frame, this.frame.items.length, isObject);
    this.#expected = isObject ? FIRST_KEY : FIRST_ITEM;
    this.version += 1;
    return at + 1;
  }

  #close(at: number): number {
    const closed = this.frame;
    this.frame = closed.parent ?? closed;
    this.#finish(closed.close(this.version));
    return at + 1;
  }

  #finish(value: JsonValue): void {
    this.frame.items.push(value);
    this.#expected = AFTER_VALUE;
  }

  #beginText(fragment: string, from: number): number {
    this.version += 1;
    const quote = code.closingQuote(fragment, from);
    if (quote >= 0) {
      this.#finish(fragment.slice(from, quote));
      return quote + 1;
    }
    this.#text.begin();
    this.#expected = IN_TEXT;
    return from;
  }

  #readText(fragment: string, from: number): number {
    const at = this.#text.read(fragment, from);
    if (this.#text.grown !== '') this.version += 1;
    if (at < 0) return this.#fail(fragment, ~at);
    if (this.#text.closed) this.#finish(this.#text.value);
    return at;
  }

  #beginKey(fragment: string, from: number): number {
    const quote = code.closingQuote(fragment, from);
    if (quote >= 0) {
      this.#finishKey(fragment.slice(from, quote));
      return quote + 1;
    }
    this.#text.begin();
    this.#expected = IN_KEY;
    return from;
  }

  #readKey(fragment: string, from: number): number {
    const at = this.#text.read(fragment, from);
    if (at < 0) return this.#fail(fragment, ~at);
    if (this.#text.closed) this.#finishKey(this.#text.value);
    return at;
  }

  #finishKey(key: string): void {
    this.frame.addKey(key);
    this.#expected = AFTER_KEY;
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
    this.#expected = IN_LITERAL;
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
    this.failure = unexpected(fragment, at, this.position, EXPECTED[this.#expected] ?? '');
    return FAILED;
  }
}
