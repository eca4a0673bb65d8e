import { bounded } from '../message/head.js';
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

/** The numbers of a {@link Usage}, added up over several messages; `null` if none of them reported the number. */
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

/** A usage, and the totals with it. */
export interface Addition {
  readonly usage: Partial<Usage>;
  readonly totals: UsageTotals;
}

/**
 * Adds the usage of a message. A gateway may leave out any field; a value that is not a number is ignored.
 *
 * @param last - an earlier usage of this message, added to the same totals: what did not change is not added again
 */
export function plus(totals: UsageTotals, usage: Partial<Usage> = {}, last?: Addition): UsageTotals {
  const fields = FIELDS.map((field) => {
    const value = usage[field];
    const isKnown = last !== undefined && value === last.usage[field];
    return [field, isKnown ? last.totals[field] : sum(totals[field], value)];
  });
  return Object.fromEntries(fields) as Record<keyof UsageTotals, unknown> as UsageTotals;
}

function sum(total: unknown, added: unknown): unknown {
  if (typeof added === 'number') return typeof total === 'number' ? total + added : added;
  if (!isRecord(added)) return total;
  const sums = new Map(isRecord(total) ? Object.entries(total) : []);
  for (const [name, value] of Object.entries(added)) {
    const both = sum(sums.get(name), value);
    if (both !== undefined) sums.set(name, both);
  }
  return sums.size === 0 ? total : bounded(Object.fromEntries(sums));
}

function isRecord(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
