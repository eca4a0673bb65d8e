import * as events from '../../../src/events/make.js';
import { Clocks } from '../../../src/fold/pace/clocks.js';

const text = events.textDelta(0, 'la');

describe('the clocks', () => {
  it('stand still where none is set', () => {
    expect(new Clocks({}).next.at).toBe(Infinity);
    expect(new Clocks({ pingsKeepAlive: true }).expired(Number.MAX_SAFE_INTEGER)).toBeUndefined();
  });

  it.each([undefined, 0, -1, -Infinity, Infinity, NaN])('do not run for %p ms', (ms) => {
    expect(new Clocks({ firstToken: ms, idle: ms, total: ms }).next.at).toBe(Infinity);
  });

  it('run from the subscription', () => {
    const clocks = new Clocks({ firstToken: 10 });
    expect(clocks.next).toEqual({ kind: 'firstToken', timeoutMs: 10, at: 10 });
    expect(clocks.expired(9)).toBeUndefined();
    expect(clocks.expired(10)).toEqual(clocks.next);
  });

  it('run out although time is counted in fractions, which add up to a little less', () => {
    expect(new Clocks({ idle: 1 }).expired(1.4 - 0.4)?.kind).toBe('idle');
    expect(new Clocks({ idle: 1 }).expired(0.99)).toBeUndefined();
  });

  it.each([
    ['the first content', { firstToken: 10, total: 20 }, 'firstToken'],
    ['the whole', { firstToken: 20, total: 10 }, 'total'],
    ['the gap', { idle: 10, total: 20 }, 'idle'],
    ['the whole', { idle: 20, total: 10 }, 'total'],
  ] as const)('that have all run out tell of the most overdue one, %s', (_, options, kind) => {
    expect(new Clocks(options).expired(1_000)).toMatchObject({ kind, timeoutMs: 10 });
  });

  it('that run out in the same moment tell of the narrower one', () => {
    expect(new Clocks({ idle: 10, total: 10 }).expired(10)?.kind).toBe('idle');
    expect(new Clocks({ firstToken: 10, total: 10 }).expired(10)?.kind).toBe('firstToken');
  });

  it('count the gap from the last event, and from the first content on where that has its own clock', () => {
    const clocks = new Clocks({ firstToken: 100, idle: 10 });
    clocks.hear(events.messageStart(), 20);
    expect(clocks.next).toMatchObject({ kind: 'firstToken', at: 100 });
    clocks.hear(text, 50);
    expect(clocks.next).toMatchObject({ kind: 'idle', at: 60 });
    clocks.hear(events.unknown('hologram', {}), 55);
    expect(clocks.next).toMatchObject({ kind: 'idle', at: 65 });
  });

  it('cannot run out for as long as they say, whatever comes', () => {
    expect(new Clocks({}).rest(5)).toBe(Infinity);
    expect(new Clocks({ firstToken: 60 }).rest(5)).toBe(55);
    const clocks = new Clocks({ firstToken: 60, idle: 20 });
    expect(clocks.rest(5)).toBe(20);
    clocks.hear(text, 6);
    expect(clocks.rest(25)).toBe(1);
  });

  it.each([
    [false, 10],
    [undefined, 10],
    [true, 15],
  ])('take a ping for an event only where they are told to: %p', (pingsKeepAlive, at) => {
    const clocks = new Clocks({ idle: 10, pingsKeepAlive });
    clocks.hear(events.ping(), 5);
    expect(clocks.next.at).toBe(at);
  });

  it.each([events.messageStop(), events.error('overloaded_error', 'Overloaded')])(
    'stop for good at $type',
    (end) => {
      const clocks = new Clocks({ firstToken: 10, idle: 10, total: 10 });
      clocks.hear(end, 5);
      clocks.hear(text, 6);
      expect(clocks.next.at).toBe(Infinity);
    },
  );
});
