import type { Frame } from '../../wire/frame.js';
import { malformedFrame, objectIn } from '../kit/door.js';
import { tagOf } from './schemas.js';

/** What a line holds: an event, or, at the head of a recording, the model that answers in it. */
export type Line = { readonly name: string; readonly body: unknown } | { readonly model: string };

/**
 * Reads a line: an event, or a line of the recordings that the crate is tested with. Those begin with
 * `{ timestamp, model, description }`, and go on with `{ elapsed_ms, event_type, data }`, in which `data` is the event,
 * as JSON within a text or as it is.
 *
 * @throws StreamError `malformed` where it is neither
 */
export function lineIn(frame: Frame): Line {
  const value = objectIn(frame);
  const line = eventIn(value);
  if (line !== undefined) return line;
  const { timestamp, model, description, elapsed_ms, data } = value;
  if (timestamp !== undefined && description !== undefined && typeof model === 'string') return { model };
  if (typeof elapsed_ms !== 'number') throw malformedFrame(frame, 'An event has one key, its name');
  const recorded: Frame = { data: typeof data === 'string' ? data : (JSON.stringify(data) ?? '') };
  const event = eventIn(objectIn(recorded));
  if (event === undefined) throw malformedFrame(recorded, 'An event has one key, its name');
  return event;
}

function eventIn(value: Readonly<Record<string, unknown>>): Line | undefined {
  const name = tagOf(value);
  return name === undefined ? undefined : { name, body: value[name] };
}
