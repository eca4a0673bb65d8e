import { asyncScheduler, defer, tap, type MonoTypeOperatorFunction, type SchedulerLike } from 'rxjs';
import type { StreamEvent } from '../../events/event.js';
import {
  recordedErrorOf,
  type RecordedEnd,
  type RecordedEvent,
  type Recording,
  type RecordingHead,
} from './recording.js';

/** Makes, for one stream, a function from each event to what may be kept of it. */
export type Redaction = () => (event: StreamEvent) => StreamEvent;

/** Options of {@link record}: what stands in the head of the recording, and these. */
export interface RecordOptions extends RecordingHead {
  /** Whose time is recorded. Default: that of `asyncScheduler`. */
  readonly scheduler?: SchedulerLike | undefined;
  /**
   * What is kept of each event, such as `maskText`; called once for each subscription, so that it may remember what
   * came before. Where it is given, an error is kept without its `raw` text. Default: all is kept.
   */
  readonly redact?: Redaction | undefined;
}

/**
 * Passes a stream on as it is, and gives a recording of it once it is over: its events, when each came, and how it
 * ended.
 *
 * ```ts
 * import { writeFileSync } from 'node:fs';
 * import { untilTerminal } from 'rxjs-llm-stream';
 * import { streamMessages } from 'rxjs-llm-stream/anthropic';
 * import { maskText, record, recordingText } from 'rxjs-llm-stream/testing';
 *
 * streamMessages(params, { apiKey })
 *   .pipe(
 *     untilTerminal(),
 *     record((recording) => writeFileSync('answer.jsonl', recordingText(recording)), { redact: maskText }),
 *   )
 *   .subscribe();
 * ```
 *
 * The callback is called once for each subscription, before its end is passed on; also when the subscriber leaves. All
 * events of the stream are held until then. What the callback or the redaction throws is an error of the stream, as
 * with `tap`.
 *
 * @param recorded - takes the recording
 * @param options - the scheduler, the redaction, and the `name`, `startedAt` and `codec` of the recording
 * @returns an operator from events to the same events
 * @see replay
 */
export function record(
  recorded: (recording: Recording) => void,
  options: RecordOptions = {},
): MonoTypeOperatorFunction<StreamEvent> {
  const { scheduler = asyncScheduler, redact, ...head } = options;
  return (source) =>
    defer(() => {
      const start = scheduler.now();
      const keep = redact?.() ?? ((event: StreamEvent) => event);
      const entries: RecordedEvent[] = [];
      let last = 0;
      // A wall clock may be set back.
      const now = (): number => (last = Math.max(last, scheduler.now() - start));
      const finish = (end: RecordedEnd): void => recorded({ ...head, entries, end });
      return source.pipe(
        tap({
          next: (event) => entries.push({ at: now(), event: keep(event) }),
          complete: () => finish({ at: now(), end: 'complete' }),
          error: (error: unknown) => {
            const { raw, ...safe } = recordedErrorOf(error);
            const kept = redact || raw === undefined ? safe : { ...safe, raw };
            finish({ at: now(), end: 'error', error: kept });
          },
          unsubscribe: () => finish({ at: now(), end: 'unsubscribe' }),
        }),
      );
    });
}
