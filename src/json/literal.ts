const VALUES = { true: true, false: false, null: null } as const;

/** What is spelled as a word: `true`, `false`, `null`. */
export type Literal = keyof typeof VALUES;

/** Reads one literal through any number of fragments. Its last letter finishes it. */
export class LiteralReader {
  #literal: Literal = 'null';
  #matched = 0;

  /** @returns another reader that stands where this one stands */
  fork(): LiteralReader {
    const other = new LiteralReader();
    other.#literal = this.#literal;
    other.#matched = this.#matched;
    return other;
  }

  begin(literal: Literal): void {
    this.#literal = literal;
    this.#matched = 0;
  }

  /**
   * @param fragment - the next piece of text
   * @param from - the index to read from
   * @returns the index after the last character read, or the complement (`~index`) of one that cannot stand there
   */
  read(fragment: string, from: number): number {
    const literal = this.#literal;
    let at = from;
    for (; at < fragment.length && this.#matched < literal.length; at += 1) {
      if (fragment.charCodeAt(at) !== literal.charCodeAt(this.#matched)) return ~at;
      this.#matched += 1;
    }
    return at;
  }

  /** @returns the value, or `undefined` if letters are missing */
  end(): true | false | null | undefined {
    return this.#matched === this.#literal.length ? VALUES[this.#literal] : undefined;
  }
}
