import type { StreamError } from '../errors/streamError.js';
import { Container } from './container.js';
import { after, ESCAPE, notJson, SCALAR, SPACE, textEnd, tooDeep, WHOLE } from './grammar.js';
import { pathTo } from './growth.js';
import { Moment } from './moment.js';
import { Rope } from './rope.js';
import type { JsonPath, JsonValue } from './value.js';
import type { Watch } from './watch.js';

/** A number longer than this is not read again for each digit that comes: any may follow, since it does not begin with 0. */
const LONG = 64;

/** So many characters are looked at one by one: what is found there costs less than to call a pattern. */
const NEAR = 12;

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
  /** What was known before a value came that may never be shown: nothing is shown after it. */
  last: Moment | undefined = undefined;
  /** Where the values stand that were finished, if somebody asks. */
  closed: JsonPath[] | undefined = undefined;
  readonly #maxDepth: number;
  readonly #watch: Watch | undefined;
  /** The character that has to come: a key begins with a quote, and a value with any. */
  #expected: '"' | ':' | ',' | '' = '';
  #mayClose = false;
  /** Which kind of string is open. */
  #open: 'key' | 'text' | undefined = undefined;
  /** Whether the string that is open shows only when it has ended. */
  #isHeld = false;
  /** The string that is open. It never ends in half an escape, nor in half a surrogate pair. */
  #text = new Rope();
  /** By what it grew last. */
  #piece = '';
  /** The first halves of surrogate pairs at its end, withheld until it is known what follows. */
  #half = '';
  /** What cannot be read before more comes: how an escape, a number or a literal begins. */
  #rest = '';
  /** Whether that is a number that any digits may follow. */
  #isLong = false;

  constructor(maxDepth: number, watch?: Watch) {
    this.#maxDepth = maxDepth;
    this.#watch = watch;
  }

  /** The string that is open, if one is that may be shown. */
  get openText(): string | undefined {
    return this.#isShown ? this.#text.text : undefined;
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
    this.position += fragment.length;
    const text = this.#rest + fragment;
    if (this.#isLong && /^\d*$/.test(fragment)) {
      this.#rest = text;
      return '';
    }
    this.#rest = '';
    this.#isLong = false;
    const open = this.#open;
    let at = open === undefined ? 0 : this.#readText(text, 0);
    const grown = open === 'text' ? this.#piece : '';
    while (at >= 0 && at < text.length) at = this.#readToken(text, at);
    if (at < 0) {
      this.position -= text.length - ~at;
      this.failure ??= notJson(text, ~at, this.position);
    }
    return grown;
  }

  /** Ends the text: what only the end can finish is finished, and what then is unfinished is a failure. */
  end(): void {
    if (this.failure !== undefined) return;
    const isOutside = this.container.parent === undefined && this.#open === undefined;
    if (isOutside && !this.complete && WHOLE.test(`${this.#rest} `)) this.#show(this.#rest);
    if (!this.complete) this.failure = notJson('', 0, this.position);
  }

  // Each of the methods that read returns the index after what it read, or the complement (`~index`) of a character
  // that cannot stand there.

  #readToken(text: string, from: number): number {
    const at = text.charCodeAt(from) > 0x20 ? from : after(SPACE, text, from);
    const character = text.charAt(at);
    const { keys, parent } = this.container;
    const expected = this.#expected;
    if (character === '') return at;
    if (this.#mayClose && parent !== undefined && character === (keys === undefined ? ']' : '}')) {
      const { container } = this;
      this.container = parent;
      this.#finish(container.close(this.version));
      return at + 1;
    }
    if (expected !== '' && character !== expected) return ~at;
    switch (character) {
      case ',':
      case ':':
        if (expected === '' || parent === undefined) return ~at;
        this.#expect(expected === ',' && keys !== undefined ? '"' : '');
        return at + 1;
      case '"':
        this.#open = expected === '"' ? 'key' : 'text';
        this.#isHeld = expected === '' && this.#watch?.holds(this.container) === true;
        if (this.#isShown) this.version += 1;
        this.#text = new Rope();
        this.#half = '';
        return this.#readText(text, at + 1);
      case '{':
      case '[':
        return this.#begin(text, at, character === '{');
      default:
        return this.#readScalar(text, at);
    }
  }

  #expect(expected: '"' | ':' | ',' | '', mayClose = false): void {
    this.#expected = expected;
    this.#mayClose = mayClose;
  }
  #begin(text: string, at: number, isObject: boolean): number {
    const { container } = this;
    this.#admit(isObject ? {} : [], false);
    if (container.depth === this.#maxDepth) {
      this.failure = tooDeep(this.#maxDepth, this.position - text.length + at);
      return ~at;
    }
    this.container = new Container(container, container.items.length, isObject);
    this.#expect(isObject ? '"' : '', true);
    this.version += 1;
    return at + 1;
  }

  #readScalar(text: string, from: number): number {
    const at = after(SCALAR, text, from);
    const token = text.slice(from, at);
    if (WHOLE.test(text.slice(from, at + 1))) this.#show(token);
    else if (at < text.length) return ~at;
    else {
      this.#rest = token;
      this.#isLong = token.length > LONG && /\d$/.test(token);
    }
    return at;
  }

  /** Reads on in a string or key. Its escapes are read by the engine's own parser, all that are here at once. */
  #readText(text: string, from: number): number {
    let near = from;
    while (near < from + NEAR && isPlain(text.charCodeAt(near))) near += 1;
    const at = textEnd(text, near);
    const isLast = text.charAt(at) === '"';
    const raw = text.slice(from, at);
    this.#append(raw.includes('\\') ? (JSON.parse(`"${raw}"`) as string) : raw, isLast);
    if (isLast) {
      this.#endText(this.#text.text);
      return at + 1;
    }
    const end = after(ESCAPE, text, at);
    if (end < text.length) return ~end;
    this.#rest = text.slice(at);
    return end;
  }

  #append(part: string, isLast: boolean): void {
    let end = part.length;
    while (!isLast && (part.charCodeAt(end - 1) & 0xfc00) === 0xd800) end -= 1;
    const isWithheld = end === 0 && !isLast;
    this.#piece = isWithheld ? '' : this.#half + part.slice(0, end);
    this.#half = (isWithheld ? this.#half : '') + part.slice(end);
    this.#text.append(this.#piece);
    if (this.#isShown) this.version += this.#piece.length;
  }

  #endText(text: string): void {
    if (this.#open === 'text') {
      this.#finish(text);
      if (this.#isHeld) this.version += 1;
    } else {
      this.container.addKey(text);
      this.#expect(':');
    }
    this.#open = undefined;
  }

  #admit(value: JsonValue, isFinished: boolean): void {
    const { container, last, version } = this;
    if (last === undefined && this.#watch?.admits(container, value, isFinished) === false)
      this.last = new Moment(container, container.items.length, undefined, version, false);
  }

  /** Finishes a literal or a number, which shows only now. */
  #show(token: string): void {
    this.#finish(JSON.parse(token) as JsonValue);
    this.version += 1;
  }

  get #isShown(): boolean {
    return this.#open === 'text' && !this.#isHeld;
  }

  #finish(value: JsonValue): void {
    this.#admit(value, true);
    if (this.last === undefined) this.closed?.push(pathTo(this.container, this.container.items.length));
    this.container.items.push(value);
    this.#expect(',', true);
  }
}

/** Whether a character stands for itself in a string; the one that is not there, NaN, does not. */
function isPlain(code: number): boolean {
  return code >= 0x20 && code !== 0x22 && code !== 0x5c;
}
