import { quoted } from '../../errors/quoted.js';
import type { AnyContentBlock } from '../../events/block.js';
import type { ToolApprovalEvent, ToolResultEvent } from '../../events/event.js';
import * as events from '../../events/make.js';
import { callFlaw } from '../kit/callFlaw.js';
import type { MessageWriter } from '../kit/messageWriter.js';
import { blockOf, type LooseBlock } from '../kit/writtenBlock.js';
import { isMade } from './wireIds.js';

/** What a block of a run is. */
export type BlockKind = 'text' | 'thinking' | 'call';

/** What the start of a call says. */
export interface BegunCall {
  readonly name?: string | null | undefined;
  readonly parent?: string | null | undefined;
}

/** The blocks of one run, by what they are and what the wire calls them. */
export class BlockReader {
  readonly #writer: MessageWriter;
  /** A block whose start waits for the next frame, because its signature may follow. */
  #held: { readonly key: string; readonly start: (signature?: string) => void } | undefined;
  /** The block that chunks go on with. */
  #chunk: { readonly kind: BlockKind; readonly id: string } | undefined;
  /** The calls that have no result. */
  readonly #waiting = new Set<string>();
  /** The calls that somebody was asked about. */
  readonly #asked = new Set<string>();

  constructor(writer: MessageWriter) {
    this.#writer = writer;
  }

  /** Begins the block that waits. */
  release(signature?: string): void {
    const held = this.#held;
    this.#held = undefined;
    held?.start(signature);
  }

  /** @returns whether it begins one; none where the block is open already */
  start(kind: 'text' | 'thinking', id: string): boolean {
    if (this.#writer.isOpen(keyOf(kind, id))) return false;
    const block = messageOf(kind, id);
    if (kind === 'text') this.#hold(kind, id, block);
    else this.#writer.start(keyOf(kind, id), block);
    return true;
  }

  startCall(id: string, { name, parent }: BegunCall): boolean {
    const key = keyOf('call', id);
    if (this.#writer.isOpen(key)) {
      if (id !== '') return false;
      // Calls without an id cannot be told apart, and none of them is ever whole.
      this.#writer.abort(key, callFlaw(id, name ?? '') ?? '');
    }
    const block = events.toolUseStart(0, id, name ?? '').content_block as object as LooseBlock;
    const flaw = callFlaw(id, name ?? '');
    if (flaw === undefined) this.#waiting.add(id);
    this.#hold('call', id, parent && !isMade(parent) ? { ...block, parentMessageId: parent } : block, flaw);
    return true;
  }

  isOpen(kind: BlockKind, id: string): boolean {
    return this.#writer.isOpen(keyOf(kind, id));
  }

  /** Lets a block grow. A text, or a thinking, whose start is missing begins. */
  grow(kind: BlockKind, id: string, piece: string): void {
    const key = keyOf(kind, id);
    if (!this.#writer.isOpen(key)) {
      if (kind === 'call') throw this.#contradiction(id);
      this.#writer.startUnasked(key, messageOf(kind, id) as object as AnyContentBlock);
    }
    this.#writer.grow(key, piece);
  }

  /** @returns whether it ends one; none where the block is not open */
  end(kind: BlockKind, id: string, aborted?: string): boolean {
    const key = keyOf(kind, id);
    if (!this.#writer.isOpen(key)) return false;
    if (aborted === undefined) this.#writer.stop(key);
    else {
      this.#writer.abort(key, aborted);
      if (kind === 'call') this.#waiting.delete(id);
    }
    return true;
  }

  /** Takes a piece of a block that neither begins nor ends in so many words. */
  chunk(kind: BlockKind, given: string | null | undefined, piece: string, call: BegunCall = {}): void {
    const last = this.#chunk?.kind === kind ? this.#chunk.id : undefined;
    const id = given || last || '';
    if (id !== last) {
      this.endChunk();
      if (kind === 'call') this.startCall(id, call);
      else this.start(kind, id);
      this.release();
      this.#chunk = { kind, id };
    }
    if (piece !== '') this.grow(kind, id, piece);
  }

  /** Ends the block that chunks went on with. */
  endChunk(): void {
    const chunk = this.#chunk;
    this.#chunk = undefined;
    if (chunk !== undefined) this.end(chunk.kind, chunk.id);
  }

  /**
   * Takes the signature of a block.
   *
   * @returns whether it has a place: a text or a call can only begin with one
   */
  sign(kind: 'message' | 'call', id: string, signature: string): boolean {
    const held = this.#held?.key;
    if (held === keyOf(kind === 'message' ? 'text' : 'call', id)) {
      this.release(signature);
      return true;
    }
    this.release();
    const key = keyOf('thinking', id);
    if (kind === 'call' || this.#writer.saidBy(keyOf('text', id)) !== undefined) return false;
    const isOpen = this.#writer.isOpen(key);
    if (!isOpen) this.#writer.start(key, messageOf('thinking', id));
    this.#writer.grow(key, { type: 'signature_delta', signature });
    if (!isOpen) this.#writer.stop(key);
    return true;
  }

  /**
   * Takes what became of a call: an approval, what its tool has so far or gave.
   *
   * @returns whether this is a call of the run
   */
  tell(event: ToolResultEvent | ToolApprovalEvent): boolean {
    const { tool_use_id: id } = event;
    if (this.#writer.saidBy(keyOf('call', id)) === undefined) return false;
    // Readers let a result come before the end of its call.
    this.end('call', id);
    if (event.type === 'tool_approval') this.#asked.add(id);
    else if (!event.preliminary) this.#waiting.delete(id);
    this.#writer.tell(event);
    return true;
  }

  /** Takes that somebody is to approve a call, which may have been said before. */
  ask(id: string): void {
    if (this.#waiting.has(id) && !this.#asked.has(id)) this.tell(events.toolApproval(id, 'requested'));
  }

  /** Ends the run, and gives up the calls that are open. @returns whether calls wait for their results */
  conclude(reason: string): boolean {
    this.endChunk();
    for (const id of [...this.#waiting]) this.end('call', id, reason);
    return this.#waiting.size > 0;
  }

  forget(): void {
    this.#held = undefined;
    this.#chunk = undefined;
    this.#waiting.clear();
    this.#asked.clear();
  }

  #hold(kind: BlockKind, id: string, block: LooseBlock, flaw?: string): void {
    const key = keyOf(kind, id);
    this.release();
    this.#held = {
      key,
      start: (signature) =>
        this.#writer.start(key, signature === undefined ? block : { ...block, signature }, flaw),
    };
  }

  #contradiction(id: string): Error {
    return this.#writer.contradiction(
      this.#writer.saidBy(keyOf('call', id)) === undefined
        ? `A piece came of the call ${quoted(id)}, which never began`
        : `The call ${quoted(id)} grew after its end`,
    );
  }
}

function keyOf(kind: BlockKind, id: string): string {
  return `${kind}:${id}`;
}

/** A text, or a thinking, with the id of its message where that says more than its place. */
function messageOf(kind: 'text' | 'thinking', messageId: string): LooseBlock {
  const block = blockOf(kind) as object as LooseBlock;
  return messageId === '' || isMade(messageId) ? block : { ...block, messageId };
}
