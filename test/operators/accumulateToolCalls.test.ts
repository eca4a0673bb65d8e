import assert from 'node:assert';
import { inspect, isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { from, map, merge, mergeMap, of, share, Subject } from 'rxjs';
import type { StreamEvent } from '../../src/events/event.js';
import * as events from '../../src/events/make.js';
import type { ToolCall } from '../../src/fold/calls/toolInput.js';
import type { ToolInvocation } from '../../src/fold/calls/toolInvocation.js';
import { accumulateToolCalls } from '../../src/operators/accumulateToolCalls.js';
import { accumulateToolInput } from '../../src/operators/accumulateToolInput.js';
import { toToolCalls } from '../../src/operators/toToolCalls.js';
import { runs } from '../seed.js';
import { all, callOf, INPUT, MUTATED, replyOf } from './replies.js';

type Calls = readonly ToolInvocation[];

/** What comes out, with an error passed over. */
function listsOf(source: readonly StreamEvent[]): readonly Calls[] {
  const lists: Calls[] = [];
  from(source)
    .pipe(accumulateToolCalls())
    .subscribe({ next: (calls) => lists.push(calls), error: () => undefined });
  return lists;
}

function toolCallsOf(source: readonly StreamEvent[]): readonly ToolCall[] {
  const calls: ToolCall[] = [];
  from(source)
    .pipe(toToolCalls())
    .subscribe({ next: (call) => calls.push(call), error: () => undefined });
  return calls;
}

/** Without those that equal the one before: a member that is written twice replaces itself. */
function growing(inputs: readonly unknown[]): readonly unknown[] {
  return inputs.filter((input, nth) => nth === 0 || !isDeepStrictEqual(input, inputs[nth - 1]));
}

const REASON = fc.constantFrom('tool_use', 'tool_use', 'max_tokens', 'end_turn', 'pause_turn', null);
/** One to three calls, well written or not, and why the reply ended, cut off anywhere. */
const SOURCE = fc
  .tuple(fc.array(fc.oneof(INPUT, MUTATED), { minLength: 1, maxLength: 3 }), REASON, fc.nat())
  .map(([inputs, reason, place]) => {
    const source = replyOf(
      inputs.flatMap((pieces, index) => callOf(index, pieces)),
      reason,
    );
    return source.slice(0, 1 + (place % source.length));
  });

describe('a call', () => {
  it('is ready or invalid as toToolCalls tells it, wherever the reply is cut off', () => {
    fc.assert(
      fc.property(SOURCE, (source) => {
        const last = listsOf(source).at(-1) ?? [];
        const told = [...toolCallsOf(source)].sort((a, b) => a.index - b.index);
        expect(last).toHaveLength(told.length);
        for (const [nth, call] of told.entries()) {
          const invocation = last[nth];
          expect(invocation?.status).toBe(call.status === 'complete' ? 'queued' : 'invalid');
          if (call.status === 'complete') expect(invocation?.input).toEqual(call.input);
          else
            expect(invocation).toMatchObject({
              error: { code: call.error.code, message: call.error.message },
            });
        }
      }),
      { numRuns: runs(2000), seed: 1 },
    );
  });

  it('shows the input that accumulateToolInput shows, each time that there is more of it', () => {
    fc.assert(
      fc.property(INPUT, (pieces) => {
        const source = replyOf(callOf(0, pieces), 'tool_use');
        const told = all(from(source).pipe(accumulateToolInput()))
          .filter(({ status }) => status === 'partial')
          .map(({ input }) => input);
        const shown = listsOf(source).flatMap(([call]) => (call?.status === 'streaming' ? [call.input] : []));
        expect(isDeepStrictEqual(growing(shown), growing(told))).toBe(true);
      }),
      { numRuns: runs(1000), seed: 2 },
    );
  });

  it('is the same object in every list, but for the ones that an event touched', () => {
    fc.assert(
      fc.property(SOURCE, (source) => {
        const calls = new Map<string, ToolInvocation>();
        for (const list of listsOf(source)) {
          const changed = list.filter((call) => calls.get(call.id) !== call);
          expect(changed).not.toEqual([]);
          // What is ready or invalid was touched for the last time, as long as nobody answers it.
          for (const call of changed) expect(calls.get(call.id)?.status ?? 'streaming').toBe('streaming');
          const growing = changed.filter(({ status }) => status === 'streaming');
          expect(growing.length).toBeLessThanOrEqual(1);
          for (const call of changed) calls.set(call.id, call);
        }
      }),
      { numRuns: runs(500), seed: 3 },
    );
  });

  it('shows the same however late it is read', () => {
    fc.assert(
      fc.property(INPUT, (pieces) => {
        const source = replyOf(callOf(0, pieces), 'tool_use');
        const read: string[] = [];
        const lists = all(
          from(source).pipe(
            accumulateToolCalls(),
            map((calls) => {
              read.push(JSON.stringify(calls));
              return calls;
            }),
          ),
        );
        expect(listsOf(source).map((calls) => JSON.stringify(calls))).toEqual(read);
        expect(lists.map((calls) => JSON.stringify(calls))).toEqual(read);
      }),
      { numRuns: runs(500), seed: 4 },
    );
  });
});

describe('a streaming call', () => {
  const [, [call] = []] = listsOf(replyOf(callOf(0, ['{"city":"To', 'kyo"}']), 'tool_use'));
  const shown = {
    type: 'tool_use',
    index: 0,
    id: 'toolu_0',
    name: 'draw',
    status: 'streaming',
    input: { city: 'To' },
  };

  it.each<[string, (value: unknown) => unknown]>([
    ['a spread', (value) => ({ ...(value as object) })],
    ['structuredClone', (value) => structuredClone(value)],
    ['JSON', (value) => JSON.parse(JSON.stringify(value)) as unknown],
    ['Object.assign', (value) => Object.assign({}, value)],
  ])('shows its input to %s', (_, copied) => {
    expect(copied(call)).toStrictEqual(shown);
  });

  it('cannot be extended where its input is made later, which keeps frameworks from wrapping it in a proxy', () => {
    const wide = ['{"days":[', '1,'.repeat(100), '2]}'];
    const [, , [later] = []] = listsOf(replyOf(callOf(0, wide), 'tool_use'));
    expect(Object.isExtensible(later)).toBe(false);
    expect(later?.input).toEqual({ days: Array.from({ length: 100 }, () => 1) });
  });

  it('prints its input, is equal to its copy and an object as any other', () => {
    expect(inspect(call)).toBe(inspect(shown));
    expect(() => assert.deepStrictEqual(call, { ...call })).not.toThrow();
    expect(Object.getPrototypeOf(call)).toBe(Object.prototype);
  });
});

describe('results', () => {
  it('of tools that run while the reply goes on come into the list of the one stream', () => {
    const source = new Subject<StreamEvent>();
    const reply = source.pipe(share());
    const results = reply.pipe(
      toToolCalls(),
      mergeMap((call) => of(events.toolResult(call.id, `drawn ${call.index}`))),
    );
    const lists: Calls[] = [];
    merge(reply, results)
      .pipe(accumulateToolCalls())
      .subscribe((calls) => lists.push(calls));
    from(replyOf([...callOf(0, ['{}']), ...callOf(1, ['{}'])], 'tool_use')).subscribe(source);
    expect(lists.at(-1)).toMatchObject([
      { status: 'done', result: 'drawn 0' },
      { status: 'done', result: 'drawn 1' },
    ]);
    // The first was answered while the second was still to come.
    expect(lists.some((calls) => calls[0]?.status === 'done' && calls[1]?.status === 'streaming')).toBe(true);
  });

  it('may be preceded by an approval, while the reply goes on: nobody is asked about a call that was cut off', () => {
    const [start, ...rest] = replyOf(callOf(0, ['{}']), 'tool_use');
    const approvals = [
      events.toolApproval('toolu_0', 'requested'),
      events.toolApproval('toolu_0', 'approved'),
    ];
    const given = [...approvals, events.toolResult('toolu_0', 'drawn')];
    const source = [start as StreamEvent, ...rest.slice(0, -2), ...given, ...rest.slice(-2)];
    const statuses = listsOf(source).map((calls) => calls[0]?.status);
    expect([...new Set(statuses)]).toEqual(['streaming', 'approval', 'queued', 'done']);
  });

  it('may have an approval that is said twice, which shows nothing new', () => {
    const reply = replyOf(callOf(0, ['{}']), 'tool_use');
    const said = (...states: readonly ('requested' | 'approved')[]): readonly Calls[] =>
      listsOf([...reply, ...states.map((state) => events.toolApproval('toolu_0', state))]);
    const once = said('requested', 'approved');
    expect(said('requested', 'requested', 'approved', 'approved')).toEqual(once);
    expect(said('approved')).toEqual(said());
    expect(once.map((calls) => calls[0]?.status).slice(-3)).toEqual(['queued', 'approval', 'queued']);
  });

  it('find their calls by id, whatever it is spelled like', () => {
    const ids = ['__proto__', 'constructor', 'toString', ''];
    const content = ids.flatMap((id, index) => [
      events.toolUseStart(index, id, 'draw'),
      events.blockStop(index),
    ]);
    const source = [...replyOf(content, 'tool_use'), ...ids.map((id) => events.toolResult(id, `of ${id}`))];
    expect(listsOf(source).at(-1)).toMatchObject(
      ids.map((id) => ({ id, status: 'done', result: `of ${id}` })),
    );
  });

  it('of a type of block that this version does not know are results too', () => {
    const result = { type: 'hologram_tool_result', tool_use_id: 'toolu_0', content: { depth: 3 } };
    const source = [...callOf(0, ['{}']), events.blockStart(1, result as never), events.blockStop(1)];
    expect(listsOf(replyOf(source, 'end_turn')).at(-1)).toMatchObject([
      { status: 'done', result: { depth: 3 }, isError: false },
    ]);
  });

  it('keep the calls that rounds before them left without one', () => {
    const round = (nth: number): StreamEvent[] => [
      events.messageStart({ id: `msg_${nth}` }),
      events.toolUseStart(0, `toolu_${nth}`, 'draw'),
      events.blockStop(0),
      events.messageDelta('tool_use'),
      events.messageStop(),
    ];
    const source = [0, 1, 2, 3].flatMap(round);
    const last = listsOf([...source, events.toolResult('toolu_1', 'drawn')]).at(-1);
    expect(last?.map(({ id, status }) => [id, status])).toEqual([
      ['toolu_0', 'queued'],
      ['toolu_1', 'done'],
      ['toolu_2', 'queued'],
      ['toolu_3', 'queued'],
    ]);
  });
});
