import { ROOT_CONTEXT } from '@opentelemetry/api';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { BasicTracerProvider, BatchSpanProcessor, InMemorySpanExporter } from '@opentelemetry/sdk-trace-base';
import { lastValueFrom, type MonoTypeOperatorFunction } from 'rxjs';
import { anthropic } from '../src/anthropic.js';
import { accumulateMessage, fromBytes, untilTerminal, type StreamEvent } from '../src/index.js';
import { traceStream } from '../src/otel.js';
import { streamOf } from './floor.js';
import { textWorkload } from './workloads.js';

/** How a pipeline is traced: not at all, with spans, or with spans and metrics. */
export const TRACINGS = ['none', 'spans', 'metrics'] as const;

/** One of {@link TRACINGS}. */
export type Tracing = (typeof TRACINGS)[number];

/** So many text deltas are an answer. */
export const TRACED_DELTAS = 2_000;

/** So many answers are read one after another. */
export const TRACED_ANSWERS = 200;

/**
 * The CPU time that all threads of this process spend on reading some answers from a `ReadableStream` into a message that
 * grows, in ms, under OpenTelemetry's own SDK.
 *
 * @throws Error when what comes out is not the answer
 */
export async function tracedTime(tracing: Tracing): Promise<number> {
  const { chunks } = textWorkload(TRACED_DELTAS);
  const trace = tracingOf(tracing);
  const before = process.cpuUsage();
  for (let count = 0; count < TRACED_ANSWERS; count++) {
    const events = fromBytes(streamOf(chunks), { codec: anthropic }).pipe(untilTerminal());
    const { stop_reason } = await lastValueFrom((trace?.(events) ?? events).pipe(accumulateMessage()));
    if (stop_reason !== 'end_turn') throw new Error(`An answer ended with ${stop_reason}`);
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** The operator of a tracing, under OpenTelemetry's own SDK; none where nothing is traced. */
export function tracingOf(tracing: Tracing): MonoTypeOperatorFunction<StreamEvent> | undefined {
  if (tracing === 'none') return undefined;
  const spanProcessors = [new BatchSpanProcessor(new InMemorySpanExporter())];
  const tracer = new BasicTracerProvider({ spanProcessors }).getTracer('bench');
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const readers = [new PeriodicExportingMetricReader({ exporter })];
  const meter = tracing === 'metrics' ? new MeterProvider({ readers }).getMeter('bench') : undefined;
  return traceStream({ tracer, meter, provider: 'anthropic', model: 'claude', context: ROOT_CONTEXT });
}
