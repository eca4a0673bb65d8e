import fc from 'fast-check';

/** Whether there is time for every case: CI has it, who waits for `npm test` does not. */
export const isThorough = process.env['CI'] === 'true';

/** How many of so many generated cases are tried. */
export function runs(count: number): number {
  return isThorough ? count : Math.ceil(count / 10);
}

// The same cases every time, so that a run says something of the code and not of its luck; `SEED` asks for others.
fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(process.env['SEED'] ?? 1) });
