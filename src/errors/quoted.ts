/**
 * A foreign word as it may stand in a message: in quotes, and cut before the first character that no name or id has, such
 * as a space or a line break. So whoever chose it can forge neither a line of a log nor a sentence in it.
 *
 * @param word - a name, an id or a type that somebody else chose; what is not text is shown as it is written in JSON
 * @returns at most 63 characters on one line, with `…` where something was cut
 */
export function quoted(word: unknown): string {
  const text = JSON.stringify(word) ?? 'undefined';
  const [shown = ''] = /^"?[\p{L}\p{N}_.:/+@#-]{0,60}"?/u.exec(text) ?? [];
  return shown === text ? text : `${shown}…"`;
}
