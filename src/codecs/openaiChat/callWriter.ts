import type { Json } from '../kit/json.js';
import { jsonStringIn } from '../kit/jsonString.js';
import type { ReadBlock, ReadCall } from '../kit/messageReader.js';
import { isWholeObject } from '../kit/sameJson.js';

/** Makes the arguments of a call that was given up unreadable, should they look whole. */
const GIVEN_UP = ' (given up)';

/** A call as far as it is written. */
interface WrittenCall {
  /** Its number on the wire, once it is there. */
  index?: number;
  /** Pieces that show nothing yet. */
  held: string[];
  /** Its input is a JSON string: it is a call of a `custom` tool, and written once it is whole. */
  isText: boolean;
}

/** Writes the calls of one message. Each is numbered as it comes onto the wire. */
export class ChatCalls {
  readonly #say: (delta: Json) => void;
  readonly #calls = new Map<ReadBlock, WrittenCall>();
  /** The ids of the calls on the wire. */
  readonly #ids = new Set<string>();

  /** @param say - writes a delta */
  constructor(say: (delta: Json) => void) {
    this.#say = say;
  }

  get size(): number {
    return this.#ids.size;
  }

  /** Takes a call that begins. It is written with its first piece, which shows of what kind it is. */
  begin(call: ReadCall): void {
    this.#calls.set(call, { held: [], isText: false });
  }

  grow(call: ReadCall, piece: string): void {
    const written = this.#calls.get(call);
    if (written === undefined || written.isText) return;
    if (written.index !== undefined) return this.#argue(written.index, piece);
    written.held.push(piece);
    const [first] = call.said.trimStart();
    if (first === '"') written.isText = true;
    else if (first !== undefined) this.#announce(call, written);
  }

  /** The answer begins again, before a call was written. */
  reset(): void {
    this.#calls.clear();
  }

  /** @param json - all of the input */
  finish(call: ReadCall, json: string): void {
    const written = this.#calls.get(call);
    if (written === undefined) return;
    const input = written.isText || json.startsWith('"') ? jsonStringIn(json) : undefined;
    if (input !== undefined) return this.#announce(call, written, input);
    if (written.index !== undefined) return;
    if (call.said === '') written.held = [json];
    this.#announce(call, written);
  }

  /** Begins a call, with the pieces that came so far. */
  #announce(call: ReadCall, written: WrittenCall, text?: string): void {
    const { id, name, signature } = call.block;
    if (this.#ids.has(id)) return;
    const index = this.#ids.size;
    this.#ids.add(id);
    written.index = index;
    const extra = signature && { extra_content: { google: { thought_signature: signature } } };
    if (text !== undefined) {
      this.#say({ tool_calls: [{ index, id, type: 'custom', custom: { name, input: '' }, ...extra }] });
      return this.#say({ tool_calls: [{ index, custom: { input: text } }] });
    }
    this.#say({ tool_calls: [{ index, id, type: 'function', function: { name, arguments: '' }, ...extra }] });
    for (const piece of written.held) this.#argue(index, piece);
  }

  #argue(index: number, piece: string): void {
    this.#say({ tool_calls: [{ index, function: { arguments: piece } }] });
  }

  giveUp(block: ReadBlock): void {
    const index = this.#calls.get(block)?.index;
    this.#calls.delete(block);
    if (index !== undefined && isWholeObject(block.said)) this.#argue(index, GIVEN_UP);
  }
}
