import { anthropic } from '../../src/anthropic.js';
import { eventTypeOf, isEvent, type StreamEvent } from '../../src/events/event.js';
import * as events from '../../src/events/make.js';
import { sseText } from '../../src/wire/write.js';
import { isValid } from '../codecs/conformance/valid.js';

/** What the functions of the module are given, made here, and the least that the wire says of it. */
const MADE: readonly (readonly [made: string, event: StreamEvent, wire: object])[] = [
  [
    'message_start',
    events.messageStart({ id: 'msg_1', model: 'claude', usage: { input_tokens: 25 } }),
    {
      type: 'message_start',
      message: {
        id: 'msg_1',
        type: 'message',
        role: 'assistant',
        model: 'claude',
        content: [],
        usage: { input_tokens: 25, output_tokens: 0 },
      },
    },
  ],
  [
    'text_block_start',
    events.textStart(0),
    { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
  ],
  [
    'tool_use_block_start',
    events.toolUseStart(1, 'toolu_1', 'get_weather'),
    {
      type: 'content_block_start',
      index: 1,
      content_block: { type: 'tool_use', id: 'toolu_1', name: 'get_weather', input: {} },
    },
  ],
  [
    'ContentBlockStart',
    events.blockStart(2, { type: 'redacted_thinking', data: 'Ew==' }),
    { type: 'content_block_start', index: 2, content_block: { type: 'redacted_thinking', data: 'Ew==' } },
  ],
  [
    'text_delta_event',
    events.textDelta(0, 'Hi'),
    { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Hi' } },
  ],
  [
    'input_json_delta_event',
    events.inputJsonDelta(1, '{"city":'),
    { type: 'content_block_delta', index: 1, delta: { type: 'input_json_delta', partial_json: '{"city":' } },
  ],
  [
    'ContentBlockDeltaEvent',
    events.blockDelta(2, { type: 'signature_delta', signature: 'Eq==' }),
    { type: 'content_block_delta', index: 2, delta: { type: 'signature_delta', signature: 'Eq==' } },
  ],
  ['content_block_stop', events.blockStop(1), { type: 'content_block_stop', index: 1 }],
  ...(['end_turn', 'max_tokens', 'tool_use'] as const).map(
    (stop_reason) =>
      [
        `message_delta_event with ${stop_reason}`,
        events.messageDelta(stop_reason, { output_tokens: 71 }),
        { type: 'message_delta', delta: { stop_reason, stop_sequence: null }, usage: { output_tokens: 71 } },
      ] as const,
  ),
  [
    'message_delta_event with a stop sequence',
    events.messageDelta('stop_sequence', { stop_sequence: '###', output_tokens: 3 }),
    {
      type: 'message_delta',
      delta: { stop_reason: 'stop_sequence', stop_sequence: '###' },
      usage: { output_tokens: 3 },
    },
  ],
  [
    'message_delta_event without a reason',
    events.messageDelta(null),
    { type: 'message_delta', delta: { stop_reason: null, stop_sequence: null }, usage: { output_tokens: 0 } },
  ],
  ['MessageStopEvent', events.messageStop(), { type: 'message_stop' }],
  ['PingEvent', events.ping(), { type: 'ping' }],
  [
    'stream_error',
    events.error('overloaded_error', 'Overloaded'),
    { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } },
  ],
];

/** The text that goes over the wire for an event. */
function textOf(event: StreamEvent): string {
  return anthropic.encoder().next(event).map(sseText).join('');
}

describe('an event of the module', () => {
  it.each(MADE)('%s makes what the wire says', (_, event, wire) => {
    expect(event).toMatchObject(wire);
  });

  it.each(MADE)('has its fields under the names of the wire: %s', (_, event, wire) => {
    const data = JSON.stringify(wire);
    expect(isValid(anthropic.schema, wire)).toBe(true);
    expect(anthropic.decoder().next({ data })).toEqual([wire]);
    const [frame] = anthropic.encoder().next(event);
    expect(JSON.parse(frame?.data ?? '')).toMatchObject(wire);
  });

  it.each(MADE)('is told by its type: %s', (_, event) => {
    const type = eventTypeOf(event.type);
    if (type === undefined) throw new Error('The wire has no such type');
    expect(MADE.filter(([, other]) => isEvent(type)(other)).map(([, { type }]) => type)).toContain(
      event.type,
    );
    expect(textOf(event).split('\n', 1)).toEqual([`event: ${event.type}`]);
  });
});

describe('JSON', () => {
  it.each<[string, StreamEvent, unknown, string]>([
    [
      'content_block_delta_to_json',
      events.textDelta(0, 'Hi'),
      events.textDelta(0, 'Hi').delta,
      '{"type":"text_delta","text":"Hi"}',
    ],
    [
      'input_json_delta_to_json',
      events.inputJsonDelta(1, '{"a"'),
      events.inputJsonDelta(1, '{"a"').delta,
      '{"type":"input_json_delta","partial_json":"{\\"a\\""}',
    ],
    [
      'stream_error_to_json',
      events.error('api_error', 'Oops'),
      events.error('api_error', 'Oops').error,
      '{"type":"api_error","message":"Oops"}',
    ],
  ])('is written as %s writes it', (_, event, part, json) => {
    expect(JSON.stringify(part)).toBe(json);
    expect(textOf(event)).toContain(json);
    expect(textOf(event)).toBe(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
  });
});
