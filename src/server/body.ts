import { BehaviorSubject } from 'rxjs';
import { StreamError } from '../errors/streamError.js';
import type { Gate } from '../rx/gate.js';
import { concatenated } from './bytes.js';

/** How much may wait for the client before the gate closes, in bytes or UTF-16 units. */
const ENOUGH = 16 * 1024;

/** How much may wait where the source does not heed the gate, in bytes or UTF-16 units. */
const TOO_MUCH = 4 * 1024 * 1024;

const utf8 = /* @__PURE__ */ new TextEncoder();

/** The body of a response: what is written waits in it until the client takes it. */
export class Body {
  readonly #gate = new BehaviorSubject(true);
  /** Open while the client takes what is written. */
  readonly gate: Gate = this.#gate.asObservable();
  readonly stream: ReadableStream<Uint8Array<ArrayBuffer>>;
  #controller!: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>>;
  #waiting: (string | Uint8Array)[] = [];
  #size = 0;
  /** Whether the client has asked for more than it has got. */
  #isAwaited = false;

  /** @param left - called when the client goes away before the end */
  constructor(left: () => void) {
    this.stream = new ReadableStream<Uint8Array<ArrayBuffer>>(
      {
        start: (controller) => {
          this.#controller = controller;
        },
        pull: () => {
          this.#isAwaited = true;
          this.#deliver();
        },
        cancel: () => {
          this.#isAwaited = false;
          left();
        },
      },
      // All that waits stands here, where it is joined: each chunk costs a turn of its own on the way.
      { highWaterMark: 0 },
    );
  }

  get isOpen(): boolean {
    return this.#gate.value;
  }

  /**
   * @param piece - what to send; text as UTF-8
   * @throws StreamError `limit` where the client reads too slowly for a source that does not wait
   */
  write(piece: string | Uint8Array): void {
    if (this.#size > TOO_MUCH) {
      throw new StreamError(
        'limit',
        `More than ${TOO_MUCH} bytes wait for a client; give the source the gate`,
      );
    }
    // What else is written before anybody else's turn goes into the same chunk.
    if (this.#isAwaited && this.#waiting.length === 0) queueMicrotask(() => this.#deliver());
    this.#waiting.push(piece);
    this.#size += piece.length;
    if (this.#size >= ENOUGH && this.#gate.value) this.#gate.next(false);
  }

  /** Ends it once what waits has been read. */
  end(): void {
    if (this.#waiting.length > 0) this.#controller.enqueue(this.#taken());
    this.#isAwaited = false;
    this.#controller.close();
  }

  /** Breaks it off, so that nobody takes it for whole. */
  break(error: unknown): void {
    this.#isAwaited = false;
    this.#controller.error(error);
  }

  #deliver(): void {
    if (!this.#isAwaited || this.#waiting.length === 0) return;
    this.#isAwaited = false;
    this.#controller.enqueue(this.#taken());
    if (!this.#gate.value) this.#gate.next(true);
  }

  /** All that waited, which waits no longer. */
  #taken(): Uint8Array<ArrayBuffer> {
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#size = 0;
    return joined(waiting);
  }
}

function joined(pieces: readonly (string | Uint8Array)[]): Uint8Array<ArrayBuffer> {
  if (pieces.every((piece) => typeof piece === 'string')) return utf8.encode(pieces.join(''));
  return concatenated(pieces.map((piece) => (typeof piece === 'string' ? utf8.encode(piece) : piece)));
}
