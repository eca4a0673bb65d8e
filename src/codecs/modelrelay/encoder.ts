import { isStranger } from '../kit/door.js';
import { isObject, type Json } from '../kit/json.js';
import { MessageEncoder } from '../kit/messageEncoder.js';
import type { Ending, ReadCall, Reading } from '../kit/messageReader.js';
import { ModelRelayDecoder } from './decoder.js';
import { eventNames, namingOf, stopReasons } from './wire.js';
import type { Kind, ModelRelayDialect, RelayCitation, RelayFields, RelayToolCall } from './wire.js';

/** A record before its dialect names its fields: `piece` is what is new of the text, and `text` all of it so far. */
type Said = Json & { readonly type: Kind };

/** The fields that say something of an answer as a whole. */
const HEADING: ReadonlySet<string> = new Set(['id', 'model', 'provider', 'state_id']);

/** What has been written of the current message. */
class Writing {
  text = '';
  /** The calls by their place on the wire. */
  readonly places = new Map<ReadCall, number>();
  readonly finished = new Map<string, RelayToolCall>();
  readonly cited = new Map<string, RelayCitation>();
  citations: readonly RelayCitation[] | undefined;
  heading: Json = {};
  /** The record that ends the answer, where it came as one that is not known: it holds a document. */
  document: Json | undefined;
}

/** Writes the events of one stream as records of one dialect. */
export class ModelRelayEncoder extends MessageEncoder {
  readonly #dialect: ModelRelayDialect;
  #message = new Writing();
  #hasStarted = false;

  constructor(dialect: ModelRelayDialect) {
    super();
    this.#dialect = dialect;
  }

  protected override write(reading: Reading): void {
    const message = this.#message;
    switch (reading.type) {
      case 'begin':
        if (!this.#hasStarted) this.#put({ type: 'start', ...headingOf(reading.message) });
        this.#hasStarted = true;
        return;
      case 'text': {
        const { piece } = reading;
        message.text += piece;
        return this.#put({ type: 'update', piece, text: message.text });
      }
      case 'thinking':
        if (this.#dialect === 'v2') this.#put({ type: 'reasoning_delta', reasoning_delta: reading.piece });
        return;
      case 'delta':
        if (reading.delta.type === 'citations_delta') this.#cite(reading.delta.citation);
        return;
      case 'call': {
        const { id, name } = reading.call.block;
        const index = message.places.size;
        message.places.set(reading.call, index);
        const tool_call_delta = { index, id, type: 'function', function: { name } };
        return this.#put({ type: 'tool_use_start', tool_call_delta });
      }
      case 'input': {
        const index = message.places.get(reading.call);
        const tool_call_delta = { index, function: { arguments: reading.piece } };
        if (index !== undefined) this.#put({ type: 'tool_use_delta', tool_call_delta });
        return;
      }
      case 'whole': {
        const { id, name } = reading.call.block;
        const call: RelayToolCall = { id, type: 'function', function: { name, arguments: reading.json } };
        message.finished.set(id, call);
        return this.#put({ type: 'tool_use_stop', tool_calls: [call] });
      }
      case 'result': {
        const { id, content } = reading;
        const tool_calls = [message.finished.get(id) ?? { id, type: 'function' }];
        // JSON has no `undefined`.
        const tool_result = content ?? null;
        if (this.#dialect === 'v2') this.#put({ type: 'tool_use_stop', tool_calls, tool_result });
        return;
      }
      case 'facts': {
        const { citations }: RelayFields = reading.members;
        message.heading = { ...message.heading, ...headingOf(reading.members) };
        if (Array.isArray(citations)) message.citations = citations;
        return;
      }
      case 'end':
        return this.#complete(reading.ending);
      case 'failure': {
        const { error, request_id } = reading.event;
        const { type: code, message, status } = error;
        this.#forget();
        // The dialect `event` has no record for an error: it ends with that of v2, at which its readers stop too.
        return this.put({ type: 'error', code, message, status, request_id: request_id ?? undefined });
      }
      case 'reset':
        this.#message = new Writing();
        return;
      case 'ping':
        return this.#put({ type: 'keepalive' });
      case 'unknown':
        return this.#pass(reading.name, reading.data);
      default:
        // A call that was given up is missing among those that are finished.
        return;
    }
  }

  /** A page is cited once, at the end, however often it is here; a passage of a document has no address. */
  #cite(citation: object): void {
    const { url, title }: { url?: unknown; title?: unknown } = citation;
    const { cited } = this.#message;
    if (typeof url !== 'string' || cited.has(url)) return;
    cited.set(url, { url, ...(typeof title === 'string' && { title }) });
  }

  #complete({ stop, usage }: Ending): void {
    const { text, places, finished, cited, heading, document } = this.#message;
    const { citations = [...cited.values()] } = this.#message;
    this.#forget();
    if (document !== undefined) return this.put(document);
    const [input, output] = [usage.input_tokens ?? undefined, usage.output_tokens ?? 0];
    this.#put({
      type: 'completion',
      ...heading,
      text,
      tool_calls: places.size > 0 ? [...finished.values()] : undefined,
      stop_reason: stopReasons.theirs(stop) ?? stop ?? undefined,
      usage: { input_tokens: input, output_tokens: output, total_tokens: (input ?? 0) + output },
      citations: this.#dialect === 'v2' && citations.length > 0 ? citations : undefined,
    });
  }

  #pass(name: string, data: unknown): void {
    const given = isObject(data) ? data : { data };
    const naming = namingOf(given);
    const isNamed = naming?.name === name;
    const record = isNamed ? given : { ...given, [this.#dialect === 'event' ? 'event' : 'type']: name };
    if (!isStranger(new ModelRelayDecoder(), { data: JSON.stringify(record) })) return;
    if (isNamed && naming.kind === 'completion') this.#message.document = record;
    else this.put(record);
  }

  /** Writes a record as the dialect has it. What is `undefined` is not written. */
  #put({ type, id, provider, state_id, piece, text, ...fields }: Said): void {
    switch (this.#dialect) {
      case 'event': {
        const event = eventNames.theirs(type) ?? type;
        return this.put({ event, response_id: id, state_id, text_delta: piece, ...fields });
      }
      case 'v1': {
        const payload = text === undefined ? undefined : { content: text };
        return this.put({ type, request_id: id, provider, payload, ...fields });
      }
      case 'v2': {
        // Not `stream_mode`: whether the answer is text or a document is not known yet.
        const stream_version = type === 'start' ? 'v2' : undefined;
        const said = piece === undefined ? { content: text } : { delta: piece };
        return this.put({ type, request_id: id, provider, stream_version, ...said, ...fields });
      }
    }
  }

  #forget(): void {
    this.#hasStarted = false;
    this.#message = new Writing();
  }
}

/** What a message, or its end, says of the answer as a whole. */
function headingOf(fields: object): Json {
  const isSaid = ([name, value]: readonly [string, unknown]): boolean =>
    HEADING.has(name) && typeof value === 'string' && value !== '';
  return Object.fromEntries(Object.entries(fields).filter(isSaid));
}
