import fc from 'fast-check';
import type { Frame } from '../../../src/wire/frame.js';

/** What goes wrong with the frames of a stream, one mistake after another. */
export type Disorder = readonly (readonly [at: number, mistake: 'lose' | 'double' | 'swap'])[];

export const DISORDER: fc.Arbitrary<Disorder> = fc.array(
  fc.tuple(fc.nat(), fc.constantFrom('lose', 'double', 'swap')),
  { minLength: 1, maxLength: 3 },
);

/** The frames with these mistakes. */
export function disordered(frames: readonly Frame[], mistakes: Disorder): readonly Frame[] {
  const left = [...frames];
  for (const [at, mistake] of mistakes) {
    const place = at % (left.length + 1);
    const taken = left.splice(place, mistake === 'swap' ? 2 : 1);
    if (mistake === 'double') left.splice(place, 0, ...taken, ...taken);
    if (mistake === 'swap') left.splice(place, 0, ...taken.reverse());
  }
  return left;
}
