import type { AnyContentBlock } from '../../events/block.js';
import type { AnyContentBlockDelta } from '../../events/delta.js';
import type { ErrorEvent, MessageDeltaEvent, StreamEvent, UnknownEvent } from '../../events/event.js';
import type { AnyMessage } from '../../events/message.js';
import type { MessageDeltaUsage } from '../../events/usage.js';
import type { Frame } from '../../wire/frame.js';
import type { Encoder } from '../codec.js';
import { isObject } from '../kit/json.js';
import { RPC_PROTOCOL_VERSION, type AssistantEvent, type RpcEvent, type TurnResponse } from './rpcEvent.js';
import { outcomeOf, turnUsageOf } from './turnEnd.js';
import type { TurnOptions } from './turnOptions.js';

/** A call whose input has not been said to be whole. */
interface OpenCall {
  readonly id: string;
  /** What the block began with, which stands where no text came. */
  readonly input: unknown;
  json: string;
}

/** Writes messages as the turns of a child. */
export class SynapsEncoder implements Encoder {
  readonly #turn: TurnOptions;
  #frames: Frame[] = [];
  #isGreeted: boolean;
  #turns = 0;
  #message: AnyMessage | undefined;
  #usage: Partial<MessageDeltaUsage> = {};
  #isCancelled = false;
  readonly #calls = new Map<number, OpenCall>();
  /** The calls that began in the message: a result of any other would be of an unknown call. */
  readonly #callIds = new Set<string>();

  constructor(turn: TurnOptions) {
    this.#turn = turn;
    this.#isGreeted = turn.sessionId === undefined;
  }

  next(event: StreamEvent): readonly Frame[] {
    this.#write(event);
    const frames = this.#frames;
    this.#frames = [];
    return frames;
  }

  end(): readonly Frame[] {
    return [];
  }

  #write(event: StreamEvent): void {
    switch (event.type) {
      case 'message_start':
        return this.#begin(event.message);
      case 'content_block_start':
        return this.#start(event.index, event.content_block);
      case 'content_block_delta':
        return this.#grow(event.index, event.delta);
      case 'content_block_stop':
        return this.#stop(event.index);
      case 'message_delta':
        return this.#conclude(event);
      case 'message_stop':
        return this.#end();
      case 'error':
        return this.#fail(event);
      case 'tool_result':
        return this.#result(event.tool_use_id, event.content);
      case 'reset':
        return this.#giveUpCalls();
      case 'unknown':
        return this.#pass(event);
      case 'block_abort':
        // Whether the turn ends well is not known yet; where it does not, a call may stay open.
        return;
      case 'ping':
        return;
    }
  }

  #begin(message: AnyMessage): void {
    this.#message = message;
    this.#usage = {};
    this.#greet(message.model);
    message.content.forEach((block, index) => {
      this.#start(index, block);
      this.#stop(index);
    });
  }

  #start(index: number, block: AnyContentBlock): void {
    switch (block.type) {
      case 'text':
        if (block.text !== '') this.#update({ type: 'text_delta', delta: block.text });
        return;
      case 'thinking':
        if (block.thinking !== '') this.#update({ type: 'thinking_delta', delta: block.thinking });
        return;
      case 'tool_use':
        this.#calls.set(index, { id: block.id, input: block.input, json: '' });
        this.#callIds.add(block.id);
        return this.#update({ type: 'toolcall_start', tool_id: block.id, tool_name: block.name });
      default:
        // Calls that the provider runs would be taken for the caller's; what else there is has no place here.
        return;
    }
  }

  #grow(index: number, delta: AnyContentBlockDelta): void {
    switch (delta.type) {
      case 'text_delta':
        return this.#update({ type: 'text_delta', delta: delta.text });
      case 'thinking_delta':
        return this.#update({ type: 'thinking_delta', delta: delta.thinking });
      case 'input_json_delta': {
        const call = this.#calls.get(index);
        if (call === undefined) return;
        call.json += delta.partial_json;
        return this.#update({ type: 'toolcall_input_delta', tool_id: call.id, delta: delta.partial_json });
      }
      default:
        // Signatures, citations and the like have no place here.
        return;
    }
  }

  #stop(index: number): void {
    const call = this.#calls.get(index);
    if (call === undefined) return;
    this.#calls.delete(index);
    const input = call.json === '' ? (call.input ?? {}) : parsed(call.json);
    this.#update({ type: 'toolcall_input', tool_id: call.id, input });
  }

  /** Ends the calls that have no whole input in the one way there is. */
  #giveUpCalls(): void {
    for (const { id } of this.#calls.values()) {
      this.#update({ type: 'toolcall_input', tool_id: id, input: parseError('the call was given up') });
    }
    this.#calls.clear();
  }

  #result(id: string, content: unknown): void {
    if (!this.#callIds.has(id)) return;
    const result = typeof content === 'string' ? content : (JSON.stringify(content) ?? 'null');
    this.#update({ type: 'toolcall_result', tool_id: id, result });
  }

  /** Numbers are cumulative, so what comes later counts; they are told when the message ends. */
  #conclude({ delta, usage }: MessageDeltaEvent): void {
    // Gateways leave the usage out, or the numbers in it.
    const told = Object.entries(usage ?? {}).filter(([, value]) => (value ?? null) !== null);
    this.#usage = { ...this.#usage, ...Object.fromEntries(told) };
    if ((delta.stop_reason as string | null) === 'cancelled') this.#isCancelled = true;
  }

  #end(): void {
    if (!this.#isCancelled) this.#giveUpCalls();
    this.#put({ type: 'agent_end', usage: turnUsageOf(this.#usage, this.#message) });
    this.#respond({ ok: true, ...(this.#isCancelled && { cancelled: true }) });
  }

  /** A turn that never began has no end, only a response. */
  #fail(event: ErrorEvent): void {
    const { message } = event.error;
    this.#put({ type: 'error', id: this.#responseId(), message });
    if (this.#message !== undefined)
      this.#put({ type: 'agent_end', usage: turnUsageOf(this.#usage, this.#message) });
    // A type of a provider is a code; what else an outcome may say is its own.
    this.#respond({
      ok: false,
      error: message,
      outcome: outcomeOf(event) as TurnResponse['outcome'] & object,
    });
  }

  #respond(body: Pick<TurnResponse, 'ok' | 'cancelled' | 'error' | 'outcome'>): void {
    this.#put({ type: 'response', id: this.#responseId(), command: 'prompt', ...body });
    this.#turns += 1;
    this.#message = undefined;
    this.#usage = {};
    this.#isCancelled = false;
    this.#calls.clear();
    this.#callIds.clear();
  }

  #responseId(): string {
    return this.#turn.promptId ?? (this.#message?.id || `prompt-${this.#turns + 1}`);
  }

  /** A frame that came from here goes back as it came; any other gets its name as its type. */
  #pass({ name, data }: UnknownEvent): void {
    const isFrame = isObject(data) && typeof data['type'] === 'string';
    if (isFrame && data['type'] === 'ready') this.#isGreeted = true;
    this.#put(isFrame ? data : { ...(isObject(data) ? data : { data }), type: name });
  }

  #update(event: AssistantEvent): void {
    this.#put({ type: 'message_update', event });
  }

  #greet(model: string): void {
    const { sessionId } = this.#turn;
    if (this.#isGreeted || sessionId === undefined) return;
    this.#isGreeted = true;
    this.#put({ type: 'ready', session_id: sessionId, model, protocol_version: RPC_PROTOCOL_VERSION });
  }

  #put(event: RpcEvent | object): void {
    this.#greet('');
    this.#frames.push({ data: JSON.stringify(event) });
  }
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return parseError('no JSON');
  }
}

/** As the child says it of an input that it cannot read. */
function parseError(what: string): object {
  return { __parse_error: `invalid tool input JSON: ${what}` };
}
