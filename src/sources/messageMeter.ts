import type { StreamEvent } from '../events/event.js';
import { exceeded, type AllLimits } from './limits.js';

/** Counts what the messages of one stream hold: a few additions for an event, and nothing of it is kept. */
export class MessageMeter {
  readonly #limits: AllLimits;
  /** The lengths of this message's blocks, save that of the one that was spoken of last, which is counted apart. */
  readonly #lengths = new Map<number, number>();
  #index: number | undefined;
  #block = 0;
  #message = 0;

  constructor(limits: AllLimits) {
    this.#limits = limits;
  }

  /** @throws StreamError `limit` where this event goes beyond one */
  count(event: StreamEvent): void {
    switch (event.type) {
      case 'content_block_delta':
        this.#grow(event.index, deltaLength(event.delta));
        return;
      case 'content_block_start':
        this.#grow(event.index, lengthOf(event.content_block));
        return;
      case 'message_start':
        this.#add(lengthOf(event.message.content));
        return;
      case 'tool_result':
        this.#add(lengthOf(event.content));
        return;
      // Not with `message_start`: repeated within a message it would set a hostile stream free.
      case 'message_stop':
      case 'reset':
        this.#lengths.clear();
        this.#index = undefined;
        this.#message = 0;
        return;
      default:
        // Of the others nobody gathers anything.
        return;
    }
  }

  #grow(index: number, length: number): void {
    if (index !== this.#index) this.#turnTo(index);
    this.#block += length;
    if (this.#block > this.#limits.block) throw exceeded('block', this.#limits);
    this.#add(length);
  }

  #add(length: number): void {
    this.#message += length;
    if (this.#message > this.#limits.message) throw exceeded('message', this.#limits);
  }

  #turnTo(index: number): void {
    if (this.#index !== undefined) this.#lengths.set(this.#index, this.#block);
    const known = this.#lengths.get(index);
    if (known === undefined && this.#lengths.size >= this.#limits.blocks)
      throw exceeded('blocks', this.#limits);
    this.#index = index;
    this.#block = known ?? 0;
  }
}

/** The three deltas that make up nearly all of a stream need no search. */
function deltaLength(delta: Extract<StreamEvent, { type: 'content_block_delta' }>['delta']): number {
  switch (delta.type) {
    case 'text_delta':
      return delta.text.length;
    case 'input_json_delta':
      return delta.partial_json.length;
    case 'thinking_delta':
      return delta.thinking.length;
    default:
      return lengthOf(delta);
  }
}

/** The UTF-16 units of all strings in a JSON value; any other value that holds none counts as one. */
function lengthOf(value: unknown): number {
  let length = 0;
  const waiting: unknown[] = [value];
  while (waiting.length > 0) {
    const next = waiting.pop();
    if (typeof next === 'string') length += next.length;
    else if (typeof next !== 'object' || next === null) length++;
    else for (const member of Object.values(next)) waiting.push(member);
  }
  return length;
}
