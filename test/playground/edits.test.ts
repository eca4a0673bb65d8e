import fc from 'fast-check';
import { from, lastValueFrom, toArray } from 'rxjs';
import { decode, ndjson, sse, type StreamEvent } from '../../src/index.js';
import { script } from '../../src/testing.js';
import { captureOf, SAMPLES } from '../../playground/model/samples.js';
import { withEdit, type Edit } from '../../playground/model/edits.js';
import { offsetsOf } from '../../playground/model/feed.js';
import { PROTOCOLS } from '../../playground/model/protocols.js';
import { opened } from '../../playground/model/opened.js';
import { Session, type Shown } from '../../playground/model/session.js';
import { AT_ONCE } from '../../playground/model/slices.js';
import { runs } from '../seed.js';
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

describe('what a session keeps', () => {
  const chain = [step('untilTerminal'), step('accumulateMessage')];
  const edit: fc.Arbitrary<Edit> = fc.oneof(
    fc.record({ do: fc.constant('move'), part: fc.nat(30), by: fc.integer({ min: -20, max: 20 }) }),
    fc.record({ do: fc.constant('stall'), part: fc.nat(30), by: fc.nat(3_000) }),
    fc.record({
      do: fc.constant('insert'),
      at: fc.nat(200),
      what: fc.constantFrom('ping', 'error', 'reset'),
    }),
    fc.record({ do: fc.constant('split'), bytes: fc.nat(2_000) }),
    fc.record({ do: fc.constant('cut'), bytes: fc.nat(4_000), how: fc.constantFrom('complete', 'lost') }),
  );
  /** What is done one after the other: an edit, or taking the last one back. */
  const deeds = fc.array(fc.option(edit, { nil: 'undo' as const, freq: 4 }), { minLength: 1, maxLength: 6 });
  // An encoder gives what is put in a uuid, a new one each time.
  const plain = ({ recording, reading, chains, measures }: Shown): unknown => {
    const rows = chains.map((ran) => ran.rows.map(({ times, values, end }) => ({ times, values, end })));
    const { frames, failure } = reading;
    const text = JSON.stringify({ recording, frames, failure, gaps: measures.gaps, rows });
    return JSON.parse(text.replace(/uuid(\\*":\\*")[^"\\]*/g, 'uuid$1'));
  };
  const said = script()
    .text('Grüße "aus" Kyoto, 東京 🎵 und anderswo')
    .toolUse('get_weather', { city: 'Kyoto' })
    .text('and so on '.repeat(9))
    .deltas({ words: 1 })
    .events();

  it.each(PROTOCOLS.map(({ codec }) => [codec.name, codec] as const))(
    'of %s is what it shows, whatever was shown before',
    async (_, codec) => {
      const capture = captureOf(codec, said);
      await fc.assert(
        fc.asyncProperty(deeds, async (done) => {
          const { feed } = await opened(capture, AT_ONCE);
          const session = new Session();
          let edits: readonly Edit[] = [];
          for (const deed of done) {
            edits = deed === 'undo' ? edits.slice(0, -1) : withEdit(edits, deed);
            const kept = await session.show(feed, edits, [chain], AT_ONCE);
            const other = await opened(capture, AT_ONCE);
            const anew = await new Session().show(other.feed, edits, [chain], AT_ONCE);
            expect(plain(kept)).toEqual(plain(anew));
          }
        }),
        { numRuns: runs(20) },
      );
    },
  );

  it('is read the second time as the operators of the library read it', async () => {
    for (const { codec } of PROTOCOLS) {
      if (codec.framing === 'eventstream' || codec.unpacker) continue;
      const { feed } = await opened(captureOf(codec, said), AT_ONCE);
      const session = new Session();
      await session.show(feed, [], [], AT_ONCE);
      const split = { do: 'split', bytes: 700 } as const;
      const { reading } = await session.show(feed, [split], [], AT_ONCE);
      const frames = codec.framing === 'ndjson' ? ndjson() : sse();
      const expected = await lastValueFrom(
        from(feed.parts.map(({ bytes }) => bytes)).pipe(frames, decode(codec), toArray<StreamEvent>()),
      );
      expect([codec.name, reading.events.map(({ value }) => value)]).toEqual([codec.name, expected]);
    }
  });
});
