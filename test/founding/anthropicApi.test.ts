import { anthropic, streamMessages } from '../../src/anthropic.js';
import { isEvent, type EventOf, type StreamEvent } from '../../src/events/event.js';
import type { Fetch } from '../../src/sources/answer.js';
import { outcomeOf } from '../sources/outcome.js';

/** The seven events, with the fields that the crate reads of them and no others. */
const EVENTS = {
  message_start:
    '{"type":"message_start","message":{"id":"msg_1","model":"claude-3-7-sonnet-20250219","role":"assistant","content":[]}}',
  content_block_start: '{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}',
  content_block_delta:
    '{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hello!"}}',
  content_block_stop: '{"type":"content_block_stop","index":0}',
  message_delta:
    '{"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"input_tokens":9,"output_tokens":3,"cache_creation_input_tokens":0,"cache_read_input_tokens":0}}',
  message_stop: '{"type":"message_stop"}',
  ping: '{"type":"ping"}',
} as const satisfies Partial<Record<StreamEvent['type'], string>>;

type Name = keyof typeof EVENTS;

/** Reads one event, by a switch that has a case for each of the seven. */
function fieldsOf(event: EventOf<Name>): unknown {
  switch (event.type) {
    case 'message_start':
      return { message: event.message };
    case 'content_block_start':
      return { index: event.index, content_block: event.content_block };
    case 'content_block_delta':
      return { index: event.index, delta: event.delta };
    case 'content_block_stop':
      return { index: event.index };
    case 'message_delta':
      return { delta: event.delta, usage: event.usage };
    case 'message_stop':
    case 'ping':
      return {};
  }
}

describe('an event of the crate', () => {
  it.each(Object.entries(EVENTS) as [Name, string][])(
    'is read, told by its type and written again: %s',
    (type, data) => {
      const [event] = anthropic.decoder().next({ data });
      if (event === undefined || !isEvent(type)(event)) throw new Error('It is no event of its type');
      expect({ type, ...(fieldsOf(event) as object) }).toEqual(JSON.parse(data));
      expect(anthropic.encoder().next(event)).toEqual([{ event: type, data }]);
    },
  );
});

describe('a request', () => {
  it('is posted with every field as it was given', async () => {
    const params = {
      model: 'claude-3-7-sonnet-20250219',
      messages: [{ role: 'user', content: 'Hello!' }],
      max_tokens: 100,
      metadata: { user_id: 'user-1' },
      stop_sequences: ['###'],
      system: 'Be brief',
      temperature: 0.5,
      tool_choice: { type: 'auto' },
      tools: [{ name: 'get_weather', input_schema: { type: 'object' } }],
      top_k: 5,
      top_p: 0.9,
    };
    const asked: unknown[] = [];
    const fetch: Fetch = (_, init) => {
      asked.push(JSON.parse(String(init?.body)));
      const answer = Object.values(EVENTS).map((data) => `data: ${data}\n\n`);
      return Promise.resolve(new Response(answer.join('')));
    };
    const answer = await outcomeOf(streamMessages(params, { fetch }));
    expect(asked).toEqual([{ ...params, stream: true }]);
    expect(answer).toEqual({ values: Object.values(EVENTS).map((data) => JSON.parse(data) as unknown) });
  });
});
