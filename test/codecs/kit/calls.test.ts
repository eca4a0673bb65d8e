import fc from 'fast-check';
import type { CallPiece } from '../../../src/codecs/kit/callPiece.js';
import { Calls } from '../../../src/codecs/kit/calls.js';
import { MessageWriter } from '../../../src/codecs/kit/messageWriter.js';
import { StreamError } from '../../../src/errors/streamError.js';
import type { StreamEvent } from '../../../src/events/event.js';
import * as events from '../../../src/events/make.js';
import { flaws } from '../conformance/wellFormed.js';
import { runs } from '../../seed.js';

/** What these calls are written as, in a message that has begun. */
function written(use: (calls: Calls) => void): readonly StreamEvent[] {
  const writer = new MessageWriter();
  use(new Calls(writer));
  return writer.take().slice(1);
}

function announced(pieces: readonly CallPiece[]): readonly StreamEvent[] {
  return written((calls) => {
    for (const piece of pieces) calls.announce(piece);
    calls.end();
  });
}

function whole(
  index: number,
  id: string,
  name: string,
  ...pieces: readonly string[]
): readonly StreamEvent[] {
  return [
    events.toolUseStart(index, id, name),
    ...pieces.map((piece) => events.inputJsonDelta(index, piece)),
    events.blockStop(index),
  ];
}

/** What the pieces of a wire that says nothing of beginnings and ends are written as. */
function taken(
  pieces: readonly CallPiece[],
  end = (calls: Calls): void => calls.end(),
): readonly StreamEvent[] {
  return written((calls) => {
    for (const piece of pieces) calls.take(piece);
    end(calls);
  });
}

describe('a call', () => {
  it.each<[string, readonly CallPiece[], readonly StreamEvent[]]>([
    [
      'whose id and name come with each piece is one',
      [
        { index: 0, id: 'a', name: 'f', input: '{' },
        { index: 0, id: 'a', name: 'f', input: '}' },
      ],
      whole(0, 'a', 'f', '{', '}'),
    ],
    [
      'whose id is empty later is the same',
      [
        { index: 0, id: 'a', name: 'f' },
        { index: 0, id: '', input: '{}' },
      ],
      whole(0, 'a', 'f', '{}'),
    ],
    [
      'whose id comes late begins then, with what came before',
      [
        { index: 0, name: 'f', input: '{' },
        { index: 0, input: '}' },
        { index: 0, id: 'a' },
      ],
      whole(0, 'a', 'f', '{}'),
    ],
    [
      'of a number that another has, and of an id of its own, is another',
      [
        { index: 0, id: 'a', name: 'f', input: '1' },
        { index: 0, id: 'b', name: 'g', input: '2' },
      ],
      [
        events.toolUseStart(0, 'a', 'f'),
        events.inputJsonDelta(0, '1'),
        events.toolUseStart(1, 'b', 'g'),
        events.inputJsonDelta(1, '2'),
        events.blockStop(0),
        events.blockStop(1),
      ],
    ],
    [
      'without a number is found by its id',
      [
        { id: 'a', name: 'f' },
        { id: 'b', name: 'g' },
        { id: 'a', input: '{}' },
      ],
      [
        events.toolUseStart(0, 'a', 'f'),
        events.toolUseStart(1, 'b', 'g'),
        events.inputJsonDelta(0, '{}'),
        events.blockStop(0),
        events.blockStop(1),
      ],
    ],
    [
      'without a number or an id is the last one',
      [{ id: 'a', name: 'f' }, { input: '{}' }],
      whole(0, 'a', 'f', '{}'),
    ],
    [
      'without either is another where it has a name',
      [
        { name: 'f', input: '1' },
        { name: 'f', input: '2' },
      ],
      [...whole(0, '', 'f', '1'), ...whole(1, '', 'f', '2')],
    ],
  ])('%s', (_what, pieces, expected) => {
    expect(announced(pieces)).toEqual(expected);
  });

  it.each<[string, readonly CallPiece[]]>([
    [
      'a second name',
      [
        { index: 0, name: 'f' },
        { index: 0, name: 'g' },
      ],
    ],
  ])('with %s is an error', (_what, pieces) => {
    expect(() => announced(pieces)).toThrow(StreamError);
  });

  it('grows no more after its end', () => {
    expect(() =>
      written((calls) => {
        calls.finish([{ id: 'a', name: 'f', input: '{}' }]);
        calls.grow({ id: 'a', input: '{' });
      }),
    ).toThrow('The call "a" grew after its end');
  });
});

describe('any pieces of calls', () => {
  const text = fc.constantFrom('', 'a', 'b', null, undefined);
  const piece: fc.Arbitrary<CallPiece> = fc.record({
    index: fc.constantFrom(0, 1, null, undefined),
    id: text,
    name: text,
    input: fc.constantFrom('', '{', '}', '{"a":1}', null, undefined),
  });
  const pieces = fc.array(piece, { maxLength: 3 });
  const use: fc.Arbitrary<(calls: Calls) => void> = fc.oneof(
    piece.map((of) => (calls: Calls) => {
      calls.announce(of);
    }),
    piece.map((of) => (calls: Calls) => {
      calls.grow(of);
    }),
    pieces.map((of) => (calls: Calls) => {
      calls.finish(of);
    }),
    fc.option(piece).map((of) => (calls: Calls) => {
      calls.end(of ?? undefined);
    }),
    pieces.map((of) => (calls: Calls) => {
      calls.conclude(of);
    }),
  );

  it('give a well-formed stream', () => {
    fc.assert(
      fc.property(fc.array(use, { maxLength: 12 }), (uses) => {
        const writer = new MessageWriter();
        const calls = new Calls(writer);
        for (const step of uses) {
          writer.at({ data: 'x' });
          try {
            step(calls);
          } catch (error) {
            if (!(error instanceof StreamError)) throw error;
          }
        }
        writer.conclude();
        expect(flaws(writer.take())).toEqual([]);
      }),
      { numRuns: runs(2000) },
    );
  });
});

describe('a call that nothing says to begin or to end', () => {
  const f = { index: 0, id: 'a', name: 'f' };
  const g = { index: 1, id: 'b', name: 'g' };

  it('ends where another begins, if it is whole', () => {
    const both = [...whole(0, 'a', 'f', '{}'), ...whole(1, 'b', 'g', '{}')];
    expect(taken([f, { index: 0, input: '{}' }, g, { index: 1, input: '{}' }])).toEqual(both);
    expect(
      taken([
        { ...f, input: '{"a":' },
        { ...g, input: '{}' },
        { index: 0, input: '1}' },
      ]),
    ).toEqual([
      events.toolUseStart(0, 'a', 'f'),
      events.inputJsonDelta(0, '{"a":'),
      events.toolUseStart(1, 'b', 'g'),
      events.inputJsonDelta(1, '{}'),
      events.inputJsonDelta(0, '1}'),
      events.blockStop(0),
      events.blockStop(1),
    ]);
  });

  it('keeps its first name, and its signature if that comes before it begins', () => {
    const signed = { ...events.toolUseStart(0, 'a', 'f').content_block, signature: 's' };
    expect(
      taken([
        { ...f, signature: 's' },
        { index: 0, name: 'f2', signature: 't', input: '{}' },
      ]),
    ).toEqual([events.blockStart(0, signed), events.inputJsonDelta(0, '{}'), events.blockStop(0)]);
  });

  it('that grows after its end is written anew, and nobody can read it', () => {
    const all = taken([
      { ...f, input: '{}' },
      { ...g, input: '{}' },
      { index: 0, input: '{}' },
    ]);
    expect(all.map(({ type }) => type)).toContain('reset');
    expect(all.slice(all.findIndex(({ type }) => type === 'reset') + 2)).toEqual([
      ...whole(0, 'a', 'f', '{}{}'),
      ...whole(1, 'b', 'g', '{}'),
    ]);
  });

  it('whose input is text has a JSON string for it', () => {
    const text = { ...f, isText: true };
    expect(
      taken([
        { ...text, input: 'a"' },
        { index: 0, isText: true, input: '\n' },
      ]),
    ).toEqual(whole(0, 'a', 'f', '"a\\"', '\\n', '"'));
    expect(taken([text])).toEqual(whole(0, 'a', 'f', '""'));
  });

  it('is given up where nobody can tell whether it is whole', () => {
    const pieces = [f, { ...g, isText: true, input: 'a' }, { index: 2, id: 'c', name: 'h', input: '{"a":' }];
    const all = taken(pieces, (calls) => {
      calls.abortUnclear('Cut off');
      calls.end();
    });
    expect(all.slice(-3)).toEqual([
      events.blockAbort(0, 'Cut off'),
      events.blockAbort(1, 'Cut off'),
      events.blockStop(2),
    ]);
  });

  it('that has no id gets one where it ends', () => {
    const writer = new MessageWriter();
    const calls = new Calls(writer, (place) => `made_${place}`);
    calls.take({ name: 'f', input: '{}' });
    expect(calls.size).toBe(1);
    calls.end();
    expect(writer.take().slice(1)).toEqual(whole(0, 'made_0', 'f', '{}'));
  });
});
