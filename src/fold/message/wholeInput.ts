import type { StreamError } from '../../errors/streamError.js';
import { endsEarly, tooDeep, unexpected } from '../../json/failure.js';
import { after, ESCAPE, SCALAR, SPACE, textEnd, WHOLE } from '../../json/patterns.js';
import { Rope } from '../../json/rope.js';
import type { JsonValue } from '../../json/value.js';
import type { OpenInput } from './openInput.js';

/** As deep as the reader goes that shows an input while it grows. How long a text may be, `limitMessages` says. */
const MAX_DEPTH = 512;

/** @returns an input of which nothing is shown before its end: the engine's own parser reads its text then, at once */
export function wholeInput(): OpenInput {
  const rope = new Rope();
  return {
    value: undefined,
    get json() {
      return rope.text;
    },
    get settled() {
      const { settled } = scan(rope.text);
      return settled === '' ? undefined : (JSON.parse(settled) as JsonValue);
    },
    write(fragment) {
      rope.append(fragment);
    },
    end() {
      try {
        const value = JSON.parse(rope.text) as JsonValue;
        if (!isDeeper(value, MAX_DEPTH)) return { value };
      } catch {
        // The scan says what is wrong in words that are the same in every engine, and quotes one character only.
      }
      return scan(rope.text).failure;
    },
  };
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

/** Reads as the growing reader does, but a whole text, and without making values. */
function scan(text: string): Scan {
  const closers: string[] = [];
  /** The character that has to come: a key begins with a quote, and a value with any. */
  let expected: '"' | ':' | ',' | '' = '';
  let mayClose = false;
  let at = 0;
  let certain = 0;
  let failure: StreamError | undefined;
  for (;;) {
    at = after(SPACE, text, at);
    const character = text.charAt(at);
    const closer = closers.at(-1);
    if (mayClose && character === closer) {
      closers.pop();
      at++;
      expected = ',';
    } else if (expected !== '' && character !== expected) {
      break;
    } else if (expected === ',' || expected === ':') {
      if (closer === undefined) break;
      at++;
      expected = expected === ',' && closer === '}' ? '"' : '';
      mayClose = false;
      continue;
    } else if (character === '"') {
      at = textEnd(text, at + 1);
      if (text.charAt(at) !== '"') {
        at = after(ESCAPE, text, at);
        break;
      }
      at++;
      expected = expected === '"' ? ':' : ',';
    } else if (character === '{' || character === '[') {
      if (closers.length === MAX_DEPTH) {
        failure = tooDeep(MAX_DEPTH, at);
        break;
      }
      closers.push(character === '{' ? '}' : ']');
      at++;
      expected = character === '{' ? '"' : '';
    } else {
      const from = at;
      at = after(SCALAR, text, from);
      if (!WHOLE.test(text.slice(from, at + 1))) break;
      expected = ',';
    }
    mayClose = expected !== ':';
    // A bracket or a value: whatever follows, this is known.
    if (mayClose) certain = at;
  }
  failure ??= at < text.length ? unexpected(text, at, at) : endsEarly(at);
  return { failure, settled: text.slice(0, certain) + closers.reverse().join('') };
}
