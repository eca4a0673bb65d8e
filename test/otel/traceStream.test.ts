import {
  InMemorySpanExporter,
  BasicTracerProvider,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { concat, from, NEVER, of, retry, throwError, type Observable } from 'rxjs';
import { StreamError } from '../../src/errors/streamError.js';
import type { StreamEvent } from '../../src/events/event.js';
import * as events from '../../src/events/make.js';
import { traceStream } from '../../src/otel/traceStream.js';

const SECRET = 'sk-secret-words';

const ANSWER: readonly StreamEvent[] = [
  events.messageStart({
    id: 'msg_1',
    model: 'model-1',
    usage: { input_tokens: 12, output_tokens: 1, cache_read_input_tokens: 30 },
  }),
  events.textStart(0),
  events.textDelta(0, SECRET),
  events.blockStop(0),
  events.toolUseStart(1, 'toolu_1', 'draw'),
  events.inputJsonDelta(1, `{"key":"${SECRET}"}`),
  events.blockStop(1),
  events.messageDelta('tool_use', { output_tokens: 7 }),
  events.messageStop(),
];

/** What the real SDK gathers. */
function traced() {
  const exporter = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  const tracer = provider.getTracer('test');
  const parent = tracer.startSpan('turn');
  const context = trace.setSpan(ROOT_CONTEXT, parent);
  const options = { tracer, provider: 'anthropic', model: 'model', context };
  return {
    options,
    operator: () => traceStream<StreamEvent, typeof context>(options),
    parentId: parent.spanContext().spanId,
    spans: () => exporter.getFinishedSpans(),
  };
}

function run(source: Observable<StreamEvent>): StreamEvent[] {
  const heard: StreamEvent[] = [];
  source.subscribe({ next: (event) => heard.push(event), error: () => undefined });
  return heard;
}

describe('traceStream', () => {
  it('makes a client span of an answer, passes its events, and has none of its words', () => {
    const { operator, spans, parentId } = traced();
    expect(run(from(ANSWER).pipe(operator()))).toEqual(ANSWER);
    const [span, ...others] = spans();
    expect(others).toEqual([]);
    expect(span).toMatchObject({ name: 'chat model', kind: SpanKind.CLIENT });
    expect(span?.parentSpanContext?.spanId).toBe(parentId);
    expect(span?.status.code).toBe(SpanStatusCode.UNSET);
    expect(span?.attributes).toEqual({
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'anthropic',
      'gen_ai.request.model': 'model',
      'gen_ai.request.stream': true,
      'gen_ai.response.id': 'msg_1',
      'gen_ai.response.model': 'model-1',
      'gen_ai.response.finish_reasons': ['tool_use'],
      'gen_ai.response.time_to_first_chunk': expect.any(Number) as number,
      'gen_ai.usage.input_tokens': 42,
      'gen_ai.usage.cache_read.input_tokens': 30,
      'gen_ai.usage.output_tokens': 7,
    });
    expect(JSON.stringify([span?.attributes, span?.events, span?.status])).not.toContain(SECRET);
  });

  it('makes a span of each attempt, under one parent, behind a reset and before a retry', () => {
    const lost = new StreamError('network', SECRET);
    const behind = traced();
    run(from([...ANSWER.slice(0, 3), events.reset(2, lost), ...ANSWER]).pipe(behind.operator()));
    const before = traced();
    let asked = 0;
    const source = from(ANSWER.slice(0, 2));
    run(
      concat(
        source,
        throwError(() => (asked++, lost)),
      ).pipe(before.operator(), retry(1)),
    );
    expect(asked).toBe(2);
    expect(behind.spans().map(({ attributes }) => attributes['error.type'])).toEqual(['network', undefined]);
    expect(before.spans().map(({ attributes }) => attributes['error.type'])).toEqual(['network', 'network']);
    for (const { spans, parentId } of [behind, before])
      for (const span of spans()) {
        expect(span.parentSpanContext?.spanId).toBe(parentId);
        expect(JSON.stringify([span.attributes, span.events, span.status])).not.toContain(SECRET);
      }
  });

  it.each([
    [
      'an error event',
      of(...ANSWER.slice(0, 2), events.error('overloaded_error', SECRET)),
      'overloaded_error',
    ],
    ['one whose type is no name', of(events.error(`${SECRET} or not`, SECRET)), '_OTHER'],
    ['an end inside a message', from(ANSWER.slice(0, 4)), 'truncated'],
    ['what somebody else threw', throwError(() => new Error(SECRET)), '_OTHER'],
  ])('says of what type a failure is: %s', (_, source, type) => {
    const { operator, spans } = traced();
    run(source.pipe(operator()));
    expect(spans()).toHaveLength(1);
    expect(spans()[0]?.attributes['error.type']).toBe(type);
    expect(spans()[0]?.status).toEqual({ code: SpanStatusCode.ERROR });
  });

  it('ends without an error where somebody leaves', () => {
    const { operator, spans } = traced();
    concat(from(ANSWER.slice(0, 4)), NEVER)
      .pipe(operator())
      .subscribe()
      .unsubscribe();
    expect(spans()).toHaveLength(1);
    expect(spans()[0]?.attributes).not.toHaveProperty('error.type');
    expect(spans()[0]?.status.code).toBe(SpanStatusCode.UNSET);
  });

  it('measures times and tokens', async () => {
    const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
    const reader = new PeriodicExportingMetricReader({ exporter });
    const meter = new MeterProvider({ readers: [reader] }).getMeter('test');
    run(from(ANSWER).pipe(traceStream({ ...traced().options, meter })));
    await reader.forceFlush();
    await reader.shutdown();
    const measured = exporter.getMetrics()[0]?.scopeMetrics[0]?.metrics ?? [];
    const about = expect.objectContaining({ 'gen_ai.request.model': 'model' }) as object;
    expect(measured.map(({ descriptor, dataPoints }) => [descriptor.name, dataPoints[0]])).toMatchObject([
      ['gen_ai.client.inference.duration', { attributes: about, value: { count: 1 } }],
      ['gen_ai.client.inference.time_to_first_chunk', { attributes: about, value: { count: 1 } }],
      ['gen_ai.client.inference.usage.input_tokens', { attributes: about, value: 42 }],
      ['gen_ai.client.inference.usage.output_tokens', { attributes: about, value: 7 }],
    ]);
  });
});
