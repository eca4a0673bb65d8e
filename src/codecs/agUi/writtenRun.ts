import type { ErrorEvent } from '../../events/event.js';
import type { Json } from '../kit/json.js';
import type { Ending } from '../kit/messageReader.js';
import { runErrorOf } from './failure.js';
import { interruptOf } from './progress.js';
import { usageOf } from './usage.js';
import type { AgUiFields, AgUiOutcome, AgUiUsage } from './wire.js';

/** A run that is being written, as a whole. */
export class WrittenRun {
  readonly #ids: { readonly threadId: string; readonly runId: string };
  readonly #usage: AgUiUsage[] = [];
  /** The calls that are whole and have no result, and whether somebody was asked to approve them. */
  readonly #waiting = new Map<string, boolean>();
  #model = '';
  #fields: AgUiFields = {};
  #ending: Ending | undefined;

  constructor(threadId: string, runId: string) {
    this.#ids = { threadId, runId };
  }

  /** How its last message ended; `undefined` while one is open. Its end is held back until nothing can follow. */
  get ending(): Ending | undefined {
    return this.#ending;
  }

  /** @returns how it begins */
  start(model: string): Json {
    this.#model = model;
    return { type: 'RUN_STARTED', ...this.#ids, ...(model && { metadata: { model } }) };
  }

  /** Another message of the same run begins. */
  goOn(model: string): void {
    this.#model = model || this.#model;
    this.#ending = undefined;
  }

  /** A call is whole. */
  wait(toolCallId: string): void {
    this.#waiting.set(toolCallId, false);
  }

  ask(toolCallId: string, isAsked: boolean): void {
    if (this.#waiting.has(toolCallId)) this.#waiting.set(toolCallId, isAsked);
  }

  answer(toolCallId: string): void {
    this.#waiting.delete(toolCallId);
  }

  learn(fields: AgUiFields): void {
    this.#fields = { ...this.#fields, ...fields };
  }

  end(ending: Ending): void {
    this.#ending = ending;
    for (const usage of usageOf(ending.usage, this.#model)) this.#usage.push(usage);
  }

  /** @returns how it ends well */
  finished({ stop, sequence }: Ending): Json {
    return {
      type: 'RUN_FINISHED',
      ...this.#ids,
      result: this.#fields.result ?? undefined,
      outcome: this.#outcomeOf(stop),
      usage: this.#usage.length > 0 ? this.#usage : undefined,
      metadata: stop === null ? undefined : { stop_reason: stop, stop_sequence: sequence ?? undefined },
    };
  }

  /** @returns how it ends badly */
  failed(event: ErrorEvent, ending: Ending): Json {
    // A usage of zero is one that nobody knows yet.
    const spent = usageOf(ending.usage, this.#model).filter(isSpent);
    const usage = [...this.#usage, ...spent];
    return { ...runErrorOf(event), ...(usage.length > 0 && { usage }) };
  }

  #outcomeOf(stop: string | null): AgUiOutcome | undefined {
    if (stop === 'cancelled') return { type: 'cancelled' };
    const asked = [...this.#waiting].flatMap(([id, isAsked]) => (isAsked ? [id] : []));
    const interrupts = this.#fields.interrupts ?? asked.map(interruptOf);
    if (interrupts.length > 0) return { type: 'interrupt', interrupts };
    return this.#waiting.size > 0
      ? { type: 'success', pendingToolCallIds: [...this.#waiting.keys()] }
      : undefined;
  }
}

function isSpent({ inputTokens, outputTokens }: AgUiUsage): boolean {
  return Boolean(inputTokens) || Boolean(outputTokens);
}
