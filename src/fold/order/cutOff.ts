/** The reasons to stop that cut a reply off wherever it was. `cancelled` is of this library. */
const CUTS: ReadonlySet<string> = /* @__PURE__ */ new Set([
  'max_tokens',
  'model_context_window_exceeded',
  'refusal',
  'cancelled',
]);

/**
 * Whether a reply that ended for this reason may have been cut off inside what it was writing.
 *
 * @see https://docs.claude.com/en/api/handling-stop-reasons
 */
export function isCut(reason: string): boolean {
  return CUTS.has(reason);
}
