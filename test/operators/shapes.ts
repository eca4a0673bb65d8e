import type { StreamEvent } from '../../src/events/event.js';
import * as events from '../../src/events/make.js';

/** A kind of stream that an attacker, or bad luck, makes of so many parts. */
export interface Shape {
  readonly name: string;
  readonly make: (count: number) => readonly unknown[];
  /** Whether each part is a block or a call, so that a list of all of them is copied at each change. */
  readonly isListed?: boolean;
}

const START = events.messageStart({ id: 'msg_1' });
const END = [events.messageDelta('tool_use', { output_tokens: 9 }), events.messageStop()];
const TEXT = [START, events.textStart(0)];
const CALL = [START, events.toolUseStart(0, 'toolu_1', 'draw')];

function times<T>(count: number, make: (at: number) => T): T[] {
  return Array.from({ length: count }, (_, at) => make(at));
}

/** As many members as one object may have, and more. */
const members = (count: number): Record<string, number> =>
  Object.fromEntries(times(count, (at) => [`member_${at}`, at]));

const delta = (type: string, more: object): StreamEvent => events.blockDelta(0, { type, ...more } as never);
const pieces = (text: string, size = 10): StreamEvent[] =>
  times(Math.ceil(text.length / size), (at) =>
    events.inputJsonDelta(0, text.slice(at * size, (at + 1) * size)),
  );
const inMessage = (...content: readonly StreamEvent[]): readonly StreamEvent[] => [...content, ...END];
const deltas = (count: number): StreamEvent[] => times(count, () => events.textDelta(0, 'some text '));
const begun = (at: number): StreamEvent => events.toolUseStart(at, `toolu_${at}`, 'draw');
const usageOf = (usage: object): StreamEvent => ({ ...events.messageDelta(null, {}), usage: usage as never });
const wideObject = (count: number): string => JSON.stringify(members(count));

/** What carries bytes in events, each in as many small parts as there may be. */
export const EVENT_SHAPES: readonly Shape[] = [
  { name: 'text', make: (n) => inMessage(...TEXT, ...deltas(n)) },
  {
    name: 'thinking',
    make: (n) =>
      inMessage(START, events.thinkingStart(0), ...times(n, () => events.thinkingDelta(0, 'hm, yes'))),
  },
  {
    name: 'half characters',
    make: (n) =>
      inMessage(...TEXT, ...times(n, (at) => events.textDelta(0, at % 2 === 0 ? 'a\ud83c' : '\udf0a'))),
  },
  {
    name: 'citations',
    make: (n) =>
      inMessage(...TEXT, ...times(n, (at) => delta('citations_delta', { citation: { type: 'line', at } }))),
  },
  {
    name: 'unknown deltas',
    make: (n) => inMessage(...TEXT, ...times(n, (at) => delta('mood_delta', { at }))),
  },
  {
    name: 'unknown events and pings',
    make: (n) =>
      inMessage(
        ...TEXT,
        ...times(n, (at) => (at % 2 === 0 ? events.ping() : events.unknown('note', { at }))),
      ),
  },
  {
    name: 'a block of 100 members',
    make: (n) =>
      inMessage(
        START,
        events.blockStart(0, { type: 'text', text: '', ...members(100) } as never),
        ...deltas(n),
      ),
  },
  {
    name: 'a wide block',
    make: (n) =>
      inMessage(
        START,
        events.blockStart(0, { type: 'text', text: '', ...members(n) } as never),
        ...deltas(n),
      ),
  },
  {
    name: 'a wide message',
    make: (n) => inMessage(events.messageStart({ ...members(n) }), events.textStart(0), ...deltas(n)),
  },
  {
    name: 'a wide usage',
    make: (n) =>
      inMessage(
        events.messageStart({ usage: members(n) }),
        ...times(n, (at) => usageOf({ output_tokens: at })),
      ),
  },
  {
    name: 'a wide object in a usage',
    make: (n) =>
      inMessage(
        events.messageStart({ usage: { server_tool_use: members(n) } as never }),
        ...times(n, (at) => usageOf({ output_tokens: at })),
      ),
  },
  {
    name: 'compaction deltas with a new member each',
    make: (n) =>
      inMessage(
        START,
        events.blockStart(0, { type: 'compaction', content: null } as never),
        ...times(n, (at) => delta('compaction_delta', { [`member_${at}`]: at })),
      ),
  },
  {
    name: 'message deltas',
    make: (n) => inMessage(START, ...times(n, (at) => events.messageDelta(null, { output_tokens: at }))),
  },
  {
    name: 'message deltas with a new member each',
    make: (n) => inMessage(START, ...times(n, (at) => usageOf({ [`member_${at}`]: at }))),
  },
  {
    name: 'messages',
    make: (n) => times(n, (at) => [events.messageStart({ id: `msg_${at}` }), ...END]).flat(),
  },
  {
    name: 'messages with objects in their usage',
    make: (n) =>
      times(n, (at) => [
        events.messageStart({
          id: `msg_${at}`,
          usage: { server_tool_use: { [`member_${at}`]: 1 } } as never,
        }),
        ...END,
      ]).flat(),
  },
  {
    name: 'resets',
    make: (n) =>
      times(n, (at) => [
        events.messageStart({ id: `msg_${at}` }),
        events.textStart(0),
        events.textDelta(0, 'a'),
        events.reset(at + 1, 'again'),
      ]).flat(),
  },
  { name: 'starts repeated', make: (n) => inMessage(...times(n, () => START)) },
  {
    name: 'results of one call',
    make: (n) =>
      inMessage(...CALL, events.blockStop(0), ...times(n, (at) => events.toolResult('toolu_1', { at }))),
  },
  {
    name: 'an input of a long text',
    make: (n) => inMessage(...CALL, ...pieces(`{"text":"${'some text '.repeat(n)}"}`), events.blockStop(0)),
  },
  {
    name: 'an input of a long text with escapes',
    make: (n) => inMessage(...CALL, ...pieces(`{"text":"${'\\n\\u00e9'.repeat(n)}"}`), events.blockStop(0)),
  },
  {
    name: 'an input that is deep',
    make: (n) => inMessage(...CALL, ...pieces('['.repeat(400) + '1,'.repeat(n))),
  },
  {
    name: 'an input that is not JSON',
    make: (n) => inMessage(...CALL, ...pieces(`{"a":x${'some text '.repeat(n)}`), events.blockStop(0)),
  },
  {
    name: 'blocks in a row',
    isListed: true,
    make: (n) =>
      inMessage(
        START,
        ...times(n, (at) => [events.textStart(at), events.textDelta(at, 'a'), events.blockStop(at)]).flat(),
      ),
  },
  {
    name: 'blocks in the start',
    isListed: true,
    make: (n) => [
      events.messageStart({
        id: 'msg_1',
        content: times(n, () => ({ type: 'text', text: 'a', citations: null })),
      }),
      ...END,
    ],
  },
  {
    name: 'calls in a row',
    isListed: true,
    make: (n) => inMessage(START, ...times(n, (at) => [begun(at), events.blockStop(at)]).flat()),
  },
  {
    name: 'calls open together',
    isListed: true,
    make: (n) => inMessage(START, ...times(n, begun), ...times(n, (at) => events.blockStop(at))),
  },
  {
    name: 'calls of one id',
    isListed: true,
    make: (n) =>
      inMessage(
        START,
        ...times(n, (at) => [events.toolUseStart(at, 'toolu_1', 'draw'), events.blockStop(at)]).flat(),
        ...times(n, () => events.toolResult('toolu_1', 'done')),
      ),
  },
  {
    name: 'calls and their results',
    isListed: true,
    make: (n) =>
      inMessage(
        START,
        ...times(n, begun),
        ...times(n, (at) => events.blockStop(at)),
        ...times(n, (at) => events.toolResult(`toolu_${n - 1 - at}`, 'done')),
      ),
  },
];

const cut = (text: string, size = 10): readonly string[] =>
  times(Math.ceil(text.length / size), (at) => text.slice(at * size, (at + 1) * size));

/** The same for operators that read text. */
export const TEXT_SHAPES: readonly Shape[] = [
  { name: 'a long text', make: (n) => cut(`["${'some text '.repeat(n)}"]`) },
  { name: 'a long text with escapes', make: (n) => cut(`["${'\\n\\u00e9'.repeat(n)}"]`) },
  { name: 'a long text of Thai', make: (n) => cut(`["${'สวัสดีครับ'.repeat(n)}"]`) },
  { name: 'families and flags', make: (n) => cut(`["${'👨‍👩‍👧🇯🇵'.repeat(n)}"]`) },
  { name: 'deep lists', make: (n) => cut('['.repeat(400) + '1,'.repeat(n)) },
  { name: 'small objects', make: (n) => cut(`[${'{"a":1},'.repeat(n)}`) },
  { name: 'brackets in prose', make: (n) => cut('{ [ '.repeat(n)) },
  { name: 'paragraphs of a character', make: (n) => cut('a\n\n'.repeat(n)) },
  { name: 'a piece that is all', make: (n) => [`[${'{"a":[1,"b"]},'.repeat(n)}0]`] },
];

/** Whoever reads each of its snapshots pays for a copy of what is open, unless it asks for views. */
export const WIDE_SHAPES: readonly Shape[] = [
  {
    name: 'an input that is a wide object',
    make: (n) => inMessage(...CALL, ...pieces(wideObject(n)), events.blockStop(0)),
  },
  {
    name: 'an input that is a wide list',
    make: (n) => inMessage(...CALL, ...pieces(`{"list":[${'1,'.repeat(n)}1]}`), events.blockStop(0)),
  },
];
