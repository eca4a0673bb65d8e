import type { StreamEvent } from '../events/event.js';
import { idOf, withId } from '../events/id.js';
import type { Frame } from '../wire/frame.js';

/** The events of a frame, with its id. */
export function namedBy({ id }: Frame, events: readonly StreamEvent[]): readonly StreamEvent[] {
  return id === undefined ? events : events.map((event) => withId(event, id));
}

/** The frames of an event. Its id stands on the last: whoever has seen the id has seen all of the event. */
export function named(frames: readonly Frame[], event: StreamEvent): readonly Frame[] {
  const id = idOf(event);
  if (id === undefined) return frames;
  return frames.map((frame, at) => (at < frames.length - 1 ? frame : { ...frame, id }));
}
