import { BehaviorSubject } from 'rxjs';
import { StreamError } from '../errors/streamError.js';
import type { Gate } from '../rx/gate.js';
import { concatenated } from './bytes.js';

/** How much may wait for the client before the gate closes, in bytes or UTF-16 units. */
const ENOUGH = 16 * 1024;

/** How much may wait where the source does not heed the gate, in bytes or UTF-16 units. */
const TOO_MUCH = 4 * 1024 * 1024;

const utf8 = /* @__PURE__ */ new TextEncoder();

const NOW = /* @__PURE__ */ Promise.resolve();

/** What a body is given to: the stream of a `Response`, or the server's own response. */
export interface Target {
  /** Takes what comes next; text is sent as UTF-8. */
  enqueue(chunk: string | Uint8Array<ArrayBuffer>): void;
  close(): void;
  error(reason: unknown): void;
}

const bodies = new WeakMap<ReadableStream, Body>();

/** @returns the body that `respond` writes; `undefined` once it has ended, or somebody reads it as a stream */
export function bodyOf({ body: stream, bodyUsed }: Response): Body | undefined {
  const body = stream && !bodyUsed && !stream.locked ? bodies.get(stream) : undefined;
  return body?.hasEnded ? undefined : body;
}

/** The body of a response: what is written waits in it until the client takes it. */
export class Body {
  readonly #gate = new BehaviorSubject(true);
  /** Open while the client takes what is written. */
  readonly gate: Gate = this.#gate.asObservable();
  readonly stream: ReadableStream<Uint8Array<ArrayBuffer>>;
  readonly #left: () => void;
  #target!: Target;
  /** What waits for the client: bytes, and text behind them. */
  readonly #bytes: Uint8Array[] = [];
  #text = '';
  #size = 0;
  /** Whether the client has asked for more than it has got. */
  #isAwaited = false;
  /** Whether the gate is open. */
  isOpen = true;
  hasEnded = false;

  /** @param left - called when the client goes away before the end */
  constructor(left: () => void) {
    this.#left = left;
    this.stream = new ReadableStream<Uint8Array<ArrayBuffer>>(
      {
        start: (controller) => {
          this.#target = {
            enqueue: (chunk) => controller.enqueue(typeof chunk === 'string' ? utf8.encode(chunk) : chunk),
            close: () => controller.close(),
            error: (reason) => controller.error(reason),
          };
        },
        pull: () => this.pull(),
        cancel: () => this.cancel(),
      },
      // All that waits stands here, where it is joined: each chunk costs a turn of its own on the way.
      { highWaterMark: 0 },
    );
    bodies.set(this.stream, this);
  }

  /** Gives all to another target than the stream, which costs more for each piece than to write it. */
  redirect(target: Target): void {
    this.#target = target;
    this.pull();
  }

  /** The client takes more. */
  pull(): void {
    this.#isAwaited = true;
    this.#deliver();
  }

  /** The client has gone. */
  cancel(): void {
    this.#isAwaited = false;
    this.#bytes.length = this.#size = 0;
    this.#text = '';
    this.#left();
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
    // What else is written before anybody else's turn goes into the same chunk. `queueMicrotask` of Node makes an
    // asynchronous resource each time.
    if (this.#size === 0 && this.#isAwaited) void NOW.then(this.#deliver);
    if (typeof piece === 'string') this.#text += piece;
    else {
      this.#settle();
      this.#bytes.push(piece);
    }
    this.#size += piece.length;
    if (this.isOpen && this.#size >= ENOUGH) this.#turn(false);
  }

  /** Ends it once what waits has been read. */
  end(): void {
    this.hasEnded = true;
    this.#isAwaited = false;
    if (this.#size > 0) this.#target.enqueue(this.#taken());
    this.#target.close();
  }

  /** Breaks it off, so that nobody takes it for whole. */
  break(error: unknown): void {
    this.hasEnded = true;
    this.#isAwaited = false;
    this.#target.error(error);
  }

  readonly #deliver = (): void => {
    if (!this.#isAwaited || this.#size === 0) return;
    this.#isAwaited = false;
    this.#target.enqueue(this.#taken());
    if (!this.isOpen) this.#turn(true);
  };

  #turn(isOpen: boolean): void {
    this.isOpen = isOpen;
    this.#gate.next(isOpen);
  }

  /** All that waited, which waits no longer. */
  #taken(): string | Uint8Array<ArrayBuffer> {
    this.#size = 0;
    if (this.#bytes.length > 0) {
      this.#settle();
      return concatenated(this.#bytes.splice(0));
    }
    const text = this.#text;
    this.#text = '';
    return text;
  }

  /** Lets what follows stand behind the text. */
  #settle(): void {
    if (this.#text !== '') this.#bytes.push(utf8.encode(this.#text));
    this.#text = '';
  }
}
