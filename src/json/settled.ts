/** A bracket that is open, and the one around it. Shared between states: settling costs nothing, however deep. */
interface Open {
  readonly closer: '}' | ']';
  readonly around: Open | undefined;
}

/**
 * What is certain of a JSON text that was cut off: every member and element that is complete. An open string, a
 * number that may go on and a key without its value are left out; open containers are closed.
 *
 * @param text - the beginning of a JSON text
 * @returns the settled value, or `undefined` where nothing is settled or the text is no JSON
 */
export function settledValue(text: string): unknown {
  const settled = lastSettled(text);
  const closers: string[] = [];
  for (let { open } = settled; open !== undefined; open = open.around) closers.push(open.closer);
  try {
    return JSON.parse(text.slice(0, settled.end) + closers.join(''));
  } catch {
    return undefined;
  }
}

/** Where the last complete value ends, and what is open there. */
function lastSettled(text: string): { end: number; open: Open | undefined } {
  let open: Open | undefined;
  let settled: { end: number; open: Open | undefined } = { end: 0, open };
  let expectsKey = false;
  for (let at = 0; at < text.length;) {
    const char = text[at] ?? '';
    const end = tokenEnd(text, at, char);
    if (end === -1) break;
    if (char === '{' || char === '[') {
      open = { closer: char === '{' ? '}' : ']', around: open };
      expectsKey = char === '{';
    } else if (char === '}' || char === ']') {
      open = open?.around;
      expectsKey = false;
    }
    if (char === ',') expectsKey = open?.closer === '}';
    else if (char === ':') expectsKey = false;
    else if (char.trim() !== '' && !expectsKey) settled = { end, open };
    else if (char === '{') settled = { end, open };
    at = end;
  }
  return settled;
}

/** Where the token that begins here ends, or -1 where it is cut. */
function tokenEnd(text: string, start: number, char: string): number {
  if (char === '"') return stringEnd(text, start);
  if (/[[\]{}:,\s]/.test(char)) return start + 1;
  let end = start + 1;
  while (end < text.length && !/[[\]{}:,\s"]/.test(text[end] ?? '')) end++;
  return end === text.length ? -1 : end;
}

function stringEnd(text: string, start: number): number {
  for (let quote = text.indexOf('"', start + 1); quote !== -1; quote = text.indexOf('"', quote + 1)) {
    let backslashes = 0;
    while (text[quote - 1 - backslashes] === '\\') backslashes++;
    if (backslashes % 2 === 0) return quote + 1;
  }
  return -1;
}
