import type { ErrorEvent } from '../../events/event.js';
import type { Message } from '../../events/message.js';
import type { Frame } from '../../wire/frame.js';
import { isStranger } from '../kit/door.js';
import { isObject, type Json } from '../kit/json.js';
import { MessageEncoder } from '../kit/messageEncoder.js';
import type { Ending, ReadBlock, Reading } from '../kit/messageReader.js';
import { ChatCalls } from './callWriter.js';
import { ChatDecoder } from './decoder.js';
import { usageOf } from './usage.js';
import { CHUNK, DONE, FIELDS, stopReasons } from './wire.js';

/** What the encoder of `openaiChat` takes. */
export interface ChatDialect {
  /**
   * The member of a `delta` that holds thinking: `reasoning_content`, as DeepSeek, Alibaba, xAI and llama.cpp have it, or
   * `reasoning`, as OpenRouter, Groq and vLLM do. Default `reasoning_content`.
   */
  readonly reasoning?: 'reasoning_content' | 'reasoning' | undefined;
}

/** What OpenRouter calls the signatures that the Messages API makes and takes. */
export const FORMAT = 'anthropic-claude-v1';

/** Writes the events of one stream as chunks. */
export class ChatEncoder extends MessageEncoder {
  readonly #reasoning: 'reasoning_content' | 'reasoning';
  /** What all chunks of the current message say; `undefined` before it begins. */
  #head: Json | undefined;
  /** What was said of the message after its start. */
  #late: Json = {};
  #usageDetails: unknown;
  #calls = this.#newCalls();
  #signed = new WeakSet<ReadBlock>();
  #isWhole = false;

  constructor({ reasoning = 'reasoning_content' }: ChatDialect) {
    super();
    this.#reasoning = reasoning;
  }

  /** A message that did not end well is not said to be done. */
  override end(): readonly Frame[] {
    if (this.#isWhole) this.putFrame({ data: DONE });
    return super.end();
  }

  protected override write(reading: Reading): void {
    switch (reading.type) {
      case 'begin':
        return this.#begin(reading.message);
      case 'open':
        return this.#open(reading.block);
      case 'text':
        return this.#say({ content: reading.piece }, reading.piece);
      case 'thinking':
        return this.#say({ [this.#reasoning]: reading.piece }, reading.piece);
      case 'delta': {
        const { block, delta } = reading;
        if (delta.type === 'signature_delta') this.#sign(block, delta.signature);
        if (delta.type === 'citations_delta') this.#cite(delta.citation);
        return;
      }
      case 'close': {
        const { block } = reading;
        const signature = block.block.type === 'thinking' && block.block.signature;
        if (signature && !this.#signed.has(block)) this.#sign(block, signature);
        return;
      }
      case 'call':
        return this.#calls.begin(reading.call);
      case 'input':
        return this.#calls.grow(reading.call, reading.piece);
      case 'whole':
        return this.#calls.finish(reading.call, reading.json);
      case 'abort':
        return this.#calls.giveUp(reading.block);
      case 'facts': {
        const { usage_details, ...members }: Json = reading.members as Json;
        this.#late = { ...this.#late, ...fieldsIn(members) };
        this.#usageDetails = usage_details ?? this.#usageDetails;
        return;
      }
      case 'reset':
        return this.#calls.reset();
      case 'end':
        return this.#end(reading.ending);
      case 'failure':
        return this.#fail(reading.event);
      case 'unknown':
        return this.#pass(reading.name, reading.data);
      default:
      // The protocol has no words for results and pings.
    }
  }

  #begin(message: Message): void {
    this.#usageDetails = message.usage_details;
    if (this.#head !== undefined) return;
    this.#isWhole = false;
    const { id, model } = message;
    const { created = 0, ...fields } = fieldsIn(message);
    this.#head = { id, object: CHUNK, created, model };
    this.#chunk({ delta: { role: 'assistant', content: '' } }, fields);
  }

  #open({ block }: ReadBlock): void {
    if (block.type === 'text') for (const citation of block.citations ?? []) this.#cite(citation);
    if (block.type !== 'redacted_thinking') return;
    const { type: _, data, ...more } = block;
    this.#say({ reasoning_details: [{ ...more, type: 'reasoning.encrypted', data }] });
  }

  #sign(block: ReadBlock, signature: string): void {
    this.#signed.add(block);
    this.#say({ reasoning_details: [{ type: 'reasoning.text', signature, format: FORMAT, index: 0 }] });
  }

  /** Cites a page; a passage of a document has no address. */
  #cite(citation: object): void {
    const { type, ...cited }: Json = citation as Json;
    const { url, title } = cited;
    if (typeof url !== 'string') return;
    const isTheirs = type === 'url_citation';
    const url_citation = isTheirs ? cited : { url, title: title ?? undefined };
    this.#say({ annotations: [{ type: 'url_citation', url_citation }] });
  }

  #say(delta: Json, piece?: string): void {
    if (piece !== '') this.#chunk({ delta });
  }

  #chunk(choice: Json, fields?: object): void {
    const head = this.#head ?? { id: '', object: CHUNK, created: 0, model: '' };
    this.put({
      ...head,
      ...fields,
      choices: [{ index: 0, ...choice, finish_reason: choice['finish_reason'] ?? null }],
    });
  }

  #end({ stop, sequence, usage }: Ending): void {
    const word = stopReasons.theirs(stop) ?? stop ?? (this.#calls.size > 0 ? 'tool_calls' : 'stop');
    const met = stop === 'stop_sequence' && sequence ? { stop_reason: sequence } : undefined;
    this.#chunk({ delta: {}, finish_reason: word, ...met });
    this.put({ ...this.#head, ...this.#late, choices: [], usage: usageOf(usage, this.#usageDetails) });
    this.#forget();
    this.#isWhole = true;
  }

  #fail({ error, request_id }: ErrorEvent): void {
    const { type, message, status, details } = error;
    const more = isObject(details) ? details : undefined;
    const code = more?.['code'] ?? status ?? null;
    this.put({ error: { message, type, param: null, code, ...more }, request_id: request_id ?? undefined });
    this.#forget();
    this.#isWhole = false;
  }

  /**
   * An event goes back as it came; any other gets its name as that of its frame. The official client fails at what has no
   * list of choices.
   */
  #pass(name: string, data: unknown): void {
    const value: Record<string, unknown> = { ...(isObject(data) ? data : { object: name, data }) };
    value['choices'] ??= [];
    const isNamed = name === 'choice' || name === (value['object'] || value['type']);
    const json = JSON.stringify(value);
    const isLine = name !== '' && !/[\r\n]/.test(name);
    if (!isNamed && !isLine) return;
    const frame = isNamed ? { data: json } : { event: name, data: json };
    if (isStranger(new ChatDecoder(), frame)) this.putFrame(frame);
  }

  #forget(): void {
    this.#head = undefined;
    this.#late = {};
    this.#usageDetails = undefined;
    this.#calls = this.#newCalls();
    this.#signed = new WeakSet();
  }

  #newCalls(): ChatCalls {
    return new ChatCalls((delta) => this.#say(delta));
  }
}

/** What other providers said of a message and this one may say too. */
function fieldsIn(members: object): Json {
  const said = members as Json;
  return Object.fromEntries(
    FIELDS.map((name) => [name, said[name]] as const).filter(([, value]) => (value ?? '') !== ''),
  );
}
