import type { Json } from '../kit/json.js';
import { isRefused } from './refused.js';
import { membersOf } from './wire.js';

/** Under this name it is said of a result that it is the JSON of one. */
const OWN = 'rxjs-llm-stream';

/** The result of a tool as the AI SDK reads it: as JSON where it would refuse the value, and the stream with it. */
export function outputOf(value: unknown): Json {
  const json = JSON.stringify(value) ?? '';
  return isRefused(value, json)
    ? { output: json, providerMetadata: { [OWN]: { encoding: 'json' } } }
    : { output: value };
}

/** What a tool failed with, as the text that the AI SDK asks for. */
export function failureOf(value: unknown): Json & { readonly errorText: string } {
  if (typeof value === 'string') return { errorText: value };
  return { errorText: JSON.stringify(value) ?? '', providerMetadata: { [OWN]: { encoding: 'json' } } };
}

/** The result in a part; an empty text where there is none. */
export function valueOf({ output, errorText, providerMetadata }: Json): unknown {
  const value = output === undefined ? (errorText ?? '') : output;
  const { encoding } = membersOf(membersOf(providerMetadata)[OWN]);
  return encoding === 'json' && typeof value === 'string' ? jsonIn(value) : value;
}

/** What an event of another protocol is wrapped in: the AI SDK fails at a part of a type that it does not know. */
export function wrapped(name: string, data: unknown): Json {
  const json = JSON.stringify(data) ?? 'null';
  const held = isRefused(data, json) ? { name, json } : { name, data: data ?? null };
  return { type: 'data-event', transient: true, data: held };
}

/** The event that a part holds which {@link wrapped} made; `undefined` for any other part. */
export function unwrapped(part: Json): { readonly name: string; readonly data: unknown } | undefined {
  const { type, transient, data } = part;
  if (type !== 'data-event' || transient !== true) return undefined;
  const held = membersOf(data);
  const { name, json } = held;
  if (typeof name !== 'string' || Object.keys(held).length !== 2) return undefined;
  if ('data' in held) return { name, data: held['data'] };
  return typeof json === 'string' ? { name, data: jsonIn(json) } : undefined;
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
