import type { AnyContentBlock, Block, InputBlockState } from '../../events/block.js';
import type { AnyContentBlockDelta } from '../../events/delta.js';
import { StreamError } from '../../errors/streamError.js';
import { Rope } from '../../json/rope.js';
import type { JsonValue } from '../../json/value.js';
import { bounded, replacing } from './head.js';
import type { OpenInput } from './openInput.js';

/** How far a block has come. */
type Progress = Pick<InputBlockState, 'status' | 'reason' | 'raw'>;

/** The blocks that grow by deltas of their own, and by no others. */
const GROWING = /^(?:text|thinking|compaction|(?:server_|mcp_)?tool_use)$/;

const STREAMING: Progress = { status: 'streaming' };

/**
 * One block while it is written. It belongs to one subscription and changes; what it hands out never does. An input shows
 * only when the block has ended: {@link GrowingDraft} shows it while it comes in.
 */
export class Draft<Input extends OpenInput = OpenInput> {
  readonly index: number;
  /** The block as it began: what never changes in it can be read here without reading the input. */
  readonly start: AnyContentBlock;
  readonly #openInput: (start: AnyContentBlock) => Input;
  /** The content without what grows, which would be costly to copy with each piece. */
  #plain: AnyContentBlock;
  /** How far it has come: to read this costs less than to read the block. */
  state = STREAMING;
  /** What reads the input, for a block that has one and of which a piece has come. */
  input: Input | undefined;
  /** The text of a block that is text or thinking, which is also the name of the member, once a piece of it has come. */
  #text: Rope | undefined;
  /** The lists, once something has come for them; they only grow. */
  #citations: unknown[] | undefined;
  #unknownDeltas: unknown[] | undefined;

  /**
   * @param index - the block's place in the message
   * @param start - the block as its start event, or the start of the message, has it
   * @param openInput - makes what reads an input
   * @throws StreamError `limit` for a block of too many members
   */
  constructor(index: number, start: AnyContentBlock, openInput: (start: AnyContentBlock) => Input) {
    this.index = index;
    this.start = this.#plain = bounded(start);
    this.#openInput = openInput;
  }

  /** The block as it stands in a message. */
  get content(): AnyContentBlock {
    return this.completed(this.copy());
  }

  /** The block with its index and status. Only a block with an input is ever invalid. */
  get block(): Block {
    const copy = this.completed(this.copy({ index: this.index, ...this.state }) as Block);
    if (this.#unknownDeltas) this.addList(copy, 'unknownDeltas', this.#unknownDeltas);
    return copy;
  }

  get isOpen(): boolean {
    return this.state.status === 'streaming';
  }

  /**
   * Lets the block grow. What comes of an input is only read when somebody looks.
   *
   * @throws StreamError `protocol` for a delta that belongs to another type of block
   */
  apply(delta: AnyContentBlockDelta): void {
    const plain = this.#plain;
    switch (delta.type) {
      case 'text_delta':
        if (plain.type === 'text') return this.#append(plain.text, delta.text);
        break;
      case 'thinking_delta':
        if (plain.type === 'thinking') return this.#append(plain.thinking, delta.thinking);
        break;
      case 'signature_delta':
        if (plain.type === 'thinking') return this.#write({ signature: delta.signature });
        break;
      case 'input_json_delta':
        if (this.input === undefined) {
          if (!('input' in plain) || !GROWING.test(plain.type)) break;
          this.input = this.#openInput(plain);
        }
        return this.input.write(delta.partial_json || '');
      case 'citations_delta':
        if (plain.type !== 'text') break;
        (this.#citations ??= [plain.citations || []].flat()).push(delta.citation);
        return this.changed(true);
      case 'compaction_delta':
        if (plain.type !== 'compaction') break;
        return this.#write(replacing(plain, { ...delta, type: plain.type }));
      default:
        return this.#keep(delta);
    }
    if (GROWING.test(plain.type))
      throw new StreamError('protocol', `Block ${this.index} is ${plain.type} and takes no ${delta.type}`);
    this.#keep(delta);
  }

  /** Finishes the block, and its input with it. */
  close(): void {
    this.#end({ status: 'complete' });
    const { input } = this;
    // No text at all stands for the input of the start, `{}` as a rule.
    if (!input?.json) return;
    const outcome = input.end();
    if ('value' in outcome) return this.show(outcome.value);
    // What the provider advises to send back: https://docs.claude.com/en/docs/agents-and-tools/tool-use/fine-grained-tool-streaming
    this.show({ INVALID_JSON: input.json });
    this.#end({ status: 'invalid', raw: input.json, reason: outcome.message });
  }

  /** Gives the block up: it keeps what it has, of an input what is certain. */
  abort(reason: string): void {
    this.#end({ status: 'aborted', reason });
    if (this.input) this.show(this.input.settled ?? (this.start as { readonly input?: JsonValue }).input);
  }

  /** A copy of what does not grow, with more. */
  protected copy(more?: object): AnyContentBlock {
    return { ...this.#plain, ...more };
  }

  /** Adds to a copy what `#plain` has not. */
  protected completed<T extends object>(copy: T): T {
    if (this.#text) (copy as Record<string, unknown>)[this.start.type] = this.#text.text;
    if (this.#citations) this.addList(copy, 'citations', this.#citations);
    return copy;
  }

  /** Makes a list as it is now a member of an object. */
  protected addList(target: object, field: string, items: readonly unknown[]): void {
    Reflect.set(target, field, items.slice());
  }

  /** Called when the block is another one; its content too, unless only its state is. */
  protected changed(_isContent: boolean): void {
    // Nothing of it is kept here.
  }

  protected show(input: JsonValue | undefined): void {
    if (input !== undefined && input !== (this.#plain as { readonly input?: unknown }).input)
      this.#write({ input });
  }

  /** Through a rope: to keep each piece by itself takes many times the memory of a text that is whole. */
  #append(before: string, piece: string): void {
    // Events that no codec has checked may leave a text out.
    if (!piece) return;
    this.#text ??= new Rope(before);
    this.#text.append(piece);
    this.changed(true);
  }

  #write(members: object): void {
    this.#plain = bounded({ ...this.#plain, ...members });
    this.changed(true);
  }

  #keep(delta: AnyContentBlockDelta): void {
    (this.#unknownDeltas ??= []).push(delta);
    this.changed(false);
  }

  #end(progress: Progress): void {
    this.state = progress;
    this.changed(false);
  }
}
