import type { ErrorEvent, StreamEvent } from '../../events/event.js';
import type { Frame } from '../../wire/frame.js';
import type { Encoder } from '../codec.js';
import { MessageReader, type Ending, type ReadCall, type Reading } from '../kit/messageReader.js';
import { isObject } from '../kit/json.js';
import type { Heading, Spelling } from './dialects.js';
import { namingOf } from './kinds.js';
import type { RelayCitation, RelayFields, RelayToolCall } from './records.js';
import { stopReasons } from './stopReasons.js';

/** A call as it is written. */
interface Written {
  readonly place: number;
  /** Whether an earlier attempt wrote it: only its end is written again. */
  readonly isRepeated: boolean;
}

/** What is written of the message at hand. */
class Writing {
  text = '';
  readonly calls = new Map<ReadCall, Written>();
  readonly finished: RelayToolCall[] = [];
  readonly finishedById = new Map<string, RelayToolCall>();
  readonly cited = new Map<string, RelayCitation>();
  citations: readonly RelayCitation[] | undefined;
  heading: Heading = {};
  /** The record that ends the answer, where it came as one that is not known: it holds a document. */
  document: Readonly<Record<string, unknown>> | undefined;
}

/** Writes the events of one stream as records of one dialect. */
export class ModelRelayEncoder implements Encoder {
  readonly #spelling: Spelling;
  readonly #reader = new MessageReader();
  #message = new Writing();
  /** How many calls are on the wire. What an attempt that failed wrote stays there. */
  #placed = 0;
  /** The ids of the calls of attempts that failed. */
  readonly #earlier = new Set<string>();
  #hasStarted = false;

  constructor(spelling: Spelling) {
    this.#spelling = spelling;
  }

  next(event: StreamEvent): readonly Frame[] {
    return this.#reader
      .next(event)
      .flatMap((reading) => this.#recordsOf(reading))
      .map((record) => ({ data: JSON.stringify(record) }));
  }

  end(): readonly Frame[] {
    return [];
  }

  #recordsOf(reading: Reading): readonly object[] {
    switch (reading.type) {
      case 'begin': {
        const start = this.#hasStarted ? [] : [this.#spelling.start(headingOf(reading.message))];
        this.#hasStarted = true;
        return start;
      }
      case 'text':
        this.#message.text += reading.piece;
        return [this.#spelling.text(reading.piece, this.#message.text)];
      case 'thinking':
        return this.#spelling.thinking === undefined ? [] : [this.#spelling.thinking(reading.piece)];
      case 'delta':
        if (reading.delta.type === 'citations_delta') this.#cite(reading.delta.citation);
        return [];
      case 'call':
        return this.#call(reading.call);
      case 'input': {
        const written = this.#message.calls.get(reading.call);
        if (written === undefined || written.isRepeated) return [];
        const delta = { index: written.place, function: { arguments: reading.piece } };
        return [this.#spelling.call('tool_use_delta', delta)];
      }
      case 'whole':
        return this.#finish(reading.call, reading.json);
      case 'result': {
        const { id, content } = reading;
        const call: RelayToolCall = this.#message.finishedById.get(id) ?? { id, type: 'function' };
        // JSON has no `undefined`.
        return this.#spelling.result === undefined ? [] : [this.#spelling.result(call, content ?? null)];
      }
      case 'facts':
        this.#learn(reading.members);
        return [];
      case 'end':
        return [this.#complete(reading.ending)];
      case 'failure':
        return [this.#fail(reading.event)];
      case 'reset':
        for (const { block } of this.#message.calls.keys()) this.#earlier.add(block.id);
        this.#message = new Writing();
        return [];
      case 'ping':
        return [this.#spelling.ping];
      case 'unknown':
        return this.#pass(reading.name, reading.data);
      case 'open':
      case 'close':
      case 'abort':
        // A call that was given up is missing among those that are finished.
        return [];
    }
  }

  #call(call: ReadCall): readonly object[] {
    const { id, name } = call.block;
    const written: Written = { place: this.#placed, isRepeated: this.#earlier.has(id) };
    this.#message.calls.set(call, written);
    if (written.isRepeated) return [];
    this.#placed += 1;
    const delta = { index: written.place, id, type: 'function', function: { name } } as const;
    return [this.#spelling.call('tool_use_start', delta)];
  }

  #finish({ block: { id, name } }: ReadCall, json: string): readonly object[] {
    const call: RelayToolCall = { id, type: 'function', function: { name, arguments: json } };
    this.#message.finished.push(call);
    this.#message.finishedById.set(id, call);
    return [this.#spelling.stop(call)];
  }

  /** A page is told once, however often it is cited; a passage of a document has no address. */
  #cite(citation: object): void {
    const { url, title }: { url?: unknown; title?: unknown } = citation;
    const { cited } = this.#message;
    if (typeof url !== 'string' || cited.has(url)) return;
    cited.set(url, { url, ...(typeof title === 'string' && { title }) });
  }

  #learn(members: object): void {
    const message = this.#message;
    const { citations } = members as RelayFields;
    message.heading = { ...message.heading, ...headingOf(members) };
    if (Array.isArray(citations)) message.citations = citations;
  }

  #complete({ stop, usage }: Ending): object {
    const { text, finished, cited, heading, document } = this.#message;
    const { input_tokens: input, output_tokens: output = 0 } = usage;
    const citations = this.#message.citations ?? [...cited.values()];
    const hasCalls = this.#placed + this.#earlier.size > 0;
    this.#forget();
    return (
      document ??
      this.#spelling.completion({
        ...heading,
        text,
        ...(hasCalls && { calls: finished }),
        ...(citations.length > 0 && { citations }),
        ...(stop !== null && { stop_reason: stopReasons.theirs(stop) ?? stop }),
        usage: {
          ...(typeof input === 'number' && { input_tokens: input }),
          output_tokens: output ?? 0,
          total_tokens: (input ?? 0) + (output ?? 0),
        },
      })
    );
  }

  #fail({ error, request_id }: ErrorEvent): object {
    this.#forget();
    const status = isObject(error.details) ? error.details['status'] : undefined;
    return this.#spelling.error({
      code: error.type,
      message: error.message,
      ...(typeof status === 'number' && { status }),
      ...(typeof request_id === 'string' && { request_id }),
    });
  }

  #pass(name: string, data: unknown): readonly object[] {
    if (!isObject(data)) return [{ [this.#spelling.key]: name, data }];
    const naming = namingOf(data);
    if (naming?.name !== name) return [{ ...data, [this.#spelling.key]: name }];
    if (naming.kind !== 'completion' || !('payload' in data)) return [data];
    this.#message.document = data;
    return [];
  }

  #forget(): void {
    this.#hasStarted = false;
    this.#placed = 0;
    this.#earlier.clear();
    this.#message = new Writing();
  }
}

const HEADING = ['id', 'model', 'provider', 'state_id'] as const satisfies readonly (keyof Heading)[];

/** What a message, or its end, says of the answer as a whole; the last two are no fields of ours. */
function headingOf(fields: object): Heading {
  const said: Partial<Record<keyof Heading, unknown>> = fields;
  const texts = HEADING.flatMap((name) => {
    const value = said[name];
    return typeof value === 'string' ? [[name, value] as const] : [];
  });
  return Object.fromEntries(texts);
}
