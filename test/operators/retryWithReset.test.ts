import fc from 'fast-check';
import {
  concat,
  filter,
  finalize,
  from,
  map,
  NEVER,
  of,
  timer,
  toArray,
  type Observable,
  type OperatorFunction,
} from 'rxjs';
import { StreamError } from '../../src/errors/streamError.js';
import type { StreamEvent } from '../../src/events/event.js';
import * as events from '../../src/events/make.js';
import type { RetryOptions } from '../../src/fold/pace/retryWait.js';
import { accumulateBlocks } from '../../src/operators/accumulateBlocks.js';
import { accumulateMessage } from '../../src/operators/accumulateMessage.js';
import { accumulateToolInput } from '../../src/operators/accumulateToolInput.js';
import { dropPings } from '../../src/operators/dropPings.js';
import { retryWithReset } from '../../src/operators/retryWithReset.js';
import { textDeltas } from '../../src/operators/textDeltas.js';
import { toBlocks } from '../../src/operators/toBlocks.js';
import { toMessage } from '../../src/operators/toMessage.js';
import { toText } from '../../src/operators/toText.js';
import { toToolCalls } from '../../src/operators/toToolCalls.js';
import { untilTerminal } from '../../src/operators/untilTerminal.js';
import { attempts, type Script } from './attempts.js';
import { CountingScheduler } from './countingScheduler.js';
import { all } from './replies.js';
import '../seed.js';

const lost = new StreamError('network', 'The connection was lost');

/** A reply with everything that is accumulated: thinking, text, and two calls. */
const reply = (id: string, word: string): StreamEvent[] => [
  events.messageStart({ id }),
  events.thinkingStart(0),
  events.thinkingDelta(0, 'hm'),
  events.signatureDelta(0, 'signed'),
  events.blockStop(0),
  events.ping(),
  events.textStart(1),
  events.textDelta(1, word),
  events.textDelta(1, ' 🎵'),
  events.blockStop(1),
  events.toolUseStart(2, `toolu_${word}`, 'get_weather'),
  events.inputJsonDelta(2, '{"city":"To'),
  events.inputJsonDelta(2, 'kyo"}'),
  events.blockStop(2),
  events.toolUseStart(3, `toolu_${word}_2`, 'get_time'),
  events.blockStop(3),
  events.messageDelta('tool_use', { output_tokens: 9 }),
  events.messageStop(),
];

const whole = reply('msg_2', 'la');
/** All the ways in which an attempt at another answer can end too early, with how much of it comes. */
const failures = reply('msg_1', 'do')
  .slice(0, -1)
  .map((_, count, all) => ({ count, events: all.slice(0, count + 1) }));

/** Everything that comes out, until there is nothing more to wait for. */
function output<T>(
  source: Observable<StreamEvent>,
  operator: OperatorFunction<StreamEvent, T>,
  options: RetryOptions = {},
): readonly T[] {
  const scheduler = new CountingScheduler();
  let values: readonly T[] = ['nothing' as T];
  source.pipe(retryWithReset(options, scheduler), operator, toArray()).subscribe((every) => (values = every));
  scheduler.flush();
  expect(scheduler.open).toBe(0);
  return values;
}

const plain = (value: unknown): unknown =>
  // Inputs and their growth are made when they are read.
  typeof value === 'object' && value !== null && 'json' in value ? { ...value } : value;

describe.each<[string, OperatorFunction<StreamEvent, unknown>]>([
  ['accumulateMessage', accumulateMessage()],
  ['accumulateBlocks', accumulateBlocks()],
  ['accumulateToolInput', accumulateToolInput()],
  ['toMessage', toMessage()],
  ['toText', toText()],
  ['toBlocks', toBlocks()],
  ['toToolCalls', toToolCalls()],
  ['textDeltas', textDeltas()],
  ['untilTerminal', untilTerminal()],
  ['dropPings', dropPings()],
])('%s, behind an attempt that failed', (_, operator) => {
  it.each(failures)(
    'after $count events and its start, gives what the next attempt alone gives',
    (failed) => {
      const values = output(attempts({ events: failed.events, error: lost }, { events: whole }), operator);
      const alone = all(from(whole).pipe(operator));
      expect(alone.length).toBeGreaterThan(0);
      expect(values.slice(-alone.length).map(plain)).toEqual(alone.map(plain));
    },
  );
});

describe('of the failed attempt', () => {
  const source = () =>
    attempts({ events: reply('msg_1', 'do').slice(0, 12), error: lost }, { events: whole });

  it.each<[string, OperatorFunction<StreamEvent, unknown>]>([
    ['toMessage', toMessage()],
    ['toText', toText()],
  ])('%s gives nothing', (_, operator) => {
    expect(output(source(), operator)).toEqual(all(from(whole).pipe(operator)));
  });

  it.each<[string, OperatorFunction<StreamEvent, unknown>, number]>([
    ['toBlocks', toBlocks(), 2],
    ['textDeltas', textDeltas(), 2],
    ['toToolCalls', toToolCalls(), 0],
  ])('%s has emitted for good what was finished', (_, operator, count) => {
    const alone = all(from(whole).pipe(operator));
    expect(output(source(), operator)).toHaveLength(count + alone.length);
  });

  it('no block and no call comes out aborted: it is dropped, not finished', () => {
    const states = output(source(), toBlocks()).map(({ status }) => status);
    expect(new Set(states)).toEqual(new Set(['complete']));
  });
});

describe('a reset', () => {
  it('stands before each attempt but the first, and says why', () => {
    const truncated: Script = { events: whole.slice(0, 3) };
    const spliced: Script = {
      events: [...whole.slice(0, 3), events.messageStart({ id: 'msg_3' }), ...whole],
    };
    const overloaded: Script = {
      events: [...whole.slice(0, 3), events.error('overloaded_error', 'Overloaded')],
    };
    const failed: Script = { events: [], error: lost };
    const source = attempts(truncated, spliced, overloaded, failed, { events: whole });
    const seen: readonly StreamEvent[] = output(source, dropPings(), { count: 4 });
    const resets = seen.flatMap((event) => (event.type === 'reset' ? [event] : []));
    expect(resets.map(({ attempt, cause }) => [attempt, (cause as StreamError).code])).toEqual([
      [2, 'truncated'],
      [3, 'protocol'],
      [4, 'api'],
      [5, 'network'],
    ]);
    expect(seen.slice(seen.lastIndexOf(resets[3] as StreamEvent) + 1)).toEqual(
      whole.filter(({ type }) => type !== 'ping'),
    );
  });

  it('lets nothing of a spliced message through', () => {
    const spliced: Script = { events: [...whole.slice(0, 3), ...reply('msg_3', 'do')] };
    const seen = output(attempts(spliced, { events: whole }), untilTerminal());
    expect(seen).toEqual([...whole.slice(0, 3), events.reset(2, expect.any(StreamError)), ...whole]);
  });
});

describe('any number of failures', () => {
  it('ends in the message of the first attempt that is whole, or in the failure of the last', () => {
    const cut = fc
      .nat(whole.length - 1)
      .map((count): Script => ({ events: whole.slice(0, count), error: lost }));
    fc.assert(
      fc.property(fc.array(cut, { maxLength: 5 }), fc.nat(5), (failed, count) => {
        const source = attempts(...failed, { events: whole });
        const scheduler = new CountingScheduler();
        let end: unknown;
        source
          .pipe(retryWithReset({ count }, scheduler), toMessage())
          .subscribe({ next: ({ id }) => (end = id), error: ({ code }: StreamError) => (end = code) });
        scheduler.flush();
        expect(source.made).toBe(Math.min(failed.length, count) + 1);
        expect(end).toBe(failed.length <= count ? 'msg_2' : 'network');
      }),
      { seed: 1 },
    );
  });
});

describe('onAttempt', () => {
  it('is called for each attempt that is followed by another, before its reset', () => {
    const scheduler = new CountingScheduler();
    const heard: unknown[] = [];
    attempts({ events: whole.slice(0, 9), error: lost }, { events: whole })
      .pipe(
        retryWithReset(
          { delay: 4, jitter: 0, onAttempt: (failed) => heard.push([scheduler.now(), failed]) },
          scheduler,
        ),
        filter(({ type }) => type === 'reset'),
      )
      .subscribe(({ type }) => heard.push([scheduler.now(), type]));
    scheduler.flush();
    expect(heard).toEqual([
      [0, { attempt: 1, error: lost, waitMs: 4 }],
      [4, 'reset'],
    ]);
  });
});

describe('a failed attempt', () => {
  it('is let go before the wait, even where the server keeps the connection open', () => {
    const heard: string[] = [];
    const scheduler = new CountingScheduler();
    const overloaded = events.error('overloaded_error', 'Overloaded');
    concat(of(...whole.slice(0, 9)), timer(1, scheduler).pipe(map(() => overloaded)), NEVER)
      .pipe(
        finalize(() => heard.push(`let go, ${scheduler.now()} ms`)),
        retryWithReset({ count: 1, jitter: 0 }, scheduler),
      )
      .subscribe({
        next: ({ type }) => type === 'reset' && heard.push(`reset, ${scheduler.now()} ms`),
        error: ({ code }: StreamError) => heard.push(code),
      });
    scheduler.flush();
    expect(heard.slice(0, 2)).toEqual(['let go, 1 ms', 'reset, 501 ms']);
    expect(heard.slice(2).sort()).toEqual(['api', 'let go, 502 ms']);
  });

  it('that is the last keeps what had come with its error', () => {
    const scheduler = new CountingScheduler();
    let partial: unknown;
    attempts({ events: whole, error: lost }, { events: whole.slice(0, 9), error: lost })
      .pipe(
        filter(({ type }) => type !== 'message_stop'),
        retryWithReset({ count: 1 }, scheduler),
        toText(),
      )
      .subscribe({ error: (error: StreamError) => (partial = error.partial) });
    scheduler.flush();
    expect(partial).toBe('la 🎵');
  });

  it('leaves no timer behind when the subscriber leaves during the wait', () => {
    const scheduler = new CountingScheduler();
    const source = attempts({ events: whole.slice(0, 9), error: lost });
    source.pipe(retryWithReset({}, scheduler)).subscribe().unsubscribe();
    expect(scheduler).toMatchObject({ set: 1, open: 0 });
  });
});
