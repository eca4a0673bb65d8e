import {
  asyncScheduler,
  defer,
  finalize,
  tap,
  type MonoTypeOperatorFunction,
  type SchedulerLike,
} from 'rxjs';
import type { StreamEvent } from '../events/event.js';
import { AttemptSpan, type Report } from './attemptSpan.js';
import type { AttributesLike, MeterLike, TracerLike } from './openTelemetry.js';

/** Options of {@link traceStream}. */
export interface TraceStreamOptions<Context> {
  /** Makes the spans: a `Tracer` of `@opentelemetry/api`. */
  readonly tracer: TracerLike<Context>;
  /** Makes the metrics: a `Meter` of `@opentelemetry/api`. Default: there are none. */
  readonly meter?: MeterLike;
  /** Whose model it is, `gen_ai.provider.name`: `anthropic`, `openai`, `aws.bedrock`, `gcp.gemini`. */
  readonly provider: string;
  /** The model that is asked, `gen_ai.request.model`. */
  readonly model: string;
  /** The context whose span is the parent of all attempts. Default: the one that is active at each. */
  readonly context?: Context;
}

// The number that `SpanKind.CLIENT` stands for.
const CLIENT = 2;

const SECONDS = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92];

/**
 * Traces each attempt at an answer as a span, by OpenTelemetry's conventions for generative AI, and measures it. Events
 * pass as they come.
 *
 * An attempt begins with the subscription, after a `reset`, and with each further message. It ends with its message, with
 * a failure, whose type is `error.type`, or with its subscriber, which is no error. So it may stand before a retry or
 * behind `retryWithReset()`. Nothing that the model said is in a span, nor an address, a key or the message of an error:
 * types and stop reasons that are no names become `_OTHER`.
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
 *   .pipe(traceStream({ tracer, meter, provider: 'anthropic', model: 'claude-sonnet-4-5' }))
 *   .subscribe((event) => console.log(event.type));
 * ```
 *
 * @param options - what makes spans and metrics, and whom is asked
 * @param scheduler - whose time it is
 * @returns an operator from events to the same events
 * @see https://github.com/open-telemetry/semantic-conventions-genai/blob/main/docs/gen-ai/client-inference.md
 */
export function traceStream<E extends StreamEvent, Context>(
  { tracer, meter, provider, model, context }: TraceStreamOptions<Context>,
  scheduler: SchedulerLike = asyncScheduler,
): MonoTypeOperatorFunction<E> {
  const asked: AttributesLike = {
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': provider,
    'gen_ai.request.model': model,
  };
  const report = meter === undefined ? () => undefined : reporter(meter, asked);
  const begin = (): AttemptSpan => {
    const attributes = { ...asked, 'gen_ai.request.stream': true };
    const span = tracer.startSpan(`chat ${model}`, { kind: CLIENT, attributes }, context);
    return new AttemptSpan(span, () => scheduler.now(), report);
  };
  return (events) =>
    defer(() => {
      let attempt = begin();
      let isInside = false;
      return events.pipe(
        tap({
          next(event) {
            if (event.lane) return;
            if (event.type === 'reset') {
              attempt.fail(event.cause);
              attempt = begin();
              isInside = false;
              return;
            }
            if (event.type === 'message_start') {
              if (!attempt.isOpen) attempt = begin();
              isInside = true;
            }
            attempt.add(event);
            isInside &&= attempt.isOpen;
          },
          error: (error: unknown) => attempt.fail(error),
          complete: () => isInside && attempt.fail('truncated'),
        }),
        finalize(() => attempt.end()),
      );
    });
}

function reporter(meter: MeterLike, asked: AttributesLike): Report {
  const name = 'gen_ai.client.inference';
  const timed = { unit: 's', advice: { explicitBucketBoundaries: SECONDS } };
  const duration = meter.createHistogram(`${name}.duration`, timed);
  const first = meter.createHistogram(`${name}.time_to_first_chunk`, timed);
  const tokens = ['input_tokens', 'output_tokens'].map(
    (kind) => [kind, meter.createCounter(`${name}.usage.${kind}`, { unit: '{token}' })] as const,
  );
  return (seconds, firstChunk, said) => {
    const answered = said['gen_ai.response.model'];
    const about = answered === undefined ? asked : { ...asked, 'gen_ai.response.model': answered };
    const failed = said['error.type'];
    duration.record(seconds, failed === undefined ? about : { ...about, 'error.type': failed });
    if (firstChunk !== undefined) first.record(firstChunk, about);
    for (const [kind, counter] of tokens)
      counter.add(Number(said[`gen_ai.usage.${kind}`] ?? 0), {
        ...about,
        'gen_ai.token.modality': 'unknown',
      });
  };
}
