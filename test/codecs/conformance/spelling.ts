import { TextEncoder } from 'node:util';
import type { Codec } from '../../../src/codecs/codec.js';
import { policed, type DecodeOptions } from '../../../src/codecs/policed.js';
import { StreamError } from '../../../src/errors/streamError.js';
import type { StreamEvent } from '../../../src/events/event.js';
import { fromBytes } from '../../../src/sources/fromBytes.js';
import { eventStreamBytes } from '../../../src/wire/eventStream.js';
import type { Frame } from '../../../src/wire/frame.js';

/** The frames of a whole stream. */
export function framesOf(codec: Codec, events: readonly StreamEvent[]): readonly Frame[] {
  const encoder = codec.encoder();
  return [...events.flatMap((event) => encoder.next(event)), ...encoder.end()];
}

/** What the frames of a protocol hold. */
export function valuesOf({ terminator }: Codec, frames: readonly Frame[]): readonly object[] {
  return frames.filter(({ data }) => data !== terminator).map(({ data }) => JSON.parse(data) as object);
}

/** The events of a whole stream of frames. */
export function eventsOf(
  codec: Codec,
  frames: readonly Frame[],
  options?: DecodeOptions,
): readonly StreamEvent[] {
  const decoder = policed(codec, options);
  return [...frames.flatMap((frame) => decoder.next(frame)), ...decoder.end()];
}

/** What arrives of events that are sent by each of these protocols in turn. */
export function through(codecs: readonly Codec[], events: readonly StreamEvent[]): readonly StreamEvent[] {
  return codecs.reduce((given, codec) => eventsOf(codec, framesOf(codec, given)), events);
}

/** Whether the schema of a codec accepts a wire value. */
export function isAccepted({ schema }: Codec, value: unknown): boolean {
  if (schema === undefined) throw new Error('There is no schema');
  const result = schema['~standard'].validate(value);
  return 'issues' in result ? result.issues === undefined : 'value' in result;
}

/** The frames as they stand on the network. */
export function bytesOf({ framing }: Codec, frames: readonly Frame[]): Uint8Array {
  if (framing === 'eventstream') return new Uint8Array(Buffer.concat(frames.map(eventStreamBytes)));
  const text = frames.map(({ event, data }) => {
    if (framing === 'ndjson') return `${data}\n`;
    return event === undefined ? `data: ${data}\n\n` : `event: ${event}\ndata: ${data}\n\n`;
  });
  return new TextEncoder().encode(text.join(''));
}

/** The events of chunks that are all there at once, which have to come at once too. */
export function eventsIn(codec: Codec, chunks: readonly Uint8Array[]): readonly StreamEvent[] {
  const events: StreamEvent[] = [];
  let outcome: Error | undefined = new Error('The events are waited for');
  fromBytes(chunks, { codec }).subscribe({
    next: (event) => events.push(event),
    error: (error: Error) => (outcome = error),
    complete: () => (outcome = undefined),
  });
  if (outcome !== undefined) throw outcome;
  return events;
}

/** The events of frames up to the first that cannot be read, and what it failed with. */
export function attempted(
  codec: Codec,
  frames: readonly Frame[],
  options?: DecodeOptions,
): { readonly arrived: readonly StreamEvent[]; readonly failure?: StreamError } {
  const decoder = policed(codec, options);
  const arrived: StreamEvent[] = [];
  try {
    for (const frame of frames) arrived.push(...decoder.next(frame));
    arrived.push(...decoder.end());
  } catch (error) {
    if (error instanceof StreamError) return { arrived, failure: error };
    throw error;
  }
  return { arrived };
}
