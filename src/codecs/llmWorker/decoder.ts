import type { StreamEvent } from '../../events/event.js';
import * as events from '../../events/make.js';
import type { Frame } from '../../wire/frame.js';
import type { Decoder } from '../codec.js';
import { checked } from '../kit/door.js';
import { MessageWriter, type BlockKey } from '../kit/messageWriter.js';
import type {
  WorkerBlockAbort,
  WorkerBlockDelta,
  WorkerBlockStart,
  WorkerBlockStop,
  WorkerBlockType,
  WorkerEvent,
  WorkerResponseStatus,
  WorkerUsage,
} from './event.js';
import { lineIn } from './line.js';
import { isKnownEvent, workerEventSchemas } from './schemas.js';
import { stopReasons } from './stopReasons.js';

/** The types of blocks that a message has; what a tool gave is no block of it. */
const WRITTEN_TYPES: readonly WorkerBlockType[] = ['Text', 'Thinking', 'ToolUse'];

/** Reads the events of one stream. The rules are those of the codec `llmWorker`. */
export class WorkerDecoder implements Decoder {
  readonly #writer = new MessageWriter();
  /** What the head of a recording says. */
  #model = '';
  /** The ids of all calls so far: a result belongs to one of them. */
  readonly #calls = new Set<string>();
  /** What tools gave, while its text comes, by the index of its block. */
  readonly #results = new Map<number, { readonly id: string; content: string }>();
  /** The block that began last. */
  #latest: { readonly type: WorkerBlockType; readonly key: BlockKey } | undefined;

  next(frame: Frame): readonly StreamEvent[] {
    this.#writer.at(frame);
    this.#read(frame);
    return this.#writer.take();
  }

  end(): readonly StreamEvent[] {
    return [];
  }

  #read(frame: Frame): void {
    const line = lineIn(frame);
    if ('model' in line) {
      this.#model = line.model;
      return;
    }
    const { name, body } = line;
    if (!isKnownEvent(name, body)) return this.#writer.emit(events.unknown(name, body));
    checked<unknown>(workerEventSchemas[name], body, name, frame);
    this.#apply({ [name]: body } as WorkerEvent);
  }

  #apply(event: WorkerEvent): void {
    if ('BlockDelta' in event) this.#grow(event.BlockDelta);
    else if ('BlockStart' in event) this.#start(event.BlockStart);
    else if ('BlockStop' in event) this.#stop(event.BlockStop);
    else if ('BlockAbort' in event) this.#abort(event.BlockAbort);
    else if ('Usage' in event) this.#count(event.Usage);
    else if ('Status' in event) this.#follow(event.Status.status);
    else if ('Error' in event) this.#fail(event.Error.code ?? 'api_error', event.Error.message);
    else this.#writer.emit(events.ping());
  }

  #begin(): void {
    if (this.#writer.hasBegun) return;
    this.#writer.learn({ model: this.#model });
    this.#writer.begin();
  }

  #start(start: WorkerBlockStart): void {
    this.#begin();
    if (start.block_type === 'ToolResult') {
      const id = start.metadata.ToolResult.tool_use_id;
      if (!this.#calls.has(id)) {
        throw this.#writer.contradiction(`A result came of ${id}, which is no call of this stream`);
      }
      this.#results.set(start.index, { id, content: '' });
      return;
    }
    const key = keyOf(start.block_type, start.index);
    // The crate begins a new scope, and what the former one held is gone.
    if (this.#writer.isOpen(key)) this.#writer.abort(key, 'Another block began in its place');
    this.#latest = { type: start.block_type, key };
    if (start.block_type === 'Text') return this.#writer.start(key, 'text');
    if (start.block_type === 'Thinking') return this.#writer.start(key, 'thinking');
    const { id, name } = start.metadata.ToolUse;
    this.#calls.add(id);
    this.#writer.start(key, events.toolUseStart(0, id, name).content_block);
  }

  #grow({ index, delta }: WorkerBlockDelta): void {
    this.#begin();
    if ('InputJson' in delta) return this.#writer.grow(keyOf('ToolUse', index), delta.InputJson);
    const isText = 'Text' in delta;
    const result = isText ? this.#results.get(index) : undefined;
    if (isText && result !== undefined) {
      result.content += delta.Text;
      return;
    }
    const type = isText ? 'Text' : 'Thinking';
    const key = keyOf(type, index);
    if (!this.#writer.isOpen(key))
      this.#start({ index, block_type: type, metadata: type } as WorkerBlockStart);
    this.#writer.grow(key, isText ? delta.Text : delta.Thinking);
  }

  #stop({ index, block_type, reasoning, stop_reason }: WorkerBlockStop): void {
    if (this.#writer.hasBegun) this.#writer.learn({ stop: stopReasons.ours(stop_reason) });
    const key = block_type === 'ToolResult' ? undefined : this.#openAt(index, block_type);
    if (key === undefined) return this.#giveResult(index);
    if (key === keyOf('Thinking', index)) {
      const { text, signature } = reasoning ?? {};
      const thought = this.#writer.saidBy(key) ?? '';
      // A summary may have been streamed in place of the text, so that only a text that goes on says more.
      const more = text?.startsWith(thought) ? text.slice(thought.length) : '';
      if (more !== '') this.#writer.grow(key, more);
      if (typeof signature === 'string') this.#writer.grow(key, { type: 'signature_delta', signature });
    }
    this.#writer.stop(key);
  }

  #abort({ index, block_type, reason }: WorkerBlockAbort): void {
    if (block_type === 'ToolResult') {
      this.#results.delete(index);
      return;
    }
    const exact = keyOf(block_type, index);
    const key = this.#writer.isOpen(exact) ? exact : (this.#latestOf(block_type) ?? this.#openAt(index));
    if (key !== undefined) this.#writer.abort(key, reason);
  }

  #count({
    input_tokens,
    output_tokens,
    cache_read_input_tokens,
    cache_creation_input_tokens,
  }: WorkerUsage): void {
    const usage = { input_tokens, output_tokens, cache_read_input_tokens, cache_creation_input_tokens };
    this.#writer.learn({ usage });
    const saysSome = Object.values(usage).some((count) => typeof count === 'number');
    if (saysSome && this.#writer.hasBegun) this.#writer.report();
  }

  #follow(status: WorkerResponseStatus): void {
    switch (status) {
      case 'Started':
        if (!this.#writer.hasBegun) return this.#begin();
        this.#writer.repeat('The response started again before it had ended');
        return this.#results.clear();
      case 'Completed':
        return this.#finish();
      case 'Cancelled':
        return this.#finish('cancelled');
      case 'Failed':
        return this.#fail('api_error', 'The response failed, and nothing said why');
    }
  }

  #finish(stop?: 'cancelled'): void {
    // Nothing more is said of a message that has ended.
    if (this.#writer.ended !== undefined) return;
    this.#begin();
    if (stop === undefined) for (const index of [...this.#results.keys()]) this.#giveResult(index);
    else this.#writer.abortAll('Cancelled');
    this.#writer.learn({ stop });
    this.#writer.conclude();
    this.#results.clear();
  }

  #fail(type: string, message: string): void {
    // The same failure is said twice: by what it is, and by the status.
    if (this.#writer.ended === 'badly') return;
    this.#writer.fail(events.error(type, message));
    this.#results.clear();
  }

  #giveResult(index: number): void {
    const result = this.#results.get(index);
    this.#results.delete(index);
    if (result !== undefined) this.#writer.result(result.id, result.content);
  }

  /** The open block of this index, one of this type before all others. */
  #openAt(index: number, type?: WorkerBlockType): BlockKey | undefined {
    const types = type === undefined ? WRITTEN_TYPES : [type, ...WRITTEN_TYPES];
    return types.map((of) => keyOf(of, index)).find((key) => this.#writer.isOpen(key));
  }

  #latestOf(type: WorkerBlockType): BlockKey | undefined {
    const latest = this.#latest;
    return latest?.type === type && this.#writer.isOpen(latest.key) ? latest.key : undefined;
  }
}

/** Blocks of different types may share an index. */
function keyOf(type: WorkerBlockType, index: number): BlockKey {
  return `${type} ${index}`;
}
