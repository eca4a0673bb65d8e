import type { StreamEvent } from '../../events/event.js';

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
        // Whatever this index held before has ended.
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

/** Of an unknown event only the type is kept. */
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

/** `raw` is text that could not be read, so nothing is known of what it says. */
function withoutRaw(error: Error): unknown {
  const { name, message } = error;
  const code: unknown = Reflect.get(error, 'code');
  return { name, message, ...(typeof code === 'string' && { code }) };
}

/** Takes JSON in pieces and gives pieces of the same lengths in which every string that is a value is masked. */
export interface JsonMask {
  next(piece: string): string;
}

type Container = 'array' | 'object';

/** The digits that a masked letter has as an escape: `\u0078` is `x`. */
const ESCAPED_FILLER = '0078';

/** Begins to mask a JSON text. What is masked is JSON as long as the text is; keys, numbers and literals stay. */
export function jsonMask(): JsonMask {
  const containers: Container[] = [];
  let place: 'outside' | 'key' | 'text' = 'outside';
  let isKeyNext = false;
  /** How far an escape has come: nothing, its backslash, or so many of the four digits left. */
  let escape: 'none' | 'begun' | number = 'none';

  function structure(character: string): string {
    if (character === '"') place = isKeyNext ? 'key' : 'text';
    else if (character === '{' || character === '[') containers.push(character === '{' ? 'object' : 'array');
    else if (character === '}' || character === ']') containers.pop();
    if (character === '{' || character === ',') isKeyNext = containers.at(-1) === 'object';
    else if (character === ':' || character === '[') isKeyNext = false;
    return character;
  }

  function inString(character: string): string {
    const isText = place === 'text';
    if (escape === 'begun') {
      escape = character === 'u' ? 4 : 'none';
      return character;
    }
    if (typeof escape === 'number') {
      const digit = ESCAPED_FILLER.charAt(4 - escape);
      escape = escape === 1 ? 'none' : escape - 1;
      return isText ? digit : character;
    }
    if (character === '\\') escape = 'begun';
    else if (character === '"') place = 'outside';
    return isText ? maskWords(character) : character;
  }

  return {
    next: (piece) =>
      Array.from(piece, (character) =>
        place === 'outside' ? structure(character) : inString(character),
      ).join(''),
  };
}

const HIGH_FILLER = '\ud83c';
const LOW_FILLER = '\udfb5';

/**
 * Puts filler in the place of every letter and digit: `x` and `X` for ASCII letters, `0` for digits, and beyond ASCII a
 * character of as many bytes. Lengths, spaces and punctuation stay, so words keep their shape.
 */
export function maskWords(text: string): string {
  return Array.from(text, maskCharacter).join('');
}

function maskCharacter(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x80) return maskAscii(character);
  // A half cannot be classified, so no character is kept that may be cut in two.
  if (code <= 0xffff && /[\p{P}\p{Z}]/u.test(character)) return character;
  if (code < 0x800) return 'é';
  // Half a character, where a text is cut; its other half is masked to fit.
  if (code >= 0xd800 && code <= 0xdbff) return HIGH_FILLER;
  if (code >= 0xdc00 && code <= 0xdfff) return LOW_FILLER;
  return code <= 0xffff ? '文' : HIGH_FILLER + LOW_FILLER;
}

function maskAscii(character: string): string {
  if (character >= 'a' && character <= 'z') return 'x';
  if (character >= 'A' && character <= 'Z') return 'X';
  return character >= '0' && character <= '9' ? '0' : character;
}
