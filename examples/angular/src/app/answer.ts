import {
  asyncScheduler,
  combineLatest,
  connect,
  defer,
  map,
  materialize,
  onErrorResumeNextWith,
  scan,
  startWith,
  type OperatorFunction,
  type TimestampProvider,
} from 'rxjs';
import { accumulateState, type StreamEvent, type StreamState } from 'rxjs-llm-stream';
import { paceOf, STILL, type Moment, type Pace } from './pace.js';
import { BLANK, stripOf, type Strip } from './strip.js';

/** All that there is to show of an answer. */
export interface Answer {
  readonly state: StreamState;
  readonly pace: Pace;
  readonly strip: Strip;
}

export const NOTHING: Answer = {
  state: {
    status: 'waiting',
    message: undefined,
    messages: [],
    calls: [],
    usage: {
      input_tokens: 0,
      output_tokens: 0,
      cache_creation: null,
      cache_creation_input_tokens: null,
      cache_read_input_tokens: null,
      output_tokens_details: null,
      server_tool_use: null,
    },
    error: undefined,
  },
  pace: STILL,
  strip: BLANK,
};

/**
 * Gathers events into answers: several folds over one stream, each of which leaves alone what an event does not change.
 * It never fails: a failure is the last state.
 *
 * @param clock - tells when the events come, in ms
 */
export function toAnswer(clock: TimestampProvider = asyncScheduler): OperatorFunction<StreamEvent, Answer> {
  return (events) =>
    defer(() => {
      const asked = clock.now();
      return events.pipe(
        map((event): Moment => ({ event, at: clock.now() - asked })),
        connect((moments) =>
          combineLatest({
            state: moments.pipe(
              map(({ event }) => event),
              accumulateState(),
            ),
            pace: moments.pipe(scan(paceOf, STILL), onErrorResumeNextWith(), startWith(STILL)),
            strip: moments.pipe(materialize(), scan(stripOf, BLANK), startWith(BLANK)),
          }),
        ),
      );
    });
}
