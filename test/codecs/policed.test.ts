import { anthropic } from '../../src/anthropic.js';
import type { Codec } from '../../src/codecs/codec.js';
import { policed } from '../../src/codecs/policed.js';
import type { Skip } from '../../src/codecs/skip.js';
import * as events from '../../src/events/make.js';
import { llmWorker, workerEvents } from '../../src/llm-worker.js';
import { modelrelay } from '../../src/modelrelay.js';
import { fromBytes } from '../../src/sources/fromBytes.js';
import type { Frame } from '../../src/wire/frame.js';
import { cpuTime } from '../cpuTime.js';

const frameOf = (value: object): Frame => ({ data: JSON.stringify(value) });
const lineOf = (value: object): string => `${JSON.stringify(value)}\n`;

describe('several events in one frame', () => {
  const DELTA = events.textDelta(0, 'Hi');

  it('come in their order, and the name is that of the last', () => {
    const stop = { event: 'content_block_stop', data: `${JSON.stringify(DELTA)}\n{"index":0}` };
    expect(policed(anthropic).next(stop)).toEqual([DELTA, events.blockStop(0)]);
  });

  it.each(['ping', 'error', 'vendor_event', 'message_stop'])('come in their order before a %s', (event) => {
    const last = event === 'error' ? { error: { message: 'No' } } : { type: event };
    const data = `: here\n${JSON.stringify(DELTA)}\n${JSON.stringify(last)}`;
    const found = policed(anthropic).next({ event, data });
    expect(found[0]).toEqual(DELTA);
    expect(found).toHaveLength(2);
  });

  it('come up to the one that cannot be read, which fails what follows', () => {
    const decoder = policed(anthropic);
    const broken = { data: `${JSON.stringify(DELTA)}\n{"type":"content_block_stop"}` };
    expect(decoder.next(broken)).toEqual([DELTA]);
    expect(() => decoder.next(frameOf(events.ping()))).toThrow('content_block_stop.index must be');
    expect(() => decoder.end()).toThrow('content_block_stop.index must be');
  });

  it('are none where a line is not a whole value', () => {
    const decoder = policed(anthropic);
    expect(() => decoder.next({ data: `${JSON.stringify(DELTA)}\n{"type":` })).toThrow(
      'The data is not JSON',
    );
  });
});

describe('a decoder that cannot say what lost a piece', () => {
  it('leaves no frame out', () => {
    const inner = anthropic.decoder();
    const decoder = { next: (frame: Frame) => inner.next(frame), end: () => [] };
    const codec: Codec = { ...anthropic, decoder: () => decoder };
    expect(() => policed(codec, { malformed: 'skip' }).next({ data: '{' })).toThrow('The data is not JSON');
  });
});

describe('what looks as if it had been damaged on the way', () => {
  it.each([
    ['{"type":"ping"', true],
    ['{"type":"pi\u0000ng"}', true],
    ['Hello', false],
    ['{"type":7}', false],
  ])('is worth another try: %j', (data, retryable) => {
    expect(() => policed(anthropic).next({ data })).toThrow(
      expect.objectContaining({ code: 'malformed', retryable }) as Error,
    );
  });
});

describe('text that is held back', () => {
  const big = 'x'.repeat(600);
  const started = lineOf(workerEvents.status('Started')) + lineOf(workerEvents.toolUseStart(0, 'a', 'b'));
  const result = lineOf(workerEvents.toolResultStart(1, 'a'));
  const piece = lineOf(workerEvents.textDelta(1, big));
  const nameless = lineOf({
    type: 'tool_use_delta',
    tool_call_delta: { index: 0, function: { arguments: big } },
  });
  const named = lineOf({
    type: 'tool_use_start',
    tool_call_delta: { index: 0, id: 'a', function: { name: 'f' } },
  });
  const other = lineOf({
    type: 'tool_use_delta',
    tool_call_delta: { index: 1, function: { arguments: big } },
  });

  function outcome(codec: Codec, text: string): string {
    let found = 'unfinished';
    fromBytes([text], { codec, limits: { block: 1000 } }).subscribe({
      error: (error: Error) => (found = error.message),
      complete: () => (found = 'complete'),
    });
    return found;
  }

  it.each([
    ['a result that never stops', llmWorker, started + result + piece + piece],
    ['a call that is never named', modelrelay, nameless + nameless],
    ['calls that are never named', modelrelay, nameless + other],
  ])('has the limit of a block: %s', (_, codec, text) => {
    expect(outcome(codec, text)).toBe('More than 1000 characters are of no block yet (limit: block)');
  });

  it.each([
    [
      'a result that stops',
      llmWorker,
      `${started}${(result + piece + lineOf(workerEvents.toolResultStop(1))).repeat(4)}`,
    ],
    ['a call that is named', modelrelay, nameless + named + other],
  ])('counts no more once it is clear what it is: %s', (_, codec, text) => {
    expect(outcome(codec, text)).toBe('complete');
  });
});

it('takes no longer for many frames that are lost while many blocks are open', () => {
  const timeOfLost = (open: number): number => {
    const decoder = policed(anthropic, { malformed: 'skip' });
    decoder.next(frameOf(events.messageStart()));
    for (let index = 0; index < open; index++) decoder.next(frameOf(events.textStart(index)));
    return cpuTime(() => {
      for (let times = 0; times < 2_000; times++) decoder.next({ data: '{' });
    });
  };
  const least = (open: number): number => Math.min(...[1, 2, 3].map(() => timeOfLost(open)));
  // Whoever goes through the blocks for each frame takes some fifty times as long.
  expect(least(4000)).toBeLessThan(5 * least(1));
});

describe('frames that are broken', () => {
  const MOST = 2_048;
  const LOST = { data: '{' };
  const FAILED = frameOf({ error: { message: 'No' } });

  it.each([
    ['cannot be read', LOST],
    ['say that something failed', FAILED],
  ])('come to an end where so many %s', (_, frame) => {
    const decoder = policed(anthropic, { malformed: 'skip' });
    for (let times = 0; times <= MOST; times++) decoder.next(frame);
    expect(() => decoder.next(frame)).toThrow(
      expect.objectContaining({ code: 'limit', message: `More than ${MOST} frames are broken` }) as Error,
    );
  });

  it('may be more where others are sound', () => {
    const decoder = policed(anthropic, { malformed: 'skip' });
    for (let times = 0; times < MOST * 2; times++) {
      decoder.next(LOST);
      for (let sound = 0; sound < 64; sound++) decoder.next({ data: '{"type":"ping"}' });
    }
    expect(decoder.next(LOST)).toEqual([]);
  });
});

it('reports what was passed over, with its beginning', () => {
  const skips: Skip[] = [];
  const decoder = policed(anthropic, {
    malformed: 'skip',
    unknown: 'skip',
    onSkip: (skip) => skips.push(skip),
  });
  const frames = [
    frameOf(events.messageStart()),
    { data: '' },
    { data: ': ping' },
    frameOf(events.blockStop(3)),
    { data: '{"type":"tick"}' },
    { data: `{"${'x'.repeat(500)}` },
  ];
  expect(frames.flatMap((frame) => decoder.next(frame))).toHaveLength(1);
  expect(skips.map(({ kind, codec }) => [kind, codec])).toEqual(
    ['no-event', 'no-event', 'stray', 'unknown', 'malformed'].map((kind) => [kind, 'anthropic']),
  );
  expect(skips.at(-1)?.raw).toHaveLength(200);
});
