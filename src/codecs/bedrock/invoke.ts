import type { StreamEvent } from '../../events/event.js';
import { StreamError } from '../../errors/streamError.js';
import * as events from '../../events/make.js';
import type { Frame } from '../../wire/frame.js';
import type { Codec, Decoder, Encoder } from '../codec.js';
import { checked, isStranger, malformedFrame, objectIn } from '../kit/door.js';
import { isFailure } from '../kit/errorIn.js';
import type { Json } from '../kit/json.js';
import { nestsDeeper } from '../nesting.js';
import { isNoEvent, type Passing } from '../skip.js';
import { base64OfText, textOfBase64 } from './base64.js';
import { exceptionIn, isException } from './exception.js';
import { chunkSchema } from './wire.js';

const NONE: readonly never[] = [];

/** Unwraps what a model streams in its own protocol, for the decoder of that. */
export class InvokeDecoder implements Decoder {
  readonly #inner: Decoder;
  readonly #terminator: string | undefined;
  readonly #pass: Passing;
  readonly #depth: number;

  /** @param depth - how deep the JSON in a chunk may nest */
  constructor(
    { terminator, decoder }: Pick<Codec, 'terminator' | 'decoder'>,
    pass: Passing = () => undefined,
    depth = 512,
  ) {
    this.#inner = decoder(pass, depth);
    this.#terminator = terminator;
    this.#pass = pass;
    this.#depth = depth;
  }

  get held(): number {
    return this.#inner.held ?? 0;
  }

  next(frame: Frame): readonly StreamEvent[] {
    const { event = 'message' } = frame;
    if (isException(event)) return this.#fail({ type: 'error', error: exceptionIn(event, frame) });
    // Those of the frame itself, and of whoever stands in between.
    if (event === 'error') return this.#inner.next(frame);
    const body = objectIn(frame);
    if (event === 'chunk' || (event === 'message' && 'bytes' in body)) return this.#chunk(body, frame);
    if (isFailure(body, event)) return this.#fail(body);
    if (event === 'message') throw malformedFrame(frame, 'The frame has no :event-type');
    return [events.unknown(event, body)];
  }

  end(): readonly StreamEvent[] {
    return this.#inner.end();
  }

  lose(frame: Frame, reason: string): void {
    this.#inner.lose?.({ data: chunkIn(frame) ?? '' }, reason);
  }

  #chunk(body: Json, frame: Frame): readonly StreamEvent[] {
    const data = textOfBase64(checked(chunkSchema, body, 'chunk', frame).bytes);
    if (data === undefined) throw malformedFrame(frame, 'chunk.bytes must be text in base64');
    if (data !== this.#terminator && isNoEvent(data)) {
      this.#pass('no-event');
      return NONE;
    }
    if (nestsDeeper(data, this.#depth))
      throw new StreamError(
        'limit',
        `The JSON of a chunk nests deeper than ${this.#depth} levels (limit: depth)`,
      );
    return this.#inner.next({ data });
  }

  /** What is open belongs to the other decoder: it reads the failure too. */
  #fail(failure: Json): readonly StreamEvent[] {
    return this.#inner.next({ event: 'error', data: JSON.stringify(failure) });
  }
}

/** Wraps what another encoder writes. */
export class InvokeEncoder implements Encoder {
  readonly #codec: Pick<Codec, 'terminator' | 'decoder'>;
  readonly #inner: Encoder;
  /** Whether the frames alone say what they hold: in a chunk the value does. */
  readonly #isNamed: boolean;

  constructor(codec: Codec) {
    this.#codec = codec;
    this.#inner = codec.encoder();
    this.#isNamed = codec.framing === 'eventstream';
  }

  next(event: StreamEvent): readonly Frame[] {
    const frames = this.#inner.next(event).map((frame) => this.#wrapped(frame));
    // A chunk has no place for a name that is not in the data.
    return event.type === 'unknown'
      ? frames.filter((frame) => isStranger(new InvokeDecoder(this.#codec), frame))
      : frames;
  }

  end(): readonly Frame[] {
    return this.#inner.end().map((frame) => this.#wrapped(frame));
  }

  #wrapped({ data, event = 'message' }: Frame): Frame {
    const text = this.#isNamed ? `{${JSON.stringify(event)}:${data}}` : data;
    return { event: 'chunk', data: JSON.stringify({ bytes: base64OfText(text) }) };
  }
}

/** The text in a frame, if it can be read. */
function chunkIn(frame: Frame): string | undefined {
  try {
    const { bytes } = objectIn(frame);
    return typeof bytes === 'string' ? textOfBase64(bytes) : undefined;
  } catch {
    return undefined;
  }
}
