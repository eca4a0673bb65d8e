import { quoted } from '../../errors/quoted.js';
import type { ErrorEvent, StreamEvent } from '../../events/event.js';
import * as events from '../../events/make.js';
import type { Frame } from '../../wire/frame.js';
import { checked, malformedFrame } from '../kit/door.js';
import { errorIn } from '../kit/errorIn.js';
import type { Json } from '../kit/json.js';
import { MessageDecoder } from '../kit/messageDecoder.js';
import { UiCalls } from './calls.js';
import { UiContent } from './content.js';
import { metadataIn } from './metadata.js';
import { unwrapped } from './output.js';
import { DONE, finishReasons, isDataName, PASSED, schemaOf, type Fields } from './wire.js';

const CUT_OFF = 'The answer ended before the input of this call did';

/** Good reasons, and none: a call that awaits its result says more. */
const LIKE_TOOL_USE: ReadonlySet<string | null> = /* @__PURE__ */ new Set(['end_turn', null]);

/** Reads the parts of one stream. The rules are those of the codec `aiSdkUi`. */
export class UiDecoder extends MessageDecoder {
  #calls = new UiCalls(this.writer, this.pass);
  #content = new UiContent(this.writer, this.pass);
  /** Where the step begins. */
  #step = 0;
  /** Whether it was said why the message ends, as an encoder says it where another message follows. */
  #isTold = false;
  /** How the message ends, once that was said: more may follow until the stream ends. */
  #end: 'finish' | 'abort' | undefined;

  override next(frame: Frame): readonly StreamEvent[] {
    if (frame.data !== DONE) return super.next(frame);
    this.writer.at(frame);
    this.#readDone();
    return this.writer.take();
  }

  /** A stream without a `[DONE]` is whole where its message has finished. */
  override end(): readonly StreamEvent[] {
    if (this.#end !== undefined) this.#conclude();
    return this.writer.take();
  }

  protected override read(value: Json, frame: Frame): void {
    const { type } = value;
    if (typeof type !== 'string' || type === '') {
      if (!this.readOther(value, undefined)) throw malformedFrame(frame, 'The part has no type');
      return;
    }
    if (type === 'error') return this.readError(value);
    const schema = schemaOf(type);
    if (schema === undefined) return void this.readOther(value, type);
    const fields = checked(schema, value, type, frame);
    if (isDataName(type)) {
      const { name, data } = unwrapped(value) ?? { name: type, data: value };
      return this.writer.emit(events.unknown(name, data));
    }
    if (PASSED.has(type) && type !== 'message-metadata') return this.writer.emit(events.unknown(type, value));
    if (this.writer.ended === 'badly' && type !== 'start') return this.pass('stray');
    this.#readPart(type, fields, value);
  }

  protected override readError(value: Json): void {
    const { errorText } = value;
    this.fail(errorIn(errorText === undefined || errorText === null ? value : { message: errorText }));
  }

  protected override fail(error: ErrorEvent): void {
    super.fail(error);
    this.#forget();
  }

  #readPart(type: string, fields: Fields, value: Json): void {
    switch (type) {
      case 'text-delta':
        return this.#content.grow('text', fields);
      case 'tool-input-delta':
        return this.#calls.grow(fields);
      case 'reasoning-delta':
        return this.#content.grow('reasoning', fields);
      case 'text-start':
        return this.#content.begin('text', fields);
      case 'text-end':
        return this.#content.end('text', fields);
      case 'reasoning-start':
        return this.#content.begin('reasoning', fields);
      case 'reasoning-end':
        return this.#content.end('reasoning', fields);
      case 'tool-input-start':
        return this.#calls.begin(fields);
      case 'tool-input-available':
        return this.#calls.settle(fields);
      case 'tool-input-error':
        return this.#calls.reject(fields);
      case 'tool-output-available':
        return this.#calls.answer(value, fields);
      case 'tool-output-error':
        return this.#calls.fail(value, fields);
      case 'tool-output-denied':
        return this.#calls.deny(fields);
      case 'tool-approval-request':
        return this.#calls.request(value, fields);
      case 'tool-approval-response':
        // One of a call in an earlier answer, which the app knows by the id of its approval.
        if (!this.#calls.decide(fields)) this.writer.emit(events.unknown(type, value));
        return;
      case 'source-url':
      case 'source-document':
        return this.#content.cite(value);
      case 'file':
        return this.#content.file(fields);
      default:
        return this.#live(type, fields);
    }
  }

  /** Reads what is said of the message as a whole. */
  #live(type: string, fields: Fields): void {
    switch (type) {
      case 'start':
        return this.#begin(fields);
      case 'start-step':
        this.writer.begin();
        this.#step = this.writer.place;
        return;
      case 'message-metadata':
        return this.#learn(fields);
      default:
    }
    if (!this.writer.hasBegun && (this.writer.ended !== undefined || !isEnd(type))) return this.pass('stray');
    switch (type) {
      case 'finish-step':
        this.#content.endStep();
        this.#calls.endStep();
        this.#step = this.writer.place;
        return this.#isTold ? this.#conclude() : undefined;
      case 'reset-step':
        this.#content.forgetStep();
        this.#calls.forgetStep();
        return this.writer.rewind(this.#step, 'The step is being repeated');
      case 'abort':
        this.writer.begin();
        this.writer.abortAll(fields.reason || 'The answer was cancelled');
        this.writer.learn({ stop: 'cancelled' });
        this.#end = 'abort';
        return;
      default:
        return this.#finish(fields);
    }
  }

  #begin({ messageId: id, messageMetadata }: Fields): void {
    const { facts, others } = metadataIn(messageMetadata);
    const isOther = Boolean(id) && this.writer.id !== undefined && id !== this.writer.id;
    if (isOther && this.#end !== undefined) this.#conclude();
    if (!this.writer.hasBegun)
      return this.writer.begin({ ...facts, id: id || facts.id, messageMetadata: others });
    if (isOther)
      throw this.writer.contradiction(
        `The message ${quoted(id)} began within the message ${quoted(this.writer.id)}`,
      );
    // One message may be made of several streams, each with a start.
    this.writer.learn({ id, ...facts });
    this.pass('stray');
  }

  #learn({ messageMetadata }: Fields): void {
    const { facts, stop, others } = metadataIn(messageMetadata);
    this.writer.learn(facts);
    this.#isTold ||= this.writer.hasBegun && stop !== undefined;
    if (others)
      this.writer.emit(
        events.unknown('message-metadata', { type: 'message-metadata', messageMetadata: others }),
      );
  }

  #finish({ finishReason, messageMetadata }: Fields): void {
    const { facts, stop, others } = metadataIn(messageMetadata);
    this.writer.begin();
    this.writer.learn({ ...facts, messageMetadata: others });
    // What was stopped ends no other way.
    if (this.#end === 'abort') return this.writer.learn({ stop: 'cancelled' });
    this.#end = 'finish';
    this.writer.learn({ stop: stop ?? this.#reasonIn(finishReason) });
  }

  #reasonIn(finishReason: string | null | undefined): string | null {
    const reason = finishReasons.ours(finishReason);
    return this.#calls.areAwaited && LIKE_TOOL_USE.has(reason) ? 'tool_use' : reason;
  }

  #readDone(): void {
    if (this.writer.ended !== undefined) return;
    if (this.#end === undefined) {
      if (!this.writer.hasBegun || this.writer.place === 0) return this.pass('stray');
      // Nothing says how the message ends: only what had ended by itself is whole.
      this.writer.abortAll('The stream ended before this block did');
      this.writer.learn({ stop: this.writer.reason ?? this.#reasonIn(null) });
    }
    this.#conclude();
  }

  #conclude(): void {
    this.#calls.abortOpen(CUT_OFF);
    this.writer.conclude();
    this.#forget();
  }

  #forget(): void {
    this.#calls = new UiCalls(this.writer, this.pass);
    this.#content = new UiContent(this.writer, this.pass);
    this.#step = 0;
    this.#isTold = false;
    this.#end = undefined;
  }
}

function isEnd(type: string): boolean {
  return type === 'finish' || type === 'abort';
}
