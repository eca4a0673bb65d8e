import { apiError } from '../../errors/apiError.js';
import type { BlockAbortEvent, StreamEvent } from '../../events/event.js';
import { blockAbort } from '../../events/make.js';
import { Phase } from './phase.js';

const NOTHING_OPEN: readonly BlockAbortEvent[] = [];

/** Which blocks have begun and neither stopped nor been given up. It belongs to one subscription. */
export class OpenBlocks {
  readonly #reason: string | undefined;
  readonly #phase = new Phase();

  /** @param reason - what every abort says, whatever its cause */
  constructor(reason: string | undefined) {
    this.#reason = reason;
  }

  /** @returns the aborts that have to come before this event, of the blocks that it leaves open for ever */
  add(event: StreamEvent): readonly BlockAbortEvent[] {
    const aborts = this.#abortsBefore(event);
    this.#phase.take(event);
    return aborts;
  }

  /**
   * Gives up every block that is open.
   *
   * @param cause - why, unless a reason was given once for all
   * @returns their aborts, by index
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
        // A message that only begins again keeps its blocks.
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
