import type { Block } from '../../events/block.js';
import type { StreamEvent } from '../../events/event.js';
import type { AnyMessage } from '../../events/message.js';
import { Reply } from './reply.js';

/** Gathers what has arrived, for an operator that passes events on and leaves it to others to judge them. */
export class Arrived {
  readonly #reply = new Reply();
  #isSound = true;

  /** Adds an event. Where the events contradict each other, what had arrived until then stays. */
  add(event: StreamEvent): void {
    if (!this.#isSound) return;
    try {
      this.#reply.add(event);
    } catch {
      this.#isSound = false;
    }
  }

  /**
   * What has arrived, when nothing more will.
   *
   * @param reason - why
   * @returns the message, or its blocks where they came without one; `undefined` where nothing had
   */
  abandon(reason: string): AnyMessage | readonly Block[] | undefined {
    return this.#reply.abandon(reason).partial;
  }
}
