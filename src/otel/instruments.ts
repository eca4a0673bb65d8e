import type { AttributesLike, CounterLike, HistogramLike, MeterLike } from './openTelemetry.js';

/**
 * Under which names is measured: `gen_ai.client.inference.*`, which the conventions have now, `gen_ai.client.operation.*`
 * and `gen_ai.client.token.usage`, which they had until then, or both.
 */
export type MetricNames = 'inference' | 'operation' | 'both';

const SECONDS = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92];
const TOKENS = Array.from({ length: 14 }, (_, power) => 4 ** power);

/** What is counted under the present names: the ending of the attribute and of the metric. */
const USAGES = [
  'input_tokens',
  'output_tokens',
  'cache_read.input_tokens',
  'cache_write.input_tokens',
  'reasoning.output_tokens',
];

/** The metrics of all attempts. */
export class Instruments {
  readonly #durations: readonly HistogramLike[];
  readonly #firstChunks: readonly HistogramLike[];
  readonly #chunks: readonly HistogramLike[];
  readonly #usages: readonly (readonly [name: string, counter: CounterLike])[];
  readonly #tokens: HistogramLike | undefined;

  constructor(meter: MeterLike, names: MetricNames) {
    const timed = { unit: 's', advice: { explicitBucketBoundaries: SECONDS } };
    const kinds = names === 'both' ? (['inference', 'operation'] as const) : [names];
    const named = (what: string): HistogramLike[] =>
      kinds.map((kind) => meter.createHistogram(`gen_ai.client.${kind}.${what}`, timed));
    this.#durations = named('duration');
    this.#firstChunks = named('time_to_first_chunk');
    this.#chunks = named('time_per_output_chunk');
    this.#usages =
      names === 'operation'
        ? []
        : USAGES.map((usage) => {
            const counter = meter.createCounter(`gen_ai.client.inference.usage.${usage}`, {
              unit: '{token}',
            });
            return [`gen_ai.usage.${usage}`, counter] as const;
          });
    if (names !== 'inference')
      this.#tokens = meter.createHistogram('gen_ai.client.token.usage', {
        unit: '{token}',
        advice: { explicitBucketBoundaries: TOKENS },
      });
  }

  /**
   * The time from one piece of the answer to the next.
   *
   * @param about - whom was asked, and who answers
   */
  chunk(seconds: number, about: AttributesLike): void {
    for (const histogram of this.#chunks) histogram.record(seconds, about);
  }

  /**
   * The end of an attempt.
   *
   * @param firstChunk - after how many seconds the first event came, where that is known
   * @param said - the attributes of its span
   */
  end(seconds: number, firstChunk: number | undefined, said: AttributesLike, about: AttributesLike): void {
    const failed = said['error.type'];
    const ended = failed === undefined ? about : { ...about, 'error.type': failed };
    for (const histogram of this.#durations) histogram.record(seconds, ended);
    if (firstChunk !== undefined)
      for (const histogram of this.#firstChunks) histogram.record(firstChunk, about);
    for (const [name, counter] of this.#usages) {
      const tokens = said[name];
      // What was not told is not nothing.
      if (typeof tokens === 'number') counter.add(tokens, { ...about, 'gen_ai.token.modality': 'unknown' });
    }
    for (const kind of this.#tokens === undefined ? [] : ['input', 'output']) {
      const tokens = said[`gen_ai.usage.${kind}_tokens`];
      if (typeof tokens === 'number') this.#tokens?.record(tokens, { ...about, 'gen_ai.token.type': kind });
    }
  }
}
