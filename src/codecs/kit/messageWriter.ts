import { StreamError } from '../../errors/streamError.js';
import type { StreamEvent } from '../../events/event.js';
import * as events from '../../events/make.js';
import type { StopReason } from '../../events/message.js';
import { isSameJson } from './sameJson.js';
import { TEXT, THINKING, type BlockKey, type Entry, type Growing, type Written } from './written.js';

/**
 * Writes well-formed messages for a protocol that leaves parts of them unsaid: it begins a message before its first
 * block, begins and stops blocks, gives each an index of its own, and lets nothing follow an end. Final values are
 * compared with what was streamed: what is missing is added, and where they contradict each other, a `reset` with the
 * contradiction as its cause is followed by the message as the final value has it.
 *
 * It holds the state of one subscription; each decoding step ends in {@link MessageWriter.take}.
 */
export class MessageWriter {
  #out: StreamEvent[] = [];
  #start: ReturnType<typeof events.messageStart> | undefined;
  #entries: Entry[] = [];
  readonly #byKey = new Map<BlockKey, Written>();
  /** The block that goes on by itself, of a protocol that names none. */
  #flowing: Written | undefined;
  #nextIndex = 0;
  #attempt = 1;

  /** @returns the events written since the last time */
  take(): readonly StreamEvent[] {
    const taken = this.#out;
    this.#out = [];
    return taken;
  }

  /** Whether a message has begun that has not ended. */
  get hasBegun(): boolean {
    return this.#start !== undefined;
  }

  /** The keys of the blocks that are open, in the order they began. */
  get openKeys(): readonly BlockKey[] {
    return this.#open().map(({ key }) => key);
  }

  /** Writes an event that is no part of a message: a ping, an unknown one. */
  pass(event: StreamEvent): void {
    this.#out.push(event);
  }

  /** Begins the message, unless one has begun. Whatever is written to a message begins it. */
  begin(fields?: events.MessageStartFields): void {
    if (this.#start !== undefined) return;
    this.#start = events.messageStart(fields);
    this.#out.push(this.#start);
  }

  /**
   * Writes text, or thinking, of a protocol that names no blocks: it goes on with the block that it began last, if that
   * is of its kind and nothing came between, and otherwise begins one.
   */
  flow(kind: 'text' | 'thinking', piece: string): void {
    if (this.#flowing?.kind !== kind) {
      this.stopFlow();
      this.#flowing = this.#begin(`${kind} ${this.#nextIndex}`, kind, kind === 'text' ? TEXT : THINKING);
    }
    this.#grow(this.#flowing, piece);
  }

  /** Stops the block that {@link MessageWriter.flow} would go on with. */
  stopFlow(): void {
    if (this.#flowing !== undefined) this.#stop(this.#flowing);
  }

  /** Begins a text block. */
  startText(key: BlockKey): void {
    this.#begin(key, 'text', TEXT);
  }

  /** Begins a thinking block. */
  startThinking(key: BlockKey): void {
    this.#begin(key, 'thinking', THINKING);
  }

  /** Begins a call of one of the caller's tools. What flows stops. */
  startTool(key: BlockKey, id: string, name: string): void {
    this.stopFlow();
    this.#begin(key, 'tool_use', {
      start: (index) => events.toolUseStart(index, id, name),
      grow: events.inputJsonDelta,
    });
  }

  /** Whether a block of this key has begun in the message at hand, open or not. */
  has(key: BlockKey): boolean {
    return this.#byKey.has(key);
  }

  /** Whether the block of this key is open. */
  isOpen(key: BlockKey): boolean {
    return this.#byKey.get(key)?.state === 'open';
  }

  /**
   * Lets a block grow: a text, thinking, or the JSON of an input.
   *
   * @throws StreamError `protocol` where no block of that key is open
   */
  grow(key: BlockKey, piece: string): void {
    this.#grow(this.#openBlock(key), piece);
  }

  /**
   * Says something of a block beside what grows in it, such as its signature.
   *
   * @throws StreamError `protocol` where no block of that key is open
   */
  aside(key: BlockKey, event: (index: number) => StreamEvent): void {
    const block = this.#openBlock(key);
    block.asides.push(event);
    this.#out.push(event(block.index));
  }

  /**
   * Stops a block.
   *
   * @throws StreamError `protocol` where no block of that key is open
   */
  stop(key: BlockKey): void {
    this.#stop(this.#openBlock(key));
  }

  /**
   * Gives a block up.
   *
   * @throws StreamError `protocol` where no block of that key is open
   */
  abort(key: BlockKey, reason: string): void {
    this.#abort(this.#openBlock(key), reason);
  }

  /** Writes what a tool gave. What flows stops: what follows is another round. */
  result(id: string, content: unknown, isError?: boolean): void {
    this.begin();
    this.stopFlow();
    const result = events.toolResult(id, content, isError);
    this.#entries.push({ result });
    this.#out.push(result);
  }

  /**
   * Takes the whole text of the message, which its text blocks were the pieces of.
   *
   * @param text - what the protocol holds for certain
   */
  settleText(text: string): void {
    const blocks = this.#blocks().filter(({ kind }) => kind === 'text');
    const streamed = blocks.map(({ grown }) => grown).join('');
    if (streamed === text) return;
    if (text.startsWith(streamed)) return this.flow('text', text.slice(streamed.length));
    const [first, ...others] = blocks;
    if (first !== undefined) first.grown = text;
    this.#entries = this.#entries.filter((entry) => !others.includes(entry as Written));
    for (const block of others) this.#forget(block);
    this.#restate('The whole text is not what was streamed');
  }

  /**
   * Takes the whole input of a call, and stops its block. An input that reads as the same JSON value agrees with what
   * was streamed, whatever its spaces.
   *
   * @param key - the call's block, which has begun
   * @param json - the JSON of the input that the protocol holds for certain
   */
  settleInput(key: BlockKey, json: string): void {
    const block = this.#byKey.get(key);
    if (block === undefined) throw notOpen(key);
    if (!isSameJson(block.grown, json)) {
      if (block.state === 'open' && json.startsWith(block.grown)) {
        this.grow(key, json.slice(block.grown.length));
      } else {
        block.grown = json;
        this.#close(block, 'stopped');
        return this.#restate(`The whole input of ${key} is not what was streamed`);
      }
    }
    if (block.state === 'open') this.#stop(block);
  }

  /** Tells how the message will end and what it cost so far. */
  conclude(reason: string | null, fields?: events.MessageDeltaFields): void {
    this.begin();
    // A reason of another protocol passes as it came, like one that a later version of this one adds.
    this.#out.push(events.messageDelta(reason as StopReason | null, fields));
  }

  /** Ends the message well: what is open stops. */
  end(): void {
    this.begin();
    for (const block of this.#open()) this.#stop(block);
    this.#finish(events.messageStop());
  }

  /** Ends the message badly: what is open is given up. */
  fail(error: StreamEvent & { readonly type: 'error' }): void {
    this.abortOpen(error.error.message);
    this.#finish(error);
  }

  /** Gives up what is open. */
  abortOpen(reason: string): void {
    for (const block of this.#open()) this.#abort(block, reason);
  }

  #finish(terminal: StreamEvent): void {
    this.#out.push(terminal);
    this.#flowing = undefined;
    this.#start = undefined;
    this.#entries = [];
    this.#byKey.clear();
    this.#nextIndex = 0;
  }

  #begin(key: BlockKey, kind: Written['kind'], growing: Growing): Written {
    this.begin();
    if (this.isOpen(key)) throw new StreamError('protocol', `Block ${key} began twice`);
    const index = this.#nextIndex;
    this.#nextIndex += 1;
    const block: Written = { ...growing, key, kind, index, grown: '', asides: [], state: 'open' };
    this.#entries.push(block);
    this.#byKey.set(key, block);
    this.#out.push(block.start(index));
    return block;
  }

  #grow(block: Written, piece: string): void {
    block.grown += piece;
    this.#out.push(block.grow(block.index, piece));
  }

  #stop(block: Written): void {
    this.#close(block, 'stopped');
    this.#out.push(events.blockStop(block.index));
  }

  #abort(block: Written, reason: string): void {
    this.#close(block, { aborted: reason });
    this.#out.push(events.blockAbort(block.index, reason));
  }

  #close(block: Written, state: Written['state']): void {
    block.state = state;
    if (block === this.#flowing) this.#flowing = undefined;
  }

  #forget(block: Written): void {
    this.#byKey.delete(block.key);
    if (block === this.#flowing) this.#flowing = undefined;
  }

  /** Writes the message at hand anew, for what was written of it is wrong. */
  #restate(message: string): void {
    const start = this.#start;
    if (start === undefined) return;
    this.#attempt += 1;
    this.#out.push(events.reset(this.#attempt, new StreamError('protocol', message)), start);
    this.#nextIndex = 0;
    for (const entry of this.#entries) {
      if ('result' in entry) this.#out.push(entry.result);
      else this.#rewrite(entry);
    }
  }

  #rewrite(block: Written): void {
    const index = this.#nextIndex;
    this.#nextIndex += 1;
    block.index = index;
    this.#out.push(block.start(index));
    if (block.grown !== '') this.#out.push(block.grow(index, block.grown));
    for (const aside of block.asides) this.#out.push(aside(index));
    if (block.state === 'stopped') this.#out.push(events.blockStop(index));
    else if (block.state !== 'open') this.#out.push(events.blockAbort(index, block.state.aborted));
  }

  #openBlock(key: BlockKey): Written {
    const block = this.#byKey.get(key);
    if (block?.state === 'open') return block;
    throw notOpen(key);
  }

  #blocks(): readonly Written[] {
    return this.#entries.filter((entry) => 'key' in entry);
  }

  #open(): readonly Written[] {
    return this.#blocks().filter(({ state }) => state === 'open');
  }
}

function notOpen(key: BlockKey): StreamError {
  return new StreamError('protocol', `Block ${key} is not open`);
}
