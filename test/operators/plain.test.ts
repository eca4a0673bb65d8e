import '@angular/compiler';
import { types } from 'node:util';
import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads';
import { createEnvironmentInjector, Injector } from '@angular/core';
import { META_REDUCERS, provideStore, type Action, type ActionReducer } from '@ngrx/store';
import { produce } from 'immer';
import { from, VirtualTimeScheduler, type Observable } from 'rxjs';
import type { StreamEvent } from '../../src/events/event.js';
import * as events from '../../src/events/make.js';
import { accumulateJson } from '../../src/operators/accumulateJson.js';
import { isThorough } from '../thorough.js';
import { ANSWER, LIST, OPERATORS } from './everyOperator.js';

/** As wide as it takes to tempt a snapshot into being something cheaper than a plain object. */
const WIDE = 3_000;
const FRAGMENT = 4_000;

/** How many of the values of an operator are looked at: each costs five copies of what is wide. */
const LOOKED_AT = isThorough ? 12 : 2;

const WIDE_JSON = JSON.stringify({
  items: Array.from({ length: WIDE }, (_, id) => ({ id, name: `item ${id}` })),
  byName: Object.fromEntries(Array.from({ length: WIDE }, (_, id) => [`item ${id}`, [id, null, true]])),
  ['__proto__']: { polluted: true },
});

function fragmentsOf(text: string): string[] {
  return text.match(new RegExp(`[^]{1,${FRAGMENT}}`, 'g')) ?? [];
}

/** An answer with what is wide: an input, citations, deltas that no version knows, blocks. */
const WIDE_ANSWER: readonly StreamEvent[] = [
  events.messageStart({ id: 'msg_1' }),
  events.textStart(0),
  events.textDelta(0, 'Hello'),
  ...Array.from({ length: 60 }, (_, place): StreamEvent[] => [
    {
      type: 'content_block_delta',
      index: 0,
      delta: {
        type: 'citations_delta',
        citation: {
          type: 'char_location',
          cited_text: `passage ${place}`,
          document_index: 0,
          document_title: null,
          file_id: null,
          start_char_index: 0,
          end_char_index: 1,
        },
      },
    },
    { type: 'content_block_delta', index: 0, delta: { type: 'mood_delta', mood: place } as never },
  ]).flat(),
  events.blockStop(0),
  events.toolUseStart(1, 'toolu_1', 'draw'),
  ...fragmentsOf(WIDE_JSON).map((piece) => events.inputJsonDelta(1, piece)),
  events.blockStop(1),
  ...Array.from({ length: 200 }, (_, place) => [
    events.textStart(2 + place),
    events.textDelta(2 + place, `part ${place}`),
    events.blockStop(2 + place),
  ]).flat(),
  events.messageDelta('tool_use', { output_tokens: 7 }),
  events.messageStop(),
];

/** Where a value holds something that is not plain: a proxy, an instance of a class, a function. Errors are errors. */
function notPlain(value: unknown, path = 'value'): string[] {
  if (typeof value === 'function' || typeof value === 'symbol') return [`${path}: a ${typeof value}`];
  if (typeof value !== 'object' || value === null) return [];
  if (types.isProxy(value)) return [`${path}: a proxy`];
  if (value instanceof Error) return [];
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== Array.prototype) return [`${path}: not a plain object`];
  return Object.entries(value).flatMap(([key, member]) => notPlain(member, `${path}.${key}`));
}

/** What is wrong with a value for whoever clones, posts or freezes it. */
function problemsOf(value: unknown): string[] {
  const problems = notPlain(value);
  const text = JSON.stringify(value);
  const { port1, port2 } = new MessageChannel();
  port1.postMessage(value);
  const posted = receiveMessageOnPort(port2)?.message as unknown;
  port1.close();
  const copies = {
    'its clone': structuredClone(value),
    'what is posted': posted,
    'what Immer keeps': kept(value),
  };
  for (const [name, copy] of Object.entries(copies)) {
    // An error loses its class, and what it adds to its message, in every browser too.
    if (JSON.stringify(copy, withoutErrors) !== JSON.stringify(value, withoutErrors))
      problems.push(`${name} is another value`);
  }
  if (JSON.stringify(value) !== text) problems.push('it changes when it is frozen');
  return problems;
}

function withoutErrors(key: string, value: unknown): unknown {
  return key === 'error' ? undefined : value;
}

/** What stands in a state of Immer, which freezes it through and through. */
function kept(value: unknown): unknown {
  const state: { value: unknown } = { value: undefined };
  return produce(state, (draft) => void (draft.value = value)).value;
}

function valuesOf(source: Observable<unknown>, time: VirtualTimeScheduler): unknown[] {
  const values: unknown[] = [];
  source.subscribe({ next: (value) => values.push(value), error: () => undefined });
  time.flush();
  return values;
}

type Reducer = ActionReducer<unknown, Action & { readonly value: unknown }>;

/** A reducer that keeps the value of the last action, behind the strictest checks that NgRx has. */
function strictReducer(): Reducer {
  const injector = createEnvironmentInjector(
    [
      provideStore(
        {},
        {
          runtimeChecks: {
            strictActionImmutability: true,
            strictActionSerializability: true,
            strictStateImmutability: true,
            strictStateSerializability: true,
          },
        },
      ),
    ],
    Injector.NULL as never,
  );
  const checks = injector.get(META_REDUCERS) as unknown as ((reducer: Reducer) => Reducer)[];
  injector.destroy();
  const keep: Reducer = (_state, { value }) => ({ latest: value });
  return checks.reduce<Reducer>((reducer, check) => check(reducer), keep);
}

/** Stores a value as NgRx would. It throws for one that cannot be frozen, or written as JSON and read again. */
function store(value: unknown, reducer = strictReducer()): void {
  reducer({}, { type: 'latest', value });
}

describe('every value that an operator emits', () => {
  const cases = Object.entries(OPERATORS).flatMap(([name, { make, given }]) => {
    const json = fragmentsOf(`[${WIDE_JSON},${WIDE_JSON}]`);
    const text = given === LIST ? json : ['```json\n', ...json, '\n```\n'];
    return Object.entries({ given, wide: given === ANSWER ? WIDE_ANSWER : text }).map(([input, values]) => ({
      name,
      input,
      make,
      values,
    }));
  });

  it.each(cases)('is plain: $name, $input', ({ make, values }) => {
    const time = new VirtualTimeScheduler();
    const emitted = valuesOf(from(values as readonly never[]).pipe(make(time)), time);
    expect(emitted.length).toBeGreaterThan(0);
    const looked = emitted.filter((_, nth) => nth % Math.ceil(emitted.length / LOOKED_AT) === 0);
    expect([...new Set([...looked, emitted.at(-1)].flatMap(problemsOf))]).toEqual([]);
  });

  it('would be seen if it were not', () => {
    expect(problemsOf({ a: [new Date(0)] })).toEqual(['value.a.0: not a plain object']);
    expect(notPlain([new Proxy({}, {})])).toEqual(['value.0: a proxy']);
    expect(() => problemsOf([new Proxy({}, {})])).toThrow('could not be cloned');
  });

  it.each(['accumulateState', 'accumulateToolInput', 'accumulateToolCalls', 'accumulateMessage', 'toBlocks'])(
    'passes the strict checks of NgRx: %s',
    (name) => {
      const time = new VirtualTimeScheduler();
      const operator = OPERATORS[name]?.make(time) ?? fail(name);
      const emitted = valuesOf(from(WIDE_ANSWER as readonly never[]).pipe(operator), time);
      const reducer = strictReducer();
      for (const value of emitted.slice(-LOOKED_AT)) store(value, reducer);
      expect(emitted.length).toBeGreaterThan(3);
    },
  );

  it('passes the strict checks of NgRx: accumulateJson', () => {
    const reducer = strictReducer();
    let count = 0;
    from(fragmentsOf(WIDE_JSON))
      .pipe(accumulateJson())
      .subscribe((value) => {
        count++;
        store(value, reducer);
      });
    expect(count).toBeGreaterThan(20);
  });

  it('and those checks refuse what is not plain', () => {
    expect(() => store({ a: new Map() })).toThrow('unserializable');
  });
});

function fail(name: string): never {
  throw new Error(`There is no operator ${name}`);
}
