/**
 * From how many characters on the latest part is settled: enough to matter, and so few that of a thousand streams their pieces are
 * gone when the collector comes, which copies what is not.
 */
const RECENT = 128;

/**
 * A text that only grows. To look into one that was joined from many parts (an index, a slice, a comparison) makes the
 * engine copy it whole, and to keep the parts makes the collector visit each; so after some twenty pieces the latest
 * parts are made one, and the rest is left alone.
 */
export class Rope {
  /** The text but for its latest part. */
  #settled: string;
  /** Its latest part, a hundred characters or so. */
  #recent = '';

  constructor(text?: string) {
    this.#settled = text ?? '';
  }

  /** The whole text. */
  get text(): string {
    return this.#settled + this.#recent;
  }

  append(part: string): void {
    if (this.#recent.length >= RECENT) {
      // To look into it, this once, lets the engine copy its many small parts into one string.
      this.#recent.charCodeAt(0);
      this.#settled += this.#recent;
      this.#recent = '';
    }
    this.#recent += part;
  }
}
