import fc from 'fast-check';
import { isThorough } from './thorough.js';

/** How many of so many generated cases are tried. */
export function runs(count: number): number {
  return isThorough ? count : Math.ceil(count / 120);
}

// How many are tried where a law says nothing of it.
const numRuns = isThorough ? 100 : 3;

// The same cases every time, so that a run says something of the code and not of its luck; `SEED` asks for others.
fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(process.env['SEED'] ?? 1), numRuns });
