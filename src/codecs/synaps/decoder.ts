import type { StreamEvent } from '../../events/event.js';
import * as events from '../../events/make.js';
import type { Frame } from '../../wire/frame.js';
import type { Decoder } from '../codec.js';
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
import { RpcReader } from './rpcReader.js';
import { errorOf, isSpent, tokensOf } from './turnEnd.js';
import type { TurnOptions } from './turnOptions.js';

/** Reads the frames of one stream as messages, one for each turn. */
export class SynapsDecoder implements Decoder {
  readonly #reader: RpcReader;
  readonly #writer = new MessageWriter();
  readonly #promptId: string | undefined;
  #model = '';
  #usage: TurnUsage | undefined;
  /** An error that may be told again, by the response of a turn that failed. */
  #error: RpcErrorEvent | undefined;

  constructor(turn: TurnOptions) {
    this.#reader = new RpcReader(turn.handshake);
    this.#promptId = turn.promptId;
  }

  next(frame: Frame): readonly StreamEvent[] {
    this.#writer.at(frame);
    for (const event of this.#reader.next(frame)) this.#read(event);
    return this.#writer.take();
  }

  /** A turn that no response ended is cut off; what it cost is told all the same. */
  end(): readonly StreamEvent[] {
    this.#releaseError();
    if (this.#usage !== undefined && this.#writer.hasBegun) {
      this.#writer.learn({ usage: tokensOf(this.#usage) });
      this.#writer.report();
    }
    return this.#writer.take();
  }

  #read(event: AnyRpcEvent): void {
    if (event.type === 'agent_end') {
      this.#usage = event.usage;
      return;
    }
    if (isTurnResponse(event)) return this.#end(event);
    this.#releaseError();
    switch (event.type) {
      case 'message_update':
        return this.#update(event.event);
      case 'error':
        if (typeof event.id === 'string') this.#error = event;
        else this.#pass(event);
        return;
      case 'ready':
        return this.#greet(event);
      case 'response':
        this.#learn(event);
        return this.#pass(event);
      case 'unknown':
        return this.#writer.emit(event);
      default:
        return this.#pass(event);
    }
  }

  #greet(ready: ReadyEvent): void {
    if (this.#writer.hasBegun) throw this.#writer.contradiction('A session began inside an unfinished turn');
    this.#model = ready.model;
    this.#pass(ready);
  }

  /** Another model may answer from the next turn on. */
  #learn({ command, model }: CommandResponse): void {
    if (command === 'set_model' && typeof model === 'string') this.#model = model;
  }

  /** Hands on a frame that no event stands for, whole. */
  #pass(event: Exclude<AnyRpcEvent, { type: 'unknown' }>): void {
    this.#writer.emit(events.unknown(event.type, event));
  }

  #begin(): void {
    if (this.#writer.hasBegun) return;
    this.#writer.learn({ id: this.#promptId, model: this.#model });
    this.#writer.begin();
  }

  #update(event: AssistantEvent): void {
    this.#begin();
    switch (event.type) {
      case 'text_delta':
        return this.#writer.flow('text', event.delta);
      case 'thinking_delta':
        return this.#writer.flow('thinking', event.delta);
      case 'toolcall_start':
        if (this.#writer.isOpen(keyOf(event))) throw this.#writer.contradiction('A call began twice');
        return this.#writer.start(
          keyOf(event),
          events.toolUseStart(0, event.tool_id, event.tool_name).content_block,
        );
      case 'toolcall_input_delta':
        return this.#writer.grow(keyOf(event), event.delta);
      case 'toolcall_input':
        return this.#settle(event);
      case 'toolcall_result':
        if (!this.#writer.has(keyOf(event))) {
          throw this.#writer.contradiction(
            `A result came of ${event.tool_id}, which is no call of this turn`,
          );
        }
        return this.#writer.result(event.tool_id, event.result);
    }
  }

  /**
   * Ends a call. An input that is not JSON stays as it was streamed, so that whoever gathers it sees that it is invalid;
   * where what was streamed does not show it, the block is given up.
   */
  #settle({ input, ...call }: ToolcallInputUpdate): void {
    const key = keyOf(call);
    const failure = parseErrorIn(input);
    const json = JSON.stringify(input);
    if (!this.#writer.isOpen(key)) {
      if (failure === undefined) return this.#writer.settle(key, json);
      throw this.#writer.contradiction('An input that was whole is now said not to be JSON');
    }
    const streamed = rewritten(this.#writer.saidBy(key) || '{}');
    if (streamed !== undefined && isSameJson(streamed, json)) return this.#writer.stop(key);
    if (failure === undefined) return this.#writer.settle(key, json);
    if (streamed === undefined) return this.#writer.stop(key);
    this.#writer.abort(key, failure);
  }

  #end(response: TurnResponse): void {
    if (this.#promptId !== undefined && response.id !== this.#promptId) {
      throw this.#writer.contradiction(`The turn that ended is not ${JSON.stringify(this.#promptId)}`);
    }
    if (response.ok) this.#conclude(response.cancelled === true);
    else this.#fail(response);
    this.#usage = undefined;
  }

  #conclude(isCancelled: boolean): void {
    this.#releaseError();
    this.#begin();
    if (!isCancelled) this.#writer.stopFlow();
    this.#writer.abortAll(
      isCancelled ? 'The turn was cancelled' : 'The turn ended before the input of this call did',
    );
    this.#writer.learn({ stop: isCancelled ? 'cancelled' : 'end_turn', usage: tokensOf(this.#usage) });
    this.#writer.conclude();
  }

  /** A turn that ran has an `agent_end`; one that was refused has no message. */
  #fail(response: TurnResponse): void {
    if (this.#error !== undefined && this.#error.id !== response.id) this.#releaseError();
    const error = errorOf(response, this.#error?.message);
    this.#error = undefined;
    if (this.#usage !== undefined) {
      this.#begin();
      if (isSpent(this.#usage)) this.#writer.learn({ usage: tokensOf(this.#usage) });
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

/** JSON as it is written here, so that numbers beyond all limits are alike; `undefined` for what is not JSON. */
function rewritten(json: string): string | undefined {
  try {
    return JSON.stringify(JSON.parse(json));
  } catch {
    return undefined;
  }
}
