import type { StreamError } from '../../errors/streamError.js';
import { after, ESCAPE, notJson, SCALAR, SPACE, textEnd, tooDeep, WHOLE } from '../../json/grammar.js';
import { Rope } from '../../json/rope.js';
import type { JsonValue } from '../../json/value.js';
import type { OpenInput } from './openInput.js';

/** As deep as the reader goes that shows an input while it grows. How long a text may be, `limitMessages` says. */
const MAX_DEPTH = 512;

/** @returns an input of which nothing is shown before its end: the engine's own parser reads its text then, at once */
export function wholeInput(): OpenInput {
  const rope = new Rope();
  return {
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
  /** The brackets that are missing, the next one first. */
  let closers = '';
  /** The character that has to come: a key begins with a quote, and a value with any. */
  let expected: '"' | ':' | ',' | '' = '';
  let mayClose = false;
  let known = 0;
  let at = 0;
  let failure: StreamError | undefined;
  for (;;) {
    at = after(SPACE, text, at);
    const character = text.charAt(at);
    const closer = closers.charAt(0);
    if (mayClose && closer !== '' && character === closer) {
      closers = closers.slice(1);
      expected = ',';
      at++;
    } else if (expected !== '' && character !== expected) {
      break;
    } else if (character === ',' || character === ':') {
      if (expected === '' || closer === '') break;
      expected = expected === ',' && closer === '}' ? '"' : '';
      mayClose = false;
      at++;
      continue;
    } else if (character === '"') {
      at = textEnd(text, at + 1);
      if (text.charAt(at) !== '"') {
        at = after(ESCAPE, text, at);
        break;
      }
      expected = expected === '"' ? ':' : ',';
      at++;
    } else if (character === '{' || character === '[') {
      if (closers.length === MAX_DEPTH) {
        failure = tooDeep(MAX_DEPTH, at);
        break;
      }
      closers = (character === '{' ? '}' : ']') + closers;
      expected = character === '{' ? '"' : '';
      at++;
    } else {
      const from = at;
      at = after(SCALAR, text, from);
      if (!WHOLE.test(text.slice(from, at + 1))) break;
      expected = ',';
    }
    mayClose = expected !== ':';
    // A bracket or a value: whatever follows, this is known.
    if (mayClose) known = at;
  }
  failure ??= notJson(text, at, at);
  return { failure, settled: text.slice(0, known) + closers };
}
