import type { StreamEvent } from '../../events/event.js';
import { Reply } from '../message/reply.js';
import { wholeInput } from '../message/wholeInput.js';
import { toolCallOf } from './call.js';
import { HeldCalls, type Verdict } from './heldCalls.js';
import type { ToolCall, ToolSchemas } from './toolInput.js';

/** Gives finished calls when it is certain that the reply was not cut off inside them. */
export class CertainCalls<Tools extends ToolSchemas | undefined> {
  readonly #tools: Tools | undefined;
  readonly #reply = new Reply(wholeInput);
  readonly #held = new HeldCalls();
  #certain: readonly ToolCall<Tools>[] = [];

  /** @param tools - schemas for finished inputs */
  constructor(tools: Tools | undefined) {
    this.#tools = tools;
  }

  /** Whether something has begun that has not ended, or has ended and is not certain. */
  get isUnfinished(): boolean {
    return this.#reply.isUnfinished || this.#calls(this.#held.drafts.map((draft) => ({ draft }))).length > 0;
  }

  /** The calls that became certain with the last event, also those that certainly were cut off. */
  get certain(): readonly ToolCall<Tools>[] {
    return this.#certain;
  }

  /**
   * @returns these calls
   * @throws StreamError as {@link Reply.add}
   */
  add(event: StreamEvent): this {
    this.#certain = this.#calls(this.#held.add(event, this.#reply.add(event)));
    return this;
  }

  /**
   * Gives up the calls that are not certain: `certain` then has them, none of them complete.
   *
   * @param cause - why
   * @returns these calls
   */
  abandon(cause: unknown): this {
    this.#certain = this.#calls(this.#held.abandon(this.#reply.abandon(cause)));
    return this;
  }

  #calls(verdicts: readonly Verdict[]): readonly ToolCall<Tools>[] {
    const calls = verdicts.flatMap(({ draft, cutOff }) => toolCallOf(draft, this.#tools, cutOff) ?? []);
    // The schemas that type the calls have checked their inputs.
    return calls as readonly ToolCall<ToolSchemas | undefined>[] as readonly ToolCall<Tools>[];
  }
}
