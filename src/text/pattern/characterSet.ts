import { isAsciiWord, isNewline, KINDS, type CharacterKind } from './characters.js';

/** How many characters beyond Latin-1 are remembered. */
const REMEMBERED = 4_096;
const LATIN = 0x100;

const ASCII = Array.from({ length: 0x80 }, (_, unit) => unit);
/** Letters of words to whom case does not matter: the long s and the Kelvin sign. */
const OTHER_WORDS = '\u017f\u212a';

const NEWLINES = '\n\r\u2028\u2029';
const WORDS = String.fromCharCode(...ASCII.filter(isAsciiWord)) + OTHER_WORDS;
const COMMON =
  String.fromCharCode(...ASCII.filter((unit) => !isAsciiWord(unit) && !isNewline(unit))) + '\xe9';

/** An escape or a class that names ASCII alone. */
const ONLY_ASCII = /^(?:\\[dw]|\[(?!\^)(?:[ -Z_-~]|\\[-dw.\]\\/nrt])*\])$/;

/** All other characters: the units of text, or, for a pattern of whole characters, each code point. */
const others = new Map<boolean, string>();

function otherCharacters(isUnicode: boolean): string {
  const known = others.get(isUnicode);
  if (known !== undefined) return known;
  const units: string[] = [];
  const add = (from: number, to: number): void => {
    for (let code = from; code < to; code++) {
      if (!isAsciiWord(code) && !isNewline(code)) units.push(String.fromCodePoint(code));
    }
  };
  // Second halves stand before first ones, so that none of them make a pair.
  add(0xdc00, 0xe000);
  add(0xd800, 0xdc00);
  add(0, 0xd800);
  add(0xe000, isUnicode ? 0x110000 : 0x10000);
  const text = units.join('');
  others.set(isUnicode, text);
  return text;
}

/** The characters that one atom of a pattern stands for, as the engine itself reads it. */
export class CharacterSet {
  readonly #source: string;
  readonly #flags: string;
  readonly #one: RegExp;
  /** 1 for a member, 2 for none, 0 for one that nobody asked for. */
  readonly #latin = new Uint8Array(LATIN);
  readonly #beyond = new Map<number, boolean>();
  readonly #kinds = new Map<CharacterKind, boolean>();

  /**
   * @param source - an atom that stands for one character: itself, an escape, a class
   * @param flags - those that say what it stands for: of `isuv`
   */
  constructor(source: string, flags: string) {
    this.#source = source;
    this.#flags = flags;
    this.#one = new RegExp(`^(?:${source})$`, flags);
  }

  /** Whether a character belongs to it. */
  has(code: number): boolean {
    if (code < LATIN) {
      const known = this.#latin[code];
      if (known !== 0) return known === 1;
      const isMember = this.#ask(code);
      this.#latin[code] = isMember ? 1 : 2;
      return isMember;
    }
    const known = this.#beyond.get(code);
    if (known !== undefined) return known;
    if (this.#beyond.size >= REMEMBERED) this.#beyond.clear();
    const isMember = this.#ask(code);
    this.#beyond.set(code, isMember);
    return isMember;
  }

  /** Whether a character of this kind belongs to it. */
  hasKind(kind: CharacterKind): boolean {
    const known = this.#kinds.get(kind);
    if (known !== undefined) return known;
    const hasSome = this.#search(kind);
    this.#kinds.set(kind, hasSome);
    return hasSome;
  }

  /** Whether any character belongs to it. */
  get isEmpty(): boolean {
    // Only what is taken away from a class can leave nothing of it.
    if (this.#source !== '[]' && !/^\[\^|\\P/.test(this.#source) && !this.#flags.includes('v')) return false;
    return !KINDS.some((kind) => this.hasKind(kind));
  }

  #ask(code: number): boolean {
    return this.#one.test(String.fromCodePoint(code));
  }

  #search(kind: CharacterKind): boolean {
    const any = new RegExp(this.#source, this.#flags);
    if (kind === 0) return false;
    if (kind === 1) return any.test(NEWLINES);
    if (kind === 2) return any.test(WORDS);
    if (any.test(COMMON)) return true;
    // These have no others, and it would take the longest to find that out.
    if (ONLY_ASCII.test(this.#source) && !this.#flags.includes('i')) return false;
    return any.test(otherCharacters(/[uv]/.test(this.#flags)));
  }
}
