import { quoted } from '../../errors/quoted.js';
import { reportOf } from '../../errors/report.js';
import { StreamError } from '../../errors/streamError.js';
import type { ErrorEvent, StreamEvent } from '../../events/event.js';
import * as events from '../../events/make.js';
import type { Frame } from '../../wire/frame.js';
import type { Passing } from '../skip.js';
import { checked, malformedFrame } from '../kit/door.js';
import { tokensIn, type Facts } from '../kit/facts.js';
import type { Json } from '../kit/json.js';
import { MessageDecoder } from '../kit/messageDecoder.js';
import { canonicalJson, isSameJson } from '../kit/sameJson.js';
import { holding, text, type Schema } from '../kit/shape.js';
import type { TurnOptions } from './turnOptions.js';
import { assistantEventSchemas, isTurnResponse, RPC_PROTOCOL_VERSION, rpcEventSchemas } from './wire.js';
import type {
  AnyRpcEvent,
  AssistantEvent,
  RpcErrorEvent,
  RpcEvent,
  ToolcallInputUpdate,
  TurnResponse,
} from './wire.js';

/**
 * Makes a reader of the frames of one subscription, each by itself.
 *
 * @param handshake - whether the first frame must be `ready`
 * @returns a function that throws a StreamError `malformed`; or `protocol` for another version of the protocol, and for
 *   a frame before the `ready` that was demanded
 */
export function rpcReader(handshake = false): (value: Json, frame: Frame) => AnyRpcEvent {
  let awaitsReady = handshake;
  return (value, frame) => {
    const event = rpcEventIn(value, frame);
    if (event.type === 'ready') {
      const { protocol_version: version } = event;
      if (version !== RPC_PROTOCOL_VERSION) {
        const message = `Version ${version} of the protocol is not supported; ${RPC_PROTOCOL_VERSION} is`;
        throw new StreamError('protocol', message, { raw: frame.data });
      }
    } else if (awaitsReady) {
      const name = event.type === 'unknown' ? event.name : event.type;
      throw new StreamError('protocol', `A frame came before ready: ${quoted(name)}`, { raw: frame.data });
    }
    awaitsReady = false;
    return event;
  };
}

const typed = holding({ type: text });

/** Reads a frame. Either it or the event in its `message_update` may be of a type that this version does not know. */
function rpcEventIn(value: Json, frame: Frame): AnyRpcEvent {
  const isUpdate = value['type'] === 'message_update';
  const event = isUpdate ? value['event'] : value;
  const schemas: Readonly<Record<string, Schema>> = isUpdate ? assistantEventSchemas : rpcEventSchemas;
  const { type } = checked(typed, event, isUpdate ? 'message_update.event' : 'frame', frame);
  const schema = Object.hasOwn(schemas, type) ? schemas[type] : undefined;
  if (schema === undefined) return events.unknown(type, value);
  const whole = checked(schema, event, type, frame);
  return (whole === event ? value : isUpdate ? { ...value, event: whole } : whole) as RpcEvent;
}

/** Reads the frames of one stream as messages, one for each turn. */
export class SynapsDecoder extends MessageDecoder {
  readonly #reader: ReturnType<typeof rpcReader>;
  readonly #promptId: string | undefined;
  #model = '';
  #usage: Facts['usage'];
  /** An error that the response of a turn that failed may repeat. */
  #error: RpcErrorEvent | undefined;

  constructor(turn: TurnOptions, pass?: Passing) {
    super(pass);
    this.#reader = rpcReader(turn.handshake);
    this.#promptId = turn.promptId;
  }

  /** A turn without a response is cut off. What it cost is reported all the same. */
  override end(): readonly StreamEvent[] {
    this.#releaseError();
    if (this.#usage && this.writer.hasBegun) {
      this.writer.learn({ usage: this.#usage });
      this.writer.report();
    }
    return this.writer.take();
  }

  protected override read(value: Json, frame: Frame): void {
    // A frame of the child has a type. What has none may be what somebody in between says of a failure.
    if ((value['type'] ?? '') === '' && this.readOther(value, undefined)) return;
    const event = this.#reader(withOk(value), frame);
    if (event.type === 'agent_end') {
      const usage = tokensIn(event.usage);
      // An input of 0 means that it was not counted.
      this.#usage = { ...usage, input_tokens: usage.input_tokens || undefined };
      return;
    }
    if (isTurnResponse(event)) return this.#end(event);
    this.#releaseError();
    if (event.type === 'message_update') return this.#update(event.event, frame);
    if (event.type === 'error' && typeof event.id === 'string') {
      this.#error = event;
      return;
    }
    if (event.type === 'ready' && this.writer.hasBegun) {
      throw this.writer.contradiction(
        `The session ${quoted(event.session_id)} began inside an unfinished turn`,
      );
    }
    // Another model may answer from the next turn on.
    if (event.type === 'ready' || (event.type === 'response' && event.command === 'set_model')) {
      if ('model' in event && typeof event.model === 'string') this.#model = event.model;
    }
    this.#pass(event);
  }

  protected override fail(error: ErrorEvent): void {
    this.writer.fail(error);
  }

  #pass(event: AnyRpcEvent): void {
    this.writer.emit(event.type === 'unknown' ? event : events.unknown(event.type, event));
  }

  #begin(): void {
    this.writer.begin({ id: this.#promptId, model: this.#model });
  }

  #update(event: AssistantEvent, frame: Frame): void {
    this.#begin();
    if (event.type === 'text_delta') return this.writer.flow('text', event.delta);
    if (event.type === 'thinking_delta') return this.writer.flow('thinking', event.delta);
    const id = event.tool_id;
    const key = `call:${id}`;
    // Its start was lost.
    const isLost = this.writer.hasLoss && this.writer.saidBy(key) === undefined;
    if (isLost && event.type !== 'toolcall_start') return this.pass('malformed');
    if (id === '' && event.type !== 'toolcall_start' && this.writer.saidBy(key) === undefined)
      throw malformedFrame(frame, `${event.type}.tool_id must be the id of a call, but is missing`);
    switch (event.type) {
      case 'toolcall_start':
        if (this.writer.isOpen(key)) throw this.writer.contradiction(`The call ${quoted(id)} began twice`);
        return this.writer.startCall(key, id, event.tool_name);
      case 'toolcall_input_delta':
        return this.writer.grow(key, event.delta);
      case 'toolcall_input':
        return this.#settle(key, event);
      case 'toolcall_result':
        if (this.writer.saidBy(key) !== undefined) return this.writer.result(id, event.result);
        throw this.writer.contradiction(
          `The result is of the call ${quoted(id)}, which this turn does not have`,
        );
    }
  }

  /**
   * Ends a call. An input that is not JSON stays as it was streamed, so that accumulators find it invalid; if what was
   * streamed is JSON, the block is aborted.
   */
  #settle(key: string, { input, tool_id: id }: ToolcallInputUpdate): void {
    const failure = parseErrorIn(input);
    const json = JSON.stringify(input);
    const isOpen = this.writer.isOpen(key);
    const streamed = this.writer.saidBy(key) ?? '';
    const isSame =
      isSameJson(streamed, json) || (failure !== undefined && canonicalJson(streamed) === undefined);
    if (failure === undefined) this.writer.settle(key, json);
    else if (isOpen && isSame) this.writer.stop(key);
    else if (isOpen) this.writer.abort(key, failure);
    else
      throw this.writer.contradiction(
        `The input of ${quoted(id)} was whole JSON, and is now reported as invalid`,
      );
  }

  #end(response: TurnResponse): void {
    const { id } = response;
    const expected = this.#promptId ?? id;
    if (id !== expected) {
      const names = `${quoted(id)} ended, but ${quoted(expected)}`;
      throw this.writer.contradiction(`The turn of prompt ${names} was expected`);
    }
    if (response.ok) this.#conclude(response.cancelled === true);
    else this.#fail(response);
    this.#usage = undefined;
  }

  #conclude(isCancelled: boolean): void {
    this.#releaseError();
    this.#begin();
    if (!isCancelled) this.writer.stopFlow();
    const cause = isCancelled ? 'The turn was cancelled' : 'The turn ended before the input of this call did';
    this.writer.abortAll(cause);
    this.writer.learn({ stop: isCancelled ? 'cancelled' : 'end_turn', usage: this.#usage });
    this.writer.conclude();
  }

  /** A turn that ran has an `agent_end`. One that was refused has no message. */
  #fail(response: TurnResponse): void {
    if (this.#error?.id !== response.id) this.#releaseError();
    const error = errorOf(response, this.#error?.message);
    this.#error = undefined;
    if (this.#usage) this.#begin();
    // A child writes zeros where no provider gave a number.
    if (Object.values(this.#usage ?? {}).some(Boolean)) this.writer.learn({ usage: this.#usage });
    this.writer.fail(error);
  }

  #releaseError(): void {
    if (this.#error !== undefined) this.#pass(this.#error);
    this.#error = undefined;
  }
}

/** A response that says what went wrong, and not that something did, is of a turn that failed. */
function withOk(value: Json): Json {
  const { ok, error, message } = value;
  if (!isTurnResponse(value) || (ok ?? undefined) !== undefined) return value;
  const said = reportOf({ error, message }).message;
  return said === undefined ? value : { ...value, ok: false, error: said };
}

function parseErrorIn(input: unknown): string | undefined {
  const failure = (input as { readonly __parse_error?: unknown } | null)?.__parse_error;
  return typeof failure === 'string' ? failure : undefined;
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
  const message = reportOf({ error }).message ?? said ?? 'The turn failed without a message';
  const event = events.error(type, message, id);
  if (!outcome || kind === 'provider_failed') return event;
  return { ...event, error: { ...event.error, details: outcome } };
}
