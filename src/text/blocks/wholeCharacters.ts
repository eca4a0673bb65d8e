const FIRST_OF_TWO = /[\ud800-\udbff]$/;

/** Cuts a text between characters: half a surrogate pair waits for its other half. */
export class WholeCharacters {
  #half = '';

  /** @returns the piece, with what waited before it and without what has to wait */
  next(piece: string): string {
    const whole = this.#half + piece;
    if (!FIRST_OF_TWO.test(whole)) {
      this.#half = '';
      return whole;
    }
    this.#half = whole.slice(-1);
    return whole.slice(0, -1);
  }

  /** @returns what waited for another half that did not come */
  end(): string {
    const half = this.#half;
    this.#half = '';
    return half;
  }
}
