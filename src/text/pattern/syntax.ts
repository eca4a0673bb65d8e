import { CharacterSet } from './characterSet.js';

/** What a pattern is made of. */
export type Node =
  | { readonly type: 'set'; readonly set: CharacterSet }
  | { readonly type: 'unit'; readonly unit: number }
  | { readonly type: 'sequence'; readonly items: readonly Node[] }
  | { readonly type: 'choice'; readonly items: readonly Node[] }
  | {
      readonly type: 'repeat';
      readonly item: Node;
      readonly min: number;
      readonly max: number;
      readonly isLazy: boolean;
    }
  | { readonly type: 'edge'; readonly of: Edge };

/** Where an assertion holds: at the start or the end of the text or a line, at the edge of a word or not there. */
export type Edge = 'start' | 'end' | 'word' | 'no-word';

const EDGES: Readonly<Record<string, Edge>> = { '^': 'start', $: 'end', '\\b': 'word', '\\B': 'no-word' };

/** An escape that stands for one character; it may mean less where a pattern is not of whole characters. */
const ESCAPE = /\\(?:c[A-Za-z]|x[\dA-Fa-f]{2}|u[\dA-Fa-f]{4}|0|[^])/y;
const UNICODE_ESCAPE =
  /\\(?:u[Dd][89ABab][\dA-Fa-f]{2}\\u[Dd][C-Fc-f][\dA-Fa-f]{2}|u\{[\dA-Fa-f]+\}|[pP]\{[^}]*\}|c[A-Za-z]|x[\dA-Fa-f]{2}|u[\dA-Fa-f]{4}|0|[^])/uy;
const QUANTIFIER = /(?:[*+?]|\{(\d+)(?:(,)(\d*))?\})(\??)/y;
const GROUP = /\((?:\?:|\?<[^=!>][^>]*>|(?!\?))/y;
const UNSUPPORTED_GROUP = /\(\?[^:]/;
/** Sets of the flag `v` that have strings in them. */
const STRINGS = /\\q\{|\\p\{(?:Basic_Emoji|Emoji_Keycap_Sequence|RGI_\w+)\}/;

/**
 * Reads a pattern that the engine has read before, so it is well-formed.
 *
 * @throws TypeError where it needs more than an automaton: a back reference, an assertion that looks further than one
 *   character
 */
export function parsePattern(pattern: RegExp): Node {
  return new PatternParser(pattern).parse();
}

class PatternParser {
  readonly #pattern: RegExp;
  readonly #source: string;
  readonly #isUnicode: boolean;
  /** Those that say what a character stands for. */
  readonly #flags: string;
  #at = 0;

  constructor(pattern: RegExp) {
    this.#pattern = pattern;
    this.#source = pattern.source;
    this.#flags = pattern.flags.replace(/[^isuv]/g, '');
    this.#isUnicode = /[uv]/.test(this.#flags);
  }

  parse(): Node {
    if (this.#pattern.sticky) throw this.#unsupported('the flag y, which ties it to one place');
    return this.#choice();
  }

  #choice(): Node {
    const items = [this.#sequence()];
    while (this.#skip('|')) items.push(this.#sequence());
    return items.length === 1 ? (items[0] as Node) : { type: 'choice', items };
  }

  #sequence(): Node {
    const items: Node[] = [];
    while (this.#at < this.#source.length && !/[|)]/.test(this.#next)) items.push(this.#term());
    return items.length === 1 ? (items[0] as Node) : { type: 'sequence', items };
  }

  #term(): Node {
    const edge = EDGES[this.#next] ?? EDGES[this.#source.slice(this.#at, this.#at + 2)];
    if (edge !== undefined) {
      this.#at += this.#next === '\\' ? 2 : 1;
      return { type: 'edge', of: edge };
    }
    return this.#repeated(this.#next === '(' ? this.#group() : this.#character());
  }

  #group(): Node {
    if (this.#match(GROUP) === undefined) {
      const [found = ''] = UNSUPPORTED_GROUP.exec(this.#source.slice(this.#at)) ?? [];
      throw this.#unsupported(`${found}…), a look ahead or behind or a group with flags of its own`);
    }
    const node = this.#choice();
    this.#skip(')');
    return node;
  }

  #repeated(item: Node): Node {
    const found = this.#match(QUANTIFIER);
    if (found === undefined) return item;
    const [text, least, comma, most, lazy] = found;
    const isLazy = lazy === '?';
    if (text.startsWith('{')) {
      const min = Number(least);
      const max = comma === undefined ? min : most === '' ? Infinity : Number(most);
      return { type: 'repeat', item, min, max, isLazy };
    }
    return {
      type: 'repeat',
      item,
      min: text.startsWith('+') ? 1 : 0,
      max: text.startsWith('?') ? 1 : Infinity,
      isLazy,
    };
  }

  #character(): Node {
    if (this.#next === '\\') return this.#escape();
    if (this.#next === '[') return this.#set(this.#class());
    if (this.#next === '.') {
      this.#at++;
      return this.#set('.');
    }
    const code = this.#isUnicode
      ? (this.#source.codePointAt(this.#at) ?? 0)
      : this.#source.charCodeAt(this.#at);
    this.#at += code > 0xffff ? 2 : 1;
    if (!this.#flags.includes('i') && code < 0xd800) return { type: 'unit', unit: code };
    const hex = code.toString(16);
    return this.#set(this.#isUnicode ? `\\u{${hex}}` : `\\u${hex.padStart(4, '0')}`);
  }

  #escape(): Node {
    const rest = this.#source.slice(this.#at + 1);
    if (/^[1-9k]/.test(rest)) throw this.#unsupported(`\\${rest.charAt(0)}, a reference to a group`);
    if (/^0\d/.test(rest)) throw this.#unsupported('an octal escape; write it as \\x…');
    // Outside a class, a \c that no letter follows is a backslash.
    if (/^c(?![A-Za-z])/.test(rest)) {
      this.#at++;
      return { type: 'unit', unit: 0x5c };
    }
    const found = this.#match(this.#isUnicode ? UNICODE_ESCAPE : ESCAPE);
    return this.#set(found?.[0] ?? '');
  }

  /** The text of a class, with those that it holds. */
  #class(): string {
    const begin = this.#at;
    let depth = 0;
    do {
      if (this.#next === '\\') this.#at++;
      else if (this.#next === '[') {
        // Only the flag v lets one class stand in another.
        if (depth === 0 || this.#flags.includes('v')) depth++;
      } else if (this.#next === ']') depth--;
      this.#at++;
    } while (depth > 0);
    return this.#source.slice(begin, this.#at);
  }

  #set(source: string): Node {
    if (this.#flags.includes('v') && STRINGS.test(source)) {
      throw this.#unsupported(`${source}, a class that has whole strings in it`);
    }
    return { type: 'set', set: new CharacterSet(source, this.#flags) };
  }

  get #next(): string {
    return this.#source.charAt(this.#at);
  }

  #skip(character: string): boolean {
    if (this.#next !== character) return false;
    this.#at++;
    return true;
  }

  #match(expression: RegExp): RegExpExecArray | undefined {
    expression.lastIndex = this.#at;
    const found = expression.exec(this.#source);
    if (found === null) return undefined;
    this.#at = expression.lastIndex;
    return found;
  }

  #unsupported(what: string): TypeError {
    return new TypeError(
      `The pattern ${String(this.#pattern)} has ${what}. Write it without: a stream cannot be searched for that.`,
    );
  }
}
