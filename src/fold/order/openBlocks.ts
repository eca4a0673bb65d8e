import { apiError } from '../../errors/apiError.js';
import type { BlockAbortEvent, StreamEvent } from '../../events/event.js';
import { blockAbort } from '../../events/make.js';
import { Phase } from './phase.js';

const NOTHING_OPEN: readonly BlockAbortEvent[] = [];

/** Knows which blocks have begun and have neither stopped nor been aborted. It belongs to one subscription. */
export class OpenBlocks {
  readonly #reason: string | undefined;
  readonly #phase = new Phase();

  /** @param reason - what every abort says, whatever the cause */
  constructor(reason: string | undefined) {
    this.#reason = reason;
  }

  /** @returns the aborts that must come before this event, for the blocks that it leaves open for ever */
  add(event: StreamEvent): readonly BlockAbortEvent[] {
    if (event.lane) return NOTHING_OPEN;
    const aborts = this.#abortsBefore(event);
    this.#phase.take(event);
    return aborts;
  }

  /**
   * Aborts every open block.
   *
   * @param cause - the reason, unless one was given to the constructor
   * @returns the aborts, in the order of their indexes
   */
  abort(cause: string): readonly BlockAbortEvent[] {
    const indexes = [...this.#phase.open].sort((a, b) => a - b);
    const aborts = indexes.map((index) => blockAbort(index, this.#reason ?? cause));
    for (const abort of aborts) this.#phase.take(abort);
    return aborts;
  }

  #abortsBefore(event: StreamEvent): readonly BlockAbortEvent[] {
    switch (event.type) {
      case 'message_start':
        // A repeated start keeps the blocks of its message.
        return this.#phase.disorderOf(event) === 'message-repeated'
          ? NOTHING_OPEN
          : this.abort('Another message began inside this block');
      case 'message_stop':
        return this.abort('The message ended inside this block');
      case 'error':
        return this.abort(apiError(event).message);
      default:
        return NOTHING_OPEN;
    }
  }
}
