import type { ZodMiniType } from 'zod/mini';
import { StreamError } from '../../errors/streamError.js';
import type { Frame } from '../../wire/frame.js';
import type { Decoder } from '../codec.js';
import { isObject, type Json } from './json.js';
import { isSure } from './shape.js';

/** Reads the JSON object of a frame. */
export function objectIn(frame: Frame): Json {
  let value: unknown;
  try {
    value = JSON.parse(frame.data);
  } catch {
    throw malformedFrame(frame, 'The data is not JSON');
  }
  if (!isObject(value)) throw malformedFrame(frame, 'The data is not a JSON object');
  return value;
}

/**
 * Checks what a frame holds, and gives it back as it came. Every codec asks its schemas here, and only here.
 *
 * @param name - what the value is, for a StreamError `malformed` that names the first field of the wrong shape
 */
export function checked<T>(schema: ZodMiniType<T>, value: unknown, name: string, frame: Frame): T {
  if (isSure(schema, value)) return value as T;
  const { error } = schema.safeParse(value);
  if (error === undefined) return value as T;
  const { path = [], message = 'is not as documented' } = error.issues[0] ?? {};
  throw malformedFrame(frame, `${[name, ...path].join('.')} ${message}`);
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

/** The failure of a frame that cannot be read, with its first 200 characters. */
export function malformedFrame(frame: Frame, message: string): StreamError {
  return new StreamError('malformed', message, { raw: frame.data });
}
