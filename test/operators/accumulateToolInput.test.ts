import { inspect, isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { from } from 'rxjs';
import * as z from 'zod';
import type { StreamEvent } from '../../src/events/event.js';
import * as events from '../../src/events/make.js';
import type { ToolInput } from '../../src/fold/calls/toolInput.js';
import { applyGrowth } from '../../src/json/growth.js';
import type { JsonArray, JsonValue } from '../../src/json/value.js';
import { accumulateToolInput } from '../../src/operators/accumulateToolInput.js';
import { CUTS, cut } from '../json/texts.js';
import { runs } from '../seed.js';
import { all, callOf, INPUT, isJson, MUTATED, replyOf } from './replies.js';

function inputs(source: readonly StreamEvent[]): readonly ToolInput[] {
  return all(from(source).pipe(accumulateToolInput()));
}

function elementsOf({ input }: ToolInput): JsonArray {
  return (input as { readonly elements?: JsonArray }).elements ?? [];
}

describe('an input', () => {
  it('ends as what JSON.parse makes of its text, however it is cut', () => {
    fc.assert(
      fc.property(INPUT, (pieces) => {
        const text = pieces.join('');
        const last = inputs(replyOf(callOf(0, pieces), 'tool_use')).at(-1);
        expect(last).toMatchObject({ status: 'complete', json: text });
        expect(isDeepStrictEqual(last?.input, JSON.parse(text))).toBe(true);
      }),
      { numRuns: runs(2000), seed: 1 },
    );
  });

  it('tells its text so far, on each piece', () => {
    fc.assert(
      fc.property(INPUT, (pieces) => {
        const told = inputs(replyOf(callOf(0, pieces), 'tool_use')).map(({ json }) => json);
        const soFar = pieces.map((_, at) => pieces.slice(0, at + 1).join(''));
        expect(told).toEqual(['', ...soFar, pieces.join('')]);
      }),
      { numRuns: runs(1000), seed: 2 },
    );
  });

  it('is the one before it, grown', () => {
    fc.assert(
      fc.property(fc.oneof(INPUT, MUTATED), (pieces) => {
        let shown: JsonValue | undefined = {};
        for (const { growth, ...snapshot } of inputs(replyOf(callOf(0, pieces), 'tool_use'))) {
          shown = applyGrowth(shown, growth);
          if (!isDeepStrictEqual(shown, snapshot.input)) return false;
        }
        return true;
      }),
      { numRuns: runs(2000), seed: 3 },
    );
  });

  it('is the one before it, grown, also where the stream fails inside it', () => {
    fc.assert(
      fc.property(INPUT, fc.nat(), (pieces, place) => {
        const cutOff = callOf(0, pieces).slice(0, 1 + (place % (pieces.length + 1)));
        const snapshots: ToolInput[] = [];
        from([events.messageStart({}), ...cutOff])
          .pipe(accumulateToolInput())
          .subscribe({ next: (snapshot) => snapshots.push(snapshot), error: () => undefined });
        const shown = snapshots.reduce<JsonValue | undefined>(
          (value, { growth }) => applyGrowth(value, growth),
          {},
        );
        expect(snapshots.at(-1)?.status).toBe('invalid');
        expect(isDeepStrictEqual(shown, snapshots.at(-1)?.input)).toBe(true);
      }),
      { numRuns: runs(1000), seed: 4 },
    );
  });

  it('is the same, read at once or when the stream is long over', () => {
    fc.assert(
      fc.property(INPUT, fc.nat({ max: 40 }), (pieces, turn) => {
        const source = replyOf(callOf(0, pieces), 'tool_use');
        const early: string[] = [];
        from(source)
          .pipe(accumulateToolInput())
          .subscribe((snapshot) => early.push(JSON.stringify(snapshot)));
        const late = inputs(source);
        const order = late.map((_, at) => (at * 7 + turn) % late.length);
        return order.every((at) => JSON.stringify(late[at]) === early[at]);
      }),
      { numRuns: runs(2500), seed: 5 },
    );
  });

  it('keeps every element that is finished the same object from then on', () => {
    const element = fc.dictionary(fc.string({ maxLength: 3 }), fc.array(fc.nat(), { maxLength: 3 }), {
      maxKeys: 3,
    });
    fc.assert(
      fc.property(fc.array(element, { minLength: 2, maxLength: 5 }), CUTS, (elements, cuts) => {
        const pieces = cut(JSON.stringify({ elements }), cuts);
        const seen = inputs(replyOf(callOf(0, pieces), 'tool_use')).map(elementsOf);
        return seen.every((shown, at) => {
          const later = seen[at + 1] ?? shown;
          return shown.slice(0, -1).every((finished, nth) => finished === later[nth]);
        });
      }),
      { numRuns: runs(1000), seed: 6 },
    );
  });

  it('is a new object for each snapshot that shows more, and the same one for those that do not', () => {
    const [, a, b, c] = inputs(replyOf(callOf(0, ['{"elements":[[1],"x', '', 'y"']), 'tool_use'));
    expect(b?.input).toBe(a?.input);
    expect(c?.input).not.toBe(a?.input);
    expect(c && elementsOf(c)[0]).toBe(a && elementsOf(a)[0]);
  });

  it('is never complete where JSON.parse throws, and never ends the stream', () => {
    fc.assert(
      fc.property(MUTATED, INPUT, (mutated, next) => {
        const source = replyOf([...callOf(0, mutated), ...callOf(1, next)], 'tool_use');
        const finished = inputs(source).filter(({ status }) => status !== 'partial');
        const text = mutated.join('');
        expect(finished.map(({ status }) => status)).toEqual([
          text === '' || isJson(text) ? 'complete' : 'invalid',
          'complete',
        ]);
        expect(finished[0]?.json).toBe(text);
      }),
      { numRuns: runs(3000), seed: 7 },
    );
  });

  it('of one call has nothing of another that comes at the same time', () => {
    fc.assert(
      fc.property(INPUT, INPUT, fc.infiniteStream(fc.boolean()), (first, second, turns) => {
        const [one, other] = [callOf(0, first), callOf(1, second)];
        const source: StreamEvent[] = [];
        for (const turn of turns) {
          const event = (turn ? one : other).shift() ?? one.shift() ?? other.shift();
          if (event === undefined) break;
          source.push(event);
        }
        const mixed = inputs(replyOf(source, 'tool_use'));
        for (const [index, pieces] of [first, second].entries()) {
          const alone = inputs(replyOf(callOf(index, pieces), 'tool_use'));
          expect(JSON.stringify(mixed.filter((snapshot) => snapshot.index === index))).toBe(
            JSON.stringify(alone),
          );
        }
      }),
      { numRuns: runs(500), seed: 8 },
    );
  });
});

const ROWS = Array.from({ length: 100 }, (_, row) => row);

describe.each([
  ['narrow', '{"city":"To', { city: 'To' }],
  ['wide', `{"rows":[${ROWS.join(',')},"To`, { rows: [...ROWS, 'To'] }],
])('a partial snapshot of a %s container', (_width, json, input) => {
  // A wide one is only known to be wide once it has been read.
  const source = replyOf(callOf(0, [json.slice(0, -2), json.slice(-2), 'kyo"']), 'tool_use');
  const [, first, snapshot] = inputs(source);
  const path = [...(JSON.stringify(first?.input).startsWith('{"rows"') ? ['rows', 100] : ['city'])];
  const shown = {
    type: 'tool_use',
    index: 0,
    id: 'toolu_0',
    name: 'draw',
    status: 'partial',
    json,
    input,
    growth: [{ path, text: 'To' }],
  };

  it.each<[string, (value: unknown) => unknown]>([
    ['a spread', (value) => ({ ...(value as object) })],
    ['structuredClone', (value) => structuredClone(value)],
    ['JSON', (value) => JSON.parse(JSON.stringify(value)) as unknown],
    ['Object.freeze', (value) => ({ ...Object.freeze(value as object) })],
    ['Object.assign', (value) => Object.assign({}, value)],
  ])('shows its input and growth to %s', (_, copied) => {
    expect(copied(snapshot)).toStrictEqual(shown);
  });

  it('shows them through the proxy of a framework too', () => {
    const wrapped = new Proxy(snapshot as object, {
      get: (target, key, me): unknown => Reflect.get(target, key, me),
    });
    expect(wrapped).toMatchObject(shown);
  });

  it('is a plain object', () => {
    expect(Object.getPrototypeOf(snapshot)).toBe(Object.prototype);
    expect(snapshot).toStrictEqual(shown);
    expect(isDeepStrictEqual(snapshot, { ...snapshot })).toBe(true);
  });

  it('shows them in the console', () => {
    expect(inspect(snapshot, { sorted: true })).toBe(inspect(shown, { sorted: true }));
  });

  it('answers what is asked of single members', () => {
    const fresh = inputs(source)[2] as object;
    expect('input' in fresh).toBe(true);
    expect(Object.hasOwn(fresh, 'growth')).toBe(true);
    expect(Object.keys(fresh).sort()).toEqual(Object.keys(shown).sort());
  });
});

describe('a schema', () => {
  const source = replyOf(callOf(0, ['{"url":"no', 'where"}']), 'tool_use');

  it('that throws at once makes the input invalid, and the stream goes on', () => {
    const cause = new TypeError('Invalid URL');
    const validate = (): never => {
      throw cause;
    };
    const tools = { draw: { '~standard': { version: 1, vendor: 'by-hand', validate } } } as const;
    const last = all(from(source).pipe(accumulateToolInput({ tools }))).at(-1);
    expect(last).toMatchObject({
      status: 'invalid',
      input: { url: 'nowhere' },
      error: { code: 'tool-input', cause },
    });
  });

  it('that throws while it converts makes the input invalid, and nothing is left to reject', async () => {
    const rejected: unknown[] = [];
    const note = (reason: unknown): void => void rejected.push(reason);
    process.on('unhandledRejection', note);
    const tools = { draw: z.object({ url: z.string().transform((text) => new URL(text)) }) };
    const last = all(from(source).pipe(accumulateToolInput({ tools }))).at(-1);
    await new Promise(setImmediate);
    process.off('unhandledRejection', note);
    expect(last).toMatchObject({ status: 'invalid', error: { code: 'tool-input' } });
    expect(rejected).toEqual([]);
  });
});
