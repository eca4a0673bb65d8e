import type { z } from 'zod';
import { StreamError } from '../../errors/streamError.js';
import { isEvent } from '../../events/event.js';
import * as events from '../../events/make.js';
import type { Frame } from '../../wire/frame.js';
import type { DecoderOptions } from '../codec.js';
import { isObject, malformedFrame, objectIn, readFrame, shaped } from '../kit/policy.js';
import { RPC_PROTOCOL_VERSION, type AnyRpcEvent, type AssistantEvent, type RpcEvent } from './rpcEvent.js';
import { assistantEventSchemas, rpcEventSchemas } from './schemas.js';

/** How frames are read, before it is asked what they mean for a turn. */
export interface RpcReaderOptions extends DecoderOptions {
  /** Whether the first frame must be `ready`, as it is where the whole output of a child is read. Default `false`. */
  readonly handshake?: boolean | undefined;
}

/** Reads the frames of one subscription, each by itself. */
export class RpcReader {
  readonly #options: RpcReaderOptions;
  #awaitsReady: boolean;

  /** @param options - what to do with what cannot be read, and whether a handshake is demanded */
  constructor(options: RpcReaderOptions) {
    this.#options = options;
    this.#awaitsReady = options.handshake ?? false;
  }

  /**
   * @returns what the frame says; nothing where the policies skip it
   * @throws StreamError `malformed`, as the options say; `protocol` for a version that is not known, or a frame that
   *   comes before the `ready` that was demanded
   */
  next(frame: Frame): readonly AnyRpcEvent[] {
    const known: RpcEvent[] = [];
    const strangers = readFrame(frame, this.#options, () => {
      const event = rpcEventIn(frame);
      this.#greet(event, frame);
      if (event.type === 'unknown') return [event];
      known.push(event);
      return [];
    });
    return known.length > 0 ? known : strangers.filter(isEvent('unknown'));
  }

  /** A parent must refuse a version it does not know: https://github.com/HaseebKhalid1507/SynapsCLI, rpc-protocol.md §2. */
  #greet(event: AnyRpcEvent, frame: Frame): void {
    if (event.type === 'ready') {
      this.#awaitsReady = false;
      if (event.protocol_version === RPC_PROTOCOL_VERSION) return;
      throw disagreement(frame, `Version ${event.protocol_version} of the protocol is not known`);
    }
    const name = event.type === 'unknown' ? event.name : event.type;
    if (this.#awaitsReady) throw disagreement(frame, `A frame came before ready: ${name}`);
  }
}

/** The failure of a frame that contradicts those before it, or what was agreed on. */
export function disagreement(frame: Frame, message: string): StreamError {
  return new StreamError('protocol', message, { raw: frame.data });
}

function rpcEventIn(frame: Frame): AnyRpcEvent {
  const value = objectIn(frame);
  const { type } = value;
  if (typeof type !== 'string') throw malformedFrame(frame, 'The frame has no type');
  if (type === 'message_update') return updateIn(value, frame);
  if (!isKey(type, rpcEventSchemas)) return events.unknown(type, value);
  const schema: z.ZodType<RpcEvent> = rpcEventSchemas[type];
  return shaped(schema, value, type, frame);
}

function updateIn(value: Readonly<Record<string, unknown>>, frame: Frame): AnyRpcEvent {
  const { event } = value;
  if (!isFrequentDelta(event)) {
    if (!isObject(event)) throw malformedFrame(frame, 'message_update.event: no JSON object');
    const { type } = event;
    if (typeof type !== 'string') throw malformedFrame(frame, 'message_update.event.type: no text');
    if (!isKey(type, assistantEventSchemas)) return events.unknown(type, value);
    const schema: z.ZodType<AssistantEvent> = assistantEventSchemas[type];
    shaped(schema, event, type, frame);
  }
  return value as unknown as RpcEvent;
}

function isKey<T extends object>(name: PropertyKey, object: T): name is keyof T {
  return Object.hasOwn(object, name);
}

/** The deltas that make up nearly all of a stream, checked by hand: zod takes as long for one as `JSON.parse`. */
function isFrequentDelta(value: unknown): boolean {
  const event = value as Partial<Record<string, unknown>> | null | undefined;
  switch (event?.['type']) {
    case 'text_delta':
    case 'thinking_delta':
      return typeof event['delta'] === 'string';
    case 'toolcall_input_delta':
      return typeof event['tool_id'] === 'string' && typeof event['delta'] === 'string';
    default:
      return false;
  }
}
