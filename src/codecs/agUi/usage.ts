import type { Facts } from '../kit/facts.js';
import type { Tokens } from '../kit/messageReader.js';
import type { AgUiUsage } from './wire.js';

/** What the models of a run counted, as one message: without the cache in the input. */
export function factsOf(entries: readonly AgUiUsage[]): Facts {
  const sum = (member: keyof AgUiUsage): number | undefined => {
    const numbers = entries.map((entry) => entry[member]).filter((value) => typeof value === 'number');
    return numbers.length === 0 ? undefined : numbers.reduce((a, b) => a + b);
  };
  const [input, cached, written] = [
    sum('inputTokens'),
    sum('cachedInputTokens'),
    sum('cacheWriteInputTokens'),
  ];
  const [total, thinking] = [sum('totalTokens'), sum('reasoningTokens')];
  const output =
    sum('outputTokens') ??
    (total !== undefined && input !== undefined ? Math.max(0, total - input) : undefined);
  return {
    model: entries.find(({ model }) => model)?.model,
    usage: {
      input_tokens: input === undefined ? undefined : Math.max(0, input - (cached ?? 0) - (written ?? 0)),
      output_tokens: output,
      cache_read_input_tokens: cached,
      cache_creation_input_tokens: written,
      output_tokens_details: thinking === undefined ? undefined : { thinking_tokens: thinking },
    },
  };
}

/** What a message cost, as this protocol counts it; nothing where nobody knows. */
export function usageOf(tokens: Tokens, model: string): readonly AgUiUsage[] {
  const { input_tokens, output_tokens, output_tokens_details } = tokens;
  const cached = whole(tokens.cache_read_input_tokens);
  const written = whole(tokens.cache_creation_input_tokens);
  const input = whole(input_tokens);
  const counts = {
    inputTokens: input === undefined ? undefined : input + (cached ?? 0) + (written ?? 0),
    outputTokens: whole(output_tokens),
    reasoningTokens: whole(output_tokens_details?.thinking_tokens),
    cachedInputTokens: cached,
    cacheWriteInputTokens: written,
  };
  const said = Object.entries(counts).filter(([, value]) => value !== undefined);
  if (said.length === 0) return [];
  return [{ ...(model && { model }), ...(Object.fromEntries(said) as AgUiUsage) }];
}

/** Readers refuse a number of tokens that is none. */
function whole(value: number | null | undefined): number | undefined {
  return Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : undefined;
}
