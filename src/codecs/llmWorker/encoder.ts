import type { AnyContentBlock } from '../../events/block.js';
import type {
  ContentBlockDeltaEvent,
  MessageDeltaEvent,
  MessageStartEvent,
  StreamEvent,
  UnknownEvent,
} from '../../events/event.js';
import * as events from '../../events/make.js';
import type { Usage } from '../../events/usage.js';
import type { Frame } from '../../wire/frame.js';
import type { Encoder } from '../codec.js';
import type { WorkerBlockStop, WorkerEvent, WorkerStopReason } from './event.js';
import { OpenBlock } from './openBlock.js';
import { isKnownEvent } from './schemas.js';
import { stopReasons } from './stopReasons.js';
import * as workerEvents from './workerEvents.js';

/** Writes the events of one stream. The rules are those of the codec `llmWorker`. */
export class WorkerEncoder implements Encoder {
  /** By their index in the message. On the wire they have others: a result takes one too. */
  readonly #blocks = new Map<number, OpenBlock>();
  #nextIndex = 0;
  #begun = false;
  /** The last stop, held back until the next event: only then it is known whether it tells the stop reason. */
  #held: WorkerBlockStop | undefined;
  #stopReason: string | null = null;
  #inputTokens: number | undefined;
  #outputTokens = 0;

  next(event: StreamEvent): readonly Frame[] {
    return this.#write(event).map(frameOf);
  }

  end(): readonly Frame[] {
    return this.#release(null).map(frameOf);
  }

  #write(event: StreamEvent): readonly WorkerEvent[] {
    if (event.type === 'message_delta') return this.#conclude(event);
    if (this.#held === undefined) return this.#translate(event);
    return [...this.#release(null), ...this.#translate(event)];
  }

  #translate(event: Exclude<StreamEvent, MessageDeltaEvent>): readonly WorkerEvent[] {
    switch (event.type) {
      case 'content_block_delta':
        return this.#grow(event);
      case 'content_block_start':
        return this.#start(event.index, event.content_block);
      case 'content_block_stop':
        return this.#stop(event.index);
      case 'block_abort':
        return this.#abort(event.index, event.reason);
      case 'message_start':
        return this.#begin(event);
      case 'message_stop':
        return this.#finish();
      case 'error':
        this.#forget();
        return [workerEvents.error(event.error.type, event.error.message), workerEvents.status('Failed')];
      case 'reset':
        return this.#repeat(event.cause);
      case 'tool_result':
        return this.#result(event.tool_use_id, event.content);
      case 'unknown':
        return unknownEvent(event);
      case 'ping':
        return [workerEvents.ping()];
    }
  }

  #begin({ message }: MessageStartEvent): readonly WorkerEvent[] {
    // Gateways repeat the start of a message; here that would say that the response began again.
    if (this.#begun) return [];
    this.#begun = true;
    const usage = isSaid(message.usage) ? this.#count(message.usage) : [];
    const content = message.content
      .flatMap((block, index) => [events.blockStart(index, block), events.blockStop(index)])
      .flatMap((event) => this.#write(event));
    const ending = message.stop_reason ? this.#tellReason(message.stop_reason) : [];
    return [...usage, workerEvents.status('Started'), ...content, ...ending];
  }

  #start(index: number, content: AnyContentBlock): readonly WorkerEvent[] {
    const block = OpenBlock.of(this.#nextIndex, content);
    if (block === undefined) return [];
    this.#nextIndex += 1;
    this.#blocks.set(index, block);
    return block.begun;
  }

  #grow({ index, delta }: ContentBlockDeltaEvent): readonly WorkerEvent[] {
    return this.#blocks.get(index)?.grow(delta) ?? [];
  }

  #stop(index: number): readonly WorkerEvent[] {
    const block = this.#blocks.get(index);
    if (block === undefined) return [];
    this.#blocks.delete(index);
    this.#held = block.stop;
    return block.rest;
  }

  #abort(index: number, reason: string): readonly WorkerEvent[] {
    const block = this.#blocks.get(index);
    this.#blocks.delete(index);
    return block === undefined ? [] : [workerEvents.blockAbort(block.index, block.type, reason)];
  }

  #conclude({ delta, usage }: MessageDeltaEvent): readonly WorkerEvent[] {
    return [...this.#tellReason(delta.stop_reason), ...this.#count(usage)];
  }

  #tellReason(reason: string | null | undefined): readonly WorkerEvent[] {
    const stop = this.#release(wordOf(reason));
    this.#stopReason = reason ?? this.#stopReason;
    return stop;
  }

  /** Lets go of the stop that was held back; a stop reason that none is there for gets one of its own. */
  #release(stop_reason: WorkerStopReason | null): readonly WorkerEvent[] {
    const held = this.#held;
    this.#held = undefined;
    if (held !== undefined) return [{ BlockStop: { ...held, stop_reason } }];
    const isNew = stop_reason !== null && stop_reason !== wordOf(this.#stopReason);
    return isNew ? [workerEvents.textBlockStop(this.#nextIndex, stop_reason)] : [];
  }

  #count(usage: Partial<MessageDeltaEvent['usage']> | undefined): readonly WorkerEvent[] {
    const { input_tokens = null, output_tokens = null, ...rest } = usage ?? {};
    const { cache_read_input_tokens = null, cache_creation_input_tokens = null } = rest;
    const counts = { input_tokens, output_tokens, cache_read_input_tokens, cache_creation_input_tokens };
    if (Object.values(counts).every((tokens) => tokens === null)) return [];
    this.#inputTokens = input_tokens ?? this.#inputTokens;
    this.#outputTokens = output_tokens ?? this.#outputTokens;
    const total_tokens = this.#inputTokens === undefined ? null : this.#inputTokens + this.#outputTokens;
    return [{ Usage: { ...counts, total_tokens } }];
  }

  #finish(): readonly WorkerEvent[] {
    const status = this.#stopReason === 'cancelled' ? 'Cancelled' : 'Completed';
    const aborts = this.#abortOpen('The message ended inside this block');
    this.#forget();
    return [...aborts, workerEvents.status(status)];
  }

  #repeat(cause: unknown): readonly WorkerEvent[] {
    const again = this.#begun ? [workerEvents.status('Started')] : [];
    const aborts = this.#abortOpen(cause instanceof Error ? cause.message : 'The response is being repeated');
    this.#forget();
    return [...aborts, ...again];
  }

  #abortOpen(reason: string): readonly WorkerEvent[] {
    return [...this.#blocks.values()].map(({ index, type }) => workerEvents.blockAbort(index, type, reason));
  }

  #forget(): void {
    this.#begun = false;
    this.#blocks.clear();
    this.#nextIndex = 0;
    this.#stopReason = null;
    this.#inputTokens = undefined;
    this.#outputTokens = 0;
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
}

/** What the crate knows by the same name is something else, and must not be told. */
function unknownEvent({ name, data }: UnknownEvent): readonly WorkerEvent[] {
  return isKnownEvent(name, data) ? [] : [{ [name]: data ?? null } as object as WorkerEvent];
}

/** Whether this is more than the zeros that stand for an unknown usage. */
function isSaid(usage: Partial<Usage> | undefined): boolean {
  const { input_tokens = 0, output_tokens = 0, ...rest } = usage ?? {};
  const cached = rest.cache_read_input_tokens ?? rest.cache_creation_input_tokens ?? null;
  return input_tokens !== 0 || output_tokens !== 0 || cached !== null;
}

function frameOf(event: WorkerEvent): Frame {
  return { data: JSON.stringify(event) };
}

function wordOf(reason: string | null | undefined): WorkerStopReason | null {
  return (stopReasons.theirs(reason) as WorkerStopReason | undefined) ?? null;
}
