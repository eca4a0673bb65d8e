import { TextEncoder } from 'node:util';
import { from, lastValueFrom, toArray } from 'rxjs';
import type { StreamError } from '../../../src/errors/streamError.js';
import type { StreamEvent } from '../../../src/events/event.js';
import * as events from '../../../src/events/make.js';
import { modelrelay } from '../../../src/modelrelay.js';
import { dropPings } from '../../../src/operators/dropPings.js';
import { toMessage } from '../../../src/operators/toMessage.js';
import { fromBytes } from '../../../src/sources/fromBytes.js';
import { isThorough } from '../../thorough.js';

/** The events of records that came one after another. */
function read(...records: readonly object[]): readonly StreamEvent[] {
  const decoder = modelrelay.decoder();
  return records.flatMap((record) => decoder.next({ data: JSON.stringify(record) }));
}

/** The events of bytes that are all there at once. */
function readBytes(...chunks: readonly Uint8Array[]): readonly StreamEvent[] {
  const found: StreamEvent[] = [];
  fromBytes(chunks, { codec: modelrelay }).subscribe({
    next: (event) => found.push(event),
    error: (error: StreamError) => found.push(events.error(error.code, error.message)),
  });
  return found;
}

const ARGUMENTS = '{"location":"NYC"}';

/** A call of one tool, in two pieces. */
const WEATHER = [
  events.toolUseStart(0, 'call_1', 'get_weather'),
  events.inputJsonDelta(0, '{"location":'),
  events.inputJsonDelta(0, '"NYC"}'),
  events.blockStop(0),
];

const TOOL_RECORDS = [
  {
    tool_call_delta: { index: 0, id: 'call_1', type: 'function', function: { name: 'get_weather' } },
  },
  { tool_call_delta: { index: 0, function: { arguments: '{"location":' } } },
  { tool_call_delta: { index: 0, function: { arguments: '"NYC"}' } } },
  {
    tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'get_weather', arguments: ARGUMENTS } }],
  },
] as const;

const TOOL_NAMES = ['tool_use_start', 'tool_use_delta', 'tool_use_delta', 'tool_use_stop'] as const;

const START = events.messageStart({ id: 'resp-1', model: 'gpt-4o' });

const STREAMS: readonly (readonly [
  what: string,
  records: readonly object[],
  expected: readonly unknown[],
])[] = [
  [
    'v2: text, pings, usage',
    [
      {
        type: 'start',
        request_id: 'resp-1',
        provider: 'openai',
        model: 'gpt-4o',
        stream_mode: 'text-delta',
        stream_version: 'v2',
      },
      { type: 'update', delta: 'Hello', complete_fields: [] },
      { type: 'keepalive' },
      { type: 'update', delta: ' wörld' },
      { type: 'ping' },
      {
        type: 'completion',
        content: 'Hello wörld',
        stop_reason: 'end_turn',
        usage: { input_tokens: 1, output_tokens: 2, total_tokens: 3 },
      },
    ],
    [
      { ...START, message: { ...START.message, provider: 'openai' } },
      events.textStart(0),
      events.textDelta(0, 'Hello'),
      events.ping(),
      events.textDelta(0, ' wörld'),
      events.ping(),
      events.blockStop(0),
      events.messageDelta('end_turn', { input_tokens: 1, output_tokens: 2 }),
      events.messageStop(),
    ],
  ],
  [
    'v2: thinking, a call and its result',
    [
      { type: 'start', request_id: 'resp-1', model: 'gpt-4o' },
      { type: 'reasoning_delta', reasoning_delta: 'Hm' },
      { type: 'reasoning_delta', reasoning_delta: '.' },
      ...TOOL_RECORDS.slice(0, 3).map((fields, at) => ({ type: TOOL_NAMES[at], ...fields })),
      { type: 'tool_use_stop', ...TOOL_RECORDS[3], tool_result: { ok: true } },
      { type: 'completion', stop_reason: 'tool_calls', ...TOOL_RECORDS[3] },
    ],
    [
      START,
      events.thinkingStart(0),
      events.thinkingDelta(0, 'Hm'),
      events.thinkingDelta(0, '.'),
      events.blockStop(0),
      ...WEATHER.map((event) => ({ ...event, index: 1 })),
      events.toolResult('call_1', { ok: true }),
      events.messageDelta('tool_use'),
      events.messageStop(),
    ],
  ],
  [
    'v2: an error',
    [
      { type: 'start', request_id: 'resp-1', model: 'gpt-4o' },
      { type: 'update', delta: 'Hel' },
      { type: 'error', code: 'SERVICE_UNAVAILABLE', message: 'upstream timeout', status: 502 },
    ],
    [
      START,
      events.textStart(0),
      events.textDelta(0, 'Hel'),
      events.blockAbort(0, 'upstream timeout'),
      {
        type: 'error',
        error: { type: 'SERVICE_UNAVAILABLE', message: 'upstream timeout', status: 502 },
      },
    ],
  ],
  [
    'v2: a document',
    [
      { type: 'start', request_id: 'resp-1', model: 'gpt-4o', stream_mode: 'structured-patch' },
      {
        type: 'update',
        patch: [{ op: 'add', path: '/items', value: [{ id: 'one' }] }],
        complete_fields: ['title'],
      },
      { type: 'update', complete_fields: ['items'] },
      { type: 'completion', payload: { items: [{ id: 'one' }, { id: 'two' }] } },
    ],
    [
      START,
      events.unknown('update', {
        type: 'update',
        patch: [{ op: 'add', path: '/items', value: [{ id: 'one' }] }],
        complete_fields: ['title'],
      }),
      events.unknown('update', { type: 'update', complete_fields: ['items'] }),
      events.unknown('completion', {
        type: 'completion',
        payload: { items: [{ id: 'one' }, { id: 'two' }] },
      }),
      events.messageDelta(null),
      events.messageStop(),
    ],
  ],
  [
    'v1',
    [
      { type: 'start', request_id: 'resp-1', model: 'gpt-4o' },
      { type: 'update', payload: { content: 'Hello' }, complete_fields: [] },
      { type: 'update', payload: { content: 'Hello world' } },
      { type: 'completion', payload: { content: 'Hello world!' }, stop_reason: 'stop', usage: {} },
    ],
    [
      START,
      events.textStart(0),
      events.textDelta(0, 'Hello'),
      events.textDelta(0, ' world'),
      events.textDelta(0, '!'),
      events.blockStop(0),
      events.messageDelta('end_turn'),
      events.messageStop(),
    ],
  ],
  [
    'event: all eight, with all their fields',
    [
      {
        event: 'message_start',
        response_id: 'resp-1',
        model: 'gpt-4o',
        state_id: '7a5d3e2c-0d5e-4f0e-9d8b-3b8f5a1c2e4d',
      },
      ...TOOL_RECORDS.map((fields, at) => ({ event: TOOL_NAMES[at], ...fields })),
      { event: 'keepalive' },
      { event: 'message_delta', text_delta: 'Sunny' },
      { event: 'ping' },
      {
        event: 'message_stop',
        stop_reason: 'max_len',
        ...TOOL_RECORDS[3],
        usage: { input_tokens: 5, output_tokens: 7, total_tokens: 12 },
      },
    ],
    [
      {
        ...START,
        message: { ...START.message, state_id: '7a5d3e2c-0d5e-4f0e-9d8b-3b8f5a1c2e4d' },
      },
      ...WEATHER,
      events.ping(),
      events.textStart(1),
      events.textDelta(1, 'Sunny'),
      events.ping(),
      events.blockStop(1),
      events.messageDelta('max_tokens', { input_tokens: 5, output_tokens: 7 }),
      events.messageStop(),
    ],
  ],
  [
    'all three in one stream',
    [
      { event: 'message_start', response_id: 'resp-1', model: 'gpt-4o' },
      { type: 'update', payload: { content: 'a' } },
      { type: 'update', delta: 'b' },
      { event: 'message_delta', text_delta: 'c' },
      { type: ' Completion ', content: 'abc' },
    ],
    [
      START,
      events.textStart(0),
      events.textDelta(0, 'a'),
      events.textDelta(0, 'b'),
      events.textDelta(0, 'c'),
      events.blockStop(0),
      events.messageDelta(null),
      events.messageStop(),
    ],
  ],
];

describe.each(STREAMS)('a stream of %s', (_what, records, expected) => {
  const bytes = new TextEncoder().encode(records.map((record) => `${JSON.stringify(record)}\r\n`).join(''));

  it('is read as its events', () => {
    expect(readBytes(bytes)).toEqual(expected);
  });

  it('is read alike wherever its bytes are cut', () => {
    for (let at = 1; at < bytes.length; at += isThorough ? 1 : 7) {
      expect(readBytes(bytes.subarray(0, at), bytes.subarray(at))).toEqual(expected);
    }
  });
});

describe('a message', () => {
  it.each<[string, object, readonly unknown[]]>([
    ['an update', { type: 'update', delta: 'Hi' }, [events.textStart(0), events.textDelta(0, 'Hi')]],
    [
      'thinking',
      { type: 'reasoning_delta', reasoning_delta: 'Hm' },
      [events.thinkingStart(0), events.thinkingDelta(0, 'Hm')],
    ],
    [
      'a message_delta',
      { event: 'message_delta', text_delta: 'Hi' },
      [events.textStart(0), events.textDelta(0, 'Hi')],
    ],
    ['an empty update', { type: 'update' }, []],
    ['a call', { type: 'tool_use_start', ...TOOL_RECORDS[0] }, [WEATHER[0]]],
    ['a piece of a call', { type: 'tool_use_delta', ...TOOL_RECORDS[1] }, []],
    [
      'a finished call',
      { type: 'tool_use_stop', ...TOOL_RECORDS[3] },
      [WEATHER[0], events.inputJsonDelta(0, ARGUMENTS), WEATHER[3]],
    ],
    [
      'a completion',
      { type: 'completion', content: 'Hi', stop_reason: 'stop' },
      [
        events.textStart(0),
        events.textDelta(0, 'Hi'),
        events.blockStop(0),
        events.messageDelta('end_turn'),
        events.messageStop(),
      ],
    ],
    ['a message_stop', { event: 'message_stop' }, [events.messageDelta(null), events.messageStop()]],
  ])('may begin with %s', (_what, record, expected) => {
    expect(read(record)).toEqual([events.messageStart(), ...expected]);
  });

  it('has what only a later record says of it as a whole', async () => {
    const message = await lastValueFrom(
      from(
        read(
          { type: 'update', delta: 'Hi' },
          { type: 'start', request_id: 'resp-1', model: 'gpt-4o', provider: 'openai' },
          { type: 'completion', content: 'Hi', citations: [{ url: 'https://example.com/', title: 'E' }] },
        ),
      ).pipe(toMessage()),
    );
    expect(message).toMatchObject({
      id: 'resp-1',
      model: 'gpt-4o',
      provider: 'openai',
      citations: [{ url: 'https://example.com/', title: 'E' }],
    });
  });

  it('has the usage that its start tells, until its end tells another', () => {
    const [start] = read({ type: 'start', usage: { input_tokens: 3 } });
    expect(start).toEqual(events.messageStart({ usage: { input_tokens: 3, output_tokens: 0 } }));
  });

  it('is begun once by a start that is repeated, and another by a start after its end', () => {
    const start = { type: 'start', request_id: 'a' };
    expect(read(start, start, { type: 'completion' }, { ...start, request_id: 'b' })).toEqual([
      events.messageStart({ id: 'a' }),
      events.messageDelta(null),
      events.messageStop(),
      events.messageStart({ id: 'b' }),
    ]);
  });

  it('is left as it is by the end of the stream', () => {
    const decoder = modelrelay.decoder();
    decoder.next({ data: '{"type":"update","delta":"Hi"}' });
    expect(decoder.end()).toEqual([]);
  });

  it('that was cancelled gives up what is open', () => {
    const given = read(
      { type: 'update', delta: 'Hi' },
      { type: 'tool_use_start', ...TOOL_RECORDS[0] },
      { type: 'completion', content: 'Hi there', stop_reason: 'cancelled' },
    );
    expect(given.slice(3)).toEqual([
      events.blockStop(0),
      events.toolUseStart(1, 'call_1', 'get_weather'),
      events.textStart(2),
      events.textDelta(2, ' there'),
      events.blockAbort(1, 'The answer was cancelled'),
      events.blockAbort(2, 'The answer was cancelled'),
      events.messageDelta('cancelled' as 'end_turn'),
      events.messageStop(),
    ]);
  });
});

describe('a stop reason', () => {
  it.each([
    ['completed', 'end_turn'],
    ['stop', 'end_turn'],
    ['END_TURN', 'end_turn'],
    ['max_tokens', 'max_tokens'],
    ['max_len', 'max_tokens'],
    ['length', 'max_tokens'],
    ['stop_sequence', 'stop_sequence'],
    ['tool_calls', 'tool_use'],
    ['tool_use', 'tool_use'],
    ['max_context', 'model_context_window_exceeded'],
    ['content_filter', 'refusal'],
    ['time_limit', 'time_limit'],
    ['incomplete', 'incomplete'],
    ['unknown', 'unknown'],
    ['Bored', 'Bored'],
  ])('%s is %s', (relayed, canonical) => {
    expect(read({ type: 'completion', stop_reason: relayed })).toContainEqual(
      events.messageDelta(canonical as 'end_turn'),
    );
  });
});

describe('the whole text', () => {
  it('stands alone where nothing was streamed', () => {
    expect(read({ type: 'start' }, { type: 'completion', content: 'Hi' })).toContainEqual(
      events.textDelta(0, 'Hi'),
    );
  });

  it('replaces a streamed text that it contradicts, and says so', () => {
    const given = read({ type: 'update', delta: 'Hullo' }, { type: 'completion', content: 'Hello' });
    expect(given.slice(3)).toEqual([
      { type: 'reset', attempt: 2, cause: expect.objectContaining({ code: 'protocol' }) as StreamError },
      events.messageStart(),
      events.textStart(0),
      events.textDelta(0, 'Hello'),
      events.blockStop(0),
      events.messageDelta(null),
      events.messageStop(),
    ]);
  });

  it('is no text where it is null, or a document', () => {
    expect(read({ type: 'completion', content: null, payload: null })).toHaveLength(3);
    for (const records of [
      [{ type: 'start', stream_version: 'v2' }],
      [{ type: 'update', patch: [{ op: 'add', path: '/content', value: 'x' }] }],
    ]) {
      const given = read(...records, { type: 'completion', payload: { content: 'x' } });
      expect(given.at(-3)).toMatchObject({ type: 'unknown', name: 'completion' });
    }
    expect(read({ type: 'update', payload: { content: 'x', title: 'y' } })).toMatchObject([
      { type: 'message_start' },
      { type: 'unknown', name: 'update' },
    ]);
  });
});

describe('an update of v1', () => {
  const update = (content: string): object => ({ type: 'update', payload: { content } });

  it.each<[string, readonly string[], readonly string[]]>([
    ['repeats the text', ['a', 'a'], ['a', '']],
    ['falls back', ['ab', 'a', 'abc'], ['ab', 'c']],
    ['is a piece, as are all after it', ['ab', 'cd', 'c'], ['ab', 'cd', 'c']],
  ])('gives what is new where it %s', (_what, contents, pieces) => {
    expect(read(...contents.map(update)).slice(2)).toEqual(pieces.map((piece) => events.textDelta(0, piece)));
  });
});

describe('pings', () => {
  it('of both names are dropped alike', async () => {
    const given = read({ type: 'ping' }, { type: 'KeepAlive' }, { event: 'ping' }, { event: 'keepalive' });
    expect(given).toEqual(Array.from({ length: 4 }, events.ping));
    expect(await lastValueFrom(from(given).pipe(dropPings(), toArray()))).toEqual([]);
  });
});

describe('an error', () => {
  it.each<[string, object, StreamEvent]>([
    [
      'with an id',
      { type: 'error', code: 'X', message: 'No', request_id: 'req' },
      events.error('X', 'No', 'req'),
    ],
    [
      'of nothing',
      { type: 'error' },
      events.error('api_error', 'The server sent an error without a message'),
    ],
    [
      'of other types',
      { type: 'error', code: 7, message: [], status: true },
      events.error('api_error', 'The server sent an error without a message'),
    ],
    ['of the dialect event', { event: 'error', code: 'X', message: 'No' }, events.error('X', 'No')],
  ])('is told %s, with or without a message', (_what, record, expected) => {
    expect(read(record)).toEqual([expected]);
    expect(read({ type: 'start' }, record)).toEqual([events.messageStart(), expected]);
    expect(read({ type: 'completion' }, record).at(-1)).toEqual(expected);
  });
});
