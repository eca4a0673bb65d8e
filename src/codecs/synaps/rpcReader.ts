import type { ZodMiniType } from 'zod/mini';
import { StreamError } from '../../errors/streamError.js';
import * as events from '../../events/make.js';
import type { Frame } from '../../wire/frame.js';
import { checked, malformedFrame, objectIn } from '../kit/door.js';
import { isObject } from '../kit/json.js';
import {
  assistantEventSchemas,
  RPC_PROTOCOL_VERSION,
  rpcEventSchemas,
  type AnyRpcEvent,
  type AssistantEvent,
  type RpcEvent,
} from './wire.js';

/** Reads the frames of one subscription, each by itself. */
export class RpcReader {
  #awaitsReady: boolean;

  /** @param handshake - whether the first frame must be `ready` */
  constructor(handshake = false) {
    this.#awaitsReady = handshake;
  }

  /**
   * @returns what the frame says, in a list of one
   * @throws StreamError `malformed` for a frame that cannot be read; `protocol` for a version that is not supported, or
   *   a frame that comes before the `ready` that was demanded
   */
  next(frame: Frame): readonly [AnyRpcEvent] {
    const event = rpcEventIn(frame);
    this.#greet(event, frame);
    return [event];
  }

  /** A parent must refuse a version it does not know: https://github.com/HaseebKhalid1507/SynapsCLI, rpc-protocol.md §2. */
  #greet(event: AnyRpcEvent, frame: Frame): void {
    if (event.type === 'ready') {
      this.#awaitsReady = false;
      if (event.protocol_version === RPC_PROTOCOL_VERSION) return;
      throw disagreement(
        frame,
        `Version ${event.protocol_version} of the protocol is not supported; ${RPC_PROTOCOL_VERSION} is`,
      );
    }
    const name = event.type === 'unknown' ? event.name : event.type;
    if (this.#awaitsReady) throw disagreement(frame, `A frame came before ready: ${name}`);
  }
}

/** The failure of a frame that breaks what was agreed on. */
function disagreement(frame: Frame, message: string): StreamError {
  return new StreamError('protocol', message, { raw: frame.data });
}

function rpcEventIn(frame: Frame): AnyRpcEvent {
  const value = objectIn(frame);
  const { type } = value;
  if (typeof type !== 'string') throw malformedFrame(frame, 'The type of a frame must be a string');
  if (type === 'message_update') return updateIn(value, frame);
  if (!isKey(type, rpcEventSchemas)) return events.unknown(type, value);
  const schema: ZodMiniType<RpcEvent> = rpcEventSchemas[type];
  return checked(schema, value, type, frame);
}

function updateIn(value: Readonly<Record<string, unknown>>, frame: Frame): AnyRpcEvent {
  const { event } = value;
  if (!isObject(event)) throw malformedFrame(frame, 'message_update.event must be an object');
  const { type } = event;
  if (typeof type !== 'string') throw malformedFrame(frame, 'message_update.event.type must be a string');
  if (!isKey(type, assistantEventSchemas)) return events.unknown(type, value);
  const schema: ZodMiniType<AssistantEvent> = assistantEventSchemas[type];
  checked(schema, event, type, frame);
  return value as unknown as RpcEvent;
}

function isKey<T extends object>(name: PropertyKey, object: T): name is keyof T {
  return Object.hasOwn(object, name);
}
