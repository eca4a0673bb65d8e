import * as events from '../../../src/events/make.js';
import { answersIn } from '../conformance/answerIn.js';
import {
  added,
  answersOf,
  call,
  callAdded,
  callStart,
  COMPLETED,
  CREATED,
  done,
  eventsOf,
  framesOf,
  input,
  message,
  messageDone,
  messageOf,
  read,
  RESPONSE,
  START,
  text,
  textStart,
  whole,
  type Wire,
} from './frames.js';

const ended = (output: readonly object[], name = 'completed', fields: object = {}): Wire => [
  name,
  { response: { ...RESPONSE, output, ...fields } },
];

/** What is to be said of each call: whether it can be run. */
function callsOf(...wire: readonly Wire[]): readonly unknown[] {
  return answersOf(...wire)[0]?.calls ?? [];
}

describe('ids', () => {
  it('that change from event to event say nothing: the place of an item does', () => {
    const answer = messageOf(
      CREATED,
      added(0, whole('msg_1', '')),
      text(0, 'Good ', 'msg_2'),
      text(0, 'morning', 'msg_3'),
      done(0, whole('msg_4', 'Good morning')),
      callAdded(1, 'call_1'),
      ['function_call_arguments.delta', { item_id: 'fc_8', output_index: 1, delta: '{}' }],
      done(1, call('call_1', '{}', { id: 'fc_9' })),
      ended([whole('msg_5', 'Good morning'), call('call_1', '{}', { id: 'fc_10' })], 'completed', {
        id: 'resp_9',
      }),
    );
    expect(answer).toMatchObject({
      id: 'resp_1',
      content: [
        { text: 'Good morning', item_id: 'msg_1' },
        { type: 'tool_use', id: 'call_1', input: {} },
      ],
    });
    expect(answer?.content).toHaveLength(2);
  });

  it('stand for the place of an item where servers leave that out', () => {
    const at = (item_id: string, delta: string): Wire => ['output_text.delta', { item_id, delta }];
    const answer = messageOf(
      CREATED,
      ['output_item.added', { item: { ...whole('msg_a', ''), content: [] } }],
      at('msg_a', 'Good '),
      at('msg_a', 'morning'),
      ['output_item.done', { item: whole('msg_a', 'Good morning') }],
      COMPLETED,
    );
    expect(answer?.content).toMatchObject([{ text: 'Good morning' }]);
  });

  it('of a call are the last ones, where it comes whole', () => {
    const search = (call_id: string, goal: object) => ({
      id: 'tsc_1',
      type: 'tool_search_call',
      execution: 'client',
      call_id,
      arguments: goal,
    });
    const last = search('call_2', { goal: 'the weather' });
    const answer = messageOf(CREATED, added(0, search('call_1', {})), done(0, last), ended([last]));
    expect(answer).toMatchObject({ content: [last], stop_reason: 'tool_use' });
  });

  it('tell items apart where a server uses one place for all of them, one after another', () => {
    const wire = [
      ...message(0, 'msg_a'),
      text(0, 'One'),
      done(0, whole('msg_a', 'One')),
      callAdded(0, 'call_1'),
      input(0, '{"a":1}'),
      done(0, call('call_1', '{"a":1}')),
      done(0, call('call_2', '{"a":2}')),
    ];
    const output = [whole('msg_a', 'One'), call('call_1', '{"a":1}'), call('call_2', '{"a":2}')];
    for (const end of [COMPLETED, ended(output)]) {
      expect(messageOf(CREATED, ...wire, end)?.content).toMatchObject([
        { text: 'One' },
        { id: 'call_1', input: { a: 1 } },
        { id: 'call_2', input: { a: 2 } },
      ]);
    }
  });

  it('find their item where only some events name its place', () => {
    const piece: Wire = ['function_call_arguments.delta', { item_id: 'fc_call_1', delta: '{"a":1}' }];
    expect(
      callsOf(CREATED, callAdded(0, 'call_1'), piece, done(0, call('call_1', '')), COMPLETED),
    ).toMatchObject([{ input: { a: 1 } }]);
  });

  it('and places may skip: the final output counts without gaps', () => {
    const [one, two] = [whole('msg_a', 'One'), whole('msg_b', 'Two')];
    const answer = messageOf(
      CREATED,
      ...message(0, 'msg_a'),
      text(0, 'One'),
      ...messageDone(0, 'msg_a', 'One'),
      ...message(2, 'msg_b'),
      text(2, 'Two'),
      ...messageDone(2, 'msg_b', 'Two'),
      ended([one, two]),
    );
    expect(answer?.content).toMatchObject([{ text: 'One' }, { text: 'Two' }]);
  });

  it('and numbers of parts may skip too', () => {
    const summary = ['One', 'Two'].map((words) => ({ type: 'summary_text', text: words }));
    const pieces = [1, 3].map((summary_index, nth): Wire => [
      'reasoning_summary_text.delta',
      { output_index: 0, summary_index, delta: ['One', 'Tw'][nth] },
    ]);
    const item = { id: 'rs_a', type: 'reasoning' };
    const last = { ...item, summary };
    for (const end of [[done(0, last), COMPLETED], [ended([last])]]) {
      const answer = messageOf(CREATED, added(0, { ...item, summary: [] }), ...pieces, ...end);
      expect(answer?.content).toMatchObject([{ thinking: 'One' }, { thinking: 'Two' }]);
    }
    const from1 = ['One', 'Two'].map((delta, nth): Wire => [
      'output_text.delta',
      { output_index: 0, content_index: nth + 1, delta },
    ]);
    const content = ['One', 'Two'].map((words) => ({ type: 'output_text', text: words }));
    const both = { ...whole('msg_a', ''), content };
    const answer = messageOf(CREATED, added(0, whole('msg_a', '')), ...from1, done(0, both), ended([both]));
    expect(answer?.content).toMatchObject([{ text: 'One' }, { text: 'Two' }]);
    expect(answer?.content).toHaveLength(2);
  });
});

describe('an error', () => {
  const words = 'You exceeded your current quota';

  it.each([
    [
      'nested',
      { error: { type: 'insufficient_quota', code: 'insufficient_quota', message: words, param: null } },
    ],
    ['flat', { code: 'insufficient_quota', message: words, param: null }],
  ])('may be %s; the failure that follows is the same', (_, fields) => {
    expect(
      read(
        CREATED,
        ['error', fields],
        ended([], 'failed', { error: { code: 'insufficient_quota', message: words } }),
      ),
    ).toEqual([START, { type: 'error', error: { type: 'insufficient_quota', message: words } }]);
  });

  it('that is said twice is one', () => {
    const said: Wire = ['error', { code: 'server_error', message: words }];
    expect(read(CREATED, said, said)).toEqual([START, events.error('server_error', words)]);
  });

  it('may be the end of the answer alone, after what it cost', () => {
    const usage = { input_tokens: 5, output_tokens: 2, total_tokens: 7 };
    const failed = ended([], 'failed', { error: { code: 'server_error', message: 'Oh no' }, usage });
    expect(read(CREATED, ...message(0, 'msg_a'), text(0, 'Half'), failed)).toEqual([
      START,
      textStart(0, 'msg_a'),
      events.textDelta(0, 'Half'),
      events.blockAbort(0, 'Oh no'),
      events.messageDelta(null, { input_tokens: 5, output_tokens: 2 }),
      events.error('server_error', 'Oh no'),
    ]);
  });

  it('says which parameter of the request it is about', () => {
    const error = { type: 'invalid_request_error', code: 'invalid_value', message: 'No', param: 'tools[0]' };
    expect(read(['error', { error }])).toEqual([
      {
        type: 'error',
        error: {
          type: 'invalid_request_error',
          message: 'No',
          details: { code: 'invalid_value', param: 'tools[0]' },
        },
      },
    ]);
  });
});

describe('what is whole', () => {
  it('gives the input that was not streamed, at the end of the call', () => {
    const last: Wire = ['function_call_arguments.done', { output_index: 0, arguments: '{"a":1}' }];
    const expected = [{ id: 'call_1', name: 'get_weather', input: { a: 1 } }];
    expect(callsOf(CREATED, callAdded(0, 'call_1'), last, done(0, call('call_1', '')), COMPLETED)).toEqual(
      expected,
    );
    expect(callsOf(CREATED, callAdded(0, 'call_1'), last, COMPLETED)).toEqual(expected);
    expect(callsOf(CREATED, callAdded(0, 'call_1'), done(0, call('call_1', '{"a":1}')), COMPLETED)).toEqual(
      expected,
    );
    expect(callsOf(CREATED, done(0, call('call_1', '{"a":1}')), COMPLETED)).toEqual(expected);
    expect(callsOf(CREATED, callAdded(0, 'call_1'), ended([call('call_1', '{"a":1}')]))).toEqual(expected);
    expect(callsOf(CREATED, ended([call('call_1', '{"a":1}')]))).toEqual(expected);
  });

  it('gives the input that is an object', () => {
    const item = { ...call('call_1', ''), arguments: { a: 1 } };
    expect(callsOf(CREATED, callAdded(0, 'call_1'), done(0, item), COMPLETED)).toMatchObject([
      { input: { a: 1 } },
    ]);
    const last: Wire = ['function_call_arguments.done', { output_index: 0, arguments: { a: 2 } }];
    expect(callsOf(CREATED, callAdded(0, 'call_1'), last, COMPLETED)).toMatchObject([{ input: { a: 2 } }]);
  });

  it.each([
    [
      'its own end',
      [['output_text.done', { output_index: 0, content_index: 0, text: 'Good morning' }] as Wire, COMPLETED],
    ],
    ['its item', [done(0, whole('msg_a', 'Good morning')), COMPLETED]],
    ['the final output', [ended([whole('msg_a', 'Good morning')])]],
  ])('gives the text that was not streamed, by %s', (_, end) => {
    for (const given of [[], [text(0, 'Good ')]]) {
      expect(messageOf(CREATED, ...message(0, 'msg_a'), ...given, ...end)?.content).toMatchObject([
        { text: 'Good morning' },
      ]);
    }
  });

  it('gives items that were never announced', () => {
    const answer = messageOf(CREATED, ended([whole('msg_a', 'Hi'), call('call_1', '{}')]));
    expect(answer?.content).toMatchObject([{ text: 'Hi' }, { type: 'tool_use', id: 'call_1' }]);
  });

  it('takes nothing away where it is empty', () => {
    const given = [CREATED, ...message(0, 'msg_a'), text(0, 'Hi'), done(0, whole('msg_a', ''))];
    expect(messageOf(...given, ended([]))?.content).toMatchObject([{ text: 'Hi' }]);
  });

  it('puts right what it contradicts, by writing the answer anew', () => {
    const given = read(
      CREATED,
      ...message(0, 'msg_a'),
      text(0, 'Hallo'),
      done(0, whole('msg_a', 'Hello')),
      COMPLETED,
    );
    expect(given.map(({ type }) => type)).toContain('reset');
    const wire = [
      CREATED,
      callAdded(0, 'call_1'),
      input(0, '{"a":1}'),
      done(0, call('call_1', '{"a":2}')),
      COMPLETED,
    ];
    expect(callsOf(...wire)).toMatchObject([{ input: { a: 2 } }]);
  });
});

describe('the final output', () => {
  it('puts right an item that was done, where it says something else of it', () => {
    const given = read(
      CREATED,
      ...message(0, 'msg_a'),
      text(0, 'Hallo'),
      done(0, whole('msg_a', 'Hallo')),
      ended([whole('msg_a', 'Hello')]),
    );
    expect(given.filter(({ type }) => type === 'reset')).toHaveLength(1);
    expect(answersIn(given)).toMatchObject([{ text: 'Hello', message: { stop_reason: 'end_turn' } }]);
    const called = [CREATED, callAdded(0, 'call_1'), input(0, '{"a":1}'), done(0, call('call_1', '{"a":1}'))];
    expect(callsOf(...called, ended([call('call_1', '{"a":2}')]))).toMatchObject([{ input: { a: 2 } }]);
  });

  it('says nothing new of an item that it says the same of, or has under another id', () => {
    const given = [CREATED, ...message(0, 'msg_a'), text(0, 'Hi'), done(0, whole('msg_a', 'Hi'))];
    for (const item of [whole('msg_a', 'Hi'), whole('msg_a', ''), whole('msg_z', 'Ho')]) {
      const found = read(...given, ended([item]));
      expect(found.map(({ type }) => type)).not.toContain('reset');
      expect(answersIn(found)).toMatchObject([{ text: 'Hi' }]);
    }
  });

  it('ends the answer under any id: servers in between change it from event to event', () => {
    const other = { response: { ...RESPONSE, id: 'resp_2', status: 'completed' } };
    const found = read(CREATED, ...message(0, 'msg_a'), text(0, 'Hi'), ['completed', other]);
    expect(answersIn(found)).toMatchObject([{ text: 'Hi', message: { id: 'resp_1' } }]);
  });

  it('ends what is never done: a text, and no call', () => {
    const found = read(
      CREATED,
      ...message(0, 'msg_a'),
      text(0, 'Hi'),
      callAdded(1, 'a'),
      input(1, '{}'),
      ended([]),
    );
    expect(answersIn(found)).toMatchObject([{ text: 'Hi', calls: [], message: { stop_reason: 'end_turn' } }]);
  });
});

describe('a call that was cut off', () => {
  const cut = ended([], 'incomplete', { incomplete_details: { reason: 'max_output_tokens' } });

  it('is given up where its item says so, with all that came of it', () => {
    const wire = [CREATED, callAdded(0, 'call_1'), input(0, '{"a":')] as const;
    const item = done(0, call('call_1', '{"a":1', { status: 'incomplete' }));
    const last: Wire = ['function_call_arguments.done', { output_index: 0, arguments: '{"a":1' }];
    expect(read(...wire, last, item, cut)).toEqual([
      START,
      callStart(0, 'call_1'),
      events.inputJsonDelta(0, '{"a":'),
      events.inputJsonDelta(0, '1'),
      events.blockAbort(0, 'The call is incomplete'),
      events.messageDelta('max_tokens'),
      events.messageStop(),
    ]);
  });

  it('waits for no result, even if the answer is complete', () => {
    const item = done(0, call('call_1', '{"a":1', { status: 'incomplete' }));
    const wire = [CREATED, callAdded(0, 'call_1'), input(0, '{"a":1'), item, COMPLETED] as const;
    expect(messageOf(...wire)?.stop_reason).toBe('end_turn');
    expect(callsOf(...wire)).toEqual([]);
  });

  it('is given up where its end did not come', () => {
    const wire = [CREATED, callAdded(0, 'call_1'), input(0, '{}')] as const;
    for (const end of [cut, COMPLETED]) {
      expect(read(...wire, end)[3]).toEqual(events.blockAbort(0, 'The answer ended inside this call'));
    }
  });

  it('is whole where its item is said to be in progress, as in answers that are complete', () => {
    const item = done(0, call('call_1', '{"a":1}', { status: 'in_progress' }));
    const wire = [CREATED, callAdded(0, 'call_1'), input(0, '{"a":1}'), item] as const;
    expect(callsOf(...wire, COMPLETED)).toMatchObject([{ input: { a: 1 } }]);
    // The reason holds it back.
    expect(messageOf(...wire, cut)?.stop_reason).toBe('max_tokens');
  });
});

describe('an end that is named as if all went well', () => {
  const wire = [CREATED, callAdded(0, 'call_1'), input(0, '{"a":1')] as const;

  it('is none where its answer is incomplete or was cancelled', () => {
    const incomplete_details = { reason: 'max_output_tokens' };
    expect(
      messageOf(...wire, ended([], 'completed', { status: 'incomplete', incomplete_details })),
    ).toMatchObject({
      stop_reason: 'max_tokens',
    });
    expect(messageOf(...wire, ended([], 'completed', { status: 'cancelled' }))?.stop_reason).toBe(
      'cancelled',
    );
    expect(callsOf(...wire, ended([], 'completed', { status: 'cancelled' }))).toEqual([]);
  });

  it('is a failure where its answer failed', () => {
    const error = { code: 'server_error', message: 'Oh no' };
    expect(read(...wire, ended([], 'completed', { status: 'failed', error })).at(-1)).toEqual(
      events.error('server_error', 'Oh no'),
    );
  });
});

describe('a stream that is resumed', () => {
  it('begins where it was left, also amid an item', () => {
    const queued: Wire = ['queued', { response: { ...RESPONSE, status: 'queued' } }];
    expect(read(queued)).toEqual([START]);
    expect(messageOf(queued, ...message(0, 'msg_a'), text(0, 'Hi'), COMPLETED)).toMatchObject({
      id: 'resp_1',
      content: [{ text: 'Hi' }],
    });
    expect(messageOf(text(0, 'morning'), done(0, whole('msg_a', '')), COMPLETED)?.content).toMatchObject([
      { text: 'morning' },
    ]);
    // The first pieces are missing: the whole text puts them right.
    expect(
      messageOf(text(0, 'morning'), done(0, whole('msg_a', 'Good morning')), COMPLETED)?.content,
    ).toMatchObject([{ text: 'Good morning' }]);
    const call1 = [input(0, '1}'), done(0, call('call_1', '{"a":1}'))];
    expect(callsOf(...call1, COMPLETED)).toEqual([{ id: 'call_1', name: 'get_weather', input: { a: 1 } }]);
  });
});

describe('a call with a free text', () => {
  const custom = (fields: object) => ({
    id: 'ctc_1',
    type: 'custom_tool_call',
    call_id: 'call_1',
    name: 'sh',
    ...fields,
  });
  const given = (...pieces: readonly string[]): readonly Wire[] =>
    pieces.map(
      (delta) => ['custom_tool_call_input.delta', { output_index: 0, item_id: 'ctc_1', delta }] as const,
    );

  it('has a JSON string as its input', () => {
    const wire = [CREATED, added(0, custom({ input: '' })), ...given('echo "', 'é\ud83d', '\ude00"\n')];
    const words = 'echo "é😀"\n';
    const last: Wire = ['custom_tool_call_input.done', { output_index: 0, input: words }];
    const answer = read(...wire, last, done(0, custom({ input: words })), COMPLETED);
    expect(answer.map(({ type }) => type)).not.toContain('reset');
    expect(callsOf(...wire, last, done(0, custom({ input: words })), COMPLETED)).toMatchObject([
      { id: 'call_1', input: words },
    ]);
    expect(callsOf(...wire, last, COMPLETED)).toMatchObject([{ input: words }]);
    expect(callsOf(...wire, done(0, custom({})), COMPLETED)).toMatchObject([{ input: words }]);
  });

  it('may come whole, empty or not', () => {
    expect(callsOf(CREATED, done(0, custom({ input: 'ls' })), COMPLETED)).toMatchObject([{ input: 'ls' }]);
    expect(callsOf(CREATED, done(0, custom({ input: '' })), COMPLETED)).toMatchObject([{ input: '' }]);
  });

  it('is put right like any other', () => {
    const wire = [CREATED, added(0, custom({ input: '' })), ...given('ls -a')];
    expect(callsOf(...wire, done(0, custom({ input: 'ls -l' })), COMPLETED)).toMatchObject([
      { input: 'ls -l' },
    ]);
  });

  it.each([
    ...['x_keyword_search', 'x_semantic_search', 'x_user_search', 'x_thread_fetch', 'view_x_video'].map(
      (name) => ({ name }),
    ),
    { name: 'other', call_id: 'xs_call_7' },
  ])('is run by xAI itself: %j', (fields) => {
    const search = custom({ input: '{"query":"rxjs"}', ...fields });
    const answer = messageOf(CREATED, done(0, search), ...message(1, 'msg_a'), text(1, 'Hi'), COMPLETED);
    expect(answer?.content[0]).toMatchObject({ type: 'server_tool_use', name: fields.name });
    expect(answer?.stop_reason).toBe('end_turn');
  });
});

describe('a stream', () => {
  const turn = (id: string): readonly Wire[] => [
    ['created', { response: { ...RESPONSE, id } }],
    ...message(0, `msg_${id}`),
    text(0, id),
    ['completed', { response: { ...RESPONSE, id } }],
  ];

  it('may hold several answers', () => {
    expect(answersOf(...turn('a'), ...turn('b')).map(({ text: words }) => words)).toEqual(['a', 'b']);
  });

  it('never mixes two', () => {
    expect(() => read(CREATED, ['created', { response: { ...RESPONSE, id: 'resp_2' } }])).toThrow(
      'The answer "resp_2" began within the answer "resp_1"',
    );
    expect(() => read(...turn('a'), text(0, 'more'))).toThrow(
      'response.output_text.delta came after the end',
    );
  });

  it('passes over what is said twice', () => {
    const wire = turn('a').flatMap((event) => (event[0] === 'output_text.delta' ? [event] : [event, event]));
    expect(answersOf(...wire)).toEqual(answersOf(...turn('a')));
  });

  it('may be numbered in any way, or not at all', () => {
    const numbered = framesOf(...turn('a'));
    const bare = numbered.map(({ data }) => ({
      data: data.replace(/"sequence_number":(\d)/, '"sequence_number":9$1'),
    }));
    const nameless = numbered.map(({ data }) => ({ data: data.replace(/"sequence_number":\d+,/, '') }));
    expect(eventsOf(bare)).toEqual(eventsOf(numbered));
    expect(eventsOf(nameless)).toEqual(eventsOf(numbered));
    expect(eventsOf([...numbered, { data: '[DONE]' }])).toEqual(eventsOf(numbered));
    const named = numbered.map(({ event = '', data }) => ({
      event,
      data: data.replace(/"type":"[^"]+",/, ''),
    }));
    expect(eventsOf(named)).toEqual(eventsOf(numbered));
  });

  it('that ends without its sign is not whole', () => {
    expect(read(...turn('a').slice(0, -1)).map(({ type }) => type)).not.toContain('message_stop');
  });

  it('of another protocol is no answer', () => {
    const others = [
      { event: 'message_start', data: '{"type":"message_start","message":{"id":"msg_1","content":[]}}' },
      { event: 'message_stop', data: '{"type":"message_stop"}' },
      {
        data: '{"id":"c1","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":"Hi"}}]}',
      },
      { data: '{"candidates":[{"content":{"parts":[{"text":"Hi"}]},"finishReason":"STOP"}]}' },
    ];
    const uses = ['anthropic of /anthropic', undefined, 'openaiChat of /openai', 'gemini of /gemini'];
    for (const [at, frame] of others.entries()) {
      const use = uses[at];
      if (use === undefined) expect(eventsOf([frame]).map(({ type }) => type)).toEqual(['unknown']);
      else expect(() => eventsOf([frame])).toThrow(`This is no stream of openai-responses; use ${use}`);
    }
  });

  it('is kept alive by events that nobody documents', () => {
    expect(read(['keepalive'])).toEqual([events.ping()]);
  });

  it('may have items that grow at the same time', () => {
    const answer = read(
      CREATED,
      callAdded(0, 'call_1'),
      callAdded(1, 'call_2'),
      input(1, '{"b":'),
      input(0, '{"a":1}'),
      input(1, '2}'),
      done(1, call('call_2', '{"b":2}')),
      done(0, call('call_1', '{"a":1}')),
      COMPLETED,
    );
    expect(answer.slice(1, -2)).toEqual([
      callStart(0, 'call_1'),
      callStart(1, 'call_2'),
      events.inputJsonDelta(1, '{"b":'),
      events.inputJsonDelta(0, '{"a":1}'),
      events.inputJsonDelta(1, '2}'),
      events.blockStop(1),
      events.blockStop(0),
    ]);
  });

  it('has no call that became something else', () => {
    const answer = read(
      CREATED,
      callAdded(0, 'call_1'),
      input(0, '{}'),
      done(0, whole('msg_a', 'Hi')),
      COMPLETED,
    );
    expect(answer).toContainEqual(events.blockAbort(0, 'The call ended as message'));
    expect(
      messageOf(CREATED, callAdded(0, 'call_1'), done(0, whole('msg_a', 'Hi')), COMPLETED),
    ).toMatchObject({
      stop_reason: 'end_turn',
    });
  });

  it('goes on where a tool of the provider failed', () => {
    const failed: Wire = ['mcp_call.failed', { output_index: 0, error: { message: 'timed out' } }];
    expect(messageOf(CREATED, failed, ...message(1, 'msg_a'), text(1, 'Hi'), COMPLETED)?.stop_reason).toBe(
      'end_turn',
    );
  });

  it('costs a call that nobody can answer, and goes on', () => {
    const { call_id: _, ...nameless } = call('call_1', '{}') as { call_id: string };
    const answer = read(CREATED, done(0, nameless), ...message(1, 'msg_a'), text(1, 'Hi'), COMPLETED);
    expect(answer.find(({ type }) => type === 'block_abort')).toEqual(
      events.blockAbort(0, 'The call has no id'),
    );
    expect(answer.at(-1)).toEqual(events.messageStop());
  });
});

describe('the usage', () => {
  const costs = (usage: object | null) => read(CREATED, ended([], 'completed', { usage })).at(-2);

  it.each([
    [
      { input_tokens: 5, output_tokens: 2, total_tokens: 7 },
      { input_tokens: 5, output_tokens: 2 },
    ],
    [
      { input_tokens: 5, output_tokens: 2, total_tokens: 17 },
      { input_tokens: 5, output_tokens: 12 },
    ],
    [
      { input_tokens: 5, output_tokens: 2, total_tokens: 0 },
      { input_tokens: 5, output_tokens: 2 },
    ],
    [
      { input_tokens: 5, input_tokens_details: { cached_tokens: 9 } },
      { input_tokens: 0, cache_read_input_tokens: 9 },
    ],
    [{ input_tokens_details: null, output_tokens: 2, output_tokens_details: null }, { output_tokens: 2 }],
    [{ input_tokens: null, output_tokens: null, total_tokens: 7 }, {}],
    [null, {}],
  ])('%j', (usage, expected) => {
    expect(costs(usage)).toEqual(events.messageDelta('end_turn', expected));
  });

  it('rides as it came where it says more', () => {
    const usage = { input_tokens: 5, output_tokens: 2, total_tokens: 7, cost: 0.01 };
    expect(costs(usage)).toMatchObject({ usage: { input_tokens: 5 }, usage_details: usage });
    const details = { ...usage, cost: null, output_tokens_details: { audio_tokens: 1 } };
    expect(costs(details)).toMatchObject({ usage_details: details });
  });
});

describe('several calls at one place', () => {
  const first = call('call_a', '{"a":1}');
  const second = { ...call('call_b', '{"b":2}'), name: 'book' };
  const begun = (item: object): Wire => added(0, { ...item, arguments: '' });

  it.each<[string, readonly Wire[]]>([
    ['one after another', [begun(first), input(0, '{"a":1}'), begun(second), input(0, '{"b":2}')]],
    ['at the same time', [begun(first), begun(second)]],
  ])('are told apart by their ids: %s', (_, begin) => {
    expect(callsOf(CREATED, ...begin, done(0, first), done(0, second), COMPLETED)).toMatchObject([
      { id: 'call_a', input: { a: 1 } },
      { id: 'call_b', name: 'book', input: { b: 2 } },
    ]);
  });

  it('are told apart where the end of only one comes', () => {
    const calls = callsOf(CREATED, begun(first), input(0, '{"a":1}'), done(0, second), COMPLETED);
    expect(calls).toMatchObject([{ id: 'call_b', name: 'book', input: { b: 2 } }]);
  });
});

describe('an end that says two things', () => {
  it('is a failure where it has an error', () => {
    const error = { code: 'server_error', message: 'Broken' };
    const [, ...others] = read(CREATED, ended([], 'completed', { status: 'completed', error }));
    expect(others).toMatchObject([{ type: 'error', error: { type: 'server_error', message: 'Broken' } }]);
  });

  it('is no good one where it says what is missing', () => {
    const details = { status: 'completed', incomplete_details: { reason: 'max_output_tokens' } };
    expect(messageOf(CREATED, ended([whole('msg_a', 'Hi')], 'completed', details))?.stop_reason).toBe(
      'max_tokens',
    );
  });
});
