import type { StreamEvent } from '../../../src/events/event.js';
import * as events from '../../../src/events/make.js';
import { modelrelay } from '../../../src/modelrelay.js';

/** What the records say after the start of their message. */
function read(...records: readonly object[]): readonly StreamEvent[] {
  const decoder = modelrelay.decoder();
  return records.flatMap((record) => decoder.next({ data: JSON.stringify(record) })).slice(1);
}

function start(tool_call_delta: object): object {
  return { type: 'tool_use_start', tool_call_delta };
}

function piece(index: number, text: string): object {
  return { type: 'tool_use_delta', tool_call_delta: { index, function: { arguments: text } } };
}

function stop(...tool_calls: readonly object[]): object {
  return { type: 'tool_use_stop', tool_calls };
}

function call(id: string, input?: string, name = 'f'): object {
  return { id, type: 'function', ...(input !== undefined && { function: { name, arguments: input } }) };
}

const A = { index: 0, id: 'a', type: 'function', function: { name: 'f' } };
const B = { index: 1, id: 'b', type: 'function', function: { name: 'g' } };

/** A whole call as a block. */
function block(
  index: number,
  id: string,
  name: string,
  ...pieces: readonly string[]
): readonly StreamEvent[] {
  return [
    events.toolUseStart(index, id, name),
    ...pieces.map((text) => events.inputJsonDelta(index, text)),
    events.blockStop(index),
  ];
}

const ENDED = [events.messageDelta(null), events.messageStop()];

describe('a call', () => {
  it.each<[string, readonly object[], readonly unknown[]]>([
    [
      'that ends as it was streamed',
      [start(A), piece(0, '{"x":1}'), stop(call('a', '{ "x": 1 }'))],
      block(0, 'a', 'f', '{"x":1}'),
    ],
    [
      'that ends with more',
      [start(A), piece(0, '{"x"'), stop(call('a', '{"x":1}'))],
      block(0, 'a', 'f', '{"x"', ':1}'),
    ],
    ['without an input', [start(A), stop(call('a', '{}'))], block(0, 'a', 'f')],
    ['whose end says no input', [start(A), piece(0, '{}'), stop(call('a', ''))], block(0, 'a', 'f', '{}')],
    [
      'that a single one ends',
      [start(A), { type: 'tool_use_stop', tool_call: call('a', '{}') }],
      block(0, 'a', 'f'),
    ],
    [
      'whose end names it by its number',
      [start(A), piece(0, '{}'), { type: 'tool_use_stop', tool_call_delta: { index: 0 } }],
      block(0, 'a', 'f', '{}'),
    ],
    [
      'whose end names nothing',
      [start(A), piece(0, '{}'), { type: 'tool_use_stop' }],
      block(0, 'a', 'f', '{}'),
    ],
    [
      'whose end has no id',
      [start(A), piece(0, '{}'), stop({ function: { name: 'f', arguments: '{}' } })],
      block(0, 'a', 'f', '{}'),
    ],
    ['that is not streamed', [stop(call('a', '{"x":1}'))], block(0, 'a', 'f', '{"x":1}')],
    [
      'that only the completion tells',
      [{ type: 'completion', tool_calls: [call('a', '{}')] }],
      [...block(0, 'a', 'f'), ...ENDED],
    ],
    ['that only the completion ends', [start(A), { type: 'completion' }], [...block(0, 'a', 'f'), ...ENDED]],
    [
      'in fields of the record',
      [
        { type: 'tool_use_start', index: 0, id: 'a', name: 'f', tool_type: 'function' },
        { type: 'tool_use_delta', index: 0, arguments: '{}' },
        { type: 'tool_use_stop', id: 'a' },
      ],
      block(0, 'a', 'f', '{}'),
    ],
    ['of another type than function', [stop({ id: 'a', type: 'web' })], block(0, 'a', 'web')],
    [
      'whose name comes late',
      [
        start({ index: 0, id: 'a' }),
        piece(0, '{'),
        { type: 'tool_use_delta', tool_call_delta: { index: 0, function: { name: 'f', arguments: '}' } } },
        stop(call('a', '{}')),
      ],
      block(0, 'a', 'f', '{', '}'),
    ],
    [
      'whose id comes at the end',
      [start({ index: 0, function: { name: 'f' } }), piece(0, '{}'), stop(call('a', '{}'))],
      block(0, 'a', 'f', '{}'),
    ],
    [
      'that was not announced',
      [{ type: 'tool_use_delta', tool_call_delta: A }, piece(0, '{}'), stop(call('a', '{}'))],
      block(0, 'a', 'f', '{}'),
    ],
    [
      'announced with empty fields',
      [
        start({ ...A, function: { name: 'f', arguments: '' } }),
        {
          type: 'tool_use_delta',
          tool_call_delta: { index: 0, id: '', function: { name: '', arguments: '' } },
        },
        stop(call('a')),
      ],
      block(0, 'a', 'f', ''),
    ],
    ['that is announced twice', [start(A), start(A), stop(call('a', '{}'))], block(0, 'a', 'f')],
    [
      'of a number that another had',
      [start(A), stop(call('a')), start({ ...B, index: 0 }), piece(0, '{}'), stop(call('b', '{}', 'g'))],
      [...block(0, 'a', 'f'), ...block(1, 'b', 'g', '{}')],
    ],
    [
      'of a number that another has',
      [start(A), start({ ...B, index: 0 }), piece(0, '1'), stop(call('a', '2')), stop(call('b', '1', 'g'))],
      [
        events.toolUseStart(0, 'a', 'f'),
        events.toolUseStart(1, 'b', 'g'),
        events.inputJsonDelta(1, '1'),
        events.inputJsonDelta(0, '2'),
        events.blockStop(0),
        events.blockStop(1),
      ],
    ],
    [
      'without a number',
      [
        start({ id: 'a', function: { name: 'f' } }),
        { type: 'tool_use_delta', tool_call_delta: { function: { arguments: '{}' } } },
        stop(call('a')),
      ],
      block(0, 'a', 'f', '{}'),
    ],
    [
      'in the dialect event',
      [
        { event: 'tool_use_start', tool_call_delta: A },
        { event: 'tool_use_delta', tool_call_delta: { index: 0, function: { arguments: '{}' } } },
        { event: 'message_stop', tool_calls: [call('a', '{}')] },
      ],
      [...block(0, 'a', 'f', '{}'), ...ENDED],
    ],
  ])('%s is one block', (_what, records, expected) => {
    expect(read(...records)).toEqual(expected);
  });

  it('that contradicts its end is told anew', () => {
    const given = read(start(A), piece(0, '{"x":1}'), stop(call('a', '{"x":2}')));
    expect(given.slice(2)).toMatchObject([
      { type: 'reset', attempt: 2, cause: { code: 'protocol' } },
      events.messageStart(),
      ...block(0, 'a', 'f', '{"x":2}'),
    ]);
  });

  it('that is missing among all calls is given up', () => {
    const given = read(start(A), start(B), { type: 'completion', tool_calls: [call('b', '{}', 'g')] });
    expect(given.slice(2)).toEqual([
      events.blockStop(1),
      events.blockAbort(0, 'The call is not among those that were finished'),
      ...ENDED,
    ]);
  });

  it('grows beside another', () => {
    const given = read(
      start(A),
      start(B),
      piece(1, '1'),
      piece(0, '2'),
      stop(call('a', '2'), call('b', '1', 'g')),
    );
    expect(given.slice(2)).toEqual([
      events.inputJsonDelta(1, '1'),
      events.inputJsonDelta(0, '2'),
      events.blockStop(0),
      events.blockStop(1),
    ]);
  });

  it('parts the text before it from the text after it', () => {
    const given = read({ type: 'update', delta: 'a' }, start(A), { type: 'update', delta: 'b' });
    expect(given.map((event) => ('index' in event ? event.index : undefined))).toEqual([0, 0, 0, 1, 2, 2]);
  });
});

describe('what a call gave', () => {
  it.each<[string, readonly object[], readonly unknown[]]>([
    [
      'ends it',
      [start(A), { ...stop(call('a', '{}')), tool_result: 'ok' }],
      [...block(0, 'a', 'f'), events.toolResult('a', 'ok')],
    ],
    [
      'may come after its end',
      [start(A), stop(call('a', '{}')), { ...stop(call('a')), tool_result: null }],
      [...block(0, 'a', 'f'), events.toolResult('a', null)],
    ],
    [
      'may come before its end',
      [start(A), { ...stop(call('a')), tool_result: 1 }, stop(call('a', '{}'))],
      [events.toolUseStart(0, 'a', 'f'), events.toolResult('a', 1), events.blockStop(0)],
    ],
    [
      'is of the call that ended last where none is named',
      [start(A), { type: 'tool_use_stop', tool_result: 1 }],
      [...block(0, 'a', 'f'), events.toolResult('a', 1)],
    ],
    [
      'is of the call that its number names',
      [start(A), start(B), { type: 'tool_use_stop', index: 0, tool_result: 1 }],
      [
        events.toolUseStart(0, 'a', 'f'),
        events.toolUseStart(1, 'b', 'g'),
        events.blockStop(0),
        events.toolResult('a', 1),
      ],
    ],
  ])('%s', (_what, records, expected) => {
    expect(read(...records)).toEqual(expected);
  });
});
