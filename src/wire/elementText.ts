import type { StreamError } from '../errors/streamError.js';
import type { Unpacker } from './frame.js';
import type { WireLimits } from './limits.js';
import { ChunkDecoder } from './text.js';

/**
 * Unpacks a body that is one JSON array: each element becomes the data of an event, piece by piece as it arrives. Any other
 * body passes as it is. It holds the state of one subscription.
 */
export class ElementText implements Unpacker {
  readonly #text: ChunkDecoder;
  /** Whether the body is an array; `undefined` while nothing but blank text has come. */
  #isArray: boolean | undefined;
  #hasEnded = false;
  /** Whether an element has begun, and how deep in it the text stands. */
  #isInside = false;
  #depth = 0;
  #isInString = false;
  #isEscaped = false;

  constructor(limits: WireLimits) {
    this.#text = new ChunkDecoder(limits.bytes);
  }

  get failure(): StreamError | undefined {
    return this.#text.failure;
  }

  next(chunk: Uint8Array | string): string {
    return this.#unpack(this.#text.next(chunk));
  }

  end(): string {
    return this.#unpack(this.#text.end());
  }

  #unpack(text: string): string {
    if (this.#isArray === false) return text;
    if (this.#isArray === true) return this.#elementsIn(text);
    const begun = text.trimStart();
    if (begun === '') return text;
    this.#isArray = begun.startsWith('[');
    return this.#isArray ? this.#elementsIn(begun.slice(1)) : text;
  }

  #elementsIn(text: string): string {
    let found = '';
    for (let at = 0; at < text.length; at++) {
      const character = text[at] as string;
      if (this.#hasEnded) return found + text.slice(at);
      if (this.#isInside) found += this.#inside(character);
      else if (character === ']') this.#hasEnded = true;
      else if (!/[\s,]/.test(character)) {
        this.#isInside = true;
        found += `data: ${this.#inside(character)}`;
      }
    }
    return found;
  }

  /** @returns the text that a character of an element adds, with the end of the event behind the last one */
  #inside(character: string): string {
    // JSON has line ends only where it may have a space.
    if (character === '\n' || character === '\r') return ' ';
    if (this.#isInString) {
      if (this.#isEscaped) this.#isEscaped = false;
      else if (character === '\\') this.#isEscaped = true;
      else if (character === '"') this.#isInString = false;
      return character;
    }
    if (this.#depth === 0 && (character === ',' || character === ']')) {
      this.#hasEnded = character === ']';
      this.#isInside = false;
      return '\n\n';
    }
    if (character === '"') this.#isInString = true;
    else if (character === '{' || character === '[') this.#depth += 1;
    else if (character === '}' || character === ']') {
      this.#depth -= 1;
      if (this.#depth > 0) return character;
      this.#isInside = false;
      return `${character}\n\n`;
    }
    return character;
  }
}
