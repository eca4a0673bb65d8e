import type { TextMachine } from '../blocks/textMachine.js';
import { GuardedString } from './guardedString.js';
import { GuardedText } from './guardedText.js';
import type { Guarding } from './guarding.js';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** What ends a number or a word of JSON. */
const STRUCTURE = new Set('{}[]:,"');
const SPACE = new Set(' \t\n\r');
const ESCAPES: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };
const HEX = /^[\dA-Fa-f]{4}$/;

/**
 * JSON whose strings are guarded, names too, each by itself and decoded, so that no escape hides anything. A number or a
 * word is guarded when it is whole, and becomes a string if something in it was replaced.
 */
export class GuardedJson implements TextMachine {
  readonly #guarding: Guarding;
  #string: GuardedString | undefined;
  /** The escape that has begun in the string. */
  #escape = '';
  /** What stands outside strings and has begun. */
  #word = '';

  constructor(guarding: Guarding) {
    this.#guarding = guarding;
  }

  next(piece: string): string {
    let shown = '';
    for (let at = 0; at < piece.length && !this.#guarding.hasFound; at++)
      shown += this.#unit(piece.charAt(at));
    return shown + (this.#string?.take() ?? '');
  }

  end(): string {
    if (this.#string === undefined) return this.#endWord();
    this.#string.end();
    return this.#string.take() + (this.#guarding.hasFound ? '' : this.#escape);
  }

  #unit(unit: string): string {
    if (this.#string !== undefined) return this.#inString(this.#string, unit);
    if (!STRUCTURE.has(unit) && (this.#word !== '' || !SPACE.has(unit))) {
      this.#word += unit;
      return '';
    }
    const word = this.#endWord();
    if (this.#guarding.hasFound) return word;
    if (unit === '"') this.#string = new GuardedString(this.#guarding);
    return word + unit;
  }

  #inString(string: GuardedString, unit: string): string {
    const code = unit.charCodeAt(0);
    if (this.#escape !== '') {
      this.#escape += unit;
      this.#endEscape(string);
      return '';
    }
    if (code === BACKSLASH) {
      this.#escape = unit;
      return '';
    }
    if (code !== QUOTE) {
      string.next(code, unit);
      return '';
    }
    string.end();
    this.#string = undefined;
    const shown = string.take();
    return this.#guarding.hasFound ? shown : shown + unit;
  }

  /** Reads an escape that has come as a whole. */
  #endEscape(string: GuardedString): void {
    const escape = this.#escape;
    const [, letter = ''] = escape;
    if (letter === 'u' && escape.length < 6) return;
    const digits = escape.slice(2);
    const unit = letter === 'u' && HEX.test(digits) ? parseInt(digits, 16) : unitOf(letter);
    string.next(unit, escape);
    this.#escape = '';
  }

  #endWord(): string {
    // The spaces behind it stand between values.
    const word = this.#word.trimEnd();
    const space = this.#word.slice(word.length);
    if (word === '') return '';
    this.#word = '';
    const text = new GuardedText(this.#guarding);
    const shown = text.next(word) + text.end();
    if (this.#guarding.hasFound) return '';
    return (shown === word ? word : JSON.stringify(shown)) + space;
  }
}

function unitOf(letter: string): number {
  return (ESCAPES[letter] ?? letter).charCodeAt(0);
}
