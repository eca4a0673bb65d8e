import type { StreamEvent } from '../../events/event.js';
import { isStranger } from '../kit/door.js';
import { isObject, type Json } from '../kit/json.js';
import { MessageEncoder } from '../kit/messageEncoder.js';
import type { Ending, ReadBlock, ReadCall, Reading } from '../kit/messageReader.js';
import { groundingOf, type GroundingCitation } from './citation.js';
import { GeminiDecoder } from './decoder.js';
import { failureOf } from './failure.js';
import { partOfBlock } from './part.js';
import { usageOf } from './usage.js';
import { ANSWER_MEMBERS, finishReasons, isChunk, nameOf } from './wire.js';

/** The reason of an answer that holds a call which cannot be written. */
const MALFORMED = 'MALFORMED_FUNCTION_CALL';

/** Writes the events of one stream as chunks. */
export class GeminiEncoder extends MessageEncoder {
  #answers = 0;
  #hasBegun = false;
  /** What every chunk of the answer says. */
  #head: Json = {};
  /** What is said of the answer as a whole. */
  #members: Json = {};
  #citations = new Map<string, GroundingCitation>();
  #hasBadCall = false;

  protected override write(reading: Reading): void {
    switch (reading.type) {
      case 'begin':
        return this.#begin(reading.message);
      case 'text':
        // A signed text is one part: it is written where it ends.
        if (signatureOf(reading.block) === undefined) this.#say({ text: reading.piece }, reading.piece);
        return;
      case 'thinking':
        return this.#say({ text: reading.piece, thought: true }, reading.piece);
      case 'delta': {
        const { delta } = reading;
        if (delta.type === 'citations_delta') this.#cite(delta.citation);
        if (delta.type === 'signature_delta') this.#sign(delta.signature);
        return;
      }
      case 'close':
        return this.#close(reading.block);
      case 'whole':
        return this.#call(reading.call, reading.json);
      case 'abort': {
        const { block } = reading;
        if (block.block.type === 'text' && signatureOf(block) !== undefined)
          this.#say({ text: block.said }, block.said);
        return;
      }
      case 'facts':
        this.#members = { ...this.#members, ...reading.members };
        return;
      case 'end':
        return this.#end(reading.ending);
      case 'failure':
        this.#forget();
        return this.put(failureOf(reading.event));
      case 'reset':
        this.#members = {};
        this.#citations.clear();
        this.#hasBadCall = false;
        return;
      case 'unknown':
        return this.#pass(reading.name, reading.data);
      default:
    }
  }

  #begin(message: Extract<StreamEvent, { type: 'message_start' }>['message']): void {
    const { id, model, usage } = message;
    this.#members = { ...this.#members, ...message };
    // After a reset the answer goes on.
    if (this.#hasBegun) return;
    this.#hasBegun = true;
    this.#answers += 1;
    this.#head = { modelVersion: model || undefined, responseId: id || undefined };
    const usageMetadata = usage?.input_tokens ? usageOf(usage, undefined) : undefined;
    const answer = this.#answers > 1 ? this.#answers : undefined;
    this.put({ candidates: [], usageMetadata, ...this.#head, answer });
  }

  #say(part: object, said: unknown = part): void {
    if (said !== '')
      this.put({ candidates: [{ content: { role: 'model', parts: [part] }, index: 0 }], ...this.#head });
  }

  #sign(signature: string): void {
    this.#say({ text: '', thought: true, thoughtSignature: signature }, signature);
  }

  #close({ block, said }: ReadBlock): void {
    if (block.type === 'text') {
      const signature = signatureOf({ block, said });
      if (signature !== undefined) this.#say({ text: said, thoughtSignature: signature });
    } else if (block.type === 'thinking') this.#sign(block.signature ?? '');
    else if (block.type === 'redacted_thinking') this.#sign(block.data ?? '');
    else {
      const part = partOfBlock(block);
      if (part !== undefined) this.#say(part);
    }
  }

  #call({ block: { id, name, signature } }: ReadCall, json: string): void {
    const args = objectIn(json);
    if (args === undefined) this.#hasBadCall = true;
    else this.#say({ functionCall: { id, name, args }, thoughtSignature: signature });
  }

  #cite(citation: object): void {
    const { url, title }: Json = citation as Json;
    if (typeof url !== 'string' || this.#citations.has(url)) return;
    this.#citations.set(url, { type: 'grounding', url, ...(typeof title === 'string' && { title }) });
  }

  #end({ stop, usage }: Ending): void {
    const ours = finishReasons.theirs(stop ?? 'end_turn') ?? stop ?? undefined;
    const finishReason = this.#hasBadCall && ours === 'STOP' ? MALFORMED : ours;
    const { promptFeedback, finishMessage, ...members } = saidIn(this.#members);
    const groundingMetadata = members['groundingMetadata'] ?? groundingOf(this.#citations.values());
    const candidate = { content: { role: 'model', parts: [] }, finishReason, finishMessage, index: 0 };
    const isBlocked = isObject(promptFeedback) && Boolean(promptFeedback['blockReason']);
    this.put({
      candidates: isBlocked ? [] : [{ ...candidate, ...members, groundingMetadata }],
      promptFeedback,
      usageMetadata: usageOf(usage, this.#members['usage_details']),
      ...this.#head,
    });
    this.#forget();
  }

  #pass(name: string, data: unknown): void {
    const isNamed = isObject(data) && (name === 'candidate' || nameOf(data) === name);
    const value = isNamed ? data : { [name]: data ?? null };
    // Another candidate stands in a chunk, which must say nothing else.
    if (isChunk(value) && Object.keys(value).join() !== 'candidates') return;
    if (isStranger(new GeminiDecoder(), { data: JSON.stringify(value) })) this.put(value);
  }

  #forget(): void {
    this.#hasBegun = false;
    this.#head = {};
    this.#members = {};
    this.#citations = new Map();
    this.#hasBadCall = false;
  }
}

function signatureOf({ block }: ReadBlock): string | undefined {
  const { signature }: Json = block as object as Json;
  return typeof signature === 'string' && signature !== '' ? signature : undefined;
}

/** What a message says that the API has a member for. */
function saidIn(members: Json): Json {
  const said = ANSWER_MEMBERS.map((name) => [name, members[name]] as const);
  return Object.fromEntries(said.filter(([, value]) => Boolean(value)));
}

function objectIn(json: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
