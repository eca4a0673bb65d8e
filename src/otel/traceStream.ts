import {
  asyncScheduler,
  defer,
  finalize,
  tap,
  type MonoTypeOperatorFunction,
  type SchedulerLike,
} from 'rxjs';
import { requireGiven } from '../errors/requireGiven.js';
import type { StreamEvent } from '../events/event.js';
import type { TurnMessage } from '../events/turnMessage.js';
import { AttemptSpan } from './attemptSpan.js';
import { inputMessages } from './content.js';
import { Instruments, type MetricNames } from './instruments.js';
import type { AttributesLike, MeterLike, TracerLike } from './openTelemetry.js';

/** Options of {@link traceStream}. */
export interface TraceStreamOptions<Context> {
  /** Makes the spans: a `Tracer` of `@opentelemetry/api`. */
  readonly tracer: TracerLike<Context>;
  /** Makes the metrics: a `Meter` of `@opentelemetry/api`. Default: there are none. */
  readonly meter?: MeterLike | undefined;
  /**
   * Whether `time_per_output_chunk` is measured: the time from each delta to the one before it, or to the first event. Those of one tick
   * of the clock are one chunk. Each is a record of the
   * SDK, which takes as long as reading the delta. Default `false`.
   */
  readonly chunkTimes?: boolean | undefined;
  /** The names of the metrics. Default `inference`. */
  readonly metricNames?: MetricNames | undefined;
  /** Whose model it is, `gen_ai.provider.name`: `anthropic`, `openai`, `aws.bedrock`, `gcp.gemini`. */
  readonly provider: string;
  /** The model that is asked, `gen_ai.request.model`. */
  readonly model: string;
  /** The context whose span is the parent of all attempts. Default: the one that is active at each. */
  readonly context?: Context | undefined;
  /**
   * Whether what the model says goes into the span: its texts, its thinking and its calls with their input, as
   * `gen_ai.output.messages`. Default `false`, since it may be anybody's secret.
   */
  readonly content?: boolean | undefined;
  /** What is asked, for `gen_ai.input.messages`. It is written with `content: true` alone. */
  readonly messages?: readonly TurnMessage[] | undefined;
}

// The number that `SpanKind.CLIENT` stands for.
const CLIENT = 2;

/**
 * Traces each attempt at an answer as a span, by OpenTelemetry's conventions for generative AI, and measures it. Events
 * pass as they come.
 *
 * An attempt begins with the subscription, after a `reset`, and with each further message. It ends with its message, with
 * a failure, whose type is `error.type`, or with its subscriber. A stop is no error: the finish reason is then `cancelled`,
 * on whichever side of `stopOn()` this operator stands. It may stand in front of a retry or behind `retryWithReset()`; in
 * `ask` of `streamTurn()` it sees when each request is sent.
 *
 * Unless `content` is set, nothing that was said is in a span or a metric, nor an address, a key or the message of an error:
 * types and stop reasons that are no names become `_OTHER`. With it, blocks that are no text, thinking or call are there by
 * their type alone, and a call that was cut off without its input.
 *
 * ```ts
 * import { metrics, trace } from '@opentelemetry/api';
 * import { streamEvents } from 'rxjs-llm-stream';
 * import { anthropic } from 'rxjs-llm-stream/anthropic';
 * import { traceStream } from 'rxjs-llm-stream/otel';
 *
 * const tracer = trace.getTracer('chat');
 * const meter = metrics.getMeter('chat');
 *
 * streamEvents('/api/chat', { codec: anthropic })
 *   .pipe(traceStream({ tracer, meter, provider: 'anthropic', model: 'claude-sonnet-5-5' }))
 *   .subscribe((event) => console.log(event.type));
 * ```
 *
 * @param options - what makes spans and metrics, whom is asked, and whether what is said is written down
 * @param scheduler - whose time it is
 * @returns an operator from events to the same events
 * @see https://github.com/open-telemetry/semantic-conventions-genai/blob/main/docs/gen-ai/client-inference.md
 */
export function traceStream<E extends StreamEvent, Context>(
  options: TraceStreamOptions<Context>,
  scheduler: SchedulerLike = asyncScheduler,
): MonoTypeOperatorFunction<E> {
  requireGiven(
    'traceStream',
    '{ tracer, … } with a Tracer of OpenTelemetry',
    (options as Partial<TraceStreamOptions<Context>> | undefined)?.tracer,
  );
  const { tracer, meter, metricNames = 'inference', provider, model, context } = options;
  const { content = false, chunkTimes = false, messages } = options;
  const asked: AttributesLike = {
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': provider,
    'gen_ai.request.model': model,
  };
  const instruments = meter && new Instruments(meter, metricNames);
  const tracing = { clock: () => scheduler.now(), asked, instruments, chunkTimes, content };
  const begin = (isAsked: boolean): AttemptSpan => {
    const attributes: AttributesLike = { ...asked, 'gen_ai.request.stream': true };
    if (content && messages !== undefined) attributes['gen_ai.input.messages'] = inputMessages(messages);
    const span = tracer.startSpan(`chat ${model}`, { kind: CLIENT, attributes }, context);
    return new AttemptSpan(span, tracing, isAsked);
  };
  return (events) =>
    defer(() => {
      let attempt = begin(true);
      let isInside = false;
      const add = (event: StreamEvent): void => {
        if (event.type === 'reset') {
          attempt.fail(event.cause);
          attempt = begin(true);
          isInside = false;
          return;
        }
        if (event.type === 'message_start') {
          if (!attempt.isOpen) attempt = begin(false);
          isInside = true;
        }
        if (attempt.isOpen) attempt.add(event);
        isInside &&= attempt.isOpen;
      };
      return events.pipe(
        tap({
          next(event) {
            // Most events are deltas, and to pass one must cost next to nothing.
            if (event.type === 'content_block_delta' && !attempt.hearsDeltas) return;
            if (event.lane) return;
            try {
              add(event);
            } catch (error) {
              // Events out of order are for those who read the answer.
              attempt.fail(error);
            }
          },
          error: (error: unknown) => attempt.fail(error),
          complete: () => (isInside ? attempt.fail('truncated') : attempt.complete()),
        }),
        finalize(() => attempt.leave()),
      );
    });
}
