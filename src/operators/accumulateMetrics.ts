import { asyncScheduler, type OperatorFunction, type SchedulerLike } from 'rxjs';
import type { StreamEvent } from '../events/event.js';
import { MetricsSoFar, type StreamMetrics } from '../fold/usage/streamMetrics.js';
import { folded } from '../rx/folded.js';

/**
 * Measures how fast a stream is: the first event, the first content, the longest wait, the tokens per second. Emits all of
 * it each time that something in it changes, which is with each event.
 *
 * ```text
 * ---m--o--t--u-c-s-z|
 * > accumulateMetrics()
 * ---1--2--3--4-5-6-7|
 * ^------------------!
 * ```
 *
 * Content is what `isOutput()` says: text, thinking or a call. The start of a message and a ping are events, not content, and
 * the result of a tool is not of the model. What is between two messages, such as the time that tools take, counts neither
 * as a wait nor for the rate. A failed attempt that a `reset` drops is no round, but its time has passed and its tokens
 * are paid for. Events of sub-agents are not measured.
 *
 * ```ts
 * import { accumulateMetrics, branch, streamEvents, untilTerminal } from 'rxjs-llm-stream';
 * import { anthropic } from 'rxjs-llm-stream/anthropic';
 *
 * streamEvents('/api/chat', { codec: anthropic })
 *   .pipe(
 *     untilTerminal(),
 *     branch(accumulateMetrics(), {
 *       next: ({ firstOutputMs, tokensPerSecond }) => console.log(firstOutputMs, tokensPerSecond),
 *     }),
 *   )
 *   .subscribe((event) => console.log(event.type));
 * ```
 *
 * @param scheduler - whose time it is
 * @returns an operator from events to metrics, in ms from the subscription on
 * @throws StreamError `api` for an `error` event, `truncated` for a source that ends before `message_stop`,
 *   `protocol` for another message inside an unfinished one; errors of the source pass
 * @see {@link sumUsage} {@link streamTimeout}
 */
export function accumulateMetrics(
  scheduler: SchedulerLike = asyncScheduler,
): OperatorFunction<StreamEvent, StreamMetrics> {
  return folded<StreamEvent, StreamMetrics, MetricsSoFar>({
    begin: () => new MetricsSoFar(() => scheduler.now()),
    show({ changed }, emit) {
      if (changed) emit(changed);
    },
  });
}
