import { truncated, withPartial, type StreamError } from '../../errors/streamError.js';
import type { StreamEvent } from '../../events/event.js';
import type { Message } from '../../events/message.js';
import type { Reply } from './reply.js';

/** What there is to show of an answer. `status` tells which of the others there are. */
export type StreamState<M extends Message = Message> =
  /** No message has begun. */
  | { readonly status: 'waiting'; readonly message: undefined; readonly error: undefined }
  /** The message as far as it has come. */
  | { readonly status: 'streaming'; readonly message: M; readonly error: undefined }
  /** The whole message. */
  | { readonly status: 'done'; readonly message: M; readonly error: undefined }
  /** What went wrong, and the message as far as it had come, if one had begun. */
  | { readonly status: 'failed'; readonly message: M | undefined; readonly error: StreamError };

const WAITING = { status: 'waiting', message: undefined, error: undefined } as const;

/**
 * The state of an answer. It belongs to one subscription and changes; the states it hands out never do, and stay the
 * same object until something in them changes.
 */
export class ReplyState<M extends Message> {
  readonly #reply: Reply;
  #state: StreamState<M> = WAITING;

  /** @param reply - an empty one, which this adds to */
  constructor(reply: Reply) {
    this.#reply = reply;
  }

  /** The state as things stand. */
  get state(): StreamState<M> {
    return this.#state;
  }

  /**
   * @returns this answer
   * @throws StreamError as {@link Reply.add}; `protocol` where blocks came without a message
   */
  add(event: StreamEvent): this {
    const message = this.#reply.add(event).message as M | undefined;
    const status = this.#reply.hasEnded ? 'done' : 'streaming';
    if (message === undefined) this.#state = WAITING;
    else if (this.#state.message !== message || this.#state.status !== status)
      this.#state = { status, message, error: undefined };
    return this;
  }

  /** Says that nothing more comes: a failure, unless the message is whole. */
  end(): this {
    return this.#state.status === 'done' ? this : this.fail(truncated());
  }

  /** Says that the stream failed. */
  fail(cause: unknown): this {
    const { partial } = this.#reply.abandon(cause);
    const message = partial !== undefined && 'role' in partial ? (partial as M) : undefined;
    this.#state = { status: 'failed', message, error: withPartial(cause, partial) };
    return this;
  }
}
