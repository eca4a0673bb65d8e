import { StreamError } from '../../errors/streamError.js';
import type { StreamEvent } from '../../events/event.js';

/** How much a message may hold. `Infinity` lifts a limit. */
export interface MessageLimits {
  /**
   * UTF-16 units of one content block: all the text in its start, including its id and name, and what its deltas add. A
   * value that is not text, such as a number or a list, counts as one. Default 64 Mi.
   */
  readonly block?: number | undefined;
  /** UTF-16 units of one message: its blocks, its other members and the results of its tools. Default 128 Mi. */
  readonly message?: number | undefined;
  /** Content blocks of one message. Default 4,096. */
  readonly blocks?: number | undefined;
}

const MI = 1024 * 1024;

/** The default limits. */
export const MESSAGE_LIMITS = { block: 64 * MI, message: 128 * MI, blocks: 4096 } as const;

/** Counts what the messages of one stream hold, with a few additions for each event. It keeps no event. */
export class MessageMeter {
  readonly #maxBlock: number;
  readonly #maxMessage: number;
  readonly #maxBlocks: number;
  /** The lengths of this message's blocks, except for the block that grew last, which `#block` counts. */
  readonly #lengths = new Map<number, number>();
  #index: number | undefined;
  #block = 0;
  #message = 0;

  constructor({
    block = MESSAGE_LIMITS.block,
    message = MESSAGE_LIMITS.message,
    blocks = MESSAGE_LIMITS.blocks,
  }: MessageLimits = {}) {
    this.#maxBlock = block;
    this.#maxMessage = message;
    this.#maxBlocks = blocks;
  }

  /** @throws StreamError `limit` if this event exceeds a limit */
  count(event: StreamEvent): void {
    switch (event.type) {
      case 'content_block_delta':
        this.#grow(event.index, deltaLength(event.delta));
        return;
      case 'content_block_start':
        this.#grow(event.index, lengthOf(event.content_block));
        return;
      case 'message_start': {
        const { content, ...head } = event.message;
        this.#add(lengthOf(head));
        content.forEach((block, index) => this.#grow(index, lengthOf(block)));
        return;
      }
      case 'message_delta':
        this.#add(lengthOf(event));
        return;
      case 'block_abort':
        this.#grow(event.index, event.reason.length);
        return;
      case 'tool_result':
        // Only the last progress is kept.
        if (event.preliminary) return;
        this.#add(event.tool_use_id.length + lengthOf(event.content));
        return;
      // A message_start does not clear the counts, or a hostile stream could repeat it and go on for ever.
      case 'message_stop':
      case 'reset':
        this.#lengths.clear();
        this.#index = undefined;
        this.#message = 0;
        return;
      default:
        // No operator gathers anything from the other events.
        return;
    }
  }

  #grow(index: number, length: number): void {
    if (index !== this.#index) this.#turnTo(index);
    this.#block += length;
    // Not `>`: a limit that is not a number lets nothing pass.
    if (!(this.#block <= this.#maxBlock))
      throw beyond(`A content block is longer than ${this.#maxBlock} characters`, 'block');
    this.#add(length);
  }

  #add(length: number): void {
    this.#message += length;
    if (!(this.#message <= this.#maxMessage))
      throw beyond(`A message is longer than ${this.#maxMessage} characters`, 'message');
  }

  #turnTo(index: number): void {
    if (this.#index !== undefined) this.#lengths.set(this.#index, this.#block);
    const known = this.#lengths.get(index);
    if (known === undefined && !(this.#lengths.size < this.#maxBlocks)) {
      throw beyond(`A message has more than ${this.#maxBlocks} content blocks`, 'blocks');
    }
    this.#index = index;
    this.#block = known ?? 0;
  }
}

/** The three deltas that make up nearly every stream need no search. */
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

/**
 * Adds up the UTF-16 units of all strings in a JSON value, including the names of members. What has none counts as one:
 * a number, a list, an object without members, a name without characters.
 */
function lengthOf(value: unknown): number {
  let length = 0;
  const waiting: unknown[] = [value];
  while (waiting.length > 0) {
    const next = waiting.pop();
    if (typeof next === 'string') length += next.length;
    else if (typeof next !== 'object' || next === null) length++;
    else {
      const names = Array.isArray(next) ? [] : Object.keys(next);
      if (names.length === 0) length++;
      for (const name of names) length += name.length || 1;
      for (const member of Object.values(next)) waiting.push(member);
    }
  }
  return length;
}

function beyond(what: string, limit: keyof MessageLimits): StreamError {
  return new StreamError('limit', `${what} (limit: ${limit})`);
}
