import { eventTypeOf } from '../../src/events/event.js';
import type { StreamEvent } from '../../src/events/event.js';
import * as events from '../../src/events/make.js';

describe('messageStart', () => {
  it('begins an empty message of an assistant when told nothing', () => {
    expect(events.messageStart()).toEqual({
      type: 'message_start',
      message: {
        id: '',
        type: 'message',
        role: 'assistant',
        model: '',
        content: [],
        stop_reason: null,
        stop_sequence: null,
        stop_details: null,
        container: null,
        diagnostics: null,
        usage: {
          input_tokens: 0,
          output_tokens: 0,
          cache_creation: null,
          cache_creation_input_tokens: null,
          cache_read_input_tokens: null,
          inference_geo: null,
          output_tokens_details: null,
          server_tool_use: null,
          service_tier: null,
          speed: null,
        },
      },
    });
  });

  it('takes what it is told and fills in the rest', () => {
    const { message } = events.messageStart({ id: 'msg_1', model: 'claude', usage: { input_tokens: 25 } });
    expect(message).toMatchObject({
      id: 'msg_1',
      model: 'claude',
      role: 'assistant',
      usage: { input_tokens: 25, output_tokens: 0, speed: null },
    });
  });

  it('carries the additions of the beta wire', () => {
    const { message } = events.messageStart({
      stop_reason: 'compaction',
      context_management: { applied_edits: [] },
    });
    expect(message).toMatchObject({ stop_reason: 'compaction', context_management: { applied_edits: [] } });
  });

  it('gives each message a content and a usage of its own', () => {
    const [first, second] = [events.messageStart().message, events.messageStart().message];
    expect(first.content).not.toBe(second.content);
    expect(first.usage).not.toBe(second.usage);
  });

  it('leaves what it was given as it was', () => {
    const fields = Object.freeze({ id: 'msg_1', usage: Object.freeze({ input_tokens: 25 }) });
    expect(() => events.messageStart(fields)).not.toThrow();
    expect(fields).toEqual({ id: 'msg_1', usage: { input_tokens: 25 } });
  });
});

describe('messageDelta', () => {
  it('parts the delta from the usage', () => {
    expect(events.messageDelta('stop_sequence', { stop_sequence: '###', output_tokens: 71 })).toEqual({
      type: 'message_delta',
      delta: { stop_reason: 'stop_sequence', stop_sequence: '###', stop_details: null, container: null },
      usage: {
        output_tokens: 71,
        input_tokens: null,
        cache_creation_input_tokens: null,
        cache_read_input_tokens: null,
        output_tokens_details: null,
        server_tool_use: null,
      },
    });
  });

  it('may leave the stop reason open', () => {
    expect(events.messageDelta(null).delta.stop_reason).toBeNull();
  });

  it('carries the details of a refusal', () => {
    const stop_details = { type: 'refusal', category: 'bio', explanation: null } as const;
    expect(events.messageDelta('refusal', { stop_details }).delta.stop_details).toBe(stop_details);
  });

  it('puts the additions of the beta wire beside delta and usage', () => {
    const event = events.messageDelta('compaction', {
      context_management: { applied_edits: [] },
      iterations: [],
    });
    expect(event).toMatchObject({
      delta: { stop_reason: 'compaction' },
      usage: { iterations: [] },
      context_management: { applied_edits: [] },
    });
    expect(event.usage).not.toHaveProperty('context_management');
  });
});

const CITATION = {
  type: 'page_location',
  cited_text: 'Water is wet.',
  document_index: 0,
  document_title: null,
  file_id: null,
  start_page_number: 1,
  end_page_number: 2,
} as const;

const SPELLINGS: readonly (readonly [event: StreamEvent, json: string])[] = [
  [
    events.blockStart(7, { type: 'container_upload', file_id: 'file_1' }),
    '{"type":"content_block_start","index":7,"content_block":{"type":"container_upload","file_id":"file_1"}}',
  ],
  [
    events.textStart(0),
    '{"type":"content_block_start","index":0,"content_block":{"type":"text","text":"","citations":null}}',
  ],
  [
    events.textStart(0, 'Hi'),
    '{"type":"content_block_start","index":0,"content_block":{"type":"text","text":"Hi","citations":null}}',
  ],
  [
    events.thinkingStart(0),
    '{"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}}',
  ],
  [
    events.redactedThinkingStart(0, 'Ew=='),
    '{"type":"content_block_start","index":0,"content_block":{"type":"redacted_thinking","data":"Ew=="}}',
  ],
  [
    events.toolUseStart(1, 'toolu_1', 'get_weather'),
    '{"type":"content_block_start","index":1,"content_block":{"type":"tool_use","id":"toolu_1","name":"get_weather","input":{},"caller":{"type":"direct"}}}',
  ],
  [
    events.serverToolUseStart(1, 'srvtoolu_1', 'web_search', { query: 'rain' }),
    '{"type":"content_block_start","index":1,"content_block":{"type":"server_tool_use","id":"srvtoolu_1","name":"web_search","input":{"query":"rain"},"caller":{"type":"direct"}}}',
  ],
  [
    events.blockDelta(0, { type: 'thinking_delta', thinking: '', estimated_tokens: 64 }),
    '{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"","estimated_tokens":64}}',
  ],
  [
    events.textDelta(0, 'Hi'),
    '{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hi"}}',
  ],
  [
    events.thinkingDelta(0, 'Hm'),
    '{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"Hm"}}',
  ],
  [
    events.signatureDelta(0, 'Eq=='),
    '{"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"Eq=="}}',
  ],
  [
    events.inputJsonDelta(1, '{"a'),
    '{"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":"{\\"a"}}',
  ],
  [
    events.citationsDelta(0, CITATION),
    `{"type":"content_block_delta","index":0,"delta":{"type":"citations_delta","citation":${JSON.stringify(CITATION)}}}`,
  ],
  [
    events.compactionDelta(0, 'Until now …'),
    '{"type":"content_block_delta","index":0,"delta":{"type":"compaction_delta","content":"Until now …","encrypted_content":null}}',
  ],
  [events.blockStop(0), '{"type":"content_block_stop","index":0}'],
  [events.messageStop(), '{"type":"message_stop"}'],
  [events.ping(), '{"type":"ping"}'],
  [
    events.error('overloaded_error', 'Overloaded'),
    '{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}',
  ],
  [
    events.error('api_error', 'Oops', 'req_1'),
    '{"type":"error","error":{"type":"api_error","message":"Oops"},"request_id":"req_1"}',
  ],
];

describe('a factory of a wire event', () => {
  it.each(SPELLINGS)('spells it as the wire does: %j', (event, json) => {
    expect(event).toStrictEqual(JSON.parse(json));
  });

  it.each(SPELLINGS)('makes a type that the wire knows: %j', ({ type }) => {
    expect(eventTypeOf(type)).toBe(type);
  });

  it('gives each tool call an input of its own', () => {
    const [first, second] = [events.toolUseStart(0, 'a', 'f'), events.toolUseStart(0, 'a', 'f')];
    expect(first.content_block.input).not.toBe(second.content_block.input);
  });
});

describe('a factory of one of our own events', () => {
  it('keeps the name and the data of an unknown event', () => {
    const data = { rose: true };
    expect(events.unknown('smell', data)).toStrictEqual({ type: 'unknown', name: 'smell', data });
    expect(events.unknown('smell', data).data).toBe(data);
  });

  it('says which block is aborted, and why', () => {
    expect(events.blockAbort(2, 'superseded')).toStrictEqual({
      type: 'block_abort',
      index: 2,
      reason: 'superseded',
    });
  });

  it('says whether a tool failed only where that is known', () => {
    const result = { type: 'tool_result', tool_use_id: 'toolu_1', content: { ok: true } };
    expect(events.toolResult('toolu_1', { ok: true })).toStrictEqual(result);
    expect(events.toolResult('toolu_1', { ok: true }, false)).toStrictEqual({ ...result, is_error: false });
  });

  it('keeps the cause of a repeated attempt', () => {
    const cause = new Error('socket closed');
    expect(events.reset(2, cause)).toStrictEqual({ type: 'reset', attempt: 2, cause });
  });
});
