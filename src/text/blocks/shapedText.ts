import type { TextKind, TextMachine } from './textMachine.js';
import { WholeCharacters } from './wholeCharacters.js';

/** One text that a machine shapes, cut between characters on both sides of it. */
export class ShapedText {
  readonly kind: TextKind;
  readonly #machine: TextMachine;
  readonly #given = new WholeCharacters();
  readonly #made = new WholeCharacters();

  constructor(kind: TextKind, machine: TextMachine) {
    this.kind = kind;
    this.#machine = machine;
  }

  /** @returns what can be shown now that this piece has come */
  next(piece: string): string {
    const given = this.#given.next(piece);
    return given === '' ? '' : this.#made.next(this.#machine.next(given));
  }

  /** @returns all that still waits */
  end(): string {
    const half = this.#given.end();
    const last = half === '' ? '' : this.#machine.next(half);
    return this.#made.next(last + this.#machine.end()) + this.#made.end();
  }
}
