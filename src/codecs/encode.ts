import type { OperatorFunction } from 'rxjs';
import { StreamError } from '../errors/streamError.js';
import type { StreamEvent } from '../events/event.js';
import type { Frame } from '../wire/frame.js';
import { transformWith, type Step } from '../rx/transform.js';
import type { Codec, Encoder } from './codec.js';
import { named } from './named.js';
import { requireHalf } from './requireCodec.js';

/**
 * Writes each event as the frames that carry it, so that `decode(a)` followed by `encode(b)` translates one protocol into
 * another. The doc comment of a codec lists what its protocol cannot carry.
 *
 * ```ts
 * import { of } from 'rxjs';
 * import { encode, events } from 'rxjs-llm-stream';
 * import { anthropic } from 'rxjs-llm-stream/anthropic';
 *
 * of(events.ping()).pipe(encode(anthropic)).subscribe(console.log);
 * // { event: 'ping', data: '{"type":"ping"}' }
 * ```
 *
 * @param codec - the protocol to spell the events in
 * @returns an operator from events to frames; each subscription encodes with a state of its own
 * @throws StreamError `limit` for an event whose JSON nests deeper than the platform can write. TypeError, when it is
 *   called, for anything but a codec that writes
 */
export function encode(codec: Codec): OperatorFunction<StreamEvent, Frame> {
  requireHalf('encode', codec);
  return transformWith(() => new Encoding(codec.encoder()));
}

/** Writes the events of one subscription, or of one answer. */
export class Encoding implements Step<StreamEvent, Frame> {
  readonly #encoder: Encoder;

  constructor(encoder: Encoder) {
    this.#encoder = encoder;
  }

  next(event: StreamEvent, emit: (frame: Frame) => void): void {
    for (const frame of named(written(this.#encoder, event), event)) emit(frame);
  }

  complete(emit: (frame: Frame) => void): void {
    for (const frame of this.#encoder.end()) emit(frame);
  }
}

/** `JSON.stringify` recurses but `JSON.parse` does not, so a value that was read may be impossible to write. */
function written(encoder: Encoder, event: StreamEvent): readonly Frame[] {
  try {
    return encoder.next(event);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new StreamError('limit', 'An event nests too deep for JSON.stringify to write it', {
      cause: error,
    });
  }
}
