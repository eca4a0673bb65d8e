import { isObject, type Json } from '../kit/json.js';
import { markingOf } from '../kit/marking.js';

/** What may differ from one line to the next: the piece of text, and when it was written. */
export const marking = /* @__PURE__ */ markingOf(pieceOf, ['created_at']);

function pieceOf({ message, thinking, response, done, done_reason }: Json): unknown {
  const said = isObject(message) ? message : {};
  const calls = said['tool_calls'];
  // What is passed over beside the piece is told each time.
  if (Array.isArray(calls) && calls.length > 0) return undefined;
  return done || done_reason ? undefined : said['thinking'] || thinking || said['content'] || response;
}
