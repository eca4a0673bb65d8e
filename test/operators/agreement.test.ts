import fc from 'fast-check';
import { from, map, Subject, tap, VirtualTimeScheduler, type OperatorFunction } from 'rxjs';
import type { Block } from '../../src/events/block.js';
import type { StreamEvent } from '../../src/events/event.js';
import type { Message } from '../../src/events/message.js';
import * as events from '../../src/events/make.js';
import { accumulateBlocks } from '../../src/operators/accumulateBlocks.js';
import { accumulateJson } from '../../src/operators/accumulateJson.js';
import { accumulateMessage } from '../../src/operators/accumulateMessage.js';
import { accumulateToolCalls } from '../../src/operators/accumulateToolCalls.js';
import { accumulateUsage } from '../../src/operators/accumulateUsage.js';
import { runTools } from '../../src/operators/runTools.js';
import { sumUsage } from '../../src/operators/sumUsage.js';
import { textDeltas } from '../../src/operators/textDeltas.js';
import { toBlocks } from '../../src/operators/toBlocks.js';
import { toMessage } from '../../src/operators/toMessage.js';
import { toText } from '../../src/operators/toText.js';
import { toToolCalls } from '../../src/operators/toToolCalls.js';
import { runs } from '../seed.js';
import { OPERATORS } from './everyOperator.js';
import { all, INPUT, MUTATED } from './replies.js';

const WORDS = fc.array(fc.constantFrom('', 'la', ' 🎵', 'a\ud83c', '\udf0a!', 'é', '\n'), { maxLength: 5 });

/** What may be a block: its start, its deltas, and whether it is given up. */
const BLOCK = fc.oneof(
  fc.tuple(
    fc.constant(events.textStart),
    WORDS.map((words) => words.map((text) => events.textDelta(0, text))),
  ),
  fc.tuple(
    fc.constantFrom('', 'Oh ', 'half \ud83c').map((text) => (index: number) => events.textStart(index, text)),
    WORDS.map((words) => words.map((text) => events.textDelta(0, text))),
  ),
  fc.tuple(
    fc.constant(events.thinkingStart),
    WORDS.map((words) => words.map((text) => events.thinkingDelta(0, text))),
  ),
  fc.tuple(
    fc
      .constantFrom('toolu_1', 'toolu_2', '')
      .map((id) => (index: number) => events.toolUseStart(index, id, 'draw')),
    fc.oneof(INPUT, MUTATED).map((pieces) => pieces.map((piece) => events.inputJsonDelta(0, piece))),
  ),
);

const ENDS = ['end_turn', 'tool_use', 'max_tokens', 'refusal', 'pause_turn', null] as const;

/** A message of such blocks: in its start, one after another or mixed; with noise, cut off or not, given up or not. */
const STREAM = fc
  .record({
    blocks: fc.array(fc.tuple(BLOCK, fc.boolean()), { maxLength: 5 }),
    inStart: fc.constantFrom('', 'Well. '),
    order: fc.infiniteStream(fc.nat()),
    reason: fc.constantFrom(...ENDS),
    noise: fc.boolean(),
  })
  .map(({ blocks, inStart, order, reason, noise }): StreamEvent[] => {
    const content = inStart === '' ? [] : [{ type: 'text' as const, text: inStart, citations: null }];
    const start = events.messageStart({ id: 'msg_1', content });
    const rows = blocks.map(([[begin, deltas], isAborted], nth) => {
      const index = content.length + nth;
      const end = isAborted ? events.blockAbort(index, 'gone') : events.blockStop(index);
      return [begin(index), ...deltas.map((delta) => ({ ...delta, index })), end];
    });
    const mixed: StreamEvent[] = [];
    for (;;) {
      const open = rows.filter((row) => row.length > 0);
      const row = open[order.next().value % Math.max(1, open.length)];
      const event = row?.shift();
      if (event === undefined) break;
      mixed.push(event);
      if (noise) mixed.push(events.ping(), start);
    }
    const usage = { output_tokens: mixed.length };
    return [start, ...mixed, events.messageDelta(reason, usage), events.messageStop()];
  });

const lastOf = <T>(
  source: readonly StreamEvent[],
  operator: OperatorFunction<StreamEvent, T>,
): T | undefined => all(from(source).pipe(operator)).at(-1);

function law(name: string, hold: (stream: readonly StreamEvent[]) => void): void {
  it(name, () => fc.assert(fc.property(STREAM, hold), { numRuns: runs(1_000), seed: 1 }));
}

/** The texts of a message that something else divides, as a naive reader joins them. */
function passagesOf(content: Message['content']): readonly string[] {
  const marked = content.map((block) => (block.type === 'text' ? block.text : '\0')).join('');
  return marked.split('\0').filter((passage) => passage !== '');
}

describe('two operators give one answer', () => {
  law('textDeltas, joined, toText and the text of the message', (stream) => {
    const { content = [] } = lastOf(stream, toMessage()) ?? {};
    const isRising = (indexes: readonly number[]): boolean =>
      indexes.every((index, at) => index >= (indexes[at - 1] ?? 0));
    const indexed = stream.filter((event) => 'index' in event);
    const began = indexed.filter(({ type }) => type === 'content_block_start');
    for (const between of ['', ' | ']) {
      const whole = lastOf(stream, toText({ between })) ?? '';
      const pieces = all(from(stream).pipe(textDeltas({ between })));
      for (const piece of pieces) expect(piece).not.toBe('');
      expect(passagesOf(content).join(between)).toBe(whole);
      // Blocks that are mixed come as they come, and the text has them one after another.
      if (between === '' || isRising(began.map(({ index }) => index)))
        expect(pieces.join('')).toHaveLength(whole.length);
      if (isRising(indexed.map(({ index }) => index))) expect(pieces.join('')).toBe(whole);
    }
  });

  law('toBlocks, the last of accumulateBlocks and the content of the message', (stream) => {
    const finished = all(from(stream).pipe(toBlocks()));
    const last = lastOf(stream, accumulateBlocks()) ?? [];
    expect([...finished].sort((a, b) => a.index - b.index)).toEqual(last);
    const content = lastOf(stream, toMessage())?.content ?? [];
    const bare = last.map(({ raw: _raw, ...rest }: Block & { raw?: string | undefined }) => {
      const { index: _index, status: _status, reason: _reason, unknownDeltas: _, ...block } = rest;
      return block;
    });
    expect(content).toEqual(bare);
    expect(lastOf(stream, accumulateMessage())).toEqual(lastOf(stream, toMessage()));
  });

  law('toToolCalls and accumulateToolCalls', (stream) => {
    const calls = all(from(stream).pipe(toToolCalls()));
    const listed = lastOf(stream, accumulateToolCalls()) ?? [];
    expect(listed.map(({ index, status }) => [index, status === 'queued' ? 'complete' : status])).toEqual(
      [...calls]
        .sort(
          (a, b) =>
            listed.findIndex((l) => l.index === a.index) - listed.findIndex((l) => l.index === b.index),
        )
        .map(({ index, status }) => [index, status]),
    );
  });

  law('accumulateUsage, sumUsage and the usage of the message', (stream) => {
    const usage = lastOf(stream, accumulateUsage());
    expect(lastOf(stream, toMessage())?.usage).toEqual(usage);
    expect(lastOf(stream, sumUsage())?.output_tokens).toBe(usage?.output_tokens);
  });

  law('whatever is looked at on the way, and however late', (stream) => {
    const looked: string[] = [];
    const look = <T>(operator: OperatorFunction<StreamEvent, T>): readonly T[] => {
      const seen: string[] = [];
      const values = all(
        from(stream).pipe(
          operator,
          tap((value) => seen.push(JSON.stringify(value))),
        ),
      );
      expect(values.map((value) => JSON.stringify(value))).toEqual(seen);
      looked.push(seen.at(-1) ?? '');
      return values;
    };
    look(accumulateBlocks());
    look(accumulateToolCalls());
    look(accumulateMessage());
    expect(JSON.stringify(lastOf(stream, accumulateBlocks()) ?? '')).toBe(
      looked[0] === '' ? '""' : looked[0],
    );
    expect(JSON.stringify(lastOf(stream, toMessage()))).toBe(looked[2]);
  });

  law('accumulateJson of events and of their text', (stream) => {
    const outcome = (operator: OperatorFunction<StreamEvent, unknown>): readonly unknown[] => {
      const values: unknown[] = [];
      from(stream)
        .pipe(operator)
        .subscribe({ next: (value) => values.push(value), error: () => undefined });
      return values.map((value) => JSON.stringify(value));
    };
    const ofEvents = outcome(accumulateJson({ prose: 'skip' }));
    const ofText = outcome((source) =>
      source.pipe(textDeltas({ between: '' }), accumulateJson({ prose: 'skip' })),
    );
    expect(ofEvents).toEqual(ofText.slice(0, ofEvents.length));
  });

  law('runTools gives every call one result, and accumulateToolCalls shows each its own', (stream) => {
    const run = runTools({ draw: (input, { call: { index } }) => `${index}: ${JSON.stringify(input)}` });
    const out = all(from(stream).pipe(run));
    const results = out.filter(({ type }) => type === 'tool_result');
    const calls = all(from(stream).pipe(toToolCalls()));
    expect(results).toHaveLength(calls.length);
    const listed = all(from(out).pipe(accumulateToolCalls())).at(-1) ?? [];
    for (const call of listed) {
      if (call.status === 'done') expect(call.result).toBe(`${call.index}: ${JSON.stringify(call.input)}`);
      else expect(call).toMatchObject({ status: 'invalid', isError: true });
    }
  });
});

describe('an event that is sent while a value is delivered', () => {
  // A question that comes while another is answered stops that one: when it comes is what it means.
  const sound = Object.entries(OPERATORS).filter(([name, { isTimed }]) => !isTimed && name !== 'converse');

  /** What comes out where all that is left of the source comes in with the nth value, and where it comes by itself. */
  it.each(sound)('changes nothing in what comes out, wherever it is sent: %s', (_, { make, given }) => {
    const plainly = played(make, given, 0);
    for (let nth = 1; nth <= plainly.length; nth++) expect(played(make, given, nth)).toEqual(plainly);
  });

  function played(
    make: (typeof OPERATORS)[string]['make'],
    given: readonly unknown[],
    nth: number,
  ): readonly string[] {
    const time = new VirtualTimeScheduler();
    const source = new Subject<never>();
    const heard: string[] = [];
    const left = [...given];
    const send = (): void => {
      while (left.length > 0) source.next(left.shift() as never);
      source.complete();
    };
    source
      .pipe(
        make(time),
        map((value) => JSON.stringify(value)),
      )
      .subscribe({
        next(value) {
          heard.push(value);
          // What is said before there is a source cannot send anything.
          if (source.observed && heard.length === nth) send();
        },
        error: (error: unknown) => heard.push(String(error)),
        complete: () => heard.push('complete'),
      });
    send();
    return heard;
  }
});

describe('what events leave out that no codec has checked', () => {
  const reply = (...content: readonly object[]): StreamEvent[] => [
    events.messageStart({ id: 'msg_1' }),
    ...content.map((event) => event as StreamEvent),
    events.messageDelta('tool_use'),
    events.messageStop(),
  ];

  it.each([undefined, null, ''])('is empty: %p', (nothing) => {
    const stream = reply(
      events.blockStart(0, { type: 'text', text: nothing } as never),
      events.blockDelta(0, { type: 'text_delta', text: nothing } as never),
      events.textDelta(0, 'la'),
      events.blockStop(0),
      events.toolUseStart(1, 'toolu_1', 'draw'),
      events.blockDelta(1, { type: 'input_json_delta', partial_json: nothing } as never),
      events.inputJsonDelta(1, '{"x":1}'),
      events.blockStop(1),
    );
    expect(all(from(stream).pipe(textDeltas()))).toEqual(['la']);
    expect(all(from(stream).pipe(toText()))).toEqual(['la']);
    expect(all(from(stream).pipe(toToolCalls()))).toMatchObject([{ status: 'complete', input: { x: 1 } }]);
    for (const operator of [toMessage(), accumulateMessage()])
      expect(lastOf(stream, operator)).toMatchObject({ content: [{ text: 'la' }, { input: { x: 1 } }] });
  });
});
