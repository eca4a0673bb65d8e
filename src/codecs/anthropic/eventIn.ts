import type { StreamEvent } from '../../events/event.js';
import * as events from '../../events/make.js';
import type { Frame } from '../../wire/frame.js';
import { checked, malformedFrame, NOT_JSON } from '../kit/door.js';
import { isFailure, wholeErrorIn } from '../kit/errorIn.js';
import { isObject, parsed, type Json } from '../kit/json.js';
import { isNoEvent, linesIn } from '../skip.js';
import { schemaOf } from './wire.js';

/** Reads the event of a frame by itself. */
export function eventIn(frame: Frame): StreamEvent {
  // The event that says nothing, as the API spells it.
  if (frame.data === '{"type":"ping"}') return events.ping();
  let value: unknown;
  try {
    value = parsed(frame.data);
  } catch {
    return readOther(frame, frame.data, NOT_JSON);
  }
  return isObject(value) ? eventOf(value, frame) : readOther(frame, value, 'The data is not a JSON object');
}

/** Reads an event that a frame holds. */
export function eventOf(value: Json, frame: Frame): StreamEvent {
  const { type } = value;
  if (typeof type === 'string' && type !== 'error') {
    const schema = schemaOf(type);
    if (schema !== undefined) return checked(schema, value, type, frame);
  }
  if (isFailure(value, frame.event)) return wholeErrorIn(value);
  if (type && typeof type === 'string') return events.unknown(type, value);
  const name = frame.event;
  if (name === undefined || type) throw malformedFrame(frame, 'The event has no type');
  const schema = schemaOf(name);
  return schema ? checked(schema, { ...value, type: name }, name, frame) : events.unknown(name, value);
}

/** Reads a frame whose data is not a JSON object: an error, an event of an unknown type, or one that holds nothing. */
function readOther(frame: Frame, value: unknown, problem: string): StreamEvent {
  const { data, event } = frame;
  // Of several events in one frame only the last has this name.
  if (event === undefined || event === 'message' || linesIn(frame)) throw malformedFrame(frame, problem);
  if (event === 'error') return wholeErrorIn(value);
  const schema = schemaOf(event);
  if (schema === undefined) return events.unknown(event, value);
  // A ping says the same, whatever comes with it: often the time. JSON that is none may have been another event.
  const isSound = isNoEvent(data) || (event === 'ping' && !data.includes('{'));
  if (!isSound) throw malformedFrame(frame, problem);
  return checked(schema, { type: event }, event, frame);
}

/** What a frame that cannot be read says of itself. */
export function typeIn(data: string): Json {
  try {
    const value = parsed(data);
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}
