import type { StreamEvent } from '../../events/event.js';
import * as events from '../../events/make.js';
import type { Frame } from '../../wire/frame.js';
import type { Decoder } from '../codec.js';
import { Calls, type CallPiece } from '../kit/calls.js';
import { checked, malformedFrame, objectIn } from '../kit/door.js';
import { isObject, type Json } from '../kit/json.js';
import { MessageWriter } from '../kit/messageWriter.js';
import { Snapshots } from '../kit/snapshots.js';
import { namingOf, type Kind, type Naming } from './kinds.js';
import type { AnyFields, RelayToolCall, RelayToolCallDelta } from './records.js';
import { ndjsonStreamEventSchema, responsesStreamEnvelopeSchema } from './schemas.js';
import { stopReasons } from './stopReasons.js';

/** Reads the records of one stream, each in the dialect it is spelled in. */
export class ModelRelayDecoder implements Decoder {
  readonly #writer = new MessageWriter();
  #calls = new Calls(this.#writer, { names: 'error' });
  #snapshots = new Snapshots();
  /** Whether the answer is a JSON document, or one of v2, whose payload is never text. */
  #hasDocument = false;

  next(frame: Frame): readonly StreamEvent[] {
    this.#writer.at(frame);
    this.#read(objectIn(frame), frame);
    return this.#writer.take();
  }

  end(): readonly StreamEvent[] {
    return [];
  }

  #read(record: Json, frame: Frame): void {
    const naming = namingOf(record);
    if (naming === undefined) throw malformedFrame(frame, 'The record has neither a type nor an event');
    switch (naming.kind) {
      case undefined:
        return this.#writer.emit(events.unknown(naming.name, record));
      case 'ping':
        return this.#writer.emit(events.ping());
      case 'error':
        return this.#fail(record);
      default:
        this.#readContent(naming.kind, naming, record, frame);
    }
  }

  #readContent(kind: Exclude<Kind, 'ping' | 'error'>, naming: Naming, record: Json, frame: Frame): void {
    const fields = fieldsIn(naming, record, frame);
    const whole = events.unknown(naming.name, record);
    const piece = pieceIn(fields);
    if (piece === undefined && (kind === 'call start' || kind === 'call delta')) {
      throw malformedFrame(frame, `${naming.name}: no call is named`);
    }
    this.#enter(kind, naming.name, fields);
    switch (kind) {
      case 'start':
        return;
      case 'text':
        return this.#grow(fields, whole);
      case 'thinking':
        return this.#writer.flow('thinking', fields.reasoning_delta ?? '');
      case 'call start':
        return this.#calls.announce(piece ?? {});
      case 'call delta':
        // After its start, an empty name says nothing.
        return this.#calls.grow({ ...piece, name: piece?.name || undefined });
      case 'call stop':
        return this.#stopCalls(fields, piece, 'tool_result' in record);
      case 'completion':
        return this.#complete(fields, whole);
    }
  }

  /** Begins the message that the record belongs to, unless it has begun. */
  #enter(kind: Kind, name: string, fields: AnyFields): void {
    const version: string | undefined = fields.stream_version;
    if (version && version !== 'v2') {
      throw this.#writer.contradiction(`The stream is of the version ${version}, which is not known`);
    }
    if (this.#writer.ended !== undefined && kind !== 'start') {
      throw this.#writer.contradiction(`${name} came after the end of the answer`);
    }
    const { model, provider, state_id, citations, stop_reason: reason, usage } = fields;
    const id = fields.request_id || fields.response_id || undefined;
    if (id !== undefined && id !== (this.#writer.id ?? id)) {
      const message = `A record of the answer ${id} came within the answer ${this.#writer.id ?? ''}`;
      throw this.#writer.contradiction(message);
    }
    const { total_tokens: _derived, ...tokens } = usage ?? {};
    const stop = stopReasons.ours(reason);
    this.#writer.learn({ id, model, provider, state_id, citations, stop, usage: tokens });
    this.#hasDocument ||= version === 'v2' || Boolean(fields.patch);
    this.#writer.begin();
  }

  #grow(fields: AnyFields, whole: StreamEvent): void {
    const snapshot = this.#textOf(fields.payload);
    const piece = fields.delta ?? fields.text_delta ?? undefined;
    const isOfDocument = Boolean(fields.patch) || (hasPayload(fields) && snapshot === undefined);
    if (isOfDocument || (piece === undefined && fields.complete_fields?.length)) {
      return this.#writer.emit(whole);
    }
    const text = snapshot === undefined ? piece : this.#snapshots.next(snapshot);
    if (text !== undefined) this.#writer.flow('text', text);
  }

  #stopCalls(fields: AnyFields, piece: CallPiece | undefined, hasResult: boolean): void {
    const named = finalsIn(fields) ?? [];
    // A function that is named without its input is what the result is of, and no more.
    const ended = named.filter(({ type, function: of }) => of || type !== 'function' || !hasResult);
    if (named.length === 0) this.#calls.end(piece);
    else this.#calls.finish(ended.map(wholeOf));
    if (!hasResult) return;
    const id = named.at(-1)?.id ?? this.#calls.lastId;
    if (id === undefined) throw this.#writer.contradiction('A result came, but there was no call');
    this.#writer.result(id, fields.tool_result);
  }

  #complete(fields: AnyFields, whole: StreamEvent): void {
    const text = fields.content ?? this.#textOf(fields.payload);
    if (fields.text_delta) this.#writer.flow('text', fields.text_delta);
    if (typeof text === 'string') this.#writer.settleText(text);
    const finals = finalsIn(fields);
    if (finals !== undefined) this.#calls.conclude(finals.map(wholeOf));
    if (hasPayload(fields) && this.#textOf(fields.payload) === undefined) this.#writer.emit(whole);
    if (this.#writer.reason === 'cancelled') {
      this.#calls.abort('The answer was cancelled');
      this.#writer.abortAll('The answer was cancelled');
    }
    this.#calls.end();
    this.#writer.conclude();
    this.#forget();
  }

  /** An error becomes an event whatever its shape: losing one would make a failure look like success. */
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
    this.#calls = new Calls(this.#writer, { names: 'error' });
    this.#snapshots = new Snapshots();
    this.#hasDocument = false;
  }

  /** The text of a payload of v1; a document, of whatever dialect, has none. */
  #textOf(payload: unknown): string | undefined {
    if (this.#hasDocument || !isObject(payload)) return undefined;
    const { content } = payload;
    return typeof content === 'string' && Object.keys(payload).length === 1 ? content : undefined;
  }
}

function hasPayload({ payload }: AnyFields): boolean {
  return payload !== undefined && payload !== null;
}

function fieldsIn({ key, name }: Naming, record: Json, frame: Frame): AnyFields {
  return key === 'event'
    ? checked(ndjsonStreamEventSchema, record, name, frame)
    : checked(responsesStreamEnvelopeSchema, record, name, frame);
}

/** What a record says of a call, in a field of its own or, as the SDKs read it too, in its own fields. */
function pieceIn({ tool_call_delta, ...fields }: AnyFields): CallPiece | undefined {
  if (tool_call_delta) return { ...wholeOf(tool_call_delta), index: tool_call_delta.index };
  const { index, id, name, tool_type, arguments: input } = fields;
  if ((index ?? id ?? name ?? undefined) === undefined) return undefined;
  return { index, id, input, name: name ?? nameOf(tool_type) };
}

function wholeOf({ id, type, function: of }: RelayToolCall | RelayToolCallDelta): CallPiece {
  return { id, name: of?.name ?? nameOf(type), input: of?.arguments };
}

/** A call is of a function by its name, and of any other tool by its type. */
function nameOf(type: string | undefined): string | undefined {
  return type === 'function' ? undefined : type;
}

/** The finished calls that a record names. */
function finalsIn({ tool_calls, tool_call }: AnyFields): readonly RelayToolCall[] | undefined {
  if (tool_call && !tool_calls?.length) return [tool_call];
  return tool_calls ?? undefined;
}
