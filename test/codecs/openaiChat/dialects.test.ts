import { lastValueFrom, toArray } from 'rxjs';
import { StreamError } from '../../../src/errors/streamError.js';
import * as events from '../../../src/events/make.js';
import { openaiChat } from '../../../src/openai.js';
import { fromBytes } from '../../../src/sources/fromBytes.js';
import { answerTo, call, chunk, contentOf, counted, DONE, read, reason, text } from './chunks.js';

const USAGE = { prompt_tokens: 12, completion_tokens: 20, total_tokens: 32 };

function thinking(said: string, more: object = {}): object {
  return { type: 'thinking', thinking: said, ...more };
}

function said(content: string): object {
  return { type: 'text', text: content };
}

describe('thinking', () => {
  it.each<[string, readonly object[]]>([
    [
      'of OpenRouter, with the same in its details',
      ['Hm', 'm.'].map((piece) =>
        chunk({
          role: 'assistant',
          content: '',
          reasoning: piece,
          reasoning_details: [{ type: 'reasoning.text', text: piece, index: 0 }],
        }),
      ),
    ],
    [
      'of OpenRouter, in its details alone',
      [
        chunk({ reasoning_details: [{ type: 'reasoning.text', text: 'Hm', signature: null }] }),
        chunk({ reasoning_details: [{ type: 'reasoning.summary', summary: 'm.' }] }),
      ],
    ],
    ['of Groq', ['Hm', 'm.'].map((piece) => chunk({ reasoning: piece, channel: 'analysis' }))],
    ['of DeepSeek', ['Hm', 'm.'].map((piece) => chunk({ content: null, reasoning_content: piece }))],
    ['of Alibaba', ['Hm', 'm.'].map((piece) => chunk({ content: '', reasoning_content: piece }))],
    ['under both names', [chunk({ reasoning: 'Hmm.', reasoning_content: 'Hmm.' })]],
    [
      'of Mistral',
      [
        chunk({ content: [{ type: 'thinking', thinking: [{ type: 'text', text: 'Hm' }] }] }),
        chunk({ content: [{ type: 'thinking', thinking: 'm.' }] }),
      ],
    ],
  ])('%s is read once', (_what, sent) => {
    expect(contentOf(answerTo(...sent, text('Hello'), reason('stop')))).toEqual([
      thinking('Hmm.'),
      said('Hello'),
    ]);
  });

  it('of Mistral and the text after it may come in one list', () => {
    const content = [
      { type: 'thinking', thinking: [{ type: 'text', text: 'Hm' }] },
      { type: 'text', text: 'Hello' },
      { type: 'reference', reference_ids: [1] },
    ];
    expect(contentOf(answerTo(chunk({ content }), reason('stop')))).toEqual([thinking('Hm'), said('Hello')]);
  });

  it('is signed where it is, and a signature that comes late is of an empty one', () => {
    const signed = (signature: string): object =>
      chunk({
        reasoning_details: [{ type: 'reasoning.text', signature, format: 'anthropic-claude-v1', index: 0 }],
      });
    const early = answerTo(chunk({ reasoning: 'Hm' }), signed('c2ln'), text('Hi'), reason('stop'));
    expect(contentOf(early)).toEqual([thinking('Hm', { signature: 'c2ln' }), said('Hi')]);
    const late = answerTo(chunk({ reasoning: 'Hm' }), text('Hi'), signed('c2ln'), reason('stop'));
    expect(contentOf(late)).toEqual(
      [thinking('Hm'), said('Hi'), { type: 'thinking', signature: 'c2ln' }].map(bare),
    );
  });

  it('that goes on after a signature is another', () => {
    const detail = { type: 'reasoning.text', text: 'One', signature: 'a' };
    const answer = answerTo(
      chunk({ reasoning_details: [detail] }),
      chunk({ reasoning: 'Two', reasoning_details: [{ ...detail, text: 'Two', signature: 'b' }] }),
      reason('stop'),
    );
    expect(contentOf(answer)).toEqual([
      thinking('One', { signature: 'a' }),
      thinking('Two', { signature: 'b' }),
    ]);
  });

  it('of LiteLLM is signed by a block that repeats all of it', () => {
    const block = { type: 'thinking', thinking: 'Hmm.', signature: 'c2ln' };
    const answer = answerTo(
      chunk({
        reasoning_content: 'Hm',
        thinking_blocks: [{ type: 'thinking', thinking: 'Hm', signature: '' }],
      }),
      chunk({ reasoning_content: 'm.', thinking_blocks: [{ type: 'thinking', thinking: 'm.' }] }),
      chunk({
        reasoning_content: '',
        thinking_blocks: [block],
        provider_specific_fields: { thinking_blocks: [block] },
      }),
      text('Hi'),
      reason('stop'),
    );
    expect(contentOf(answer)).toEqual([thinking('Hmm.', { signature: 'c2ln' }), said('Hi')]);
  });

  it('of LiteLLM may be redacted', () => {
    const block = { type: 'redacted_thinking', data: 'RW5j' };
    expect(contentOf(answerTo(chunk({ thinking_blocks: [block] }), text('Hi'), reason('stop')))).toEqual([
      block,
      said('Hi'),
    ]);
  });

  it('that is encrypted is redacted, with what names it', () => {
    const detail = {
      type: 'reasoning.encrypted',
      data: 'RW5j',
      id: 'rs_1',
      format: 'openai-responses-v1',
      index: 0,
    };
    expect(contentOf(answerTo(chunk({ reasoning_details: [detail] }), text('Hi'), reason('stop')))).toEqual([
      { type: 'redacted_thinking', data: 'RW5j', id: 'rs_1', format: 'openai-responses-v1', index: 0 },
      said('Hi'),
    ]);
  });
});

/** A block without a member that is empty. */
function bare(block: object): object {
  return Object.fromEntries(Object.entries(block).filter(([, value]) => value !== ''));
}

describe('calls', () => {
  const f = { name: 'f', arguments: '{"a":1}' };
  const g = { name: 'g', arguments: '{"b":2}' };
  const BOTH = [
    { name: 'f', input: { a: 1 } },
    { name: 'g', input: { b: 2 } },
  ];

  it.each<[string, readonly object[]]>([
    ['whole, in one delta', [call({ index: 0, id: 'x', function: f }, { index: 1, id: 'y', function: g })]],
    [
      'whole and without index, on the chunk of the reason, as of Mistral',
      [
        chunk(
          {
            tool_calls: [
              { id: 'x', function: f },
              { id: 'y', function: g },
            ],
          },
          {},
          { finish_reason: 'tool_calls' },
        ),
      ],
    ],
    [
      'of one index and different ids, as of Ollama',
      [call({ index: 0, id: 'x', function: f }), call({ index: 0, id: 'y', function: g })],
    ],
    ['without index, by their ids', [call({ id: 'x', function: f }), call({ id: 'y', function: g })]],
    ['without index and id, by a second name', [call({ function: f }), call({ function: g })]],
    [
      'that repeat id, type and name with each piece, as of Fireworks',
      ['{"a"', ':1}']
        .map((piece) =>
          call({ index: 0, id: 'x', type: 'function', function: { name: 'f', arguments: piece } }),
        )
        .concat(call({ index: 1, id: 'y', type: 'function', function: { name: 'g', arguments: '{"b":2}' } })),
    ],
    [
      'whose later pieces have an empty id and an empty name',
      [
        call({ index: 0, id: 'x', function: { name: 'f', arguments: '{"a"' } }),
        call({ index: 0, id: '', function: { name: '', arguments: ':1}' } }),
        call({ index: 1, id: 'y', function: { name: 'g', arguments: null } }),
        call({ index: 1, id: '', function: { name: null, arguments: '{"b":2}' } }),
      ],
    ],
    [
      'whose name is spelled in another way later',
      [
        call({ index: 0, id: 'x', function: { name: 'f', arguments: '{"a"' } }),
        call({ index: 0, function: { name: 'f2', arguments: ':1}' } }),
        call({ index: 1, id: 'y', function: g }),
      ],
    ],
    [
      'whose arguments are an object',
      [
        call({ index: 0, id: 'x', function: { name: 'f', arguments: { a: 1 } } }),
        call({ index: 1, id: 'y', function: g }),
      ],
    ],
    [
      'whose pieces alternate',
      [
        call({ index: 0, id: 'x', function: { name: 'f', arguments: '' } }),
        call({ index: 1, id: 'y', function: { name: 'g', arguments: '' } }),
        call({ index: 0, function: { arguments: '{"a":' } }),
        call({ index: 1, function: { arguments: '{"b":' } }),
        call({ index: 0, function: { arguments: '1}' } }),
        call({ index: 1, function: { arguments: '2}' } }),
      ],
    ],
    [
      'that text comes between',
      [call({ index: 0, id: 'x', function: f }), text('and'), call({ index: 1, id: 'y', function: g })],
    ],
    [
      'with noise for one that has ended',
      [
        call({ index: 0, id: 'x', function: f }),
        call({ index: 1, id: 'y', function: g }),
        call({ index: 0, id: 'x', function: { name: 'f', arguments: '' } }),
      ],
    ],
  ])('%s are told apart', (_what, sent) => {
    const { calls, message } = answerTo(...sent, reason('stop'));
    expect(calls.map(({ name, input }) => ({ name, input }))).toEqual(BOTH);
    expect(new Set(calls.map(({ id }) => id)).size).toBe(2);
    expect(calls.map(({ id }) => id)).not.toContain('');
    expect(message?.stop_reason).toBe('tool_use');
  });

  it.each<[string, readonly object[]]>([
    ['id', [{ id: 'x' }, { id: 'x', function: { name: 'f' } }]],
    ['name', [{ function: { name: 'f' } }, { id: 'x', function: { name: 'f' } }]],
  ])('are called what they are called first, however often their %s comes', (_what, pieces) => {
    const all = [...pieces, { id: 'x', function: f }].map((piece) => call({ index: 0, ...piece }));
    expect(answerTo(...all, reason('tool_calls')).calls).toEqual([{ id: 'x', name: 'f', input: { a: 1 } }]);
  });

  it('end where something else begins, once they are whole', () => {
    const { events: all } = read([
      call({ index: 0, id: 'x', function: f }),
      text('and'),
      call({ index: 1, id: 'y', function: { name: 'g', arguments: '' } }),
      text('then'),
      call({ index: 1, function: { arguments: '{}' } }),
      reason('stop'),
      DONE,
    ]);
    expect(
      all.map((event) => ('index' in event ? `${event.type} ${event.index}` : event.type)).slice(1),
    ).toEqual([
      'content_block_start 0',
      'content_block_delta 0',
      'content_block_stop 0',
      'content_block_start 1',
      'content_block_delta 1',
      'content_block_stop 1',
      'content_block_start 2',
      // It has no input yet, and is not whole.
      'content_block_start 3',
      'content_block_delta 3',
      'content_block_delta 2',
      'content_block_stop 2',
      'content_block_stop 3',
      'message_delta',
      'message_stop',
    ]);
  });

  it.each<[string, readonly object[]]>([
    ['in one', [call({ index: 0, id: 'x', function: { name: 'f', arguments: '{"a":1}{"b":2}' } })]],
    [
      'one after the other',
      [call({ index: 0, id: 'x', function: f }), call({ index: 0, id: 'x', function: g })],
    ],
    [
      'one of them once the call had ended',
      [
        call({ index: 0, id: 'x', function: f }),
        call({ index: 1, id: 'y', function: g }),
        call({ index: 0, function: { arguments: '{"b":2}' } }),
      ],
    ],
  ])('of two inputs, %s, are never whole', (_what, sent) => {
    const { calls } = answerTo(...sent, reason('tool_calls'));
    expect(calls.map(({ id }) => id)).not.toContain('x');
  });

  it('without an id get one, of the message and their place', () => {
    expect(answerTo(call({ function: f }), call({ function: g })).calls.map(({ id }) => id)).toEqual([
      'call_c1_0',
      'call_c1_1',
    ]);
  });

  it('without a name are given up, and the answer goes on', () => {
    const answer = answerTo(
      call({ index: 0, id: 'x', function: { arguments: '{}' } }),
      text('Hi'),
      reason('stop'),
    );
    expect([answer.calls, answer.text]).toEqual([[], 'Hi']);
  });

  it('of Google have their signature', () => {
    const extra_content = { google: { thought_signature: 'c2ln' } };
    const { message } = answerTo(call({ index: 0, id: 'x', function: f, extra_content }), reason('stop'));
    expect(message?.content).toMatchObject([{ type: 'tool_use', signature: 'c2ln' }]);
  });

  it('of a custom tool have a string for an input', () => {
    const pieces = ['print("', 'é\n', '\ud83d', '\ude00")'];
    const answer = answerTo(
      call({ index: 0, id: 'x', type: 'custom', custom: { name: 'python', input: '' } }),
      ...pieces.map((input) => call({ index: 0, custom: { input } })),
      call({ index: 1, id: 'y', type: 'custom', custom: { name: 'noop' } }),
      reason('tool_calls'),
    );
    expect(answer.calls).toEqual([
      { id: 'x', name: 'python', input: 'print("é\n😀")' },
      { id: 'y', name: 'noop', input: '' },
    ]);
  });

  it('of before there were several are one, with an id of the message', () => {
    const answer = answerTo(
      chunk({ role: 'assistant', content: null, function_call: { name: 'f', arguments: '' } }),
      chunk({ function_call: { arguments: '{"a"' } }),
      chunk({ function_call: { arguments: ':1}' } }),
      reason('function_call'),
    );
    expect(answer.calls).toEqual([{ id: 'call_c1', name: 'f', input: { a: 1 } }]);
    expect(answer.message?.stop_reason).toBe('tool_use');
  });
});

describe('what else a provider sends', () => {
  it('citations are of the text that flows, or of the one that begins with them', () => {
    const url_citation = {
      url: 'https://a.example/',
      title: 'A',
      start_index: 0,
      end_index: 2,
      content: 'All',
    };
    const cited = { type: 'url_citation', ...url_citation };
    const annotations = [{ type: 'url_citation', url_citation }];
    for (const sent of [
      [chunk({ annotations }), text('Hi')],
      [text('H'), chunk({ content: 'i', annotations })],
    ]) {
      expect(contentOf(answerTo(...sent, reason('stop')))).toEqual([{ ...said('Hi'), citations: [cited] }]);
    }
  });

  it('speech is a block of its own', () => {
    const { answers, events: all } = read([
      chunk({ role: 'assistant', audio: { id: 'audio_1', transcript: 'Hel' } }),
      chunk({ audio: { transcript: 'lo' } }),
      chunk({ audio: { data: 'AAAA' } }),
      // Speech may end without a reason.
      chunk({ audio: { expires_at: 1_700_000_000 } }),
      DONE,
    ]);
    expect(answers).toHaveLength(1);
    expect(all.slice(1, -2)).toEqual([
      { type: 'content_block_start', index: 0, content_block: { type: 'audio', id: 'audio_1' } },
      ...[{ transcript: 'Hel' }, { transcript: 'lo' }, { data: 'AAAA' }, { expires_at: 1_700_000_000 }].map(
        (delta) => ({ type: 'content_block_delta', index: 0, delta: { type: 'audio_delta', ...delta } }),
      ),
      events.blockStop(0),
    ]);
  });

  it('pictures are blocks', () => {
    const images = ['data:image/png;base64,AAAA', 'https://a.example/b.png'].map((url) => ({
      type: 'image_url',
      image_url: { url },
    }));
    expect(contentOf(answerTo(chunk({ content: 'Look', images }), reason('stop')))).toEqual([
      said('Look'),
      { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } },
      { type: 'image', source: { type: 'url', url: 'https://a.example/b.png' } },
    ]);
  });

  it('the tools that Groq ran are a field of the message', () => {
    const executed_tools = [{ index: 0, type: 'search', arguments: '{}', output: 'found' }];
    const answer = answerTo(chunk({ reasoning: 'Hm', executed_tools }), text('Hi'), reason('stop'));
    expect(answer.message).toMatchObject({ executed_tools });
  });

  it('what the filter of Azure says passes only where it took something out, also after the reason', () => {
    const late = (filtered: boolean): object => ({
      id: '',
      object: '',
      model: '',
      choices: [
        {
          index: 0,
          finish_reason: null,
          content_filter_results: { hate: { filtered, severity: 'high' } },
          content_filter_offsets: { check_offset: 0, start_offset: 0, end_offset: 2 },
        },
      ],
    });
    const { answers, events: all } = read([
      { id: '', model: '', choices: [], prompt_filter_results: [{ prompt_index: 0 }] },
      text('Hi'),
      reason('stop'),
      late(false),
      late(true),
      // The last of the text may come after the filter spoke, whose chunks have no id.
      text('!'),
      DONE,
    ]);
    expect(answers.map((answer) => [answer.message?.id, answer.text])).toEqual([['c1', 'Hi!']]);
    expect(all.filter(({ type }) => type === 'unknown')).toEqual([
      events.unknown('content_filter_results', { hate: { filtered: true, severity: 'high' } }),
    ]);
  });

  it('a text completion is text', () => {
    const piece = (content: string, finish_reason: string | null = null): object => ({
      id: 'cmpl-1',
      object: 'text_completion',
      choices: [{ text: content, index: 0, logprobs: null, finish_reason }],
    });
    const last = { id: 'cmpl-1', object: 'text_completion', choices: [], usage: USAGE };
    const { text: words, message } = answerTo(piece('Hel'), piece('lo'), piece('', 'length'), last);
    expect([words, message?.stop_reason, message?.usage.output_tokens]).toEqual(['Hello', 'max_tokens', 20]);
  });

  it('text beside a delta, as of Hugging Face, is the same text', () => {
    expect(answerTo(chunk({ content: 'Hi' }, {}, { text: 'Hi' }), reason('stop')).text).toBe('Hi');
  });

  it('a message beside each delta, as of Writer, is passed over, and no [DONE] is needed', () => {
    const beside = (content: string, message: string): object =>
      chunk({ content }, {}, { message: { content: message } });
    const { answers } = read([beside('Hel', 'Hel'), beside('lo', 'Hello'), reason('stop')]);
    expect(answers.map((answer) => answer.text)).toEqual(['Hello']);
  });

  it.each([
    ['all there is', []],
    ['what was streamed', [text('Hel'), text('lo')]],
    ['more than what was streamed', [text('Hel')]],
    ['not what was streamed', [text('Help')]],
  ])('a message without a delta that is %s is the answer', (_what, sent) => {
    const message = { role: 'assistant', content: 'Hello', tool_calls: [] };
    const last = {
      id: 'c1',
      object: 'chat.completion',
      choices: [{ index: 0, message, finish_reason: 'stop' }],
    };
    expect(answerTo(...sent, last).text).toBe('Hello');
  });

  it('calls in a message without a delta are those that were streamed', () => {
    const whole = { index: 0, id: 'x', function: { name: 'f', arguments: '{"a":1}' } };
    const message = { role: 'assistant', content: null, tool_calls: [whole] };
    for (const sent of [
      [],
      [call(whole)],
      [call({ index: 0, id: 'x', function: { name: 'f', arguments: '{"a"' } })],
    ]) {
      const last = { id: 'c1', choices: [{ index: 0, message, finish_reason: 'tool_calls' }] };
      expect(answerTo(...sent, last).calls).toEqual([{ id: 'x', name: 'f', input: { a: 1 } }]);
    }
  });

  it('<think> in a text is text', () => {
    expect(answerTo(text('<think>Hm</think>Hi'), reason('stop')).text).toBe('<think>Hm</think>Hi');
  });
});

describe('a failure', () => {
  const failed = { error: { message: 'Overloaded', type: 'server_error', code: null, param: null } };

  it.each<[string, object | string, object]>([
    ['as OpenAI sends it', failed, { type: 'server_error', message: 'Overloaded' }],
    ['that is a string', { error: 'Overloaded' }, { type: 'api_error', message: 'Overloaded' }],
    [
      'with a numeric code',
      { error: { message: 'Overloaded', code: 502 } },
      { type: 'api_error', message: 'Overloaded', status: 502, details: { code: 502 } },
    ],
    [
      'with a code that is a word',
      { error: { message: 'Too long', code: 'context_length_exceeded' } },
      { type: 'context_length_exceeded', message: 'Too long', details: { code: 'context_length_exceeded' } },
    ],
    [
      'inside a chunk, as of OpenRouter',
      chunk({ content: '' }, { error: { code: 429, message: 'Slow down' } }, { finish_reason: 'error' }),
      { type: 'api_error', message: 'Slow down', status: 429, details: { code: 429 } },
    ],
    [
      'inside a chunk without choices',
      { ...counted({}), error: { code: 'server_error', message: 'Broken' } },
      { type: 'server_error', message: 'Broken', details: { code: 'server_error' } },
    ],
    [
      'as an event, as of Groq',
      {
        event: 'error',
        data: '{"error":{"message":"No","type":"invalid_request_error","code":"tool_use_failed","failed_generation":"{","status_code":400}}',
      },
      {
        type: 'invalid_request_error',
        message: 'No',
        status: 400,
        details: { code: 'tool_use_failed', failed_generation: '{', status_code: 400 },
      },
    ],
  ])('%s is an error, and nothing follows it', (_what, failure, error) => {
    const { events: all } = read([text('Hi'), failure, text('!'), reason('stop'), counted(USAGE), DONE]);
    expect(all.slice(3)).toEqual([
      events.blockAbort(0, expect.any(String) as string),
      { type: 'error', error },
    ]);
  });

  it('is told what it cost', () => {
    const { events: all } = read([text('Hi'), { ...failed, usage: USAGE }]);
    expect(all.slice(3, -1)).toEqual([
      events.blockAbort(0, 'Overloaded'),
      events.messageDelta(null, { input_tokens: 12, output_tokens: 20 }),
    ]);
  });

  it('beside the last of the text takes nothing of it away', () => {
    const last = chunk(
      { content: ' you' },
      { error: { code: 502, message: 'Broken' } },
      { finish_reason: 'error' },
    );
    const { events: all } = read([text('For'), last]);
    expect(all.filter(({ type }) => type === 'content_block_delta')).toMatchObject([
      { delta: { text: 'For' } },
      { delta: { text: ' you' } },
    ]);
    expect(all.at(-1)).toMatchObject({ type: 'error', error: { message: 'Broken', status: 502 } });
    expect(all.map(({ type }) => type)).not.toContain('message_stop');
  });

  it('in a field of the event stream, as of llama.cpp, is an error', async () => {
    const bytes = `data: ${JSON.stringify(text('Hi'))}\n\nerror: {"code":500,"message":"Broken"}\n\n`;
    const all = await lastValueFrom(fromBytes(bytes, { codec: openaiChat }).pipe(toArray()));
    expect(all.at(-1)).toMatchObject({ type: 'error', error: { message: 'Broken', status: 500 } });
  });

  it('of a reason that says so, without an error, is a reason', () => {
    expect(answerTo(text('Hi'), reason('error')).message?.stop_reason).toBe('error');
  });

  it('that is a known chunk of the wrong shape says where', () => {
    expect(() => read([chunk({ content: 7 })])).toThrow(
      new StreamError(
        'malformed',
        'chunk.choices.0.delta.content must be a string or an array of objects, but is 7',
      ),
    );
  });
});

describe('the parts of a content', () => {
  it('that are no text pass as they came', () => {
    const part = { type: 'reference', reference_ids: [1] };
    const { events: said } = read([
      chunk({ content: [{ type: 'text', text: 'Hi' }, part] }),
      reason('stop'),
      DONE,
    ]);
    expect(said.filter(({ type }) => type === 'unknown')).toEqual([events.unknown('reference', part)]);
  });

  it('may be pictures', () => {
    const part = { type: 'image_url', image_url: { url: 'https://example.com/a.png' } };
    expect(contentOf(answerTo(chunk({ content: [part] }), reason('stop')))).toMatchObject([
      { type: 'image' },
    ]);
  });
});

it('an empty usage does not hide the one that counts', () => {
  const answer = answerTo(text('Hi'), chunk({}, { usage: {} }, { usage: USAGE, finish_reason: 'stop' }));
  expect(answer.message?.usage).toMatchObject({ input_tokens: 12, output_tokens: 20 });
});

it('a call of two names that no id tells apart cannot be run', () => {
  const piece = (name: string, json: string): object =>
    call({ index: 0, function: { name, arguments: json } });
  const { events: said, answers } = read([
    piece('look', ''),
    piece('book', '{"a":2}'),
    reason('tool_calls'),
    DONE,
  ]);
  expect(answers[0]?.calls).toEqual([]);
  expect(said.filter(({ type }) => type === 'block_abort')).toMatchObject([
    { reason: 'The call has no id and two names, "look" and "book"' },
  ]);
});

describe('a signature of Gemini that comes after its call began', () => {
  const extra_content = { google: { thought_signature: 'c2ln' } };
  const begun = { index: 0, id: 'a', function: { name: 'f', arguments: '' } };

  it.each([
    ['with a piece of it', [begun, { index: 0, function: { arguments: '{"a":1}' }, extra_content }]],
    ['by itself', [begun, { index: 0, function: { arguments: '{"a":1}' } }, { index: 0, extra_content }]],
    [
      'after another call',
      [
        { ...begun, function: { name: 'f', arguments: '{"a":1}' } },
        { index: 1, id: 'b', function: { name: 'g', arguments: '{}' } },
        { index: 0, extra_content },
      ],
    ],
  ])('is in its start, where the answer is written anew: %s', (_, pieces) => {
    const { events: found, answers } = read([...pieces.map((piece) => call(piece)), reason('stop'), DONE]);
    expect(found.filter(({ type }) => type === 'reset')).toHaveLength(1);
    expect(answers[0]?.message?.content[0]).toMatchObject({ id: 'a', input: { a: 1 }, signature: 'c2ln' });
    expect(answers[0]?.calls[0]).toMatchObject({ id: 'a' });
  });

  it('is the first that came', () => {
    const other = { google: { thought_signature: 'b3RoZXI=' } };
    const pieces = [
      { ...begun, extra_content },
      { index: 0, function: { arguments: '{}' }, extra_content: other },
    ];
    const { events: found } = read([...pieces.map((piece) => call(piece)), reason('stop'), DONE]);
    expect(JSON.stringify(found)).not.toMatch(/reset|b3RoZXI/);
  });
});
