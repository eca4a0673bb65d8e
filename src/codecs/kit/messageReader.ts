import type { AnyContentBlock } from '../../events/block.js';
import type { AnyContentBlockDelta } from '../../events/delta.js';
import type {
  ErrorEvent,
  MessageDeltaEvent,
  StreamEvent,
  ToolApprovalEvent,
  ToolResultEvent,
} from '../../events/event.js';
import type { Message } from '../../events/message.js';
import type { Usage } from '../../events/usage.js';
import { Gathered } from './gathered.js';
import { blockOf, deltaOf, pieceIn, textIn } from './writtenBlock.js';

/** A block as far as it has been read. */
export interface ReadBlock<B extends AnyContentBlock = AnyContentBlock> {
  readonly block: B;
  /** The text, thinking or JSON that came of it. */
  said: string;
}

/** A call of one of the caller's tools. */
export type ReadCall = ReadBlock<Extract<AnyContentBlock, { readonly type: 'tool_use' }>>;

/** Numbers of tokens, as far as they are known. */
export type Tokens = { readonly [Field in keyof Usage]?: Usage[Field] | null };

/** What is known of a message as a whole, once it ends. */
export interface Ending {
  readonly stop: string | null;
  /** The stop sequence that was met. */
  readonly sequence: string | null;
  /** What was said last of each number. An input of 0 at the start says that nobody knows it yet, and is left out. */
  readonly usage: Tokens;
  readonly message: Message | undefined;
}

/** What an event says to whoever writes a protocol. */
export type Reading =
  /** A message begins; what stands in it follows as if it had been streamed. */
  | { readonly type: 'begin'; readonly message: Message }
  /** A block of any type begins, except for a call of the caller's; a text or thinking it begins with follows. */
  | { readonly type: 'open'; readonly block: ReadBlock }
  | { readonly type: 'text'; readonly block: ReadBlock; readonly piece: string }
  | { readonly type: 'thinking'; readonly block: ReadBlock; readonly piece: string }
  /** Anything else that came of a block: a signature, a citation, the input of a call that the provider runs. */
  | { readonly type: 'delta'; readonly block: ReadBlock; readonly delta: AnyContentBlockDelta }
  | { readonly type: 'close'; readonly block: ReadBlock }
  /** A call of the caller's begins, grows, and is whole: `json` is all of its input, `{}` where nothing came. */
  | { readonly type: 'call'; readonly call: ReadCall }
  | { readonly type: 'input'; readonly call: ReadCall; readonly piece: string }
  | { readonly type: 'whole'; readonly call: ReadCall; readonly json: string }
  /** A block, or a call, is given up, or was open when the message ended. */
  | { readonly type: 'abort'; readonly block: ReadBlock; readonly reason: string }
  | {
      readonly type: 'result';
      readonly id: string;
      readonly content: unknown;
      readonly isError: boolean;
      /** What says it. */
      readonly event: ToolResultEvent;
    }
  /** What a tool has so far, which is not its result. */
  | { readonly type: 'progress'; readonly id: string; readonly content: unknown }
  | { readonly type: 'approval'; readonly event: ToolApprovalEvent }
  | { readonly type: 'facts'; readonly stop: string | null; readonly usage: Tokens; readonly members: object }
  | { readonly type: 'end'; readonly ending: Ending }
  | { readonly type: 'failure'; readonly event: ErrorEvent; readonly ending: Ending }
  /** The answer begins anew: what is known of the attempt that failed. */
  | { readonly type: 'reset'; readonly ending: Ending }
  | { readonly type: 'ping' }
  | { readonly type: 'unknown'; readonly name: string; readonly data: unknown };

const NOTHING = { stop: null, sequence: null, message: undefined };

/**
 * Reads events for an encoder: which block a delta belongs to, what a call has come to, what the message cost. Content
 * and stop reason that stand in a `message_start` are read as if they had been streamed, once: a repeated start says
 * nothing. It holds the state of one subscription.
 */
export class MessageReader {
  readonly #open = new Map<number, ReadBlock>();
  readonly #usage = new Gathered();
  #ending: Omit<Ending, 'usage'> = NOTHING;

  /** @returns what the event says, in order; nothing where it adds nothing */
  next(event: StreamEvent): readonly Reading[] {
    switch (event.type) {
      case 'message_start':
        return this.#begin(event.message);
      case 'content_block_start':
        return this.#start(event.index, event.content_block);
      case 'content_block_delta':
        return this.#grow(event.index, event.delta);
      case 'content_block_stop':
        return this.#close(event.index);
      case 'block_abort':
        return this.#abort(event.index, event.reason);
      case 'message_delta':
        return this.#learn(event);
      case 'message_stop': {
        const aborts = this.#abortAll('The message ended inside this block');
        return [...aborts, { type: 'end', ending: this.#finish() }];
      }
      case 'error':
        this.#open.clear();
        return [{ type: 'failure', event, ending: this.#finish() }];
      case 'reset': {
        const { cause } = event;
        const reason = cause instanceof Error ? cause.message : 'The answer is being repeated';
        return [...this.#abortAll(reason), { type: 'reset', ending: this.#finish() }];
      }
      case 'tool_result': {
        const { tool_use_id: id, content, is_error: isError = false, preliminary } = event;
        if (preliminary) return [{ type: 'progress', id, content }];
        return [{ type: 'result', id, content, isError, event }];
      }
      case 'tool_approval':
        return [{ type: 'approval', event }];
      case 'ping':
      case 'unknown':
        return [event];
    }
  }

  #begin(message: Message): readonly Reading[] {
    if (this.#ending.message !== undefined) return [];
    this.#ending = { ...this.#ending, stop: null, sequence: message.stop_sequence ?? null, message };
    const { input_tokens, ...usage }: Tokens = message.usage ?? {};
    const stop = message.stop_reason ?? null;
    this.#note(stop, input_tokens ? { ...usage, input_tokens } : usage);
    const content = message.content.flatMap((block, index) => [
      ...this.#start(index, block),
      ...this.#close(index),
    ]);
    const facts: Reading = { type: 'facts', stop, usage: {}, members: {} };
    return [{ type: 'begin', message }, ...content, ...(stop === null ? [] : [facts])];
  }

  #start(index: number, content: AnyContentBlock): readonly Reading[] {
    const lost = this.#abort(index, 'Another block began in its place');
    const block: ReadBlock = { block: content, said: '' };
    this.#open.set(index, block);
    if (isCall(block)) return [...lost, { type: 'call', call: block }];
    const delta = deltaOf(content, textIn(content));
    const text = textIn(content) && delta !== undefined ? grown(block, delta) : [];
    return [...lost, { type: 'open', block }, ...text];
  }

  #grow(index: number, delta: AnyContentBlockDelta): readonly Reading[] {
    const block = this.#open.get(index);
    if (block !== undefined) return grown(block, delta);
    // Gateways leave the start of a text out; a call without one has no name, and other deltas mean nothing alone.
    if (delta.type !== 'text_delta' && delta.type !== 'thinking_delta') return [];
    const start = this.#start(index, blockOf(delta.type === 'text_delta' ? 'text' : 'thinking'));
    return [...start, ...this.#grow(index, delta)];
  }

  #close(index: number): readonly Reading[] {
    const block = this.#take(index);
    if (block === undefined) return [];
    if (!isCall(block)) return [{ type: 'close', block }];
    // No text at all stands for the input that the call began with.
    const json = block.said || (JSON.stringify(block.block.input) ?? '{}');
    return [{ type: 'whole', call: block, json }];
  }

  #take(index: number): ReadBlock | undefined {
    const block = this.#open.get(index);
    this.#open.delete(index);
    return block;
  }

  #abort(index: number, reason: string): readonly Reading[] {
    const block = this.#take(index);
    return block === undefined ? [] : [{ type: 'abort', block, reason }];
  }

  #abortAll(reason: string): readonly Reading[] {
    return [...this.#open.keys()].flatMap((index) => this.#abort(index, reason));
  }

  #learn({ delta, usage, type: _, ...members }: MessageDeltaEvent): readonly Reading[] {
    const stop = delta.stop_reason ?? null;
    this.#note(stop, usage ?? {});
    this.#ending = { ...this.#ending, sequence: delta.stop_sequence ?? this.#ending.sequence };
    return [{ type: 'facts', stop, usage: usage ?? {}, members }];
  }

  /** Numbers are cumulative. */
  #note(stop: string | null, tokens: Tokens): void {
    this.#usage.add(tokens);
    this.#ending = { ...this.#ending, stop: stop ?? this.#ending.stop };
  }

  #finish(): Ending {
    const ending = { ...this.#ending, usage: this.#usage.all as Tokens };
    this.#usage.clear();
    this.#ending = NOTHING;
    return ending;
  }
}

function isCall(block: ReadBlock): block is ReadCall {
  return block.block.type === 'tool_use';
}

function grown(block: ReadBlock, delta: AnyContentBlockDelta): readonly Reading[] {
  const piece = pieceIn(delta) ?? '';
  block.said += piece;
  if (delta.type === 'text_delta') return [{ type: 'text', block, piece }];
  if (delta.type === 'thinking_delta') return [{ type: 'thinking', block, piece }];
  if (delta.type === 'input_json_delta' && isCall(block)) return [{ type: 'input', call: block, piece }];
  return [{ type: 'delta', block, delta }];
}
