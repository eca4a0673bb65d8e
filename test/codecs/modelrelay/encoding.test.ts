import type { Codec } from '../../../src/codecs/codec.js';
import { policed, type DecodeOptions } from '../../../src/codecs/policed.js';
import { StreamError } from '../../../src/errors/streamError.js';
import type { StreamEvent } from '../../../src/events/event.js';
import * as events from '../../../src/events/make.js';
import {
  modelrelay,
  modelrelayDialect,
  modelRelayRecordSchema,
  ndjsonStreamEventSchema,
  responsesStreamEnvelopeSchema,
  responsesStreamRecordV1Schema,
  type ModelRelayDialect,
} from '../../../src/modelrelay.js';
import { isValid } from '../conformance/valid.js';

function written(codec: Codec, given: readonly StreamEvent[]): readonly unknown[] {
  const encoder = codec.encoder();
  return [...given.flatMap((event) => encoder.next(event)), ...encoder.end()].map(({ data }): unknown =>
    JSON.parse(data),
  );
}

function readBack(codec: Codec, given: readonly StreamEvent[]): readonly StreamEvent[] {
  const [encoder, decoder] = [codec.encoder(), codec.decoder()];
  return given.flatMap((event) => encoder.next(event)).flatMap((frame) => decoder.next(frame));
}

function failure(data: string | object, options?: DecodeOptions, ...before: readonly object[]): StreamError {
  const decoder = policed(modelrelay, options);
  for (const record of before) decoder.next({ data: JSON.stringify(record) });
  try {
    decoder.next({ data: typeof data === 'string' ? data : JSON.stringify(data) });
  } catch (error) {
    if (error instanceof StreamError) return error;
    throw error;
  }
  throw new Error('The record was read');
}

const ANSWER: readonly StreamEvent[] = [
  events.messageStart({ id: 'resp-1', model: 'gpt-4o', usage: { input_tokens: 3 } }),
  events.thinkingStart(0),
  events.thinkingDelta(0, 'Hm'),
  events.signatureDelta(0, 'c2ln'),
  events.blockStop(0),
  events.textStart(1),
  events.textDelta(1, 'He'),
  events.ping(),
  events.textDelta(1, 'llo'),
  events.blockStop(1),
  events.toolUseStart(2, 'call_1', 'f'),
  events.inputJsonDelta(2, '{}'),
  events.blockStop(2),
  events.toolResult('call_1', { ok: true }),
  events.messageDelta('tool_use', { output_tokens: 4 }),
  events.messageStop(),
];

const CALL = { id: 'call_1', type: 'function', function: { name: 'f', arguments: '{}' } };
const ENDING = {
  tool_calls: [CALL],
  stop_reason: 'tool_calls',
  usage: { input_tokens: 3, output_tokens: 4, total_tokens: 7 },
};

describe('the encoder', () => {
  it.each<[ModelRelayDialect, readonly object[]]>([
    [
      'v2',
      [
        { type: 'start', request_id: 'resp-1', model: 'gpt-4o', stream_version: 'v2' },
        { type: 'reasoning_delta', reasoning_delta: 'Hm' },
        { type: 'update', delta: 'He' },
        { type: 'keepalive' },
        { type: 'update', delta: 'llo' },
        {
          type: 'tool_use_start',
          tool_call_delta: { index: 0, id: 'call_1', type: 'function', function: { name: 'f' } },
        },
        { type: 'tool_use_delta', tool_call_delta: { index: 0, function: { arguments: '{}' } } },
        { type: 'tool_use_stop', tool_calls: [CALL] },
        { type: 'tool_use_stop', tool_calls: [CALL], tool_result: { ok: true } },
        { type: 'completion', content: 'Hello', ...ENDING },
      ],
    ],
    [
      'v1',
      [
        { type: 'start', request_id: 'resp-1', model: 'gpt-4o' },
        { type: 'update', payload: { content: 'He' } },
        { type: 'keepalive' },
        { type: 'update', payload: { content: 'Hello' } },
        {
          type: 'tool_use_start',
          tool_call_delta: { index: 0, id: 'call_1', type: 'function', function: { name: 'f' } },
        },
        { type: 'tool_use_delta', tool_call_delta: { index: 0, function: { arguments: '{}' } } },
        { type: 'tool_use_stop', tool_calls: [CALL] },
        { type: 'completion', payload: { content: 'Hello' }, ...ENDING },
      ],
    ],
    [
      'event',
      [
        { event: 'message_start', response_id: 'resp-1', model: 'gpt-4o' },
        { event: 'message_delta', text_delta: 'He' },
        { event: 'ping' },
        { event: 'message_delta', text_delta: 'llo' },
        {
          event: 'tool_use_start',
          tool_call_delta: { index: 0, id: 'call_1', type: 'function', function: { name: 'f' } },
        },
        { event: 'tool_use_delta', tool_call_delta: { index: 0, function: { arguments: '{}' } } },
        { event: 'tool_use_stop', tool_calls: [CALL] },
        { event: 'message_stop', ...ENDING },
      ],
    ],
  ])('writes %s', (dialect, records) => {
    const codec = modelrelayDialect(dialect);
    expect(written(codec, ANSWER)).toEqual(records);
    for (const record of records) expect(isValid(codec.schema, record)).toBe(true);
  });

  it('writes v2 by default, and each codec has a name of its own', () => {
    expect(written(modelrelay, ANSWER)).toEqual(written(modelrelayDialect('v2'), ANSWER));
    expect((['event', 'v1', 'v2'] as const).map((dialect) => modelrelayDialect(dialect).name)).toEqual([
      'modelrelay-event',
      'modelrelay-v1',
      'modelrelay',
    ]);
  });

  it.each<ModelRelayDialect>(['v2', 'v1', 'event'])('in %s is undone by decoding', (dialect) => {
    const codec = modelrelayDialect(dialect);
    const given = [
      events.messageStart({ id: 'resp-1', model: 'gpt-4o' }),
      events.textStart(0),
      events.textDelta(0, ''),
      events.textDelta(0, 'Hi\r\n'),
      events.ping(),
      events.textDelta(0, '\u2028'),
      events.blockStop(0),
      events.toolUseStart(1, 'a', 'f'),
      events.inputJsonDelta(1, ''),
      events.unknown('heartbeat', { type: 'heartbeat', n: 1 }),
      events.inputJsonDelta(1, '{"x": 1}'),
      events.blockStop(1),
      events.toolUseStart(2, 'b', 'g'),
      events.blockStop(2),
      events.messageDelta('model_context_window_exceeded', { input_tokens: 0, output_tokens: 9 }),
      events.messageStop(),
      events.messageStart({ id: 'resp-2' }),
      events.error('overloaded_error', 'Overloaded', 'req_1'),
    ];
    expect(readBack(codec, given)).toEqual(given);
  });

  it.each([
    'end_turn',
    'max_tokens',
    'stop_sequence',
    'tool_use',
    'pause_turn',
    'refusal',
    'model_context_window_exceeded',
    'compaction',
    'cancelled',
    null,
  ])('keeps the stop reason %s', (reason) => {
    const given = [events.messageStart(), events.messageDelta(reason as 'end_turn'), events.messageStop()];
    expect(readBack(modelrelay, given)).toEqual(given);
  });

  it('keeps a document, and the end that its record tells', () => {
    const records = [
      { type: 'start', request_id: 'resp-1', stream_version: 'v2' },
      { type: 'update', patch: [{ op: 'add', path: '/a', value: 1 }], complete_fields: ['a'] },
      { type: 'completion', payload: { a: 1 }, stop_reason: 'stop', usage: { output_tokens: 1 } },
    ];
    const decoder = modelrelay.decoder();
    const given = records.flatMap((record) => decoder.next({ data: JSON.stringify(record) }));
    expect(written(modelrelay, given)).toEqual(records);
  });

  it('writes a foreign event under its name', () => {
    const foreign = [
      events.unknown('x', { a: 1 }),
      events.unknown('x', { type: 'y' }),
      events.unknown('x', 7),
    ];
    expect(written(modelrelay, foreign)).toEqual([
      { type: 'x', a: 1 },
      { type: 'x' },
      { type: 'x', data: 7 },
    ]);
    expect(written(modelrelayDialect('event'), foreign)[0]).toEqual({ event: 'x', a: 1 });
  });

  it.each<[ModelRelayDialect, object, object]>([
    ['v2', { provider: 'openai' }, { provider: 'openai', citations: [{ url: 'https://example.com/' }] }],
    ['v1', { provider: 'openai' }, { provider: 'openai' }],
    ['event', { state_id: 's' }, { state_id: 's' }],
  ])('in %s writes what it has a field for of the service’s own', (dialect, atStart, atEnd) => {
    const start = events.messageStart();
    const fields = { provider: 'openai', state_id: 's', citations: [{ url: 'https://example.com/' }] };
    const [first, last] = written(modelrelayDialect(dialect), [
      { ...start, message: { ...start.message, ...fields } },
      { ...events.messageDelta('end_turn'), ...fields },
      events.messageStop(),
    ]);
    expect(first).toMatchObject(atStart);
    expect(last).toMatchObject(atEnd);
  });

  it('tells each cited page once, at the end', () => {
    const cited = (url: string): StreamEvent =>
      events.citationsDelta(0, {
        type: 'web_search_result_location',
        url,
        title: 'T',
        cited_text: '',
        encrypted_index: '',
      });
    const given = [
      events.messageStart(),
      events.textStart(0),
      cited('a'),
      cited('b'),
      cited('a'),
      events.messageStop(),
    ];
    expect(written(modelrelay, given).at(-1)).toMatchObject({
      citations: [
        { url: 'a', title: 'T' },
        { url: 'b', title: 'T' },
      ],
    });
  });

  it('writes content that a block or a message starts with', () => {
    const given = [
      events.messageStart({
        content: [{ type: 'text', text: 'Hi', citations: null }],
        stop_reason: 'end_turn',
      }),
      events.textStart(1, ' there'),
      events.toolUseStart(2, 'a', 'f', { x: 1 }),
      events.blockStop(2),
      events.messageStop(),
    ];
    expect(written(modelrelay, given).at(-1)).toMatchObject({
      content: 'Hi there',
      tool_calls: [{ id: 'a', function: { arguments: '{"x":1}' } }],
      stop_reason: 'end_turn',
    });
  });

  it('leaves out what it has no field for', () => {
    const given = [
      events.serverToolUseStart(0, 's', 'web_search'),
      events.inputJsonDelta(0, '{}'),
      events.blockStop(0),
      events.redactedThinkingStart(1, 'x'),
      events.blockStop(1),
    ];
    expect(written(modelrelay, given)).toEqual([]);
  });

  it('keeps the status of an error', () => {
    const error = events.error('X', 'No');
    const given = { ...error, error: { ...error.error, status: 502 } };
    expect(readBack(modelrelay, [given])).toEqual([given]);
  });

  it('lets a reader give up the call that was given up', () => {
    const given = [
      events.messageStart(),
      events.toolUseStart(0, 'a', 'f'),
      events.inputJsonDelta(0, '{}'),
      events.blockAbort(0, 'Why'),
      events.messageDelta('tool_use'),
      events.messageStop(),
    ];
    expect(readBack(modelrelay, given)).toMatchObject([
      ...given.slice(0, 3),
      { type: 'block_abort', index: 0 },
      ...given.slice(4),
    ]);
  });

  it.each(['v2', 'v1', 'event'] as const)(
    'fails in %s where an answer begins anew, before a reader takes a call of the failed attempt for one to run',
    (dialect) => {
      const attempt = (text: string, id: string): readonly StreamEvent[] => [
        events.messageStart({ id: 'resp-1' }),
        events.textStart(0),
        events.textDelta(0, text),
        events.blockStop(0),
        events.toolUseStart(1, id, 'f'),
        events.inputJsonDelta(1, '{}'),
        events.blockStop(1),
      ];
      const end = [events.messageDelta('tool_use'), events.messageStop()];
      const again = [events.reset(2, null), ...attempt('New', 'b'), ...end];
      const arrived = readBack(modelrelayDialect(dialect), [...attempt('Old', 'a'), ...again]);
      expect(arrived.at(-1)).toMatchObject({ type: 'error', error: { type: 'api_error' } });
      expect(JSON.stringify(arrived)).not.toMatch(/New|"b"|message_stop/);
    },
  );
});

describe('what is not known', () => {
  it('passes under the name that it has', () => {
    const strange = { type: ' Heartbeat', n: 1 };
    expect(modelrelay.decoder().next({ data: JSON.stringify(strange) })).toEqual([
      events.unknown(' Heartbeat', strange),
    ]);
    expect(modelrelay.decoder().next({ data: '{"event":"update"}' })).toEqual([
      events.unknown('update', { event: 'update' }),
    ]);
    expect(policed(modelrelay, { unknown: 'skip' }).next({ data: '{"type":"constructor"}' })).toEqual([]);
    expect(failure({ type: 'x' }, { unknown: 'error' })).toMatchObject({
      code: 'malformed',
      raw: '{"type":"x"}',
    });
  });
});

describe('a record that is nearly a frequent one', () => {
  const delta = { index: 0, function: { arguments: '' } };

  it.each<[string, object]>([
    ['a delta', { type: 'x', delta: 'Hi' }],
    ['a delta and no complete fields', { type: 'x', delta: 'Hi', complete_fields: [] }],
    ['a text_delta', { event: 'x', text_delta: 'Hi' }],
    ['a tool_call_delta', { type: 'x', tool_call_delta: delta }],
  ])('is not known for %s', (_what, record) => {
    const decoder = modelrelay.decoder();
    decoder.next({ data: '{"type":"start"}' });
    expect(decoder.next({ data: JSON.stringify(record) })).toMatchObject([{ type: 'unknown', data: record }]);
  });

  it.each<[string, object]>([
    ['a text', { event: 'message_delta', text_delta: 7 }],
    ['complete fields', { type: 'update', delta: 'Hi', complete_fields: [7] }],
    ['a number', { type: 'tool_use_delta', tool_call_delta: { ...delta, index: 0.5 } }],
    ['an input', { type: 'tool_use_delta', tool_call_delta: { index: 0, function: { arguments: 7 } } }],
  ])('is malformed where it has no %s', (_what, record) => {
    expect(failure(record, {}, { type: 'start' })).toMatchObject({ code: 'malformed' });
  });
});

describe('what cannot be read', () => {
  it.each<[string, string]>([
    ['no JSON', '{"type":'],
    ['null', 'null'],
    ['an array', '[{"type":"ping"}]'],
    ['no name', '{"delta":"Hi"}'],
    ['an empty name', '{"type":" "}'],
    ['a name that is no text', '{"type":7}'],
    ['a delta that is no text', '{"type":"update","delta":7}'],
    ['a text_delta that is no text', '{"event":"message_delta","text_delta":7}'],
    ['a content that is no text', '{"type":"completion","content":{}}'],
    ['thinking that is no text', '{"type":"reasoning_delta","reasoning_delta":[]}'],
    ['usage that is no number', '{"type":"completion","usage":{"input_tokens":"1"}}'],
    ['a patch that is none', '{"type":"update","patch":[1]}'],
    ['a call that is none', '{"type":"tool_use_start"}'],
    ['a number of a call that is none', '{"type":"tool_use_delta","tool_call_delta":{"index":-1}}'],
    [
      'arguments that are no text',
      '{"type":"tool_use_stop","tool_calls":[{"id":"a","function":{"arguments":{}}}]}',
    ],
    ['a long text', `{"type":"update","delta":7,"x":"${'x'.repeat(500)}"}`],
  ])('is malformed, or skipped where the caller says so: %s', (_what, data) => {
    const error = failure(data);
    expect(error).toMatchObject({ code: 'malformed', retryable: data === '{"type":' });
    expect(error.raw?.length).toBe(Math.min(200, data.length));
    expect(policed(modelrelay, { malformed: 'skip' }).next({ data })).toEqual([]);
  });

  it('says where', () => {
    expect(failure('{"type":"update","delta":7}').message).toMatch(/^update\.delta must be /);
  });

  const START = { type: 'tool_use_start', tool_call_delta: { index: 0, id: 'a', function: { name: 'f' } } };
  const STOP = { type: 'tool_use_stop' };

  it.each<[string, object, readonly object[]]>([
    ['another answer', { type: 'update', delta: '', request_id: 'b' }, [{ type: 'start', request_id: 'a' }]],
    ['another start', { event: 'message_start', response_id: 'b' }, [{ type: 'start', request_id: 'a' }]],
    ['another version', { type: 'start', stream_version: 'v3' }, []],
    ['text after the end', { type: 'update', delta: 'Hi' }, [{ type: 'completion' }]],
    ['a second end', { event: 'message_stop' }, [{ type: 'completion' }]],
    ['text after an error', { event: 'message_delta', text_delta: 'Hi' }, [{ type: 'error' }]],
    [
      'a piece after the end of its call',
      { type: 'tool_use_delta', tool_call_delta: { index: 0, function: { arguments: '{' } } },
      [START, STOP],
    ],
    [
      'another name',
      { type: 'tool_use_delta', tool_call_delta: { index: 0, function: { name: 'g' } } },
      [START],
    ],
    ['a result of no call', { ...STOP, tool_result: 1 }, []],
  ])('contradicts what came before: %s', (_what, record, before) => {
    expect(failure(record, {}, ...before)).toMatchObject({ code: 'protocol', raw: JSON.stringify(record) });
  });
});

describe('a schema', () => {
  it('takes the records of its own dialect', () => {
    const founding = { event: 'message_delta', text_delta: 'Hi' };
    const v1 = { type: 'update', payload: { content: 'Hi' } };
    const v2 = { type: 'Update', delta: 'Hi', complete_fields: [] };
    expect([founding, v1, v2].map((record) => ndjsonStreamEventSchema.safeParse(record).success)).toEqual([
      true,
      false,
      false,
    ]);
    expect(
      [founding, v1, v2].map((record) => responsesStreamEnvelopeSchema.safeParse(record).success),
    ).toEqual([false, true, true]);
    expect(responsesStreamRecordV1Schema.safeParse(v1).success).toBe(true);
    expect(responsesStreamRecordV1Schema.safeParse({ ...v1, payload: 'Hi' }).success).toBe(false);
    for (const record of [founding, v1, v2])
      expect(modelRelayRecordSchema.safeParse(record).success).toBe(true);
    expect(modelRelayRecordSchema.safeParse({ type: 'message_start' }).success).toBe(false);
  });
});
