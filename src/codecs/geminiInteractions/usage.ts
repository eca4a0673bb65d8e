import type { Facts } from '../kit/facts.js';
import { isObject, type Json } from '../kit/json.js';
import type { Tokens } from '../kit/messageReader.js';
import type { InteractionUsage } from './wire.js';

/** What the canonical numbers are made of. */
const COUNTED: ReadonlySet<string> = new Set([
  'total_input_tokens',
  'total_cached_tokens',
  'total_output_tokens',
  'total_thought_tokens',
  'total_tokens',
]);

/** The numbers as a message has them: without the cache in the input, with the thinking in the output. */
export function factsOf(usage: InteractionUsage): Facts {
  const { total_input_tokens: input, total_cached_tokens: cached, total_thought_tokens: thoughts } = usage;
  const { total_output_tokens: output, total_tool_use_tokens: ofTools } = usage;
  const says = Object.entries(usage).some(([name, value]) => !COUNTED.has(name) && Boolean(value));
  const isInputKnown = typeof input === 'number';
  const isOutputKnown = typeof output === 'number' || typeof thoughts === 'number';
  return {
    usage: {
      input_tokens: isInputKnown ? Math.max(0, input + (ofTools ?? 0) - (cached ?? 0)) : undefined,
      output_tokens: isOutputKnown ? (output ?? 0) + (thoughts ?? 0) : undefined,
      cache_read_input_tokens: cached,
      output_tokens_details: typeof thoughts === 'number' ? { thinking_tokens: thoughts } : undefined,
    },
    usage_details: says ? usage : undefined,
  };
}

/**
 * @param tokens - what is known
 * @param details - what the API said, or another provider, whose numbers are left out
 */
export function usageOf(tokens: Tokens, details: unknown): InteractionUsage {
  const { input_tokens, output_tokens, cache_read_input_tokens, output_tokens_details } = tokens;
  const own: Json = isObject(details) && 'total_input_tokens' in details ? details : {};
  const ofTools = Number(own['total_tool_use_tokens'] ?? 0);
  const cached = cache_read_input_tokens ?? undefined;
  const known = input_tokens ?? (cached ? 0 : undefined);
  const input = known === undefined ? undefined : Math.max(0, known + (cached ?? 0) - ofTools);
  const output = output_tokens ?? 0;
  const { thinking_tokens: thoughts } = output_tokens_details ?? {};
  return {
    ...own,
    total_input_tokens: input,
    total_cached_tokens: cached,
    total_output_tokens: Math.max(0, output - (thoughts ?? 0)),
    total_thought_tokens: thoughts,
    total_tokens: (input ?? 0) + ofTools + output,
  } as InteractionUsage;
}
