/** What stands in a column of the second line. */
const DELIMITER = /^[ \t]*:?-+:?[ \t]*$/;

/** Whether a paragraph of these two lines is a table. */
export function isTable(header: string, line: string): boolean {
  const delimiters = cellsOf(line);
  return delimiters.every((cell) => DELIMITER.test(cell)) && delimiters.length === cellsOf(header).length;
}

function cellsOf(row: string): readonly string[] {
  const inner = row
    .trim()
    .replace(/^\|/, '')
    .replace(/(?<!\\)\|$/, '');
  return inner.split(/(?<!\\)\|/);
}
