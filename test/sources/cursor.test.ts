import { anthropic } from '../../src/anthropic.js';
import type { ReadingHalf } from '../../src/codecs/codec.js';
import * as events from '../../src/events/make.js';
import { openaiChat } from '../../src/openai.js';
import { Cursor } from '../../src/sources/cursor.js';
import type { Frame } from '../../src/wire/frame.js';

/** Frames as `id:data`; without an id where nothing stands before the colon. */
function frames(row: string): Frame[] {
  return row
    .split(' ')
    .filter(Boolean)
    .map((frame) => {
      const at = frame.indexOf(':');
      const id = frame.slice(0, at);
      return { data: frame.slice(at + 1), ...(id !== '' && { id }) };
    });
}

/** What passes of the frames of one connection after the other, and where the cursor stands then. */
function taken(connections: readonly string[], codec: ReadingHalf = anthropic) {
  const cursor = new Cursor(codec);
  const passed = connections.map((row, nth) => {
    if (nth > 0) cursor.reconnect();
    return frames(row)
      .flatMap((frame) => cursor.take(frame))
      .map(({ data }) => data)
      .join('');
  });
  return { passed, id: cursor.id, cursor };
}

describe('a cursor', () => {
  it.each<[what: string, connections: string[], passed: string[], id: string | undefined]>([
    ['takes frames that each have an id as they come', ['1-0:a 1-1:b'], ['ab'], '1-1'],
    ['drops what has come', ['1-0:a 1-1:b', '1-0:a 1-1:b 1-2:c'], ['ab', 'c'], '1-2'],
    ['goes on behind what has come', ['1-0:a', '1-1:b'], ['a', 'b'], '1-1'],
    ['holds frames of an event until its last', ['1-0:a 1-0:b 1-1:c'], ['abc'], '1-1'],
    ['drops half an event with its connection', ['1-0:a 1-0:b', '1-0:b 1-1:c'], ['a', 'bc'], '1-1'],
    ['holds what begins a run', ['0-0:a 0-0:b', '0-0:a 0-0:b 1-0:c'], ['', 'abc'], '1-0'],
    ['takes another epoch', ['1-0:a 1-1:b', '2-0:c 2-1:d'], ['ab', 'cd'], '2-1'],
    ['drops an older epoch', ['2-0:a', '1-7:b 2-1:c'], ['a', 'c'], '2-1'],
    ['remembers ids that are not counted', ['x:a y:b', 'x:a y:b z:c'], ['ab', 'c'], 'z'],
    ['knows what follows such an id by its text', ['x:a :b', ':b :c'], ['ab', 'c'], 'x'],
    ['drops nothing where nothing has an id', [':a :a'], ['aa'], undefined],
  ])('%s', (_, connections, passed, id) => {
    const found = taken(connections);
    expect(found.passed).toEqual(passed);
    expect(found.id).toBe(id);
  });

  it('can resume behind an id, at an address where nothing came, and nowhere else', () => {
    const at = (row: string, hasAddress: boolean): boolean => {
      const { cursor } = taken([row]);
      cursor.hasAddress = hasAddress;
      return cursor.canResume;
    };
    expect([at('1-0:a', false), at('1-0:a', true)]).toEqual([true, true]);
    expect([at('', false), at('', true)]).toEqual([false, true]);
    // It would come twice.
    expect([at(':a', false), at(':a', true)]).toEqual([false, false]);
    expect(at(`${'x'.repeat(4_097)}:a`, true)).toBe(false);
  });

  it.each<[what: string, codec: ReadingHalf, connections: string[], code: string | undefined]>([
    ['a hole behind a resume', anthropic, ['1-0:a', '1-2:c'], 'gap'],
    ['a run that begins anew instead of going on', anthropic, ['1-5:a', '0-0:b 2-0:c'], 'gap'],
    ['a hole on one connection, which the server means', anthropic, ['1-0:a 1-2:c'], undefined],
    ['no hole', anthropic, ['1-0:a', '1-1:b'], undefined],
    ['a hole where events may be without a frame', openaiChat, ['1-0:a', '1-2:c'], undefined],
  ])('sees %s', (_, codec, connections, code) => {
    const { cursor } = taken(connections, codec);
    const check = (): void => cursor.check([events.textDelta(0, 'x')]);
    if (code === undefined) expect(check).not.toThrow();
    else expect(check).toThrow(expect.objectContaining({ code }));
    // What begins with a reset has lost nothing.
    const again = taken(connections, codec).cursor;
    again.check([events.reset(2, undefined)]);
    expect(() => again.check([events.textDelta(0, 'x')])).not.toThrow();
  });

  it('holds no more than a frame may have', () => {
    const cursor = new Cursor(anthropic, 10);
    const hold = (): unknown => frames('0-0:123456 0-0:123456').map((frame) => cursor.take(frame));
    expect(hold).toThrow(expect.objectContaining({ code: 'limit' }));
  });

  it('gives up what it holds once nobody waits for it', () => {
    const { cursor } = taken(['1-0:a 1-0:b']);
    expect(cursor.isHolding).toBe(true);
    expect(cursor.release().map(({ data }) => data)).toEqual(['b']);
    expect(cursor.isHolding).toBe(false);
  });
});
