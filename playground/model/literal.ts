/** A call of a builder: `.text('Hello')`. */
export interface Call {
  readonly name: string;
  readonly args: readonly unknown[];
}

/** Reads calls and literals as TypeScript spells them, and runs none of it. */
export class LiteralReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text.replace(/\/\/[^\n]*$/gm, '');
  }

  /** Reads `name(…).other(…)…` to the end of the text. */
  calls(): readonly Call[] {
    const calls: Call[] = [];
    do {
      const name = this.#take(/^[A-Za-z]\w*/, 'the name of a method');
      this.#take(/^\(/, '(');
      calls.push({ name, args: this.#list(')') });
    } while (this.#has('.'));
    this.#has(';');
    if (this.#rest !== '') throw this.#error('the end');
    return calls;
  }

  get #rest(): string {
    return this.#text.slice(this.#at).trimStart();
  }

  #has(sign: string): boolean {
    const found = this.#rest.startsWith(sign);
    if (found) this.#at = this.#text.indexOf(sign, this.#at) + sign.length;
    return found;
  }

  #take(pattern: RegExp, what: string): string {
    const [found] = pattern.exec(this.#rest) ?? [];
    if (found === undefined) throw this.#error(what);
    this.#at = this.#text.length - this.#rest.length + found.length;
    return found;
  }

  #list(close: string): unknown[] {
    const items: unknown[] = [];
    while (!this.#has(close)) {
      items.push(this.#value());
      if (!this.#has(',')) {
        if (!this.#has(close)) throw this.#error(`, or ${close}`);
        break;
      }
    }
    return items;
  }

  #value(): unknown {
    if (this.#has('[')) return this.#list(']');
    if (this.#has('{')) return this.#members();
    if (/^['"`]/.test(this.#rest)) return this.#string();
    const word = this.#take(/^(?:true|false|null|undefined|-?\d[\d_]*(?:\.\d+)?(?:e[+-]?\d+)?)/i, 'a value');
    if (word === 'undefined') return undefined;
    return JSON.parse(word.replaceAll('_', '')) as unknown;
  }

  #members(): Record<string, unknown> {
    const members: [string, unknown][] = [];
    while (!this.#has('}')) {
      const name = /^['"]/.test(this.#rest) ? this.#string() : this.#take(/^[\w$]+/, 'a name or }');
      if (!this.#has(':')) throw this.#error(':');
      members.push([name, this.#value()]);
      if (!this.#has(',')) {
        if (!this.#has('}')) throw this.#error(', or }');
        break;
      }
    }
    return Object.fromEntries(members);
  }

  #string(): string {
    const found = this.#take(/^(['"`])(?:\\[^]|(?!\1)[^\\])*\1/, 'a text that ends');
    const plain = found
      .slice(1, -1)
      .replace(/\\u\{?([0-9a-f]{4,6})\}?|\\([^])|["\n]/gi, (all, code?: string, letter?: string) => {
        if (code !== undefined) return JSON.stringify(String.fromCodePoint(parseInt(code, 16))).slice(1, -1);
        if (letter === undefined) return all === '"' ? '\\"' : '\\n';
        return /[bfnrt\\"/]/.test(letter) ? all : letter === '\n' ? '' : JSON.stringify(letter).slice(1, -1);
      });
    return JSON.parse(`"${plain.replaceAll('\t', '\\t')}"`) as string;
  }

  #error(expected: string): SyntaxError {
    const found = this.#rest === '' ? 'the end' : JSON.stringify(this.#rest.slice(0, 20));
    const line = this.#text.slice(0, this.#text.length - this.#rest.length).split('\n').length;
    return new SyntaxError(`Line ${line} of the script has ${found} where ${expected} should stand`);
  }
}
