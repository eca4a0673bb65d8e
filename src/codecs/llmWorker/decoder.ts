import { quoted } from '../../errors/quoted.js';
import type { ErrorEvent } from '../../events/event.js';
import * as events from '../../events/make.js';
import type { Frame } from '../../wire/frame.js';
import { checked, malformedFrame, objectIn } from '../kit/door.js';
import { errorIn } from '../kit/errorIn.js';
import { tokensIn } from '../kit/facts.js';
import type { Json } from '../kit/json.js';
import { MessageDecoder } from '../kit/messageDecoder.js';
import { isKnownEvent, stopReasons, tagOf, workerEventSchemas } from './wire.js';
import type { WorkerBlockType, WorkerEvent, WorkerEventBodies } from './wire.js';

/** The types of blocks that a message has; the output of a tool is not one of its blocks. */
const WRITTEN_TYPES: readonly WorkerBlockType[] = ['Text', 'Thinking', 'ToolUse'];

/** Reads the events of one stream. The rules are those of the codec `llmWorker`. */
export class WorkerDecoder extends MessageDecoder {
  #model = '';
  /** The ids of all calls so far: a result belongs to one of them. */
  readonly #calls = new Set<string>();
  readonly #results = new Map<number, { readonly id: string; content: string; isWhole: boolean }>();
  #latest: { readonly type: WorkerBlockType; readonly key: string } | undefined;

  /** Reads an event, or a line of the recordings that the crate is tested with: their head, or an event in `data`. */
  protected override read(line: Json, frame: Frame): void {
    const { timestamp, model, description, elapsed_ms, data } = line;
    if (timestamp !== undefined && description !== undefined && typeof model === 'string') {
      this.#model = model;
    } else if (typeof elapsed_ms === 'number' && tagOf(line) === undefined) {
      const recorded = { data: typeof data === 'string' ? data : (JSON.stringify(data) ?? '') };
      this.#readEvent(objectIn(recorded), recorded);
    } else this.#readEvent(line, frame);
  }

  override lose(frame: Frame, reason: string): void {
    super.lose(frame, reason);
    for (const result of this.#results.values()) result.isWhole = false;
  }

  #readEvent(value: Json, frame: Frame): void {
    const name = tagOf(value);
    if (name === undefined) {
      if (this.readOther(value, undefined)) return;
      const keys = Object.keys(value).length;
      throw malformedFrame(frame, `An event must have one key, its name, but has ${keys}`);
    }
    const body = value[name];
    // A failure is read in whatever shape, and a ping says the same.
    if (name === 'Error') return this.fail(errorIn(body));
    if (name === 'Ping') return this.writer.emit(events.ping());
    if (!isKnownEvent(name, body)) return void this.readOther(value, name, body);
    const event = { [name]: checked<unknown>(workerEventSchemas[name], body, name, frame) } as WorkerEvent;
    if ('BlockDelta' in event) this.#grow(event.BlockDelta);
    else if ('BlockStart' in event) this.#start(event.BlockStart);
    else if ('BlockStop' in event) this.#stop(event.BlockStop);
    else if ('BlockAbort' in event) this.#abort(event.BlockAbort);
    else if ('Usage' in event) this.#count(event.Usage);
    else if ('Status' in event) this.#follow(event.Status);
  }

  #start(start: WorkerEventBodies['BlockStart']): void {
    this.writer.begin({ model: this.#model });
    if (start.block_type === 'ToolResult') {
      const id = start.metadata.ToolResult.tool_use_id;
      if (this.#calls.has(id)) return void this.#results.set(start.index, { id, content: '', isWhole: true });
      if (this.writer.hasLoss || id === '')
        return void this.#results.set(start.index, { id, content: '', isWhole: false });
      throw this.writer.contradiction(`A result came of ${quoted(id)}, which is no call of this stream`);
    }
    const key = this.#open(start.block_type, start.index);
    if (start.block_type !== 'ToolUse')
      return this.writer.start(key, start.block_type === 'Text' ? 'text' : 'thinking');
    const { id, name } = start.metadata.ToolUse;
    this.#calls.add(id);
    this.writer.startCall(key, id, name);
  }

  /** Makes place for a block. Where another is open, the crate begins a new scope, and drops what the old one held. */
  #open(type: WorkerBlockType, index: number): string {
    const key = keyOf(type, index);
    if (this.writer.isOpen(key)) this.writer.abort(key, 'Another block began in its place');
    this.#latest = { type, key };
    return key;
  }

  #grow({ index, delta }: WorkerEventBodies['BlockDelta']): void {
    this.writer.begin({ model: this.#model });
    if ('InputJson' in delta) {
      const key = keyOf('ToolUse', index);
      // Its start was lost.
      if (this.writer.hasLoss && !this.writer.isOpen(key)) return this.pass('malformed');
      return this.writer.grow(key, delta.InputJson);
    }
    const [type, piece] =
      'Text' in delta ? (['Text', delta.Text] as const) : (['Thinking', delta.Thinking] as const);
    const result = type === 'Text' ? this.#results.get(index) : undefined;
    if (result !== undefined) {
      result.content += piece;
      this.writer.held += piece.length;
      return;
    }
    const key = keyOf(type, index);
    if (!this.writer.isOpen(key))
      this.writer.startUnasked(this.#open(type, index), type === 'Text' ? 'text' : 'thinking');
    this.writer.grow(key, piece);
  }

  #stop({ index, block_type, reasoning, stop_reason }: WorkerEventBodies['BlockStop']): void {
    if (this.writer.hasBegun) this.writer.learn({ stop: stopReasons.ours(stop_reason) });
    const key = block_type === 'ToolResult' ? undefined : this.#openAt(index, block_type);
    if (key === undefined) {
      if (!this.#results.has(index) && !stop_reason) this.pass('stray');
      return this.#giveResult(index);
    }
    if (key === keyOf('Thinking', index)) {
      const { text, signature } = reasoning ?? {};
      const thought = this.writer.saidBy(key) ?? '';
      // A summary may have been streamed in place of the text. Only a text that continues what was streamed adds to it.
      const more = text?.startsWith(thought) ? text.slice(thought.length) : '';
      if (more !== '') this.writer.grow(key, more);
      if (typeof signature === 'string') this.writer.grow(key, { type: 'signature_delta', signature });
    }
    this.writer.stop(key);
  }

  #abort({ index, block_type, reason }: WorkerEventBodies['BlockAbort']): void {
    if (block_type === 'ToolResult') return void this.#results.delete(index);
    const exact = keyOf(block_type, index);
    const latest = this.#latest?.type === block_type ? this.#latest.key : exact;
    const key = [exact, latest].find((key) => this.writer.isOpen(key)) ?? this.#openAt(index);
    if (key !== undefined) this.writer.abort(key, reason);
  }

  #count(counts: WorkerEventBodies['Usage']): void {
    const usage = tokensIn(counts);
    this.writer.learn({ usage });
    const hasCount = Object.values(usage).some((count) => typeof count === 'number');
    if (hasCount && this.writer.hasBegun) this.writer.report();
  }

  #follow({ status }: WorkerEventBodies['Status']): void {
    if (status === 'Completed' || status === 'Cancelled') return this.#finish(status === 'Cancelled');
    if (status === 'Failed')
      return this.fail(events.error('api_error', 'The response failed without a reason'));
    if (!this.writer.hasBegun) return this.writer.begin({ model: this.#model });
    this.writer.repeat('The response started again before it had ended');
    this.#results.clear();
  }

  #finish(isCancelled: boolean): void {
    // A message that has ended takes no second end.
    if (this.writer.ended !== undefined) return;
    this.writer.begin({ model: this.#model });
    if (isCancelled) {
      this.writer.abortAll('Cancelled');
      this.writer.learn({ stop: 'cancelled' });
    } else {
      for (const index of [...this.#results.keys()]) this.#giveResult(index);
    }
    this.writer.conclude();
    this.#results.clear();
  }

  protected override fail(error: ErrorEvent): void {
    super.fail(error);
    this.#results.clear();
  }

  #giveResult(index: number): void {
    const result = this.#results.get(index);
    this.#results.delete(index);
    if (result === undefined) return;
    this.writer.held -= result.content.length;
    if (result.isWhole) this.writer.result(result.id, result.content);
  }

  /** The open block of this index; one of this type comes first. */
  #openAt(index: number, ...type: WorkerBlockType[]): string | undefined {
    return [...type, ...WRITTEN_TYPES].map((of) => keyOf(of, index)).find((key) => this.writer.isOpen(key));
  }
}

/** Blocks of different types may share an index. */
function keyOf(type: WorkerBlockType, index: number): string {
  return `${type}:${index}`;
}
