import { StreamError } from '../../errors/streamError.js';
import * as events from '../../events/make.js';
import type { Frame } from '../../wire/frame.js';
import type { MessageWriter } from '../kit/messageWriter.js';
import type { BlockKey } from '../kit/written.js';
import type {
  WorkerBlockAbort,
  WorkerBlockDelta,
  WorkerBlockStart,
  WorkerBlockStop,
  WorkerBlockType,
} from './event.js';

/** A tool's result while its text comes. */
interface Result {
  readonly id: string;
  content: string;
}

const WRITTEN_TYPES: readonly WorkerBlockType[] = ['Text', 'Thinking', 'ToolUse'];

/** Reads the blocks of one message, which a type and an index name together. */
export class Blocks {
  readonly #writer: MessageWriter;
  readonly #calls: Set<string>;
  /** The block that began last. */
  #latest: { readonly type: WorkerBlockType; readonly key: BlockKey } | undefined;
  /** The thinking of the blocks that are open. */
  readonly #thoughts = new Map<BlockKey, string>();
  /** The results that are open, by the index of their block. */
  readonly #results = new Map<number, Result>();

  /**
   * @param writer - of the message
   * @param calls - the ids of all calls so far
   */
  constructor(writer: MessageWriter, calls: Set<string>) {
    this.#writer = writer;
    this.#calls = calls;
  }

  /** @throws StreamError `protocol` for the result of a call that there was not */
  start(start: WorkerBlockStart, frame: Frame): void {
    if (start.block_type === 'ToolResult') {
      const id = start.metadata.ToolResult.tool_use_id;
      if (!this.#calls.has(id)) throw mismatch(frame, `A result of ${id}, which is no call of this stream`);
      this.#results.set(start.index, { id, content: '' });
      return;
    }
    const key = keyOf(start.block_type, start.index);
    // The crate begins a new scope, and what the former one held is gone.
    if (this.#writer.isOpen(key)) this.#giveUp(key, 'Another block began in its place');
    this.#latest = { type: start.block_type, key };
    if (start.block_type === 'Text') return this.#writer.startText(key);
    if (start.block_type === 'Thinking') {
      this.#thoughts.set(key, '');
      return this.#writer.startThinking(key);
    }
    const { id, name } = start.metadata.ToolUse;
    this.#calls.add(id);
    this.#writer.startTool(key, id, name);
  }

  /** @throws StreamError `protocol` for a piece of input where no call is open */
  grow({ index, delta }: WorkerBlockDelta, frame: Frame): void {
    if ('Text' in delta) this.#growText(index, delta.Text, frame);
    else if ('Thinking' in delta) this.#growThinking(index, delta.Thinking, frame);
    else this.#growInput(index, delta.InputJson, frame);
  }

  stop({ index, block_type, reasoning }: WorkerBlockStop): void {
    const key = block_type === 'ToolResult' ? undefined : this.#openAt(index, block_type);
    if (key === undefined) return this.#tellResult(index);
    const thought = this.#thoughts.get(key);
    if (thought !== undefined) {
      const { text, signature } = reasoning ?? {};
      // A summary may have been streamed in place of the text, so that only a text that goes on says more.
      if (typeof text === 'string' && text !== thought && text.startsWith(thought)) {
        this.#writer.grow(key, text.slice(thought.length));
      }
      if (typeof signature === 'string') {
        this.#writer.aside(key, (at) => events.signatureDelta(at, signature));
      }
      this.#thoughts.delete(key);
    }
    this.#writer.stop(key);
  }

  abort({ index, block_type, reason }: WorkerBlockAbort): void {
    if (block_type === 'ToolResult') {
      this.#results.delete(index);
      return;
    }
    const exact = keyOf(block_type, index);
    const key = this.#writer.isOpen(exact) ? exact : (this.#latestOf(block_type) ?? this.#openAt(index));
    if (key !== undefined) this.#giveUp(key, reason);
  }

  /** Stops what is open. */
  stopAll(): void {
    for (const index of [...this.#results.keys()]) this.#tellResult(index);
    for (const key of this.#writer.openKeys) this.#writer.stop(key);
  }

  #growText(index: number, text: string, frame: Frame): void {
    const result = this.#results.get(index);
    if (result !== undefined) {
      result.content += text;
      return;
    }
    const key = keyOf('Text', index);
    if (!this.#writer.isOpen(key)) this.start({ index, block_type: 'Text', metadata: 'Text' }, frame);
    this.#writer.grow(key, text);
  }

  #growThinking(index: number, thinking: string, frame: Frame): void {
    const key = keyOf('Thinking', index);
    if (!this.#writer.isOpen(key)) this.start({ index, block_type: 'Thinking', metadata: 'Thinking' }, frame);
    this.#thoughts.set(key, (this.#thoughts.get(key) ?? '') + thinking);
    this.#writer.grow(key, thinking);
  }

  #growInput(index: number, json: string, frame: Frame): void {
    const key = keyOf('ToolUse', index);
    // Text may begin by itself; a call has an id and a name, which cannot be made up.
    if (!this.#writer.isOpen(key)) {
      throw mismatch(frame, `A piece of input for block ${index}, which is no open call`);
    }
    this.#writer.grow(key, json);
  }

  #tellResult(index: number): void {
    const result = this.#results.get(index);
    if (result === undefined) return;
    this.#results.delete(index);
    this.#writer.result(result.id, result.content);
  }

  #giveUp(key: BlockKey, reason: string): void {
    this.#thoughts.delete(key);
    this.#writer.abort(key, reason);
  }

  /** The open block of this index, of this type before all others. */
  #openAt(index: number, type?: WorkerBlockType): BlockKey | undefined {
    const types = type === undefined ? WRITTEN_TYPES : [type, ...WRITTEN_TYPES];
    return types.map((of) => keyOf(of, index)).find((key) => this.#writer.isOpen(key));
  }

  #latestOf(type: WorkerBlockType): BlockKey | undefined {
    const latest = this.#latest;
    return latest?.type === type && this.#writer.isOpen(latest.key) ? latest.key : undefined;
  }
}

function keyOf(type: WorkerBlockType, index: number): BlockKey {
  return `${type} ${index}`;
}

function mismatch(frame: Frame, message: string): StreamError {
  return new StreamError('protocol', message, { raw: frame.data });
}
