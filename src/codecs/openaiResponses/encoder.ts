import type { McpToolResultBlock } from '../../events/block.js';
import type { ErrorEvent } from '../../events/event.js';
import type { Message } from '../../events/message.js';
import { isStranger } from '../kit/door.js';
import { isObject } from '../kit/json.js';
import { MessageEncoder } from '../kit/messageEncoder.js';
import type { Ending, ReadBlock, ReadCall, Reading } from '../kit/messageReader.js';
import { ResponsesDecoder } from './decoder.js';
import { usageOf } from './usage.js';
import { incompleteReasons } from './wire.js';
import { itemOf } from './itemOf.js';
import type { WrittenItem } from './writtenItem.js';

/** What an answer says of itself that nobody here knows: readers expect the members all the same. */
const BARE = {
  object: 'response',
  created_at: 0,
  error: null,
  incomplete_details: null,
  instructions: null,
  metadata: null,
  parallel_tool_calls: true,
  temperature: null,
  tool_choice: 'auto',
  tools: [],
  top_p: null,
};

/** Reasons with which an answer is complete. */
const COMPLETE: ReadonlySet<string> = /* @__PURE__ */ new Set(['end_turn', 'tool_use', 'stop_sequence']);

/** Writes the events of one stream. */
export class ResponsesEncoder extends MessageEncoder {
  #message: Message | undefined;
  #sequence = 0;
  #index = 0;
  readonly #items = new Map<ReadBlock, WrittenItem>();
  /** Calls to MCP servers that are whole, and wait for what they gave, by their ids. */
  readonly #calls = new Map<string, WrittenItem>();
  /** The items that are done, by their place. */
  readonly #output = new Map<number, object>();
  /** A call of which no input has come yet: how that begins says what kind of a call it is. */
  #pending: ReadCall | undefined;
  #details: object | undefined;

  protected override write(reading: Reading): void {
    const { type } = reading;
    if (type === 'reset') return this.#repeat();
    if (this.#pending !== undefined && !this.#decides(reading)) this.#open(this.#pending, false);
    switch (type) {
      case 'begin':
        return this.#begin(reading.message);
      case 'open':
        return this.#open(reading.block, false);
      case 'call':
        this.#pending = reading.call;
        return;
      case 'text':
      case 'thinking':
        return this.#items.get(reading.block)?.grow(reading.piece);
      case 'delta':
        return this.#items.get(reading.block)?.take(reading.delta);
      case 'input':
        if (this.#pending !== undefined) this.#open(this.#pending, reading.piece.trimStart().startsWith('"'));
        return this.#items.get(reading.call)?.grow(reading.piece);
      case 'whole':
        if (this.#pending !== undefined) this.#open(this.#pending, reading.json.startsWith('"'));
        return this.#finish(reading.call, reading.json, true);
      case 'close': {
        const { block, said } = reading.block;
        // No text at all stands for the input that the call began with.
        const whole = said === '' && block.type === 'mcp_tool_use' ? JSON.stringify(block.input ?? {}) : said;
        return this.#finish(reading.block, whole, true);
      }
      case 'abort':
        return this.#finish(reading.block, reading.block.said, false);
      case 'facts': {
        const { usage_details } = reading.members as Pick<Message, 'usage_details'>;
        this.#details = usage_details ?? this.#details;
        return;
      }
      case 'end':
        return this.#end(reading.ending);
      case 'failure':
        return this.#fail(reading.event);
      case 'ping':
        return this.#put('keepalive', {});
      case 'unknown':
        return this.#pass(reading.name, reading.data);
      default:
    }
  }

  /** Whether a reading says what kind of a call the pending one is. */
  #decides(reading: Reading): boolean {
    if (reading.type === 'input') return reading.call === this.#pending && reading.piece.trim() !== '';
    return reading.type === 'whole' && reading.call === this.#pending;
  }

  #begin(message: Message): void {
    this.#details = message.usage_details;
    if (this.#message !== undefined) return;
    this.#message = message;
    const response = this.#response('in_progress', []);
    this.#put('response.created', { response });
    this.#put('response.in_progress', { response });
  }

  #open(block: ReadBlock, isText: boolean): void {
    if (block === this.#pending) this.#pending = undefined;
    if (block.block.type === 'mcp_tool_result') return this.#answer(block.block);
    const item = itemOf(block.block, isText, {
      place: () => this.#index++,
      id: this.#message?.id ?? '',
      put: (name, fields) => this.#put(name, fields),
    });
    if (item !== undefined) this.#items.set(block, item);
  }

  #answer({ tool_use_id, content, is_error }: McpToolResultBlock): void {
    const call = this.#calls.get(tool_use_id);
    if (call === undefined) return;
    this.#calls.delete(tool_use_id);
    call.answer(content, is_error);
    this.#keep(call);
  }

  #finish(block: ReadBlock, said: string, isWhole: boolean): void {
    const item = this.#items.get(block);
    if (item === undefined) return;
    this.#items.delete(block);
    item.finish(said, isWhole);
    if (isWhole && block.block.type === 'mcp_tool_use') this.#calls.set(block.block.id, item);
    else this.#keep(item);
  }

  /** Writes that an item is done. */
  #keep(item: WrittenItem): void {
    const done = item.done();
    if (done !== undefined) this.#output.set(...done);
  }

  #end({ stop, usage }: Ending): void {
    for (const item of this.#calls.values()) this.#keep(item);
    const isComplete = stop === null || COMPLETE.has(stop);
    const output = [...this.#output].sort(([a], [b]) => a - b).map(([, item]) => item);
    const response = {
      ...this.#response(isComplete ? 'completed' : 'incomplete', output),
      ...(!isComplete && { incomplete_details: { reason: incompleteReasons.theirs(stop) ?? stop } }),
      usage: usageOf(usage, this.#details),
    };
    this.#put(isComplete ? 'response.completed' : 'response.incomplete', { response });
    this.#forget();
  }

  #fail({ error, request_id }: ErrorEvent): void {
    const { type, message, details, status, retryable } = error;
    const known = { code: type, param: null, ...(isObject(details) ? details : {}) };
    const { code, param } = known;
    // The reference has the members as they are; clients look for them in `error`.
    const inner = { type, code, message, param, status, retryable };
    this.#put('error', { code, message, param, error: inner, request_id: request_id ?? undefined });
    this.#forget();
  }

  #pass(name: string, data: unknown): void {
    // The official client ends the answer with an error at what is not of the protocol.
    if (!name.startsWith('response.')) return;
    const value = isObject(data) ? { ...data, type: name } : { type: name, data };
    const frame = { event: name, data: JSON.stringify(value) };
    if (isStranger(new ResponsesDecoder(), frame)) this.putFrame(frame);
  }

  #response(status: string, output: readonly object[]): object {
    const { id, model } = this.#message ?? { id: '', model: '' };
    return { id, ...BARE, status, model, output, usage: null };
  }

  #put(type: string, fields: object): void {
    const data = JSON.stringify({ type, sequence_number: this.#sequence, ...fields });
    this.putFrame({ event: type, data });
    this.#sequence += 1;
  }

  #forget(): void {
    this.#message = undefined;
    this.#sequence = 0;
    this.#repeat();
  }

  /** The answer begins again, before anything of its output was written. */
  #repeat(): void {
    this.#index = 0;
    this.#items.clear();
    this.#calls.clear();
    this.#output.clear();
    this.#pending = undefined;
    this.#details = undefined;
  }
}
