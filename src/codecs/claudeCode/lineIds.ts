/** Makes the ids of the lines of one stream: UUIDs of version 8, at random but for their last group, which counts. */
export class LineIds {
  readonly #beginning: string;
  #count = 0;

  constructor() {
    const bytes = crypto.getRandomValues(new Uint8Array(10));
    const digits = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
    this.#beginning = `${digits.slice(0, 8)}-${digits.slice(8, 12)}-8${digits.slice(12, 15)}-8${digits.slice(15, 18)}`;
  }

  next(): string {
    this.#count += 1;
    return `${this.#beginning}-${this.#count.toString(16).padStart(12, '0')}`;
  }
}
