import { SpanStatusCode } from '@opentelemetry/api';
import { concat, defer, from, NEVER, of, Subject, throwError, type Observable } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { StreamError } from '../../src/errors/streamError.js';
import type { StreamEvent } from '../../src/events/event.js';
import * as events from '../../src/events/make.js';
import type { FailedAttempt } from '../../src/fold/pace/retryWait.js';
import { retryBeforeOutput } from '../../src/operators/retryBeforeOutput.js';
import { retryWithReset } from '../../src/operators/retryWithReset.js';
import { runTools } from '../../src/operators/runTools.js';
import { stopOn } from '../../src/operators/stopOn.js';
import { streamTurn } from '../../src/turns/streamTurn.js';
import { ANSWER, each, run, SECRET, textOf, traced } from './traced.js';

const lost = new StreamError('network', SECRET);

/** Fails twice, then answers. */
function failing(before: readonly StreamEvent[]): Observable<StreamEvent> {
  let asked = 0;
  return defer(() =>
    ++asked <= 2
      ? concat(
          from(before),
          throwError(() => lost),
        )
      : from(ANSWER),
  );
}

/** Runs in virtual time. */
function inVirtualTime(work: () => void): void {
  new TestScheduler((actual, expected) => expect(actual).toEqual(expected)).run(work);
}

describe('attempts', () => {
  it.each([
    ['retryBeforeOutput', retryBeforeOutput, ANSWER.slice(0, 1)],
    ['retryWithReset', retryWithReset, ANSWER.slice(0, 6)],
  ] as const)('have a span each in front of %s, under one parent', (_, retry, before) => {
    const { operator, spans, parentId } = traced();
    const failed: FailedAttempt[] = [];
    const onAttempt = (attempt: FailedAttempt): void => void failed.push(attempt);
    inVirtualTime(() => {
      run(failing(before).pipe(operator(), retry({ onAttempt })));
    });
    expect(failed.map(({ attempt, error }) => [attempt, error])).toEqual([
      [1, lost],
      [2, lost],
    ]);
    expect(each(spans(), 'error.type')).toEqual(['network', 'network', undefined]);
    for (const span of spans()) {
      expect(span.parentSpanContext?.spanId).toBe(parentId);
      expect(textOf(span)).not.toContain(SECRET);
    }
  });

  it('have a span each behind retryWithReset', () => {
    const { operator, spans, parentId } = traced();
    inVirtualTime(() => {
      run(failing(ANSWER.slice(0, 6)).pipe(retryWithReset(), operator()));
    });
    expect(each(spans(), 'error.type')).toEqual(['network', 'network', undefined]);
    expect(spans().map(({ parentSpanContext }) => parentSpanContext?.spanId)).toEqual([
      parentId,
      parentId,
      parentId,
    ]);
  });

  it('are the rounds of a turn, each from its request on', () => {
    const { operator, spans } = traced();
    const last = [events.messageStart(), events.messageDelta('end_turn'), events.messageStop()];
    const answers = [ANSWER, last];
    const ask = (): Observable<StreamEvent> => from(answers.shift() ?? []).pipe(operator());
    run(streamTurn([{ role: 'user', content: SECRET }], { ask, run: runTools({ draw: () => SECRET }) }));
    expect(each(spans(), 'gen_ai.response.finish_reasons')).toEqual([['tool_use'], ['end_turn']]);
    expect(each(spans(), 'gen_ai.response.time_to_first_chunk')).not.toContain(undefined);
    expect(spans().map(textOf).join()).not.toContain(SECRET);
  });

  it('of a stream that has come before know no time to its first chunk', () => {
    const { operator, spans } = traced();
    run(concat(from(ANSWER), from(ANSWER)).pipe(operator()));
    const [first, second] = each(spans(), 'gen_ai.response.time_to_first_chunk');
    expect([first, second]).toEqual([expect.any(Number), undefined]);
  });
});

describe('a stop', () => {
  it.each([
    ['behind', 3, ['traceStream', 'stopOn']],
    ['in front', 3, ['stopOn', 'traceStream']],
    ['behind', 0, ['traceStream', 'stopOn']],
    ['in front', 0, ['stopOn', 'traceStream']],
  ] as const)('%s, after %i events, is no error', (_, count, order) => {
    const { operator, spans } = traced();
    const stop = new Subject<void>();
    const operators = { traceStream: operator, stopOn: () => stopOn<StreamEvent>(stop) };
    const [first, second] = order;
    const heard: StreamEvent[] = [];
    concat(from(ANSWER.slice(0, count)), NEVER)
      .pipe(operators[first](), operators[second]())
      .subscribe((event) => heard.push(event));
    stop.next();
    expect(heard.at(-1)?.type).toBe('message_stop');
    expect(each(spans(), 'error.type')).toEqual([undefined]);
    expect(each(spans(), 'gen_ai.response.finish_reasons')).toEqual([['cancelled']]);
    expect(spans()[0]?.status.code).toBe(SpanStatusCode.UNSET);
  });

  it('after the end changes nothing', () => {
    const { operator, spans } = traced();
    const stop = new Subject<void>();
    concat(of(...ANSWER.slice(0, 1)), of(events.messageDelta('end_turn'), events.messageStop()), NEVER)
      .pipe(operator(), stopOn(stop))
      .subscribe();
    stop.next();
    expect(each(spans(), 'gen_ai.response.finish_reasons')).toEqual([['end_turn']]);
  });
});
