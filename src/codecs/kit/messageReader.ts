import type { AnyContentBlock } from '../../events/block.js';
import type { AnyContentBlockDelta } from '../../events/delta.js';
import type { ErrorEvent, MessageDeltaEvent, StreamEvent } from '../../events/event.js';
import * as events from '../../events/make.js';
import type { Message } from '../../events/message.js';
import type { Usage } from '../../events/usage.js';

/** A block as far as it has been read. */
export interface ReadBlock<B extends AnyContentBlock = AnyContentBlock> {
  /** Its index in the message. */
  readonly index: number;
  /** What it began with. */
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
  /** What was said last of each number. An input of 0 at the start says that nobody knows it yet, and is left out. */
  readonly usage: Tokens;
  /** The start of the message; `undefined` where there was none. */
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
  | { readonly type: 'result'; readonly id: string; readonly content: unknown }
  /** Something is said of the message as a whole. */
  | { readonly type: 'facts'; readonly stop: string | null; readonly usage: Tokens; readonly members: object }
  | { readonly type: 'end'; readonly ending: Ending }
  | { readonly type: 'failure'; readonly event: ErrorEvent; readonly ending: Ending }
  /** What was read of the message is to be dropped. */
  | { readonly type: 'reset' }
  | { readonly type: 'ping' }
  | { readonly type: 'unknown'; readonly name: string; readonly data: unknown };

/**
 * Reads events for an encoder: which block a delta belongs to, what a call has come to, what the message cost. Content
 * and stop reason that stand in a `message_start` are read as if they had been streamed, once: a repeated start says
 * nothing. It holds the state of one subscription.
 */
export class MessageReader {
  readonly #open = new Map<number, ReadBlock>();
  #message: Message | undefined;
  #stop: string | null = null;
  readonly #usage = new Map<string, unknown>();

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
      case 'block_abort': {
        const block = this.#take(event.index);
        return block === undefined ? [] : [{ type: 'abort', block, reason: event.reason }];
      }
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
        const aborts = this.#abortAll(
          cause instanceof Error ? cause.message : 'The answer is being repeated',
        );
        this.#finish();
        return [...aborts, { type: 'reset' }];
      }
      case 'tool_result':
        return [{ type: 'result', id: event.tool_use_id, content: event.content }];
      case 'ping':
      case 'unknown':
        return [event];
    }
  }

  #begin(message: Message): readonly Reading[] {
    if (this.#message !== undefined) return [];
    this.#message = message;
    const { input_tokens, ...usage }: Tokens = message.usage ?? {};
    this.#note(input_tokens ? { ...usage, input_tokens } : usage);
    this.#stop = message.stop_reason ?? null;
    const content = message.content.flatMap((block, index) => [
      ...this.#start(index, block),
      ...this.#close(index),
    ]);
    const facts: Reading = { type: 'facts', stop: this.#stop, usage: {}, members: {} };
    return [{ type: 'begin', message }, ...content, ...(this.#stop === null ? [] : [facts])];
  }

  #start(index: number, content: AnyContentBlock): readonly Reading[] {
    const before = this.#take(index);
    const lost: Reading[] =
      before === undefined
        ? []
        : [{ type: 'abort', block: before, reason: 'Another block began in its place' }];
    const block: ReadBlock = { index, block: content, said: '' };
    this.#open.set(index, block);
    if (isCall(block)) return [...lost, { type: 'call', call: block }];
    return [...lost, { type: 'open', block }, ...this.#say(block, content)];
  }

  /** The text or thinking that a block begins with. */
  #say(block: ReadBlock, content: AnyContentBlock): readonly Reading[] {
    if (content.type === 'text' && content.text) return grown(block, events.textDelta(0, content.text).delta);
    if (content.type === 'thinking' && content.thinking) {
      return grown(block, events.thinkingDelta(0, content.thinking).delta);
    }
    return [];
  }

  #grow(index: number, delta: AnyContentBlockDelta): readonly Reading[] {
    const block = this.#open.get(index);
    if (block !== undefined) return grown(block, delta);
    // Gateways leave the start of a text out; a call without one has no name, and other deltas mean nothing alone.
    if (delta.type !== 'text_delta' && delta.type !== 'thinking_delta') return [];
    const { content_block } =
      delta.type === 'text_delta' ? events.textStart(index) : events.thinkingStart(index);
    return [...this.#start(index, content_block), ...this.#grow(index, delta)];
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

  #abortAll(reason: string): readonly Reading[] {
    const aborts = [...this.#open.values()].map((block): Reading => ({ type: 'abort', block, reason }));
    this.#open.clear();
    return aborts;
  }

  #learn({ delta, usage, type: _, ...members }: MessageDeltaEvent): readonly Reading[] {
    const stop = delta.stop_reason ?? null;
    this.#stop = stop ?? this.#stop;
    this.#note(usage ?? {});
    return [{ type: 'facts', stop, usage: usage ?? {}, members }];
  }

  /** Numbers are cumulative: what comes later counts, where it says anything. */
  #note(usage: Tokens): void {
    for (const [name, value] of Object.entries(usage)) {
      if (value !== null && value !== undefined) this.#usage.set(name, value);
    }
  }

  #finish(): Ending {
    const ending: Ending = {
      stop: this.#stop,
      usage: Object.fromEntries(this.#usage),
      message: this.#message,
    };
    this.#message = undefined;
    this.#stop = null;
    this.#usage.clear();
    return ending;
  }
}

function isCall(block: ReadBlock): block is ReadCall {
  return block.block.type === 'tool_use';
}

function grown(block: ReadBlock, delta: AnyContentBlockDelta): readonly Reading[] {
  switch (delta.type) {
    case 'text_delta':
      block.said += delta.text;
      return [{ type: 'text', block, piece: delta.text }];
    case 'thinking_delta':
      block.said += delta.thinking;
      return [{ type: 'thinking', block, piece: delta.thinking }];
    case 'input_json_delta':
      block.said += delta.partial_json;
      if (isCall(block)) return [{ type: 'input', call: block, piece: delta.partial_json }];
      return [{ type: 'delta', block, delta }];
    default:
      return [{ type: 'delta', block, delta }];
  }
}
