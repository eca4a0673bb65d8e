import type { AnyContentBlock } from '../../events/block.js';
import type { StreamEvent } from '../../events/event.js';
import { failureOf } from '../order/failureOf.js';
import { Phase } from '../order/phase.js';

type Emit = (piece: string) => void;

/** The text of the messages of one stream, in pieces that end between code points. */
export class MessageText {
  readonly #between: string;
  readonly #phase = new Phase();
  /** By the index of its block: half a surrogate pair that waits for its other half. */
  readonly #halves = new Map<number, string>();
  /**
   * By the index of its block, the passage that its text is of: text blocks of one message that began with nothing else
   * between them are one passage.
   */
  readonly #passages = new Map<number, number>();
  /** The passage that a text would be of now. */
  #passage = 0;
  /** The passages of this message that something was given out of. */
  readonly #begun = new Set<number>();
  #hasText = false;
  /** Whether the messages before this one had any. */
  #hadText = false;

  /** @param between - what comes before the first piece of each passage but the first */
  constructor(between: string) {
    this.#between = between;
  }

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
        if (disorder === undefined) this.#begin(index, content_block, emit);
        break;
      }
      case 'content_block_stop':
      case 'block_abort':
        this.#release(event.index, emit);
        break;
      case 'message_start':
        if (disorder !== undefined) break;
        event.message.content.forEach((block, index) => {
          this.#begin(index, block, emit);
          this.#release(index, emit);
        });
        break;
      case 'message_stop':
      case 'reset':
        this.end(emit);
        // Of a failed attempt nothing was said.
        if (event.type === 'reset') this.#hasText = this.#hadText;
        this.#hadText = this.#hasText;
        // What comes now is of another message, even where its start does not say so.
        this.#passages.clear();
        this.#begun.clear();
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

  #begin(index: number, block: AnyContentBlock, emit: Emit): void {
    if (block.type !== 'text') {
      this.#passage += 1;
      return;
    }
    this.#passages.set(index, this.#passage);
    this.#grow(index, block.text, emit);
  }

  #grow(index: number, text: string, emit: Emit): void {
    // Events that no codec has checked may leave it out.
    if (!text) return;
    const whole = (this.#halves.get(index) ?? '') + text;
    const last = whole.length - (isHighHalf(whole) ? 1 : 0);
    if (last < whole.length) this.#halves.set(index, whole.slice(last));
    else if (whole !== text) this.#halves.delete(index);
    if (last > 0) this.#emit(index, whole.slice(0, last), emit);
  }

  #release(index: number, emit: Emit): void {
    const half = this.#halves.get(index);
    if (half === undefined) return;
    this.#halves.delete(index);
    this.#emit(index, half, emit);
  }

  #emit(index: number, piece: string, emit: Emit): void {
    const passage = this.#passages.get(index) ?? this.#passage;
    const isApart = this.#hasText && !this.#begun.has(passage);
    this.#begun.add(passage);
    this.#hasText = true;
    emit(isApart ? this.#between + piece : piece);
  }
}

/** Whether a text ends with the first half of a surrogate pair. */
function isHighHalf(text: string): boolean {
  const last = text.charCodeAt(text.length - 1);
  return last >= 0xd800 && last <= 0xdbff;
}
