import type { ErrorEvent, StreamEvent } from '../../events/event.js';
import * as events from '../../events/make.js';
import type { Frame } from '../../wire/frame.js';
import type { Decoder } from '../codec.js';
import { MessageWriter, type Facts } from '../kit/messageWriter.js';
import { isSameJson } from '../kit/sameJson.js';
import { RpcReader } from './rpcReader.js';
import {
  isTurnResponse,
  type AnyRpcEvent,
  type AssistantEvent,
  type RpcErrorEvent,
  type ToolcallInputUpdate,
  type TurnOptions,
  type TurnResponse,
  type TurnUsage,
} from './wire.js';

/** Reads the frames of one stream as messages, one for each turn. */
export class SynapsDecoder implements Decoder {
  readonly #reader: RpcReader;
  readonly #writer = new MessageWriter();
  readonly #promptId: string | undefined;
  #model = '';
  #usage: TurnUsage | undefined;
  /** An error that the response of a turn that failed may repeat. */
  #error: RpcErrorEvent | undefined;

  constructor(turn: TurnOptions) {
    this.#reader = new RpcReader(turn.handshake);
    this.#promptId = turn.promptId;
  }

  next(frame: Frame): readonly StreamEvent[] {
    this.#writer.at(frame);
    this.#read(this.#reader.next(frame)[0]);
    return this.#writer.take();
  }

  /** A turn without a response is cut off. What it cost is reported all the same. */
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
        if (this.#writer.hasBegun) {
          throw this.#writer.contradiction(`The session ${event.session_id} began inside an unfinished turn`);
        }
        this.#model = event.model;
        return this.#pass(event);
      case 'response':
        // Another model may answer from the next turn on.
        if (event.command === 'set_model' && 'model' in event && typeof event.model === 'string')
          this.#model = event.model;
        return this.#pass(event);
      case 'unknown':
        return this.#writer.emit(event);
      default:
        return this.#pass(event);
    }
  }

  /** Passes a whole frame on that no event stands for. */
  #pass(event: Exclude<AnyRpcEvent, { type: 'unknown' }>): void {
    this.#writer.emit(events.unknown(event.type, event));
  }

  #begin(): void {
    if (!this.#writer.hasBegun) this.#writer.learn({ id: this.#promptId, model: this.#model });
    this.#writer.begin();
  }

  #update(event: AssistantEvent): void {
    this.#begin();
    switch (event.type) {
      case 'text_delta':
        return this.#writer.flow('text', event.delta);
      case 'thinking_delta':
        return this.#writer.flow('thinking', event.delta);
      case 'toolcall_start': {
        const { tool_id: id, tool_name: name } = event;
        if (this.#writer.isOpen(keyOf(event))) throw this.#writer.contradiction(`The call ${id} began twice`);
        return this.#writer.start(keyOf(event), events.toolUseStart(0, id, name).content_block);
      }
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
   * Ends a call. An input that is not JSON stays as it was streamed, so that accumulators find it invalid; if what was
   * streamed is JSON, the block is aborted.
   */
  #settle({ input, ...call }: ToolcallInputUpdate): void {
    const key = keyOf(call);
    const failure = parseErrorIn(input);
    const json = JSON.stringify(input);
    if (!this.#writer.isOpen(key)) {
      if (failure === undefined) return this.#writer.settle(key, json);
      throw this.#writer.contradiction(
        `The input of ${call.tool_id} was whole, and is now said not to be JSON`,
      );
    }
    const streamed = rewritten(this.#writer.saidBy(key) || '{}');
    if (streamed !== undefined && isSameJson(streamed, json)) return this.#writer.stop(key);
    if (failure === undefined) return this.#writer.settle(key, json);
    if (streamed === undefined) return this.#writer.stop(key);
    this.#writer.abort(key, failure);
  }

  #end(response: TurnResponse): void {
    if (this.#promptId !== undefined && response.id !== this.#promptId) {
      const [ended, expected] = [response.id, this.#promptId].map((id) => JSON.stringify(id));
      throw this.#writer.contradiction(`The turn of prompt ${ended} ended, but ${expected} was expected`);
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

  /** A turn that ran has an `agent_end`. One that was refused has no message. */
  #fail(response: TurnResponse): void {
    if (this.#error !== undefined && this.#error.id !== response.id) this.#releaseError();
    const error = errorOf(response, this.#error?.message);
    this.#error = undefined;
    if (this.#usage !== undefined) {
      this.#begin();
      const usage = tokensOf(this.#usage);
      // A child writes zeros where no provider gave a number.
      if (Object.values(usage ?? {}).some(Boolean)) this.#writer.learn({ usage });
    }
    this.#writer.fail(error);
  }

  /** Passes an error on that did not belong to the end of a turn. */
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

/** JSON as `JSON.stringify` writes it, so that numbers out of range compare equal; `undefined` for other text. */
function rewritten(json: string): string | undefined {
  try {
    return JSON.stringify(JSON.parse(json));
  } catch {
    return undefined;
  }
}

/**
 * A turn that failed, as an `error` event: its type is the `code` of the outcome, else its `kind`, else `api_error`; its
 * `request_id` is the correlation id. An outcome that says more than these stands in `details`.
 *
 * @param said - the message of an `error` frame before it, for a response that has none
 */
function errorOf({ error, outcome }: TurnResponse, said?: string): ErrorEvent {
  const { kind, code, correlation_id }: Partial<Record<string, unknown>> = outcome ?? {};
  const type = [code, kind].find((name) => typeof name === 'string') ?? 'api_error';
  const id = typeof correlation_id === 'string' ? correlation_id : undefined;
  const event = events.error(type, error ?? said ?? 'The turn failed without a message', id);
  if (outcome === undefined || outcome === null || kind === 'provider_failed') return event;
  return { ...event, error: { ...event.error, details: outcome } };
}

/** The tokens of a turn, as a message counts them. An input of 0 means that nobody counted it. */
function tokensOf(usage: TurnUsage | undefined): Facts['usage'] {
  if (usage === undefined) return undefined;
  const { input_tokens, output_tokens, cache_creation_input_tokens, cache_read_input_tokens } = usage;
  return {
    output_tokens,
    input_tokens: input_tokens || undefined,
    cache_creation_input_tokens,
    cache_read_input_tokens,
  };
}
