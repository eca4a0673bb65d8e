import * as events from '../../../src/events/make.js';
import type { StreamEvent } from '../../../src/events/event.js';
import { Phase, type Disorder } from '../../../src/fold/order/phase.js';

function phaseAfter(...all: readonly StreamEvent[]): Phase {
  const phase = new Phase();
  for (const event of all) phase.next(event);
  return phase;
}

const start = events.messageStart({ id: 'msg_1' });
const text = events.textStart(0);
const delta = events.textDelta(0, 'la');
const [stop, end] = [events.blockStop(0), events.messageStop()];

describe('the phase of a message', () => {
  it.each<[string, readonly StreamEvent[], Disorder | undefined]>([
    ['a start', [start], undefined],
    ['a start of the same id', [start, start], 'message-repeated'],
    ['a start without an id, twice', [events.messageStart(), events.messageStart()], 'message-unfinished'],
    ['a start after a block', [text, stop, start], 'no-message'],
    ['an end alone', [end], 'no-message'],
    ['an end after a reset', [start, events.reset(2, 'lost'), end], 'no-message'],
    ['a second end', [start, end, end], 'after-terminal'],
    ['a block without a message', [text], undefined],
    ['a delta of the block that grows', [start, text, delta, delta], undefined],
    ['a delta of a block that never began', [start, delta], 'block-unknown'],
    ['a delta of the block that grew, after its stop', [start, text, delta, stop, delta], 'block-ended'],
    ['a delta of the block that grew, after the end', [start, text, delta, end, delta], 'after-terminal'],
    [
      'a delta of the block that grew, after a reset',
      [start, text, delta, events.reset(2, 0), delta],
      'block-unknown',
    ],
    ['a delta of an index below zero', [start, events.textDelta(-1, 'la')], 'bad-index'],
    ['a delta of an index that is not a number', [start, events.textDelta(NaN, 'la')], 'bad-index'],
    ['a delta without an index', [start, text, stop, { ...delta, index: undefined as never }], 'bad-index'],
    [
      'a delta of a block that grew before another one',
      [start, text, delta, events.textStart(1), events.textDelta(1, 'la'), delta],
      undefined,
    ],
    [
      'a delta of one of two blocks, after its stop',
      [start, text, delta, events.textStart(1), events.textDelta(1, 'la'), stop, delta],
      'block-ended',
    ],
    ['a block at the index of one that has ended', [start, text, stop, text], 'index-taken'],
    ['a block at that index in the next message', [start, text, stop, end, start, text], undefined],
  ])('finds for %s what is wrong with it', (_, all, disorder) => {
    expect(phaseAfter(...all.slice(0, -1)).next(all.at(-1) as StreamEvent)).toBe(disorder);
  });

  it('is whole only once a message that began has ended', () => {
    expect(phaseAfter(start, end)).toMatchObject({ isWhole: true, hasEnded: true, isUnfinished: false });
    expect(phaseAfter(end)).toMatchObject({ isWhole: false, hasEnded: true, isUnfinished: false });
    expect(phaseAfter(start, events.error('api_error', 'No'))).toMatchObject({
      isWhole: false,
      hasEnded: true,
    });
    expect(phaseAfter(start, end, start)).toMatchObject({
      isWhole: false,
      hasEnded: false,
      isUnfinished: true,
    });
  });

  it('has the open blocks in the order in which they began', () => {
    expect(phaseAfter(start, events.textStart(7), events.textStart(2), text, stop).open).toEqual([7, 2]);
  });

  it('has the blocks that a message holds from its start as ended', () => {
    const whole = events.messageStart({ id: 'msg_1', content: [text.content_block] });
    expect(phaseAfter(whole).open).toEqual([]);
    expect(phaseAfter(whole).disorderOf(delta)).toBe('block-ended');
  });

  it('does not move where it is only asked', () => {
    const phase = phaseAfter(start);
    expect(phase.disorderOf(end)).toBeUndefined();
    expect(phase.isInside).toBe(true);
  });
});
