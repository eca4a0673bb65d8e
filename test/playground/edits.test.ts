import { withEdit, type Edit } from '../../playground/model/edits.js';
import { offsetsOf } from '../../playground/model/feed.js';
import { PROTOCOLS } from '../../playground/model/protocols.js';
import { SAMPLES } from '../../playground/model/samples.js';
import { opened } from '../../playground/model/opened.js';
import { Session, type Shown } from '../../playground/model/session.js';
import { AT_ONCE } from '../../playground/model/slices.js';
import { shown, step } from './shown.js';

const ROW = 'm-o-t-u-c-s-z|';

const after = (edits: readonly Edit[], row = ROW): Promise<Shown> => shown(row, [], edits);

const timesOf = ({ recording }: Shown): readonly number[] => recording.entries.map(({ at }) => at);
const typesOf = ({ recording }: Shown): readonly string[] => recording.entries.map(({ event }) => event.type);

describe('an edit', () => {
  it('moves one part, never past its neighbours', async () => {
    expect(timesOf(await after([{ do: 'move', part: 2, by: 1 }]))).toEqual([0, 2, 5, 6, 8, 10, 12]);
    expect(timesOf(await after([{ do: 'move', part: 2, by: 50 }]))).toEqual([0, 2, 6, 6, 8, 10, 12]);
    expect(timesOf(await after([{ do: 'move', part: 2, by: -50 }]))).toEqual([0, 2, 2, 6, 8, 10, 12]);
  });

  it('of the same part takes the place of the one before', () => {
    const edits = withEdit(withEdit([], { do: 'move', part: 2, by: 1 }), { do: 'move', part: 2, by: 3 });
    expect(edits).toEqual([{ do: 'move', part: 2, by: 4 }]);
    expect(withEdit(edits, { do: 'move', part: 1, by: 3 })).toHaveLength(2);
  });

  it('lets all that follows wait', async () => {
    const { recording } = await after([{ do: 'stall', part: 3, by: 1000 }]);
    expect(recording.entries.map(({ at }) => at)).toEqual([0, 2, 4, 1006, 1008, 1010, 1012]);
    expect(recording.end).toEqual({ at: 1013, end: 'complete' });
  });

  it('puts in a ping, an error event and a reset, where its time is', async () => {
    for (const what of ['ping', 'error', 'reset'] as const) {
      expect(typesOf(await after([{ do: 'insert', at: 5, what }]))[3]).toBe(what);
    }
  });

  it.each(PROTOCOLS.map(({ codec }) => codec.name))(
    'puts in all of these in %s, whose words it uses where it has some',
    async (name) => {
      const sample = SAMPLES.find(({ id }) => id === name)?.text() ?? '';
      for (const what of ['ping', 'reset', 'error'] as const) {
        const { recording } = await shown(sample, [], [{ do: 'insert', at: 55, what }]);
        expect([what, recording.entries.some(({ event }) => event.type === what)]).toEqual([what, true]);
      }
    },
  );

  it('cuts the bytes anywhere, also inside a character', async () => {
    const { feed } = await opened(ROW, AT_ONCE);
    const bytes = feed.parts.flatMap((part) => [...part.bytes]);
    // The second of the four bytes of 🎵.
    const inside = bytes.indexOf(0xf0) + 1;
    expect(inside).toBeGreaterThan(1);
    const whole = await after([{ do: 'split', bytes: inside }]);
    expect(whole.feed.parts.length).toBe(8);
    expect(whole.recording.entries.map(({ event }) => event)).toEqual(
      (await after([])).recording.entries.map(({ event }) => event),
    );
    const cut = await after([{ do: 'cut', bytes: inside, how: 'complete' }]);
    expect(cut.recording.end).toMatchObject({ end: 'error', error: { code: 'truncated' } });
    const lost = await after([{ do: 'cut', bytes: inside, how: 'lost' }]);
    expect(lost.recording.end).toMatchObject({ end: 'error', error: { code: 'network' } });
    expect(typesOf(lost)).toEqual(['message_start', 'content_block_start', 'content_block_delta']);
  });

  it('cuts at each byte, and what is left is a beginning of the events', async () => {
    const { feed } = await opened(ROW, AT_ONCE);
    const all = await after([]);
    const session = new Session();
    for (let bytes = 0; bytes <= (offsetsOf(feed.parts).at(-1) ?? 0); bytes++) {
      const { recording } = await session.show(feed, [{ do: 'cut', bytes, how: 'lost' }], [], AT_ONCE);
      const { length } = recording.entries;
      expect(recording.entries.map(({ event }) => event)).toEqual(
        all.recording.entries.slice(0, length).map(({ event }) => event),
      );
    }
  });

  it('of times alone gives what reading all anew gives', async () => {
    const { feed } = await opened(ROW, AT_ONCE);
    const edits: readonly Edit[] = [
      { do: 'cut', bytes: 300, how: 'complete' },
      { do: 'stall', part: 1, by: 70 },
    ];
    const session = new Session();
    await session.show(feed, edits.slice(0, 1), [], AT_ONCE);
    const kept = await session.show(feed, edits, [], AT_ONCE);
    expect(kept.recording).toEqual((await after(edits)).recording);
  });
});

describe('a part that is moved', () => {
  it('gives rows what running all anew gives, whether or not an operator keeps time', async () => {
    const chains = [
      [step('untilTerminal'), step('accumulateMessage')],
      [step('retryWithReset', { count: 1, delay: 40 }), step('coalesce', { within: 3 }), step('toText')],
      [step('abortOpenBlocks'), step('toBlocks'), step('toText')],
    ];
    for (const row of ['m-o-(tu)-c-s-z|', 'm-o-t-u-#', 'm-o-t--']) {
      const { feed } = await opened(row, AT_ONCE);
      const session = new Session();
      await session.show(feed, [], chains, AT_ONCE);
      for (const edit of [
        { do: 'move', part: 2, by: 1 },
        { do: 'stall', part: 1, by: 500 },
        { do: 'move', part: 9, by: 30 },
      ] as const) {
        const kept = await session.show(feed, [edit], chains, AT_ONCE);
        const anew = await new Session().show(feed, [edit], chains, AT_ONCE);
        const plain = ({ chains: ran }: Shown): unknown =>
          ran.map(({ rows }) => rows.map(({ times, values, end }) => ({ times, values, end })));
        expect(plain(kept)).toEqual(plain(anew));
      }
    }
  });
});
