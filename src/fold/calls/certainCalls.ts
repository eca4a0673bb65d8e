import type { StreamEvent } from '../../events/event.js';
import { Reply } from '../message/reply.js';
import { toolCallOf } from './call.js';
import { HeldCalls, type Verdict } from './heldCalls.js';
import type { ToolCall, ToolSchemas } from './toolInput.js';

/** Gives finished calls when it is certain that the reply was not cut off inside them. */
export class CertainCalls<Tools extends ToolSchemas | undefined> {
  readonly #tools: Tools | undefined;
  readonly #reply = new Reply();
  readonly #held = new HeldCalls();

  /** @param tools - schemas for finished inputs */
  constructor(tools: Tools | undefined) {
    this.#tools = tools;
  }

  /** Whether something has begun that has not ended, or has ended and is not certain. */
  get isUnfinished(): boolean {
    return this.#reply.isUnfinished || this.#calls(this.#held.drafts.map((draft) => ({ draft }))).length > 0;
  }

  /**
   * @returns the calls that are certain with this event, and those of which it is certain that they were cut off
   * @throws StreamError as {@link Reply.add}
   */
  add(event: StreamEvent): readonly ToolCall<Tools>[] {
    return this.#calls(this.#held.add(event, this.#reply.add(event)));
  }

  /** @returns the calls that were not certain when the stream failed, none of them complete */
  abandon(cause: unknown): readonly ToolCall<Tools>[] {
    return this.#calls(this.#held.abandon(this.#reply.abandon(cause)));
  }

  #calls(verdicts: readonly Verdict[]): readonly ToolCall<Tools>[] {
    const calls = verdicts.flatMap(({ draft, cutOff }) => toolCallOf(draft, this.#tools, cutOff) ?? []);
    // The schemas that type the calls have checked their inputs.
    return calls as readonly ToolCall<ToolSchemas | undefined>[] as readonly ToolCall<Tools>[];
  }
}
