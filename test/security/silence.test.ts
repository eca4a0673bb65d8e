import { play } from './play.js';
import { expectSilence, takePrinted } from './silence.js';

expectSilence();

describe('nothing is printed', () => {
  it('by no codec and no operator, whatever they are given', () => {
    const { values, errors, problems } = play();
    expect([...new Set(problems)]).toEqual([]);
    expect(values).toBeGreaterThan(1_000);
    expect(errors.length).toBeGreaterThan(100);
  }, 60_000);

  it('would be seen', () => {
    // oxlint-disable-next-line no-console -- as the library must not
    console.warn('a');
    process.stderr.write('b');
    expect(takePrinted()).toEqual([['a'], ['b']]);
  });
});
