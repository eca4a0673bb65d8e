import type { StreamEvent } from '../../events/event.js';
import type { Usage } from '../../events/usage.js';
import { MessageUsage } from './messageUsage.js';

/** What stands in a usage whose message broke off before the provider had told how much it wrote. */
export interface UsageEstimate {
  /** There if the numbers are those of the start, and what came since is billed as well. */
  readonly estimated?: true;
  /** How much text, thinking and tool input came, in UTF-16 code units: a token of English has about four. */
  readonly output_characters?: number;
}

/** What a message has used; of one that broke off, how much came of it. It belongs to one subscription. */
export class EstimatedUsage {
  readonly #message = new MessageUsage();
  #characters = 0;
  /** Whether the provider has told of the output since the start. */
  #isTold = false;
  #isCancelled = false;
  #estimate: (Usage & UsageEstimate) | undefined;

  /**
   * @returns this usage
   * @throws StreamError what {@link MessageUsage.add} throws
   */
  add(event: StreamEvent): this {
    const message = this.#message;
    const wasUnfinished = message.hasBegun && !message.hasEnded;
    const known = message.usage?.output_tokens;
    if (event.type === 'reset') this.abandon();
    message.add(event);
    if (event.lane) return this;
    if (event.type === 'message_start' && !wasUnfinished) this.#begin();
    else if (wasUnfinished) this.#hear(event, known);
    return this;
  }

  /** Says that the message breaks off here. */
  abandon(): void {
    const { hasBegun, hasEnded } = this.#message;
    if (hasBegun && !hasEnded) this.#guess();
  }

  /** The usage; `undefined` before a message and if the message has none. */
  get usage(): (Usage & UsageEstimate) | undefined {
    return this.#estimate ?? this.#message.usage;
  }

  /** Whether something has begun that has not ended. */
  get isUnfinished(): boolean {
    return this.#message.isUnfinished;
  }

  #begin(): void {
    this.#characters = 0;
    this.#isTold = false;
    this.#isCancelled = false;
    this.#estimate = undefined;
  }

  #hear(event: StreamEvent, known = 0): void {
    switch (event.type) {
      case 'content_block_start':
        this.#characters += charactersIn(event.content_block);
        break;
      case 'content_block_delta':
        this.#characters += charactersIn(event.delta);
        break;
      case 'message_delta': {
        // Gateways leave out what they have no number for.
        const { delta, usage } = event as Partial<typeof event>;
        this.#isCancelled = delta?.stop_reason === 'cancelled';
        const output = usage?.output_tokens;
        // Who stops a message repeats what was known.
        this.#isTold ||= typeof output === 'number' && (!this.#isCancelled || output > known);
        break;
      }
      case 'message_stop':
        if (this.#isCancelled) this.#guess();
        break;
      default:
        break;
    }
  }

  #guess(): void {
    if (this.#isTold) return;
    const usage = this.#message.usage as Usage;
    this.#estimate = { ...usage, estimated: true, output_characters: this.#characters };
  }
}

/** How much a block or a delta says. */
function charactersIn(said: object): number {
  const { text, thinking, partial_json } = said as Readonly<Record<string, unknown>>;
  return [text, thinking, partial_json].reduce<number>(
    (sum, piece) => sum + (typeof piece === 'string' ? piece.length : 0),
    0,
  );
}
