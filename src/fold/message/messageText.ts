import type { StreamEvent } from '../../events/event.js';
import { failureOf } from '../order/failureOf.js';
import { Phase } from '../order/phase.js';

type Emit = (piece: string) => void;

/** The text of the messages of one stream, in pieces that end between code points. */
export class MessageText {
  readonly #phase = new Phase();
  /** By the index of its block: half a surrogate pair that waits for its other half. */
  readonly #halves = new Map<number, string>();

  /**
   * Adds an event. Text of a block that never began is text too: the stream may have been joined late.
   *
   * @param emit - called with each piece, none of them empty
   * @throws StreamError what {@link failureOf} returns, except for events of blocks
   */
  add(event: StreamEvent, emit: Emit): void {
    const disorder = this.#phase.next(event);
    const failure = 'index' in event ? undefined : failureOf(event, disorder);
    if (failure !== undefined) throw failure;
    if (disorder === 'other-lane') return;
    switch (event.type) {
      case 'content_block_delta':
        if (event.delta.type === 'text_delta' && disorder !== 'after-terminal')
          this.#grow(event.index, event.delta.text, emit);
        break;
      case 'content_block_start': {
        const { index, content_block } = event;
        if (content_block.type === 'text' && disorder === undefined)
          this.#grow(index, content_block.text, emit);
        break;
      }
      case 'content_block_stop':
      case 'block_abort':
        this.#release(event.index, emit);
        break;
      case 'message_start':
        if (disorder !== undefined) break;
        for (const block of event.message.content) if (block.type === 'text' && block.text) emit(block.text);
        break;
      case 'message_stop':
      case 'reset':
        this.end(emit);
        break;
      default:
        // The others say nothing of the text.
        break;
    }
  }

  /** Gives out the halves that wait: no more comes. */
  end(emit: Emit): void {
    for (const index of this.#halves.keys()) this.#release(index, emit);
  }

  #grow(index: number, text: string, emit: Emit): void {
    // Events that no codec has checked may leave it out.
    if (!text) return;
    const whole = (this.#halves.get(index) ?? '') + text;
    const last = whole.length - (isHighHalf(whole) ? 1 : 0);
    if (last < whole.length) this.#halves.set(index, whole.slice(last));
    else if (whole !== text) this.#halves.delete(index);
    if (last > 0) emit(whole.slice(0, last));
  }

  #release(index: number, emit: Emit): void {
    const half = this.#halves.get(index);
    if (half === undefined) return;
    this.#halves.delete(index);
    emit(half);
  }
}

/** Whether a text ends with the first half of a surrogate pair. */
function isHighHalf(text: string): boolean {
  const last = text.charCodeAt(text.length - 1);
  return last >= 0xd800 && last <= 0xdbff;
}
