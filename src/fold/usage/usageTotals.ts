import type { Usage } from '../../events/usage.js';

const FIELDS = [
  'input_tokens',
  'output_tokens',
  'cache_creation',
  'cache_creation_input_tokens',
  'cache_read_input_tokens',
  'output_tokens_details',
  'server_tool_use',
] as const satisfies (keyof Usage)[];

/** The numbers of a {@link Usage}, of several messages together; `null` where none of them told any. */
export type UsageTotals = Pick<Usage, (typeof FIELDS)[number]>;

/** What no message has used. */
export const NO_USAGE: UsageTotals = {
  input_tokens: 0,
  output_tokens: 0,
  cache_creation: null,
  cache_creation_input_tokens: null,
  cache_read_input_tokens: null,
  output_tokens_details: null,
  server_tool_use: null,
};

/**
 * Adds the usage of a message, number by number.
 *
 * @param totals - those of the messages before it
 * @param usage - a gateway may leave out of it whatever it likes; what is no number tells nothing
 * @returns new totals
 */
export function plus(totals: UsageTotals, usage: Partial<Usage> = {}): UsageTotals {
  return Object.fromEntries(
    FIELDS.map((field) => [field, sum(totals[field], usage[field])]),
  ) as unknown as UsageTotals;
}

function sum(total: unknown, told: unknown): unknown {
  if (typeof told === 'number') return typeof total === 'number' ? total + told : told;
  if (!isRecord(told)) return total;
  const sums = new Map(isRecord(total) ? Object.entries(total) : []);
  for (const [name, value] of Object.entries(told)) {
    const both = sum(sums.get(name), value);
    if (both !== undefined) sums.set(name, both);
  }
  return sums.size === 0 ? total : Object.fromEntries(sums);
}

function isRecord(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
