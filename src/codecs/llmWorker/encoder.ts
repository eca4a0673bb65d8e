import type { Frame } from '../../wire/frame.js';
import { isStranger } from '../kit/door.js';
import { MessageEncoder } from '../kit/messageEncoder.js';
import type { ReadBlock, Reading, Tokens } from '../kit/messageReader.js';
import { WorkerDecoder } from './decoder.js';
import { workerEvents } from './make.js';
import { stopReasons } from './wire.js';
import type { WorkerBlockStop, WorkerBlockType, WorkerReasoning, WorkerStopReason } from './wire.js';

/** A block as it is written. Its index is not that of the message, because a result takes one too. */
interface Written {
  readonly index: number;
  readonly block_type: WorkerBlockType;
  reasoning?: WorkerReasoning;
}

const DELTAS = {
  Text: workerEvents.textDelta,
  Thinking: workerEvents.thinkingDelta,
  ToolUse: workerEvents.toolInputDelta,
};

/** Writes the events of one stream. The rules are those of the codec `llmWorker`. */
export class WorkerEncoder extends MessageEncoder {
  readonly #blocks = new WeakMap<ReadBlock, Written>();
  #nextIndex = 0;
  #begun = false;
  /** The last stop, held back until the next event shows whether it gives the stop reason. */
  #held: WorkerBlockStop | undefined;
  #stopReason: string | null = null;
  #inputTokens: number | undefined;
  #outputTokens = 0;

  override end(): readonly Frame[] {
    this.#release(null);
    return super.end();
  }

  protected override get saysReset(): boolean {
    return true;
  }

  protected override write(reading: Reading): void {
    this.#release(reading.type === 'facts' ? wordOf(reading.stop) : null);
    switch (reading.type) {
      case 'facts':
        this.#stopReason = reading.stop ?? this.#stopReason;
        return this.#count(reading.usage);
      case 'begin':
        this.#begun = true;
        if (isCounted(reading.message.usage)) this.#count(reading.message.usage);
        return this.put(workerEvents.status('Started'));
      case 'open':
        return this.#open(reading.block);
      case 'text':
        return this.#grow(reading.block, 'Text', reading.piece);
      case 'thinking':
        return this.#grow(reading.block, 'Thinking', reading.piece);
      case 'delta': {
        const written = this.#blocks.get(reading.block);
        if (written?.block_type === 'Thinking' && reading.delta.type === 'signature_delta') {
          written.reasoning = { ...written.reasoning, signature: reading.delta.signature };
        }
        return;
      }
      case 'close':
        this.#held = this.#blocks.get(reading.block);
        return;
      case 'call': {
        const { id, name } = reading.call.block;
        return this.put(workerEvents.toolUseStart(this.#add(reading.call, 'ToolUse').index, id, name));
      }
      case 'input':
        return this.#grow(reading.call, 'ToolUse', reading.piece);
      case 'whole': {
        const { call, json } = reading;
        // An input that came with the start of the call; `{}` stands for one that is still to come.
        if (call.said === '' && json !== '{}' && json !== 'null') this.#grow(call, 'ToolUse', json);
        this.#held = this.#blocks.get(call);
        return;
      }
      case 'abort': {
        const written = this.#blocks.get(reading.block);
        if (written === undefined) return;
        return this.put(workerEvents.blockAbort(written.index, written.block_type, reading.reason));
      }
      case 'result':
        return this.#result(reading.id, reading.content);
      case 'end':
        this.put(workerEvents.status(reading.ending.stop === 'cancelled' ? 'Cancelled' : 'Completed'));
        return this.#forget();
      case 'failure': {
        const { type, message } = reading.event.error;
        this.put(workerEvents.error(type, message));
        this.put(workerEvents.status('Failed'));
        return this.#forget();
      }
      case 'reset':
        if (this.#begun) this.put(workerEvents.status('Started'));
        return this.#forget();
      case 'approval':
      case 'progress':
        // The crate has no word for them.
        return;
      case 'ping':
        return this.put(workerEvents.ping());
      case 'unknown': {
        const event = { [reading.name]: reading.data ?? null };
        // The crate knows some names too, and means something else by them.
        if (isStranger(new WorkerDecoder(), { data: JSON.stringify(event) })) this.put(event);
      }
    }
  }

  #open(read: ReadBlock): void {
    const { block } = read;
    if (block.type === 'text') return this.put(workerEvents.textBlockStart(this.#add(read, 'Text').index));
    // A call that the provider runs would be run a second time, and the crate has no type for the rest.
    if (block.type !== 'thinking' && block.type !== 'redacted_thinking') return;
    const written = this.#add(read, 'Thinking');
    if (block.type === 'redacted_thinking') written.reasoning = { encrypted_content: block.data };
    else if (block.signature) written.reasoning = { signature: block.signature };
    this.put(workerEvents.thinkingBlockStart(written.index));
  }

  #add(block: ReadBlock, block_type: WorkerBlockType): Written {
    const written: Written = { index: this.#nextIndex++, block_type };
    this.#blocks.set(block, written);
    return written;
  }

  #grow(block: ReadBlock, type: keyof typeof DELTAS, piece: string): void {
    const written = this.#blocks.get(block);
    if (written?.block_type === type) this.put(DELTAS[type](written.index, piece));
  }

  /** Writes the stop that was held back. A new stop reason that finds none gets a stop of its own. */
  #release(stop_reason: WorkerStopReason | null): void {
    const held = this.#held;
    this.#held = undefined;
    if (held !== undefined) return this.put({ BlockStop: { ...held, stop_reason } });
    const isNew = stop_reason !== null && stop_reason !== wordOf(this.#stopReason);
    if (isNew) this.put(workerEvents.textBlockStop(this.#nextIndex, stop_reason));
  }

  #count({ input_tokens = null, output_tokens = null, ...rest }: Tokens): void {
    const { cache_read_input_tokens = null, cache_creation_input_tokens = null } = rest;
    const counts = { input_tokens, output_tokens, cache_read_input_tokens, cache_creation_input_tokens };
    if (Object.values(counts).every((tokens) => tokens === null)) return;
    this.#inputTokens = input_tokens ?? this.#inputTokens;
    this.#outputTokens = output_tokens ?? this.#outputTokens;
    const total_tokens = this.#inputTokens === undefined ? null : this.#inputTokens + this.#outputTokens;
    this.put({ Usage: { ...counts, total_tokens } });
  }

  #result(id: string, content: unknown): void {
    const index = this.#nextIndex++;
    const text = typeof content === 'string' ? content : (JSON.stringify(content) ?? 'null');
    this.put(workerEvents.toolResultStart(index, id));
    if (text !== '') this.put(workerEvents.textDelta(index, text));
    this.put(workerEvents.toolResultStop(index));
  }

  #forget(): void {
    this.#begun = false;
    this.#nextIndex = 0;
    this.#stopReason = null;
    this.#inputTokens = undefined;
    this.#outputTokens = 0;
  }
}

/** Whether this is more than the zeros that stand for an unknown usage. */
function isCounted(usage: Tokens | undefined): usage is Tokens {
  const { input_tokens = 0, output_tokens = 0, ...rest } = usage ?? {};
  const cached = rest.cache_read_input_tokens ?? rest.cache_creation_input_tokens ?? null;
  return input_tokens !== 0 || output_tokens !== 0 || cached !== null;
}

function wordOf(reason: string | null): WorkerStopReason | null {
  return (stopReasons.theirs(reason) as WorkerStopReason | undefined) ?? null;
}
