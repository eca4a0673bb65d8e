import { StreamError } from '../../errors/streamError.js';
import type { AnyContentBlock } from '../../events/block.js';
import type { AnyContentBlockDelta } from '../../events/delta.js';
import type { ErrorEvent, StreamEvent } from '../../events/event.js';
import * as events from '../../events/make.js';
import type { StopReason } from '../../events/message.js';
import type { MessageDeltaUsage, Usage } from '../../events/usage.js';
import type { Frame } from '../../wire/frame.js';
import { isSameJson } from './sameJson.js';

/** A block as a decoder writes it: of any type, with members of its provider besides the typed ones. */
export interface LooseBlock {
  readonly type: string;
  readonly [member: string]: unknown;
}

/** What names a block on a wire that has other names than our indexes: a tool's id, a kind and a number. */
export type BlockKey = string;

/** What a protocol says of a message as a whole. What is absent, `null` or empty says nothing. */
export interface Facts {
  readonly id?: string | null | undefined;
  readonly model?: string | null | undefined;
  /** Numbers are cumulative: each replaces the one before. A total of them is left out. */
  readonly usage?: Counts | null | undefined;
  /** Why the model stopped. */
  readonly stop?: string | null | undefined;
  /** The rest of a `message_delta`, such as `stop_sequence`, and members that only this provider has. */
  readonly [member: string]: unknown;
}

/** Numbers of tokens. */
type Counts = { readonly [Field in keyof Usage]?: Usage[Field] | null | undefined } & {
  readonly total_tokens?: number | null | undefined;
};

/** A block as far as it is written. */
interface Written {
  readonly key: BlockKey;
  readonly block: AnyContentBlock;
  index: number;
  /** All it says: what it began with and all pieces. It grows as a rope, and is looked into only by a final value. */
  said: string;
  /** What came of it besides, in order: a signature, citations. */
  readonly asides: AnyContentBlockDelta[];
  state: 'open' | 'stopped' | { readonly aborted: string };
}

/** What stands in a message, in order: its blocks, and what tools gave. */
type Entry = Written | { readonly result: StreamEvent };

/** Members that a `message_delta` has a place for, and a `message_start` does not fill. */
const OF_THE_END: ReadonlySet<string> = new Set(['stop_sequence', 'stop_details', 'container']);

/**
 * Writes well-formed messages for a protocol that leaves parts of them unsaid: it begins a message before its first
 * block, begins and stops blocks, gives each block an index of its own, holds the stop reason and the usage back until
 * the message ends, and lets nothing follow an end.
 *
 * Final values are compared with what was streamed. What is missing is added; a contradiction is a `reset`, with the
 * contradiction as its cause, and the message anew as the final value has it. To keep the cost linear, a message is
 * written anew only once as many bytes have come since the last time as before it. Until then, and at the latest until
 * the message ends, the block in question stays open, so that nobody takes what is wrong in it for complete.
 *
 * It holds the state of one subscription: a decoding step begins with {@link MessageWriter.at} and ends with
 * {@link MessageWriter.take}.
 */
export class MessageWriter {
  #out: StreamEvent[] = [];
  #frame: Frame | undefined;
  #start: StreamEvent | undefined;
  #entries: Entry[] = [];
  readonly #byKey = new Map<BlockKey, Written>();
  /** The blocks whose end has not been emitted, whether or not it is known. */
  readonly #unended = new Set<Written>();
  /** The block that goes on by itself, of a protocol that names none. */
  #flowing: Written | undefined;
  /** The ids of calls that no result has come of. */
  readonly #unanswered = new Set<string>();
  #nextIndex = 0;
  #attempt = 1;
  #contradiction: string | undefined;
  /** How many UTF-16 units came of the message before it was last written anew, and since. */
  #before = 0;
  #since = 0;
  readonly #known = new Map<string, unknown>();
  readonly #usage = new Map<string, unknown>();
  /** What of them stands in the start of the message. */
  #atStart: ReadonlyMap<string, unknown> = new Map();
  /** What of them has not been emitted. */
  #news = new Map<string, unknown>();
  #newUsage = new Map<string, unknown>();
  #reason: string | null = null;
  #reportedReason: string | null | undefined;
  #end: 'well' | 'badly' | undefined;

  /** Says which frame is being read, for the errors and for what writing a message anew may cost. */
  at(frame: Frame): void {
    this.#frame = frame;
    this.#since += frame.data.length;
  }

  /** @returns the events written since the last time */
  take(): readonly StreamEvent[] {
    if (this.#contradiction !== undefined && this.#since >= this.#before) this.#restate();
    const taken = this.#out;
    this.#out = [];
    return taken;
  }

  /** @returns an error that says how the frame at hand contradicts those before it */
  contradiction(message: string): StreamError {
    return new StreamError('protocol', message, { raw: this.#frame?.data });
  }

  /** Whether a message has begun that has not ended. */
  get hasBegun(): boolean {
    return this.#start !== undefined;
  }

  /** How the last message ended; `undefined` before the first end, and once another has begun. */
  get ended(): 'well' | 'badly' | undefined {
    return this.#end;
  }

  /** The id of the message, as far as it is known. */
  get id(): string | undefined {
    return this.#known.get('id') as string | undefined;
  }

  /** Why the message ends, as far as it is known. */
  get reason(): string | null {
    return this.#reason;
  }

  /** Whether the message has a call of one of the caller's tools that no result has come of. */
  get awaitsResults(): boolean {
    return this.#unanswered.size > 0;
  }

  /** The keys of the blocks that are open, in the order they began. */
  get openKeys(): readonly BlockKey[] {
    return [...this.#unended].filter(({ state }) => state === 'open').map(({ key }) => key);
  }

  /** Emits an event that is no part of a message: a ping, an unknown one. */
  emit(event: StreamEvent): void {
    this.#out.push(event);
  }

  /**
   * Takes what a frame says of the message as a whole. What is known when the message begins stands in its start, the
   * rest comes before its end. The last word counts, except for the id: the first one stays.
   */
  learn(facts: Facts): void {
    for (const name in facts) {
      const value = facts[name];
      if (!saysSome(value)) continue;
      if (name === 'stop') this.#reason = value as string;
      else if (name === 'usage') this.#count(value as Counts);
      else this.#note(name, value);
    }
  }

  /** Begins the message, unless one has begun. Whatever is written to a message begins it. */
  begin(): void {
    if (this.#start !== undefined) return;
    const [ofTheEnd, ofTheStart] = this.#takeNews();
    this.#start = events.messageStart({ ...ofTheStart, usage: this.#takeUsage() });
    this.#news = new Map(Object.entries(ofTheEnd));
    this.#atStart = new Map(this.#known);
    this.#end = undefined;
    this.#out.push(this.#start);
  }

  /**
   * Begins a block of any type, a type that nobody knows among them. What flows stops.
   *
   * @param block - what its start says, with members that only this provider has; a kind stands for an empty one
   * @throws StreamError `protocol` where a block of that key is open
   */
  start(key: BlockKey, block: 'text' | 'thinking' | AnyContentBlock | LooseBlock): void {
    this.stopFlow();
    this.#begin(key, block);
  }

  /**
   * Lets a block grow.
   *
   * @param delta - a piece of what grows in such a block: text, thinking, or the JSON of an input; or any other delta
   * @throws StreamError `protocol` where no block of that key is open
   */
  grow(key: BlockKey, delta: string | AnyContentBlockDelta): void {
    this.#grow(this.#openBlock(key), delta);
  }

  /**
   * Writes text, or thinking, of a protocol that names no blocks: it goes on with the block that it began last, if that
   * is of its kind and nothing came between, and otherwise begins one.
   */
  flow(kind: 'text' | 'thinking', delta: string | AnyContentBlockDelta): void {
    if (this.#flowing?.block.type !== kind) {
      this.stopFlow();
      this.#flowing = this.#begin(`flow ${this.#entries.length}`, kind);
    }
    this.#grow(this.#flowing, delta);
  }

  /** Stops the block that {@link MessageWriter.flow} would go on with. */
  stopFlow(): void {
    if (this.#flowing !== undefined) this.#stop(this.#flowing);
  }

  /** Whether a block of this key has begun in the message at hand, open or not. */
  has(key: BlockKey): boolean {
    return this.#byKey.has(key);
  }

  /** Whether the block of this key is open. */
  isOpen(key: BlockKey): boolean {
    return this.#byKey.get(key)?.state === 'open';
  }

  /** The text, thinking or JSON of a block so far; `undefined` where no block has this key. */
  saidBy(key: BlockKey): string | undefined {
    return this.#byKey.get(key)?.said;
  }

  /** Stops a block. @throws StreamError `protocol` where no block of that key is open */
  stop(key: BlockKey): void {
    this.#stop(this.#openBlock(key));
  }

  /** Gives a block up. @throws StreamError `protocol` where no block of that key is open */
  abort(key: BlockKey, reason: string): void {
    this.#abort(this.#openBlock(key), reason);
  }

  /** Gives up what is open. */
  abortAll(reason: string): void {
    for (const block of this.#unended) this.#abort(block, reason);
  }

  /** Writes what a tool gave. What flows stops: what follows is another round. */
  result(id: string, content: unknown, isError?: boolean): void {
    this.begin();
    this.stopFlow();
    const result = events.toolResult(id, content, isError);
    this.#unanswered.delete(id);
    this.#entries.push({ result });
    this.#out.push(result);
  }

  /**
   * Takes the whole of a block, and stops it. JSON that reads as the same value agrees with what was streamed, whatever
   * its spaces.
   *
   * @param final - the text, thinking or JSON that the protocol holds for certain
   * @throws StreamError `protocol` where there is no block of that key
   */
  settle(key: BlockKey, final: string): void {
    const block = this.#byKey.get(key);
    if (block === undefined) throw this.contradiction(`There is no block ${key}`);
    const said = block.said || inputIn(block.block);
    const isSame = isCall(block.block) ? isSameJson(said, final) : said === final;
    const isOpen = block.state === 'open';
    if (!isSame && !(isOpen && final.startsWith(said))) {
      block.said = final;
      this.#know(block, 'stopped');
      const what = isCall(block.block) ? 'input' : block.block.type;
      return this.#contradict(`The whole ${what} of ${key} is not what was streamed`);
    }
    if (!isSame) this.#grow(block, final.slice(said.length));
    if (isOpen) this.#stop(block);
  }

  /**
   * Takes the whole text of the message, which its text blocks were the pieces of.
   *
   * @param text - what the protocol holds for certain
   */
  settleText(text: string): void {
    const blocks = this.#entries
      .filter((entry) => isBlock(entry))
      .filter(({ block }) => block.type === 'text');
    const streamed = blocks.map(({ said }) => said).join('');
    if (streamed === text) return;
    if (text.startsWith(streamed)) return this.flow('text', text.slice(streamed.length));
    const [first, ...others] = blocks;
    if (first !== undefined) first.said = text;
    const dropped = new Set<Entry>(others);
    this.#entries = this.#entries.filter((entry) => !dropped.has(entry));
    for (const block of others) {
      this.#byKey.delete(block.key);
      this.#know(block, 'stopped');
    }
    this.#contradict('The whole text is not what was streamed');
  }

  /** Emits a `message_delta` with what was learned and not yet said; the message goes on. */
  report(): void {
    this.begin();
    const [ofTheEnd, members] = this.#takeNews();
    const output_tokens = (this.#usage.get('output_tokens') ?? 0) as number;
    const usage: Partial<MessageDeltaUsage> = { ...this.#takeUsage(), output_tokens };
    // A reason of another protocol passes as it came, like one that a later version of this one adds.
    const event = events.messageDelta(this.#reason as StopReason | null, { ...usage, ...ofTheEnd });
    this.#out.push({ ...event, ...members });
    this.#reportedReason = this.#reason;
  }

  /** Ends the message well: what is open stops, then come the stop reason and the usage, then the end. */
  conclude(): void {
    this.begin();
    if (this.#contradiction !== undefined) this.#restate();
    for (const block of this.#unended) this.#stop(block);
    const hasNews = this.#news.size + this.#newUsage.size > 0;
    if (hasNews || this.#reportedReason !== this.#reason) this.report();
    this.#finish('well', events.messageStop());
  }

  /** Ends the message badly: what is open is given up, and usage that was not said yet comes before the error. */
  fail(error: ErrorEvent): void {
    this.abortAll(error.error.message);
    if (this.hasBegun && this.#newUsage.size > 0) this.report();
    this.#finish('badly', error);
  }

  /** Begins the answer again before it has ended: all that came of it is to be dropped. */
  repeat(cause: string): void {
    this.#reset(cause);
    this.#forget();
  }

  /** The news that a `message_delta` has a place for, and the others. */
  #takeNews(): readonly [ofTheEnd: object, others: object] {
    const news = [...this.#news];
    this.#news.clear();
    const isOfTheEnd = ([name]: readonly [string, unknown]): boolean => OF_THE_END.has(name);
    const others = news.filter((entry) => !isOfTheEnd(entry));
    return [Object.fromEntries(news.filter(isOfTheEnd)), Object.fromEntries(others)];
  }

  #count(usage: object): void {
    for (const [name, value] of Object.entries(usage)) {
      if (!saysSome(value) || name === 'total_tokens') continue;
      this.#usage.set(name, value);
      this.#newUsage.set(name, value);
    }
  }

  #note(name: string, value: unknown): void {
    if (this.#known.get(name) === value || (name === 'id' && this.id !== undefined)) return;
    this.#known.set(name, value);
    this.#news.set(name, value);
  }

  #takeUsage(): Partial<Usage> {
    const usage = Object.fromEntries(this.#newUsage);
    this.#newUsage.clear();
    return usage;
  }

  #finish(end: 'well' | 'badly', terminal: StreamEvent): void {
    this.#out.push(terminal);
    this.#forget();
    this.#end = end;
  }

  #forget(): void {
    this.#start = undefined;
    this.#entries = [];
    this.#byKey.clear();
    this.#unended.clear();
    this.#unanswered.clear();
    this.#flowing = undefined;
    this.#nextIndex = 0;
    this.#contradiction = undefined;
    this.#before = 0;
    this.#since = 0;
    for (const facts of [this.#known, this.#usage, this.#news, this.#newUsage]) facts.clear();
    this.#reason = null;
    this.#reportedReason = undefined;
  }

  #begin(key: BlockKey, kind: 'text' | 'thinking' | AnyContentBlock | LooseBlock): Written {
    this.begin();
    if (this.isOpen(key)) throw this.contradiction(`Block ${key} began twice`);
    const block = blockOf(kind);
    if (block.type === 'tool_use') this.#unanswered.add(block.id);
    const written: Written = { key, block, index: 0, said: textIn(block), asides: [], state: 'open' };
    this.#entries.push(written);
    this.#byKey.set(key, written);
    this.#emitStart(written, block);
    return written;
  }

  #emitStart(written: Written, block: AnyContentBlock): void {
    written.index = this.#nextIndex;
    this.#nextIndex += 1;
    this.#unended.add(written);
    this.#out.push(events.blockStart(written.index, block));
  }

  #grow(written: Written, given: string | AnyContentBlockDelta): void {
    const delta = typeof given === 'string' ? this.#deltaOf(written, given) : given;
    const piece = pieceIn(delta);
    if (piece === undefined) written.asides.push(delta);
    else written.said += piece;
    this.#out.push(events.blockDelta(written.index, delta));
  }

  #deltaOf({ block, key }: Written, piece: string): AnyContentBlockDelta {
    switch (block.type) {
      case 'text':
        return { type: 'text_delta', text: piece };
      case 'thinking':
        return { type: 'thinking_delta', thinking: piece };
      case 'tool_use':
      case 'server_tool_use':
      case 'mcp_tool_use':
        return { type: 'input_json_delta', partial_json: piece };
      default:
        throw this.contradiction(`Block ${key} is a ${block.type}, which does not grow`);
    }
  }

  #stop(written: Written): void {
    this.#know(written, 'stopped');
    this.#emitEnd(written);
  }

  #abort(written: Written, reason: string): void {
    this.#know(written, { aborted: reason });
    this.#emitEnd(written);
  }

  /** Learns how a block ends, before anything is emitted of it. */
  #know(written: Written, state: Written['state']): void {
    written.state = state;
    if (written === this.#flowing) this.#flowing = undefined;
  }

  #emitEnd(written: Written): void {
    const { index, state } = written;
    this.#unended.delete(written);
    this.#out.push(
      typeof state === 'object' ? events.blockAbort(index, state.aborted) : events.blockStop(index),
    );
  }

  /** Notes that what was written is wrong; it is put right at once where that is due. */
  #contradict(message: string): void {
    this.#contradiction = message;
    if (this.#since >= this.#before) this.#restate();
  }

  /** Writes the message at hand anew. */
  #restate(): void {
    if (this.#start === undefined || this.#contradiction === undefined) return;
    this.#reset(this.#contradiction);
    this.#contradiction = undefined;
    this.#before += this.#since;
    this.#since = 0;
    this.#nextIndex = 0;
    this.#unended.clear();
    this.#news = new Map([...this.#known].filter(([name, value]) => this.#atStart.get(name) !== value));
    this.#newUsage = new Map(this.#usage);
    this.#reportedReason = undefined;
    this.#out.push(this.#start);
    for (const entry of this.#entries) {
      if (isBlock(entry)) this.#rewrite(entry);
      else this.#out.push(entry.result);
    }
  }

  #rewrite(written: Written): void {
    const { block, said, asides, state } = written;
    this.#emitStart(written, textIn(block) === '' ? block : blockOf(block.type as 'text' | 'thinking'));
    const { index } = written;
    if (said !== '') this.#out.push(events.blockDelta(index, this.#deltaOf(written, said)));
    for (const delta of asides) this.#out.push(events.blockDelta(index, delta));
    if (state !== 'open') this.#emitEnd(written);
  }

  #reset(cause: string): void {
    this.#attempt += 1;
    this.#out.push(events.reset(this.#attempt, new StreamError('protocol', cause)));
  }

  #openBlock(key: BlockKey): Written {
    const written = this.#byKey.get(key);
    if (written?.state === 'open') return written;
    throw this.contradiction(`Block ${key} is not open`);
  }
}

function isBlock(entry: Entry): entry is Written {
  return 'block' in entry;
}

function blockOf(block: 'text' | 'thinking' | AnyContentBlock | LooseBlock): AnyContentBlock {
  if (block === 'text') return { type: 'text', text: '', citations: null };
  if (block === 'thinking') return { type: 'thinking', thinking: '', signature: '' };
  // A block of an unknown type passes as it came.
  return block as object as AnyContentBlock;
}

/** The text, or thinking, that a block begins with. */
function textIn(block: AnyContentBlock): string {
  return block.type === 'text' ? block.text : block.type === 'thinking' ? block.thinking : '';
}

function isCall(block: AnyContentBlock): block is Extract<AnyContentBlock, { readonly input: unknown }> {
  return block.type === 'tool_use' || block.type === 'server_tool_use' || block.type === 'mcp_tool_use';
}

/** The JSON of the input that a call begins with; none for an empty one, which is still to come. */
function inputIn(block: AnyContentBlock): string {
  const json = isCall(block) ? (JSON.stringify(block.input) ?? '') : '';
  return json === '{}' ? '' : json;
}

/** What grows in a block, where a delta is a piece of it. */
function pieceIn(delta: AnyContentBlockDelta): string | undefined {
  switch (delta.type) {
    case 'text_delta':
      return delta.text;
    case 'thinking_delta':
      return delta.thinking;
    case 'input_json_delta':
      return delta.partial_json;
    default:
      return undefined;
  }
}

function saysSome(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '';
}
