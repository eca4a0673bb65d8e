import { StreamError } from '../../errors/streamError.js';
import type { Frame } from '../../wire/frame.js';
import type { Decoder } from '../codec.js';
import { isObject, parsed, type Json } from './json.js';
import { mend, type Schema } from './shape.js';

export const NOT_JSON = 'The data is not JSON';

/** Reads the JSON object of a frame. */
export function objectIn(frame: Frame): Json {
  let value: unknown;
  try {
    value = parsed(frame.data);
  } catch {
    throw malformedFrame(frame, NOT_JSON);
  }
  if (!isObject(value)) throw malformedFrame(frame, 'The data is not a JSON object');
  return value;
}

/**
 * Checks what a frame holds. Every codec asks its schemas here, and only here.
 *
 * @param name - what the value is, for a StreamError `malformed` that names the first field of the wrong shape
 * @returns the value as it came; where a member is absent, `null` or empty that the schema knows an empty value for, a
 *   copy with that
 */
export function checked<T>(schema: Schema<T>, value: unknown, name: string, frame: Frame): T {
  if (schema.flawOf(value) === undefined) return value as T;
  const mended = mend(schema, value);
  const flaw = schema.flawOf(mended);
  if (flaw === undefined) return mended as T;
  throw malformedFrame(frame, `${[name, ...flaw.path].join('.')} ${flaw.message}`);
}

/**
 * Whether a new decoder takes a frame for an unknown event. An encoder asks this before it writes one: an event that is
 * named like one of its protocol's own would be read as that, so it is left out.
 */
export function isStranger(decoder: Decoder, frame: Frame): boolean {
  try {
    return [...decoder.next(frame), ...decoder.end()].some(({ type }) => type === 'unknown');
  } catch {
    return false;
  }
}

/**
 * The failure of a frame that cannot be read, with at most 200 of its characters. It is retryable where the frame looks
 * as if it had been damaged on the way: JSON that is none.
 */
export function malformedFrame({ data }: Frame, message: string): StreamError {
  const retryable = message === NOT_JSON && /^\s*[[{]/.test(data);
  return new StreamError('malformed', message, { raw: data, retryable });
}
