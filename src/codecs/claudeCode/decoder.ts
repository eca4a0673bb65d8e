import type { StreamEvent, ToolApprovalEvent } from '../../events/event.js';
import * as events from '../../events/make.js';
import type { Frame } from '../../wire/frame.js';
import { eventOf } from '../anthropic/eventIn.js';
import type { Decoder } from '../codec.js';
import { checked, malformedFrame } from '../kit/door.js';
import { errorIn, isFailure } from '../kit/errorIn.js';
import { asText, isObject, type Json } from '../kit/json.js';
import type { Passing } from '../skip.js';
import { Lane } from './lane.js';
import { Lanes } from './lanes.js';
import { isWarning, isWords, linesIn } from './lines.js';
import { ASIDE, DETAILS, nameOf, permissionRequestOf, schemaOf } from './wire.js';
import type {
  ClaudeCodeApprovalFields,
  ClaudeCodeAssistant,
  ClaudeCodeLine,
  ClaudeCodeResult,
  ClaudeCodeUser,
} from './wire.js';

const NONE: readonly StreamEvent[] = [];

/** Reads the lines of one stream: the main agent's, and those of the sub-agents, each in a lane of its own. */
export class ClaudeCodeDecoder implements Decoder {
  readonly #pass: Passing;
  readonly #main: Lane;
  readonly #lanes: Lanes;
  /** Whether a line was an object: until then, words are what other programs have to say. */
  #hasBegun = false;
  /** What the turn has brought: nothing yet, content, or, as the last of it, a failure. */
  #brought: 'nothing' | 'content' | 'failure' = 'nothing';
  /** What the last message of the main agent says went wrong: the program says it in place of the model. */
  #error: string | undefined;

  constructor(pass: Passing = () => undefined) {
    this.#pass = pass;
    this.#main = new Lane(pass);
    this.#lanes = new Lanes(pass);
  }

  next(frame: Frame): readonly StreamEvent[] {
    if (isWarning(frame.data) || (!this.#hasBegun && isWords(frame.data))) {
      this.#pass('no-event');
      return NONE;
    }
    this.#main.writer.at(frame);
    for (const value of linesIn(frame)) this.#read(value, frame);
    this.#hasBegun = true;
    const taken = this.#main.writer.take();
    const ofLanes = this.#lanes.take();
    return ofLanes ? [...ofLanes, ...taken] : taken;
  }

  end(): readonly StreamEvent[] {
    return NONE;
  }

  lose(_frame: Frame, reason: string): void {
    this.#main.writer.lose(reason);
    this.#lanes.lose(reason);
  }

  #read(value: Json, frame: Frame): void {
    const { type } = value;
    const name = nameOf(value);
    const schema = typeof type === 'string' ? schemaOf(type) : undefined;
    if (schema !== undefined) return this.#line(checked(schema, value, name ?? '', frame), frame);
    const isAside = typeof type === 'string' && ASIDE.has(type);
    if (!isAside && isFailure(value)) return this.#fail(errorIn(value));
    if (name === undefined) throw malformedFrame(frame, 'The line has no type');
    if (type === 'tool_progress' && value['heartbeat'])
      return this.#laneOf(value, frame).writer.emit(events.ping());
    if (name === 'control_request/can_use_tool' && this.#ask(value, frame)) return;
    if (name === 'system/init') this.#learn(value);
    this.#laneOf(value, frame).writer.emit(events.unknown(name, value));
  }

  #line(line: ClaudeCodeLine, frame: Frame): void {
    switch (line.type) {
      case 'stream_event': {
        const lane = this.#laneOf(line, frame);
        const event = eventOf(line.event as Json, frame);
        if (lane === this.#main) this.#error = undefined;
        if (lane === this.#main && event.type === 'error') return this.#fail(event);
        this.#note(lane, event.type);
        return lane.event(event);
      }
      case 'assistant':
        return this.#whole(line, frame);
      case 'user':
        return this.#user(line, this.#laneOf(line, frame));
      case 'result':
        return this.#end(line);
      case 'keep_alive':
        return this.#main.writer.emit(events.ping());
    }
  }

  /** Notes that an agent has brought something. Only another message takes a failure back, and none of a sub-agent. */
  #note(lane: Lane, type: StreamEvent['type']): void {
    if (this.#brought !== 'failure' || (lane === this.#main && type === 'message_start'))
      this.#brought = 'content';
  }

  #whole(line: ClaudeCodeAssistant, frame: Frame): void {
    const lane = this.#laneOf(line, frame);
    this.#note(lane, 'message_start');
    const error = line.error || undefined;
    if (lane === this.#main) this.#error = error;
    lane.whole(line);
    if (error !== undefined) lane.writer.emit(events.unknown('assistant/error', line));
  }

  /** The lane of a line; one that says nothing is of the main agent. */
  #laneOf({ parent_tool_use_id: id }: { readonly parent_tool_use_id?: unknown }, frame: Frame): Lane {
    return typeof id === 'string' && id !== '' ? this.#lanes.speaking(id, frame) : this.#main;
  }

  #user(line: ClaudeCodeUser, lane: Lane): void {
    const { content } = line.message;
    const blocks: readonly unknown[] = Array.isArray(content) ? content : [content];
    const results = blocks.filter(isResult);
    for (const { tool_use_id, content: given, is_error } of results) {
      // The result of a call is the end of the sub-agent that it started.
      this.#lanes.end(tool_use_id);
      lane.result(tool_use_id, given, typeof is_error === 'boolean' ? is_error : undefined);
    }
    if (results.length === 0) return lane.writer.emit(events.unknown('user', line));
    const others = blocks.filter((block) => !isResult(block));
    if (others.length === 0) return;
    lane.writer.emit(events.unknown('user', { ...line, message: { ...line.message, content: others } }));
  }

  /** @returns whether the line asks for the permission to use a tool, and says which call it is, of a message of any agent */
  #ask(value: Json, frame: Frame): boolean {
    const request = permissionRequestOf(value);
    const id = request?.request.tool_use_id;
    if (!id) return false;
    const lane = this.#laneOf({ parent_tool_use_id: this.#lanes.calling(id) }, frame);
    if (!lane.writer.hasBegun) return false;
    const approval: ToolApprovalEvent & ClaudeCodeApprovalFields = {
      ...events.toolApproval(id, 'requested'),
      request,
    };
    lane.approval(approval);
    return true;
  }

  /** Ends the turn: the last message of it is the one that ends well, or badly. */
  #end(line: ClaudeCodeResult): void {
    const { subtype, is_error, result, errors, stop_reason } = line;
    const brought = this.#brought;
    const said = asText(result) ?? '';
    const failure = this.#error ?? typeIn(line.error);
    const hasSubtype = subtype !== 'success' && subtype !== '';
    const isGood = !hasSubtype && is_error !== true && failure === undefined;
    this.#error = undefined;
    this.#lanes.endAll();
    this.#brought = 'nothing';
    // What failed fails once, and does not end well any more.
    if (brought === 'failure') return this.#pass('stray');
    const facts = { usage_details: detailsIn(line), stop: stop_reason };
    if (!isGood) {
      const type = failure ?? (hasSubtype ? subtype : 'api_error');
      const message = errors?.join('\n') ?? (said || `The turn ended with ${type}`);
      const { status, request_id }: Json = line as object as Json;
      return this.#main.fail(errorIn({ error: { type, message, status }, request_id }), facts);
    }
    // What the program answers by itself is in its result alone.
    if (brought === 'content') return this.#main.conclude(facts);
    if (said === '') return this.#pass('stray');
    this.#main.writer.flow('text', said);
    this.#main.conclude({ ...facts, usage: line.usage });
  }

  #fail(error: ReturnType<typeof errorIn>): void {
    if (this.#brought === 'failure') return this.#pass('stray');
    this.#brought = 'failure';
    this.#main.fail(error);
  }

  /** What the session begins with is said of the messages that do not say it themselves. */
  #learn({ model, session_id }: Json): void {
    if (!this.#main.writer.hasBegun)
      this.#main.writer.learn({ model: textOr(model), session_id: textOr(session_id) });
  }
}

interface Result extends Json {
  readonly tool_use_id: string;
}

function isResult(block: unknown): block is Result {
  return isObject(block) && block['type'] === 'tool_result' && typeof block['tool_use_id'] === 'string';
}

function typeIn(error: unknown): string | undefined {
  return isObject(error) ? textOr(error['type']) : undefined;
}

/** What the end says of the cost. Where it names no model and no cost it has nothing but zeros, and the sum of what streamed. */
function detailsIn(line: object): Json | undefined {
  const said = line as Json;
  const { modelUsage, total_cost_usd: cost } = said;
  const isZero = !saysSome(modelUsage) && !cost;
  const found = DETAILS.filter((name) => (isZero ? saysSome(said[name]) : (said[name] ?? null) !== null));
  const names = isZero ? found.filter((name) => name !== 'usage') : found;
  return names.length === 0 ? undefined : Object.fromEntries(names.map((name) => [name, said[name]]));
}

function saysSome(value: unknown): boolean {
  return isObject(value) || Array.isArray(value) ? Object.keys(value).length > 0 : Boolean(value);
}

function textOr(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
