import { defer, groupBy, type GroupedObservable, type OperatorFunction } from 'rxjs';
import { StreamError } from '../errors/streamError.js';
import type { StreamEvent } from '../events/event.js';
import { transform } from '../rx/transform.js';

/** How many agents may answer side by side. `Infinity` lifts the limit. */
export interface LaneLimits {
  /** Lanes of one stream, that of the main agent among them. Default 256. */
  readonly lanes?: number | undefined;
}

/**
 * Splits a stream in which agents answer side by side: into one stream for each lane, with the events that it would have
 * if its agent answered alone.
 *
 * ```text
 * -m-o-M-t-O-T-C-c-Z-z-|
 * > pipe(byLane(), mergeMap(text))
 * -------1---2---------|
 * ^--------------------!
 * ```
 *
 * A lane begins with its first event. Its `key` is the id of the call that started the sub-agent, and `undefined` for the
 * main agent. In its events there is no `lane` any more, because what gathers or ends reads the main agent alone: so
 * `toMessage()`, `accumulateState()` and `untilTerminal()` read any lane as they read a stream. Lanes complete and fail with
 * the source, not with their messages.
 *
 * As those of `groupBy`, lanes are hot and keep nothing: who subscribes to one later than when it comes misses what it has
 * said. The source is subscribed to for as long as somebody reads it or one of its lanes.
 *
 * ```ts
 * import { map, mergeMap } from 'rxjs';
 * import { accumulateState, byLane, fromBytes } from 'rxjs-llm-stream';
 * import { claudeCode } from 'rxjs-llm-stream/claude-code';
 *
 * fromBytes(child.stdout, { codec: claudeCode })
 *   .pipe(
 *     byLane(),
 *     mergeMap((lane) => lane.pipe(accumulateState(), map((state) => [lane.key ?? 'main', state] as const))),
 *   )
 *   .subscribe(([agent, state]) => show(agent, state));
 * ```
 *
 * @param limits - the most lanes of the stream: each costs memory until the stream ends
 * @returns an operator from events to lanes
 * @throws StreamError `limit` in place of the event that begins a lane too many; errors of the source pass. All lanes fail
 *   with the stream
 */
export function byLane<E extends StreamEvent>({ lanes = 256 }: LaneLimits = {}): OperatorFunction<
  E,
  GroupedObservable<string | undefined, E>
> {
  return (source) =>
    defer(() => {
      const known = new Set<string | undefined>();
      return source.pipe(
        transform<E, readonly [lane: string | undefined, event: E]>((event, emit) => {
          const key = event.lane || undefined;
          if (!known.has(key) && known.size >= lanes)
            throw new StreamError('limit', `The stream has more than ${lanes} lanes (limit: lanes)`);
          known.add(key);
          emit([key, event.lane === undefined ? event : withoutLane(event)]);
        }),
        groupBy(([key]) => key, { element: ([, event]) => event }),
      );
    });
}

function withoutLane<E extends StreamEvent>({ lane: _, ...said }: E): E {
  return said as StreamEvent as E;
}
