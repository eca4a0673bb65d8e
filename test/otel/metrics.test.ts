import { concat, from, of, throwError } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { StreamError } from '../../src/errors/streamError.js';
import type { StreamEvent } from '../../src/events/event.js';
import * as events from '../../src/events/make.js';
import { traceStream } from '../../src/otel/traceStream.js';
import { ANSWER, run, SECRET, traced } from './traced.js';

const INFERENCE = ['duration', 'time_to_first_chunk', 'time_per_output_chunk'].map(
  (name) => `gen_ai.client.inference.${name}`,
);
const USAGE = ['input_tokens', 'output_tokens', 'cache_read.input_tokens'].map(
  (name) => `gen_ai.client.inference.usage.${name}`,
);
const OPERATION = ['duration', 'time_to_first_chunk', 'time_per_output_chunk'].map(
  (name) => `gen_ai.client.operation.${name}`,
);

/** Two deltas at once, the next after 40 ms, the last 80 ms later; the first event comes after 10 ms. */
function timed(meter: ReturnType<typeof traced>): void {
  const time = new TestScheduler(() => undefined);
  time.run(({ cold }) => {
    const [start, ...rest] = ANSWER;
    const delta = events.textDelta(1, SECRET);
    const values = {
      m: start,
      o: rest[3],
      t: delta,
      z: events.messageDelta('end_turn', { output_tokens: 7 }),
      e: events.messageStop(),
    };
    cold('10ms m 49ms o (tt) 36ms t 79ms t z e|', values as Record<string, StreamEvent>)
      .pipe(traceStream(meter.options, time))
      .subscribe();
  });
}

describe('metrics', () => {
  it.each([
    ['inference', [...INFERENCE, ...USAGE]],
    ['operation', [...OPERATION, 'gen_ai.client.token.usage']],
    ['both', [...INFERENCE, ...OPERATION, ...USAGE, 'gen_ai.client.token.usage']],
  ] as const)('have the names that are asked for: %s', async (metricNames, names) => {
    for (const chunkTimes of [true, false]) {
      const sdk = traced({ metricNames, chunkTimes });
      timed(sdk);
      const measured = await sdk.metrics();
      expect(measured.map(({ descriptor }) => descriptor.name).sort()).toEqual(
        names.filter((name) => chunkTimes || !name.endsWith('time_per_output_chunk')).sort(),
      );
    }
  });

  it('are times and tokens, with whom was asked and who answered', async () => {
    const sdk = traced({ metricNames: 'both', chunkTimes: true });
    timed(sdk);
    const measured = new Map(
      (await sdk.metrics()).map(({ descriptor, dataPoints }) => [descriptor.name, dataPoints]),
    );
    const about = {
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'anthropic',
      'gen_ai.request.model': 'model',
      'gen_ai.response.model': 'model-1',
    };
    for (const kind of ['inference', 'operation']) {
      const named = (name: string) => measured.get(`gen_ai.client.${kind}.${name}`);
      expect(named('duration')).toMatchObject([{ attributes: about, value: { count: 1 } }]);
      expect(named('time_to_first_chunk')).toMatchObject([
        { attributes: about, value: { count: 1, sum: 0.01 } },
      ]);
      // The first is after the start, and two of one tick are one chunk.
      expect(named('time_per_output_chunk')).toMatchObject([
        { attributes: about, value: { count: 3, min: 0.04, max: 0.08 } },
      ]);
    }
    const modality = { ...about, 'gen_ai.token.modality': 'unknown' };
    expect(USAGE.map((name) => measured.get(name))).toMatchObject([
      [{ attributes: modality, value: 42 }],
      [{ attributes: modality, value: 7 }],
      [{ attributes: modality, value: 30 }],
    ]);
    expect(measured.get('gen_ai.client.token.usage')).toMatchObject([
      { attributes: { ...about, 'gen_ai.token.type': 'input' }, value: { sum: 42 } },
      { attributes: { ...about, 'gen_ai.token.type': 'output' }, value: { sum: 7 } },
    ]);
  });

  it('say how an attempt failed, and no tokens of one that said none', async () => {
    const sdk = traced();
    run(throwError(() => new StreamError('network', SECRET)).pipe(sdk.operator()));
    run(concat(from(ANSWER.slice(0, 1)), of(events.error('overloaded_error', SECRET))).pipe(sdk.operator()));
    const measured = await sdk.metrics();
    const durations = measured.find(({ descriptor }) => descriptor.name === INFERENCE[0])?.dataPoints;
    expect(durations?.map(({ attributes }) => attributes['error.type'])).toEqual([
      'network',
      'overloaded_error',
    ]);
    const tokens = measured.find(({ descriptor }) => descriptor.name === USAGE[0])?.dataPoints;
    expect(tokens).toMatchObject([{ value: 42 }]);
    expect(JSON.stringify(measured)).not.toContain(SECRET);
  });
});
