import type { EventOf, StreamEvent } from '../../events/event.js';
import { resultContent } from '../../events/resultContent.js';
import type { Frame } from '../../wire/frame.js';
import type { Encoder } from '../codec.js';
import { isStranger } from '../kit/door.js';
import { Gathered } from '../kit/gathered.js';
import { isObject, type Json } from '../kit/json.js';
import { ClaudeCodeDecoder } from './decoder.js';
import { LineIds } from './lineIds.js';
import { TurnUsage } from './turnUsage.js';
import { DETAILS, nameOf, permissionRequestIn } from './wire.js';

/** The failures of a turn that the program has a subtype for. */
const SUBTYPES: ReadonlySet<string> = /* @__PURE__ */ new Set([
  'error_during_execution',
  'error_max_turns',
  'error_max_budget_usd',
  'error_max_structured_output_retries',
]);

/** Writes the events of one stream as lines, and the end of the turn at the end of it. */
export class ClaudeCodeEncoder implements Encoder {
  /** What the end of the turn says of the main agent's last message, once that has stopped. */
  #ended: Json | undefined;
  readonly #ids = new LineIds();
  #session = '';
  #text = '';
  #ending: Json = {};
  /** How many messages of the main agent have begun, and what those that have ended cost. */
  #turns = 0;
  readonly #spent = new TurnUsage();
  readonly #usage = new Gathered();

  next(event: StreamEvent): readonly Frame[] {
    if (event.lane === undefined) this.#follow(event);
    switch (event.type) {
      case 'ping':
        return frames({ type: 'keep_alive' });
      case 'tool_result':
        // No line says what a tool has so far.
        if (event.preliminary) return [];
        return this.#of(event, { type: 'user', message: { role: 'user', content: [resultOf(event)] } });
      case 'error':
        if (event.lane !== undefined) break;
        return frames(this.#failure(event));
      case 'tool_approval': {
        const request = permissionRequestIn(event);
        // The call says whose it is.
        if (request?.request.tool_use_id === event.tool_use_id) return frames(request as object as Json);
        break;
      }
      case 'unknown':
        return this.#strange(event);
      default:
    }
    const { lane: _, ...said } = event;
    return this.#of(event, { type: 'stream_event', event: event.lane === undefined ? event : said });
  }

  end(): readonly Frame[] {
    return this.#ended === undefined ? [] : frames(this.#result(this.#ended));
  }

  /** Notes what the end of the turn says again. */
  #follow(event: StreamEvent): void {
    switch (event.type) {
      case 'message_start': {
        const { session_id }: { readonly session_id?: unknown } = event.message as object;
        if (typeof session_id === 'string') this.#session = session_id;
        this.#ended = undefined;
        this.#text = '';
        this.#turns += 1;
        this.#usage.clear();
        this.#usage.add(event.message.usage);
        this.#ending = { stop_reason: event.message.stop_reason, ...event.message.usage_details };
        return;
      }
      case 'content_block_start':
        if (event.content_block.type === 'text') this.#text += event.content_block.text;
        return;
      case 'content_block_delta':
        if (event.delta.type === 'text_delta') this.#text += event.delta.text;
        return;
      case 'message_delta':
        this.#usage.add(event.usage);
        this.#ending = {
          ...this.#ending,
          ...(event.delta.stop_reason !== null && { stop_reason: event.delta.stop_reason }),
          ...event.usage_details,
        };
        return;
      case 'message_stop':
        this.#count();
        this.#ended = { subtype: 'success', is_error: false, result: this.#text };
        return;
      default:
    }
  }

  #failure({ error, request_id }: EventOf<'error'>): Json {
    this.#ended = undefined;
    this.#count();
    const { type, message, status } = error;
    // The program has a subtype for a few failures, and one for all others.
    const isKnown = SUBTYPES.has(type);
    const said = {
      subtype: isKnown ? type : 'error_during_execution',
      is_error: true,
      errors: [message],
      ...(!isKnown && { error: { type } }),
      status,
      request_id,
    };
    return this.#result(said);
  }

  /** The end of the turn. Times and costs are not known here: they are 0. */
  #result(said: Json): Json {
    const { stop_reason = null, ...others } = this.#ending;
    const details = DETAILS.flatMap((name) => (name in others ? [[name, others[name]] as const] : []));
    return {
      type: 'result',
      ...said,
      duration_ms: 0,
      duration_api_ms: 0,
      num_turns: this.#turns,
      stop_reason,
      total_cost_usd: 0,
      usage: this.#spent.all,
      modelUsage: {},
      permission_denials: [],
      ...Object.fromEntries(details),
      session_id: this.#session,
      uuid: this.#ids.next(),
    };
  }

  /** Adds what a message cost to what the turn did. */
  #count(): void {
    this.#spent.add(this.#usage.all);
    this.#usage.clear();
  }

  #strange({ name, data, lane }: EventOf<'unknown'>): readonly Frame[] {
    const given = isObject(data) ? data : { data };
    const line = nameOf(given) === name ? given : { data, type: name };
    const [frame] = frames(lane === undefined ? line : { ...line, parent_tool_use_id: lane });
    return frame !== undefined && isStranger(new ClaudeCodeDecoder(), frame) ? [frame] : [];
  }

  #of({ lane = null }: { readonly lane?: string | null }, line: Json): readonly Frame[] {
    return frames({ ...line, parent_tool_use_id: lane, session_id: this.#session, uuid: this.#ids.next() });
  }
}

function resultOf({ type, tool_use_id, content, is_error }: EventOf<'tool_result'>): Json {
  return { type, tool_use_id, content: resultContent(content), is_error };
}

function frames(line: Json): readonly Frame[] {
  return [{ data: JSON.stringify(line) }];
}
