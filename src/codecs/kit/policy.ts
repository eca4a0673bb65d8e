import type { ZodType } from 'zod';
import { StreamError } from '../../errors/streamError.js';
import type { StreamEvent } from '../../events/event.js';
import type { Frame } from '../../wire/frame.js';
import type { Decoder, DecoderOptions } from '../codec.js';

/**
 * Reads a frame under the policies that all codecs share.
 *
 * @param frame - the frame
 * @param options - what to do with what cannot be read
 * @param read - gives the events of the frame, `unknown` ones among them, or throws a StreamError `malformed`
 * @returns the events that the policies let pass
 * @throws StreamError `malformed`, as the options say; whatever else `read` throws
 */
export function readFrame(
  frame: Frame,
  { unknown = 'emit', malformed = 'error' }: DecoderOptions,
  read: (frame: Frame) => readonly StreamEvent[],
): readonly StreamEvent[] {
  if (unknown === 'emit' && malformed === 'error') return read(frame);
  let events: readonly StreamEvent[];
  try {
    events = read(frame);
  } catch (error) {
    if (malformed === 'skip' && error instanceof StreamError && error.code === 'malformed') return [];
    throw error;
  }
  if (unknown === 'emit') return events;
  const stranger = events.find((event) => event.type === 'unknown');
  if (stranger === undefined) return events;
  if (unknown === 'skip') return events.filter((event) => event.type !== 'unknown');
  throw malformedFrame(frame, `The event type ${JSON.stringify(stranger.name)} is not known`);
}

/** A decoder under the policies that all codecs share. */
export function underPolicy(decoder: Decoder, options: DecoderOptions): Decoder {
  return {
    next: (frame) => readFrame(frame, options, () => decoder.next(frame)),
    end: () => decoder.end(),
  };
}

/**
 * Reads the JSON of a frame.
 *
 * @throws StreamError `malformed` where it is no JSON object
 */
export function objectIn(frame: Frame): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(frame.data);
  } catch {
    throw malformedFrame(frame, 'The data is no JSON');
  }
  if (!isObject(value)) throw malformedFrame(frame, 'The data is no JSON object');
  return value;
}

/**
 * Checks what a frame holds.
 *
 * @param schema - what is asked of it
 * @param value - its JSON
 * @param name - what it is, for the message
 * @returns the value, as it came
 * @throws StreamError `malformed` that names the first field of the wrong shape
 */
export function shaped<T>(schema: ZodType<T>, value: unknown, name: string, frame: Frame): T {
  const { error } = schema.safeParse(value);
  if (error === undefined) return value as T;
  const [issue] = error.issues;
  const where = [name, ...(issue?.path ?? [])].join('.');
  throw malformedFrame(frame, `${where}: ${issue?.message ?? 'not as documented'}`);
}

/** Whether this is a JSON object: no array, no `null`. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The failure of a frame that cannot be read, with its first 200 characters. */
export function malformedFrame(frame: Frame, message: string): StreamError {
  return new StreamError('malformed', message, { raw: frame.data });
}
