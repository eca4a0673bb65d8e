import type { AnyContentBlock } from '../../events/block.js';
import type { AnyContentBlockDelta } from '../../events/delta.js';
import type { ErrorEvent } from '../../events/event.js';
import { isStranger } from '../kit/door.js';
import { isObject, type Json } from '../kit/json.js';
import { MessageEncoder } from '../kit/messageEncoder.js';
import type { Ending, ReadBlock, Reading, Tokens } from '../kit/messageReader.js';
import { inputIn } from '../kit/writtenBlock.js';
import { isBase64 } from './base64.js';
import { citationOf } from './citation.js';
import { ConverseDecoder } from './decoder.js';
import { exceptionOf } from './exception.js';
import { METADATA_MEMBERS, schemaOf, stopReasons, type ConverseEventType } from './wire.js';

/** A block that is written. */
interface Writing {
  readonly index: number;
  /** Whether anything was written of it: a text or a thinking without a delta would leave no trace. */
  isSaid: boolean;
  isSigned: boolean;
}

/** Writes messages as the events of `ConverseStream`. */
export class ConverseEncoder extends MessageEncoder {
  #writing = new Map<ReadBlock, Writing>();
  #blocks = 0;
  #hasBegun = false;
  /** What is said of the answer as a whole. */
  #members: Json = {};

  protected override write(reading: Reading): void {
    switch (reading.type) {
      case 'begin':
        return this.#begin(reading.message);
      case 'open':
        return this.#open(reading.block);
      case 'text':
        return this.#grow(reading.block, { text: reading.piece });
      case 'thinking':
        return this.#grow(reading.block, { reasoningContent: { text: reading.piece } });
      case 'delta':
        return this.#delta(reading.block, reading.delta);
      case 'close':
        return this.#close(reading.block);
      case 'call':
        return this.#call(reading.call);
      case 'input':
        return this.#grow(reading.call, { toolUse: { input: reading.piece } });
      case 'whole':
        return this.#closeCall(reading.call);
      case 'abort':
        return this.#abort(reading.block);
      case 'facts':
        this.#members = { ...this.#members, ...reading.members };
        return;
      case 'end':
        return this.#end(reading.ending);
      case 'failure':
        return this.#fail(reading.event);
      case 'reset':
        this.#writing = new Map();
        this.#members = {};
        return;
      case 'unknown':
        return this.#pass(reading.name, reading.data);
      default:
    }
  }

  #begin(message: object): void {
    this.#members = { ...this.#members, ...message };
    // After a reset the answer goes on.
    if (this.#hasBegun) return;
    this.#hasBegun = true;
    this.#send('messageStart', { role: 'assistant' });
  }

  #open(read: ReadBlock): void {
    const { block } = read;
    if (block.type === 'text' || block.type === 'thinking') return this.#place(read);
    if (block.type === 'server_tool_use') return this.#call(read, 'server_tool_use');
    if (block.type === 'redacted_thinking') {
      if (!block.data || !isBase64(block.data)) return;
      this.#place(read);
      return this.#grow(read, { reasoningContent: { redactedContent: block.data } });
    }
    const image = imageIn(block);
    if (image === undefined) return;
    this.#place(read, { image: { format: image.format } });
    this.#grow(read, { image: { source: { bytes: image.bytes } } });
  }

  #call(read: ReadBlock, type?: 'server_tool_use'): void {
    const { id: toolUseId, name } = read.block as { readonly id?: string; readonly name?: string };
    this.#place(read, { toolUse: { toolUseId: toolUseId ?? '', name: name ?? '', type } });
  }

  #place(read: ReadBlock, start?: object): void {
    const index = this.#blocks;
    this.#blocks += 1;
    this.#writing.set(read, { index, isSaid: false, isSigned: false });
    if (start !== undefined) this.#send('contentBlockStart', { contentBlockIndex: index, start });
  }

  #grow(read: ReadBlock, delta: object): void {
    const writing = this.#writing.get(read);
    if (writing === undefined) return;
    writing.isSaid = true;
    this.#send('contentBlockDelta', { contentBlockIndex: writing.index, delta });
  }

  #delta(read: ReadBlock, delta: AnyContentBlockDelta): void {
    if (delta.type === 'input_json_delta') this.#grow(read, { toolUse: { input: delta.partial_json } });
    if (delta.type === 'signature_delta') this.#sign(read, delta.signature);
    if (delta.type !== 'citations_delta') return;
    const citation = citationOf(delta.citation);
    if (citation !== undefined) this.#grow(read, { citation });
  }

  #sign(read: ReadBlock, signature: string): void {
    const writing = this.#writing.get(read);
    if (writing !== undefined) writing.isSigned = true;
    this.#grow(read, { reasoningContent: { signature } });
  }

  #close(read: ReadBlock): void {
    const { block } = read;
    const writing = this.#writing.get(read);
    if (writing === undefined) return;
    if (block.type === 'server_tool_use') return this.#closeCall(read);
    if (block.type === 'thinking' && block.signature && !writing.isSigned) this.#sign(read, block.signature);
    if (!writing.isSaid)
      this.#grow(read, block.type === 'text' ? { text: '' } : { reasoningContent: { text: '' } });
    this.#stop(read);
  }

  /** The input that a call began with is written where no other came. */
  #closeCall(read: ReadBlock): void {
    const input = read.said === '' ? inputIn(read.block) : '';
    if (input !== '') this.#grow(read, { toolUse: { input } });
    this.#stop(read);
  }

  /** Ends a block that was given up: a call so that nobody can take its input for whole. */
  #abort(read: ReadBlock): void {
    const isCall = read.block.type === 'tool_use' || read.block.type === 'server_tool_use';
    if (!isCall) return this.#close(read);
    if (isJson(read.said || '{}')) this.#grow(read, { toolUse: { input: '{' } });
    this.#stop(read);
  }

  #stop(read: ReadBlock): void {
    const writing = this.#writing.get(read);
    if (writing === undefined) return;
    this.#writing.delete(read);
    this.#send('contentBlockStop', { contentBlockIndex: writing.index });
  }

  #end({ stop, sequence, usage }: Ending): void {
    const { usage_details, additionalModelResponseFields: fields, ...members } = this.#members;
    this.#send('messageStop', {
      stopReason: stopReasons.theirs(stop) ?? stop ?? 'end_turn',
      additionalModelResponseFields: sequence ? { delta: { stop_sequence: sequence } } : fields,
    });
    const said = METADATA_MEMBERS.map((name) => [name, members[name]] as const);
    this.#send('metadata', { usage: usageOf(usage, usage_details), ...Object.fromEntries(said) });
    this.#forget();
  }

  #fail(event: ErrorEvent): void {
    const { name, body } = exceptionOf(event);
    this.#send(name, body);
    this.#forget();
  }

  #pass(name: string, data: unknown): void {
    const isName = name !== '' && name !== 'message' && !/[\r\n]/.test(name) && schemaOf(name) === undefined;
    if (!isName || !isObject(data)) return;
    const frame = { event: name, data: JSON.stringify(data) };
    if (isStranger(new ConverseDecoder(), frame)) this.putFrame(frame);
  }

  #forget(): void {
    this.#writing = new Map();
    this.#blocks = 0;
    this.#hasBegun = false;
    this.#members = {};
  }

  #send(event: ConverseEventType | (string & {}), body: object): void {
    this.putFrame({ event, data: JSON.stringify(body) });
  }
}

/** The numbers that the service writes, with those that it has besides. */
function usageOf(usage: Tokens, details: unknown): object {
  const { input_tokens, cache_read_input_tokens: read, cache_creation_input_tokens: written } = usage;
  const outputTokens = usage.output_tokens ?? 0;
  const known = isObject(details) && 'inputTokens' in details ? details : {};
  return {
    ...known,
    inputTokens: input_tokens ?? undefined,
    outputTokens,
    totalTokens: (input_tokens ?? 0) + outputTokens + (read ?? 0) + (written ?? 0),
    cacheReadInputTokens: read ?? undefined,
    cacheWriteInputTokens: written ?? undefined,
  };
}

/** An image that can be written: of a format that the service knows, in base64. */
function imageIn(block: AnyContentBlock): { readonly format: string; readonly bytes: string } | undefined {
  const { type, source }: Json = block as object as Json;
  if (type !== 'image' || !isObject(source)) return undefined;
  const { data, media_type } = source;
  const [, format] = /^image\/(png|jpeg|gif|webp)$/.exec(String(media_type)) ?? [];
  if (format === undefined || typeof data !== 'string' || !isBase64(data)) return undefined;
  return { format, bytes: data };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
