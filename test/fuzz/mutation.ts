/** Numbers as random as a seed makes them: the same for the same seed (mulberry32). */
export class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** From 0 to below `limit`. */
  below(limit: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit);
  }

  of<T>(choices: readonly T[]): T {
    return choices[this.below(choices.length)] as T;
  }
}

/** Bytes that something happened to. */
export interface Mutated {
  readonly bytes: Uint8Array;
  /** The offset of the first byte that is not what it was. */
  readonly from: number;
  readonly kind: Mutation;
}

/** What happens to bytes on their way. */
export const MUTATIONS = ['dropped', 'doubled', 'swapped', 'truncated', 'overwritten'] as const;

export type Mutation = (typeof MUTATIONS)[number];

const LONGEST_RUN = 64;

/** Drops, doubles, swaps or overwrites runs of bytes somewhere, or cuts off the rest. */
export function mutated(bytes: Uint8Array, dice: Dice): Mutated {
  const kind = dice.of(MUTATIONS);
  const from = dice.below(bytes.length);
  const to = Math.min(bytes.length, from + 1 + dice.below(LONGEST_RUN));
  const run = bytes.subarray(from, to);
  const rest = bytes.subarray(to);
  return {
    kind,
    from,
    bytes: Buffer.concat([bytes.subarray(0, from), ...replacement(kind, run, rest, dice)]),
  };
}

function replacement(kind: Mutation, run: Uint8Array, rest: Uint8Array, dice: Dice): readonly Uint8Array[] {
  switch (kind) {
    case 'truncated':
      return [];
    case 'dropped':
      return [rest];
    case 'doubled':
      return [run, run, rest];
    case 'swapped': {
      const length = Math.min(rest.length, run.length);
      return [rest.subarray(0, length), run, rest.subarray(length)];
    }
    case 'overwritten':
      return [run.map(() => dice.below(256)), rest];
  }
}

/** The bytes in chunks of random lengths, some empty. */
export function chunked(bytes: Uint8Array, dice: Dice): readonly Uint8Array[] {
  const longest = dice.of([1, 7, 100, 5_000]);
  const chunks: Uint8Array[] = [];
  for (let at = 0; at < bytes.length;) {
    const length = dice.below(longest + 1);
    chunks.push(bytes.subarray(at, at + length));
    at += length;
  }
  return chunks;
}
