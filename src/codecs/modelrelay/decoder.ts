import { quoted } from '../../errors/quoted.js';
import type { ErrorEvent } from '../../events/event.js';
import * as events from '../../events/make.js';
import type { Frame } from '../../wire/frame.js';
import type { CallPiece } from '../kit/callPiece.js';
import { Calls } from '../kit/calls.js';
import { checked, malformedFrame } from '../kit/door.js';
import { errorIn } from '../kit/errorIn.js';
import { tokensIn } from '../kit/facts.js';
import { isObject, type Json } from '../kit/json.js';
import { MessageDecoder } from '../kit/messageDecoder.js';
import { namingOf, ndjsonStreamEventSchema, responsesStreamEnvelopeSchema, stopReasons } from './wire.js';
import type { Fields, RelayToolCall, RelayToolCallDelta } from './wire.js';

const CANCELLED = 'The answer was cancelled';

/** Reads the records of one stream, each in the dialect it is spelled in. */
export class ModelRelayDecoder extends MessageDecoder {
  #calls = new Calls(this.writer);
  /** The text of the last update of v1; `undefined` once one did not go on from the one before. */
  #snapshot: string | undefined = '';
  /** Whether the answer is a JSON document, or one of v2, whose payload is never text. */
  #hasDocument = false;

  protected override read(record: Json, frame: Frame): void {
    const naming = namingOf(record);
    if (naming === undefined) {
      if (this.readOther(record, undefined)) return;
      throw malformedFrame(frame, 'The record has neither a type nor an event');
    }
    const { key, name, kind } = naming;
    if (kind === undefined) return void this.readOther(record, name);
    if (kind === 'ping' || kind === 'keepalive') return this.writer.emit(events.ping());
    if (kind === 'error') return this.fail(errorIn(record));
    const schema = key === 'event' ? ndjsonStreamEventSchema : responsesStreamEnvelopeSchema;
    const fields = checked<Fields>(schema, record, name, frame);
    if (kind !== 'start' && this.writer.ended !== undefined) {
      throw this.writer.contradiction(`${name} came after the end of the answer`);
    }
    if (kind === 'tool_use_start' || kind === 'tool_use_delta') {
      const piece = pieceIn(fields);
      if (piece === undefined) throw malformedFrame(frame, `${name}: no call is named`);
      this.#enter(fields);
      return kind === 'tool_use_start' ? this.#calls.announce(piece) : this.#calls.grow(piece);
    }
    this.#enter(fields);
    if (kind === 'update' && !this.#grow(fields)) this.#pass(name, record);
    else if (kind === 'reasoning_delta') this.writer.flow('thinking', fields.reasoning_delta ?? '');
    else if (kind === 'tool_use_stop') this.#stopCalls(fields, 'tool_result' in record);
    else if (kind === 'completion') this.#complete(fields, name, record);
  }

  #pass(name: string, record: Json): void {
    this.writer.emit(events.unknown(name, record));
  }

  /** Begins the message that the record belongs to, unless it has begun. */
  #enter(fields: Fields): void {
    const { model, provider, state_id, citations, stop_reason, usage, stream_version: version } = fields;
    if (version && version !== 'v2') {
      throw this.writer.contradiction(`The stream is of the version ${quoted(version)}, which is not known`);
    }
    const id = fields.request_id || fields.response_id;
    const begun = this.writer.id;
    if (id && begun !== undefined && id !== begun) {
      throw this.writer.contradiction(
        `A record of the answer ${quoted(id)} came within the answer ${quoted(begun)}`,
      );
    }
    const stop = stopReasons.ours(stop_reason);
    this.writer.learn({ id, model, provider, state_id, citations, stop, usage: usage && tokensIn(usage) });
    this.#hasDocument ||= version === 'v2' || Boolean(fields.patch);
    this.writer.begin();
  }

  #grow(fields: Fields): boolean {
    const snapshot = this.#textOf(fields);
    const piece = fields.delta ?? fields.text_delta ?? undefined;
    if (fields.patch || (snapshot === undefined && hasPayload(fields))) return false;
    if (piece === undefined && fields.complete_fields?.length) return false;
    const text = snapshot === undefined ? piece : this.#newIn(snapshot);
    if (text !== undefined) this.writer.flow('text', text);
    return true;
  }

  /**
   * What is new in an update of v1, which holds the text as far as it has come; nothing where that falls back. A text
   * that does not go on from the one before is taken for a piece, as the SDKs of the time took it, and so are all that
   * follow it. Should that be wrong, the whole text at the end puts it right.
   */
  #newIn(snapshot: string): string | undefined {
    const before = this.#snapshot;
    if (before === undefined) return snapshot;
    if (before !== snapshot && before.startsWith(snapshot)) return undefined;
    const goesOn = snapshot.startsWith(before);
    this.#snapshot = goesOn ? snapshot : undefined;
    return goesOn ? snapshot.slice(before.length) : snapshot;
  }

  #stopCalls(fields: Fields, hasResult: boolean): void {
    const named = finalsIn(fields) ?? [];
    // A function that is named without its input is what the result is of, and no more.
    const ended = named.filter(({ type, function: of }) => of || type !== 'function' || !hasResult);
    if (named.length === 0) this.#calls.end(pieceIn(fields));
    else this.#calls.finish(ended.map(pieceOf));
    if (!hasResult) return;
    const id = named.at(-1)?.id ?? this.#calls.lastId;
    if (id === undefined) throw this.writer.contradiction('A result came, but there was no call');
    this.writer.result(id, fields.tool_result);
  }

  #complete(fields: Fields, name: string, record: Json): void {
    const payload = this.#textOf(fields);
    const text = fields.content ?? payload;
    if (fields.text_delta) this.writer.flow('text', fields.text_delta);
    if (text !== undefined) this.writer.settleText(text);
    const finals = finalsIn(fields);
    if (finals !== undefined) this.#calls.conclude(finals.map(pieceOf));
    if (payload === undefined && hasPayload(fields)) this.#pass(name, record);
    if (this.writer.reason === 'cancelled') {
      this.#calls.abort(CANCELLED);
      this.writer.abortAll(CANCELLED);
    }
    this.#calls.end();
    this.writer.conclude();
    this.#forget();
  }

  protected override fail(error: ErrorEvent): void {
    this.writer.fail(error);
    this.#forget();
  }

  #forget(): void {
    this.#calls = new Calls(this.writer);
    this.#snapshot = '';
    this.#hasDocument = false;
  }

  /** The text of a payload of v1; a document, of whatever dialect, has none. */
  #textOf({ payload }: Fields): string | undefined {
    if (this.#hasDocument || !isObject(payload)) return undefined;
    const { content } = payload;
    return typeof content === 'string' && Object.keys(payload).length === 1 ? content : undefined;
  }
}

function hasPayload({ payload }: Fields): boolean {
  return payload !== undefined && payload !== null;
}

/** What a record says of a call, in a field of its own or, as the SDKs read it too, in its own fields. */
function pieceIn(fields: Fields): CallPiece | undefined {
  const { tool_call_delta: delta, index, id, name, tool_type: type, arguments: input } = fields;
  if (delta) return pieceOf(delta);
  const isNamed = (index ?? id ?? name ?? undefined) !== undefined;
  return isNamed ? { index, id, name: name ?? toolOf(type), input } : undefined;
}

function pieceOf({ index, id, type, function: of }: RelayToolCallDelta): CallPiece {
  return { index, id, name: of?.name ?? toolOf(type), input: of?.arguments };
}

function finalsIn({ tool_calls, tool_call }: Fields): readonly RelayToolCall[] | undefined {
  return tool_call && !tool_calls?.length ? [tool_call] : (tool_calls ?? undefined);
}

/** A call is of a function by its name, and of any other tool by its type. */
function toolOf(type: string | null | undefined): string | undefined {
  return type === 'function' ? undefined : (type ?? undefined);
}
