import fc from 'fast-check';
import { map, mergeMap, of, throwError } from 'rxjs';
import * as events from '../../../src/events/make.js';
import { StreamError, toText, type StreamEvent } from '../../../src/index.js';
import { alphabet } from '../../../src/testing/letters/alphabet.js';
import { marbleTest, sourceOf } from '../../../src/testing/recordings/marbleTest.js';
import {
  recordedErrorOf,
  type RecordedEnd,
  type Recording,
} from '../../../src/testing/recordings/recording.js';
import { replay } from '../../../src/testing/recordings/replay.js';
import { runMarbles } from '../../../src/testing/marbles/runMarbles.js';
import { toMarbles } from '../../../src/testing/recordings/toMarbles.js';
import { runs } from '../../seed.js';

const { m, o, t, c, s, z, r } = alphabet;

function recording(entries: readonly [number, StreamEvent][], end: RecordedEnd): Recording {
  return { entries: entries.map(([at, event]) => ({ at, event })), end };
}

const complete = (at: number): RecordedEnd => ({ at, end: 'complete' });
const hi = events.textDelta(0, 'Hi');

describe('toMarbles', () => {
  it('draws more events of one ms than a call takes arguments', () => {
    const entries = Array.from({ length: 200_000 }, (): [number, StreamEvent] => [0, o]);
    const { marbles } = toMarbles(recording(entries, complete(1)));
    expect(marbles).toHaveLength('()|'.length + entries.length);
  });

  it.each<[string, Recording, string]>([
    ['nothing', recording([], complete(0)), '|'],
    ['an event at the start', recording([[0, m]], complete(1)), 'm|'],
    [
      'short and long gaps',
      recording(
        [
          [3, m],
          [5, o],
          [205, t],
        ],
        complete(1205),
      ),
      '---m-o 199ms t 999ms |',
    ],
    [
      'groups',
      recording(
        [
          [200, m],
          [200, o],
          [300, z],
        ],
        complete(300),
      ),
      '200ms (mo) 96ms (z|)',
    ],
    [
      'what came while a group takes its room',
      recording(
        [
          [10, m],
          [10, o],
          [12, t],
          [13, c],
          [30, z],
        ],
        complete(30),
      ),
      '10ms (mo)(tc) 12ms (z|)',
    ],
    [
      'fractions of a ms',
      recording(
        [
          [0.6, m],
          [2.4, z],
        ],
        complete(3),
      ),
      '-mz|',
    ],
    [
      'events of their own letters',
      recording(
        [
          [0, hi],
          [1, o],
          [2, events.textDelta(0, 'you')],
          [3, hi],
        ],
        complete(4),
      ),
      'AoBA|',
    ],
    [
      'an event whose members come in another order',
      recording([[0, JSON.parse('{"index":0,"type":"content_block_stop"}')]], complete(1)),
      'c|',
    ],
  ])('draws %s', (_, given, row) => {
    expect(toMarbles(given).marbles).toBe(row);
  });

  it('says what each letter stands for, and only of those it uses', () => {
    expect(
      toMarbles(
        recording(
          [
            [0, m],
            [1, hi],
            [2, m],
          ],
          complete(3),
        ),
      ),
    ).toEqual({
      marbles: 'mAm|',
      values: { m, A: hi },
    });
  });

  it('says what the stream failed with', () => {
    const error = new StreamError('network', 'Gone');
    const failed = recording([[0, m]], { at: 2, end: 'error', error: recordedErrorOf(error) });
    expect(toMarbles(failed)).toEqual({ marbles: 'm-#', values: { m }, error });
  });

  it.each<[string, [number, StreamEvent][], number, string, string]>([
    [
      'later',
      [
        [0, m],
        [2, o],
      ],
      500,
      'm-o',
      '^ 499ms !',
    ],
    [
      'in the moment of the last event',
      [
        [0, m],
        [20, z],
      ],
      20,
      'm 19ms z',
      '^ 20ms !',
    ],
    ['at once', [], 0, '', '(^!)'],
  ])('says that the subscriber left, %s', (_, entries, at, marbles, subscription) => {
    expect(toMarbles(recording(entries, { at, end: 'unsubscribe' }))).toMatchObject({
      marbles,
      subscription,
    });
  });

  it('takes other letters, save those that marbles read otherwise', () => {
    const given = recording(
      [
        [0, m],
        [1, o],
        [2, hi],
      ],
      complete(3),
    );
    expect(toMarbles(given, { letters: { A: m, '1': o, '-': hi } })).toEqual({
      marbles: 'ABC|',
      values: { A: m, B: o, C: hi },
    });
    expect(toMarbles(given, { letters: {} }).marbles).toBe('ABC|');
  });

  it('has letters for 20,000 different events, and says when there are no more', () => {
    const many = (count: number): Recording =>
      recording(
        Array.from({ length: count }, (_, nth) => [nth, events.textDelta(0, `${nth}`)]),
        complete(count),
      );
    const { marbles, values } = toMarbles(many(20_000));
    expect(Object.keys(values)).toHaveLength(20_000);
    expect(Object.keys(values).join('')).toBe(marbles.slice(0, -1));
    expect(() => toMarbles(many(40_000))).toThrow(expect.objectContaining({ code: 'limit' }));
  });

  it('is what the replay of the recording gives, where there is room in the row', () => {
    const groups = fc.array(
      fc.tuple(
        fc.integer({ min: 9, max: 3000 }),
        fc.array(fc.constantFrom(m, o, t, c, s, z, hi, r), { minLength: 1, maxLength: 6 }),
      ),
    );
    const ends = fc.constantFrom<object>(
      { end: 'complete' },
      { end: 'error', error: recordedErrorOf(new StreamError('network', 'Gone')) },
    );
    fc.assert(
      fc.property(groups, ends, (gaps, end) => {
        let at = 0;
        const entries = gaps.flatMap(([gap, group]) => {
          at += gap;
          return group.map((event) => ({ at, event }));
        });
        const given = { entries, end: { at: at + 9, ...end } } as unknown as Recording;
        const { marbles, values, error } = toMarbles(given);
        runMarbles(({ expectObservable }) => {
          expectObservable(replay(given)).toBe(marbles, values, error);
        });
      }),
    );
  });
});

describe('marbleTest', () => {
  const given: Recording = {
    name: "it's said",
    entries: [
      [0, m],
      [380, o],
      [400, hi],
      [401, hi],
      [402, c],
      [410, s],
      [411, z],
    ].map(([at, event]) => ({ at, event }) as Recording['entries'][number]),
    end: complete(411),
  };

  it('writes what an operator makes of a recording', () => {
    const tested = {
      operator: toText(),
      code: 'toText()',
      imports: "import { toText } from 'rxjs-llm-stream';",
    };
    const text = marbleTest(given, { tested });
    expect(text).toContain(`import { type StreamEvent } from 'rxjs-llm-stream';
import { runMarbles } from 'rxjs-llm-stream/testing';
import { toText } from 'rxjs-llm-stream';
`);
    expect(text).toContain(
      "  A: { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Hi' } },\n",
    );
    expect(text).toContain(`const expected = {
  A: 'HiHi',
};

it('it\\'s said', () =>
  runMarbles(({ cold, expectObservable }) => {
    const source = cold(
      'm 379ms o 19ms AAc 7ms s(z|)',
      recorded as Record<string, StreamEvent>,
    );
    expectObservable(source.pipe(toText())).toBe(
      '411ms (A|)',
      expected,
    );
  }));
`);
  });

  it('writes the recording alone', () => {
    const text = marbleTest(given, { name: 'as it came' });
    expect(text).toContain("it('as it came', () =>");
    expect(text).toContain(
      "expectObservable(source).toBe(\n      'm 379ms o 19ms AAc 7ms s(z|)',\n      recorded,\n    );",
    );
  });

  it('writes the errors of the recording and of the operator', () => {
    const failed: Recording = {
      ...given,
      end: { at: 420, end: 'error', error: { name: 'TypeError', message: 'terminated' } },
    };
    const tested = {
      operator: mergeMap(() =>
        throwError(() => new StreamError('limit', 'No more', { partial: 'H', cause: new Error('x') })),
      ),
      code: 'fail()',
    };
    const text = marbleTest(failed, { tested });
    expect(text).toContain("import { StreamError, type StreamEvent } from 'rxjs-llm-stream';");
    expect(text).toContain("Object.assign(new Error('terminated'), { name: 'TypeError' }),");
    expect(text).toContain(
      "new StreamError('limit', 'No more', { retryable: false, cause: new Error('x'), partial: 'H' }),",
    );
  });

  it('says when an operator gives more at once than a row has room for', () => {
    const tested = { operator: mergeMap(() => of(1, 2, 3)), code: 'mergeMap(() => of(1, 2, 3))' };
    expect(() => marbleTest(given, { tested })).toThrow(expect.objectContaining({ code: 'limit' }));
  });

  it('breaks long rows into lines', () => {
    const long = recording(
      Array.from({ length: 200 }, (_, nth) => [nth * 50, hi]),
      complete(10_000),
    );
    const lines = marbleTest(long, { tested: { operator: map(() => 1), code: 'map(() => 1)' } }).split('\n');
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(110);
  });
});

describe('a value as TypeScript spells it', () => {
  /** Reads the text as a program would. */
  async function read(text: string): Promise<unknown> {
    const module = (await import(
      `data:text/javascript,${encodeURIComponent(`export default ${text};`)}`
    )) as {
      default: unknown;
    };
    return module.default;
  }

  it('is that value', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (value) => {
        expect(await read(`(${sourceOf(value)})`)).toEqual(value);
      }),
      { numRuns: runs(100) },
    );
  });

  it.each([
    ['\'"\\"\\\'\n\u2028\ud800', String.raw`'\'"\\"\\\'\n${'\u2028'}\ud800'`],
    [JSON.parse('{"__proto__":{"a":1},"a-b":[]}'), "{ ['__proto__']: { a: 1 }, 'a-b': [] }"],
    [{ a: undefined }, '{ a: undefined }'],
  ])('keeps what is odd in %j', (value, text) => {
    expect(sourceOf(value)).toBe(text);
  });
});
