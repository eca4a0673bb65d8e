import type { StreamEvent } from '../../src/events/event.js';
import * as events from '../../src/events/make.js';
import {
  modelrelayDialect,
  modelRelayRecordSchema,
  ndjsonStreamEventSchema,
  type ModelRelayRecord,
  type NdjsonStreamEvent,
} from '../../src/modelrelay.js';

const STATE = '0b0d6f6e-3c0e-4b53-9a53-0a5d3f6e7c11';
const CALL = {
  id: 'call_1',
  type: 'function',
  function: { name: 'get_weather', arguments: '{"city":"Tokyo"}' },
} as const;
const START = events.messageStart({ id: 'resp-1', model: 'gpt-4o' });

/** Records of all kinds, in the order of an answer, with every field; and what each is read as. */
const RECORDS: readonly (readonly [
  kind: NdjsonStreamEvent['event'],
  record: NdjsonStreamEvent,
  read: readonly unknown[],
])[] = [
  [
    'message_start',
    { event: 'message_start', response_id: 'resp-1', model: 'gpt-4o', state_id: STATE },
    [{ ...START, message: { ...START.message, state_id: STATE } }],
  ],
  [
    'message_delta',
    { event: 'message_delta', text_delta: 'Let me look' },
    [events.textStart(0), events.textDelta(0, 'Let me look')],
  ],
  ['ping', { event: 'ping' }, [events.ping()]],
  ['keepalive', { event: 'keepalive' }, [events.ping()]],
  [
    'tool_use_start',
    {
      event: 'tool_use_start',
      tool_call_delta: { index: 0, id: 'call_1', type: 'function', function: { name: 'get_weather' } },
    },
    [events.blockStop(0), events.toolUseStart(1, 'call_1', 'get_weather')],
  ],
  [
    'tool_use_delta',
    {
      event: 'tool_use_delta',
      tool_call_delta: { index: 0, function: { arguments: '{"city":"Tokyo"}' } },
    },
    [events.inputJsonDelta(1, '{"city":"Tokyo"}')],
  ],
  ['tool_use_stop', { event: 'tool_use_stop', tool_calls: [CALL] }, [events.blockStop(1)]],
  [
    'message_stop',
    {
      event: 'message_stop',
      stop_reason: 'tool_calls',
      tool_calls: [CALL],
      usage: { input_tokens: 3, output_tokens: 4, total_tokens: 7 },
    },
    [events.messageDelta('tool_use', { input_tokens: 3, output_tokens: 4 }), events.messageStop()],
  ],
];

const codec = modelrelayDialect('event');

/** The events of each record, of all that came one after another. */
function read(): ReadonlyMap<string, readonly StreamEvent[]> {
  const decoder = codec.decoder();
  return new Map(RECORDS.map(([kind, record]) => [kind, decoder.next({ data: JSON.stringify(record) })]));
}

describe('a record of the crate', () => {
  it.each(RECORDS)('is accepted by the schema: %s', (kind, record) => {
    expect(ndjsonStreamEventSchema.safeParse(record)).toMatchObject({ success: true, data: record });
    expect(ndjsonStreamEventSchema.safeParse({ ...record, event: `${kind}ed` }).success).toBe(false);
  });

  it.each(RECORDS)('is read: %s', (kind, _record, expected) => {
    expect(read().get(kind)).toEqual(expected);
  });

  it.each(RECORDS)('is written again with all its fields: %s', (kind, record) => {
    const encoder = codec.encoder();
    const frames = [...[...read().values()].flat().flatMap((event) => encoder.next(event)), ...encoder.end()];
    const written = frames.map(({ data }) => JSON.parse(data) as unknown);
    expect(written).toContainEqual(kind === 'keepalive' ? { event: 'ping' } : record);
    expect(written).toHaveLength(RECORDS.length);
  });

  it('is any record of the service', () => {
    const records: readonly ModelRelayRecord[] = RECORDS.map(([, record]) => record);
    for (const record of records) expect(modelRelayRecordSchema.safeParse(record).success).toBe(true);
  });
});
