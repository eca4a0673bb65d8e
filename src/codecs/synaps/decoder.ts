import type { StreamEvent } from '../../events/event.js';
import * as events from '../../events/make.js';
import type { Frame } from '../../wire/frame.js';
import type { Decoder, DecoderOptions } from '../codec.js';
import { MessageWriter } from '../kit/messageWriter.js';
import { isSameJson } from '../kit/sameJson.js';
import {
  isTurnResponse,
  type AnyRpcEvent,
  type AssistantEvent,
  type CommandResponse,
  type ReadyEvent,
  type RpcErrorEvent,
  type ToolcallInputUpdate,
  type TurnResponse,
  type TurnUsage,
} from './rpcEvent.js';
import { disagreement, RpcReader } from './rpcReader.js';
import { errorOf, isSpent, usageFieldsOf } from './turnEnd.js';
import type { TurnOptions } from './turnOptions.js';

/** Reads the frames of one stream as messages, one for each turn. */
export class SynapsDecoder implements Decoder {
  readonly #reader: RpcReader;
  readonly #writer = new MessageWriter();
  readonly #promptId: string | undefined;
  /** Whether what is no part of a message is left out, as whatever is unknown. */
  readonly #skipsOthers: boolean;
  #model = '';
  /** The inputs of the open calls, as far as they were streamed. */
  readonly #inputs = new Map<string, string>();
  #usage: TurnUsage | undefined;
  /** An error that may be told again, by the response of a turn that failed. */
  #error: RpcErrorEvent | undefined;

  constructor(turn: TurnOptions, options: DecoderOptions) {
    this.#reader = new RpcReader({ ...options, handshake: turn.handshake });
    this.#promptId = turn.promptId;
    this.#skipsOthers = options.unknown === 'skip';
  }

  next(frame: Frame): readonly StreamEvent[] {
    for (const event of this.#reader.next(frame)) this.#read(event, frame);
    return this.#writer.take();
  }

  /** A turn that no response ended is cut off; what it cost is told all the same. */
  end(): readonly StreamEvent[] {
    this.#releaseError();
    if (this.#usage !== undefined && this.#writer.hasBegun) {
      this.#writer.conclude(null, usageFieldsOf(this.#usage));
    }
    return this.#writer.take();
  }

  #read(event: AnyRpcEvent, frame: Frame): void {
    if (event.type === 'agent_end') {
      this.#usage = event.usage;
      return;
    }
    if (isTurnResponse(event)) return this.#end(event, frame);
    this.#releaseError();
    switch (event.type) {
      case 'message_update':
        return this.#update(event.event, frame);
      case 'error':
        if (typeof event.id === 'string') this.#error = event;
        else this.#pass(event);
        return;
      case 'ready':
        return this.#greet(event, frame);
      case 'response':
        this.#learn(event);
        return this.#pass(event);
      case 'unknown':
        return this.#writer.pass(event);
      default:
        return this.#pass(event);
    }
  }

  #greet(ready: ReadyEvent, frame: Frame): void {
    if (this.#writer.hasBegun) throw disagreement(frame, 'A session began inside an unfinished turn');
    this.#model = ready.model;
    this.#pass(ready);
  }

  /** Another model may answer from the next turn on. */
  #learn({ command, model }: CommandResponse): void {
    if (command === 'set_model' && typeof model === 'string') this.#model = model;
  }

  /** Hands on a frame that no event stands for, whole. */
  #pass(event: Exclude<AnyRpcEvent, { type: 'unknown' }>): void {
    if (!this.#skipsOthers) this.#writer.pass(events.unknown(event.type, event));
  }

  #begin(): void {
    if (!this.#writer.hasBegun) this.#writer.begin({ id: this.#promptId ?? '', model: this.#model });
  }

  #update(event: AssistantEvent, frame: Frame): void {
    this.#begin();
    switch (event.type) {
      case 'text_delta':
        return this.#writer.flow('text', event.delta);
      case 'thinking_delta':
        return this.#writer.flow('thinking', event.delta);
      case 'toolcall_start':
        if (this.#inputs.has(event.tool_id)) throw disagreement(frame, 'A call began twice');
        this.#inputs.set(event.tool_id, '');
        return this.#writer.startTool(keyOf(event), event.tool_id, event.tool_name);
      case 'toolcall_input_delta': {
        const streamed = this.#inputs.get(event.tool_id);
        if (streamed === undefined) throw disagreement(frame, 'A delta came for a call that is not open');
        this.#inputs.set(event.tool_id, streamed + event.delta);
        return this.#writer.grow(keyOf(event), event.delta);
      }
      case 'toolcall_input':
        if (!this.#writer.has(keyOf(event))) throw disagreement(frame, 'An input came for an unknown call');
        return this.#settle(event, frame);
      case 'toolcall_result':
        if (!this.#writer.has(keyOf(event))) throw disagreement(frame, 'A result came for an unknown call');
        return this.#writer.result(event.tool_id, event.result);
    }
  }

  /**
   * Ends a call. An input that is no JSON stays as it was streamed, so that whoever gathers it sees that it is invalid;
   * where what was streamed does not show it, the block is given up.
   */
  #settle({ input, ...call }: ToolcallInputUpdate, frame: Frame): void {
    const json = JSON.stringify(input);
    const failure = parseErrorIn(input);
    const streamed = this.#inputs.get(call.tool_id);
    this.#inputs.delete(call.tool_id);
    if (streamed === undefined) {
      if (failure !== undefined) throw disagreement(frame, 'An input that was whole is said to be no JSON');
      return this.#writer.settleInput(keyOf(call), json);
    }
    const written = rewritten(streamed || '{}');
    if (written !== undefined && isSameJson(written, json)) return this.#writer.stop(keyOf(call));
    if (failure === undefined) return this.#writer.settleInput(keyOf(call), json);
    if (written === undefined) return this.#writer.stop(keyOf(call));
    this.#writer.abort(keyOf(call), failure);
  }

  #end(response: TurnResponse, frame: Frame): void {
    if (this.#promptId !== undefined && response.id !== this.#promptId) {
      throw disagreement(frame, `The turn that ended is not ${JSON.stringify(this.#promptId)}`);
    }
    if (response.ok) this.#conclude(response.cancelled === true);
    else this.#fail(response);
    this.#usage = undefined;
    this.#inputs.clear();
  }

  #conclude(isCancelled: boolean): void {
    this.#releaseError();
    this.#begin();
    if (!isCancelled) this.#writer.stopFlow();
    this.#writer.abortOpen(
      isCancelled ? 'The turn was cancelled' : 'The turn ended before the input of this call did',
    );
    this.#writer.conclude(isCancelled ? 'cancelled' : 'end_turn', usageFieldsOf(this.#usage));
    this.#writer.end();
  }

  /** A turn that ran has an `agent_end`; one that was refused has no message. */
  #fail(response: TurnResponse): void {
    if (this.#error !== undefined && this.#error.id !== response.id) this.#releaseError();
    const error = errorOf(response, this.#error?.message);
    this.#error = undefined;
    if (this.#usage !== undefined) {
      this.#begin();
      this.#writer.abortOpen(error.error.message);
      if (isSpent(this.#usage)) this.#writer.conclude(null, usageFieldsOf(this.#usage));
    }
    this.#writer.fail(error);
  }

  /** Hands on an error that turned out to be no turn's end. */
  #releaseError(): void {
    if (this.#error !== undefined) this.#pass(this.#error);
    this.#error = undefined;
  }
}

/** The key of a call's block, apart from those of texts. */
function keyOf({ tool_id }: { readonly tool_id: string }): string {
  return `call ${tool_id}`;
}

function parseErrorIn(input: unknown): string | undefined {
  const failure = (input as Partial<Record<string, unknown>> | null)?.['__parse_error'];
  return typeof failure === 'string' ? failure : undefined;
}

/** JSON as it is written here, so that numbers beyond all limits are alike; `undefined` for what is no JSON. */
function rewritten(json: string): string | undefined {
  try {
    return JSON.stringify(JSON.parse(json));
  } catch {
    return undefined;
  }
}
