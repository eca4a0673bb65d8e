import type { StreamError } from '../../errors/streamError.js';
import { endsEarly, tooDeep, tooLong, unexpected } from '../../json/failure.js';
import { Rope } from '../../json/rope.js';
import * as state from '../../json/state.js';
import type { JsonValue } from '../../json/value.js';
import type { OpenInput } from './openInput.js';

// The limits of the reader that shows an input while it grows.
const MAX_DEPTH = 512;
const MAX_LENGTH = 0x4000000;

/** @returns an input of which nothing is shown before its end: the engine's own parser reads its text then, at once */
export function wholeInput(): OpenInput {
  return new WholeInput();
}

class WholeInput implements OpenInput {
  readonly #text = new Rope();

  get json(): string {
    return this.#text.text;
  }

  get value(): undefined {
    return undefined;
  }

  get settled(): JsonValue | undefined {
    const { settled } = scan(this.json);
    return settled === '' ? undefined : (JSON.parse(settled) as JsonValue);
  }

  write(fragment: string): void {
    this.#text.append(fragment);
  }

  end(): { readonly value: JsonValue } | StreamError {
    const { json } = this;
    try {
      const value = JSON.parse(json) as JsonValue;
      if (json.length <= MAX_LENGTH && !isDeeper(value, MAX_DEPTH)) return { value };
    } catch {
      // The scan says what is wrong in words that are the same in every engine, and quotes one character only.
    }
    return scan(json).failure;
  }
}

function isDeeper(value: JsonValue, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((member) => isDeeper(member, levels - 1));
}

/** What a text that does not make a value holds. */
interface Scan {
  /** Why it makes none. */
  readonly failure: StreamError;
  /** The text of what is certain: every member that is complete, with the brackets that are missing. */
  readonly settled: string;
}

const SPACE = /[ \t\n\r]*/y;
const PLAIN = /[^"\\\u0000-\u001f]*/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[\da-fA-F]{4})/y;
const WORD = /t(?:r(?:ue?)?)?|f(?:a(?:l(?:se?)?)?)?|n(?:u(?:ll?)?)?/y;
const WHOLE_WORD = new Set(['true', 'false', 'null']);
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?/y;
const NUMBER_END = /[,\]} \t\n\r]/;
// What may still become an escape or a number.
const ESCAPE_PART = /\\(?:u[\da-fA-F]{0,3})?/y;
const NUMBER_PART = /-?(?:(?:0|[1-9]\d*)(?:\.(?!\d)|(?:\.\d+)?(?:[eE][-+]?\d*)?))?/y;

/** Reads as the growing reader does, but a whole text, and without making values. */
function scan(json: string): Scan {
  const text = json.slice(0, MAX_LENGTH);
  const closers: string[] = [];
  let expected = state.VALUE as state.State;
  let at = 0;
  let certain = 0;
  const end = (failure: StreamError): Scan => ({
    failure,
    settled: text.slice(0, certain) + closers.reverse().join(''),
  });
  const proceed = (to: number, next: state.State): void => {
    at = to;
    expected = next;
    // A bracket or a value: whatever follows, this is known.
    if (next === state.AFTER_VALUE || next === state.FIRST_ITEM || next === state.FIRST_KEY) certain = to;
  };
  while ((at = after(SPACE, text, at)) < text.length) {
    const character = text.charAt(at);
    const closer = closers.at(-1);
    const isKey = expected === state.KEY || expected === state.FIRST_KEY;
    const mayClose =
      expected === state.AFTER_VALUE || expected === state.FIRST_ITEM || expected === state.FIRST_KEY;
    if (mayClose && character === closer) {
      closers.pop();
      proceed(at + 1, state.AFTER_VALUE);
    } else if (expected === state.AFTER_VALUE) {
      if (character !== ',' || closer === undefined) break;
      proceed(at + 1, closer === ']' ? state.VALUE : state.KEY);
    } else if (expected === state.AFTER_KEY) {
      if (character !== ':') break;
      proceed(at + 1, state.VALUE);
    } else if (character === '"') {
      const quote = textEnd(text, at + 1);
      if (text.charAt(quote) === '"') proceed(quote + 1, isKey ? state.AFTER_KEY : state.AFTER_VALUE);
      else {
        proceed(after(ESCAPE_PART, text, quote), isKey ? state.IN_KEY : state.IN_TEXT);
        break;
      }
    } else if (isKey) {
      break;
    } else if (character === '{' || character === '[') {
      if (closers.length === MAX_DEPTH) return end(tooDeep(MAX_DEPTH, at));
      closers.push(character === '{' ? '}' : ']');
      proceed(at + 1, character === '{' ? state.FIRST_KEY : state.FIRST_ITEM);
    } else {
      const word = after(WORD, text, at);
      const number = after(NUMBER_PART, text, at);
      if (word === at && number === at) break;
      const isWhole =
        word > at
          ? WHOLE_WORD.has(text.slice(at, word))
          : number === after(NUMBER, text, at) && NUMBER_END.test(text.charAt(number));
      if (isWhole) proceed(Math.max(word, number), state.AFTER_VALUE);
      else {
        proceed(Math.max(word, number), word > at ? state.IN_LITERAL : state.IN_NUMBER);
        break;
      }
    }
  }
  if (at < text.length) return end(unexpected(text, at, at, state.EXPECTED[expected]));
  return end(json.length > at ? tooLong(MAX_LENGTH) : endsEarly(at, state.EXPECTED[expected]));
}

/** @returns the index after what the pattern matches at `from`; `from` where it does not match */
function after(pattern: RegExp, text: string, from: number): number {
  pattern.lastIndex = from;
  return pattern.test(text) ? pattern.lastIndex : from;
}

/** @returns the index of the closing quote of a string, or of what breaks it off */
function textEnd(text: string, from: number): number {
  let at = from;
  for (;;) {
    const plain = after(PLAIN, text, at);
    at = after(ESCAPE, text, plain);
    if (at === plain) return at;
  }
}
