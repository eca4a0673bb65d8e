import * as events from '../../events/make.js';
import type { CallPiece } from '../kit/callPiece.js';
import { Calls } from '../kit/calls.js';
import type { Json } from '../kit/json.js';
import type { MessageWriter } from '../kit/messageWriter.js';
import {
  audioIn,
  citationIn,
  encryptedIn,
  imageIn,
  partsIn,
  piecesIn,
  reasoningIn,
  signatureIn,
} from './said.js';
import type { ChatDelta } from './wire.js';

/** Reasons that an answer ends for with all its calls whole. */
const GOOD: ReadonlySet<string | null> = new Set([null, 'end_turn', 'stop_sequence', 'tool_use']);

/** What is said of a call that nobody can tell from a whole one. */
const CUT_OFF = 'The answer ended inside this call';

/** Writes the content of one message from what its deltas say. */
export class ChatContent {
  readonly #writer: MessageWriter;
  readonly #calls: Calls;
  #refusal = '';
  #signature: string | undefined;
  /** Whether anything was said of the answer itself. */
  #hasContent = false;

  constructor(writer: MessageWriter) {
    this.#writer = writer;
    this.#calls = new Calls(writer, (place) => ['call', writer.id, place].filter(isPart).join('_'));
  }

  grow(delta: ChatDelta): void {
    const { content, refusal, tool_calls: calls, function_call: called, annotations, images, audio } = delta;
    const reasoning = reasoningIn(delta);
    if (reasoning) this.#think(reasoning);
    const { reasoning_details: details, thinking_blocks: blocks } = delta;
    if (details || blocks) this.#keep([...(details ?? []), ...(blocks ?? [])], !reasoning);
    if (typeof content !== 'string') for (const part of content ?? []) this.#readPart(part);
    else if (content !== '') this.flow('text', content);
    if (refusal) {
      this.#refusal += refusal;
      this.flow('text', refusal);
    }
    if (annotations) for (const cited of annotations) this.#writer.flow('text', citationIn(cited));
    if (calls) for (const piece of piecesIn(calls)) this.#take(piece);
    if (called) this.#take(this.#onlyCall(called));
    if (audio) this.#play(audio);
    if (images) for (const image of images) this.#put('image', imageIn(image));
  }

  /** Takes more text, or more thinking. A call that is whole ends. */
  flow(kind: 'text' | 'thinking', piece: string): void {
    this.#hasContent = true;
    this.#calls.endWhole();
    this.#writer.flow(kind, piece);
  }

  #think(piece: string): void {
    this.#signature = undefined;
    this.flow('thinking', piece);
  }

  #readPart(part: Json): void {
    const { type, text } = part;
    const isKnown = type === 'text' || type === 'thinking' || typeof text === 'string';
    if (type === 'image_url') return this.#put('image', imageIn(part));
    if (!isKnown && typeof type === 'string') return this.#writer.emit(events.unknown(type, part));
    for (const [kind, piece] of partsIn(part)) {
      if (kind === 'text') this.flow('text', piece);
      else this.#think(piece);
    }
  }

  /** Takes what must be sent back of a thinking: its signature, after which it is over, and what is encrypted of it. */
  #keep(details: readonly Json[], isAlone: boolean): void {
    for (const detail of details) {
      const encrypted = encryptedIn(detail);
      const signature = signatureIn(detail);
      if (encrypted !== undefined) this.#put('redacted', encrypted);
      else if (signature === this.#signature || signature === undefined) continue;
      else if (signature !== '' || (isAlone && this.#writer.flows('thinking'))) this.#sign(signature);
    }
  }

  #sign(signature: string): void {
    this.#signature = signature;
    this.#calls.endWhole();
    this.#writer.flow('thinking', { type: 'signature_delta', signature });
    this.#writer.stopFlow();
  }

  /** Writes a block that is whole. */
  #put(key: string, block: { readonly type: string } | undefined): void {
    if (block === undefined) return;
    this.#hasContent = true;
    this.#calls.endWhole();
    this.#writer.start(key, block);
    this.#writer.stop(key);
  }

  #take(piece: CallPiece): void {
    this.#hasContent = true;
    this.#calls.take(piece);
  }

  /** A call of before there were several. */
  #onlyCall(called: NonNullable<ChatDelta['function_call']>): CallPiece {
    const [piece] = piecesIn([{ function: called }]);
    return { ...piece, index: -1, id: `call_${this.#writer.id ?? 0}` };
  }

  #play(said: Json): void {
    const { id, delta } = audioIn(said);
    if (!this.#writer.isOpen('audio')) this.#writer.start('audio', { type: 'audio', id });
    if (delta !== undefined) this.#writer.grow('audio', delta);
  }

  /** Takes a whole answer: what is missing of it is added, and a contradiction puts right what was streamed. */
  settle(message: ChatDelta): void {
    if (!this.#hasContent) return this.grow(message);
    if (typeof message.content === 'string') this.#writer.settleText(message.content);
    if (message.tool_calls?.length) this.#calls.conclude([...piecesIn(message.tool_calls)]);
  }

  /** Ends what is open, as the reason says. */
  conclude(): void {
    const writer = this.#writer;
    if (!GOOD.has(writer.reason)) this.#calls.abortUnclear(CUT_OFF);
    else if (this.#calls.size > 0) writer.learn({ stop: 'tool_use' });
    if (this.#refusal) {
      const stop_details = { type: 'refusal', category: null, explanation: this.#refusal };
      writer.learn({ stop: 'refusal', stop_details });
    }
    this.#calls.end();
  }
}

function isPart(part: string | number | undefined): part is string | number {
  return part !== undefined && part !== '';
}
