import { escaped } from '../page.js';
import { endCells, cellsIn, pageText } from './page.js';
import { endOf, PLAYED, type Ended } from './outcomes.js';
import { READERS } from './readers.js';

// A reader that gives up may leave a promise that nobody waits for.
const ignore = (): void => undefined;
beforeAll(() => void process.on('unhandledRejection', ignore));
afterAll(() => void process.off('unhandledRejection', ignore));

const cells = cellsIn(pageText());
/** What a reader waits for is not waited for here. */
const WAITS = 'waits on';

describe('docs/others.md', () => {
  it('has a line for each fault that needs nothing but the bytes', () => {
    const faults = PLAYED.flatMap(([, each]) => each.map(({ fault }) => escaped(fault)));
    expect(faults.length).toBeGreaterThan(80);
    expect([...cells.keys()].filter((fault) => fault !== 'fault' && !/^-+$/.test(fault))).toEqual(faults);
  });

  it.each(PLAYED)('says what the readers here do: %s', async (_, faults) => {
    for (const fault of faults) {
      const said = cells.get(escaped(fault.fault))?.slice(0, READERS.length) ?? [];
      const ends: Ended[] = [];
      for (const [nth, reader] of READERS.entries())
        ends.push(said[nth] === WAITS ? { how: 'waits' } : await endOf(fault, reader));
      expect([fault.fault, ...endCells(fault, ends)]).toEqual([fault.fault, ...said]);
    }
  });
});
