/** Traces and metrics by OpenTelemetry's conventions: `rxjs-llm-stream/otel`. */
export type {
  AttributesLike,
  CounterLike,
  HistogramLike,
  MeterLike,
  SpanLike,
  TracerLike,
} from './otel/openTelemetry.js';
export type { MetricNames } from './otel/instruments.js';
export { traceStream, type TraceStreamOptions } from './otel/traceStream.js';
