import type { StreamEvent } from '../event.js';
import { toolCallOf } from './call.js';
import type { Draft } from './draft.js';
import { Reply } from './reply.js';
import type { ToolCall, ToolSchemas } from './toolInput.js';

/**
 * Holds finished calls back until it is certain that the reply was not cut off inside them. A reply that runs into
 * its limit of tokens also stops its last block, and the input of that may happen to be valid JSON.
 */
export class CertainCalls<Tools extends ToolSchemas | undefined> {
  readonly #tools: Tools | undefined;
  readonly #reply = new Reply();
  #held: readonly Draft[] = [];

  /** @param tools - schemas for finished inputs */
  constructor(tools: Tools | undefined) {
    this.#tools = tools;
  }

  /** Whether something has begun that has not ended, or has ended and is not certain. */
  get isUnfinished(): boolean {
    return this.#reply.isUnfinished || this.#calls(this.#held).length > 0;
  }

  /**
   * @returns the calls that are certain with this event, and those of which it is certain that they were cut off
   * @throws StreamError as {@link Reply.add}
   */
  add(event: StreamEvent): readonly ToolCall<Tools>[] {
    const { touched, endedNow, stopReason } = this.#reply.add(event);
    switch (event.type) {
      case 'content_block_start':
      case 'tool_result':
        // What comes after the round proves that it was not cut off: another block, or what running a tool gave.
        return this.#release();
      case 'content_block_stop':
      case 'message_start':
        this.#held = [...this.#held, ...touched];
        return [];
      case 'reset':
        this.#held = [];
        return [];
      case 'block_abort':
        return this.#calls(touched);
      case 'message_stop': {
        if (!endedNow) return [];
        const cutOff =
          stopReason === 'tool_use'
            ? undefined
            : `The reply ended ${stopReason === null ? 'without a reason' : `with ${stopReason}`}, not for a tool`;
        return [...this.#release(cutOff), ...this.#calls(touched)];
      }
      default:
        return [];
    }
  }

  /** @returns the calls that were not certain when the stream failed, none of them complete */
  abandon(cause: unknown): readonly ToolCall<Tools>[] {
    const { touched } = this.#reply.abandon(cause);
    return [...this.#release('The stream failed before this call was certain'), ...this.#calls(touched)];
  }

  #release(cutOff?: string): readonly ToolCall<Tools>[] {
    const released = this.#calls(this.#held, cutOff);
    this.#held = [];
    return released;
  }

  #calls(drafts: readonly Draft[], cutOff?: string): readonly ToolCall<Tools>[] {
    const calls = drafts.flatMap((draft) => toolCallOf(draft, this.#tools, cutOff) ?? []);
    // The schemas that type the calls have checked their inputs.
    return calls as readonly ToolCall<ToolSchemas | undefined>[] as readonly ToolCall<Tools>[];
  }
}
