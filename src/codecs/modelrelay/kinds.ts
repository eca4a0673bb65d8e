/** What a record is about, whatever its dialect calls it. */
export type Kind =
  'start' | 'text' | 'thinking' | 'call start' | 'call delta' | 'call stop' | 'completion' | 'error' | 'ping';

/** What the `type` of a record says, in v1 and v2. `ping` is known to one SDK, `reasoning_delta` to another. */
const BY_TYPE: ReadonlyMap<string, Kind> = new Map<string, Kind>([
  ['start', 'start'],
  ['update', 'text'],
  ['reasoning_delta', 'thinking'],
  ['tool_use_start', 'call start'],
  ['tool_use_delta', 'call delta'],
  ['tool_use_stop', 'call stop'],
  ['completion', 'completion'],
  ['error', 'error'],
  ['keepalive', 'ping'],
  ['ping', 'ping'],
]);

/** What the `event` of a record says. An error is none of the eight of its schema, and is told all the same. */
const BY_EVENT: ReadonlyMap<string, Kind> = new Map<string, Kind>([
  ['message_start', 'start'],
  ['message_delta', 'text'],
  ['tool_use_start', 'call start'],
  ['tool_use_delta', 'call delta'],
  ['tool_use_stop', 'call stop'],
  ['message_stop', 'completion'],
  ['error', 'error'],
  ['keepalive', 'ping'],
  ['ping', 'ping'],
]);

/** The name of a record as it came, and what is known by it. */
export interface Naming {
  readonly key: 'type' | 'event';
  readonly name: string;
  readonly kind: Kind | undefined;
}

/**
 * Reads what a record is. `type` goes before `event`, and both are read as the SDKs read a type: without the spaces
 * around it, and in any case.
 *
 * @returns `undefined` where the record has neither
 */
export function namingOf(record: Readonly<Record<string, unknown>>): Naming | undefined {
  for (const key of ['type', 'event'] as const) {
    const name = record[key];
    const plain = typeof name === 'string' ? name.trim().toLowerCase() : '';
    if (plain === '') continue;
    return { key, name: name as string, kind: (key === 'type' ? BY_TYPE : BY_EVENT).get(plain) };
  }
  return undefined;
}
