import { inspect, isDeepStrictEqual } from 'node:util';
import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads';
import { from, type Observable } from 'rxjs';
import { anthropic } from '../../src/anthropic.js';
import type { Codec } from '../../src/codecs/codec.js';
import { decode } from '../../src/codecs/decode.js';
import { encode } from '../../src/codecs/encode.js';
import { textOf, type StreamEvent } from '../../src/events/event.js';
import * as events from '../../src/events/make.js';
import { llmWorker } from '../../src/llm-worker.js';
import { modelrelayDialect } from '../../src/modelrelay.js';
import { accumulateMessage } from '../../src/operators/accumulateMessage.js';
import { accumulateToolInput } from '../../src/operators/accumulateToolInput.js';
import { dropPings } from '../../src/operators/dropPings.js';
import { toBlocks } from '../../src/operators/toBlocks.js';
import { untilTerminal } from '../../src/operators/untilTerminal.js';
import { synaps } from '../../src/synaps.js';
import { isAccepted } from '../codecs/conformance/spelling.js';

const ANSWER: readonly StreamEvent[] = [
  events.messageStart({ usage: { input_tokens: 25 } }),
  events.thinkingStart(0),
  events.thinkingDelta(0, 'Hm'),
  events.blockStop(0),
  events.textStart(1),
  events.textDelta(1, 'Let me look'),
  events.blockStop(1),
  events.toolUseStart(2, 'toolu_1', 'get_weather'),
  events.inputJsonDelta(2, '{"city":"Tokyo"}'),
  events.blockStop(2),
  events.messageDelta('end_turn', { input_tokens: 25, output_tokens: 71 }),
  events.messageStop(),
];

function all<T>(values: Observable<T>): readonly T[] {
  const found: T[] = [];
  let failure: unknown;
  values.subscribe({ next: (value) => found.push(value), error: (error: unknown) => (failure = error) });
  expect(failure).toBeUndefined();
  return found;
}

/** The events of an answer that came by this protocol, made anew each time. */
function received(codec: Codec): readonly StreamEvent[] {
  return all(from(ANSWER).pipe(encode(codec), decode(codec)));
}

function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    Object.values(value).forEach(frozen);
    Object.freeze(value);
  }
  return value;
}

/** Every text and number within a value. */
function leaves(value: unknown): readonly (string | number)[] {
  if (typeof value === 'string' || typeof value === 'number') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(leaves) : [];
}

const CODECS: readonly (readonly [name: string, codec: Codec])[] = [
  ['anthropic-api and anthropic_gleam', anthropic],
  ['modelrelay', modelrelayDialect('event')],
  ['llm-worker', llmWorker],
  ['synaps', synaps],
];

describe.each(CODECS)('events of %s', (_, codec) => {
  it('need no clone: operators pass them on as they are, and change none', () => {
    const given = received(codec).map(frozen);
    const passed = all(from(given).pipe(dropPings(), untilTerminal()));
    expect(passed).toHaveLength(given.length);
    passed.forEach((event, place) => expect(event).toBe(given[place]));
    expect(all(from(given).pipe(accumulateMessage())).length).toBeGreaterThan(0);
    expect(all(from(given).pipe(toBlocks())).map(({ type }) => type)).toContain('tool_use');
    expect(all(from(given).pipe(accumulateToolInput())).at(-1)?.input).toEqual({ city: 'Tokyo' });
  });

  it('are printed with all they hold', () => {
    const held = received(codec).flatMap((event) => leaves(event).map((leaf) => [event, leaf] as const));
    expect(held.map(([, leaf]) => leaf)).toEqual(expect.arrayContaining(['Let me look', 'toolu_1', 71]));
    for (const [event, leaf] of held) expect(inspect(event, { depth: null })).toContain(String(leaf));
  });

  it('are equal where they hold the same', () => {
    const [first, second] = [received(codec), received(codec)];
    expect(first).not.toBe(second);
    expect(isDeepStrictEqual(first, second)).toBe(true);
    first.forEach((event, place) =>
      expect(second.filter((other) => isDeepStrictEqual(event, other))).toEqual([second[place]]),
    );
  });

  it('are written, as what the schema of the protocol accepts', () => {
    const frames = all(from(received(codec)).pipe(encode(codec)));
    expect(frames.length).toBeGreaterThan(4);
    for (const { data } of frames) {
      expect(isAccepted(codec, JSON.parse(data))).toBe(true);
    }
  });

  it('are read from what was written', () => {
    const given = received(codec);
    expect(all(from(given).pipe(encode(codec), decode(codec)))).toEqual(given);
    expect(given.map(textOf)).toContain('Let me look');
  });

  it('may be sent to another thread', () => {
    const { port1, port2 } = new MessageChannel();
    try {
      const given = received(codec);
      given.forEach((event) => port1.postMessage(event));
      const arrived = given.map(() => (receiveMessageOnPort(port2) as { message: unknown }).message);
      expect(arrived).toEqual(given);
    } finally {
      port1.close();
      port2.close();
    }
  });
});
