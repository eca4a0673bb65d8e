import type { Tokens } from '../kit/messageReader.js';
import { isObject, type Json } from '../kit/json.js';
import type { Facts } from '../kit/facts.js';
import type { GeminiUsage } from './wire.js';

/** What the canonical numbers are made of. */
const COUNTED: ReadonlySet<string> = new Set([
  'promptTokenCount',
  'cachedContentTokenCount',
  'candidatesTokenCount',
  'thoughtsTokenCount',
  'totalTokenCount',
]);

/** Whether it says how many tokens there were, and not only what kind of traffic it was. */
export function hasTokens(usage: unknown): usage is GeminiUsage {
  if (!isObject(usage)) return false;
  return (
    isNumber(usage['totalTokenCount']) ||
    isNumber(usage['promptTokenCount']) ||
    isNumber(usage['candidatesTokenCount'])
  );
}

/** Whether it says how many tokens there were in all. */
export function hasTotal(usage: GeminiUsage | undefined): boolean {
  return isNumber(usage?.totalTokenCount);
}

/**
 * The numbers as a message has them: without the cache in the input.
 *
 * @param before - what was said of the message before: a number that is left out now is 0
 */
export function countsOf(usage: GeminiUsage, before: GeminiUsage = {}): NonNullable<Facts['usage']> {
  const { promptTokenCount: prompt, candidatesTokenCount: candidates, totalTokenCount: total } = usage;
  const cached = usage.cachedContentTokenCount ?? (before.cachedContentTokenCount ? 0 : undefined);
  const thoughts = usage.thoughtsTokenCount ?? (before.thoughtsTokenCount ? 0 : undefined);
  const given = prompt ?? undefined;
  const input = given === undefined ? undefined : given + (usage.toolUsePromptTokenCount ?? 0);
  const output = candidates ?? thoughts ?? undefined;
  return {
    input_tokens: input === undefined ? undefined : Math.max(0, input - (cached ?? 0)),
    output_tokens:
      output === undefined ? Math.max(0, (total ?? 0) - (input ?? 0)) : (candidates ?? 0) + (thoughts ?? 0),
    cache_read_input_tokens: cached,
    output_tokens_details: typeof thoughts === 'number' ? { thinking_tokens: thoughts } : undefined,
  };
}

/** The numbers as they came, where they say more than the canonical ones. */
export function detailsOf(usage: GeminiUsage): Json | undefined {
  const says = Object.entries(usage).some(([name, value]) => !COUNTED.has(name) && Boolean(value));
  return says ? usage : undefined;
}

/**
 * @param tokens - what is known
 * @param details - what {@link detailsOf} gave, or the numbers of another provider, which are left out
 * @returns the numbers as the API has them
 */
export function usageOf(tokens: Tokens, details: unknown): GeminiUsage {
  const { input_tokens, output_tokens, cache_read_input_tokens, output_tokens_details } = tokens;
  const cached = cache_read_input_tokens ?? undefined;
  const { thinking_tokens: thoughts } = output_tokens_details ?? {};
  const own: Json = isObject(details) && 'totalTokenCount' in details ? details : {};
  const ofTools = Number(own['toolUsePromptTokenCount'] ?? 0);
  const input = input_tokens ?? (cached ? 0 : undefined);
  const prompt = input === undefined ? undefined : Math.max(0, input + (cached ?? 0) - ofTools);
  const output = output_tokens ?? 0;
  return {
    ...own,
    promptTokenCount: prompt,
    cachedContentTokenCount: cached,
    candidatesTokenCount: Math.max(0, output - (thoughts ?? 0)),
    thoughtsTokenCount: thoughts,
    totalTokenCount: (prompt ?? 0) + ofTools + output,
  } as GeminiUsage;
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number';
}
