/**
 * A character as JSON, an address or HTML may spell it. One spelling may stand within another of its kind: JSON in JSON has
 * more backslashes, an address in an address has `%25`.
 */
const SPELLED =
  /(?:&|\\u0026)#x([0-9a-f]{1,6});|(?:&|\\u0026)#(\d{1,7});|\\{1,8}u([0-9a-f]{4})|%(?:25){0,4}([0-9a-f]{2})|\\{1,8}(["/])/gi;

/** A text as it is meant, and where each of its characters begins in the text as it is spelled. */
export interface Plain {
  readonly text: string;
  /** Where the character at an index begins; the length for the end. */
  readonly at: (index: number) => number;
}

/** Reads a text as it is meant, whatever spells it. */
export function plain(spelled: string): Plain {
  const starts: number[] = [];
  let text = '';
  let end = 0;
  for (const match of spelled.matchAll(SPELLED)) {
    const [all, hex, decimal, unicode, percent, escaped] = match;
    const code = Number.parseInt(decimal ?? unicode ?? percent ?? hex ?? '', decimal === undefined ? 16 : 10);
    for (let index = end; index <= match.index; index++) starts.push(index);
    text += spelled.slice(end, match.index) + (escaped ?? String.fromCharCode(code));
    end = match.index + all.length;
  }
  const before = text.length;
  return {
    text: text + spelled.slice(end),
    at: (index) => (index < before ? (starts[index] ?? 0) : index - before + end),
  };
}
