import fc from 'fast-check';
import { from, VirtualTimeScheduler, type Observable } from 'rxjs';
import { anthropic } from '../../src/anthropic.js';
import { isStreamError } from '../../src/errors/streamError.js';
import type { StreamEvent } from '../../src/events/event.js';
import * as events from '../../src/events/make.js';
import { fromBytes } from '../../src/sources/fromBytes.js';
import { isThorough } from '../thorough.js';
import { ANSWER, OPERATORS } from './everyOperator.js';
import '../seed.js';

/** An answer with every type of event, and blocks of many types. */
const RICH: readonly StreamEvent[] = [
  events.messageStart({
    id: 'msg_1',
    content: [{ type: 'text', text: 'Oh', citations: [] }],
    usage: { ...events.messageStart().message.usage, server_tool_use: { web_search_requests: 1 } as never },
  }),
  events.ping(),
  events.thinkingStart(1),
  events.thinkingDelta(1, 'hm'),
  events.signatureDelta(1, 'c2ln'),
  events.blockStop(1),
  events.textStart(2, 'Hel'),
  events.textDelta(2, 'lo'),
  events.citationsDelta(2, { type: 'char_location', cited_text: 'a' } as never),
  events.blockDelta(2, { type: 'mood_delta', mood: 'glad' } as never),
  events.blockStop(2),
  events.toolUseStart(3, 'toolu_1', 'draw'),
  events.inputJsonDelta(3, '{"x":1,'),
  events.inputJsonDelta(3, '"y":[2,3]}'),
  events.blockStop(3),
  events.blockStart(4, { type: 'compaction', content: null, encrypted_content: null } as never),
  events.blockDelta(4, { type: 'compaction_delta', content: 'all of it', encrypted_content: 'x' } as never),
  events.blockStop(4),
  events.blockStart(5, {
    type: 'fallback',
    from: { model: 'a' },
    to: { model: 'b' },
    trigger: { type: 'refusal', category: null },
  }),
  events.blockStop(5),
  events.blockStart(6, {
    type: 'web_search_tool_result',
    tool_use_id: 'toolu_1',
    content: [],
    caller: { type: 'direct' },
  }),
  events.blockAbort(6, 'gone'),
  events.toolResult('toolu_1', { done: true }),
  events.unknown('note', { type: 'note' }),
  events.messageDelta('tool_use', { output_tokens: 7 }),
  events.messageStop(),
];

/** What a member may be that nobody asked for. */
const ODD = [undefined, null, '', 'odd', 0, -1, 1.5, true, [], ['a'], {}, { a: null }] as const;

/** The path of every member of a value, the type of an event excepted. */
function pathsOf(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  const inner = Object.entries(value).flatMap(([key, member]) => pathsOf(member, [...path, key]));
  return path.length === 0 ? inner : [path, ...inner];
}

function mutated(event: StreamEvent, [key = '', ...rest]: readonly string[], odd: unknown): StreamEvent {
  const copy = Array.isArray(event) ? [...(event as unknown[])] : { ...(event as object) };
  Reflect.set(copy, key, rest.length === 0 ? odd : mutated(Reflect.get(copy, key) as StreamEvent, rest, odd));
  return copy as StreamEvent;
}

/** Every answer in which one member of one event is something else. */
const MUTATED = RICH.flatMap((event, at) =>
  pathsOf(event)
    .filter((path) => path.join() !== 'type')
    .flatMap((path) =>
      ODD.map((odd) => ({
        what: `${event.type} ${path.join('.')}: ${JSON.stringify(odd)}`,
        all: [...RICH.slice(0, at), mutated(event, path, odd), ...RICH.slice(at + 1)],
      })),
    ),
);

const DRAWN = fc.sample(fc.shuffledSubarray([...MUTATED.keys()]), { numRuns: 1, seed: 1 })[0] ?? [];
const TRIED = DRAWN.slice(0, isThorough ? 1_000 : 40).flatMap((at) => MUTATED[at] ?? []);

function foreign(source: Observable<unknown>, time: VirtualTimeScheduler): string | undefined {
  let failure: unknown;
  source.subscribe({ error: (error: unknown) => (failure = error) });
  time.flush();
  return failure === undefined || isStreamError(failure) ? undefined : String(failure);
}

describe('of an answer in which one member is something else', () => {
  const taking = Object.entries(OPERATORS).filter(([, { given }]) => given === ANSWER);

  it('there are thousands', () => expect(MUTATED.length).toBeGreaterThan(1_000));

  it.each(taking)('%s makes nothing worse than a StreamError', (_, { make }) => {
    const found = TRIED.flatMap(({ what, all }) => {
      const time = new VirtualTimeScheduler();
      const complaint = foreign((from(all) as Observable<never>).pipe(make(time)), time);
      return complaint === undefined ? [] : [`${what}: ${complaint}`];
    });
    expect(found).toEqual([]);
  });

  it.each(taking)('%s makes nothing worse than a StreamError of it on the wire', (_, { make }) => {
    const found = TRIED.flatMap(({ what, all }) => {
      const time = new VirtualTimeScheduler();
      const text = all.map((event) => `data: ${JSON.stringify(event)}\n\n`).join('');
      const source = fromBytes([text], { codec: anthropic }) as Observable<never>;
      const complaint = foreign(source.pipe(make(time)), time);
      return complaint === undefined ? [] : [`${what}: ${complaint}`];
    });
    expect(found).toEqual([]);
  });
});
