import type { AnyContentBlock } from '../../events/block.js';
import type { AnyContentBlockDelta } from '../../events/delta.js';
import type { StreamEvent } from '../../events/event.js';
import * as events from '../../events/make.js';
import type { MessageDeltaFields, MessageStartFields } from '../../events/make.js';
import type { BetaStopReason, ErrorType } from '../../events/message.js';
import type { Usage } from '../../events/usage.js';
import { connectionLost } from '../letters/alphabet.js';
import { deepFreeze } from '../letters/freeze.js';
import { chunked, type ChunkOptions } from './chunked.js';
import { cutting, growing, isPieces, uncut } from './part.js';
import type { DeltaSize, Part, Pieces, Place } from './part.js';
import { render, type Ending, type Plan, type Point } from './plan.js';
import { timed, type TimedValues, type Timing } from './timing.js';

/**
 * What an LLM is to say, as an immutable builder: each method returns a new script and leaves this one as it is. Parts
 * come in the order in which they are added. What concerns the whole message (`deltas`, `interleaved`, `stop`,
 * `usage`, `timed` and how it breaks off) holds for all of it, wherever it stands.
 *
 * By default a message ends with `tool_use` where its last block is a call, else with `end_turn`; calls are
 * named `toolu_1`, `toolu_2`, …; each text is one delta; and all of it comes at once, at time 0.
 */
class Script implements Iterable<StreamEvent> {
  readonly #plan: Plan;

  constructor(plan: Plan) {
    this.#plan = plan;
  }

  /** Adds a text block: a text to be cut, or its deltas. */
  text(text: Pieces): Script {
    return this.#block(growing((index) => events.textStart(index), text, events.textDelta));
  }

  /** Adds a thinking block; without a signature it is not signed. */
  thinking(thinking: Pieces, signature?: string): Script {
    const signed = (index: number): StreamEvent[] =>
      signature === undefined ? [] : [events.signatureDelta(index, signature)];
    return this.#block(
      growing((index) => events.thinkingStart(index), thinking, events.thinkingDelta, signed),
    );
  }

  /** Adds a block with thinking that the provider does not show. */
  redactedThinking(data: string): Script {
    return this.block({ type: 'redacted_thinking', data });
  }

  /**
   * Adds a tool call.
   *
   * @param name - the tool
   * @param input - any JSON value; or the text of one, to be cut or as an array of its deltas, which need not be JSON.
   *   Without it the call has no text of its input at all
   * @param id - of the call. Default `toolu_1`, `toolu_2`, …
   */
  toolUse(name: string, input?: unknown, id?: string): Script {
    const json = isPieces(input) ? input : (JSON.stringify(input) ?? '');
    const start = (index: number, callId: string): StreamEvent => events.toolUseStart(index, callId, name);
    return this.#and({ kind: 'call', id, events: growing(start, json, events.inputJsonDelta) });
  }

  /** Adds any block, with any deltas, as they are. */
  block(block: AnyContentBlock, ...deltas: readonly AnyContentBlockDelta[]): Script {
    return this.#block(({ index }) => [
      events.blockStart(index, block),
      ...deltas.map((delta) => events.blockDelta(index, delta)),
      events.blockStop(index),
    ]);
  }

  /**
   * Adds what running a tool gave, as protocols do that run tools within the stream.
   *
   * @param content - a text or any JSON value
   * @param options - whether the tool failed, and the id of the call. Default: the call before it
   */
  toolResult(content: unknown, options: { readonly isError?: boolean; readonly id?: string } = {}): Script {
    return this.#aside(({ callId }) => {
      const answered = options.id ?? callId;
      if (answered === undefined) throw new Error('A tool result needs a call before it, or the id of one');
      return events.toolResult(answered, content, options.isError);
    });
  }

  /** Adds a keep-alive. */
  ping(): Script {
    return this.event(events.ping());
  }

  /** Adds an event that belongs to no block, as it is. */
  event(event: StreamEvent): Script {
    return this.#aside(() => event);
  }

  /** Cuts the texts of the message, and of its tool inputs, into deltas of this size. */
  deltas(size: DeltaSize): Script {
    return this.#with({ cut: cutting(size) });
  }

  /** Lets the blocks grow at the same time, an event of each in turn. */
  interleaved(): Script {
    return this.#with({ isInterleaved: true });
  }

  /**
   * Says how the message ends.
   *
   * @param reason - why the model stopped; `null` if that is unknown
   * @param fields - the rest of `message_delta`: stop sequence and usage
   */
  stop(reason: BetaStopReason | null, fields: MessageDeltaFields = {}): Script {
    return this.#with({ stop: { reason, fields } });
  }

  /** Says what the message uses: `output_tokens` at its end, the rest at its start. */
  usage(usage: Partial<Usage>): Script {
    return this.#with({ usage });
  }

  /**
   * Breaks the stream off as if it had ended.
   *
   * @param at - how many events of the message come before that, counted from the end where negative; or the first
   *   event that does not come. Default: in the middle of the last block
   */
  cutOff(at?: Point): Script {
    return this.#ends({ at });
  }

  /** Breaks the message off with the provider's own `error` event; `at` as in {@link Script.cutOff}. */
  error(type: ErrorType, message: string, at?: Point): Script {
    return this.#ends({ at, event: events.error(type, message) });
  }

  /** Breaks the stream off with an error of the Observable; `at` as in {@link Script.cutOff}. */
  lost(error: unknown = connectionLost, at?: Point): Script {
    return this.#ends({ at, failure: { error } });
  }

  /**
   * Begins another message in the same stream; what follows belongs to it. How texts are cut, and when events come,
   * stays the same.
   *
   * @param start - what its `message_start` says. Default: an id of its own, the model of the message before
   * @throws Error where the connection is lost
   */
  message(start: MessageStartFields = {}): Script {
    const { cut, timing, ending, number, start: last } = this.#plan;
    if (ending?.failure) throw new Error('A message cannot follow lost(), which ends the stream');
    return new Script({
      before: this.events(),
      number: number + 1,
      start: { ...(last.model !== undefined && { model: last.model }), ...start },
      parts: [],
      cut,
      timing,
    });
  }

  /** Says when the events come, over all messages. */
  timed(timing: Timing): Script {
    return this.#with({ timing });
  }

  /** The events, in order, without the error that the stream may fail with. */
  events(): readonly StreamEvent[] {
    return deepFreeze(render(this.#plan));
  }

  /** The events with their times, and how it ends. */
  timeline(): TimedValues<StreamEvent> {
    return timed(this.events(), this.#plan.timing, this.#plan.ending?.failure);
  }

  /** The bytes that a server would send, in chunks. `options.codec` says in which protocol. */
  bytes(options: ChunkOptions): readonly Uint8Array[] {
    return chunked(this.timeline(), options).values.map(({ value }) => value);
  }

  /** The events, for `from(script)` and `[...script]`. */
  [Symbol.iterator](): Iterator<StreamEvent> {
    return this.events()[Symbol.iterator]();
  }

  #block(events: Part['events']): Script {
    return this.#and({ kind: 'block', events });
  }

  #aside(event: (place: Place) => StreamEvent): Script {
    return this.#and({ kind: 'aside', events: (place) => [event(place)] });
  }

  #and(part: Part): Script {
    return this.#with({ parts: [...this.#plan.parts, part] });
  }

  #ends(ending: Ending): Script {
    return this.#with({ ending });
  }

  #with(change: Partial<Plan>): Script {
    return new Script({ ...this.#plan, ...change });
  }
}

export type { Script };

/**
 * Begins a script of what an LLM is to say.
 *
 * ```ts
 * import { from } from 'rxjs';
 * import { toText } from 'rxjs-llm-stream';
 * import { script } from 'rxjs-llm-stream/testing';
 *
 * const answer = script()
 *   .thinking('They greet me.', 'signed')
 *   .text('Hello, and good morning')
 *   .toolUse('get_weather', { city: 'Tokyo' })
 *   .deltas({ words: 1 });
 *
 * from(answer).pipe(toText()).subscribe(console.log); // Hello, and good morning
 * ```
 *
 * @param start - what `message_start` says. Default: id `msg_1`, model `model-1`
 */
export function script(start: MessageStartFields = {}): Script {
  return new Script({ before: [], number: 1, start, parts: [], cut: uncut, timing: {} });
}
