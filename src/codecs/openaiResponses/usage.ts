import type { Facts } from '../kit/facts.js';
import type { Tokens } from '../kit/messageReader.js';
import type { ResponsesUsage } from './wire.js';

/** Members of a usage that {@link usageIn} reads all of. */
const READ: ReadonlySet<string> = new Set([
  'input_tokens',
  'input_tokens_details',
  'output_tokens',
  'output_tokens_details',
  'total_tokens',
  'cached_tokens',
  'cache_write_tokens',
  'reasoning_tokens',
]);

/**
 * Reads what an answer cost. Here the input includes what the cache served and what was written to it; with us it does
 * not. The output is what the total has beyond the input, where that is more: some servers leave the reasoning out of it.
 */
export function usageIn(usage: ResponsesUsage | null | undefined): Facts {
  if (!usage) return {};
  const { input_tokens: input, output_tokens: output, total_tokens: total } = usage;
  const { cached_tokens: read, cache_write_tokens: written } = usage.input_tokens_details ?? {};
  const thinking = usage.output_tokens_details?.reasoning_tokens;
  const isKnown = typeof input === 'number';
  const beyond = isKnown && typeof total === 'number' ? total - input : 0;
  return {
    usage: {
      input_tokens: isKnown ? Math.max(0, input - (read ?? 0) - (written ?? 0)) : undefined,
      cache_read_input_tokens: read,
      cache_creation_input_tokens: written,
      output_tokens: typeof output === 'number' || beyond > 0 ? Math.max(output ?? 0, beyond) : undefined,
      // Models that do not reason are said to have reasoned 0 tokens.
      output_tokens_details: thinking ? { thinking_tokens: thinking } : undefined,
    },
    usage_details: saysMore(usage) ? usage : undefined,
  };
}

function saysMore(usage: object): boolean {
  return Object.entries(usage).some(([name, value]: readonly [string, unknown]) => {
    if (!READ.has(name)) return value !== null;
    return typeof value === 'object' && value !== null && saysMore(value);
  });
}

/** Writes what an answer cost; `null` where nothing is known. What is not known of it is `null` too. */
export function usageOf(tokens: Tokens, details: object | undefined): object | null {
  const { input_tokens, output_tokens, cache_read_input_tokens, cache_creation_input_tokens } = tokens;
  const known = input_tokens ?? cache_read_input_tokens ?? cache_creation_input_tokens;
  // An output of 0 is what stands for one that nobody knows.
  if ((known ?? null) === null && !output_tokens && details === undefined) return null;
  const cached = (cache_read_input_tokens ?? 0) + (cache_creation_input_tokens ?? 0);
  const input = typeof input_tokens === 'number' ? input_tokens + cached : null;
  const output = output_tokens ?? 0;
  const own = {
    input_tokens: input,
    input_tokens_details: {
      cached_tokens: cache_read_input_tokens ?? null,
      cache_write_tokens: cache_creation_input_tokens ?? null,
    },
    output_tokens: output,
    output_tokens_details: { reasoning_tokens: tokens.output_tokens_details?.thinking_tokens ?? 0 },
    total_tokens: (input ?? cached) + output,
  };
  return details === undefined ? own : merged(details, own);
}

/** The numbers of the provider, where they are ours too as we know them. */
function merged(details: object, own: Readonly<Record<string, unknown>>): object {
  const numbers = Object.entries(own).map(([name, value]) => {
    const theirs: unknown = (details as Readonly<Record<string, unknown>>)[name];
    const isObject =
      typeof value === 'object' && value !== null && typeof theirs === 'object' && theirs !== null;
    return [name, isObject ? { ...theirs, ...value } : value] as const;
  });
  return { ...details, ...Object.fromEntries(numbers) };
}
