import fc from 'fast-check';
import { MessageReader, type Reading } from '../../../src/codecs/kit/messageReader.js';
import type { StreamEvent } from '../../../src/events/event.js';
import * as events from '../../../src/events/make.js';
import { answers } from '../conformance/answers.js';
import { EVERYTHING } from '../conformance/scope.js';
import { runs } from '../../seed.js';

function read(...given: readonly StreamEvent[]): readonly Reading[] {
  const reader = new MessageReader();
  return given.flatMap((event) => reader.next(event));
}

/** The kinds of what was read, with what a block says by then. */
function outline(readings: readonly Reading[]): readonly string[] {
  return readings.map((reading) => {
    if ('piece' in reading) return `${reading.type} ${reading.piece}`;
    return reading.type === 'whole' ? `whole ${reading.json}` : reading.type;
  });
}

const START = events.messageStart({ id: 'msg_1' });

describe('a message reader', () => {
  it('says of each delta what it means, and of each call what it has come to', () => {
    const readings = read(
      START,
      events.thinkingStart(0),
      events.thinkingDelta(0, 'Hm'),
      events.signatureDelta(0, 'c2ln'),
      events.blockStop(0),
      events.toolUseStart(1, 'a', 'f'),
      events.inputJsonDelta(1, '{"a":'),
      events.inputJsonDelta(1, '1}'),
      events.blockStop(1),
      events.toolUseStart(2, 'b', 'g', { x: 1 }),
      events.blockStop(2),
      events.toolResult('a', 42),
      events.serverToolUseStart(3, 's', 'web_search'),
      events.inputJsonDelta(3, '{}'),
      events.blockAbort(3, 'Why'),
      events.messageDelta('end_turn', { output_tokens: 7 }),
      events.messageStop(),
    );
    expect(outline(readings)).toEqual([
      ...['begin', 'open', 'thinking Hm', 'delta', 'close'],
      ...['call', 'input {"a":', 'input 1}', 'whole {"a":1}', 'call', 'whole {"x":1}', 'result'],
      ...['open', 'delta', 'abort', 'facts', 'end'],
    ]);
    expect(readings.at(-1)).toMatchObject({
      ending: { stop: 'end_turn', usage: { output_tokens: 7 }, message: START.message },
    });
  });

  it('reads what stands in a message’s start as if it had been streamed, and once', () => {
    const start = events.messageStart({
      content: [{ type: 'text', text: 'Hi', citations: null }],
      stop_reason: 'end_turn',
      usage: { input_tokens: 0, output_tokens: 3 },
    });
    const readings = read(start, start, events.messageStop());
    expect(outline(readings)).toEqual(['begin', 'open', 'text Hi', 'close', 'facts', 'end']);
    const end = readings.at(-1);
    expect(end).toMatchObject({ ending: { stop: 'end_turn', usage: { output_tokens: 3 } } });
    // An input of zero at the start says that nobody knows it yet.
    expect(end).not.toHaveProperty('ending.usage.input_tokens');
  });

  it('keeps the text of a block that never began, and drops what means nothing alone', () => {
    const stray = [events.textDelta(0, 'Hi'), events.inputJsonDelta(1, '{}'), events.blockStop(2)];
    expect(outline(read(START, ...stray))).toEqual(['begin', 'open', 'text Hi']);
  });

  it('gives up what is open at the end, at a reset, and where another block begins', () => {
    const text = events.textStart(0);
    expect(outline(read(START, text, text, events.messageStop()))).toEqual([
      ...['begin', 'open', 'abort', 'open', 'abort', 'end'],
    ]);
    expect(read(START, text, events.reset(2, new Error('Lost'))).slice(-2)).toMatchObject([
      { type: 'abort', reason: 'Lost' },
      { type: 'reset' },
    ]);
    expect(outline(read(START, text, events.error('x', 'No')))).toEqual(['begin', 'open', 'failure']);
  });

  it('tells the progress of a tool from its result, and passes approvals on', () => {
    const approval = events.toolApproval('a', 'denied', 'No');
    const result = events.toolResult('a', 2, true);
    expect(read(approval, { ...events.toolResult('a', 1), preliminary: true }, result)).toEqual([
      { type: 'approval', event: approval },
      { type: 'progress', id: 'a', content: 1 },
      { type: 'result', id: 'a', content: 2, isError: true, event: result },
    ]);
  });

  it('reads any stream so that each block ends once, and nothing comes of it before or after', () => {
    fc.assert(
      fc.property(answers(EVERYTHING), (stream) => {
        const open = new Set<unknown>();
        for (const reading of read(...stream)) {
          if (reading.type === 'failure') open.clear();
          if (!('block' in reading) && !('call' in reading)) continue;
          const block = 'block' in reading ? reading.block : reading.call;
          const begins = reading.type === 'open' || reading.type === 'call';
          expect(open.has(block)).toBe(!begins);
          if (begins) open.add(block);
          if (['close', 'whole', 'abort'].includes(reading.type)) open.delete(block);
        }
        expect(open.size).toBe(0);
      }),
      { numRuns: runs(300) },
    );
  });
});
