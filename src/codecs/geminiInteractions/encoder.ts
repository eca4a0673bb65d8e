import { isKnownBlock } from '../../events/block.js';
import { isStranger } from '../kit/door.js';
import { isObject, type Json } from '../kit/json.js';
import { MessageEncoder } from '../kit/messageEncoder.js';
import type { Ending, ReadBlock, Reading } from '../kit/messageReader.js';
import { mediumOf } from './block.js';
import { InteractionsDecoder } from './decoder.js';
import { usageOf } from './usage.js';
import { statuses, TOOL_STEP } from './wire.js';

/** Writes the events of one stream: each block is a step. */
export class InteractionsEncoder extends MessageEncoder {
  readonly #indexes = new Map<ReadBlock, number>();
  #next = 0;
  /** What is said of the interaction as a whole. */
  #interaction: Json = {};
  #details: unknown;

  protected override get saysReset(): boolean {
    return true;
  }

  protected override write(reading: Reading): void {
    switch (reading.type) {
      case 'begin': {
        const { id, model, usage_details } = reading.message;
        this.#interaction = { id, model: model || undefined, object: 'interaction' };
        this.#details = usage_details;
        this.#next = 0;
        this.#indexes.clear();
        return this.#put('interaction.created', {
          interaction: { ...this.#interaction, status: 'in_progress' },
        });
      }
      case 'open':
        return this.#open(reading.block);
      case 'call': {
        const { id, name, signature } = reading.call.block;
        return this.#start(reading.call, { type: 'function_call', id, name, arguments: {}, signature });
      }
      case 'text':
        return this.#grow(reading.block, { type: 'text', text: reading.piece });
      case 'thinking':
        return this.#grow(reading.block, {
          type: 'thought_summary',
          content: { type: 'text', text: reading.piece },
        });
      case 'input':
        return this.#grow(reading.call, { type: 'arguments_delta', arguments: reading.piece });
      case 'delta': {
        const { delta, block } = reading;
        if (delta.type === 'signature_delta') this.#sign(block, delta.signature);
        if (delta.type === 'citations_delta')
          this.#grow(block, { type: 'text_annotation_delta', annotations: [delta.citation] });
        return;
      }
      case 'close':
        return this.#stop(reading.block);
      case 'whole':
        // What did not come in pieces stood in the start of the call.
        if (reading.call.said === '' && reading.json !== '{}')
          this.#grow(reading.call, { type: 'arguments_delta', arguments: reading.json });
        return this.#stop(reading.call);
      case 'abort':
        // A call that is never stopped is given up where the interaction ends.
        if (reading.block.block.type !== 'tool_use') this.#stop(reading.block);
        return;
      case 'facts': {
        const { usage_details }: { readonly usage_details?: unknown } = reading.members;
        this.#details = usage_details ?? this.#details;
        return;
      }
      case 'end':
        return this.#end(reading.ending);
      case 'failure': {
        const { error, request_id } = reading.event;
        const { type: code, message, status } = error;
        return this.#put('error', { error: { code, message, status }, request_id: request_id ?? undefined });
      }
      case 'unknown':
        return this.#pass(reading.name, reading.data);
      default:
    }
  }

  #open(read: ReadBlock): void {
    const { block } = read;
    if (block.type === 'text')
      return this.#start(read, { type: 'model_output', content: [{ type: 'text', text: '' }] });
    if (block.type === 'thinking') {
      this.#start(read, { type: 'thought' });
      if (block.signature) this.#sign(read, block.signature);
      return;
    }
    if (block.type === 'redacted_thinking')
      return this.#start(read, { type: 'thought', signature: block.data });
    if (!isKnownBlock(block) && TOOL_STEP.test(block.type)) return this.#start(read, block);
    const medium = mediumOf(block);
    if (medium === undefined) return;
    this.#start(read, { type: 'model_output' });
    this.#grow(read, medium);
  }

  #start(read: ReadBlock, step: object): void {
    const index = this.#next++;
    this.#indexes.set(read, index);
    this.#put('step.start', { index, step });
  }

  #grow(read: ReadBlock, delta: object): void {
    const index = this.#indexes.get(read);
    if (index !== undefined) this.#put('step.delta', { index, delta });
  }

  #sign(read: ReadBlock, signature: string): void {
    this.#grow(read, { type: 'thought_signature', signature });
  }

  #stop(read: ReadBlock): void {
    const index = this.#indexes.get(read);
    if (index !== undefined) this.#put('step.stop', { index });
    this.#indexes.delete(read);
  }

  #end({ stop, usage }: Ending): void {
    const status = statuses.theirs(stop ?? 'end_turn') ?? stop ?? undefined;
    const interaction = { ...this.#interaction, status, usage: usageOf(usage, this.#details) };
    this.#put('interaction.completed', { interaction });
  }

  #pass(name: string, data: unknown): void {
    const given = isObject(data) ? data : { data };
    const value = given['event_type'] === name ? given : { ...given, event_type: name };
    if (isStranger(new InteractionsDecoder(), { data: JSON.stringify(value) })) this.put(value);
  }

  #put(event_type: string, members: object): void {
    this.put({ event_type, ...members });
  }
}
