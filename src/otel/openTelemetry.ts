/** What a span or a measurement says of itself. */
export type AttributesLike = Record<string, string | number | boolean | string[]>;

/** What is used of a `Span` of `@opentelemetry/api`. */
export interface SpanLike {
  setAttributes(attributes: AttributesLike): unknown;
  setStatus(status: { code: number }): unknown;
  end(): void;
}

/** What is used of a `Tracer` of `@opentelemetry/api`. */
export interface TracerLike<Context> {
  startSpan(
    name: string,
    options?: { kind?: number; attributes?: AttributesLike },
    context?: Context,
  ): SpanLike;
}

/** What is used of a `Histogram` of `@opentelemetry/api`. */
export interface HistogramLike {
  record(value: number, attributes?: AttributesLike): void;
}

/** What is used of a `Counter` of `@opentelemetry/api`. */
export interface CounterLike {
  add(value: number, attributes?: AttributesLike): void;
}

/** What is used of a `Meter` of `@opentelemetry/api`. */
export interface MeterLike {
  createHistogram(
    name: string,
    options?: { unit?: string; advice?: { explicitBucketBoundaries?: number[] } },
  ): HistogramLike;
  createCounter(name: string, options?: { unit?: string }): CounterLike;
}
