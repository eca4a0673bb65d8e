import type { StreamEvent } from '../../events/event.js';
import { SnapshotReader } from '../../json/reader.js';
import { recordedErrorOf, type RecordedError } from './recording.js';

/**
 * Makes a function that masks everything that was said in one stream: texts, thinking and signatures, citations, the
 * strings in tool inputs and results, and whatever strings are in events and blocks of unknown types. Lengths, words
 * and lines keep their shape, JSON stays JSON however its deltas are cut, and every delta stays one. Of a tool input that
 * is not JSON, every letter and digit is masked from the delta on that shows it.
 *
 * ```ts
 * import { record } from 'rxjs-llm-stream/testing';
 *
 * source.pipe(record(keep, { redact: maskText }));
 * // text_delta 'Hello, Ada 🎵'             → 'Xxxxx, Xxx 🎵'
 * // input_json_delta '{"city":"To', 'kyo"}' → '{"city":"Xx', 'xxx"}'
 * ```
 *
 * These stay: types, ids, names of tools and models, keys of JSON, numbers, `true` and `false`, stop reasons,
 * usage, times, why a block was aborted, and the provider's error messages.
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
        return { ...event, delta: { ...delta, partial_json: input(delta.partial_json) } };
      }
      case 'tool_result':
        return { ...event, content: masked(event.content, true) };
      case 'unknown':
        return { ...event, data: maskedData(event.data) };
      case 'message_delta':
        return { ...event, delta: masked(event.delta) };
      case 'reset': {
        const { cause } = event;
        return { ...event, cause: cause instanceof Error ? withoutRaw(cause) : masked(cause) };
      }
      default:
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
function masked<T>(value: T, isFree?: boolean): T;
function masked(value: unknown, isFree = false): unknown {
  if (typeof value === 'string') return isJson(value) ? jsonMask()(value) : maskWords(value);
  if (Array.isArray(value)) return value.map((item: unknown) => masked(item, isFree));
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).map(([name, member]: [string, unknown]): [string, unknown] => {
    const isKept = !isFree && STRUCTURE.has(name) && typeof member === 'string';
    return [name, isKept ? member : masked(member, isFree || name === 'input')];
  });
  return Object.fromEntries<unknown>(members);
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
function withoutRaw(error: Error): RecordedError {
  const { name, message, code } = recordedErrorOf(error);
  return { name, message, ...(code !== undefined && { code }) };
}

/** Takes JSON in pieces and gives pieces of the same lengths in which every string that is a value is masked. */
type JsonMask = (piece: string) => string;

/** The digits that a masked letter has as an escape: `\u0078` is `x`. */
const ESCAPED_FILLER = '0078';

/**
 * Begins to mask a JSON text. What is masked is JSON as long as the text is; keys, numbers and literals stay. From the
 * piece on that shows the text to be something else, nothing is known of what it says, and all of it is masked.
 */
export function jsonMask(): JsonMask {
  const reader = new SnapshotReader();
  const mask = charactersMask();
  return (piece) => {
    try {
      reader.write(piece);
      return mask(piece);
    } catch {
      return maskWords(piece);
    }
  };
}

function charactersMask(): JsonMask {
  const containers: string[] = [];
  let place: 'outside' | 'key' | 'text' = 'outside';
  /** The last character outside strings. */
  let before = '';
  /** How many characters of an escape are to come: the four digits of `\u`, and what follows the backslash. */
  let escape = 0;

  function structure(character: string): string {
    const isKey = containers.at(-1) === '{' && (before === '{' || before === ',');
    if (character === '"') place = isKey ? 'key' : 'text';
    else if (character === '{' || character === '[') containers.push(character);
    else if (character === '}' || character === ']') containers.pop();
    if (!/\s/.test(character)) before = character;
    return character;
  }

  function inString(character: string): string {
    const isText = place === 'text';
    if (escape > 0) {
      const kept = escape === 5 || !isText;
      const shown = kept ? character : ESCAPED_FILLER.charAt(4 - escape);
      escape = escape === 5 && character !== 'u' ? 0 : escape - 1;
      return shown;
    }
    if (character === '\\') escape = 5;
    else if (character === '"') place = 'outside';
    return isText ? maskWords(character) : character;
  }

  return (piece) =>
    Array.from(piece, (character) => (place === 'outside' ? structure(character) : inString(character))).join(
      '',
    );
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
  if (code < 0x80) return character.replace(/[a-z]/, 'x').replace(/[A-Z]/, 'X').replace(/[0-9]/, '0');
  // A half cannot be classified, so no character is kept that may be cut in two.
  if (code <= 0xffff && /[\p{P}\p{Z}]/u.test(character)) return character;
  if (code < 0x800) return 'é';
  // Half a character, where a text is cut; its other half is masked to fit.
  if (code >= 0xd800 && code <= 0xdbff) return HIGH_FILLER;
  if (code >= 0xdc00 && code <= 0xdfff) return LOW_FILLER;
  return code <= 0xffff ? '文' : HIGH_FILLER + LOW_FILLER;
}
