import type { EventOf, StreamEvent } from '../../events/event.js';
import type { Frame } from '../../wire/frame.js';
import type { Encoder } from '../codec.js';
import { isStranger } from '../kit/door.js';
import { isObject, type Json } from '../kit/json.js';
import { ClaudeCodeDecoder } from './decoder.js';
import { DETAILS, nameOf } from './wire.js';

/** Writes the events of one stream as lines, and the end of the turn at the end of it. */
export class ClaudeCodeEncoder implements Encoder {
  /** What the lines of the main agent's last message come to, once it has stopped. */
  #ended: Json | undefined;
  #session = '';
  #text = '';
  #ending: Json = {};

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
      case 'unknown':
        return this.#strange(event);
      default:
    }
    const { lane: _, ...said } = event;
    return this.#of(event, { type: 'stream_event', event: event.lane === undefined ? event : said });
  }

  end(): readonly Frame[] {
    return this.#ended === undefined ? [] : frames(this.#ended);
  }

  /** Notes what the end of the turn says again. */
  #follow(event: StreamEvent): void {
    switch (event.type) {
      case 'message_start': {
        const { session_id }: { readonly session_id?: unknown } = event.message as object;
        if (typeof session_id === 'string') this.#session = session_id;
        this.#ended = undefined;
        this.#text = '';
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
        this.#ending = {
          ...this.#ending,
          ...(event.delta.stop_reason !== null && { stop_reason: event.delta.stop_reason }),
          ...event.usage_details,
        };
        return;
      case 'message_stop': {
        const { stop_reason, ...others } = this.#ending;
        const details = DETAILS.flatMap((name) => (name in others ? [[name, others[name]] as const] : []));
        this.#ended = {
          ...{ type: 'result', subtype: 'success', is_error: false, result: this.#text, stop_reason },
          ...Object.fromEntries(details),
          session_id: this.#session,
        };
        return;
      }
      default:
    }
  }

  #failure({ error, request_id }: EventOf<'error'>): Json {
    this.#ended = undefined;
    const { type: subtype, message, status } = error;
    const said = { type: 'result', subtype, is_error: true, errors: [message], status, request_id };
    return { ...said, session_id: this.#session };
  }

  #strange({ name, data, lane }: EventOf<'unknown'>): readonly Frame[] {
    const given = isObject(data) ? data : { data };
    const line = nameOf(given) === name ? given : { data, type: name };
    const [frame] = frames(lane === undefined ? line : { ...line, parent_tool_use_id: lane });
    return frame !== undefined && isStranger(new ClaudeCodeDecoder(), frame) ? [frame] : [];
  }

  #of({ lane = null }: { readonly lane?: string | null }, line: Json): readonly Frame[] {
    return frames({ ...line, parent_tool_use_id: lane, session_id: this.#session });
  }
}

function resultOf({ type, tool_use_id, content, is_error }: EventOf<'tool_result'>): Json {
  return { type, tool_use_id, content, is_error };
}

function frames(line: Json): readonly Frame[] {
  return [{ data: JSON.stringify(line) }];
}
