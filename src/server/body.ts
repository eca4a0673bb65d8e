import { BehaviorSubject } from 'rxjs';
import { StreamError } from '../errors/streamError.js';
import type { Gate } from '../rx/gate.js';

/** How much may wait for the client before the gate closes, in bytes. */
const ENOUGH = 16 * 1024;

/** How much may wait where the source does not heed the gate, in bytes. */
const TOO_MUCH = 4 * 1024 * 1024;

const utf8 = /* @__PURE__ */ new TextEncoder();

/** The body of a response: what is written waits in it until the client takes it. */
export class Body {
  readonly #gate = new BehaviorSubject(true);
  /** Open while the client takes what is written. */
  readonly gate: Gate = this.#gate.asObservable();
  readonly stream: ReadableStream<Uint8Array<ArrayBuffer>>;
  #controller!: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>>;

  /** @param left - called when the client goes away before the end */
  constructor(left: () => void) {
    this.stream = new ReadableStream<Uint8Array<ArrayBuffer>>(
      {
        start: (controller) => {
          this.#controller = controller;
        },
        pull: () => {
          if (!this.#gate.value) this.#gate.next(true);
        },
        cancel: left,
      },
      new ByteLengthQueuingStrategy({ highWaterMark: ENOUGH }),
    );
  }

  get isOpen(): boolean {
    return this.#gate.value;
  }

  /** How much more it takes before the gate closes, in bytes; less than nothing where that was not heeded. */
  get #room(): number {
    return this.#controller.desiredSize ?? 0;
  }

  /**
   * @param piece - what to send; text as UTF-8
   * @throws StreamError `limit` where the client reads too slowly for a source that does not wait
   */
  write(piece: string | Uint8Array): void {
    if (this.#room < -TOO_MUCH) {
      throw new StreamError(
        'limit',
        `More than ${TOO_MUCH} bytes wait for a client; give the source the gate`,
      );
    }
    this.#controller.enqueue(
      typeof piece === 'string' ? utf8.encode(piece) : (piece as Uint8Array<ArrayBuffer>),
    );
    if (this.#room <= 0 && this.#gate.value) this.#gate.next(false);
  }

  /** Ends it once what waits has been read. */
  end(): void {
    this.#controller.close();
  }

  /** Breaks it off, so that nobody takes it for whole. */
  break(error: unknown): void {
    this.#controller.error(error);
  }
}
