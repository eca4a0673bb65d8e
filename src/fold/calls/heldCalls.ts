import type { StreamEvent } from '../../events/event.js';
import type { Draft } from '../message/draft.js';
import type { Reply } from '../message/reply.js';

/** A block that has ended, and whether its reply was cut off inside it. */
export interface Verdict<D extends Draft = Draft> {
  readonly draft: D;
  /** Why the reply may have been cut off inside it, whatever it holds. */
  readonly cutOff?: string | undefined;
}

/** What there is to know of a reply whose blocks these are. */
type Written<D> = Pick<Reply, 'endedNow' | 'message'> & { readonly touched: readonly D[] };

/**
 * Holds blocks that have ended until it is certain that the reply was not cut off inside them. A reply that runs into
 * its limit of tokens also stops its last block, and the input of that may happen to be valid JSON.
 */
export class HeldCalls<D extends Draft = Draft> {
  #held: D[] = [];

  /** The blocks of which it is not certain. */
  get drafts(): readonly D[] {
    return this.#held;
  }

  /**
   * @param event - the event
   * @param reply - the reply, to which the event has been added
   * @returns the blocks that are certain with this event, and those of which it is certain that they were cut off
   */
  add(event: StreamEvent, reply: Written<D>): readonly Verdict<D>[] {
    const { touched } = reply;
    switch (event.type) {
      case 'content_block_start':
      case 'tool_result':
        // What comes after the round proves that it was not cut off: another block, or what running a tool gave.
        return this.#release();
      case 'content_block_stop':
      case 'message_start':
        for (const draft of touched) this.#held.push(draft);
        return [];
      case 'reset':
        this.#held = [];
        return [];
      case 'block_abort':
        return verdicts(touched);
      case 'message_stop': {
        if (!reply.endedNow) return [];
        const reason = reply.message?.stop_reason;
        const cutOff =
          reason === 'tool_use'
            ? undefined
            : `The reply ended ${reason ? `with ${reason}` : 'without a reason'}, not for a tool`;
        return [...this.#release(cutOff), ...verdicts(touched)];
      }
      default:
        return [];
    }
  }

  /**
   * @param reply - the reply, which has been abandoned
   * @returns the blocks that were not certain when the stream failed
   */
  abandon({ touched }: Written<D>): readonly Verdict<D>[] {
    return [...this.#release('The stream failed before this call was certain'), ...verdicts(touched)];
  }

  #release(cutOff?: string): readonly Verdict<D>[] {
    const held = this.#held;
    this.#held = [];
    return verdicts(held, cutOff);
  }
}

function verdicts<D extends Draft>(drafts: readonly D[], cutOff?: string): readonly Verdict<D>[] {
  return drafts.map((draft) => ({ draft, cutOff }));
}
