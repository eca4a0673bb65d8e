import { isAsciiWord, isHigh, isNewline, isOtherWord, NONE } from './characters.js';
import type { Liveness } from './liveness.js';
import type { Program } from './program.js';
import { Threads } from './threads.js';

/** Of so many characters it is remembered what begins with each, of the others only whether anything does. */
const LATIN = 0x100;
const NOTHING: readonly number[] = [];

/** With which characters a match may begin. It is learned from the texts, for all of them. */
export class Beginnings {
  readonly #program: Program;
  readonly #threads: Threads;
  /** By the kind of the character before: 1 for one that begins nothing, 2 for another, 0 for one that has not come yet. */
  readonly #quiet: (Uint8Array | undefined)[] = [];
  readonly #starts = new Map<number, readonly number[]>();

  constructor(program: Program, liveness: Liveness | undefined) {
    this.#program = program;
    this.#threads = new Threads(program, liveness);
  }

  /** The states in which a match may begin with this unit; the first is preferred. */
  of(before: number, unit: number): readonly number[] {
    const kind = neighbourhoodOf(before);
    const quiet = (this.#quiet[kind] ??= new Uint8Array(0x10000));
    if (quiet[unit] === 1) return NOTHING;
    const { starts } = this.#program;
    if (unit >= LATIN && quiet[unit] === 2) return starts;
    const key = kind * LATIN + unit;
    const known = unit < LATIN ? this.#starts.get(key) : undefined;
    if (known !== undefined) return known;
    const found = starts.filter((id) => this.#threads.takes(id, before, unit));
    quiet[unit] = found.length === 0 ? 1 : 2;
    if (unit < LATIN) this.#starts.set(key, found);
    return found;
  }
}

/** What a beginning knows of the character before it. */
function neighbourhoodOf(before: number): number {
  if (before === NONE) return 0;
  if (isNewline(before)) return 1;
  if (isAsciiWord(before)) return 2;
  if (isOtherWord(before)) return 3;
  return isHigh(before) ? 4 : 5;
}
