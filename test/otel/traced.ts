import { ROOT_CONTEXT, trace, type Context } from '@opentelemetry/api';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
  type MetricData,
} from '@opentelemetry/sdk-metrics';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
  type ReadableSpan,
} from '@opentelemetry/sdk-trace-base';
import type { Observable } from 'rxjs';
import type { StreamEvent } from '../../src/events/event.js';
import * as events from '../../src/events/make.js';
import { traceStream, type TraceStreamOptions } from '../../src/otel/traceStream.js';

/** What no span and no metric may have: it may be an answer, or a key. */
export const SECRET = 'sk-ant-api-secret';

/** An answer whose every word is the secret. */
export const ANSWER: readonly StreamEvent[] = [
  events.messageStart({
    id: 'msg_1',
    model: 'model-1',
    usage: { input_tokens: 12, output_tokens: 1, cache_read_input_tokens: 30 },
  }),
  events.thinkingStart(0),
  events.thinkingDelta(0, SECRET),
  events.blockStop(0),
  events.textStart(1),
  events.textDelta(1, SECRET),
  events.blockStop(1),
  events.toolUseStart(2, 'toolu_1', 'draw'),
  events.inputJsonDelta(2, `{"key":"${SECRET}"}`),
  events.blockStop(2),
  events.messageDelta('tool_use', { output_tokens: 7 }),
  events.messageStop(),
];

/** The real SDK, and what it gathers. */
export function traced(more: Partial<TraceStreamOptions<Context>> = {}) {
  const spanExporter = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spanExporter)] });
  const tracer = provider.getTracer('test');
  const parent = tracer.startSpan('turn');
  const context = trace.setSpan(ROOT_CONTEXT, parent);
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter });
  const meter = new MeterProvider({ readers: [reader] }).getMeter('test');
  const options = { tracer, meter, provider: 'anthropic', model: 'model', context, ...more };
  return {
    options,
    operator: () => traceStream<StreamEvent, Context>(options),
    parentId: parent.spanContext().spanId,
    spans: (): readonly ReadableSpan[] => spanExporter.getFinishedSpans(),
    /** All metrics; none can be measured afterwards. */
    async metrics(): Promise<readonly MetricData[]> {
      await reader.forceFlush();
      await reader.shutdown();
      return exporter.getMetrics()[0]?.scopeMetrics[0]?.metrics ?? [];
    },
  };
}

/** The attribute of each span, in the order in which they ended. */
export function each(spans: readonly ReadableSpan[], name: string): unknown[] {
  return spans.map(({ attributes }) => attributes[name]);
}

/** All that stands in a span. */
export function textOf({ name, attributes, events: noted, status, links }: ReadableSpan): string {
  return JSON.stringify([name, attributes, noted, status, links]);
}

/** Subscribes, and gives what came. */
export function run(source: Observable<StreamEvent>): StreamEvent[] {
  const heard: StreamEvent[] = [];
  source.subscribe({ next: (event) => heard.push(event), error: () => undefined });
  return heard;
}
