import { isObject, type Json } from '../kit/json.js';
import { markingOf } from '../kit/marking.js';

/** What may differ from one chunk to the next: the piece of text, and what hides how long that is. */
export const marking = /* @__PURE__ */ markingOf(pieceOf, ['obfuscation']);

/** The only thing that a chunk says, besides who says it. */
function pieceOf({ choices }: Json): unknown {
  const [choice, another] = (Array.isArray(choices) ? choices : []) as readonly unknown[];
  if (!isObject(choice) || another || choice['finish_reason'] || choice['message']) return undefined;
  const said = Object.entries(isObject(choice['delta']) ? choice['delta'] : { text: choice['text'] });
  const [first, more] = said.filter(([name, value]) => !ASIDE.has(name) && saysSome(value));
  return more === undefined && PIECES.has(first?.[0] ?? '') ? first?.[1] : undefined;
}

/** Who says it, and in which channel of gpt-oss, which the member of the piece says too. */
const ASIDE: ReadonlySet<string> = /* @__PURE__ */ new Set(['role', 'channel']);

const PIECES: ReadonlySet<string> = /* @__PURE__ */ new Set([
  'content',
  'text',
  'reasoning',
  'reasoning_content',
]);

function saysSome(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : Boolean(value);
}
