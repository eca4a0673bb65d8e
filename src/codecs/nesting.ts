const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * Whether the containers of a JSON text nest deeper than allowed. This runs before the text is parsed: `JSON.parse` reads
 * values of any depth, but to print, compare or copy such a value may overflow the stack.
 *
 * @param json - if it is not JSON, the result means nothing
 */
export function nestsDeeper(json: string, depth: number): boolean {
  // Each level takes two brackets.
  if (json.length <= 2 * depth) return false;
  let open = 0;
  for (let at = 0; at < json.length; at++) {
    switch (json.charCodeAt(at)) {
      case QUOTE:
        at = endOfString(json, at);
        break;
      case 0x5b: // [
      case 0x7b: // {
        if (++open > depth) return true;
        break;
      case 0x5d: // ]
      case 0x7d: // }
        open--;
    }
  }
  return false;
}

/** Finds the end of the string that begins here. Most of a long JSON text is strings, which a search skips at once. */
function endOfString(json: string, start: number): number {
  let end = json.indexOf('"', start + 1);
  while (end !== -1 && isEscaped(json, end)) end = json.indexOf('"', end + 1);
  return end === -1 ? json.length : end;
}

function isEscaped(json: string, at: number): boolean {
  let before = at - 1;
  while (json.charCodeAt(before) === BACKSLASH) before--;
  return (at - before) % 2 === 0;
}
