/**
 * Set up before the tests that run as a page under a Content Security Policy without `unsafe-eval` would, and without
 * `__proto__`: refuses to run tests that would prove nothing.
 */
const FORBIDDEN: Readonly<Record<string, () => unknown>> = {
  'Function("")': () => Reflect.construct(Function, ['']),
  // oxlint-disable-next-line no-eval -- as nothing may
  'eval("")': () => (0, eval)('') as unknown,
  '({}).__proto__': () => Reflect.get({}, '__proto__') as unknown,
};

for (const [words, run] of Object.entries(FORBIDDEN)) {
  if (!throws(run)) throw new Error(`The tests are not hardened: they can run ${words}`);
}

function throws(run: () => unknown): boolean {
  try {
    run();
    return false;
  } catch {
    return true;
  }
}
