import type { Json } from './json.js';

/**
 * Members that are said one after the other: what comes later counts, where it says anything. An object that is copied for
 * each of them costs more with each that is new.
 */
export class Gathered {
  readonly #members = new Map<string, unknown>();

  /** A gateway may say `null`, or nothing. */
  add(members: object | null | undefined): void {
    for (const [name, value] of Object.entries(members ?? {}))
      if (value !== null && value !== undefined) this.#members.set(name, value);
  }

  /** What was said last of each. */
  get all(): Json {
    return Object.fromEntries(this.#members);
  }

  clear(): void {
    this.#members.clear();
  }
}
