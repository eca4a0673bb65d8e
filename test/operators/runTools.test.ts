import fc from 'fast-check';
import { concat, defer, finalize, from, map, NEVER, of, Subject, throwError, timer, toArray } from 'rxjs';
import type { StreamEvent } from '../../src/events/event.js';
import * as events from '../../src/events/make.js';
import type { ToolCall } from '../../src/fold/calls/toolInput.js';
import { accumulateToolCalls } from '../../src/operators/accumulateToolCalls.js';
import { runTools } from '../../src/operators/runTools.js';
import { toMessage } from '../../src/operators/toMessage.js';
import { toToolCalls } from '../../src/operators/toToolCalls.js';
import type { ToolContext } from '../../src/tools/handlers.js';
import { ToolError } from '../../src/errors/toolError.js';
import { outcomeOf } from '../sources/outcome.js';
import { runs } from '../seed.js';
import { CountingScheduler } from './countingScheduler.js';
import { all, callOf, INPUT, replyOf } from './replies.js';

/** A reply with so many calls of `draw`, with the input `{"n":0}`, `{"n":1}`, … */
function calling(count: number): StreamEvent[] {
  const calls = Array.from({ length: count }, (_, nth) => callOf(nth, [`{"n":${nth}}`]));
  return replyOf(calls.flat(), 'tool_use');
}

const results = (seen: readonly StreamEvent[]) =>
  seen.filter((event) => event.type === 'tool_result').filter(({ preliminary }) => preliminary !== true);
const progress = (seen: readonly StreamEvent[]) =>
  seen.flatMap((event) => (event.type === 'tool_result' && event.preliminary ? [event.content] : []));
const replies = (seen: readonly StreamEvent[]) => seen.filter((event) => event.type !== 'tool_result');

describe('any reply', () => {
  it('passes as it came, and each of its calls has one result', () => {
    fc.assert(
      fc.property(fc.array(INPUT, { maxLength: 4 }), (inputs) => {
        const reply = replyOf(
          inputs.flatMap((pieces, index) => callOf(index, pieces)),
          'tool_use',
        );
        const seen = all(from(reply).pipe(runTools({ draw: (input) => of(input) })));
        expect(replies(seen)).toEqual(reply);
        const expected = all(from(reply).pipe(toToolCalls())).map((call) =>
          call.status === 'complete'
            ? events.toolResult(call.id, call.input)
            : events.toolResult(call.id, call.error.message, true),
        );
        expect(JSON.stringify(results(seen))).toBe(JSON.stringify(expected));
      }),
      { numRuns: runs(300), seed: 1 },
    );
  });

  it('makes a stream that the operators on calls and messages understand', () => {
    const seen = from(calling(2)).pipe(runTools({ draw: (_, { call: { index } }) => of(`drawn ${index}`) }));
    const calls = all(seen.pipe(accumulateToolCalls())).at(-1);
    expect(calls?.map((call) => [call.status, 'result' in call && call.result])).toEqual([
      ['done', 'drawn 0'],
      ['done', 'drawn 1'],
    ]);
    expect(all(seen.pipe(toMessage()))).toHaveLength(1);
  });
});

describe('calls', () => {
  it.each([
    [1, 1],
    [3, 3],
    [Infinity, 8],
    [0, 1],
    [-2, 1],
  ])('run at the same time up to a concurrency of %p', (concurrency, most) => {
    const scheduler = new CountingScheduler();
    let [running, highest] = [0, 0];
    const draw = () =>
      defer(() => {
        highest = Math.max(highest, ++running);
        return timer(10, scheduler).pipe(finalize(() => running--));
      });
    const seen: StreamEvent[] = [];
    from(calling(8))
      .pipe(runTools({ draw }, { concurrency }))
      .subscribe((event) => seen.push(event));
    scheduler.flush();
    expect(highest).toBe(most);
    expect(results(seen)).toHaveLength(8);
  });

  it('have their results in the order in which they finish', () => {
    const scheduler = new CountingScheduler();
    const draw = (_: unknown, { call: { index } }: ToolContext<ToolCall>) =>
      timer([30, 10, 20][index] ?? 0, scheduler).pipe(map(() => index));
    const seen: StreamEvent[] = [];
    from(calling(3))
      .pipe(runTools({ draw }))
      .subscribe((event) => seen.push(event));
    scheduler.flush();
    expect(results(seen).map(({ content }) => content)).toEqual([1, 2, 0]);
  });

  it('may be run by promises and by generators', async () => {
    const draw = (_: unknown, { call: { index } }: ToolContext<ToolCall>) =>
      index === 0
        ? Promise.resolve({ promised: true })
        : (async function* () {
            yield 'half';
            yield 'whole';
          })();
    const { values } = await outcomeOf(from(calling(2)).pipe(runTools({ draw })));
    expect(results(values).map(({ content }) => content)).toEqual([{ promised: true }, 'whole']);
    expect(progress(values)).toEqual(['half']);
  });

  it.each<[unknown, string]>([
    [new ToolError('Too large'), 'Too large'],
    [new RangeError('Too large for 10.0.0.7'), 'draw failed'],
    ['a text', 'draw failed'],
    [undefined, 'draw failed'],
  ])('that fail with %p have a result that says %p', (error, content) => {
    const seen = all(from(calling(1)).pipe(runTools({ draw: () => throwError(() => error) })));
    expect(results(seen)).toEqual([events.toolResult('toolu_0', content, true)]);
  });

  it('that fail with what cannot be looked at have failed', () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    const seen = all(from(calling(1)).pipe(runTools({ draw: () => throwError(() => proxy) })));
    expect(results(seen)).toEqual([events.toolResult('toolu_0', 'draw failed', true)]);
  });

  it('of a name that every object has are of a tool that is not there', () => {
    const call = [events.toolUseStart(0, 'toolu_0', 'constructor'), events.blockStop(0)];
    const seen = all(from(replyOf(call, 'tool_use')).pipe(runTools({})));
    expect(results(seen)).toEqual([events.toolResult('toolu_0', 'There is no tool "constructor"', true)]);
  });

  it('of a handler that is left out as null are of a tool that is not there', () => {
    const seen = all(from(calling(1)).pipe(runTools({ draw: null as never })));
    expect(results(seen)).toEqual([events.toolResult('toolu_0', 'There is no tool "draw"', true)]);
  });

  it('may have null and false for a result', () => {
    const draw = (_: unknown, { call: { index } }: ToolContext<ToolCall>) => of([null, false][index]);
    const seen = all(from(calling(2)).pipe(runTools({ draw })));
    expect(results(seen).map(({ content }) => content)).toEqual([null, false]);
  });

  it('of a thousand are run one after the other in time that grows with their number', () => {
    const seen = all(from(calling(1_000)).pipe(runTools({ draw: () => of('done') }, { concurrency: 1 })));
    expect(results(seen)).toHaveLength(1_000);
  });
});

describe('the time of a call', () => {
  it('ends it, and what it subscribed to', () => {
    const scheduler = new CountingScheduler();
    let left = 0;
    const draw = () => NEVER.pipe(finalize(() => left++));
    const seen: StreamEvent[] = [];
    from(calling(1))
      .pipe(runTools({ draw }, { timeout: 5_000 }, scheduler))
      .subscribe((event) => seen.push(event));
    scheduler.flush();
    expect(results(seen)).toEqual([events.toolResult('toolu_0', 'draw took longer than 5000 ms', true)]);
    expect([left, scheduler.now(), scheduler.open]).toEqual([1, 5_000, 0]);
  });

  it('is that of all of its values', () => {
    const scheduler = new CountingScheduler();
    const draw = () => timer(0, 1_000, scheduler);
    const seen: StreamEvent[] = [];
    from(calling(1))
      .pipe(runTools({ draw }, { timeout: 5_500 }, scheduler))
      .subscribe((event) => seen.push(event));
    scheduler.flush();
    expect(results(seen)).toMatchObject([{ is_error: true }]);
    expect(progress(seen)).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it.each([undefined, 0, -1])('is not kept where it is %p', (timeout) => {
    const scheduler = new CountingScheduler();
    from(calling(3))
      .pipe(runTools({ draw: () => NEVER }, { timeout }, scheduler))
      .subscribe();
    expect(scheduler.set).toBe(0);
  });

  it('can be longer than a timer can hold', () => {
    const scheduler = new CountingScheduler();
    from(calling(1))
      .pipe(runTools({ draw: () => NEVER }, { timeout: Infinity }, scheduler))
      .subscribe();
    expect(scheduler.longest).toBeLessThan(2 ** 31);
  });
});

describe('a call that waits for its turn', () => {
  it('is not begun after a reset has dropped it', () => {
    const begun: number[] = [];
    const first = new Subject<string>();
    const draw = (_: unknown, { call: { index } }: ToolContext<ToolCall>) => (begun.push(index), first);
    const attempt = [events.messageStart({}), ...[0, 1, 2].flatMap((index) => callOf(index, ['{}']))];
    const seen: StreamEvent[] = [];
    concat(from([...attempt, events.reset(2, undefined), events.messageStart({})]), NEVER)
      .pipe(runTools({ draw }, { concurrency: 1 }))
      .subscribe((event) => seen.push(event));
    first.next('late');
    first.complete();
    expect(begun).toEqual([0]);
    expect(results(seen)).toEqual([]);
  });
});

describe('each subscription', () => {
  it('runs the tools anew', () => {
    let ran = 0;
    const source = from(calling(2)).pipe(runTools({ draw: () => of(++ran) }), toArray());
    source.subscribe();
    source.subscribe();
    expect(ran).toBe(4);
  });
});
