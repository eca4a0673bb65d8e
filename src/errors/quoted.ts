import { cut } from './streamError.js';

/** The most characters of a foreign word that stand in a message: a name, an id, a type. */
const MAX_WORD_LENGTH = 60;

/**
 * A foreign word as it may stand in a message: in quotes, on one line and of a bounded length, so that whoever chose it
 * cannot forge a line of a log.
 *
 * @param word - a name, an id or a type that somebody else chose; text of another kind is shown as it is written in JSON
 */
export function quoted(word: unknown): string {
  const shown = JSON.stringify(cut(word, MAX_WORD_LENGTH)) ?? 'undefined';
  // JSON leaves these as they are, and viewers break or turn the line at them.
  return cut(shown.replace(/[\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g, ' '), 2 * MAX_WORD_LENGTH);
}
