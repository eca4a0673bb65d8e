import type { Skip } from '../../src/codecs/skip.js';
import { namedBy } from '../../src/codecs/named.js';
import { policed } from '../../src/codecs/policed.js';
import { streamErrorOf } from '../../src/errors/streamError.js';
import type { StreamEvent } from '../../src/events/event.js';
import type { Frame } from '../../src/wire/frame.js';
import { NdjsonFramer } from '../../src/wire/ndjson.js';
import { SseFramer } from '../../src/wire/sse.js';
import type { Framer } from '../../src/wire/stage.js';
import { ChunkDecoder, piecesOf } from '../../src/wire/text.js';
import { timeOf, type Feed } from './feed.js';
import type { Turns } from './slices.js';

/** Something that came of a part, by the number of the part. One behind the last came of the end. */
export interface Came<T> {
  readonly part: number;
  readonly at: number;
  readonly value: T;
}

/** What the wire and the codec make of a feed. */
export interface Reading {
  readonly frames: readonly Came<Frame>[];
  readonly events: readonly Came<StreamEvent>[];
  /** What was passed over. */
  readonly skips: readonly Came<Skip>[];
  /** Why reading did not go on. */
  readonly failure: Came<Error> | undefined;
  /** How many frames and events there are beyond those that are kept. */
  readonly beyond: { readonly frames: number; readonly events: number };
  /** The last events, where they are beyond those that are kept: they say how it ended. */
  readonly last: readonly StreamEvent[];
}

/** So many frames and events are kept: nobody looks at more of them, one by one. */
export const MOST_KEPT = 20_000;
const MOST_SKIPS = 1_000;
const LAST = 8;

/** Reads a feed as the sources do: with the library's own framers, decoders and policies. */
export async function readingOf(feed: Feed, turns: Turns): Promise<Reading> {
  const reader = new FeedReader(feed);
  for (let nth = 0; nth < feed.parts.length && !reader.hasFailed; nth++) {
    const { bytes = new Uint8Array(), event } = feed.parts[nth] ?? {};
    if (event) reader.put(nth, event);
    for (const piece of piecesOf(bytes)) {
      reader.take(nth, piece);
      if (turns.isDue) await turns.next();
    }
  }
  if (!reader.hasFailed && feed.end.how === 'complete') reader.end();
  return reader;
}

class FeedReader implements Reading {
  readonly frames: Came<Frame>[] = [];
  readonly events: Came<StreamEvent>[] = [];
  readonly skips: Came<Skip>[] = [];
  readonly beyond = { frames: 0, events: 0 };
  failure: Came<Error> | undefined;
  last: readonly StreamEvent[] = [];
  readonly #feed: Feed;
  readonly #text;
  readonly #framer: Framer;
  readonly #decoder;
  #part = 0;

  constructor(feed: Feed) {
    const { codec } = feed;
    this.#feed = feed;
    this.#text = codec.unpacker?.({}) ?? new ChunkDecoder();
    this.#framer = codec.framing === 'ndjson' ? new NdjsonFramer() : new SseFramer(undefined, true);
    this.#decoder = policed(codec, { onSkip: (skip) => this.#skip(skip) });
  }

  get hasFailed(): boolean {
    return this.failure !== undefined;
  }

  put(part: number, event: StreamEvent): void {
    this.#part = part;
    this.#emit([event]);
  }

  take(part: number, piece: Uint8Array | string): void {
    if (this.hasFailed) return;
    this.#part = part;
    this.#attempt(() => {
      this.#read(this.#framer.next(this.#text.next(piece)));
      const failure = this.#framer.failure ?? this.#text.failure;
      if (failure) throw failure;
    });
  }

  end(): void {
    this.#part = this.#feed.parts.length;
    this.#attempt(() => {
      this.#read(this.#framer.next(this.#text.end()));
      this.#read(this.#framer.end());
      const failure = this.#framer.failure ?? this.#text.failure;
      if (failure) throw failure;
      this.#emit(this.#decoder.end());
    });
  }

  #read(found: ReturnType<Framer['next']>): void {
    for (const frame of found) {
      if (frame.isStray) {
        this.#skip({ kind: 'line', codec: this.#feed.codec.name, raw: frame.data.slice(0, 200) });
        continue;
      }
      if (this.frames.length < MOST_KEPT) this.frames.push(this.#came(frame));
      else this.beyond.frames += 1;
      this.#emit(namedBy(frame, this.#decoder.next(frame)));
    }
  }

  #emit(events: readonly StreamEvent[]): void {
    for (const event of events) {
      if (this.events.length < MOST_KEPT) this.events.push(this.#came(event));
      else this.beyond.events += 1;
    }
    if (this.beyond.events > 0) this.last = [...this.last, ...events].slice(-LAST);
  }

  #skip(skip: Skip): void {
    if (this.skips.length < MOST_SKIPS) this.skips.push(this.#came(skip));
  }

  #attempt(step: () => void): void {
    try {
      step();
    } catch (error) {
      this.failure = this.#came<Error>(streamErrorOf(error));
    }
  }

  #came<T>(value: T): Came<T> {
    return { part: this.#part, at: timeOf(this.#feed, this.#part), value };
  }
}

/** The same with other times: what a moved part makes is what it made before, only at another time. */
export function retimed(reading: Reading, feed: Feed): Reading {
  const at = <T>({ part, value }: Came<T>): Came<T> => ({ part, at: timeOf(feed, part), value });
  const { frames, events, skips, failure } = reading;
  return {
    ...reading,
    beyond: reading.beyond,
    last: reading.last,
    frames: frames.map(at),
    events: events.map(at),
    skips: skips.map(at),
    failure: failure && at(failure),
  };
}
