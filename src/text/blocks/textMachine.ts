/** What becomes of one text while it streams, piece by piece. */
export interface TextMachine {
  /**
   * Takes the next piece, which is not empty and ends with a whole character.
   *
   * @returns what can be shown now; empty where all of it waits
   */
  next(piece: string): string;
  /**
   * The text has ended.
   *
   * @returns what still waited
   */
  end(): string;
}

/** What a block grows by: its text, its thinking, or the JSON of a tool's input. */
export type TextKind = 'text' | 'thinking' | 'input';
