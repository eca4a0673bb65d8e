import type { StreamEvent } from '../../events/event.js';
import type { Draft } from '../message/draft.js';
import type { Reply } from '../message/reply.js';
import { isCut } from '../order/cutOff.js';

/** A block that has ended, and whether its reply was cut off inside it. */
export interface Verdict<D extends Draft = Draft> {
  readonly draft: D;
  /** Why the reply may have been cut off inside it, whatever it holds. */
  readonly cutOff?: string | undefined;
}

/** What there is to know of a reply whose blocks these are. */
type Written<D> = Pick<Reply, 'endedNow' | 'head'> & { readonly touched: readonly D[] };

/**
 * Holds blocks that have ended until it is certain that the reply was not cut off inside them. A reply that runs into
 * its limit of tokens also stops its last block, and the input of that may happen to be valid JSON.
 */
export class HeldCalls<D extends Draft = Draft> {
  /** In the order in which they ended. */
  readonly #held = new Set<D>();
  /** The same by their id: mostly one. */
  readonly #heldById = new Map<string, D[]>();

  /** By their id: how many calls of the message have been given out and have no result. */
  readonly #unanswered = new Map<string, number>();

  /** The blocks of which it is not certain. */
  get drafts(): readonly D[] {
    return [...this.#held];
  }

  /**
   * @param event - the event
   * @param reply - the reply, to which the event has been added
   * @returns the blocks that are certain with this event, and those of which it is certain that they were cut off
   */
  add(event: StreamEvent, reply: Written<D>): readonly Verdict<D>[] {
    const { touched } = reply;
    if (event.lane) return [];
    switch (event.type) {
      case 'content_block_start':
        // Another block proves that the reply was not cut off before it.
        return this.#release();
      case 'tool_approval':
      case 'tool_result': {
        const { tool_use_id: id } = event;
        const isResult = event.type === 'tool_result' && !event.preliminary;
        const unanswered = this.#unanswered.get(id) ?? 0;
        if (unanswered > 0) {
          if (isResult) this.#unanswered.set(id, unanswered - 1);
          return [];
        }
        // Nor was it cut off inside a call that has been run, or that somebody is asked about; of the others this says
        // nothing.
        const draft = this.#heldById.get(id)?.shift();
        if (draft === undefined) return [];
        this.#held.delete(draft);
        return isResult ? verdicts([draft]) : this.#give([draft]);
      }
      case 'message_start':
      case 'content_block_stop':
        if (event.type === 'message_start') this.#unanswered.clear();
        for (const draft of touched) this.#hold(draft);
        return [];
      case 'reset':
        this.#takeHeld();
        return [];
      case 'block_abort':
        return this.#give(touched);
      case 'message_stop': {
        if (!reply.endedNow) return [];
        return [...this.#release(cutOffBy(reply.head?.stop_reason)), ...this.#give(touched)];
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
    return [...this.#release('The stream failed before this call was certain'), ...this.#give(touched)];
  }

  #release(cutOff?: string): readonly Verdict<D>[] {
    return this.#give(this.#takeHeld(), cutOff);
  }

  #hold(draft: D): void {
    this.#held.add(draft);
    const id = idOf(draft);
    if (id === undefined) return;
    const namesakes = this.#heldById.get(id);
    if (namesakes === undefined) this.#heldById.set(id, [draft]);
    else namesakes.push(draft);
  }

  #takeHeld(): readonly D[] {
    const held = [...this.#held];
    this.#held.clear();
    this.#heldById.clear();
    return held;
  }

  #give(drafts: readonly D[], cutOff?: string): readonly Verdict<D>[] {
    for (const draft of drafts) {
      const id = idOf(draft);
      if (id !== undefined) this.#unanswered.set(id, (this.#unanswered.get(id) ?? 0) + 1);
    }
    return verdicts(drafts, cutOff);
  }
}

/** Why a reply that ended for this reason may have been cut off, if it may. */
function cutOffBy(reason: string | null | undefined): string | undefined {
  if (!reason) return 'The reply ended without a stop reason, so it may have been cut off';
  return isCut(reason) ? `The reply was cut off: it ended with ${reason}` : undefined;
}

function idOf({ start }: Draft): string | undefined {
  const { id } = start as { readonly id?: unknown };
  return typeof id === 'string' ? id : undefined;
}

function verdicts<D extends Draft>(drafts: readonly D[], cutOff?: string): readonly Verdict<D>[] {
  return drafts.map((draft) => ({ draft, cutOff }));
}
