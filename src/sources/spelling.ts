/** A character as JSON, an address or HTML may spell it. Backslashes are many where JSON stands in JSON. */
const SPELLED =
  /\\{1,8}u([0-9a-f]{4})|\\{1,8}(["/])|%([0-9a-f]{2})|&#x([0-9a-f]{1,6});|&#(\d{1,7});|&(amp|lt|gt|quot|apos);/gi;

const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** One spelling may stand within another: JSON that quotes an address. */
const MOST_LAYERS = 3;

/** A text as it is meant, and where each of its characters begins in the text as it is spelled. */
export interface Plain {
  readonly text: string;
  /** Where the character at an index begins; the length for the end. */
  readonly at: (index: number) => number;
}

/** Reads a text as it is meant, whatever spells it. */
export function plain(spelled: string): Plain {
  let text = spelled;
  let at = (index: number): number => index;
  for (let layer = 0; layer < MOST_LAYERS; layer++) {
    const inner = unspelled(text);
    if (inner === undefined) break;
    const outer = at;
    text = inner.text;
    at = (index) => outer(inner.at(index));
  }
  return { text, at };
}

function unspelled(spelled: string): Plain | undefined {
  const starts: number[] = [];
  let text = '';
  let end = 0;
  for (const match of spelled.matchAll(SPELLED)) {
    const [all, unicode, escaped, percent, hex, decimal, named] = match;
    const code = Number.parseInt(unicode ?? percent ?? hex ?? decimal ?? '', decimal === undefined ? 16 : 10);
    for (let index = end; index <= match.index; index++) starts.push(index);
    text +=
      spelled.slice(end, match.index) +
      (escaped ?? NAMED[String(named).toLowerCase()] ?? String.fromCharCode(code));
    end = match.index + all.length;
  }
  if (end === 0) return undefined;
  for (let index = end; index <= spelled.length; index++) starts.push(index);
  return { text: text + spelled.slice(end), at: (index) => starts[index] ?? spelled.length };
}
