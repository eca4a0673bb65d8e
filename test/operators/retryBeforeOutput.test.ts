import fc from 'fast-check';
import {
  concat,
  finalize,
  lastValueFrom,
  map,
  NEVER,
  of,
  take,
  throwError,
  timer,
  type Observable,
} from 'rxjs';
import { anthropic } from '../../src/codecs/anthropic/codec.js';
import { StreamError } from '../../src/errors/streamError.js';
import { isPing, type StreamEvent } from '../../src/events/event.js';
import * as events from '../../src/events/make.js';
import { isOutput } from '../../src/fold/order/output.js';
import type { RetryOptions } from '../../src/fold/pace/retryWait.js';
import { retryBeforeOutput } from '../../src/operators/retryBeforeOutput.js';
import { toText } from '../../src/operators/toText.js';
import { streamEvents } from '../../src/sources/streamEvents.js';
import { runs } from '../seed.js';
import { attempts, type Script } from './attempts.js';
import { CountingScheduler } from './countingScheduler.js';

const lost = new StreamError('network', 'The connection was lost');
const wrong = new StreamError('http', 'HTTP 400', { status: 400 });
const overloaded = events.error('overloaded_error', 'Overloaded');
const start = events.messageStart({ id: 'msg_1' });
const text = events.textDelta(0, 'la');

interface Outcome {
  readonly seen: readonly StreamEvent[];
  readonly end: unknown;
}

/** What comes out, until there is nothing more to wait for. */
function outcome(source: Observable<StreamEvent>, options: RetryOptions = {}): Outcome {
  const scheduler = new CountingScheduler();
  const seen: StreamEvent[] = [];
  let end: unknown = 'open';
  source.pipe(retryBeforeOutput(options, scheduler)).subscribe({
    next: (event) => seen.push(event),
    error: (error: unknown) => (end = error),
    complete: () => (end = 'complete'),
  });
  scheduler.flush();
  expect(scheduler.open).toBe(0);
  return { seen, end };
}

describe('any sequence of attempts', () => {
  const EVENT = fc.constantFrom<StreamEvent>(
    start,
    events.messageStart({ id: 'msg_2' }),
    events.textStart(0),
    events.textDelta(0, ''),
    events.unknown('hologram', {}),
    events.ping(),
    text,
    overloaded,
    events.error('invalid_request_error', 'No such model'),
    events.messageStop(),
  );
  const SCRIPT: fc.Arbitrary<Script> = fc.record({
    events: fc.array(EVENT, { maxLength: 6 }),
    error: fc.constantFrom(undefined, lost, wrong),
  });

  interface Judged {
    readonly shown: readonly StreamEvent[];
    /** Whether the failure is worth another attempt. */
    readonly again: boolean;
    /** Whether the last event shown is what the attempt failed by. */
    readonly cut: boolean;
  }

  /** What an attempt gives until it fails, and what comes of the failure. */
  function judged({ events: all, error }: Script): Judged {
    let [id, hasBlock] = ['', false];
    const cutAt = (nth: number, again: boolean): Judged => ({
      shown: all.slice(0, nth + 1),
      again,
      cut: true,
    });
    for (const [nth, event] of all.entries()) {
      if (event.type === 'error') return cutAt(nth, event === overloaded);
      if (event.type === 'message_stop' && id === '') return cutAt(nth, true);
      if (event.type === 'message_start') {
        if (id !== '' && id !== event.message.id) return cutAt(nth, true);
        if (id === '' && hasBlock) return cutAt(nth, false);
        id = event.message.id;
      }
      if (isOutput(event) || event.type === 'message_stop') return { shown: all, again: false, cut: false };
      hasBlock ||= event.type === 'content_block_start';
    }
    return { shown: all, again: error !== wrong, cut: false };
  }

  it('shows one of them, whole: the first that succeeds or that another cannot help, or the last', () => {
    fc.assert(
      fc.property(fc.array(SCRIPT, { minLength: 1, maxLength: 4 }), fc.nat(3), (scripts, count) => {
        const source = attempts(...scripts);
        const { seen, end } = outcome(source, { count });
        const given = Array.from(
          { length: count + 1 },
          (_, nth) => scripts[Math.min(nth, scripts.length - 1)],
        );
        const made = given.findIndex((script) => script && !judged(script).again) + 1 || count + 1;
        const last = given[made - 1];
        const { shown, cut } = judged(last ?? { events: [] });
        const withoutPings = (all: readonly StreamEvent[]) => all.filter((event) => !isPing(event));
        expect(source.made).toBe(made);
        expect(withoutPings(seen)).toEqual(withoutPings(shown));
        expect(end).toBe((cut ? undefined : last?.error) ?? 'complete');
      }),
      { numRuns: runs(2_000), seed: 1 },
    );
  });

  it('shows the pings of all, each at its moment', () => {
    const { seen } = outcome(
      attempts({ events: [start, events.ping()], error: lost }, { events: [events.ping(), text] }),
    );
    expect(seen).toEqual([events.ping(), events.ping(), text]);
  });
});

describe('what is held back', () => {
  const empty = Array.from({ length: 1_000 }, () => events.textDelta(0, ''));

  it('is bounded by a thousand events', () => {
    const held = attempts({ events: empty, error: lost }, { events: [text] });
    expect(outcome(held).seen).toEqual([text]);
    const shown = attempts({ events: [...empty, start], error: lost }, { events: [text] });
    expect(outcome(shown)).toEqual({ seen: [...empty, start], end: lost });
  });
});

describe('a failed attempt', () => {
  it('is let go before the wait, even where the server keeps the connection open', () => {
    const heard: string[] = [];
    const scheduler = new CountingScheduler();
    concat(timer(1, scheduler).pipe(map(() => overloaded)), NEVER)
      .pipe(
        finalize(() => heard.push(`let go, ${scheduler.now()} ms`)),
        retryBeforeOutput({ count: 1, jitter: 0 }, scheduler),
      )
      .subscribe(({ type }) => heard.push(`${type}, ${scheduler.now()} ms`));
    scheduler.flush();
    expect(heard).toEqual(['let go, 1 ms', 'let go, 502 ms', 'error, 502 ms']);
  });

  it('leaves no timer behind when the subscriber leaves during the wait', () => {
    const scheduler = new CountingScheduler();
    const source = attempts({ events: [], error: lost });
    const subscription = source.pipe(retryBeforeOutput({}, scheduler)).subscribe();
    expect(scheduler.open).toBe(1);
    subscription.unsubscribe();
    expect(scheduler.open).toBe(0);
    scheduler.flush();
    expect(source.made).toBe(1);
  });

  it('takes no timer while it may still succeed', () => {
    const scheduler = new CountingScheduler();
    NEVER.pipe(retryBeforeOutput({}, scheduler)).subscribe();
    expect(scheduler.set).toBe(0);
  });

  it('is told to the caller as the error it is, once, with its number', () => {
    const told: unknown[] = [];
    const when = (error: unknown, attempt: number) => told.push([(error as StreamError).code, attempt]) > 0;
    outcome(attempts({ events: [overloaded] }, { events: [start] }, { events: [], error: lost }), { when });
    expect(told).toEqual([
      ['api', 1],
      ['truncated', 2],
    ]);
  });

  it('ends the stream with what the caller throws about it', () => {
    const bug = new Error('bug');
    const when = () => {
      throw bug;
    };
    expect(
      outcome(
        throwError(() => lost),
        { when },
      ).end,
    ).toBe(bug);
  });
});

describe('onAttempt', () => {
  it('is called for each attempt that is followed by another, before the wait', () => {
    const scheduler = new CountingScheduler();
    const heard: unknown[] = [];
    attempts({ events: [start], error: lost }, { events: [overloaded] }, { events: [start, text] })
      .pipe(
        retryBeforeOutput(
          {
            delay: 4,
            jitter: 0,
            onAttempt: ({ attempt, error, waitMs }) =>
              heard.push([scheduler.now(), attempt, (error as StreamError).code, waitMs]),
          },
          scheduler,
        ),
      )
      .subscribe(({ type }) => heard.push([scheduler.now(), type]));
    scheduler.flush();
    expect(heard).toEqual([
      [0, 1, 'network', 4],
      [4, 2, 'api', 8],
      [12, 'message_start'],
      [12, 'content_block_delta'],
    ]);
  });

  it('that throws fails the stream', () => {
    const fault = new RangeError('no meter');
    const onAttempt = () => {
      throw fault;
    };
    expect(outcome(attempts({ events: [], error: lost }), { onAttempt }).end).toBe(fault);
  });
});

describe('a subscriber who has enough', () => {
  it('is shown no more of what was held back', () => {
    const seen: StreamEvent[] = [];
    of(start, events.textStart(0), text, text)
      .pipe(retryBeforeOutput(), take(2))
      .subscribe((event) => seen.push(event));
    expect(seen).toEqual([start, events.textStart(0)]);
  });
});

describe('a request', () => {
  const answer = [start, events.textStart(0), text, events.blockStop(0), events.messageStop()]
    .map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`)
    .join('');
  const busy = () => new Response('{"error":{"type":"overloaded_error"}}', { status: 529 });
  const whole = () => new Response(answer, { headers: { 'content-type': 'text/event-stream' } });

  it('is sent again until it is answered', async () => {
    const answers = [busy, () => Promise.reject(new TypeError('fetch failed')), whole];
    let asked = 0;
    const reply = streamEvents('https://example.com/chat', {
      codec: anthropic,
      fetch: async () => (answers[asked++] ?? whole)(),
    });
    expect(await lastValueFrom(reply.pipe(retryBeforeOutput({ delay: 0 }), toText()))).toBe('la');
    expect(asked).toBe(3);
  });
});
