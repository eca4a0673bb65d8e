import { isKnownBlock, type AnyContentBlock, type Block, type InputBlockState } from '../../events/block.js';
import type { AnyContentBlockDelta } from '../../events/delta.js';
import { StreamError } from '../../errors/streamError.js';
import { Rope } from '../../json/rope.js';
import type { JsonValue } from '../../json/value.js';
import type { CallOf } from './callOf.js';
import type { OpenInput } from './openInput.js';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** The state of a draft, without what is the same for all: its index and the deltas that no one understood. */
type Progress = Omit<InputBlockState, 'index' | 'unknownDeltas'>;

const STREAMING = { status: 'streaming' } as const;
const COMPLETE = { status: 'complete' } as const;

/**
 * One block while it is written. It belongs to one subscription and changes; what it hands out never does: every
 * change makes a new object, and without a change it hands out the same one.
 */
export class Draft<Input extends OpenInput = OpenInput> {
  readonly index: number;
  /** The block as it began: what never changes in it can be read here without reading the input. */
  readonly start: AnyContentBlock;
  /** Which call it is, for a block that is one. */
  readonly call: CallOf<string> | undefined;
  /** A list of this draft only; made once, because every delta asks for it. */
  readonly asList: readonly this[] = [this];
  readonly #openInput: () => Input;
  readonly #isKnown: boolean;
  /** The content without its long lists, so that it can be copied. */
  #plain: AnyContentBlock;
  #content: AnyContentBlock;
  #progress: Progress = STREAMING;
  #input: Input | undefined;
  #isUnseen = false;
  /** The text of a block that is text or thinking, once a piece of it has come. */
  #text: Rope | undefined;
  #citations: GrowingList | undefined;
  #unknownDeltas: GrowingList | undefined;
  #failure: StreamError | undefined;
  #block: Block | undefined;
  /** The one field that grew since `#block` was made. */
  #grown: string | undefined;

  /**
   * @param index - the block's place in the message
   * @param start - the block as its start event, or the start of the message, has it
   * @param openInput - makes what reads an input
   */
  constructor(index: number, start: AnyContentBlock, openInput: () => Input) {
    this.index = index;
    this.start = start;
    this.call = identify(index, start);
    this.#openInput = openInput;
    this.#isKnown = isKnownBlock(start);
    this.#plain = start;
    this.#content = start;
  }

  /** The block as it stands in a message. */
  get content(): AnyContentBlock {
    this.look();
    return this.#content;
  }

  /** The block as it stood in a message when somebody last looked. */
  get seen(): AnyContentBlock {
    return this.#content;
  }

  /** Whether text of its input has come that nobody has looked at. */
  get isUnseen(): boolean {
    return this.#isUnseen;
  }

  /** What reads the input, for a block that has one and of which a piece has come. */
  get input(): Input | undefined {
    return this.#input;
  }

  /** The block with its index and status. */
  get block(): Block {
    this.look();
    // A clone of the one before with one field written is far cheaper than an object built anew.
    if (this.#block === undefined) this.#block = this.#newBlock();
    else if (this.#grown !== undefined) this.#block = withField(this.#block, this.#grown, this.#plain);
    this.#grown = undefined;
    return this.#block;
  }

  get isOpen(): boolean {
    return this.#progress === STREAMING;
  }

  /** Why the block is not what it should have been, for one that is `invalid` or `aborted`. */
  get failure(): StreamError | undefined {
    return this.#failure;
  }

  /**
   * Lets the block grow.
   *
   * @returns whether it is known that the block changed: an empty delta changes nothing, and what comes of an input is
   *   only read when somebody looks
   * @throws StreamError `protocol` for a delta that belongs to another type of block
   */
  apply(delta: AnyContentBlockDelta): boolean {
    const before = this.#plain;
    if (!this.#isKnown) return this.#keep(delta);
    switch (delta.type) {
      case 'text_delta':
        if (before.type !== 'text') break;
        if (delta.text === '') return false;
        return this.#grow(before, 'text', this.#append(before.text, delta.text));
      case 'input_json_delta':
        if (!('input' in before)) break;
        this.#input ??= this.#openInput();
        this.#input.write(delta.partial_json);
        this.#isUnseen = true;
        return false;
      case 'thinking_delta':
        if (before.type !== 'thinking') break;
        if (delta.thinking === '') return false;
        return this.#grow(before, 'thinking', this.#append(before.thinking, delta.thinking));
      case 'signature_delta':
        if (before.type !== 'thinking') break;
        return this.#grow(before, 'signature', delta.signature);
      case 'citations_delta':
        if (before.type !== 'text') break;
        this.#citations ??= new GrowingList(before.citations ?? []);
        this.#citations.push(delta.citation);
        return this.#replace({ ...before });
      case 'compaction_delta': {
        if (before.type !== 'compaction') break;
        const { content, encrypted_content } = delta;
        return this.#replace({ ...before, content, encrypted_content });
      }
      default:
        return this.#keep(delta);
    }
    throw new StreamError('protocol', `Block ${this.index} is ${before.type} and takes no ${delta.type}`);
  }

  /**
   * Reads what has come of the input.
   *
   * @returns whether the block changed
   */
  look(): boolean {
    return this.#isUnseen && this.#showInput(this.#input?.value);
  }

  /** Finishes the block, and its input with it. */
  close(): void {
    this.#end(COMPLETE);
    const input = this.#input;
    // No text at all stands for the input of the start, `{}` as a rule.
    if (input === undefined || input.json === '') return;
    const outcome = input.end();
    if (!(outcome instanceof StreamError)) {
      this.#showInput(outcome.value);
      return;
    }
    // What the provider advises to send back: https://docs.claude.com/en/docs/agents-and-tools/tool-use/fine-grained-tool-streaming
    this.#showInput({ INVALID_JSON: input.json });
    this.#end({ status: 'invalid', raw: input.json, reason: outcome.message });
    const details = { raw: input.json, cause: outcome };
    this.#failure = new StreamError('tool-input', `The input is not JSON: ${outcome.message}`, details);
  }

  /** Gives the block up: it keeps what it has, of an input what is certain. */
  abort(reason: string): void {
    this.#end({ status: 'aborted', reason });
    this.#failure = new StreamError('truncated', reason, { raw: this.#input?.json });
    if (this.#input !== undefined)
      this.#showInput(this.#input.settled ?? (this.start as { readonly input?: JsonValue }).input);
  }

  #showInput(value: JsonValue | undefined): boolean {
    this.#isUnseen = false;
    const plain = this.#plain;
    if (!('input' in plain) || value === undefined || value === plain.input) return false;
    return this.#grow(plain, 'input', value);
  }

  /** Through a rope: to keep each piece by itself takes many times the memory of a text that is whole. */
  #append(before: string, piece: string): string {
    this.#text ??= new Rope(before);
    this.#text.append(piece);
    return this.#text.text;
  }

  #grow<B extends AnyContentBlock, K extends keyof B & string>(before: B, field: K, value: B[K]): true {
    const plain: Mutable<B> = { ...before };
    plain[field] = value;
    const hasList = this.#citations !== undefined || this.#unknownDeltas !== undefined;
    const block = hasList || (this.#grown !== undefined && this.#grown !== field) ? undefined : this.#block;
    this.#replace(plain as B);
    this.#block = block;
    this.#grown = field;
    return true;
  }

  #replace(plain: AnyContentBlock): true {
    this.#plain = plain;
    this.#content = this.#citations === undefined ? plain : this.#citations.addTo({ ...plain }, 'citations');
    this.#block = undefined;
    return true;
  }

  #newBlock(): Block {
    // Only a block with an input is ever invalid.
    const block = { ...this.#plain, index: this.index, ...this.#progress } as Block;
    this.#citations?.addTo(block, 'citations');
    this.#unknownDeltas?.addTo(block, 'unknownDeltas');
    return block;
  }

  #keep(delta: AnyContentBlockDelta): true {
    this.#unknownDeltas ??= new GrowingList([]);
    this.#unknownDeltas.push(delta);
    this.#block = undefined;
    return true;
  }

  #end(progress: Progress): void {
    this.#progress = progress;
    this.#block = undefined;
  }
}

/** Up to so many items a list is copied at once; a longer one when it is read, or each would cost as much as all before. */
const MOST_COPIED = 64;

/** A list that only grows. What it shows of itself are plain arrays that never change. */
class GrowingList {
  readonly #items: unknown[];
  #shown: PropertyDescriptor | undefined;

  constructor(items: readonly unknown[]) {
    this.#items = items.slice();
  }

  push(item: unknown): void {
    this.#items.push(item);
    this.#shown = undefined;
  }

  /** Makes the list as it is now a member of an object: the same array for as long as nothing is added. */
  addTo<T extends object>(target: T, field: string): T {
    return Object.defineProperty(target, field, (this.#shown ??= this.#snapshot()));
  }

  #snapshot(): PropertyDescriptor {
    const items = this.#items;
    const { length } = items;
    const attributes = { enumerable: true, configurable: true };
    if (length <= MOST_COPIED) return { ...attributes, writable: true, value: items.slice() };
    let list: readonly unknown[] | undefined;
    return { ...attributes, get: () => (list ??= items.slice(0, length)) };
  }
}

function identify(index: number, start: AnyContentBlock): CallOf<string> | undefined {
  switch (start.type) {
    case 'tool_use':
    case 'server_tool_use':
    case 'mcp_tool_use':
      return { type: start.type, index, id: start.id, name: start.name };
    default:
      return undefined;
  }
}

/** The block with one field as it is in its content now. */
function withField(block: Block, field: string, content: AnyContentBlock): Block {
  const copy: Block = { ...block };
  Reflect.set(copy, field, Reflect.get(content, field));
  return copy;
}
