import type { AnyContentBlock } from '../../events/block.js';
import type { StreamEvent } from '../../events/event.js';
import { blockAbort, messageDelta, messageStart, messageStop, toolResult } from '../../events/make.js';
import { Phase } from './phase.js';

/**
 * Knows what a stream still owes to whoever reads it when it is stopped: ends for the blocks that are open, results for
 * the calls that have none, and an end of the reply. It belongs to one subscription.
 */
export class Stopping {
  readonly #phase = new Phase();
  /** The ids of the calls whose blocks are open, by index. */
  readonly #open = new Map<number, string>();
  /** How many calls of this message with an id wait for a result: several may have one id. */
  readonly #unanswered = new Map<string, number>();
  /** The same of earlier messages. */
  readonly #unansweredBefore = new Map<string, number>();
  /** Whether another reply is to come once this one has ended. */
  #goesOn = true;
  #model = '';
  #outputTokens = 0;

  /** Takes the next event, in order or not. */
  add(event: StreamEvent): void {
    const disorder = this.#phase.next(event);
    if (disorder === 'other-lane') return;
    switch (event.type) {
      case 'message_start': {
        if (disorder === 'message-repeated') break;
        const { model, usage, content } = event.message;
        this.#model = model;
        this.#outputTokens = usage.output_tokens;
        this.#goesOn = false;
        for (const [index, block] of content.entries()) {
          this.#begin(index, block);
          this.#finish(index);
        }
        break;
      }
      case 'content_block_start':
        this.#begin(event.index, event.content_block);
        break;
      case 'content_block_stop':
        this.#finish(event.index);
        break;
      case 'block_abort':
        this.#open.delete(event.index);
        break;
      case 'tool_result': {
        if (event.preliminary) break;
        const { tool_use_id: id } = event;
        count(this.#unansweredBefore.has(id) ? this.#unansweredBefore : this.#unanswered, id, -1);
        break;
      }
      case 'message_delta':
        this.#outputTokens = event.usage.output_tokens;
        if (event.delta.stop_reason === 'pause_turn') this.#goesOn = true;
        break;
      case 'message_stop':
        for (const [id, calls] of this.#unanswered) count(this.#unansweredBefore, id, calls);
        this.#unanswered.clear();
        this.#open.clear();
        break;
      case 'error':
        this.#goesOn = false;
        break;
      case 'reset':
        this.#unanswered.clear();
        this.#open.clear();
        this.#goesOn = true;
        break;
      default:
        break;
    }
  }

  /**
   * Stops the stream where it stands.
   *
   * @param reason - what the aborts and the results of the calls say
   * @returns the events that make it a stream that ended in order
   */
  stop(reason: string): readonly StreamEvent[] {
    const phase = this.#phase;
    const aborts = [...phase.open].sort((a, b) => a - b).map((index) => blockAbort(index, reason));
    const results = [...this.#unansweredBefore, ...this.#unanswered].flatMap(([id, calls]) =>
      Array.from({ length: calls }, () => ({ ...toolResult(id, reason, true), cancelled: true })),
    );
    const end = [messageDelta('cancelled', { output_tokens: this.#outputTokens }), messageStop()];
    if (phase.isInside) return [...aborts, ...results, ...end];
    // No message may begin after blocks that had none, as in a stream that was joined late.
    if (aborts.length > 0 || !this.#goesOn) return aborts;
    return [...results, messageStart({ model: this.#model }), messageDelta('cancelled'), messageStop()];
  }

  #begin(index: number, block: AnyContentBlock): void {
    if (block.type === 'tool_use') this.#open.set(index, block.id);
  }

  #finish(index: number): void {
    const id = this.#open.get(index);
    if (id === undefined) return;
    this.#open.delete(index);
    count(this.#unanswered, id, 1);
    this.#goesOn = true;
  }
}

/** Counts calls of an id, and forgets it where none is left. */
function count(calls: Map<string, number>, id: string, more: number): void {
  const left = Math.max((calls.get(id) ?? 0) + more, 0);
  if (left > 0) calls.set(id, left);
  else calls.delete(id);
}
