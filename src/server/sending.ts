import type { Encoding } from '../codecs/encode.js';
import type { StreamEvent } from '../events/event.js';
import type { Step } from '../rx/transform.js';
import type { Frame } from '../wire/frame.js';
import type { Published } from './published.js';

/** Sends the events of an answer: each is made one that may be shown, and written. One step, because each costs every event. */
export class Sending implements Step<StreamEvent, never> {
  readonly #published: Published;
  readonly #encoding: Encoding;
  readonly #send: (frame: Frame) => void;
  /** Stays set where it fails. */
  #isWriting = false;

  /** @param send - takes the frames */
  constructor(published: Published, encoding: Encoding, send: (frame: Frame) => void) {
    this.#published = published;
    this.#encoding = encoding;
    this.#send = send;
  }

  /** Writes an event as it is: one of the answer that may be shown, or a ping. */
  readonly write = (event: StreamEvent): void => {
    this.#isWriting = true;
    this.#encoding.next(event, this.#send);
    this.#isWriting = false;
  };

  get isOver(): boolean {
    return this.#published.isOver;
  }

  next(event: StreamEvent): void {
    this.#published.next(event, this.write);
  }

  complete(): void {
    this.#published.complete();
    this.#end();
  }

  error(error: unknown): void {
    // What cannot be written is no failure of the source, and nobody could be told of it.
    if (this.#isWriting) return;
    this.#published.error(error, this.write);
    if (this.isOver) this.#end();
  }

  #end(): void {
    this.#isWriting = true;
    this.#encoding.complete(this.#send);
  }
}
