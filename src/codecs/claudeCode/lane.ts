import type { AnyContentBlock } from '../../events/block.js';
import type { EventOf, StreamEvent, ToolApprovalEvent } from '../../events/event.js';
import * as events from '../../events/make.js';
import { flawOf } from '../anthropic/decoder.js';
import { NO_CITATION } from '../anthropic/wire.js';
import type { Facts } from '../kit/facts.js';
import { isSameJson } from '../kit/sameJson.js';
import { MessageWriter } from '../kit/messageWriter.js';
import { blockOf, isCall, type LooseBlock } from '../kit/writtenBlock.js';
import { asText, type Json } from '../kit/json.js';
import type { Passing } from '../skip.js';
import type { AssistantMessage, ClaudeCodeAssistant } from './wire.js';

const CUT_OFF = 'The turn ended inside this block';

/** Of a message that has failed nothing follows. */
const OF_MESSAGE: ReadonlySet<StreamEvent['type']> = /* @__PURE__ */ new Set<StreamEvent['type']>([
  'content_block_start',
  'content_block_delta',
  'content_block_stop',
  'block_abort',
  'message_delta',
  'message_stop',
]);

/**
 * What one agent says: its messages, one after another. A message that has stopped is held back until it is clear what
 * follows, because results of its calls belong to it, and because only the end of the turn says that it ended well.
 */
export class Lane {
  readonly writer = new MessageWriter();
  readonly #pass: Passing;
  /** The id of the message, where it is told. */
  #id = '';
  /** Whether the message has stopped, and nothing has followed yet. */
  #hasStopped = false;
  #hasCalls = false;
  /** The blocks in their order, and how many of them have come whole. */
  #blocks: { readonly key: string; readonly block: LooseBlock }[] = [];
  #whole = 0;

  constructor(pass: Passing) {
    this.#pass = pass;
  }

  /** Reads an event of the Messages API. */
  event(event: StreamEvent): void {
    if (OF_MESSAGE.has(event.type) && this.writer.ended === 'badly') return this.#pass('stray');
    switch (event.type) {
      case 'message_start':
        return this.#begin(event);
      case 'content_block_start':
        return this.#start(event.index, event.content_block);
      case 'content_block_delta':
        return this.#grow(event);
      case 'content_block_stop':
      case 'block_abort': {
        const key = String(event.index);
        if (!this.writer.isOpen(key)) return this.#pass('stray');
        return event.type === 'block_abort' ? this.writer.abort(key, event.reason) : this.writer.stop(key);
      }
      case 'message_delta': {
        const { type: _type, delta, usage, ...members } = event;
        const { stop_reason, ...ofTheEnd } = delta;
        return this.writer.learn({ ...members, ...ofTheEnd, stop: stop_reason, usage });
      }
      case 'message_stop':
        if (!this.writer.hasBegun) return this.#pass('stray');
        this.#hasStopped = true;
        return;
      case 'error':
        return this.fail(event);
      case 'reset':
        if (!this.writer.hasBegun) return this.#pass('stray');
        this.writer.repeat('The answer is being repeated');
        return this.#forget();
      case 'tool_result':
        return this.result(event.tool_use_id, event.content, event.is_error);
      case 'tool_approval':
        return this.approval(event);
      case 'ping':
      case 'unknown':
        return this.writer.emit(event);
    }
  }

  /** Reads a message that comes whole, or the rest of one: blocks that were streamed before say nothing new. */
  whole({ message }: ClaudeCodeAssistant): void {
    const {
      id,
      content,
      stop_reason,
      usage,
      type: _type,
      role: _role,
      ...members
    }: Json & AssistantMessage = { ...message };
    if (!this.writer.hasBegun || (id !== '' && this.#id !== '' && id !== this.#id)) {
      this.conclude();
      this.#id = id;
      this.writer.begin({ ...members, id, usage });
    }
    // A line of a message that streams repeats what was told of it when it began.
    if (stop_reason) this.writer.learn({ stop: stop_reason, usage });
    for (const block of content) this.#settle(block as LooseBlock);
  }

  /** Takes what a tool gave: it belongs to the message that called it, as long as no other has begun. */
  result(id: string, content: unknown, isError?: boolean): void {
    if (this.writer.hasBegun) this.writer.result(id, content, isError);
    else if (this.writer.ended === 'badly') this.#pass('stray');
    else this.writer.emit(events.toolResult(id, content, isError));
  }

  /** Takes whether a call may be run: it belongs to the message that called, like its result. */
  approval(event: ToolApprovalEvent): void {
    if (this.writer.hasBegun) this.writer.tell(event);
    else this.#pass('stray');
  }

  /** Whether the message calls a tool by this id. */
  calls(id: string): boolean {
    return this.#blocks.some(({ block }) => block['id'] === id);
  }

  /** Ends the message, if there is one: another follows, or nothing does. */
  conclude(facts: Facts = {}): void {
    if (!this.writer.hasBegun) return;
    // One that stopped by itself has ended its blocks.
    const open = this.#hasStopped ? [] : this.#blocks.filter(({ key }) => this.writer.isOpen(key));
    for (const { key } of open) this.writer.abort(key, CUT_OFF);
    const hasCalls = this.#hasCalls && open.length === 0;
    const stop = this.writer.reason ?? (hasCalls && !facts.stop ? 'tool_use' : facts.stop);
    this.writer.learn({ ...facts, stop });
    this.writer.conclude();
    this.#forget();
  }

  fail(error: EventOf<'error'>, facts: Facts = {}): void {
    if (this.writer.hasBegun) {
      this.writer.learn({ ...facts, stop: this.writer.reason ?? facts.stop });
      if (this.#hasStopped || facts['usage_details'] !== undefined) this.writer.report();
    }
    this.writer.fail(error);
    this.#forget();
  }

  #begin({ message, type: _type, lane: _lane, ...others }: EventOf<'message_start'>): void {
    const { id, content, stop_reason, type: _message, role: _role, ...members } = message;
    if (this.writer.hasBegun && !this.#hasStopped) {
      if (id === '' || id !== this.#id)
        throw this.writer.contradiction('A message began before the one before it had stopped');
      this.writer.repeat('The message began twice');
      this.#forget();
    }
    this.conclude();
    this.#id = id;
    this.writer.begin({ ...others, ...members, id, stop: stop_reason });
    for (const [index, block] of content.entries()) {
      this.#start(index, block);
      this.writer.stop(String(index));
    }
  }

  #start(index: number, block: AnyContentBlock): void {
    const key = String(index);
    if (this.writer.isOpen(key)) throw this.writer.contradiction(`Block ${index} began twice`);
    this.#open(key, block);
  }

  #open(key: string, block: AnyContentBlock): void {
    const flaw = flawOf(block);
    this.#blocks.push({ key, block: block as LooseBlock });
    this.#hasCalls ||= block.type === 'tool_use' && flaw === undefined;
    this.writer.start(key, block, flaw);
  }

  #grow({ index, delta }: EventOf<'content_block_delta'>): void {
    const key = String(index);
    if (delta.type === 'citations_delta' && delta.citation === NO_CITATION) return this.#pass('no-event');
    // Its start was lost, or it has come whole since.
    if (!this.writer.isOpen(key) && (this.writer.hasLoss || this.writer.saidBy(key) !== undefined))
      return this.#pass(this.writer.hasLoss ? 'malformed' : 'stray');
    this.writer.grow(key, delta);
  }

  /** Takes a block that is whole: the next of those that were streamed, or one that was not. */
  #settle(block: LooseBlock): void {
    const final = finalOf(block);
    const known = this.#blocks.findIndex(
      (other, at) =>
        at >= this.#whole && other.block.type === block.type && other.block['id'] === block['id'],
    );
    if (known === -1) return this.#add(block, final);
    this.#whole = known + 1;
    const { key } = this.#blocks[known] as { readonly key: string };
    const said = this.writer.saidBy(key) ?? '';
    const isSame = isCall(block as object as AnyContentBlock) ? isSameJson(said, final) : said === final;
    // An empty one says that it is not shown.
    if (!isSame && final !== '') this.writer.settle(key, final);
  }

  #add(block: LooseBlock, final: string): void {
    const key = `whole:${this.#blocks.length}`;
    this.#open(key, begunOf(block));
    this.#whole = this.#blocks.length;
    if (final !== '') this.writer.grow(key, final);
    const { type, signature } = block;
    if (type === 'thinking' && typeof signature === 'string' && signature !== '')
      this.writer.grow(key, { type: 'signature_delta', signature });
    this.writer.stop(key);
  }

  #forget(): void {
    this.#id = '';
    this.#hasStopped = false;
    this.#hasCalls = false;
    this.#blocks = [];
    this.#whole = 0;
  }
}

/** What grew in a block that is whole. */
function finalOf({ type, text, thinking, input }: LooseBlock): string {
  if (type === 'text') return asText(text) ?? '';
  if (type === 'thinking') return asText(thinking) ?? '';
  return /^(?:server_|mcp_)?tool_use$/.test(type) ? (JSON.stringify(input) ?? '') : '';
}

/** A block as it begins, before anything has grown in it. */
function begunOf(block: LooseBlock): AnyContentBlock {
  const { type } = block;
  if (type === 'text') return blockOf({ citations: null, ...block, text: '' });
  if (type === 'thinking') return blockOf({ ...block, thinking: '', signature: '' });
  return blockOf('input' in block ? { ...block, input: {} } : block);
}
