import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { from } from 'rxjs';
import type { StreamEvent } from '../../src/events/event.js';
import type { AnyStopReason } from '../../src/events/message.js';
import * as events from '../../src/events/make.js';
import type { ToolCall } from '../../src/fold/calls/toolInput.js';
import { toToolCalls } from '../../src/operators/toToolCalls.js';
import { runs } from '../seed.js';
import { all, callOf, INPUT, isJson, MUTATED, replyOf } from './replies.js';

const TEXT = [events.textStart(9), events.textDelta(9, 'so'), events.blockStop(9)];

/** One to three calls, one block after the other, with a text after them or not. */
const CONTENT = fc
  .tuple(fc.array(INPUT, { minLength: 1, maxLength: 3 }), fc.boolean())
  .map(([calls, talks]) => [
    ...calls.flatMap((pieces, index) => callOf(index, pieces)),
    ...(talks ? TEXT : []),
  ]);

/** What comes out, and whether it ended well. */
function outcome(source: readonly StreamEvent[]): {
  readonly calls: readonly ToolCall[];
  readonly failed: boolean;
} {
  const calls: ToolCall[] = [];
  let failed = false;
  from(source)
    .pipe(toToolCalls())
    .subscribe({ next: (call) => calls.push(call), error: () => (failed = true) });
  return { calls, failed };
}

/** The indexes of the calls that are certain after these events: another block has begun since they stopped. */
function certain(source: readonly StreamEvent[]): readonly number[] {
  const begins = source.map(({ type }) => type).lastIndexOf('content_block_start');
  return source
    .slice(0, Math.max(begins, 0))
    .flatMap((event) => (event.type === 'content_block_stop' && event.index !== 9 ? [event.index] : []));
}

const completeOf = (calls: readonly ToolCall[]): readonly number[] =>
  calls.filter(({ status }) => status === 'complete').map(({ index }) => index);

const CUTTING: readonly AnyStopReason[] = [
  'max_tokens',
  'model_context_window_exceeded',
  'refusal',
  'cancelled',
];

describe('a call', () => {
  it('is complete with what JSON.parse makes of its text, once each, in order', () => {
    fc.assert(
      fc.property(fc.array(INPUT, { minLength: 1, maxLength: 3 }), (inputs) => {
        const source = replyOf(
          inputs.flatMap((pieces, index) => callOf(index, pieces)),
          'tool_use',
        );
        const calls = all(from(source).pipe(toToolCalls()));
        expect(completeOf(calls)).toEqual(inputs.map((_, index) => index));
        for (const [index, pieces] of inputs.entries()) {
          const call = calls[index];
          const input = call?.status === 'complete' ? call.input : undefined;
          expect(isDeepStrictEqual(input, JSON.parse(pieces.join('')))).toBe(true);
        }
      }),
      { numRuns: runs(1000), seed: 1 },
    );
  });

  it('is never complete before it is certain, wherever the reply is cut off', () => {
    fc.assert(
      fc.property(CONTENT, fc.nat(), (content, place) => {
        const whole = replyOf(content, 'tool_use');
        const source = whole.slice(0, place % whole.length);
        const { calls, failed } = outcome(source);
        const begun = source.flatMap((event) =>
          event.type === 'content_block_start' && event.index !== 9 ? [event.index] : [],
        );
        expect(failed).toBe(source.length > 0);
        expect(completeOf(calls)).toEqual(certain(source));
        // What was not certain is told too, and as what it is.
        expect(calls.map(({ index }) => index)).toEqual(begun);
        for (const call of calls) if (call.status === 'invalid') expect(call.error.code).toBe('truncated');
      }),
      { numRuns: runs(2000), seed: 2 },
    );
  });

  it('is complete where the reply ended with anything that does not cut it off', () => {
    fc.assert(
      fc.property(CONTENT, fc.string(), (content, odd) => {
        for (const reason of ['end_turn', 'stop_sequence', 'pause_turn', 'compaction', odd]) {
          if (reason === '' || CUTTING.includes(reason as AnyStopReason)) continue;
          const { calls, failed } = outcome(replyOf(content, reason as never));
          expect(failed).toBe(false);
          expect(calls).toEqual(outcome(replyOf(content, 'tool_use')).calls);
        }
      }),
      { numRuns: runs(500), seed: 5 },
    );
  });

  it('is never complete where the reply was cut off and may have been inside it', () => {
    const reason = fc.constantFrom(...CUTTING, null);
    fc.assert(
      fc.property(CONTENT, reason, (content, stopReason) => {
        const { calls, failed } = outcome(replyOf(content, stopReason));
        expect(failed).toBe(false);
        expect(completeOf(calls)).toEqual(certain(content));
      }),
      { numRuns: runs(1000), seed: 3 },
    );
  });

  it('is never complete where JSON.parse throws, and never ends the stream', () => {
    fc.assert(
      fc.property(MUTATED, INPUT, (mutated, next) => {
        const text = mutated.join('');
        const { calls, failed } = outcome(replyOf([...callOf(0, mutated), ...callOf(1, next)], 'tool_use'));
        expect(failed).toBe(false);
        expect(completeOf(calls)).toEqual(text === '' || isJson(text) ? [0, 1] : [1]);
        expect(calls).toHaveLength(2);
        const [first] = calls;
        if (first?.status === 'invalid')
          expect(first).toMatchObject({ json: text, error: { code: 'tool-input' } });
      }),
      { numRuns: runs(1000), seed: 4 },
    );
  });
});
