/** What a path consists of: names of members, and indexes. */
export type Path = readonly (string | number)[];

/** How deep an input may nest. */
const MOST_SEGMENTS = 512;
/** How long a path may be, in UTF-16 units: a pattern does not read what is far longer. */
const LONGEST = 65_536;

const SEGMENT = /\.([^.[\]]+)|\[(\d{1,9})\]|\[('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")\]/y;

/**
 * Reads a path to one place in a JSON value: `$.legs[0].to`, `$['a b']`.
 *
 * @returns its segments; `undefined` for any other text, one of more than 512 segments or 65,536 characters too
 * @see https://datatracker.ietf.org/doc/html/rfc9535
 */
export function segmentsOf(path: string): Path | undefined {
  if (!path.startsWith('$') || path.length < 2 || path.length > LONGEST) return undefined;
  const found: (string | number)[] = [];
  for (let at = 1; at < path.length; at = SEGMENT.lastIndex) {
    SEGMENT.lastIndex = at;
    const [whole, name, index, inQuotes] = SEGMENT.exec(path) ?? [];
    const segment = index === undefined ? (name ?? unquoted(inQuotes)) : Number(index);
    if (whole === undefined || segment === undefined || found.length === MOST_SEGMENTS) return undefined;
    found.push(segment);
  }
  return found;
}

/** A name in quotes of either kind. */
function unquoted(name: string | undefined): string | undefined {
  if (name === undefined) return undefined;
  const inner = name.slice(1, -1);
  const json = name.startsWith('"') ? inner : inner.replace(/\\'/g, "'").replace(/"/g, '\\"');
  try {
    return JSON.parse(`"${json}"`) as string;
  } catch {
    return undefined;
  }
}
