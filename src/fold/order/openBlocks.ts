import { apiError } from '../../errors/apiError.js';
import type { BlockAbortEvent, StreamEvent } from '../../events/event.js';
import { blockAbort } from '../../events/make.js';

const NOTHING_OPEN: readonly BlockAbortEvent[] = [];

/** Which blocks have begun and neither stopped nor been given up. It belongs to one subscription. */
export class OpenBlocks {
  readonly #reason: string | undefined;
  readonly #indexes = new Set<number>();
  /** The `id` of the message that has begun last. */
  #message: string | undefined;
  /** Whether a terminal event has come and no message since: what follows it opens nothing. */
  #ended = false;

  /** @param reason - what every abort says, whatever its cause */
  constructor(reason: string | undefined) {
    this.#reason = reason;
  }

  /** @returns the aborts that have to come before this event, of the blocks that it leaves open for ever */
  add(event: StreamEvent): readonly BlockAbortEvent[] {
    switch (event.type) {
      case 'content_block_start':
        if (!this.#ended) this.#indexes.add(event.index);
        return NOTHING_OPEN;
      case 'content_block_stop':
      case 'block_abort':
        this.#indexes.delete(event.index);
        return NOTHING_OPEN;
      case 'message_start':
        return this.#begin(event.message.id);
      case 'message_stop':
        this.#ended = true;
        return this.abort('The message ended inside this block');
      case 'error':
        this.#ended = true;
        return this.abort(apiError(event).message);
      case 'reset':
        this.#indexes.clear();
        this.#message = undefined;
        this.#ended = false;
        return NOTHING_OPEN;
      default:
        return NOTHING_OPEN;
    }
  }

  /**
   * Gives up every block that is open.
   *
   * @param cause - why, where no reason was given once for all
   * @returns their aborts, by index
   */
  abort(cause: string): readonly BlockAbortEvent[] {
    if (this.#indexes.size === 0) return NOTHING_OPEN;
    const indexes = [...this.#indexes].sort((a, b) => a - b);
    this.#indexes.clear();
    return indexes.map((index) => blockAbort(index, this.#reason ?? cause));
  }

  #begin(id: string): readonly BlockAbortEvent[] {
    // Gateways repeat the start of a message; its blocks stay open.
    if (!this.#ended && id === this.#message) return NOTHING_OPEN;
    this.#message = id;
    this.#ended = false;
    return this.abort('Another message began inside this block');
  }
}
