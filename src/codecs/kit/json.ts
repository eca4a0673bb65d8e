/** A JSON object, unread. */
export type Json = Readonly<Record<string, unknown>>;

/** Whether this is a JSON object: neither an array nor `null`. */
export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value where it is a text: what others wrote may be anything. */
export function asText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/**
 * Reads JSON, also where a tab or a line end stands in a string as it is: that can be read in one way only.
 *
 * @throws SyntaxError for any other text that is not JSON
 */
export function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (error) {
    const mended = /[\t\n\r]/.test(json) ? escaped(json) : json;
    if (mended === json) throw error;
    return JSON.parse(mended);
  }
}

/** The text with tabs and line ends in strings spelled as JSON asks. */
function escaped(json: string): string {
  let text = '';
  let from = 0;
  let isInString = false;
  for (let at = 0; at < json.length; at++) {
    const character = json[at];
    if (character === '"') isInString = !isInString;
    else if (character === '\\') at++;
    else if (isInString && (character === '\t' || character === '\n' || character === '\r')) {
      text += json.slice(from, at) + JSON.stringify(character).slice(1, -1);
      from = at + 1;
    }
  }
  return text + json.slice(from);
}
