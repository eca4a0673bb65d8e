import * as events from '../../events/make.js';
import type { Passing } from '../skip.js';
import { callFlaw } from '../kit/callFlaw.js';
import type { MessageWriter } from '../kit/messageWriter.js';
import { StreamedArgs } from './streamedArgs.js';
import type { GeminiFunctionCall, GeminiPartialArg } from './wire.js';

/** The call that is being streamed. */
interface Streamed {
  readonly key: string;
  readonly hasName: boolean;
  readonly args: StreamedArgs;
  isSigned: boolean;
  hasLoss: boolean;
}

/** Reads the calls of one answer: each comes whole, or in pieces that follow each other. */
export class CallReader {
  readonly #writer: MessageWriter;
  #streamed: Streamed | undefined;
  #count = 0;
  #hasWhole = false;

  constructor(writer: MessageWriter) {
    this.#writer = writer;
  }

  /** Whether one of them is whole: the API has no finish reason for that. */
  get hasWhole(): boolean {
    return this.#hasWhole;
  }

  /**
   * @param call - what the part holds: with a name it is a new call
   * @param pass - called where it says nothing
   */
  read(call: GeminiFunctionCall, signature: string | null | undefined, pass: Passing): void {
    const { id, name, args, partialArgs, willContinue } = call;
    const isNew = this.#streamed === undefined || Boolean(name);
    // The end of a call that has ended.
    if (isNew && !id && !name && !args && !partialArgs?.length) return pass('stray');
    const streamed = isNew ? this.#begin(id, name, signature) : (this.#streamed as Streamed);
    if (signature && !streamed.isSigned) {
      streamed.isSigned = true;
      this.#writer.amend(streamed.key, { signature });
    }
    // Beside pieces an empty input says nothing.
    const whole = args && JSON.stringify(args);
    const isAside =
      whole === '{}' && (willContinue || streamed.args.hasBegun || Boolean(partialArgs?.length));
    if (whole && !isAside) {
      if (willContinue)
        throw this.#writer.contradiction('The call has its whole input, and says that it goes on');
      return this.#take(streamed, whole);
    }
    for (const arg of partialArgs ?? []) this.#add(streamed, arg);
    if (!willContinue) this.#finish(streamed);
  }

  /** Gives up the call that has not ended. */
  end(reason = 'The answer ended inside this call'): void {
    if (this.#streamed !== undefined) this.#writer.abort(this.#streamed.key, reason);
    this.#streamed = undefined;
  }

  /** A frame could not be read, which may have held a piece. */
  lose(): void {
    if (this.#streamed !== undefined) this.#streamed.hasLoss = true;
  }

  forget(): void {
    this.#streamed = undefined;
    this.#count = 0;
    this.#hasWhole = false;
  }

  #begin(
    id: string | null | undefined,
    name: string | null | undefined,
    signature?: string | null,
  ): Streamed {
    this.end('Another call began before this one had ended');
    this.#count += 1;
    const key = `call:${this.#count}`;
    const block = events.toolUseStart(0, id || this.#madeId(), name ?? '').content_block;
    this.#writer.start(key, signature ? { ...block, signature } : block, callFlaw(block.id, block.name));
    const hasName = block.name !== '';
    this.#streamed = { key, hasName, args: new StreamedArgs(), isSigned: Boolean(signature), hasLoss: false };
    return this.#streamed;
  }

  /** An id of its own in a whole conversation, which may hold several answers. */
  #madeId(): string {
    const { id } = this.#writer;
    return id === undefined ? `call_${this.#count}` : `call_${id}_${this.#count}`;
  }

  /** Takes the whole input, which ends the call. */
  #take(streamed: Streamed, json: string): void {
    const { key } = streamed;
    if (this.#writer.saidBy(key) !== '') this.#writer.settle(key, json);
    else {
      this.#writer.grow(key, json);
      this.#writer.stop(key);
    }
    this.#note({ ...streamed, hasLoss: false });
  }

  #add({ key, args }: Streamed, arg: GeminiPartialArg): void {
    const piece = args.add(arg);
    if (piece !== '') this.#writer.grow(key, piece);
    else if (!args.isInOrder) this.#writer.held += arg.stringValue?.length ?? 0;
  }

  #finish(streamed: Streamed): void {
    const { key, args, hasLoss } = streamed;
    const closing = args.isInOrder ? args.end() : '';
    if (closing !== '') this.#writer.grow(key, closing);
    const whole = args.isInOrder || hasLoss ? undefined : args.whole();
    if (whole !== undefined) this.#writer.settle(key, whole);
    else if (args.isInOrder) this.#writer.stop(key);
    else return this.end('A part of the input is missing');
    this.#note(streamed);
  }

  #note({ hasName, hasLoss }: Streamed): void {
    this.#streamed = undefined;
    this.#hasWhole ||= hasName && !hasLoss;
  }
}
