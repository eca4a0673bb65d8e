import type { StreamEvent } from '../../events/event.js';
import type { Frame } from '../../wire/frame.js';
import { checked, malformedFrame } from '../kit/door.js';
import { isObject } from '../kit/json.js';
import { schemaOf } from './wire.js';

/** Reads the event of a frame; `undefined` for a frame that means nothing. */
export function eventIn(frame: Frame): StreamEvent | undefined {
  let value: unknown;
  try {
    value = JSON.parse(frame.data);
  } catch {
    return readText(frame);
  }
  if (!isObject(value)) return readOther(value, frame);
  const type = typeof value['type'] === 'string' ? value['type'] : undefined;
  if (
    type === 'error' ||
    (type === undefined && (frame.event === 'error' || (value['error'] ?? null) !== null))
  ) {
    return errorEvent(value);
  }
  const name = type ?? frame.event;
  if (name === undefined || (type === undefined && value['type'] !== undefined)) {
    throw malformedFrame(frame, 'The event has no type');
  }
  const schema = schemaOf.get(name);
  if (schema === undefined) return { type: 'unknown', name, data: value };
  return checked(schema, type === undefined ? { ...value, type: name } : value, name, frame);
}

/** Reads a frame whose data is JSON but not an object. Only an error or an event of an unknown type may look like that. */
function readOther(value: unknown, frame: Frame): StreamEvent {
  const { event } = frame;
  if (event === 'error') return errorEvent(value);
  if (event === undefined || schemaOf.has(event))
    throw malformedFrame(frame, 'The data is not a JSON object');
  return { type: 'unknown', name: event, data: value };
}

/** Reads a frame whose data is not JSON. */
function readText(frame: Frame): StreamEvent | undefined {
  const { data, event } = frame;
  if (event === 'error') return errorEvent(data);
  if (event === undefined && data === '[DONE]') return undefined;
  if (event === undefined) throw malformedFrame(frame, 'The data is not JSON');
  const schema = schemaOf.get(event);
  if (schema === undefined) return { type: 'unknown', name: event, data };
  if (data !== '') throw malformedFrame(frame, 'The data is not JSON');
  return checked(schema, { type: event }, event, frame);
}

/** Reads an error in any spelling, because a failure must not look like success. */
function errorEvent(value: unknown): StreamEvent {
  const { request_id, ...rest }: Record<string, unknown> = isObject(value) ? value : {};
  const body = typeof request_id === 'string' || request_id === null ? { ...rest, request_id } : rest;
  const error = isObject(body['error']) ? body['error'] : {};
  if (typeof error['type'] === 'string' && typeof error['message'] === 'string') {
    return { ...body, type: 'error' } as StreamEvent;
  }
  const said = [error['message'], body['error'], body['message'], value].find(
    (text) => typeof text === 'string' && text !== '',
  );
  return {
    ...body,
    type: 'error',
    error: {
      ...error,
      type: typeof error['type'] === 'string' ? error['type'] : 'api_error',
      message: typeof said === 'string' ? said : 'The server sent an error without a message',
    },
  };
}
