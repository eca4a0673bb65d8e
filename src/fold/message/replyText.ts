import { isStreamError, StreamError } from '../../errors/streamError.js';
import type { StreamEvent } from '../../events/event.js';
import { isCut } from '../order/cutOff.js';
import { MessageText } from './messageText.js';

/** The text of a reply, from its events or from its text alone; of events it is known why the reply ended. */
export class ReplyText {
  /** JSON may go on behind a call, inside a string. */
  readonly #text = new MessageText('');
  #reason: string | null | undefined;
  /** What went wrong with the text of an event, until it is known why the reply ended. */
  #failure: StreamError | undefined;

  /**
   * @param item - a piece of text, or an event
   * @param write - called with each piece of the text
   * @throws StreamError as {@link MessageText.add}; what {@link read} holds, once the reply has said why it ended
   */
  add(item: string | StreamEvent, write: (piece: string) => void): void {
    if (typeof item === 'string') {
      write(item);
      return;
    }
    // Half a character of an attempt that is dropped is no part of the next one.
    this.#text.add(item, isReset(item) ? () => undefined : write);
    if (item.type === 'message_delta') this.#reason = item.delta.stop_reason ?? this.#reason;
    if (item.type === 'message_start') this.#reason = undefined;
    if (item.type === 'reset') this.#failure = undefined;
    if (item.type === 'message_stop' || (item.type === 'message_delta' && this.#reason)) this.#raise();
  }

  /**
   * Reads a piece of the text. A refusal is prose, and where an answer is cut off prose may stand too: so what is wrong
   * with the text of an event is held until the reply says why it ended, and nothing more is read.
   *
   * @param item - what the piece came with
   * @param step - reads it
   * @returns what `step` returns; `undefined` where nothing is read
   * @throws what `step` throws, for a piece of text that is no event
   */
  read<T>(item: string | StreamEvent, step: () => T): T | undefined {
    if (this.#failure !== undefined) return undefined;
    try {
      return step();
    } catch (error) {
      if (typeof item === 'string' || !isStreamError(error)) throw error;
      this.#failure = error;
      return undefined;
    }
  }

  /** Says that nothing more comes. */
  end(write: (piece: string) => void): void {
    if (this.#failure === undefined) this.#text.end(write);
  }

  /**
   * @param isWhole - whether what the text says is whole
   * @param partial - what it says
   * @throws StreamError `truncated`, not retryable, with the stop reason as its `errorType`: for a refusal, and for a reply
   *   that was cut off before it was whole. The same request would end in the same way
   */
  check(isWhole: boolean, partial: unknown): void {
    this.#raise();
    this.#checkReason(isWhole, partial);
  }

  #raise(): void {
    if (this.#failure === undefined) return;
    this.#checkReason(false, this.#failure.partial);
    throw this.#failure;
  }

  #checkReason(isWhole: boolean, partial: unknown): void {
    const reason = this.#reason ?? '';
    const isRefusal = reason === 'refusal';
    if (!isCut(reason) || (isWhole && !isRefusal)) return;
    const message = isRefusal
      ? 'The model refused to answer'
      : `The reply was cut off: it ended with ${reason}`;
    throw new StreamError('truncated', message, { retryable: false, errorType: reason, partial });
  }
}

/** Whether this says that what came before is to be dropped. */
export function isReset(item: string | StreamEvent): boolean {
  return typeof item !== 'string' && item.type === 'reset';
}
