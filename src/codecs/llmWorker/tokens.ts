import type { WorkerUsage } from './event.js';

/** Numbers of tokens that are known. */
export type Tokens = { -readonly [Field in keyof Omit<WorkerUsage, 'total_tokens'>]?: number };

const FIELDS = [
  'input_tokens',
  'output_tokens',
  'cache_read_input_tokens',
  'cache_creation_input_tokens',
] as const satisfies (keyof Tokens)[];

/** The numbers that an event tells; not the total, which is the sum of others. */
export function tokensIn(usage: WorkerUsage): Tokens {
  const tokens: Tokens = {};
  for (const field of FIELDS) {
    const count = usage[field];
    if (typeof count === 'number') tokens[field] = count;
  }
  return tokens;
}
