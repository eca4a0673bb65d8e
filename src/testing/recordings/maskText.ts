import type { StreamEvent } from '../../events/event.js';
import { jsonMask, type JsonMask } from './maskJson.js';
import { maskWords } from './maskWords.js';

/**
 * Makes what masks everything that was said in a stream, for one stream: texts, thinking and signatures, citations, the
 * strings in tool inputs and results, and whatever strings are in events and blocks of unknown types. Lengths, words
 * and lines keep their shape, JSON stays JSON however its deltas are cut, and every delta stays one.
 *
 * ```ts
 * import { record } from 'rxjs-llm-stream/testing';
 *
 * source.pipe(record(keep, { redact: maskText }));
 * // text_delta 'Hello, Ada 🎵'             → 'Xxxxx, Xxx 🎵'
 * // input_json_delta '{"city":"To', 'kyo"}' → '{"city":"Xx', 'xxx"}'
 * ```
 *
 * What is not masked: types, ids, names of tools and models, keys of JSON, numbers, `true` and `false`, stop reasons,
 * usage, times, why a block was aborted, and what the provider says of an error.
 *
 * @returns a function from each event, in order, to the masked one
 * @see record
 */
export function maskText(): (event: StreamEvent) => StreamEvent {
  const inputs = new Map<number, JsonMask>();
  return (event) => {
    switch (event.type) {
      case 'message_start':
      case 'content_block_start':
        // Nothing that was begun under this index goes on.
        if (event.type === 'message_start') inputs.clear();
        else inputs.delete(event.index);
        return masked(event);
      case 'content_block_delta': {
        const { delta } = event;
        if (delta.type !== 'input_json_delta') return masked(event);
        const input = inputs.get(event.index) ?? jsonMask();
        inputs.set(event.index, input);
        return { ...event, delta: { ...delta, partial_json: input.next(delta.partial_json) } };
      }
      case 'tool_result':
        return { ...event, content: masked(event.content, true) };
      case 'unknown':
        return { ...event, data: maskedData(event.data) };
      case 'message_delta':
        return { ...event, delta: masked(event.delta) };
      case 'reset':
        return {
          ...event,
          cause: event.cause instanceof Error ? withoutRaw(event.cause) : masked(event.cause),
        };
      case 'content_block_stop':
      case 'message_stop':
      case 'ping':
      case 'block_abort':
      case 'error':
        return event;
    }
  };
}

/** Members that say what something is, not what was said. */
const STRUCTURE: ReadonlySet<string> = new Set([
  'type',
  'id',
  'tool_use_id',
  'tool_id',
  'name',
  'role',
  'model',
  'stop_reason',
  'service_tier',
  'inference_geo',
  'speed',
  'category',
  'error_code',
  'media_type',
]);

/** @param isFree - whether it is the caller's own JSON, in which no name means anything */
function masked<T>(value: T, isFree = false): T {
  return maskedValue(value, isFree) as T;
}

function maskedValue(value: unknown, isFree: boolean): unknown {
  if (typeof value === 'string') return isJson(value) ? jsonMask().next(value) : maskWords(value);
  if (Array.isArray(value)) return value.map((item) => maskedValue(item, isFree));
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).map(([name, member]): [string, unknown] => [
    name,
    !isFree && STRUCTURE.has(name) && typeof member === 'string'
      ? member
      : maskedValue(member, isFree || name === 'input'),
  ]);
  return Object.fromEntries(members);
}

/** Of an event that nobody knows only the type stays, by which it is what it is. */
function maskedData(data: unknown): unknown {
  const type: unknown = typeof data === 'object' && data !== null && 'type' in data ? data.type : undefined;
  const rest = masked(data, true);
  return typeof type === 'string' ? { ...(rest as object), type } : rest;
}

/** A tool's result is often JSON as text. */
function isJson(text: string): boolean {
  if (!/^\s*[[{]/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** What could not be read is foreign text. */
function withoutRaw(error: Error): unknown {
  const { name, message } = error;
  const code: unknown = Reflect.get(error, 'code');
  return { name, message, ...(typeof code === 'string' && { code }) };
}
