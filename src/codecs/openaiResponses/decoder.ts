import { quoted } from '../../errors/quoted.js';
import type { ErrorEvent } from '../../events/event.js';
import * as events from '../../events/make.js';
import type { Frame } from '../../wire/frame.js';
import { checked, malformedFrame } from '../kit/door.js';
import { errorIn, isFailure } from '../kit/errorIn.js';
import { isObject, type Json } from '../kit/json.js';
import { MessageDecoder } from '../kit/messageDecoder.js';
import { Output } from './output.js';
import { usageIn } from './usage.js';
import { incompleteReasons, PASSED, schemaOf, type Fields, type ResponsesResponse } from './wire.js';

/** How an answer stands that is not all there. */
const CUT_OFF: ReadonlySet<string> = /* @__PURE__ */ new Set(['incomplete', 'cancelled']);

/** Reads the events of one stream. */
export class ResponsesDecoder extends MessageDecoder {
  #output = new Output(this.writer, this.pass);

  protected override read(value: Json, frame: Frame): void {
    const said = value['type'];
    const name = typeof said === 'string' && said !== '' ? said : nameOf(frame);
    const schema = name === undefined ? undefined : schemaOf(name);
    if (name === undefined || schema === undefined) return this.#readStranger(value, name, frame);
    if (name === 'error') return this.readError(value);
    if (name === 'keepalive') return this.writer.emit(events.ping());
    const fields = checked(schema, said === name ? value : { ...value, type: name }, name, frame);
    if (this.writer.ended !== undefined && name !== 'response.created') return this.#readLate(name, fields);
    if (!isPlaced(fields) && !isOfLife(name)) {
      throw malformedFrame(frame, `${name} has neither an output_index nor an item_id: give one`);
    }
    this.#readKnown(name, fields);
  }

  protected override readError(value: Json): void {
    this.fail(failureIn(value));
  }

  protected override fail(error: ErrorEvent): void {
    super.fail(error);
    this.#output = new Output(this.writer, this.pass);
  }

  #readStranger(value: Json, name: string | undefined, frame: Frame): void {
    // What went wrong with a tool of the provider is no failure of the answer.
    const isPassed = name !== undefined && PASSED.has(name);
    if (!isPassed && isFailure(value, frame.event)) return this.fail(errorIn(value));
    if (isPassed) this.writer.emit(events.unknown(name, value));
    else if (!this.readOther(value, name)) throw malformedFrame(frame, 'The event has no type');
  }

  /** Reads what comes after the end of an answer and does not begin another. */
  #readLate(name: string, { response }: Fields): void {
    if (name === 'response.failed' && this.writer.ended === 'well') return this.fail(failureOf(response));
    if (isOfLife(name) || this.writer.ended === 'badly') return this.pass('stray');
    throw this.writer.contradiction(`${name} came after the end of the answer`);
  }

  #readKnown(name: string, fields: Fields): void {
    const output = this.#output;
    switch (name) {
      case 'response.output_text.delta':
        return output.growPart(fields, 'content', 'text');
      case 'response.function_call_arguments.delta':
      case 'response.mcp_call_arguments.delta':
      case 'response.custom_tool_call_input.delta':
      case 'response.code_interpreter_call_code.delta':
        return output.growCall(fields);
      case 'response.reasoning_summary_text.delta':
        return output.growPart(fields, 'summary', 'thinking');
      case 'response.reasoning_text.delta':
        return output.growPart(fields, 'content', 'thinking');
      case 'response.refusal.delta':
        return output.growPart(fields, 'content', 'refusal');
      case 'response.output_item.added':
        return fields.item && output.announce(fields, fields.item);
      case 'response.output_item.done':
        return fields.item && output.finish(fields, fields.item);
      case 'response.content_part.added':
        return fields.part && output.addPart(fields, 'content', fields.part);
      case 'response.reasoning_summary_part.added':
        return output.addPart(fields, 'summary', {});
      case 'response.output_text.annotation.added':
        return output.cite(fields);
      case 'response.output_text.done':
        return output.finishPart(fields, 'content', fields, 'text');
      case 'response.refusal.done':
        return output.finishPart(fields, 'content', fields, 'refusal');
      case 'response.reasoning_text.done':
        return output.finishPart(fields, 'content', fields, 'thinking');
      case 'response.reasoning_summary_text.done':
        return output.finishPart(fields, 'summary', fields, 'thinking');
      case 'response.content_part.done':
        return fields.part && output.finishPart(fields, 'content', fields.part);
      case 'response.reasoning_summary_part.done':
        return fields.part && output.finishPart(fields, 'summary', fields.part, 'thinking');
      case 'response.function_call_arguments.done':
      case 'response.mcp_call_arguments.done':
        return output.finishCall(fields, fields.arguments);
      case 'response.custom_tool_call_input.done':
        return output.finishCall(fields, fields.input);
      case 'response.code_interpreter_call_code.done':
        return output.finishCall(fields, fields.code);
      default:
        return this.#live(name, fields.response ?? {});
    }
  }

  /** Reads what is said of the answer as a whole. */
  #live(name: string, response: ResponsesResponse): void {
    const { id, model } = response;
    if (name === 'response.created' && this.writer.hasBegun) {
      const begun = this.writer.id;
      if (!id || begun === undefined || id === begun) return this.pass('stray');
      throw this.writer.contradiction(`The answer ${quoted(id)} began within the answer ${quoted(begun)}`);
    }
    this.writer.learn({ id, model, ...usageIn(response.usage) });
    switch (name) {
      case 'response.completed':
      case 'response.incomplete':
        // Servers that make the stream out of an answer name the event by what it is, and say in it how that went.
        if (response.status === 'failed' || response.error) return this.fail(failureOf(response));
        return this.#conclude(response, isCutOff(response) || name === 'response.incomplete');
      case 'response.failed':
        return this.fail(failureOf(response));
      default:
        this.writer.begin();
    }
  }

  #conclude({ output, incomplete_details, status }: ResponsesResponse, isCutOff: boolean): void {
    const all = this.#output;
    all.conclude(output ?? [], isCutOff);
    const { refusal } = all;
    if (isCutOff) {
      const reason = incompleteReasons.ours(incomplete_details?.reason);
      this.writer.learn({ stop: reason ?? (status === 'cancelled' ? status : 'incomplete') });
    } else if (refusal !== undefined) {
      const stop_details = { type: 'refusal', category: null, explanation: refusal };
      this.writer.learn({ stop: 'refusal', stop_details });
    } else {
      this.writer.learn({ stop: all.hasOpenCalls ? 'tool_use' : 'end_turn' });
    }
    this.writer.conclude();
    this.#output = new Output(this.writer, this.pass);
  }
}

function isCutOff({ status, incomplete_details }: ResponsesResponse): boolean {
  return CUT_OFF.has(status ?? '') || Boolean(incomplete_details?.reason);
}

/** The name that only its frame gives an event. */
function nameOf({ event }: Frame): string | undefined {
  return event === 'message' ? undefined : event;
}

function isPlaced({ output_index, item_id, item }: Fields): boolean {
  return typeof output_index === 'number' || Boolean(item_id) || Boolean(item?.id);
}

/** Whether an event is of the answer as a whole. */
function isOfLife(name: string): boolean {
  return /^response\.[a-z_]+$/.test(name);
}

/** The failure that an answer ends with. */
function failureOf(response: ResponsesResponse | null | undefined): ErrorEvent {
  return errorIn({ error: response?.error });
}

/** A failure, and what besides its words says what is wrong: a code, the parameter of the request. */
function failureIn(value: Json): ErrorEvent {
  const { sequence_number: _, response, ...body } = value;
  // The end of an answer, in an event that a server in front has named an error.
  if (isObject(response)) return failureOf(response);
  const event = errorIn(body);
  const { code, param } = isObject(body['error']) ? body['error'] : body;
  const said = Object.entries({ code: code === event.error.type ? null : code, param });
  const details = said.filter(([, member]) => (member ?? '') !== '');
  if (details.length === 0) return event;
  return { ...event, error: { ...event.error, details: Object.fromEntries(details) } };
}
