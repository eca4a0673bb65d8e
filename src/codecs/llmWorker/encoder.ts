import type { StreamEvent } from '../../events/event.js';
import type { Frame } from '../../wire/frame.js';
import type { Encoder } from '../codec.js';
import {
  MessageReader,
  type ReadBlock,
  type ReadCall,
  type Reading,
  type Tokens,
} from '../kit/messageReader.js';
import type {
  WorkerBlockStop,
  WorkerBlockType,
  WorkerEvent,
  WorkerReasoning,
  WorkerStopReason,
} from './event.js';
import { isKnownEvent } from './schemas.js';
import { stopReasons } from './stopReasons.js';
import * as workerEvents from './workerEvents.js';

/** A block as it is written. Its index is not that of the message: a result takes one too. */
interface Written {
  readonly index: number;
  readonly block_type: WorkerBlockType;
  reasoning?: WorkerReasoning;
}

/** Writes the events of one stream. The rules are those of the codec `llmWorker`. */
export class WorkerEncoder implements Encoder {
  readonly #reader = new MessageReader();
  readonly #blocks = new Map<ReadBlock, Written>();
  #nextIndex = 0;
  #begun = false;
  /** The last stop, held back until the next event: only then it is known whether it says the stop reason. */
  #held: WorkerBlockStop | undefined;
  #stopReason: string | null = null;
  #inputTokens: number | undefined;
  #outputTokens = 0;

  next(event: StreamEvent): readonly Frame[] {
    return this.#reader
      .next(event)
      .flatMap((reading) => this.#write(reading))
      .map(frameOf);
  }

  end(): readonly Frame[] {
    return this.#release(null).map(frameOf);
  }

  #write(reading: Reading): readonly WorkerEvent[] {
    if (reading.type === 'facts') return [...this.#giveReason(reading.stop), ...this.#count(reading.usage)];
    const stop = this.#held === undefined ? [] : this.#release(null);
    return [...stop, ...this.#translate(reading)];
  }

  #translate(reading: Exclude<Reading, { type: 'facts' }>): readonly WorkerEvent[] {
    switch (reading.type) {
      case 'begin': {
        this.#begun = true;
        const { usage } = reading.message;
        return [...(isSaid(usage) ? this.#count(usage) : []), workerEvents.status('Started')];
      }
      case 'open':
        return this.#open(reading.block);
      case 'text':
        return this.#grow(reading.block, 'Text', (index) => workerEvents.textDelta(index, reading.piece));
      case 'thinking':
        return this.#grow(reading.block, 'Thinking', (at) => workerEvents.thinkingDelta(at, reading.piece));
      case 'delta': {
        const written = this.#blocks.get(reading.block);
        if (written?.block_type === 'Thinking' && reading.delta.type === 'signature_delta') {
          written.reasoning = { ...written.reasoning, signature: reading.delta.signature };
        }
        return [];
      }
      case 'close':
        return this.#close(reading.block);
      case 'call':
        return this.#call(reading.call);
      case 'input':
        return this.#grow(reading.call, 'ToolUse', (at) => workerEvents.toolInputDelta(at, reading.piece));
      case 'whole': {
        const { call, json } = reading;
        // An input that came with the start of the call; `{}` stands for what is still to come.
        const isSaid = call.said === '' && json !== '{}' && json !== 'null';
        const input = isSaid
          ? this.#grow(call, 'ToolUse', (at) => workerEvents.toolInputDelta(at, json))
          : [];
        return [...input, ...this.#close(call)];
      }
      case 'abort': {
        const written = this.#take(reading.block);
        if (written === undefined) return [];
        return [workerEvents.blockAbort(written.index, written.block_type, reading.reason)];
      }
      case 'result':
        return this.#result(reading.id, reading.content);
      case 'end': {
        const status = this.#stopReason === 'cancelled' ? 'Cancelled' : 'Completed';
        this.#forget();
        return [workerEvents.status(status)];
      }
      case 'failure': {
        const { type, message } = reading.event.error;
        this.#forget();
        return [workerEvents.error(type, message), workerEvents.status('Failed')];
      }
      case 'reset': {
        const again = this.#begun ? [workerEvents.status('Started')] : [];
        this.#forget();
        return again;
      }
      case 'ping':
        return [workerEvents.ping()];
      case 'unknown':
        return unknownEvent(reading.name, reading.data);
    }
  }

  #open(block: ReadBlock): readonly WorkerEvent[] {
    switch (block.block.type) {
      case 'text':
        return [workerEvents.textBlockStart(this.#add(block, 'Text').index)];
      case 'thinking':
      case 'redacted_thinking': {
        const written = this.#add(block, 'Thinking');
        if (block.block.type === 'redacted_thinking')
          written.reasoning = { encrypted_content: block.block.data };
        else if (block.block.signature) written.reasoning = { signature: block.block.signature };
        return [workerEvents.thinkingBlockStart(written.index)];
      }
      default:
        // A call that the provider runs would be run once more, and the rest has no type in the crate.
        return [];
    }
  }

  #call(call: ReadCall): readonly WorkerEvent[] {
    const { index } = this.#add(call, 'ToolUse');
    return [workerEvents.toolUseStart(index, call.block.id, call.block.name)];
  }

  #add(block: ReadBlock, block_type: WorkerBlockType): Written {
    const written: Written = { index: this.#nextIndex, block_type };
    this.#nextIndex += 1;
    this.#blocks.set(block, written);
    return written;
  }

  /** Lets a block grow by what its type has a place for. */
  #grow(
    block: ReadBlock,
    type: WorkerBlockType,
    event: (index: number) => WorkerEvent,
  ): readonly WorkerEvent[] {
    const written = this.#blocks.get(block);
    return written?.block_type === type ? [event(written.index)] : [];
  }

  #close(block: ReadBlock): readonly WorkerEvent[] {
    this.#held = this.#take(block);
    return [];
  }

  #take(block: ReadBlock): Written | undefined {
    const written = this.#blocks.get(block);
    this.#blocks.delete(block);
    return written;
  }

  #giveReason(reason: string | null): readonly WorkerEvent[] {
    const stop = this.#release(wordOf(reason));
    this.#stopReason = reason ?? this.#stopReason;
    return stop;
  }

  /** Writes the stop that was held back; a stop reason that there is none for gets one of its own. */
  #release(stop_reason: WorkerStopReason | null): readonly WorkerEvent[] {
    const held = this.#held;
    this.#held = undefined;
    if (held !== undefined) return [{ BlockStop: { ...held, stop_reason } }];
    const isNew = stop_reason !== null && stop_reason !== wordOf(this.#stopReason);
    return isNew ? [workerEvents.textBlockStop(this.#nextIndex, stop_reason)] : [];
  }

  #count({ input_tokens = null, output_tokens = null, ...rest }: Tokens): readonly WorkerEvent[] {
    const { cache_read_input_tokens = null, cache_creation_input_tokens = null } = rest;
    const counts = { input_tokens, output_tokens, cache_read_input_tokens, cache_creation_input_tokens };
    if (Object.values(counts).every((tokens) => tokens === null)) return [];
    this.#inputTokens = input_tokens ?? this.#inputTokens;
    this.#outputTokens = output_tokens ?? this.#outputTokens;
    const total_tokens = this.#inputTokens === undefined ? null : this.#inputTokens + this.#outputTokens;
    return [{ Usage: { ...counts, total_tokens } }];
  }

  #result(id: string, content: unknown): readonly WorkerEvent[] {
    const index = this.#nextIndex;
    this.#nextIndex += 1;
    const text = typeof content === 'string' ? content : (JSON.stringify(content) ?? 'null');
    return [
      workerEvents.toolResultStart(index, id),
      ...(text === '' ? [] : [workerEvents.textDelta(index, text)]),
      workerEvents.toolResultStop(index),
    ];
  }

  #forget(): void {
    this.#begun = false;
    this.#blocks.clear();
    this.#nextIndex = 0;
    this.#stopReason = null;
    this.#inputTokens = undefined;
    this.#outputTokens = 0;
  }
}

/** What the crate knows by the same name is something else, and must not be said. */
function unknownEvent(name: string, data: unknown): readonly WorkerEvent[] {
  return isKnownEvent(name, data) ? [] : [{ [name]: data ?? null } as object as WorkerEvent];
}

/** Whether this is more than the zeros that stand for an unknown usage. */
function isSaid(usage: Tokens | undefined): usage is Tokens {
  const { input_tokens = 0, output_tokens = 0, ...rest } = usage ?? {};
  const cached = rest.cache_read_input_tokens ?? rest.cache_creation_input_tokens ?? null;
  return input_tokens !== 0 || output_tokens !== 0 || cached !== null;
}

function wordOf(reason: string | null): WorkerStopReason | null {
  return (stopReasons.theirs(reason) as WorkerStopReason | undefined) ?? null;
}

function frameOf(event: WorkerEvent): Frame {
  return { data: JSON.stringify(event) };
}
