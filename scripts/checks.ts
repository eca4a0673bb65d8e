/** How many checks passed. */
const tally = { passed: 0, failed: 0 };

/** @throws Error where two values differ, as JSON has them */
export function equal(actual: unknown, expected: unknown): void {
  const [seen, wanted] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (seen !== wanted) throw new Error(`${seen.slice(0, 1_500)} is not ${wanted.slice(0, 500)}`);
}

/** Tries something, says how it went, and counts it. */
export async function check(what: string, attempt: () => Promise<void> | void): Promise<void> {
  let failure: unknown;
  try {
    await attempt();
  } catch (error) {
    failure = error;
  }
  const passed = failure === undefined;
  tally[passed ? 'passed' : 'failed'] += 1;
  console.log(`${passed ? 'passed' : 'FAILED'}: ${what}`);
  if (!passed) console.log(failure instanceof Error ? failure.message : failure);
}

/** Says how many checks passed, as the last line, and fails where one did not. */
export function finish(): void {
  console.log(`${tally.passed} passed, ${tally.failed} failed`);
  process.exitCode = tally.failed === 0 ? 0 : 1;
}
