import { StreamError } from '../../errors/streamError.js';
import type { MessageDeltaEvent } from '../../events/event.js';
import * as events from '../../events/make.js';
import type { StopReason } from '../../events/message.js';
import type { Frame } from '../../wire/frame.js';
import type { AnyFields, RelayCitation, RelayUsage } from './records.js';
import { canonicalStopReason } from './stopReasons.js';

/** What is known of an answer as a whole. */
interface Known {
  readonly id?: string;
  readonly model?: string;
  readonly provider?: string;
  readonly state_id?: string;
  readonly citations?: readonly RelayCitation[];
  readonly stop_reason?: string;
  readonly usage?: RelayUsage;
}

/** What the finished message has, told at its start or else at its end. */
const OF_THE_MESSAGE = ['id', 'model', 'provider', 'state_id', 'citations'] as const;

/**
 * What the records of one message say of it as a whole. Each may say any of it: which record says what is documented
 * for some fields only, and a message may begin without a start.
 */
export class Facts {
  #known: Known = {};
  #told: Known = {};

  /**
   * Takes what a record says. The last one is right, save for the id, which there is one of.
   *
   * @throws StreamError `protocol` for a record of another answer
   */
  learn(record: AnyFields, frame: Frame): void {
    const id = record.request_id || record.response_id || undefined;
    if (id !== undefined && this.#known.id !== undefined && id !== this.#known.id) {
      const message = `A record of the answer ${id} came within the answer ${this.#known.id}`;
      throw new StreamError('protocol', message, { raw: frame.data });
    }
    const { model, provider, state_id, citations, stop_reason, usage } = record;
    this.#known = {
      ...this.#known,
      ...(id !== undefined && { id }),
      ...(model && { model }),
      ...(provider && { provider }),
      ...(state_id && { state_id }),
      ...(citations && { citations }),
      ...(stop_reason && { stop_reason }),
      ...(usage && { usage }),
    };
  }

  /** @returns the fields of the message as far as they are known now */
  start(): events.MessageStartFields {
    this.#told = this.#known;
    const { usage, stop_reason: _later, ...fields } = this.#known;
    return { ...fields, ...(usage && { usage: tokensOf(usage) }) };
  }

  /** Why the message ends, in canonical words. */
  get stopReason(): string | null {
    const { stop_reason } = this.#known;
    return stop_reason === undefined ? null : canonicalStopReason(stop_reason);
  }

  /** @returns the event that tells how the message ends, with what was not told at its start */
  end(): MessageDeltaEvent {
    const late = OF_THE_MESSAGE.filter((field) => this.#known[field] !== this.#told[field]);
    const { usage } = this.#known;
    // A reason that is not canonical passes as it came, like one that a later version of the API adds.
    const event = events.messageDelta(this.stopReason as StopReason | null, usage && tokensOf(usage));
    return { ...event, ...Object.fromEntries(late.map((field) => [field, this.#known[field]])) };
  }
}

/** The total is the sum, unless the service counts what it does not name. */
function tokensOf({
  input_tokens,
  output_tokens,
}: RelayUsage): events.MessageDeltaFields & { input_tokens?: number } {
  return {
    ...(typeof input_tokens === 'number' && { input_tokens }),
    output_tokens: output_tokens ?? 0,
  };
}
