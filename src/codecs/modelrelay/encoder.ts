import type { AnyContentBlock } from '../../events/block.js';
import type { AnyContentBlockDelta } from '../../events/delta.js';
import type { ErrorEvent, MessageDeltaEvent, MessageStartEvent, StreamEvent } from '../../events/event.js';
import type { Frame } from '../../wire/frame.js';
import type { Encoder } from '../codec.js';
import { isObject } from '../kit/json.js';
import type { Ending, Heading, Spelling } from './dialects.js';
import { namingOf } from './kinds.js';
import type { RelayCitation, RelayFields, RelayToolCall } from './records.js';
import { stopReasons } from './stopReasons.js';
import { WrittenCalls } from './writtenCalls.js';

/** What is written of the message at hand. */
class Writing {
  readonly calls: WrittenCalls;
  text = '';
  readonly cited = new Map<string, RelayCitation>();
  citations: readonly RelayCitation[] | undefined;
  heading: Heading = {};
  stopReason: string | null = null;
  inputTokens: number | undefined;
  outputTokens = 0;
  /** The record that ends the answer, where it came as one that is not known: it holds a document. */
  document: Readonly<Record<string, unknown>> | undefined;

  constructor(before?: WrittenCalls) {
    this.calls = new WrittenCalls(before);
  }
}

/** Writes the events of one stream as records of one dialect. */
export class ModelRelayEncoder implements Encoder {
  readonly #spelling: Spelling;
  #hasStarted = false;
  #message = new Writing();

  constructor(spelling: Spelling) {
    this.#spelling = spelling;
  }

  next(event: StreamEvent): readonly Frame[] {
    return this.#recordsOf(event).map((record) => ({ data: JSON.stringify(record) }));
  }

  end(): readonly Frame[] {
    return [];
  }

  #recordsOf(event: StreamEvent): readonly object[] {
    switch (event.type) {
      case 'message_start':
        return this.#start(event);
      case 'content_block_start':
        return this.#startBlock(event.index, event.content_block);
      case 'content_block_delta':
        return this.#grow(event.index, event.delta);
      case 'content_block_stop':
        return this.#stopBlock(event.index);
      case 'block_abort':
        this.#message.calls.abort(event.index);
        return [];
      case 'message_delta':
        this.#conclude(event);
        return [];
      case 'message_stop':
        return [this.#complete()];
      case 'ping':
        return [this.#spelling.ping];
      case 'error':
        return [this.#fail(event)];
      case 'unknown':
        return this.#pass(event.name, event.data);
      case 'tool_result':
        return this.#result(event.tool_use_id, event.content);
      case 'reset':
        // What is on the wire stays there: a call that is made again must not be told twice.
        this.#message = new Writing(this.#message.calls);
        return [];
    }
  }

  #start({ message }: MessageStartEvent): readonly object[] {
    // A message may come whole in its start. An input of 0 there says that it is not known yet.
    this.#message.stopReason = message.stop_reason ?? null;
    this.#message.inputTokens = message.usage?.input_tokens || undefined;
    this.#message.outputTokens = message.usage?.output_tokens ?? 0;
    const start = this.#hasStarted ? [] : [this.#spelling.start(headingOf(message))];
    this.#hasStarted = true;
    const content = message.content.flatMap((block, index) => [
      ...this.#startBlock(index, block),
      ...this.#stopBlock(index),
    ]);
    return [...start, ...content];
  }

  #startBlock(index: number, block: AnyContentBlock): readonly object[] {
    switch (block.type) {
      case 'text':
        return block.text === '' ? [] : this.#writeText(block.text);
      case 'thinking':
        return block.thinking === '' ? [] : this.#writeThinking(block.thinking);
      case 'tool_use': {
        const delta = this.#message.calls.start(index, block);
        return delta === undefined ? [] : [this.#spelling.call('tool_use_start', delta)];
      }
      default:
        return [];
    }
  }

  #grow(index: number, delta: AnyContentBlockDelta): readonly object[] {
    switch (delta.type) {
      case 'text_delta':
        return this.#writeText(delta.text);
      case 'thinking_delta':
        return this.#writeThinking(delta.thinking);
      case 'input_json_delta': {
        const piece = this.#message.calls.grow(index, delta.partial_json);
        return piece === undefined ? [] : [this.#spelling.call('tool_use_delta', piece)];
      }
      case 'citations_delta':
        this.#cite(delta.citation);
        return [];
      default:
        return [];
    }
  }

  #writeText(piece: string): readonly object[] {
    this.#message.text += piece;
    return [this.#spelling.text(piece, this.#message.text)];
  }

  #writeThinking(piece: string): readonly object[] {
    return this.#spelling.thinking === undefined ? [] : [this.#spelling.thinking(piece)];
  }

  /** A page is told once, however often it is cited; a passage of a document has no address. */
  #cite(citation: object): void {
    const { url, title }: { url?: unknown; title?: unknown } = citation;
    const { cited } = this.#message;
    if (typeof url !== 'string' || cited.has(url)) return;
    cited.set(url, { url, ...(typeof title === 'string' && { title }) });
  }

  #stopBlock(index: number): readonly object[] {
    const call = this.#message.calls.stop(index);
    return call === undefined ? [] : [this.#spelling.stop(call)];
  }

  #result(id: string, content: unknown): readonly object[] {
    const call: RelayToolCall = this.#message.calls.finished(id) ?? { id, type: 'function' };
    // JSON has no `undefined`.
    return this.#spelling.result === undefined ? [] : [this.#spelling.result(call, content ?? null)];
  }

  #conclude({ delta, usage, ...fields }: MessageDeltaEvent): void {
    const message = this.#message;
    const { citations } = fields as RelayFields;
    message.heading = { ...message.heading, ...headingOf(fields) };
    if (Array.isArray(citations)) message.citations = citations;
    message.stopReason = delta.stop_reason ?? message.stopReason;
    message.inputTokens = usage?.input_tokens ?? message.inputTokens;
    message.outputTokens = usage?.output_tokens ?? message.outputTokens;
  }

  #complete(): object {
    const { text, calls, cited, heading, stopReason, document } = this.#message;
    const { inputTokens: input, outputTokens: output } = this.#message;
    const citations = this.#message.citations ?? [...cited.values()];
    const ending: Ending = {
      ...heading,
      text,
      ...(calls.hasAny && { calls: calls.allFinished }),
      ...(citations.length > 0 && { citations }),
      ...(stopReason !== null && { stop_reason: stopReasons.theirs(stopReason) ?? stopReason }),
      usage: {
        ...(input !== undefined && { input_tokens: input }),
        output_tokens: output,
        total_tokens: (input ?? 0) + output,
      },
    };
    this.#forget();
    return document ?? this.#spelling.completion(ending);
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
