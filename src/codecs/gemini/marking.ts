import { isObject, type Json } from '../kit/json.js';
import { markingOf } from '../kit/marking.js';

/** What may differ from one chunk to the next. */
export const marking = /* @__PURE__ */ markingOf(pieceOf);

/** The only thing that a chunk says, besides what it counts: a text, or a thought. */
function pieceOf({ candidates, promptFeedback }: Json): unknown {
  const candidate = onlyIn(candidates, 'content', 'index');
  const content = candidate && onlyIn([candidate['content']], 'parts', 'role');
  const part = content && onlyIn(content['parts'], 'text', 'thought');
  return promptFeedback ? undefined : part?.['text'];
}

/** The only object of a list, if it has no other members. */
function onlyIn(list: unknown, ...names: readonly string[]): Json | undefined {
  const [first, another] = (Array.isArray(list) ? list : []) as readonly unknown[];
  const isOnly = isObject(first) && another === undefined;
  return isOnly && Object.keys(first).every((name) => names.includes(name)) ? first : undefined;
}
