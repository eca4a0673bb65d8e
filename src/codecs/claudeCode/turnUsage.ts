import { isObject, type Json } from '../kit/json.js';

/** What a turn cost, with every member that the agent SDK's type has. */
const NO_USAGE = {
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

/** Adds up what the messages of a turn cost: numbers are added, of all else the later one counts. */
export class TurnUsage {
  readonly #members = new Map<string, unknown>();

  constructor(members: object = NO_USAGE) {
    this.add(members);
  }

  add(members: object): void {
    for (const [name, value] of Object.entries(members)) this.#member(name, value);
  }

  get all(): Json {
    const members = [...this.#members].map(([name, value]) => [
      name,
      value instanceof TurnUsage ? value.all : value,
    ]);
    return Object.fromEntries(members) as Json;
  }

  #member(name: string, value: unknown): void {
    const other = this.#members.get(name);
    if (typeof value === 'number') this.#members.set(name, value + (typeof other === 'number' ? other : 0));
    else if (isObject(value) && other instanceof TurnUsage) other.add(value);
    else if (isObject(value)) this.#members.set(name, new TurnUsage(value));
    else if ((value ?? null) !== null || other === undefined) this.#members.set(name, value);
  }
}
