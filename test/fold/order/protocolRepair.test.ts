import fc from 'fast-check';
import { StreamError } from '../../../src/errors/streamError.js';
import type { StreamEvent } from '../../../src/events/event.js';
import * as events from '../../../src/events/make.js';
import { ProtocolChecker } from '../../../src/fold/order/protocolChecker.js';
import { ProtocolRepairer, type ProtocolRepair } from '../../../src/fold/order/protocolRepair.js';
import { streamEventSequence } from '../../codecs/streamEvent.js';
import { runs } from '../../seed.js';
import { DISORDER } from './disorder.js';

interface Repaired {
  readonly out: readonly StreamEvent[];
  readonly repairs: readonly ProtocolRepair[];
  readonly error?: unknown;
}

function repaired(all: readonly StreamEvent[]): Repaired {
  const out: StreamEvent[] = [];
  const repairs: ProtocolRepair[] = [];
  const repairer = new ProtocolRepairer((repair) => repairs.push(repair));
  try {
    for (const event of all) repairer.next(event, (next) => out.push(next));
  } catch (error) {
    return { out, repairs, error };
  }
  return { out, repairs };
}

const start = events.messageStart({ id: 'msg_1' });
const text = events.textStart(0);
const delta = events.textDelta(0, 'la');
const [stop, end] = [events.blockStop(0), events.messageStop()];
const cutInside = (index: number) => events.blockAbort(index, 'The message ended inside this block');

describe('a repair', () => {
  it.each<[string, readonly StreamEvent[], readonly StreamEvent[]]>([
    ['begins the message that a block is in', [text, stop], [events.messageStart(), text, stop]],
    ['begins the message that ends', [end], [events.messageStart(), end]],
    ['begins the block that a text grows in', [start, delta], [start, text, delta]],
    ['begins message and block', [delta], [events.messageStart(), text, delta]],
    [
      'begins the block that is signed',
      [start, events.signatureDelta(1, 'signed')],
      [start, events.thinkingStart(1), events.signatureDelta(1, 'signed')],
    ],
    [
      'begins the block that holds a summary',
      [start, events.compactionDelta(0, 'so far')],
      [
        start,
        events.blockStart(0, { type: 'compaction', content: null, encrypted_content: null }),
        events.compactionDelta(0, 'so far'),
      ],
    ],
    [
      'stops what the model finished',
      [start, text, events.textStart(1), events.messageDelta('end_turn'), end],
      [start, text, events.textStart(1), stop, events.blockStop(1), events.messageDelta('end_turn'), end],
    ],
    [
      'gives up what the model may not have finished',
      [start, text, events.messageDelta('pause_turn'), end],
      [start, text, cutInside(0), events.messageDelta('pause_turn'), end],
    ],
    [
      'gives up what a message without a reason ends in',
      [start, text, end],
      [start, text, cutInside(0), end],
    ],
    ['drops a second start of the message', [start, start, text], [start, text]],
    ['drops a second start of the block', [start, text, text, delta], [start, text, delta]],
    ['drops a second stop', [start, text, stop, stop], [start, text, stop]],
    ['drops the stop of no block, and begins no message for it', [stop, start], [start]],
    ['drops the abort of no block', [start, events.blockAbort(3, 'stopped')], [start]],
    ['drops what follows the end', [start, end, text, delta, stop, end], [start, end]],
    [
      'drops what follows an error',
      [start, events.error('api_error', 'No'), delta],
      [start, events.error('api_error', 'No')],
    ],
    ['lets the next message begin', [start, end, delta, start, end], [start, end, start, end]],
  ])('%s', (_, given, expected) => {
    expect(repaired(given)).toMatchObject({ out: expected });
    expect(repaired(given)).not.toHaveProperty('error');
  });

  it('is told with what was done, where and why, in the order it was done', () => {
    expect(repaired([delta, end]).repairs).toEqual([
      { action: 'insert', event: text, before: delta, violation: 'block-unknown' },
      { action: 'insert', event: events.messageStart(), before: text, violation: 'no-message' },
      { action: 'insert', event: cutInside(0), before: end, violation: 'blocks-open' },
    ]);
  });

  it.each<[string, readonly StreamEvent[]]>([
    ['another message', [start, text, events.messageStart({ id: 'msg_2' })]],
    ['another message without an id', [events.messageStart(), text, events.messageStart()]],
    ['another block at the index', [start, text, events.thinkingStart(0)]],
    ['the answer once more', [start, text, delta, start, text]],
    ['a tool’s input without its start', [start, events.inputJsonDelta(0, '{}')]],
    ['a delta of another kind', [start, text, events.inputJsonDelta(0, '{}')]],
    ['growth after the end of the block', [start, text, stop, delta]],
    ['an abort after the end of the block', [start, text, stop, events.blockAbort(0, 'stopped')]],
    ['an index that is none', [start, events.textStart(-1)]],
  ])('is not made for %s', (_, given) => {
    const { error } = repaired(given);
    expect(error).toBeInstanceOf(StreamError);
    expect(error).toMatchObject({ code: 'protocol' });
  });

  it('always gives events in order', () => {
    fc.assert(
      fc.property(DISORDER, (given) => {
        const checker = new ProtocolChecker();
        for (const event of repaired(given).out) checker.check(event);
      }),
      { numRuns: runs(5000) },
    );
  });

  it('is made of nothing that is in order', () => {
    fc.assert(
      fc.property(fc.array(streamEventSequence), (answers) => {
        const given = answers.flat();
        const { out, repairs } = repaired(given);
        expect(repairs).toEqual([]);
        expect(out.length).toBe(given.length);
        out.forEach((event, nth) => expect(event).toBe(given[nth]));
      }),
    );
  });

  it('adds and drops what it says, and nothing else', () => {
    fc.assert(
      fc.property(DISORDER, (given) => {
        const { out, repairs, error } = repaired(given.map((event) => ({ ...event })));
        const inserted = new Set<StreamEvent>(
          repairs.flatMap(({ action, event }) => (action === 'insert' ? [event] : [])),
        );
        const dropped = repairs.length - inserted.size;
        const passed = out.filter((event) => !inserted.has(event));
        fc.pre(error === undefined);
        expect(passed.length).toBe(given.length - dropped);
        expect(out.length - passed.length).toBe(inserted.size);
      }),
    );
  });

  it('that is made twice changes nothing the second time', () => {
    fc.assert(
      fc.property(DISORDER, (given) => {
        const { out } = repaired(given);
        expect(repaired(out)).toEqual({ out, repairs: [] });
      }),
    );
  });
});
