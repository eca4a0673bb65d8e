import type { Usage } from '../../events/usage.js';
import { isObject, type Json } from '../kit/json.js';
import type { Facts } from '../kit/facts.js';
import type { Tokens } from '../kit/messageReader.js';
import type { ChatUsage } from './wire.js';

const COUNTS: ReadonlySet<string> = new Set(['prompt_tokens', 'completion_tokens', 'total_tokens']);

/** What is ours too of the details of a usage. */
const DETAILS: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['prompt_tokens_details', new Set(['cached_tokens', 'cache_write_tokens'])],
  ['completion_tokens_details', new Set(['reasoning_tokens'])],
]);

/** Whether a usage counts anything. Some providers send one of zeros before the one that counts. */
export function countsTokens(usage: ChatUsage | null | undefined): usage is ChatUsage {
  if (!usage) return false;
  return Boolean(usage.prompt_tokens) || Boolean(usage.completion_tokens) || Boolean(usage.total_tokens);
}

/**
 * What a usage says of the message: our input leaves out what the cache served and what was written to it, theirs does
 * not. Where a total is given that is more than their sum, the output is what the input leaves of it: xAI does not count
 * the reasoning in `completion_tokens`.
 *
 * @returns facts, with the usage as it came where it says more
 */
export function factsOf(usage: ChatUsage): Facts {
  const { prompt_tokens: prompt, completion_tokens: completion, total_tokens: total } = usage;
  const read = usage.prompt_tokens_details?.cached_tokens;
  const written = usage.prompt_tokens_details?.cache_write_tokens;
  const thinking = usage.completion_tokens_details?.reasoning_tokens;
  const rest = typeof total === 'number' && typeof prompt === 'number' ? total - prompt : 0;
  const counts: { -readonly [Field in keyof Usage]?: Usage[Field] } = {};
  if (typeof prompt === 'number') counts.input_tokens = Math.max(0, prompt - (read ?? 0) - (written ?? 0));
  if (typeof completion === 'number' || rest > 0) counts.output_tokens = Math.max(completion ?? 0, rest);
  if (typeof read === 'number') counts.cache_read_input_tokens = read;
  if (typeof written === 'number') counts.cache_creation_input_tokens = written;
  if (typeof thinking === 'number') counts.output_tokens_details = { thinking_tokens: thinking };
  return { usage: counts, ...(saysMore(usage) && { usage_details: usage }) };
}

/** Whether a usage has a member that ours has none for. */
function saysMore(usage: ChatUsage): boolean {
  return Object.entries(usage).some(([name, value]: [string, unknown]) => {
    if (COUNTS.has(name) || value === null) return false;
    const known = DETAILS.get(name);
    if (known === undefined || !isObject(value)) return true;
    return Object.entries(value).some(([detail, number]) => !known.has(detail) && number !== null);
  });
}

/**
 * A usage in their words. What nobody knows is left out.
 *
 * @param tokens - what is known
 * @param more - what their provider said besides, where that is who said it
 */
export function usageOf(tokens: Tokens, more: unknown): object {
  const { input_tokens: input, output_tokens: output, output_tokens_details: details } = tokens;
  const { cache_read_input_tokens: read, cache_creation_input_tokens: written } = tokens;
  const theirs: Json = isObject(more) && [...COUNTS].some((name) => name in more) ? more : {};
  const prompt = typeof input === 'number' ? input + (read ?? 0) + (written ?? 0) : undefined;
  const completion = output ?? undefined;
  const isKnown = prompt !== undefined && completion !== undefined;
  const cache = { cached_tokens: read ?? undefined, cache_write_tokens: written ?? undefined };
  const thinking = { reasoning_tokens: details?.thinking_tokens };
  return {
    ...theirs,
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: isKnown ? prompt + completion : undefined,
    prompt_tokens_details: joined(theirs['prompt_tokens_details'], cache),
    completion_tokens_details: joined(theirs['completion_tokens_details'], thinking),
  };
}

/** Some details with ours in them; none where there is nothing in them. */
function joined(theirs: unknown, ours: Json): Json | undefined {
  const known = Object.entries(ours).filter(([, value]) => value !== undefined);
  if (known.length === 0 && !isObject(theirs)) return undefined;
  return { ...(isObject(theirs) && theirs), ...Object.fromEntries(known) };
}
