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

/** Whether a reply, or its head, ended where the model wanted it to, so that more may follow once its calls have results. */
export function endedWell(reply: { readonly stop_reason?: string | null } | undefined): boolean {
  const reason = reply?.stop_reason;
  return Boolean(reason) && !isCut(reason as string);
}
