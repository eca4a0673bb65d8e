import fc from 'fast-check';
import { concat, defer, from, NEVER, Subject, throwError, type Observable } from 'rxjs';
import { StreamError } from '../../src/errors/streamError.js';
import type { EventOf, StreamEvent } from '../../src/events/event.js';
import * as events from '../../src/events/make.js';
import { checkProtocol } from '../../src/operators/checkProtocol.js';
import { retryBeforeOutput } from '../../src/operators/retryBeforeOutput.js';
import { retryWithReset } from '../../src/operators/retryWithReset.js';
import { stopOn } from '../../src/operators/stopOn.js';
import { toBlocks } from '../../src/operators/toBlocks.js';
import { toMessage } from '../../src/operators/toMessage.js';
import { toToolCalls } from '../../src/operators/toToolCalls.js';
import { untilTerminal } from '../../src/operators/untilTerminal.js';
import { runMarbles } from '../../src/testing/marbles/runMarbles.js';
import { runs } from '../seed.js';
import { all, callOf, replyOf } from './replies.js';

/** Rounds of texts and calls, each call with its result between its round and the next, and an answer in the end. */
const TURN: fc.Arbitrary<readonly StreamEvent[]> = fc
  .array(fc.array(fc.boolean(), { maxLength: 4 }), { maxLength: 3 })
  .map((rounds) => {
    const asking = rounds.flatMap((kinds) => {
      const content = kinds.flatMap((isCall, index) =>
        isCall
          ? callOf(index, ['{"a":', '1}'])
          : [events.textStart(index), events.textDelta(index, 'la'), events.blockStop(index)],
      );
      const results = kinds.flatMap((isCall, index) =>
        isCall ? [events.toolResult(`toolu_${index}`, 'ok')] : [],
      );
      return [...replyOf(content, results.length > 0 ? 'tool_use' : 'pause_turn'), ...results];
    });
    return [
      ...asking,
      ...replyOf([events.textStart(0), events.textDelta(0, 'la'), events.blockStop(0)], 'end_turn'),
    ];
  });

/** What comes of a turn that is stopped after so many events. */
function stoppedAfter(turn: readonly StreamEvent[], count: number): readonly StreamEvent[] {
  const stop = new Subject<void>();
  const seen: StreamEvent[] = [];
  let completed = false;
  concat(from(turn.slice(0, count)), NEVER)
    .pipe(stopOn(stop))
    .subscribe({ next: (event) => seen.push(event), complete: () => (completed = true) });
  stop.next();
  expect(completed).toBe(true);
  return seen;
}

const STOPPED = fc.tuple(TURN, fc.nat()).map(([turn, place]) => {
  const count = place % (turn.length + 1);
  return { turn, count, stream: stoppedAfter(turn, count) };
});

function isOf<T extends StreamEvent['type']>(type: T) {
  return (event: StreamEvent): event is EventOf<T> => event.type === type;
}

describe('a stop in front of a retry that waits', () => {
  const overloaded = new StreamError('api', 'Overloaded', { retryable: true });
  const start = events.messageStart({ id: 'msg_1' });

  it.each([
    ['retryBeforeOutput', () => retryBeforeOutput({ delay: 10, jitter: 0 })],
    ['retryWithReset', () => retryWithReset({ delay: 10, jitter: 0 })],
  ] as const)('sends nothing again, and ends the stream in order: %s', (name, again) => {
    runMarbles(({ hot, cold, expectObservable, expectSubscriptions }) => {
      const source = cold('--s#', { s: start }, overloaded);
      const stop = hot('   -------x');
      expectObservable(source.pipe(stopOn(stop), again())).toBe(
        name === 'retryWithReset' ? '--s----(rmcz|)' : '-------(mcz|)',
        {
          s: start,
          m: events.messageStart(),
          r: events.reset(2, overloaded),
          c: events.messageDelta('cancelled'),
          z: events.messageStop(),
        },
      );
      expectSubscriptions(source.subscriptions).toBe('^--!');
      // Once by the attempt, once by the wait.
      expectSubscriptions(stop.subscriptions).toBe(['^--!', '---^---!']);
    });
  });

  it.each([
    ['retryBeforeOutput', () => retryBeforeOutput<StreamEvent>({ delay: 10 })],
    ['retryWithReset', () => retryWithReset<StreamEvent>({ delay: 10 })],
  ])('sends nothing again either where each attempt has a stop of its own: %s', (_, again) => {
    const [stop, seen] = [new Subject<void>(), [] as StreamEvent[]];
    let sent = 0;
    const attempt = (): Observable<StreamEvent> => throwError(() => (sent++, overloaded));
    defer(() => defer(attempt).pipe(stopOn(stop)))
      .pipe(again())
      .subscribe((event) => seen.push(event));
    stop.next();
    expect([sent, stop.observed]).toEqual([1, false]);
    expect(seen.at(-2)).toMatchObject({ delta: { stop_reason: 'cancelled' } });
  });

  it('is no stop of another stream that fails with the same error', () => {
    const stop = new Subject<void>();
    const failing = throwError(() => overloaded);
    const heard = failing.pipe(stopOn(stop), retryWithReset({ delay: 10 })).subscribe();
    const other = failing.pipe(retryWithReset({ delay: 10 })).subscribe({ error: () => undefined });
    heard.unsubscribe();
    expect([stop.observed, other.closed]).toEqual([false, false]);
    other.unsubscribe();
  });

  it('is of the subscription that waits, not of another one', () => {
    const [stop, sent] = [new Subject<void>(), [] as Subject<StreamEvent>[]];
    const answer = defer(() => {
      const attempt = new Subject<StreamEvent>();
      sent.push(attempt);
      return attempt;
    }).pipe(stopOn(stop), retryWithReset({ delay: 10 }));
    const waiting = answer.subscribe();
    sent[0]?.error(overloaded);
    waiting.unsubscribe();
    expect(stop.observed).toBe(false);
    answer.subscribe();
    expect([sent.length, sent[1]?.observed]).toEqual([2, true]);
  });

  it('fails the stream where the notifier fails, and counts for nothing where it completes', () => {
    runMarbles(({ hot, cold, expectObservable }) => {
      const source = cold<StreamEvent>('--#', undefined, overloaded);
      const failure = new Error('No such button');
      const retried = retryBeforeOutput<StreamEvent>({ delay: 10, jitter: 0, count: 1 });
      expectObservable(source.pipe(stopOn(hot('----#', undefined, failure)), retried)).toBe(
        '----#',
        {},
        failure,
      );
      expectObservable(source.pipe(stopOn(hot('----|')), retried)).toBe('--------------#', {}, overloaded);
    });
  });
});

describe('a retry behind a stop whose notifier has failed', () => {
  it('asks the notifier again with the stream, and not while it waits', () => {
    runMarbles(({ cold, expectObservable, expectSubscriptions }) => {
      const failure = new StreamError('network', 'No such button');
      const stop = cold('--#', undefined, failure);
      const retried = retryBeforeOutput<StreamEvent>({ delay: 10, jitter: 0, count: 1 });
      expectObservable(NEVER.pipe(stopOn(stop), retried), '20ms !').toBe('--------------#', {}, failure);
      expectSubscriptions(stop.subscriptions).toBe(['^-!', '------------^-!']);
    });
  });
});

describe('a turn that is stopped anywhere', () => {
  it('is in order, begins with what had come, and ends with a message that was cancelled, if any was to come', () => {
    fc.assert(
      fc.property(STOPPED, ({ turn, count, stream }) => {
        expect(stream.slice(0, count)).toEqual(turn.slice(0, count));
        expect(all(from(stream).pipe(checkProtocol()))).toEqual(stream);
        const messages = all(from(stream).pipe(toMessage()));
        const last = messages.at(-1);
        expect(last?.stop_reason).toBe(count === turn.length ? 'end_turn' : 'cancelled');
        expect(all(from(stream).pipe(untilTerminal())).at(-1)?.type).toBe('message_stop');
      }),
      { numRuns: runs(300) },
    );
  });

  it('gives every call that ended one result, and releases none of those that were cut off', () => {
    fc.assert(
      fc.property(STOPPED, ({ stream }) => {
        const results = stream.filter(isOf('tool_result'));
        const blocks = all(from(stream).pipe(toBlocks()));
        const ended = blocks.filter(({ type, status }) => type === 'tool_use' && status !== 'aborted');
        expect(results.length).toBe(ended.length);
        const released = all(from(stream).pipe(toToolCalls())).filter(({ status }) => status === 'complete');
        expect(released.length).toBeLessThanOrEqual(ended.length);
      }),
      { numRuns: runs(300) },
    );
  });
});
