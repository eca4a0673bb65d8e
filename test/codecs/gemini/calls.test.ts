import fc from 'fast-check';
import type { StreamEvent } from '../../../src/events/event.js';
import { gemini } from '../../../src/gemini.js';
import { runs } from '../../seed.js';
import { answersIn } from '../conformance/answerIn.js';
import { INPUT_OBJECT } from '../conformance/contents.js';
import { attempted } from '../conformance/spelling.js';
import { flaws } from '../conformance/wellFormed.js';
import { answerOf, chunk, messageOf, read, STOP } from './chunks.js';

function call(functionCall: object, thoughtSignature?: string): object {
  return chunk({ functionCall, ...(thoughtSignature && { thoughtSignature }) });
}

function piecesIn(events: readonly StreamEvent[]): readonly string[] {
  return events.flatMap((event) =>
    event.type === 'content_block_delta' && event.delta.type === 'input_json_delta'
      ? [event.delta.partial_json]
      : [],
  );
}

describe('a call', () => {
  it.each(['', 'Hm'])('may share its part with a text: "%s"', (text) => {
    const part = { text, functionCall: { id: 'a', name: 'book', args: {} }, thoughtSignature: 'c2ln' };
    const { content, stop_reason } = messageOf([chunk(part), STOP]);
    expect(stop_reason).toBe('tool_use');
    expect(content).toMatchObject([
      ...(text ? [{ type: 'text', text }] : []),
      { type: 'tool_use', id: 'a', name: 'book', signature: 'c2ln' },
    ]);
  });

  it('comes whole, and with it the answer ends with tool_use', () => {
    const values = [call({ id: 'a', name: 'book', args: { to: 'Oslo' } }, 'c2ln'), STOP];
    expect(messageOf(values)).toMatchObject({
      stop_reason: 'tool_use',
      content: [{ type: 'tool_use', id: 'a', name: 'book', input: { to: 'Oslo' }, signature: 'c2ln' }],
    });
    expect(piecesIn(read(values))).toEqual(['{"to":"Oslo"}']);
  });

  it('without an id gets one of its own, also beside another of its name', () => {
    const parts = [{ functionCall: { name: 'now' } }, { functionCall: { name: 'now', args: {} } }];
    const { calls } = answerOf([chunk(parts), call({ name: 'now' }), STOP]);
    expect(calls).toEqual([
      { id: 'call_r1_1', name: 'now', input: {} },
      { id: 'call_r1_2', name: 'now', input: {} },
      { id: 'call_r1_3', name: 'now', input: {} },
    ]);
    const anonymous = { ...call({ name: 'now' }), responseId: undefined };
    expect(answerOf([anonymous, { ...STOP, responseId: undefined }]).calls).toEqual([
      { id: 'call_1', name: 'now', input: {} },
    ]);
  });

  it('without a name is given up, and the answer goes on', () => {
    const { calls, message } = answerOf([call({ id: 'a', args: {} }), call({ id: 'b', name: 'now' }), STOP]);
    expect(calls).toMatchObject([{ id: 'b' }]);
    expect(message).toMatchObject({ stop_reason: 'tool_use' });
    const alone = answerOf([call({ id: 'a', args: {} }), STOP]);
    expect(alone).toMatchObject({ calls: [], message: { stop_reason: 'end_turn' } });
  });

  it.each(['MAX_TOKENS', 'SAFETY', 'MALFORMED_FUNCTION_CALL'])(
    'is not asked for where the answer ends with %s',
    (finishReason) => {
      const reason = messageOf([call({ name: 'now' }), chunk([], { finishReason })]).stop_reason;
      expect(reason).not.toBe('tool_use');
    },
  );
});

describe('an input that is streamed', () => {
  /** The chunks of a call whose pieces are these paths and values. */
  function streamed(args: readonly object[], last: object = {}): readonly object[] {
    return [
      call({ name: 'book', willContinue: true }, 'c2ln'),
      ...args.map((arg) => call({ partialArgs: [arg], willContinue: true })),
      call(last),
      STOP,
    ];
  }

  it('is signed, also where the signature comes with a later piece of it', () => {
    const found = read([
      call({ name: 'book', willContinue: true }),
      call({ partialArgs: [{ jsonPath: '$.to', stringValue: 'Oslo' }], willContinue: true }),
      call({}, 'c2ln'),
      STOP,
    ]);
    expect(found.filter(({ type }) => type === 'reset')).toHaveLength(1);
    const [answer] = answersIn(found);
    expect(answer?.message?.content).toMatchObject([{ input: { to: 'Oslo' }, signature: 'c2ln' }]);
  });

  it('is the pieces of its JSON', () => {
    const values = streamed([
      { jsonPath: '$.legs[0].to', stringValue: 'Os', willContinue: true },
      { jsonPath: '$.legs[0].to', stringValue: 'lo' },
    ]);
    expect(piecesIn(read(values))).toEqual(['{"legs":[{"to":"Os', 'lo"', '}]}']);
    expect(messageOf(values)).toMatchObject({
      stop_reason: 'tool_use',
      content: [{ name: 'book', input: { legs: [{ to: 'Oslo' }] }, signature: 'c2ln' }],
    });
  });

  it.each<[string, readonly object[], unknown]>([
    [
      'values of every kind',
      [
        { jsonPath: '$.a', stringValue: 'é"\n' },
        { jsonPath: '$.b', numberValue: 0.5 },
        { jsonPath: '$.c', boolValue: false },
        { jsonPath: '$.d', nullValue: 'NULL_VALUE' },
        { jsonPath: '$.e', nullValue: null },
      ],
      { a: 'é"\n', b: 0.5, c: false, d: null, e: null },
    ],
    [
      'a text that ends with nothing more',
      [
        { jsonPath: '$.a', stringValue: 'x', willContinue: true },
        { jsonPath: '$.a', stringValue: '' },
        { jsonPath: '$.b', stringValue: 'y', willContinue: true },
        { jsonPath: '$.b' },
      ],
      { a: 'x', b: 'y' },
    ],
    [
      'lists of lists, and what follows them',
      [
        { jsonPath: '$.a[0][0]', numberValue: 1 },
        { jsonPath: '$.a[0][1]', numberValue: 2 },
        { jsonPath: '$.a[1][0]', numberValue: 3 },
        { jsonPath: '$.b.c.d', numberValue: 4 },
        { jsonPath: '$.b.e', numberValue: 5 },
      ],
      { a: [[1, 2], [3]], b: { c: { d: 4 }, e: 5 } },
    ],
    [
      'names in quotes',
      [
        { jsonPath: "$['a b'].c", numberValue: 1 },
        { jsonPath: '$["d.e"]', numberValue: 2 },
        { jsonPath: "$['it\\'s \"']", numberValue: 3 },
        { jsonPath: '$.__proto__', numberValue: 4 },
      ],
      JSON.parse('{"a b":{"c":1},"d.e":2,"it\'s \\"":3,"__proto__":4}'),
    ],
    [
      'a character in two halves',
      [
        { jsonPath: '$.a', stringValue: '\ud83d', willContinue: true },
        { jsonPath: '$.a', stringValue: '\ude00' },
      ],
      { a: '😀' },
    ],
  ])('may hold %s', (_, args, input) => {
    const { calls } = answerOf(streamed(args));
    expect(calls).toMatchObject([{ name: 'book' }]);
    expect(calls[0]?.input).toEqual(input);
    const decoded = read(streamed(args));
    expect(decoded.filter(({ type }) => type === 'reset')).toEqual([]);
  });

  it('ends with the last piece where nothing else ends it, and a second end is passed over', () => {
    const [start = {}] = streamed([]);
    const last = { partialArgs: [{ jsonPath: '$.price', numberValue: 0.3 }] };
    for (const values of [
      [start, call(last), STOP],
      [start, call(last), call({}), STOP],
    ]) {
      expect(answerOf(values).calls).toMatchObject([{ input: { price: 0.3 } }]);
      expect(messageOf(values).content).toHaveLength(1);
    }
  });

  it('may say nothing in between, or at all', () => {
    expect(
      answerOf([...streamed([]).slice(0, 1), call({ willContinue: true }), call({}), STOP]).calls,
    ).toMatchObject([{ name: 'book', input: {} }]);
  });

  it.each<[string, readonly object[], unknown]>([
    [
      'a container that was left',
      [
        { jsonPath: '$.a.b', numberValue: 1 },
        { jsonPath: '$.c', numberValue: 2 },
        { jsonPath: '$.a.d', numberValue: 3 },
      ],
      { a: { b: 1, d: 3 }, c: 2 },
    ],
    [
      'an index that was skipped',
      [
        { jsonPath: '$.a[1]', numberValue: 1 },
        { jsonPath: '$.a[0]', numberValue: 0 },
      ],
      { a: [0, 1] },
    ],
    [
      'a value that is replaced',
      [
        { jsonPath: '$.a', numberValue: 1 },
        { jsonPath: '$.a', numberValue: 2 },
      ],
      { a: 2 },
    ],
    [
      'a text that goes on after another',
      [
        { jsonPath: '$.a', stringValue: 'x', willContinue: true },
        { jsonPath: '$.b', stringValue: 'z', willContinue: true },
        { jsonPath: '$.a', stringValue: 'y' },
        { jsonPath: '$.b', stringValue: '!' },
      ],
      { a: 'xy', b: 'z!' },
    ],
  ])('out of order, with %s, is put right at its end', (_, args, input) => {
    const decoded = read(streamed(args));
    expect(flaws(decoded)).toEqual([]);
    expect(answerOf(streamed(args)).calls).toMatchObject([{ name: 'book', input }]);
  });

  it.each<[string, readonly object[]]>([
    ['an item is missing', [{ jsonPath: '$.a[2]', numberValue: 1 }]],
    ['a value is missing', [{ jsonPath: '$.a' }]],
  ])('is given up where %s', (_, args) => {
    const { calls, message } = answerOf(streamed(args));
    expect({ calls, reason: message?.stop_reason }).toEqual({ calls: [], reason: 'end_turn' });
  });

  it('is given up where the answer ends, or another call begins, inside it', () => {
    const [start = {}] = streamed([]);
    const piece = call({ partialArgs: [{ jsonPath: '$.a', numberValue: 1 }], willContinue: true });
    expect(answerOf([start, piece, STOP])).toMatchObject({ calls: [], message: { stop_reason: 'end_turn' } });
    const { calls } = answerOf([start, piece, call({ name: 'now' }), STOP]);
    expect(calls).toMatchObject([{ name: 'now' }]);
  });

  it('is given up where a piece was lost, even if it is out of order', () => {
    const args = [
      { jsonPath: '$.a', numberValue: 1 },
      { jsonPath: 'nowhere', numberValue: 2 },
      { jsonPath: '$.a', numberValue: 3 },
    ];
    const { calls, message } = answerOf(streamed(args), { malformed: 'skip' });
    expect({ calls, reason: message?.stop_reason }).toEqual({ calls: [], reason: 'end_turn' });
    const frames = streamed(args).map((value) => ({ data: JSON.stringify(value) }));
    expect(attempted(gemini, frames).failure).toMatchObject({ code: 'malformed' });
  });

  it('is not the empty one that stands beside its pieces', () => {
    const begun = call({ name: 'book', args: {}, willContinue: true });
    const piece = call({ partialArgs: [{ jsonPath: '$.a', numberValue: 1 }], willContinue: true });
    for (const end of [{}, { args: {} }]) {
      const values = [begun, piece, call(end), STOP];
      expect(answerOf(values).calls).toMatchObject([{ name: 'book', input: { a: 1 } }]);
      expect(read(values).filter(({ type }) => type === 'reset')).toEqual([]);
    }
  });

  it('is not whole where it says that it goes on', () => {
    const values = [call({ name: 'book', args: { a: 1 }, willContinue: true }), STOP];
    const frames = values.map((value) => ({ data: JSON.stringify(value) }));
    expect(attempted(gemini, frames).failure).toMatchObject({ code: 'protocol' });
  });

  it('may end with the whole of it', () => {
    const args = [{ jsonPath: '$.a', stringValue: 'x', willContinue: true }];
    expect(answerOf(streamed(args, { args: { a: 'xyz' } })).calls).toMatchObject([{ input: { a: 'xyz' } }]);
  });

  it('of any shape is the input, in any order', () => {
    fc.assert(
      fc.property(INPUT_OBJECT, fc.nat(), (input, seed) => {
        const args = partialArgsOf(input, '$');
        fc.pre(args.length > 0 && !JSON.stringify(input).match(/\{\}|\[\]/));
        const places = args.map((arg, at) => [((at + 1) * (seed + 7)) % 11, at, arg] as const);
        const disordered = places.sort(([a, b], [c, d]) => a - c || b - d).map(([, , arg]) => arg);
        for (const each of [args, disordered]) {
          expect(answerOf(streamed(each)).calls[0]?.input).toEqual(JSON.parse(JSON.stringify(input)));
        }
      }),
      { numRuns: runs(200) },
    );
  });
});

function partialArgsOf(value: unknown, path: string): readonly object[] {
  if (typeof value === 'string') return [{ jsonPath: path, stringValue: value }];
  if (typeof value === 'number') return [{ jsonPath: path, numberValue: value }];
  if (typeof value === 'boolean') return [{ jsonPath: path, boolValue: value }];
  if (value === null) return [{ jsonPath: path, nullValue: 'NULL_VALUE' }];
  if (Array.isArray(value)) return value.flatMap((item, at) => partialArgsOf(item, `${path}[${at}]`));
  return Object.entries(value as object).flatMap(([name, member]) =>
    partialArgsOf(member, `${path}[${JSON.stringify(name)}]`),
  );
}
