import type { Skip } from '../../src/codecs/skip.js';
import { namedBy } from '../../src/codecs/named.js';
import { policed } from '../../src/codecs/policed.js';
import { streamErrorOf } from '../../src/errors/streamError.js';
import type { StreamEvent } from '../../src/events/event.js';
import type { Frame } from '../../src/wire/frame.js';
import { NdjsonFramer } from '../../src/wire/ndjson.js';
import type { ShortWay } from '../../src/wire/shortWay.js';
import { SseFramer } from '../../src/wire/sse.js';
import type { Framer } from '../../src/wire/stage.js';
import { ChunkDecoder, piecesOf } from '../../src/wire/text.js';
import { timeOf, type Feed } from './feed.js';
import type { Turns } from './slices.js';
import { endsWhole, knownUnit, unitOf, type Unit } from './unit.js';

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

/** So many bytes are read before the clock on the wall is looked at; a part counts as some more. */
const BYTES_AT_A_TIME = 8_192;
const PART = 64;

/** Reads a feed as the sources do: with the library's own framers, decoders and policies. */
export async function readingOf(feed: Feed, turns: Turns): Promise<Reading> {
  const reader = new FeedReader(feed);
  let since = 0;
  for (let nth = 0; nth < feed.parts.length && !reader.hasFailed; nth++) {
    const { bytes = new Uint8Array(), event } = feed.parts[nth] ?? {};
    if (event) reader.put(nth, event);
    if (reader.takeKnown(nth, bytes)) since += PART;
    else {
      for (const piece of piecesOf(bytes)) {
        reader.take(nth, piece, piece === bytes);
        since += piece.length + PART;
        if (since > BYTES_AT_A_TIME && turns.isDue) await turns.next();
      }
    }
    if (since < BYTES_AT_A_TIME) continue;
    since = 0;
    if (turns.isDue) await turns.next();
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
  /** Whether the next part begins with a character of its own. */
  #isClean = false;
  /** Reads what differs from the frame before in a piece of text only, as the sources do. */
  #short: ShortWay | undefined;

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

  /** @returns whether this part was read before, so that its frame is known */
  takeKnown(part: number, bytes: Uint8Array): boolean {
    const unit = this.#isBetween ? knownUnit(this.#feed.codec, bytes) : undefined;
    if (!unit) return false;
    this.#part = part;
    this.#attempt(() => this.#readUnit(unit));
    return true;
  }

  /** @param isWhole - whether the piece is the whole part */
  take(part: number, piece: Uint8Array | string, isWhole: boolean): void {
    if (this.hasFailed) return;
    this.#part = part;
    const isApart = isWhole && this.#isBetween;
    this.#attempt(() => {
      const text = this.#text.next(piece);
      const found = this.#framer.next(text);
      this.#isClean = endsWhole(piece);
      const failure = this.#framer.failure ?? this.#text.failure;
      const unit =
        isApart && !failure && this.#isBetween && part < MOST_KEPT
          ? unitOf(this.#feed.codec, piece, text, found)
          : undefined;
      if (unit) this.#readUnit(unit);
      else this.#read(found);
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

  /** Whether nothing that came before affects how the next part is cut into frames. */
  get #isBetween(): boolean {
    return this.#isClean && this.#framer.isBetween;
  }

  #readUnit({ text, frame }: Unit): void {
    this.#keep(frame);
    const framer = this.#framer;
    let isRead = false;
    const way = {
      framer,
      readLong: () => {
        if (isRead) return;
        isRead = true;
        const events = this.#decoder.next(frame);
        this.#short?.note(frame, events);
        this.#emit(namedBy(frame, events));
      },
      again: (piece: string, length: number) => {
        isRead = true;
        this.#emit(this.#decoder.again(piece, length));
      },
    };
    this.#short ??= this.#feed.codec.shortWay?.(this.#feed.codec.framing);
    this.#short?.read(text, way);
    if (isRead) return;
    this.#short?.end(way);
    way.readLong();
  }

  #keep(frame: Frame): void {
    if (this.frames.length < MOST_KEPT) this.frames.push(this.#came(frame));
    else this.beyond.frames += 1;
  }

  #read(found: ReturnType<Framer['next']>): void {
    // It must not take the next frame for the one before: it does not see these.
    if (found.length > 0) this.#short = undefined;
    for (const frame of found) {
      if (frame.isStray) {
        this.#skip({ kind: 'line', codec: this.#feed.codec.name, raw: frame.data.slice(0, 200) });
        continue;
      }
      this.#keep(frame);
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
  const at = <T>(came: Came<T>): Came<T> => {
    const time = timeOf(feed, came.part);
    return time === came.at ? came : { ...came, at: time };
  };
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
