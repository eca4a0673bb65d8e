/**
 * The stop reasons of the service, each with the canonical one that means the same; a reason that has none stands
 * for itself. Of several, the first is the one that is written. A reason that is not in the table passes as it came,
 * both ways: the service adds its own (`{ other }` in its SDKs), and so do we (`cancelled`).
 */
const STOP_REASONS: readonly (readonly [relayed: string, canonical: string])[] = [
  ['end_turn', 'end_turn'],
  ['stop', 'end_turn'],
  ['completed', 'end_turn'],
  ['max_tokens', 'max_tokens'],
  ['max_len', 'max_tokens'],
  ['length', 'max_tokens'],
  ['stop_sequence', 'stop_sequence'],
  ['tool_calls', 'tool_use'],
  ['max_context', 'model_context_window_exceeded'],
  ['content_filter', 'refusal'],
  ['time_limit', 'time_limit'],
  ['incomplete', 'incomplete'],
  ['unknown', 'unknown'],
];

const CANONICAL = new Map(STOP_REASONS);

// The first spelling of a reason is put in last.
const RELAYED = new Map(STOP_REASONS.map(([relayed, canonical]) => [canonical, relayed] as const).reverse());

/**
 * Reads a stop reason. The service's SDKs read it in any case.
 *
 * @returns the canonical one; the reason as it came where it is not known
 */
export function canonicalStopReason(relayed: string): string {
  return CANONICAL.get(relayed.trim().toLowerCase()) ?? relayed;
}

/** @returns the service's own name of a canonical stop reason; the reason as it is where it has none */
export function relayedStopReason(canonical: string): string {
  return RELAYED.get(canonical) ?? canonical;
}
