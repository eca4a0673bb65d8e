import { StreamError } from '../../errors/streamError.js';
import type { StreamEvent } from '../../events/event.js';
import * as events from '../../events/make.js';
import type { Frame } from '../../wire/frame.js';
import type { Decoder, DecoderOptions } from '../codec.js';
import { MessageWriter } from '../kit/messageWriter.js';
import { readFrame, shaped } from '../kit/policy.js';
import { Blocks } from './blocks.js';
import type { WorkerBlockStop, WorkerEvent, WorkerResponseStatus, WorkerUsage } from './event.js';
import { lineIn } from './line.js';
import { isBlockDelta, isKnownEvent, workerEventSchemas } from './schemas.js';
import { stopReasonOf } from './stopReason.js';
import { tokensIn, type Tokens } from './tokens.js';

/** Reads the events of one stream. The rules are those of the codec `llmWorker`. */
export class WorkerDecoder implements Decoder {
  readonly #options: DecoderOptions;
  readonly #calls = new Set<string>();
  #writer = new MessageWriter();
  #blocks = new Blocks(this.#writer, this.#calls);
  #attempt = 1;
  /** What the head of a recording says. */
  #model = '';
  /** How the last message ended, if one has. */
  #lastEnd: 'well' | 'badly' | undefined;
  /** Told before the message began. */
  #tokens: Tokens = {};
  #outputTokens = 0;
  #stopReason: string | null = null;
  /** The stop reason of the last `message_delta`, if there was one. */
  #toldReason: string | null | undefined;

  constructor(options: DecoderOptions) {
    this.#options = options;
  }

  next(frame: Frame): readonly StreamEvent[] {
    return readFrame(frame, this.#options, (given) => {
      this.#read(given);
      return this.#writer.take();
    });
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
    if (name === 'BlockDelta' && isBlockDelta(body)) return this.#apply({ BlockDelta: body }, frame);
    if (!isKnownEvent(name, body)) return this.#writer.pass(events.unknown(name, body));
    const checked = shaped<unknown>(workerEventSchemas[name], body, name, frame);
    this.#apply({ [name]: checked } as WorkerEvent, frame);
  }

  #apply(event: WorkerEvent, frame: Frame): void {
    if ('BlockDelta' in event) {
      this.#begin();
      this.#blocks.grow(event.BlockDelta, frame);
    } else if ('BlockStart' in event) {
      this.#begin();
      this.#blocks.start(event.BlockStart, frame);
    } else if ('BlockStop' in event) this.#stop(event.BlockStop);
    else if ('BlockAbort' in event) this.#blocks.abort(event.BlockAbort);
    else if ('Usage' in event) this.#count(event.Usage);
    else if ('Status' in event) this.#follow(event.Status.status);
    else if ('Error' in event) this.#fail(event.Error.code ?? 'api_error', event.Error.message);
    else this.#writer.pass(events.ping());
  }

  #begin(): void {
    if (this.#writer.hasBegun) return;
    this.#writer.begin({ model: this.#model, usage: this.#tokens });
    this.#outputTokens = this.#tokens.output_tokens ?? 0;
    this.#tokens = {};
  }

  #stop(stop: WorkerBlockStop): void {
    if (this.#writer.hasBegun && typeof stop.stop_reason === 'string') {
      this.#stopReason = stopReasonOf(stop.stop_reason);
    }
    this.#blocks.stop(stop);
  }

  #count(usage: WorkerUsage): void {
    const tokens = tokensIn(usage);
    if (!this.#writer.hasBegun) {
      this.#tokens = { ...this.#tokens, ...tokens };
      return;
    }
    if (Object.keys(tokens).length === 0) return;
    this.#outputTokens = tokens.output_tokens ?? this.#outputTokens;
    this.#conclude(this.#stopReason, tokens);
  }

  #conclude(reason: string | null, tokens: Tokens = {}): void {
    this.#toldReason = reason;
    this.#writer.conclude(reason, { ...tokens, output_tokens: this.#outputTokens });
  }

  #follow(status: WorkerResponseStatus): void {
    switch (status) {
      case 'Started':
        if (this.#writer.hasBegun) this.#repeat();
        else this.#begin();
        break;
      case 'Completed':
        this.#finish(() => {
          this.#blocks.stopAll();
        });
        break;
      case 'Cancelled':
        this.#finish(() => {
          this.#writer.abortOpen('Cancelled');
          this.#stopReason = 'cancelled';
        });
        break;
      case 'Failed':
        this.#fail('api_error', 'The response failed, and nothing said why');
    }
  }

  #finish(closeBlocks: () => void): void {
    // Of a message that has ended nothing more is told.
    if (!this.#writer.hasBegun && this.#lastEnd !== undefined) return;
    this.#begin();
    closeBlocks();
    if (this.#toldReason !== this.#stopReason) this.#conclude(this.#stopReason);
    this.#writer.end();
    this.#forget('well');
  }

  #fail(type: string, message: string): void {
    // The same failure is told twice: by what it is, and by the status.
    if (!this.#writer.hasBegun && this.#lastEnd === 'badly') return;
    this.#writer.fail(events.error(type, message));
    this.#forget('badly');
  }

  /** The response begins again before it ended: what came of it is to be dropped. */
  #repeat(): void {
    this.#attempt += 1;
    this.#writer = new MessageWriter();
    const cause = new StreamError('protocol', 'The response started again before it had ended');
    this.#writer.pass(events.reset(this.#attempt, cause));
    this.#forget(undefined);
  }

  #forget(end: 'well' | 'badly' | undefined): void {
    this.#lastEnd = end;
    this.#blocks = new Blocks(this.#writer, this.#calls);
    this.#tokens = {};
    this.#stopReason = null;
    this.#toldReason = undefined;
  }
}
