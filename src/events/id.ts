import type { StreamEvent } from './event.js';

/**
 * The ids that a log counts: the number of a writer and a seq without holes. Those of others may look alike: Redis's own begin
 * with a time in ms, which is longer than any number of writers.
 */
export const COUNTED = /^(\d{1,9})-(\d{1,15})$/;

/** The id before the first event of a run. */
export const BEGINNING = '0-0';

/** Registered for the whole program: every copy of the package finds the same one. */
const ID = /* @__PURE__ */ Symbol.for('rxjs-llm-stream.id');

/**
 * The id of an event: that of the frame it came in, or the one that a log gave it. A client that names it as the
 * `Last-Event-ID` of a request asks for what comes after this event.
 *
 * ```ts
 * import { from } from 'rxjs';
 * import { decode, idOf, sse } from 'rxjs-llm-stream';
 * import { anthropic } from 'rxjs-llm-stream/anthropic';
 *
 * from(['id: 1-7\ndata: {"type":"ping"}\n\n'])
 *   .pipe(sse(), decode(anthropic))
 *   .subscribe((event) => console.log(idOf(event)));
 * // 1-7
 * ```
 *
 * It is no member of the event: JSON, `structuredClone` and a copy by `{ ...event }` are without it, so that a piece of an
 * event never bears the id of the whole.
 *
 * @param event - as it came
 * @returns the id; `undefined` where it has none. Events of one frame have one id, and in an event stream an id holds until
 *   another one comes
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html#last-event-id
 */
export function idOf(event: StreamEvent): string | undefined {
  return (event as { readonly [ID]?: string })[ID];
}

/**
 * Gives an event an id.
 *
 * @param event - any event; it is not changed
 * @param id - its id, without CR, LF and NUL
 * @returns a copy that {@link idOf} knows the id of
 */
export function withId<E extends StreamEvent>(event: E, id: string): E {
  // V8 adds a property several times faster to a copy that began with a member than to one that is all spread.
  const copy: Partial<E> = { type: undefined, ...(event as Partial<E>) };
  return Object.defineProperty(copy, ID, { value: id }) as E;
}

/**
 * Gives an event the id of another one, which it stands for.
 *
 * @param source - the event that was changed
 * @param event - what became of it
 * @returns the event; a copy with the id, where there is one
 */
export function withIdOf<E extends StreamEvent>(source: StreamEvent, event: E): E {
  const id = idOf(source);
  return id === undefined ? event : withId(event, id);
}
