import { inspect } from 'node:util';
import fc from 'fast-check';
import { catchError, concat, defer, EMPTY, from, NEVER, throwError, type Observable } from 'rxjs';
import { StreamError } from '../../src/errors/streamError.js';
import type { StreamEvent } from '../../src/events/event.js';
import * as events from '../../src/events/make.js';
import type { StreamState } from '../../src/fold/turn/streamState.js';
import { abortOpenBlocks } from '../../src/operators/abortOpenBlocks.js';
import { accumulateMessage } from '../../src/operators/accumulateMessage.js';
import { accumulateState } from '../../src/operators/accumulateState.js';
import { retryWithReset } from '../../src/operators/retryWithReset.js';
import { runs } from '../seed.js';
import { CountingScheduler } from './countingScheduler.js';
import { all, callOf, INPUT, replyOf } from './replies.js';

const statesOf = (source: Observable<StreamEvent>): readonly StreamState[] =>
  all(source.pipe(accumulateState()));

const TEXT = [
  events.textStart(9),
  events.textDelta(9, 'so'),
  events.textDelta(9, ' it is'),
  events.blockStop(9),
];

/** A reply that ends well, or anywhere, or goes on with events out of their order. */
const REPLY = fc
  .tuple(fc.array(INPUT, { maxLength: 2 }), fc.nat(30), fc.array(fc.nat(30), { maxLength: 2 }))
  .map(([calls, end, moved]) => {
    const whole = replyOf([...calls.flatMap((pieces, index) => callOf(index, pieces)), ...TEXT], 'end_turn');
    const source = end < 15 ? whole.slice(0, end) : whole;
    return [...source, ...moved.flatMap((at) => whole[at] ?? [])];
  });

/** What may be thrown and cannot be looked at. */
function unlookable(): [string, unknown][] {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  const silent = Object.create(null) as unknown;
  const throwing = Object.defineProperty(new Error(), 'message', {
    get() {
      throw new TypeError('No');
    },
  });
  return [
    ['a revoked proxy', proxy],
    ['an object without a text', silent],
    ['an error whose message throws', throwing],
  ];
}

describe('any stream', () => {
  it.each(unlookable())('that fails with %s has failed with that', (_, error) => {
    const source = concat(
      from([events.messageStart(), ...TEXT.slice(0, 2)]),
      throwError(() => error),
    );
    const last = statesOf(source).at(-1);
    expect([last?.status, last?.error?.code, last?.error?.cause === error]).toEqual([
      'failed',
      'source',
      true,
    ]);
    expect(
      all(
        source.pipe(
          abortOpenBlocks(),
          catchError(() => EMPTY),
        ),
      ),
    ).toHaveLength(4);
  });

  it('never fails, begins with waiting and ends with what it came to', () => {
    fc.assert(
      fc.property(REPLY, (source) => {
        const states = statesOf(from(source));
        expect(states[0]).toMatchObject({ status: 'waiting', message: undefined, messages: [], calls: [] });
        expect(states.at(-1)?.status).toMatch(/^(?:done|tools|failed)$/);
        expect(states.slice(0, -1).map(({ status }) => status)).not.toContain('failed');
      }),
      { numRuns: runs(500), seed: 1 },
    );
  });

  it('shows the messages that accumulateMessage gives', () => {
    fc.assert(
      fc.property(REPLY, (source) => {
        const states = statesOf(from(source));
        const shown = states.flatMap(({ status, message }) => (status === 'streaming' ? [message] : []));
        const messages: unknown[] = [];
        let failure: unknown;
        from(source)
          .pipe(accumulateMessage())
          .subscribe({
            next: (message) => messages.push(message),
            error: (error: unknown) => (failure = error),
          });
        expect(messages.slice(0, shown.length)).toEqual(shown);
        const error = states.at(-1)?.error;
        if (failure !== undefined) expect(error?.toJSON()).toEqual((failure as StreamError).toJSON());
      }),
      { numRuns: runs(300), seed: 1 },
    );
  });

  it('never shows the same state twice in a row', () => {
    fc.assert(
      fc.property(REPLY, (source) => {
        const states = statesOf(from(source.flatMap((event) => [event, events.ping()])));
        for (const [nth, state] of states.entries()) {
          const next = states[nth + 1];
          if (next?.status !== state.status) continue;
          const [before, after] = [state, next].map(({ message, calls, usage }) => [message, calls, usage]);
          expect(after?.every((value, at) => value === before?.[at])).toBe(false);
        }
      }),
      { numRuns: runs(200), seed: 1 },
    );
  });
});

describe('the first state', () => {
  it('comes while subscribing, before the source has spoken', () => {
    const states: StreamState[] = [];
    const subscription = NEVER.pipe(accumulateState()).subscribe((state) => states.push(state));
    expect(states.map(({ status }) => status)).toEqual(['waiting']);
    subscription.unsubscribe();
  });
});

describe('a failure', () => {
  const cause = new TypeError('lost');
  const states = statesOf(
    concat(
      from([events.messageStart({ id: 'msg_1' }), ...TEXT]),
      throwError(() => cause),
    ),
  );
  const last = states.at(-1);

  it('keeps the message as far as it had come, in the state and in the error', () => {
    expect(last?.message?.content).toMatchObject([{ type: 'text', text: 'so it is' }]);
    expect(last?.error?.partial).toBe(last?.message);
    expect(last?.message).toBe(states.at(-2)?.message);
  });

  it('of others is the cause of one of ours', () => {
    expect(last?.error).toBeInstanceOf(StreamError);
    expect(last?.error).toMatchObject({ code: 'source', retryable: false, cause });
  });

  it('shows nothing of the message in a log of the error', () => {
    expect(`${JSON.stringify(last?.error)}${inspect(last?.error, { depth: 9 })}`).not.toContain('so it is');
  });
});

describe('an attempt that is repeated', () => {
  it('is waited for, then comes in', () => {
    const scheduler = new CountingScheduler();
    const attempts = [
      concat(
        from([events.messageStart({ id: 'msg_1' }), events.textStart(0)]),
        throwError(() => new StreamError('network', 'lost')),
      ),
      from(replyOf(TEXT, 'end_turn')),
    ];
    const statuses: string[] = [];
    defer(() => attempts.shift() ?? NEVER)
      .pipe(retryWithReset({ delay: 1_000, jitter: 0 }, scheduler), accumulateState())
      .subscribe(({ status }) => {
        if (status !== statuses.at(-1)) statuses.push(status);
      });
    scheduler.flush();
    expect(statuses).toEqual(['waiting', 'streaming', 'waiting', 'streaming', 'done']);
  });
});
