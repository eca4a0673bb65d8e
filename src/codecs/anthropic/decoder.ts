import type { StreamEvent } from '../../events/event.js';
import * as events from '../../events/make.js';
import type { Frame } from '../../wire/frame.js';
import { checked, malformedFrame } from '../kit/door.js';
import { wholeErrorIn } from '../kit/errorIn.js';
import { isObject } from '../kit/json.js';
import { schemaOf } from './wire.js';

/** Reads the event of a frame; nothing where the frame means nothing. */
export function eventsIn(frame: Frame): readonly StreamEvent[] {
  let value: unknown;
  try {
    value = JSON.parse(frame.data);
  } catch {
    return readOther(frame, frame.data, 'The data is not JSON');
  }
  if (!isObject(value)) return readOther(frame, value, 'The data is not a JSON object');
  const type = typeof value['type'] === 'string' ? value['type'] : undefined;
  if (
    type === 'error' ||
    (type === undefined && (frame.event === 'error' || (value['error'] ?? null) !== null))
  ) {
    return [wholeErrorIn(value)];
  }
  const name = type ?? frame.event;
  if (name === undefined || (type === undefined && value['type'] !== undefined)) {
    throw malformedFrame(frame, 'The event has no type');
  }
  const schema = schemaOf(name);
  if (schema === undefined) return [events.unknown(name, value)];
  return [checked(schema, type === undefined ? { ...value, type: name } : value, name, frame)];
}

/** Reads a frame whose data is not a JSON object: an error, an event of an unknown type, or one that holds nothing. */
function readOther(frame: Frame, value: unknown, problem: string): readonly StreamEvent[] {
  const { data, event } = frame;
  if (event === 'error') return [wholeErrorIn(value)];
  if (event === undefined && data === '[DONE]') return [];
  if (event === undefined) throw malformedFrame(frame, problem);
  const schema = schemaOf(event);
  if (schema === undefined) return [events.unknown(event, value)];
  if (data !== '') throw malformedFrame(frame, problem);
  return [checked(schema, { type: event }, event, frame)];
}
