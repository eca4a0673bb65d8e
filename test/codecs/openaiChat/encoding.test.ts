import type { StreamEvent } from '../../../src/events/event.js';
import * as events from '../../../src/events/make.js';
import type { StopReason } from '../../../src/events/message.js';
import { openaiChat, openaiChatDialect } from '../../../src/openai.js';
import { framesOf, valuesOf } from '../conformance/spelling.js';

const HEAD = { id: 'm1', object: 'chat.completion.chunk', created: 0, model: 'm-1' };

/** What a message with these events, and with this end, is written as. */
function written(
  content: readonly StreamEvent[],
  end: StreamEvent = events.messageDelta('end_turn'),
): readonly unknown[] {
  const start = events.messageStart({ id: 'm1', model: 'm-1' });
  return valuesOf(openaiChat, framesOf(openaiChat, [start, ...content, end, events.messageStop()]));
}

/** The deltas between the first, which says whose turn it is, and the reason. */
function deltas(...content: readonly StreamEvent[]): readonly unknown[] {
  return written(content)
    .slice(1, -2)
    .map((value) => (value as { choices: [{ delta: unknown }] }).choices[0].delta);
}

/** The choice that says why the answer ended. */
function ending(end: StreamEvent): unknown {
  const chunks = written([], end);
  return (chunks.at(-2) as { choices: unknown[] }).choices[0];
}

describe('what is written', () => {
  it('is what OpenAI sends', () => {
    const frames = framesOf(openaiChat, [
      events.messageStart({ id: 'm1', model: 'm-1' }),
      events.textStart(0),
      events.textDelta(0, 'Hi'),
      events.blockStop(0),
      events.toolUseStart(1, 'call_a', 'get_weather'),
      events.inputJsonDelta(1, '{"city":'),
      events.inputJsonDelta(1, '"Oslo"}'),
      events.blockStop(1),
      events.messageDelta('tool_use', { input_tokens: 12, output_tokens: 20 }),
      events.messageStop(),
    ]);
    const chunk = (delta: object, finish_reason: string | null = null): string =>
      JSON.stringify({ ...HEAD, choices: [{ index: 0, delta, finish_reason }] });
    const call = (of: object): string => chunk({ tool_calls: [{ index: 0, ...of }] });
    expect(frames.map(({ data }) => data)).toEqual([
      chunk({ role: 'assistant', content: '' }),
      chunk({ content: 'Hi' }),
      call({ id: 'call_a', type: 'function', function: { name: 'get_weather', arguments: '' } }),
      call({ function: { arguments: '{"city":' } }),
      call({ function: { arguments: '"Oslo"}' } }),
      chunk({}, 'tool_calls'),
      JSON.stringify({
        ...HEAD,
        choices: [],
        usage: { prompt_tokens: 12, completion_tokens: 20, total_tokens: 32 },
      }),
      '[DONE]',
    ]);
    expect(frames.every(({ event }) => event === undefined)).toBe(true);
  });

  it('is done once all is written, and only where the last message ended well', () => {
    const one = [events.messageStart({ id: 'a' }), events.messageDelta('end_turn'), events.messageStop()];
    const dones = (sequence: readonly StreamEvent[]): number =>
      framesOf(openaiChat, sequence).filter(({ data }) => data === '[DONE]').length;
    expect(dones([...one, ...one])).toBe(1);
    expect(dones([])).toBe(0);
    expect(dones(one.slice(0, 2))).toBe(0);
    expect(dones([...one, events.messageStart({ id: 'b' })])).toBe(0);
    expect(dones([...one, events.error('api_error', 'No')])).toBe(0);
  });

  it.each<[StopReason | 'cancelled' | 'compaction', string]>([
    ['end_turn', 'stop'],
    ['stop_sequence', 'stop'],
    ['pause_turn', 'stop'],
    ['max_tokens', 'length'],
    ['model_context_window_exceeded', 'length'],
    ['tool_use', 'tool_calls'],
    ['refusal', 'content_filter'],
    ['cancelled', 'cancelled'],
    ['compaction', 'compaction'],
  ])('of the reason %s is %s', (ours, theirs) => {
    expect(ending(events.messageDelta(ours as StopReason))).toEqual({
      index: 0,
      delta: {},
      finish_reason: theirs,
    });
  });

  it('of a stop sequence is where vLLM has it', () => {
    expect(ending(events.messageDelta('stop_sequence', { stop_sequence: '###' }))).toEqual({
      index: 0,
      delta: {},
      finish_reason: 'stop',
      stop_reason: '###',
    });
  });

  it('of thinking is in the member that is asked for', () => {
    const thinking = [events.thinkingStart(0), events.thinkingDelta(0, 'Hm'), events.blockStop(0)];
    expect(deltas(...thinking)).toEqual([{ reasoning_content: 'Hm' }]);
    const dialect = openaiChatDialect({ reasoning: 'reasoning' });
    expect(dialect.name).toBe('openai-chat-reasoning');
    expect(valuesOf(dialect, framesOf(dialect, thinking))).toMatchObject([
      { choices: [{ delta: { reasoning: 'Hm' } }] },
    ]);
  });

  it('of a signature, and of what is redacted, are details without a text', () => {
    const redacted = { type: 'redacted_thinking', data: 'RW5j', format: 'openai-responses-v1' } as const;
    expect(
      deltas(
        events.thinkingStart(0),
        events.signatureDelta(0, 'c2ln'),
        events.blockStop(0),
        events.blockStart(1, redacted),
        events.blockStop(1),
        // Of a message that was finished long ago.
        events.thinkingStart(2, 'Hm', 'c2ln'),
        events.blockStop(2),
      ),
    ).toEqual([
      {
        reasoning_details: [
          { type: 'reasoning.text', signature: 'c2ln', format: 'anthropic-claude-v1', index: 0 },
        ],
      },
      { reasoning_details: [{ format: 'openai-responses-v1', type: 'reasoning.encrypted', data: 'RW5j' }] },
      { reasoning_content: 'Hm' },
      {
        reasoning_details: [
          { type: 'reasoning.text', signature: 'c2ln', format: 'anthropic-claude-v1', index: 0 },
        ],
      },
    ]);
  });

  it('of citations is what has an address', () => {
    const cited = {
      type: 'url_citation',
      url: 'https://a.example/',
      title: 'A',
      start_index: 0,
      end_index: 2,
    };
    const { type, ...url_citation } = cited;
    expect(
      deltas(
        events.textStart(0),
        events.citationsDelta(0, cited as never),
        events.citationsDelta(0, {
          type: 'web_search_result_location',
          cited_text: 'All',
          encrypted_index: 'RW5j',
          title: 'B',
          url: 'https://b.example/',
        }),
        events.citationsDelta(0, {
          type: 'char_location',
          cited_text: 'All',
          document_index: 0,
          document_title: null,
          start_char_index: 0,
          end_char_index: 1,
          file_id: null,
        }),
        events.blockStop(0),
      ),
    ).toEqual([
      { annotations: [{ type, url_citation }] },
      { annotations: [{ type, url_citation: { url: 'https://b.example/', title: 'B' } }] },
    ]);
  });

  it('of a call without an input is an empty object', () => {
    expect(deltas(events.toolUseStart(0, 'a', 'f'), events.blockStop(0)).at(-1)).toEqual({
      tool_calls: [{ index: 0, function: { arguments: '{}' } }],
    });
  });

  it('of a call whose input is a string is one of a custom tool', () => {
    expect(
      deltas(
        events.toolUseStart(0, 'a', 'python'),
        ...['', ' "print(', '\\"\\ud8', '3d\\ude00', '\\")"'].map((piece) => events.inputJsonDelta(0, piece)),
        events.blockStop(0),
      ),
    ).toEqual([
      { tool_calls: [{ index: 0, id: 'a', type: 'custom', custom: { name: 'python', input: '' } }] },
      { tool_calls: [{ index: 0, custom: { input: 'print("😀")' } }] },
    ]);
  });

  it('of a call with a signature has it where Google has it', () => {
    const signed = { ...events.toolUseStart(0, 'a', 'f').content_block, signature: 'c2ln' };
    expect(deltas(events.blockStart(0, signed), events.blockStop(0))[0]).toMatchObject({
      tool_calls: [{ id: 'a', extra_content: { google: { thought_signature: 'c2ln' } } }],
    });
  });

  it('of a call that was given up is never whole', () => {
    const given = (...pieces: readonly string[]): string => {
      const call = [
        events.toolUseStart(0, 'a', 'f'),
        ...pieces.map((piece) => events.inputJsonDelta(0, piece)),
        events.blockAbort(0, 'No'),
      ];
      return (deltas(...call) as { tool_calls: [{ function: { arguments: string } }] }[])
        .map((delta) => delta.tool_calls[0].function.arguments)
        .join('');
    };
    expect(given()).toBe('');
    expect(given('')).toBe('');
    expect(given('"whole"')).toBe('');
    expect(given('{"a":')).toBe('{"a":');
    expect(() => JSON.parse(given('{"a":1}')) as unknown).toThrow(SyntaxError);
  });

  it('of an attempt that is repeated before it wrote anything is that of the next', () => {
    const call = [events.toolUseStart(0, 'a', 'f'), events.inputJsonDelta(0, '{}'), events.blockStop(0)];
    const begun = events.toolUseStart(0, 'b', 'f');
    const all = deltas(begun, events.reset(2, null), events.messageStart({ id: 'm2' }), ...call);
    expect(all).toEqual(deltas(...call));
  });

  it('of usage has the cache in the input, and what its provider counted besides', () => {
    const details = {
      prompt_tokens: 100,
      cost: 0.01,
      prompt_tokens_details: { cached_tokens: 60, audio_tokens: 3 },
    };
    const chunks = written([], {
      ...events.messageDelta('end_turn', {
        input_tokens: 30,
        cache_read_input_tokens: 60,
        cache_creation_input_tokens: 10,
        output_tokens: 20,
        output_tokens_details: { thinking_tokens: 7 },
      }),
      usage_details: details,
    });
    expect(chunks.at(-1)).toEqual({
      ...HEAD,
      choices: [],
      usage: {
        prompt_tokens: 100,
        completion_tokens: 20,
        total_tokens: 120,
        cost: 0.01,
        prompt_tokens_details: { cached_tokens: 60, cache_write_tokens: 10, audio_tokens: 3 },
        completion_tokens_details: { reasoning_tokens: 7 },
      },
    });
  });

  it('of usage leaves out what nobody knows, and what another protocol counted', () => {
    const end = {
      ...events.messageDelta('end_turn', { output_tokens: 5 }),
      usage_details: { candidatesTokenCount: 5 },
    };
    expect(written([], end).at(-1)).toEqual({ ...HEAD, choices: [], usage: { completion_tokens: 5 } });
  });

  it('of a failure is what OpenAI sends, with its details', () => {
    const error = { type: 'overloaded_error', message: 'Overloaded', status: 529 };
    expect(
      valuesOf(
        openaiChat,
        framesOf(openaiChat, [
          { type: 'error', error, request_id: 'req_1' },
          {
            type: 'error',
            error: { type: 'x', message: 'No', details: { code: 'tool_use_failed', status_code: 400 } },
          },
        ]),
      ),
    ).toEqual([
      {
        error: { message: 'Overloaded', type: 'overloaded_error', param: null, code: 529 },
        request_id: 'req_1',
      },
      { error: { message: 'No', type: 'x', param: null, code: 'tool_use_failed', status_code: 400 } },
    ]);
  });

  it('of what only some providers say is in the first chunk, or the last', () => {
    const start = { ...events.messageStart({ id: 'm1', model: 'm-1' }) };
    const message = { ...start.message, provider: 'OpenAI', created: 1_700_000_000 };
    const end = { ...events.messageDelta('end_turn'), service_tier: 'default', diagnostics: {} };
    const chunks = valuesOf(
      openaiChat,
      framesOf(openaiChat, [{ ...start, message }, end, events.messageStop()]),
    );
    expect(chunks[0]).toMatchObject({ provider: 'OpenAI', created: 1_700_000_000 });
    expect(chunks.at(-1)).toMatchObject({ service_tier: 'default', created: 1_700_000_000, choices: [] });
    expect(chunks.at(-1)).not.toHaveProperty('diagnostics');
  });

  it('of results, pings and blocks of the provider is nothing', () => {
    expect(
      deltas(
        events.ping(),
        events.toolUseStart(0, 'a', 'f'),
        events.blockStop(0),
        events.toolResult('a', 'found'),
        events.serverToolUseStart(1, 'b', 'web_search'),
        events.inputJsonDelta(1, '{}'),
        events.blockStop(1),
      ),
    ).toHaveLength(2);
  });
});

describe('an unknown event', () => {
  function framed(name: string, data: unknown): readonly object[] {
    return framesOf(openaiChat, [events.unknown(name, data)]);
  }

  it('goes back as it came, or under its name', () => {
    const thing = { object: 'thing', n: 1 };
    expect(framed('thing', thing)).toEqual([{ data: '{"object":"thing","n":1,"choices":[]}' }]);
    expect(framed('other', { n: 1 })).toEqual([{ event: 'other', data: '{"n":1,"choices":[]}' }]);
    expect(framed('other', [1])).toEqual([{ data: '{"object":"other","data":[1],"choices":[]}' }]);
    const choice = { id: 'c1', choices: [{ index: 1, delta: { content: 'Hi' } }] };
    expect(framed('choice', choice)).toEqual([{ data: JSON.stringify(choice) }]);
  });

  it('that would be read as a chunk, a failure or a ping is left out', () => {
    expect(framed('chat.completion.chunk', { object: 'chat.completion.chunk' })).toEqual([]);
    expect(framed('x', { choices: [{ delta: { content: 'Hi' } }] })).toEqual([]);
    expect(framed('error', { n: 1 })).toEqual([]);
    expect(framed('ping', { n: 1 })).toEqual([]);
    expect(framed('a\nb', { n: 1 })).toEqual([]);
  });
});
