import { quoted } from '../../errors/quoted.js';
import { StreamError } from '../../errors/streamError.js';
import type { AnyContentBlock } from '../../events/block.js';
import type { AnyContentBlockDelta } from '../../events/delta.js';
import type { StreamEvent, ToolApprovalEvent, ToolResultEvent } from '../../events/event.js';
import * as events from '../../events/make.js';
import { Rope } from '../../json/rope.js';
import type { Frame } from '../../wire/frame.js';
import { callFlaw } from './callFlaw.js';
import type { Facts } from './facts.js';
import { blockOf, deltaOf, pieceIn, textIn } from './writtenBlock.js';
import type { Entry, LooseBlock, Written } from './writtenBlock.js';

/** What a frame has written before it writes anything. It is never added to. */
export const NOTHING: StreamEvent[] = [];

/**
 * Writes the blocks of a message: it gives each an index of its own, and none grows before its start or after its end.
 * Their keys are what the wire calls them: a tool's id, a kind and a number.
 */
export abstract class BlockWriter {
  protected frame: Frame | undefined;
  /** What the frame has written so far. */
  protected out = NOTHING;
  protected entries: Entry[] = [];
  protected readonly byKey = new Map<string, Written>();
  /** The blocks whose end has not been emitted, whether or not it is known. */
  protected readonly unended = new Set<Written>();
  protected nextIndex = 0;
  /** How much text is held back until it is clear what it belongs to. */
  held = 0;
  /** Why a block may have lost its beginning that begins without being told to. */
  protected lost: string | undefined;
  /** Whether a block began since all may have lost a piece: many frames may be lost while many blocks are open. */
  protected isSound = false;
  /** The block that goes on by itself, of a protocol that names none. */
  #flowing: Written | undefined;
  /** The block that grew last by a piece of text. */
  protected grown: Written | undefined;

  /** Begins the message, unless one has begun. Whatever is written to a message begins it. */
  abstract begin(facts?: Facts): void;

  /** @returns an error that says how the current frame contradicts those before it */
  contradiction(message: string): StreamError {
    return new StreamError('protocol', message, { raw: this.frame?.data });
  }

  /** Emits an event that does not belong to a message: a ping, or an unknown event. */
  emit(event: StreamEvent): void {
    this.put(event);
  }

  /** Nearly every frame writes one event: a list of one takes less than a list that may grow. */
  protected put(event: StreamEvent): void {
    if (this.out.length === 0) this.out = [event];
    else this.out.push(event);
  }

  /**
   * Begins a block of any type; a kind stands for an empty one. What flows stops.
   *
   * @param flaw - why it can never be whole: it is given up where it ends
   */
  start(key: string, block: 'text' | 'thinking' | AnyContentBlock | LooseBlock, flaw?: string): void {
    this.stopFlow();
    this.#open(key, block, flaw);
  }

  /** Begins a call of the caller's: {@link callFlaw} says which cannot be whole. */
  startCall(key: string, id: string, name: string): void {
    this.start(key, events.toolUseStart(0, id, name).content_block, callFlaw(id, name));
  }

  /** Begins a block whose start was left out, by the wire or on the way. */
  startUnasked(key: string, block: 'text' | 'thinking' | AnyContentBlock, flaw?: string): void {
    this.start(key, block, flaw);
    this.#openBlock(key).lost = this.lost;
  }

  /** A frame could not be read: what is open, and what begins without being told to, may have lost a piece. */
  lose(reason: string): void {
    this.lost = reason;
    if (!this.isSound) return;
    for (const block of this.unended) block.lost = reason;
    this.isSound = false;
  }

  /** Whether a frame of this message could not be read. */
  get hasLoss(): boolean {
    return this.lost !== undefined;
  }

  /** Lets a block grow by a piece of what grows in it, text, thinking or the JSON of an input, or by any other delta. */
  grow(key: string, delta: string | AnyContentBlockDelta): void {
    this.growBlock(this.#openBlock(key), delta);
  }

  /**
   * Writes text, or thinking, of a protocol that names no blocks: it goes on with the block that it began last, if that
   * is of its kind and nothing came between, and otherwise begins one.
   *
   * @param piece - more of it, or what else comes of such a block: a citation, a signature
   */
  flow(kind: 'text' | 'thinking', piece: string | AnyContentBlockDelta): void {
    if (this.#flowing?.block.type !== kind) {
      this.stopFlow();
      this.#flowing = this.#open(`flow:${this.entries.length}`, kind);
      this.#flowing.lost = this.lost;
    }
    this.growBlock(this.#flowing, piece);
  }

  /** Whether a text, or a thinking, flows. */
  flows(kind: 'text' | 'thinking'): boolean {
    return this.#flowing?.block.type === kind;
  }

  stopFlow(): void {
    if (this.#flowing !== undefined) this.endBlock(this.#flowing, 'stopped');
  }

  isOpen(key: string): boolean {
    return this.byKey.get(key)?.state === 'open';
  }

  /** The text, thinking or JSON of a block so far; `undefined` if no block of this message had this key. */
  saidBy(key: string): string | undefined {
    return this.byKey.get(key)?.said.text;
  }

  stop(key: string): void {
    this.endBlock(this.#openBlock(key), 'stopped');
  }

  abort(key: string, reason: string): void {
    this.endBlock(this.#openBlock(key), { aborted: reason });
  }

  abortAll(reason: string): void {
    for (const block of this.unended) this.endBlock(block, { aborted: reason });
  }

  /** Writes what a tool gave. What flows stops: what follows is another round. */
  result(id: string, content: unknown, isError?: boolean): void {
    this.tell(events.toolResult(id, content, isError));
  }

  /** Writes what becomes of a call: an approval, what its tool has so far or gave. What flows stops. */
  tell(event: ToolResultEvent | ToolApprovalEvent): void {
    this.begin();
    this.stopFlow();
    this.entries.push({ told: event });
    this.put(event);
  }

  /** How many blocks, results and approvals the message has. */
  get place(): number {
    return this.entries.length;
  }

  protected forgetBlocks(): void {
    this.entries = [];
    this.byKey.clear();
    this.unended.clear();
    this.#flowing = undefined;
    this.nextIndex = 0;
    this.held = 0;
    this.lost = undefined;
  }

  protected rewrite(): void {
    this.nextIndex = 0;
    this.unended.clear();
    for (const entry of this.entries) {
      if ('told' in entry) this.put(entry.told);
      else this.#rewriteBlock(entry);
    }
  }

  #rewriteBlock(written: Written): void {
    const { block, said, asides, state } = written;
    this.#emitStart(written, textIn(block) === '' ? block : blockOf(block.type as 'text' | 'thinking'));
    const { index } = written;
    if (said.text !== '') this.put(events.blockDelta(index, this.#deltaOf(written, said.text)));
    for (const delta of asides) this.put(events.blockDelta(index, delta));
    if (state !== 'open') this.endBlock(written, state);
  }

  #open(key: string, kind: 'text' | 'thinking' | AnyContentBlock | LooseBlock, flaw?: string): Written {
    this.begin();
    if (this.isOpen(key)) throw this.contradiction(`Block ${quoted(key)} began twice`);
    const block = blockOf(kind);
    const said = new Rope(textIn(block));
    const written: Written = { key, block, index: 0, said, asides: [], state: 'open', flaw, lost: undefined };
    this.entries.push(written);
    this.byKey.set(key, written);
    this.isSound = true;
    this.#emitStart(written, block);
    return written;
  }

  #emitStart(written: Written, block: AnyContentBlock): void {
    written.index = this.nextIndex;
    this.nextIndex += 1;
    this.unended.add(written);
    this.put(events.blockStart(written.index, block));
  }

  protected growBlock(written: Written, given: string | AnyContentBlockDelta): void {
    const delta = typeof given === 'string' ? this.#deltaOf(written, given) : given;
    const piece = typeof given === 'string' ? given : pieceIn(given);
    if (piece === undefined) written.asides.push(delta);
    else {
      this.grown = written;
      written.said.append(piece);
    }
    this.put(events.blockDelta(written.index, delta));
  }

  #deltaOf({ block, key }: Written, piece: string): AnyContentBlockDelta {
    const delta = deltaOf(block, piece);
    if (delta !== undefined) return delta;
    throw this.contradiction(`Block ${quoted(key)} is a ${block.type}, which does not grow`);
  }

  /** Learns how a block ends, before that is emitted. */
  protected settleBlock(written: Written, state: Exclude<Written['state'], 'open'>): void {
    written.state = state;
    if (written === this.#flowing) this.#flowing = undefined;
  }

  protected endBlock(written: Written, state: Exclude<Written['state'], 'open'>): void {
    this.settleBlock(written, state);
    this.unended.delete(written);
    const { index, flaw, lost } = written;
    const aborted = state === 'stopped' ? (flaw ?? lost) : state.aborted;
    this.put(aborted === undefined ? events.blockStop(index) : events.blockAbort(index, aborted));
  }

  #openBlock(key: string): Written {
    const written = this.byKey.get(key);
    if (written?.state === 'open') return written;
    throw this.contradiction(`Block ${quoted(key)} is not open`);
  }
}
