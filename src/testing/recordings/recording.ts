import { anthropic } from '../../codecs/anthropic/codec.js';
import { policed } from '../../codecs/policed.js';
import { StreamError, type StreamErrorDetails } from '../../errors/streamError.js';
import type { StreamErrorCode } from '../../errors/streamErrorCode.js';
import type { StreamEvent } from '../../events/event.js';

/** An event, and when it came. */
export interface RecordedEvent {
  /** In ms since the subscription; never less than that of the event before. */
  readonly at: number;
  readonly event: StreamEvent;
}

/** An error as a recording holds it: what JSON can hold of it, without `cause` and `partial`. */
export interface RecordedError extends Omit<Partial<StreamErrorDetails>, 'cause' | 'partial'> {
  readonly name: string;
  readonly message: string;
  /** The code of a `StreamError`. */
  readonly code?: string | undefined;
}

/** How a recorded stream ended, and when, in ms since the subscription. */
export type RecordedEnd =
  | { readonly at: number; readonly end: 'complete' }
  | { readonly at: number; readonly end: 'error'; readonly error: RecordedError }
  /** The subscriber left, so what would have come is unknown. */
  | { readonly at: number; readonly end: 'unsubscribe' };

/** What is known about a recording as a whole. */
export interface RecordingHead {
  readonly name?: string | undefined;
  /** When it was taken, as ISO 8601 says it. */
  readonly startedAt?: string | undefined;
  /** The name of the codec that the events were read with. */
  readonly codec?: string | undefined;
}

/** A stream that is over: its events, when each came, and how it ended. All of it is plain JSON. */
export interface Recording extends RecordingHead {
  readonly entries: readonly RecordedEvent[];
  readonly end: RecordedEnd;
}

const FORMAT = 'rxjs-llm-stream recording';
const VERSION = 1;

/**
 * Writes a recording as JSON Lines: a head, a line for each event with the ms since the subscription, and how it ended.
 *
 * ```text
 * {"format":"rxjs-llm-stream recording","version":1,"name":"hello"}
 * {"at":380,"event":{"type":"ping"}}
 * {"at":402,"end":"complete"}
 * ```
 *
 * @param recording - what {@link record} gave
 * @returns its lines, each ended by LF; {@link parseRecording} reads them
 */
export function recordingText({ name, startedAt, codec, entries, end }: Recording): string {
  const lines = [{ format: FORMAT, version: VERSION, name, startedAt, codec }, ...entries, end];
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}

/**
 * Reads what {@link recordingText} wrote. Every event is checked as on the Messages API's wire.
 *
 * @param text - the lines; blank ones are passed over
 * @returns the recording
 * @throws StreamError `malformed` naming the line that is not JSON, not an event, out of order or missing
 */
export function parseRecording(text: string): Recording {
  const lines = text
    .split('\n')
    .map((line, nth): Line => ({ text: line.trim(), nth: nth + 1 }))
    .filter((line) => line.text !== '');
  const head = headOf(lines.shift() ?? { text: '', nth: 1 });
  const last = lines.pop() ?? { text: '', nth: 2 };
  let at = 0;
  const entries = lines.map((line): RecordedEvent => {
    const fields = fieldsOf(line);
    at = timeOf(fields, line, at);
    return { at, event: eventOf(fields['event'], line) };
  });
  return { ...head, entries, end: endOf(last, at) };
}

/** The error that a recorded one stands for. */
export function errorOf({ name, message, code, ...details }: RecordedError): Error {
  if (name === 'StreamError' && code !== undefined) {
    return new StreamError(code as StreamErrorCode, message, details as StreamErrorDetails);
  }
  return Object.assign(new Error(message), { name }, code !== undefined && { code });
}

/** What a recording keeps of an error. */
export function recordedErrorOf(error: unknown): RecordedError {
  if (error instanceof StreamError) {
    const { name, code, message, retryable, status, errorType, requestId, retryAfterMs } = error;
    const { kind, timeoutMs, raw } = error;
    const details = { retryable, status, errorType, requestId, retryAfterMs, kind, timeoutMs, raw };
    const present = Object.entries(details).filter(([, value]) => value !== undefined);
    return { name, code, message, ...Object.fromEntries(present) };
  }
  if (!isObject(error)) return { name: 'Error', message: String(error) };
  const { name, message, code } = error;
  return {
    name: typeof name === 'string' ? name : 'Error',
    message: typeof message === 'string' ? message : '',
    ...(typeof code === 'string' && { code }),
  };
}

/** One line of the text, and its number. */
interface Line {
  readonly text: string;
  readonly nth: number;
}

type Fields = Partial<Record<string, unknown>>;

function headOf(line: Line): RecordingHead {
  const { format, version, name, startedAt, codec } = fieldsOf(line);
  if (format !== FORMAT) throw malformed(line, 'is not the head of a recording');
  if (version !== VERSION) throw malformed(line, `is of a version other than ${VERSION}`);
  const fields = Object.entries({ name, startedAt, codec }).filter(([, value]) => value !== undefined);
  const wrong = fields.find(([, value]) => typeof value !== 'string');
  if (wrong) throw malformed(line, `has a ${wrong[0]} that is not a text`);
  return Object.fromEntries(fields);
}

function eventOf(value: unknown, line: Line): StreamEvent {
  if (!isObject(value)) throw malformed(line, 'has no event');
  if (value['type'] === 'unknown') {
    if (typeof value['name'] !== 'string') throw malformed(line, 'has an unknown event without a name');
    return { type: 'unknown', name: value['name'], data: value['data'] };
  }
  try {
    const [event] = policed(anthropic, { unknown: 'error' }).next({ data: JSON.stringify(value) });
    return event as StreamEvent;
  } catch (error) {
    if (error instanceof StreamError) throw malformed(line, `has no event: ${error.message}`, error);
    throw error;
  }
}

function endOf(line: Line, since: number): RecordedEnd {
  if (line.text === '') throw malformed(line, 'is missing: it says how the stream ended');
  const fields = fieldsOf(line);
  const at = timeOf(fields, line, since);
  const { end, error } = fields;
  if (end === 'complete' || end === 'unsubscribe') return { at, end };
  if (end !== 'error') throw malformed(line, 'does not say how the stream ended');
  if (!isObject(error) || typeof error['name'] !== 'string' || typeof error['message'] !== 'string') {
    throw malformed(line, 'does not say what the stream failed with');
  }
  return { at, end, error: error as Fields & RecordedError };
}

function fieldsOf(line: Line): Fields {
  let value: unknown;
  try {
    value = JSON.parse(line.text);
  } catch {
    throw malformed(line, line.text === '' ? 'is missing' : 'is not JSON');
  }
  if (!isObject(value)) throw malformed(line, 'is not a JSON object');
  return value;
}

function timeOf({ at }: Fields, line: Line, since: number): number {
  if (typeof at === 'number' && at >= since) return at;
  throw malformed(line, typeof at === 'number' ? 'is earlier than the one before' : 'has no time');
}

function malformed({ text, nth }: Line, what: string, cause?: StreamError): StreamError {
  return new StreamError('malformed', `Line ${nth} of the recording ${what}`, { raw: text, cause });
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
