import { isThorough } from './thorough.js';

/** How long the longer text is, in UTF-16 units: whoever waits for `npm test` reads half of it. `npm run bench` reads a megabyte. */
const LONG = isThorough ? 256 * 1024 : 128 * 1024;

/**
 * How much longer a text of eight times the length takes. Linear is eight, quadratic sixty-four.
 *
 * @param timeOf - how long a text of this length takes, in ms: of several runs each the best counts, since what else goes on
 *   in the process makes a run slower and never faster
 */
export function growthOf(timeOf: (length: number) => number): number {
  timeOf(LONG / 32);
  const short = Math.min(...[0, 1, 2].map(() => timeOf(LONG / 8)));
  let growth = Infinity;
  // What disturbs a try only adds to it: one that holds is enough. What takes less than 3 ms says nothing.
  for (let tries = 0; tries < 3 && growth >= LINEAR; tries++)
    growth = Math.min(growth, timeOf(LONG) / Math.max(short, 3));
  return growth;
}

/** Between a line and a square, with room for what a busy machine adds. */
export const LINEAR = 40;
