import fc from 'fast-check';
import { PersistentList } from '../../../src/fold/message/persistentList.js';
import '../../seed.js';

describe('PersistentList', () => {
  it('holds what an array would, and every earlier list what it held', () => {
    const writes = fc.array(fc.tuple(fc.nat(), fc.string()), { maxLength: 300 });
    fc.assert(
      fc.property(writes, (all) => {
        let list = new PersistentList<string>();
        const items: string[] = [];
        const before: [PersistentList<string>, string[]][] = [];
        for (const [position, value] of all) {
          // Half of the writes append, so that lists get longer than one node.
          const at = position % 2 === 0 ? items.length : position % (items.length + 1);
          before.push([list, items.slice()]);
          list = list.with(at, value);
          items[at] = value;
        }
        expect(list.toArray()).toEqual(items);
        expect(list).toHaveLength(items.length);
        for (const [earlier, held] of before) expect(earlier.toArray()).toEqual(held);
      }),
    );
  });

  it.each([31, 32, 33, 1023, 1024, 1025, 32_769])('holds %i items', (length) => {
    let list = new PersistentList<number>();
    for (let at = 0; at < length; at++) list = list.with(at, at);
    expect(
      list
        .with(length - 1, -1)
        .toArray()
        .at(-1),
    ).toBe(-1);
    expect(list.toArray()).toEqual(Array.from({ length }, (_, at) => at));
  });
});
