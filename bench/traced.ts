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
import { quantile } from './pair.js';
import { textWorkload } from './workloads.js';

/** How a pipeline is traced: with spans, or with metrics besides. */
export const TRACINGS = ['spans', 'metrics'] as const;

/** One of {@link TRACINGS}. */
export type Tracing = (typeof TRACINGS)[number];

/** What tracing adds to the CPU time, in µs. */
export interface TracedCost {
  /** To an answer, its spans and all that the SDK does with them. */
  readonly answer: number;
  /** To each of its events. */
  readonly event: number;
}

/** So many text deltas has the long answer. */
export const LONG = 2_000;

/** So many times each is measured, and before that not. */
const ROUNDS = 60;
const WARM_UP = 15;

/**
 * What tracing adds under OpenTelemetry's own SDK to reading answers from a `ReadableStream` into a message that grows. Traced
 * answers and others take turns in one process, because what is added is less than one process differs from the next.
 */
export async function tracedCost(tracing: Tracing): Promise<TracedCost> {
  const answer = await added(tracing, 1, 200);
  const long = await added(tracing, LONG, 4);
  return { answer, event: (long - answer) / LONG };
}

/** What tracing adds to an answer of so many deltas, in µs: the median over the rounds. */
async function added(tracing: Tracing, deltas: number, answers: number): Promise<number> {
  const { chunks } = textWorkload(deltas);
  const trace = tracingOf(tracing);
  const time = async (isTraced: boolean): Promise<number> => {
    const before = process.cpuUsage();
    for (let count = 0; count < answers; count++) {
      const events = fromBytes(streamOf(chunks), { codec: anthropic }).pipe(untilTerminal());
      const { stop_reason } = await lastValueFrom(
        (isTraced ? trace(events) : events).pipe(accumulateMessage()),
      );
      if (stop_reason !== 'end_turn') throw new Error(`An answer ended with ${stop_reason}`);
    }
    const { user, system } = process.cpuUsage(before);
    return (user + system) / answers;
  };
  const differences: number[] = [];
  for (let round = -WARM_UP; round < ROUNDS; round++) {
    const plain = await time(false);
    const traced = await time(true);
    if (round >= 0) differences.push(traced - plain);
  }
  return quantile(differences, 0.5);
}

/** The operator of a tracing, under OpenTelemetry's own SDK. */
function tracingOf(tracing: Tracing): MonoTypeOperatorFunction<StreamEvent> {
  const spanProcessors = [new BatchSpanProcessor(new InMemorySpanExporter())];
  const tracer = new BasicTracerProvider({ spanProcessors }).getTracer('bench');
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const readers = [new PeriodicExportingMetricReader({ exporter })];
  const meter = tracing === 'spans' ? undefined : new MeterProvider({ readers }).getMeter('bench');
  return traceStream({ tracer, meter, provider: 'anthropic', model: 'claude', context: ROOT_CONTEXT });
}
