/** Registered for the whole program: every copy of the package finds the same one. */
const BRAND = /* @__PURE__ */ Symbol.for('rxjs-llm-stream.ofLog');

/**
 * Marks an error as one of a log of runs, because a provider means something else by the same code and status. A frozen error
 * cannot be marked.
 *
 * @param error - what the log failed with
 */
export function markOfLog(error: unknown): void {
  if (typeof error === 'object' && error !== null) Reflect.defineProperty(error, BRAND, { value: true });
}

/**
 * Whether a log of runs failed so, and not what writes the run, also where the error is wrapped in one of ours.
 *
 * @param error - whatever came down the error channel
 */
export function isOfLog(error: unknown): boolean {
  const { [BRAND]: isMarked, cause } = (error ?? {}) as { readonly [BRAND]?: true; readonly cause?: unknown };
  return isMarked === true || (cause as { readonly [BRAND]?: true } | null | undefined)?.[BRAND] === true;
}
