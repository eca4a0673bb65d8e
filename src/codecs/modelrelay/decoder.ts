import { StreamError } from '../../errors/streamError.js';
import type { StreamEvent } from '../../events/event.js';
import * as events from '../../events/make.js';
import type { Frame } from '../../wire/frame.js';
import type { Decoder, DecoderOptions } from '../codec.js';
import { MessageWriter } from '../kit/messageWriter.js';
import { isObject, malformedFrame, objectIn, readFrame, shaped } from '../kit/policy.js';
import { Calls } from '../kit/calls.js';
import { Snapshots } from '../kit/snapshots.js';
import { Facts } from './facts.js';
import { plainInput, plainText } from './frequent.js';
import { namingOf, type Kind, type Naming } from './kinds.js';
import type { AnyFields, RelayToolCall, RelayToolCallDelta } from './records.js';
import { ndjsonStreamEventSchema, responsesStreamEnvelopeSchema } from './schemas.js';

type Json = Readonly<Record<string, unknown>>;

/** What is known of the message at hand. */
class Relayed {
  readonly facts = new Facts();
  readonly snapshots = new Snapshots();
  readonly calls: Calls;
  /** Whether the answer is a JSON document, or one of v2, whose payload is never text. */
  hasDocument = false;

  constructor(writer: MessageWriter) {
    this.calls = new Calls(writer);
  }
}

/** Reads the records of one stream, each in the dialect it is spelled in. */
export class ModelRelayDecoder implements Decoder {
  readonly #options: DecoderOptions;
  readonly #writer = new MessageWriter();
  #message = new Relayed(this.#writer);
  #hasEnded = false;

  constructor(options: DecoderOptions) {
    this.#options = options;
  }

  next(frame: Frame): readonly StreamEvent[] {
    return readFrame(frame, this.#options, () => {
      this.#read(objectIn(frame), frame);
      return this.#writer.take();
    });
  }

  end(): readonly StreamEvent[] {
    return [];
  }

  #read(record: Json, frame: Frame): void {
    if (this.#writer.hasBegun && this.#readFrequent(record, frame)) return;
    const naming = namingOf(record);
    if (naming === undefined) throw malformedFrame(frame, 'The record has neither a type nor an event');
    switch (naming.kind) {
      case undefined:
        return this.#writer.pass(events.unknown(naming.name, record));
      case 'ping':
        return this.#writer.pass(events.ping());
      case 'error':
        return this.#fail(record);
      default:
        this.#readContent(naming.kind, naming, record, frame);
    }
  }

  #readFrequent(record: Json, frame: Frame): boolean {
    const text = plainText(record);
    if (text !== undefined) {
      this.#writer.flow('text', text);
      return true;
    }
    const delta = plainInput(record);
    if (delta !== undefined) this.#message.calls.grow(delta, frame);
    return delta !== undefined;
  }

  #readContent(kind: Exclude<Kind, 'ping' | 'error'>, naming: Naming, record: Json, frame: Frame): void {
    const fields = checked(naming, record, frame);
    const delta = deltaIn(fields);
    if (delta === undefined && (kind === 'call start' || kind === 'call delta')) {
      throw malformedFrame(frame, `${naming.name}: no call is named`);
    }
    this.#enter(kind, naming, fields, frame);
    switch (kind) {
      case 'start':
        return;
      case 'text':
        return this.#grow(fields, events.unknown(naming.name, record));
      case 'thinking':
        return this.#writer.flow('thinking', fields.reasoning_delta ?? '');
      case 'call start':
        return this.#message.calls.announce(delta ?? {}, frame);
      case 'call delta':
        return this.#message.calls.grow(delta ?? {}, frame);
      case 'call stop':
        return this.#stopCalls(fields, delta, 'tool_result' in record, frame);
      case 'completion':
        return this.#complete(fields, events.unknown(naming.name, record), frame);
    }
  }

  /** Begins the message that the record belongs to, unless it has begun. */
  #enter(kind: Kind, { name }: Naming, fields: AnyFields, frame: Frame): void {
    const version: string | undefined = fields.stream_version;
    if (version && version !== 'v2') {
      const message = `The stream is of the version ${version}, which is not known`;
      throw new StreamError('protocol', message, { raw: frame.data });
    }
    if (this.#hasEnded && kind !== 'start') {
      throw new StreamError('protocol', `${name} came after the end of the answer`, { raw: frame.data });
    }
    this.#hasEnded = false;
    this.#message.facts.learn(fields, frame);
    this.#message.hasDocument ||= version === 'v2' || Boolean(fields.patch);
    if (!this.#writer.hasBegun) this.#writer.begin(this.#message.facts.start());
  }

  #grow(fields: AnyFields, whole: StreamEvent): void {
    const snapshot = this.#textOf(fields.payload);
    const piece = fields.delta ?? fields.text_delta ?? undefined;
    const isOfDocument = Boolean(fields.patch) || (hasPayload(fields) && snapshot === undefined);
    if (isOfDocument || (piece === undefined && fields.complete_fields?.length)) {
      return this.#writer.pass(whole);
    }
    const text = snapshot === undefined ? piece : this.#message.snapshots.next(snapshot);
    if (text !== undefined) this.#writer.flow('text', text);
  }

  #stopCalls(
    fields: AnyFields,
    delta: RelayToolCallDelta | undefined,
    hasResult: boolean,
    frame: Frame,
  ): void {
    const { calls } = this.#message;
    const finals = finalsIn(fields) ?? [];
    // A function that is named without its input is what the result is of, and no more.
    const ended = finals.filter(({ type, function: named }) => named || type !== 'function' || !hasResult);
    if (finals.length === 0) calls.end(delta, frame);
    else calls.finish(ended, frame);
    if (hasResult) this.#writer.result(calls.answered(finals, frame), fields.tool_result);
  }

  #complete(fields: AnyFields, whole: StreamEvent, frame: Frame): void {
    const { facts, calls } = this.#message;
    const text = fields.content ?? this.#textOf(fields.payload);
    if (fields.text_delta) this.#writer.flow('text', fields.text_delta);
    if (typeof text === 'string') this.#writer.settleText(text);
    const finals = finalsIn(fields);
    if (finals !== undefined) calls.conclude(finals, frame);
    if (hasPayload(fields) && this.#textOf(fields.payload) === undefined) this.#writer.pass(whole);
    if (facts.stopReason === 'cancelled') {
      calls.abort('The answer was cancelled');
      this.#writer.abortOpen('The answer was cancelled');
    }
    calls.end(undefined, frame);
    this.#writer.stopFlow();
    this.#writer.pass(facts.end());
    this.#writer.end();
    this.#forget();
  }

  /** An error is told whatever its shape: losing one would make a failure look like success. */
  #fail({ code, message, status, request_id }: Json): void {
    const type = typeof code === 'string' && code !== '' ? code : 'api_error';
    const said = typeof message === 'string' ? message : 'The server sent an error without a message';
    const event = events.error(type, said, typeof request_id === 'string' ? request_id : undefined);
    this.#writer.fail(
      typeof status === 'number' ? { ...event, error: { ...event.error, details: { status } } } : event,
    );
    this.#forget();
  }

  #forget(): void {
    this.#message = new Relayed(this.#writer);
    this.#hasEnded = true;
  }

  /** The text of a payload of v1; a document, of whatever dialect, has none. */
  #textOf(payload: unknown): string | undefined {
    if (this.#message.hasDocument || !isObject(payload)) return undefined;
    const { content } = payload;
    return typeof content === 'string' && Object.keys(payload).length === 1 ? content : undefined;
  }
}

function hasPayload({ payload }: AnyFields): boolean {
  return payload !== undefined && payload !== null;
}

function checked({ key, name }: Naming, record: Json, frame: Frame): AnyFields {
  return key === 'event'
    ? shaped(ndjsonStreamEventSchema, record, name, frame)
    : shaped(responsesStreamEnvelopeSchema, record, name, frame);
}

/** What a record says of a call, in a field of its own or, as the SDKs read it too, in its own fields. */
function deltaIn(fields: AnyFields): RelayToolCallDelta | undefined {
  const { tool_call_delta, index, id, name, tool_type } = fields;
  if (tool_call_delta) return tool_call_delta;
  if ((index ?? id ?? name ?? undefined) === undefined) return undefined;
  return {
    ...(typeof index === 'number' && { index }),
    ...(typeof id === 'string' && { id }),
    ...(tool_type && { type: tool_type }),
    function: {
      ...(typeof name === 'string' && { name }),
      ...(typeof fields.arguments === 'string' && { arguments: fields.arguments }),
    },
  };
}

/** The finished calls that a record names. */
function finalsIn({ tool_calls, tool_call }: AnyFields): readonly RelayToolCall[] | undefined {
  if (tool_call && !tool_calls?.length) return [tool_call];
  return tool_calls ?? undefined;
}
