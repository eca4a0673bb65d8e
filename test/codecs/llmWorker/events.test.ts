import {
  workerEvents,
  workerEventSchema,
  workerEventSchemas,
  type WorkerEvent,
} from '../../../src/llm-worker.js';

/** Every event of the crate, by each way to make it, and its JSON as serde writes it. */
const SPELLED: readonly (readonly [what: string, event: WorkerEvent, json: string])[] = [
  ['ping', workerEvents.ping(), '{"Ping":{"timestamp":null}}'],
  [
    'usage',
    workerEvents.usage(409, 3),
    '{"Usage":{"input_tokens":409,"output_tokens":3,"total_tokens":412,"cache_read_input_tokens":null,"cache_creation_input_tokens":null}}',
  ],
  ['status', workerEvents.status('Completed'), '{"Status":{"status":"Completed"}}'],
  [
    'error',
    workerEvents.error('overloaded_error', 'Overloaded'),
    '{"Error":{"code":"overloaded_error","message":"Overloaded"}}',
  ],
  ['an error without a code', workerEvents.error(null, 'No'), '{"Error":{"code":null,"message":"No"}}'],
  [
    'text_block_start',
    workerEvents.textBlockStart(0),
    '{"BlockStart":{"index":0,"block_type":"Text","metadata":"Text"}}',
  ],
  ['text_delta', workerEvents.textDelta(0, 'Hi'), '{"BlockDelta":{"index":0,"delta":{"Text":"Hi"}}}'],
  [
    'text_block_stop with a stop reason',
    workerEvents.textBlockStop(0, 'EndTurn'),
    '{"BlockStop":{"index":0,"block_type":"Text","stop_reason":"EndTurn"}}',
  ],
  [
    'text_block_stop without one',
    workerEvents.textBlockStop(0),
    '{"BlockStop":{"index":0,"block_type":"Text","stop_reason":null}}',
  ],
  [
    'tool_use_start',
    workerEvents.toolUseStart(1, 'toolu_1', 'get_weather'),
    '{"BlockStart":{"index":1,"block_type":"ToolUse","metadata":{"ToolUse":{"id":"toolu_1","name":"get_weather"}}}}',
  ],
  [
    'tool_input_delta',
    workerEvents.toolInputDelta(1, '{"city":'),
    '{"BlockDelta":{"index":1,"delta":{"InputJson":"{\\"city\\":"}}}',
  ],
  [
    'tool_use_stop',
    workerEvents.toolUseStop(1),
    '{"BlockStop":{"index":1,"block_type":"ToolUse","stop_reason":"ToolUse"}}',
  ],
  [
    'a thinking block',
    workerEvents.thinkingBlockStart(2),
    '{"BlockStart":{"index":2,"block_type":"Thinking","metadata":"Thinking"}}',
  ],
  ['thinking', workerEvents.thinkingDelta(2, 'Hm'), '{"BlockDelta":{"index":2,"delta":{"Thinking":"Hm"}}}'],
  [
    'the stop of thinking',
    workerEvents.thinkingBlockStop(2),
    '{"BlockStop":{"index":2,"block_type":"Thinking","stop_reason":null}}',
  ],
  [
    'the stop of thinking with its signature',
    workerEvents.thinkingBlockStop(2, { id: null, text: 'Hm', summary: [], signature: 'c2ln' }),
    '{"BlockStop":{"index":2,"block_type":"Thinking","stop_reason":null,"reasoning":{"id":null,"text":"Hm","summary":[],"signature":"c2ln"}}}',
  ],
  [
    'a tool result',
    workerEvents.toolResultStart(3, 'toolu_1'),
    '{"BlockStart":{"index":3,"block_type":"ToolResult","metadata":{"ToolResult":{"tool_use_id":"toolu_1"}}}}',
  ],
  [
    'the stop of a tool result',
    workerEvents.toolResultStop(3),
    '{"BlockStop":{"index":3,"block_type":"ToolResult","stop_reason":null}}',
  ],
  [
    'an abort',
    workerEvents.blockAbort(0, 'Text', 'Cancelled'),
    '{"BlockAbort":{"index":0,"block_type":"Text","reason":"Cancelled"}}',
  ],
];

describe('an event of the crate', () => {
  it.each(SPELLED)('is made as serde writes it: %s', (_what, event, json) => {
    expect(JSON.stringify(event)).toBe(json);
  });

  it.each(SPELLED)('is accepted by the schemas: %s', (_what, event) => {
    expect(workerEventSchema.safeParse(event)).toMatchObject({ success: true });
    for (const [name, body] of Object.entries(event)) {
      const schema = workerEventSchemas[name as keyof typeof workerEventSchemas];
      expect(schema.safeParse(body)).toMatchObject({ success: true });
    }
  });

  it.each<[unknown]>([
    [{}],
    [{ Pong: { timestamp: null } }],
    [{ Ping: { timestamp: null }, Usage: {} }],
    [{ BlockDelta: { index: 0, delta: { Text: 'a', Thinking: 'b' } } }],
    ['Ping'],
    [null],
  ])('is not %j', (value) => {
    expect(workerEventSchema.safeParse(value)).toMatchObject({ success: false });
  });
});
