import { isKnownBlock, type AnyContentBlock, type Block, type BlockState } from '../../events/block.js';
import type { AnyContentBlockDelta } from '../../events/delta.js';
import { StreamError } from '../../errors/streamError.js';
import { Rope } from '../../json/rope.js';
import type { JsonValue } from '../../json/value.js';
import { InputReader } from '../calls/inputReader.js';
import type { CallOf } from '../calls/toolInput.js';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** The state of a draft, without what is the same for all: its index and the deltas nobody understood. */
type Progress<State = BlockState> = State extends unknown ? Omit<State, 'index' | 'unknownDeltas'> : never;

const STREAMING = { status: 'streaming' } as const;
const COMPLETE = { status: 'complete' } as const;

/**
 * One block while it is written. It belongs to one subscription and changes; what it hands out never does: every
 * change makes a new object, and without a change it hands out the same one.
 */
export class Draft {
  readonly index: number;
  /** The block as it began: what never changes in it can be read here without reading the input. */
  readonly start: AnyContentBlock;
  /** Which call it is, for a block that is one. */
  readonly call: CallOf<string> | undefined;
  /** This draft and no other; made once, for it is asked for on every delta. */
  readonly alone: readonly Draft[] = [this];
  #content: AnyContentBlock;
  readonly #isKnown: boolean;
  #progress: Progress = STREAMING;
  /** Reads the input, once a piece of it has come. */
  #input: InputReader | undefined;
  #isUnseen = false;
  /** The text of a block that is text or thinking, once a piece of it has come. */
  #text: Rope | undefined;
  #failure: StreamError | undefined;
  #unknownDeltas: AnyContentBlockDelta[] | undefined;
  #block: Block | undefined;
  /** The one field that grew since `#block` was made. */
  #grown: string | undefined;

  /**
   * @param index - the block's place in the message
   * @param start - the block as its start event, or the start of the message, has it
   */
  constructor(index: number, start: AnyContentBlock) {
    this.index = index;
    this.start = start;
    this.call = identify(index, start);
    this.#content = start;
    this.#isKnown = isKnownBlock(start);
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
  get input(): InputReader | undefined {
    return this.#input;
  }

  /** The block with its index and status. */
  get block(): Block {
    // A clone of the one before with one field written is far cheaper than an object built anew.
    const { content } = this;
    if (this.#block === undefined) this.#block = this.#newBlock(content);
    else if (this.#grown !== undefined) this.#block = withField(this.#block, this.#grown, content);
    this.#grown = undefined;
    return this.#block;
  }

  get isOpen(): boolean {
    return this.#progress === STREAMING;
  }

  /** Why the block is not what it was to be, for one that is `invalid` or `aborted`. */
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
    const before = this.#content;
    if (!this.#isKnown) return this.#keep(delta);
    switch (delta.type) {
      case 'text_delta':
        if (before.type !== 'text') break;
        if (delta.text === '') return false;
        return this.#grow(before, 'text', this.#append(before.text, delta.text));
      case 'input_json_delta':
        if (!('input' in before)) break;
        this.#input ??= new InputReader();
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
        return this.#grow(before, 'citations', [...(before.citations ?? []), delta.citation]);
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
    this.#failure = new StreamError('tool-input', `The input is no JSON: ${outcome.message}`, details);
  }

  /** Gives the block up: it keeps what it has, of an input what is certain. */
  abort(reason: string): void {
    this.#end({ status: 'aborted', reason });
    this.#failure = new StreamError('truncated', reason, { raw: this.#input?.json });
    if (this.#input !== undefined) this.#showInput(this.#input.settled);
  }

  #showInput(value: JsonValue | undefined): boolean {
    this.#isUnseen = false;
    const content = this.#content;
    if (!('input' in content) || value === undefined || value === content.input) return false;
    return this.#grow(content, 'input', value);
  }

  /** Through a rope: to keep each piece by itself takes many times the memory of a text that is whole. */
  #append(before: string, piece: string): string {
    this.#text ??= new Rope(before);
    this.#text.append(piece);
    return this.#text.text;
  }

  #grow<B extends AnyContentBlock, K extends keyof B & string>(before: B, field: K, value: B[K]): true {
    const content: Mutable<B> = { ...before };
    content[field] = value;
    this.#content = content as B;
    if (this.#grown !== undefined && this.#grown !== field) this.#block = undefined;
    this.#grown = field;
    return true;
  }

  #replace(content: AnyContentBlock): true {
    this.#content = content;
    this.#block = undefined;
    return true;
  }

  #newBlock(content: AnyContentBlock): Block {
    const { index } = this;
    const unknownDeltas = this.#unknownDeltas && { unknownDeltas: this.#unknownDeltas };
    return { ...content, index, ...this.#progress, ...unknownDeltas };
  }

  #keep(delta: AnyContentBlockDelta): true {
    this.#unknownDeltas = [...(this.#unknownDeltas ?? []), delta];
    this.#block = undefined;
    return true;
  }

  #end(progress: Progress): void {
    this.#progress = progress;
    this.#block = undefined;
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
