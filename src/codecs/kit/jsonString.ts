import { asText } from './json.js';

/** What stands between the quotes of a JSON string: a piece of it, for a piece of the text. */
export function escaped(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

/** The text of a whole JSON string; `undefined` where it is damaged, or any other value. */
export function jsonStringIn(json: string): string | undefined {
  try {
    return asText(JSON.parse(json));
  } catch {
    return undefined;
  }
}

/** An escape that is not whole yet, at the end of a text. */
const HALF_ESCAPE = /(?<!\\)(?:\\\\)*(\\(?:u[\da-f]{0,3})?)$/i;

/** Reads the text of a JSON string that comes in pieces. */
export class JsonStringReader {
  #rest = '';
  #hasBegun = false;
  #hasEnded = false;

  /** @returns the text that the piece adds; `undefined` where this is not a JSON string */
  next(piece: string): string | undefined {
    let json = this.#rest + piece;
    if (this.#hasEnded) return json.trim() === '' ? '' : undefined;
    if (!this.#hasBegun) {
      json = json.trimStart();
      if (json === '') return '';
      if (!json.startsWith('"')) return undefined;
      json = json.slice(1);
      this.#hasBegun = true;
    }
    this.#rest = HALF_ESCAPE.exec(json)?.[1] ?? '';
    json = json.slice(0, json.length - this.#rest.length);
    const text = textOf(json);
    if (text !== undefined) return text;
    this.#hasEnded = true;
    return textOf(json.trimEnd().replace(/"$/, ''));
  }
}

function textOf(inside: string): string | undefined {
  try {
    return JSON.parse(`"${inside}"`) as string;
  } catch {
    return undefined;
  }
}
