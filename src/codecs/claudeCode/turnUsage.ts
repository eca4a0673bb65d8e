import { isObject, type Json } from '../kit/json.js';

/** What a turn cost, with every member that the agent SDK's type has. */
export const NO_USAGE = {
  input_tokens: 0,
  cache_creation_input_tokens: 0,
  cache_read_input_tokens: 0,
  output_tokens: 0,
  output_tokens_details: { thinking_tokens: 0 },
  server_tool_use: { web_search_requests: 0, web_fetch_requests: 0 },
  service_tier: 'standard',
  cache_creation: { ephemeral_1h_input_tokens: 0, ephemeral_5m_input_tokens: 0 },
  inference_geo: '',
  fallback_credit: null,
  iterations: [],
  speed: 'standard',
} as const;

/** What a turn cost so far. */
export type TurnUsage = Json | typeof NO_USAGE;

/** The members of a usage that are said. */
export function known(usage: object | undefined): Json {
  return Object.fromEntries(Object.entries(usage ?? {}).filter(([, value]) => (value ?? null) !== null));
}

/** Adds up the numbers of two usages; of all else the later one counts. */
export function sumOf(before: object, after: Json): Json {
  const sum: Record<string, unknown> = { ...before };
  for (const [name, value] of Object.entries(known(after))) {
    const other = sum[name];
    if (typeof value === 'number') sum[name] = value + (typeof other === 'number' ? other : 0);
    else sum[name] = isObject(value) && isObject(other) ? sumOf(other, value) : value;
  }
  return sum;
}
