import { vi } from 'vitest';
import { closeLoopbacks } from '../sources/loopback.js';

let printed: unknown[][] = [];

/** Takes what was printed since the test began, so that the test may print it. */
export function takePrinted(): unknown[][] {
  return printed.splice(0);
}

/** Makes every test of the file fail that prints anything, and closes the servers of each. */
export function expectSilence(): void {
  beforeEach(() => {
    printed = [];
    const print = (...line: unknown[]) => void printed.push(line);
    const methods = ['log', 'info', 'warn', 'error', 'debug', 'trace', 'dir', 'table'] as const;
    for (const method of methods) vi.spyOn(console, method).mockImplementation(print);
    for (const stream of [process.stdout, process.stderr]) {
      vi.spyOn(stream, 'write').mockImplementation((...line: unknown[]) => {
        // Node itself announces, at a moment of its own, that jest uses an experimental feature.
        if (!String(line[0]).includes('ExperimentalWarning: VM Modules')) print(...line);
        return true;
      });
    }
  });

  afterEach(async () => {
    vi.restoreAllMocks();
    await closeLoopbacks();
    expect(printed).toEqual([]);
  });
}
