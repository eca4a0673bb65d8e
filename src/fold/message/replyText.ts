import { StreamError } from '../../errors/streamError.js';
import type { StreamEvent } from '../../events/event.js';
import { isCut } from '../order/cutOff.js';
import { MessageText } from './messageText.js';

/** The text of a reply, from its events or from its text alone; of events it is known why the reply ended. */
export class ReplyText {
  readonly #text = new MessageText();
  #reason: string | null | undefined;

  /**
   * @param item - a piece of text, or an event
   * @param write - called with each piece of the text
   * @throws StreamError as {@link MessageText.add}
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
  }

  /** Says that nothing more comes. */
  end(write: (piece: string) => void): void {
    this.#text.end(write);
  }

  /**
   * @param isWhole - whether what the text says is whole
   * @param partial - what it says
   * @throws StreamError `truncated`, not retryable, with the stop reason as its `errorType`: for a refusal, and for a reply
   *   that was cut off before it was whole. The same request would end in the same way
   */
  check(isWhole: boolean, partial: unknown): void {
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
