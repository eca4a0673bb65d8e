import * as events from '../../../src/events/make.js';
import { OpenBlocks } from '../../../src/fold/order/openBlocks.js';

describe('OpenBlocks', () => {
  it('gives each block up once', () => {
    const open = new OpenBlocks(undefined);
    open.add(events.textStart(3));
    open.add(events.textStart(1));
    expect(open.abort('why')).toEqual([events.blockAbort(1, 'why'), events.blockAbort(3, 'why')]);
    expect(open.abort('why')).toEqual([]);
  });

  it('sorts indexes as numbers', () => {
    const open = new OpenBlocks('reason');
    for (const index of [10, 9, 100]) open.add(events.textStart(index));
    expect(open.abort('why')).toEqual([9, 10, 100].map((index) => events.blockAbort(index, 'reason')));
  });

  it('takes ends of blocks that never began for nothing', () => {
    const open = new OpenBlocks(undefined);
    open.add(events.blockStop(1));
    open.add(events.blockAbort(2, 'gone'));
    open.add(events.textDelta(3, 'la'));
    expect(open.abort('why')).toEqual([]);
  });

  it('opens nothing after the end, until a message begins or an attempt is repeated', () => {
    const open = new OpenBlocks(undefined);
    open.add(events.messageStop());
    open.add(events.textStart(0));
    expect(open.abort('why')).toEqual([]);
    open.add(events.reset(2, 'lost'));
    open.add(events.textStart(0));
    expect(open.abort('why')).toHaveLength(1);
  });
});
