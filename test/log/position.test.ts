import { positionOf } from '../../src/log/position.js';

const NONE = ['', '1', '1-', '-1', '1-2-3', '1-x', ' 1-2', '1-2\n', '1234567890123-0'];
/** As it is before anything was asked of it. */
const UNUSED = '../../src/log/position.js?unused';

describe('the position of an id', () => {
  it.each(NONE)('is none for %j, whether or not another id was read before', async (id) => {
    const unused = (await import(/* @vite-ignore */ UNUSED)) as { positionOf: typeof positionOf };
    const refused: unknown = expect.objectContaining({ code: 'gap', raw: id });
    expect(() => unused.positionOf(id)).toThrow(refused);
    expect(positionOf('3-14')).toEqual({ epoch: 3, seq: 14 });
    expect(() => positionOf(id)).toThrow(refused);
    expect(positionOf('3-14')).toEqual({ epoch: 3, seq: 14 });
  });
});
