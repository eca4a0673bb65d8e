import type { StreamEvent } from '../../events/event.js';
import { error } from '../../events/make.js';
import type { Frame } from '../../wire/frame.js';
import type { Encoder } from '../codec.js';
import { MessageReader, type Reading } from './messageReader.js';

/** What a reader gets where an answer begins anew and the protocol cannot say so. */
const ANEW = 'The answer began anew after a part of it was sent: ask again';

/** Readings that write nothing which a second attempt could be taken for the rest of. */
const ASIDE: ReadonlySet<Reading['type']> = /* @__PURE__ */ new Set(['begin', 'facts', 'ping', 'unknown']);

/** An encoder whose frames are JSON objects: it puts them while it is given, one by one, what the events say. */
export abstract class MessageEncoder implements Encoder {
  readonly #reader = new MessageReader();
  #frames: Frame[] = [];
  #hasContent = false;
  /** Whether the answer has failed, and its next attempt is passed over. */
  #hasFailed = false;

  next(event: StreamEvent): readonly Frame[] {
    // What a sub-agent says belongs to another message, which these protocols have no place for.
    if (event.lane) return [];
    const readings = this.#reader.next(event);
    const last = readings.at(-1);
    if (last?.type === 'reset' && !this.saysReset) this.#repeat(last);
    else for (const reading of readings) this.#read(reading);
    return this.#take();
  }

  end(): readonly Frame[] {
    return this.#take();
  }

  protected abstract write(reading: Reading): void;

  /**
   * Whether the protocol has its own way to write that an answer begins anew. Readers of one that has none would put the
   * second attempt behind a piece of the first: the answer fails instead, where any of it was written.
   */
  protected get saysReset(): boolean {
    return false;
  }

  /** Writes a frame. Members that are `undefined` are left out. */
  protected put(value: object): void {
    this.putFrame({ data: JSON.stringify(value) });
  }

  /** Writes a frame as it is. */
  protected putFrame(frame: Frame): void {
    this.#frames.push(frame);
  }

  #read(reading: Reading): void {
    const isEnd = reading.type === 'end' || reading.type === 'failure';
    // What came between two messages belongs to none that could begin anew.
    if (reading.type === 'begin') this.#hasContent = false;
    const before = this.#frames.length;
    if (!this.#hasFailed) this.write(reading);
    if (!ASIDE.has(reading.type)) this.#hasContent ||= this.#frames.length > before;
    if (!isEnd) return;
    this.#hasContent = false;
    this.#hasFailed = false;
  }

  #repeat(reset: Extract<Reading, { type: 'reset' }>): void {
    if (this.#hasFailed) return;
    if (!this.#hasContent) return this.write(reset);
    this.write({ type: 'failure', event: error('api_error', ANEW), ending: reset.ending });
    this.#hasContent = false;
    this.#hasFailed = true;
  }

  #take(): readonly Frame[] {
    const frames = this.#frames;
    this.#frames = [];
    return frames;
  }
}
