import type { StreamEvent } from '../../../src/events/event.js';
import * as events from '../../../src/events/make.js';
import type { StopReason } from '../../../src/events/message.js';
import { eventsOf, START, valuesIn, write } from './frames.js';

type Value = Readonly<Record<string, unknown>>;

/** What these events are written as, without what begins an answer. */
function written(...given: readonly StreamEvent[]): readonly Value[] {
  return valuesIn(write(START, ...given)).slice(2);
}

/** The answer as it ends. */
function final(...given: readonly StreamEvent[]): Value {
  const { response } = written(...given, events.messageStop()).at(-1) as { response: Value };
  return response;
}

const TEXT = [events.textStart(0), events.textDelta(0, 'Hi'), events.blockStop(0)];

describe('an answer', () => {
  it('is written as the API writes it', () => {
    const response = {
      id: 'resp_1',
      object: 'response',
      created_at: 0,
      error: null,
      incomplete_details: null,
      instructions: null,
      metadata: null,
      parallel_tool_calls: true,
      temperature: null,
      tool_choice: 'auto',
      tools: [],
      top_p: null,
      model: 'gpt-5.5',
    };
    const item_id = 'msg_resp_1_0';
    const at = { item_id, output_index: 0, content_index: 0 };
    const part = (text: string) => ({ type: 'output_text', text, annotations: [], logprobs: [] });
    const item = (status: string, content: readonly object[]) => {
      return { id: item_id, type: 'message', status, role: 'assistant', content };
    };
    const usage = {
      input_tokens: 15,
      input_tokens_details: { cached_tokens: 3, cache_write_tokens: 2 },
      output_tokens: 4,
      output_tokens_details: { reasoning_tokens: 1 },
      total_tokens: 19,
    };
    const tokens = { input_tokens: 10, cache_read_input_tokens: 3, cache_creation_input_tokens: 2 };
    const frames = write(
      START,
      ...TEXT,
      events.messageDelta('end_turn', {
        ...tokens,
        output_tokens: 4,
        output_tokens_details: { thinking_tokens: 1 },
      }),
      events.messageStop(),
    );
    const begun = { ...response, status: 'in_progress', output: [], usage: null };
    const whole = item('completed', [part('Hi')]);
    expect(valuesIn(frames)).toEqual(
      [
        { type: 'response.created', response: begun },
        { type: 'response.in_progress', response: begun },
        { type: 'response.output_item.added', output_index: 0, item: item('in_progress', []) },
        { type: 'response.content_part.added', ...at, part: part('') },
        { type: 'response.output_text.delta', ...at, delta: 'Hi', logprobs: [] },
        { type: 'response.output_text.done', ...at, text: 'Hi', logprobs: [] },
        { type: 'response.content_part.done', ...at, part: part('Hi') },
        { type: 'response.output_item.done', output_index: 0, item: whole },
        {
          type: 'response.completed',
          response: { ...response, status: 'completed', output: [whole], usage },
        },
      ].map((value, sequence_number) => ({ ...value, sequence_number })),
    );
    expect(frames.map(({ event }) => event)).toEqual(valuesIn(frames).map(({ type }) => type));
  });

  it('begins to count anew for each answer', () => {
    const one = [START, ...TEXT, events.messageStop()];
    expect(write(...one, ...one)).toEqual([...write(...one), ...write(...one)]);
  });

  it.each<[string | null, string, string | undefined]>([
    ['end_turn', 'completed', undefined],
    ['tool_use', 'completed', undefined],
    ['stop_sequence', 'completed', undefined],
    [null, 'completed', undefined],
    ['max_tokens', 'incomplete', 'max_output_tokens'],
    ['refusal', 'incomplete', 'content_filter'],
    ['pause_turn', 'incomplete', 'pause_turn'],
    ['model_context_window_exceeded', 'incomplete', 'model_context_window_exceeded'],
    ['cancelled', 'incomplete', 'cancelled'],
    ['steered', 'incomplete', 'steered'],
  ])('that stopped for %s is %s', (reason, status, why) => {
    const values = written(events.messageDelta(reason as StopReason), events.messageStop());
    expect(values).toMatchObject([
      {
        type: `response.${status}`,
        response: { status, incomplete_details: why === undefined ? null : { reason: why } },
      },
    ]);
  });

  it('says what is not known of its usage as null, and nothing where nothing is', () => {
    expect(final()).toMatchObject({ usage: null });
    expect(final(events.messageDelta('end_turn', { output_tokens: 4 }))).toMatchObject({
      usage: {
        input_tokens: null,
        input_tokens_details: { cached_tokens: null, cache_write_tokens: null },
        output_tokens: 4,
        output_tokens_details: { reasoning_tokens: 0 },
        total_tokens: 4,
      },
    });
  });

  it('keeps what else the provider said of its usage', () => {
    const usage_details = { input_tokens: 1, cost: 0.01, input_tokens_details: { audio_tokens: 7 } };
    const delta = {
      ...events.messageDelta('end_turn', { input_tokens: 2, output_tokens: 4 }),
      usage_details,
    };
    expect(final(delta)).toMatchObject({
      usage: { input_tokens: 2, cost: 0.01, input_tokens_details: { audio_tokens: 7, cached_tokens: null } },
    });
  });

  it('that failed has the words both where the reference and where clients look for them', () => {
    const failure = events.error('overloaded_error', 'Too busy', 'req_1');
    const value = { code: 'overloaded_error', message: 'Too busy', param: null };
    expect(written(events.textStart(0), failure).at(-1)).toMatchObject({
      type: 'error',
      ...value,
      error: { type: 'overloaded_error', ...value },
      request_id: 'req_1',
    });
    const detailed: StreamEvent = {
      type: 'error',
      error: { type: 'x', message: 'No', status: 400, details: { code: 'bad', param: 'input' } },
    };
    expect(eventsOf(write(detailed))).toEqual([detailed]);
  });
});

it('a thinking is reasoning in a summary of one part, and its signature the encrypted content', () => {
  const id = 'rs_resp_1_0';
  const at = { item_id: id, output_index: 0, summary_index: 0 };
  const part = (text: string) => ({ type: 'summary_text', text });
  const whole = {
    id,
    type: 'reasoning',
    status: 'completed',
    summary: [part('Hm')],
    encrypted_content: 'c2ln',
  };
  const thinking = [
    events.thinkingStart(0),
    events.thinkingDelta(0, 'Hm'),
    events.signatureDelta(0, 'c2ln'),
    events.blockStop(0),
  ];
  expect(written(...thinking)).toEqual(
    [
      {
        type: 'response.output_item.added',
        output_index: 0,
        item: { id, type: 'reasoning', status: 'in_progress', summary: [] },
      },
      { type: 'response.reasoning_summary_part.added', ...at, part: part('') },
      { type: 'response.reasoning_summary_text.delta', ...at, delta: 'Hm' },
      { type: 'response.reasoning_summary_text.done', ...at, text: 'Hm' },
      { type: 'response.reasoning_summary_part.done', ...at, part: part('Hm') },
      { type: 'response.output_item.done', output_index: 0, item: whole },
    ].map((value, nth) => ({ ...value, sequence_number: nth + 2 })),
  );
  expect(final(...thinking)).toMatchObject({ output: [whole] });
});

describe('a call', () => {
  const done = { call_id: 'call_1', name: 'sh', status: 'completed' };
  const call = (...pieces: readonly string[]) => [
    events.toolUseStart(0, 'call_1', 'sh'),
    ...pieces.map((piece) => events.inputJsonDelta(0, piece)),
    events.blockStop(0),
  ];

  it('is one of a function', () => {
    expect(written(...call('{"a":', '1}'))).toMatchObject([
      {
        type: 'response.output_item.added',
        item: { ...done, id: 'fc_resp_1_0', arguments: '', status: 'in_progress' },
      },
      {
        type: 'response.function_call_arguments.delta',
        item_id: 'fc_resp_1_0',
        output_index: 0,
        delta: '{"a":',
      },
      { delta: '1}' },
      { type: 'response.function_call_arguments.done', arguments: '{"a":1}' },
      { type: 'response.output_item.done', item: { type: 'function_call', ...done, arguments: '{"a":1}' } },
    ]);
    expect(written(...call()).at(-1)).toMatchObject({ item: { arguments: '{}' } });
  });

  it('is one of a custom tool where its input is a text', () => {
    expect(written(...call('"a\\', 'n\\u00', 'e9"'))).toMatchObject([
      {
        type: 'response.output_item.added',
        item: { type: 'custom_tool_call', id: 'ctc_resp_1_0', input: '' },
      },
      { type: 'response.custom_tool_call_input.delta', delta: 'a' },
      { delta: '\n' },
      { delta: 'é' },
      { type: 'response.custom_tool_call_input.done', input: 'a\né' },
      { type: 'response.output_item.done', item: { type: 'custom_tool_call', ...done, input: 'a\né' } },
    ]);
    const whole = [events.toolUseStart(0, 'call_1', 'sh', 'ls'), events.blockStop(0)];
    expect(written(...whole).at(-1)).toMatchObject({ item: { type: 'custom_tool_call', input: 'ls' } });
  });

  it('is one of a function where something else comes before it says what it is', () => {
    const [start, ...rest] = call('"ls"') as [StreamEvent, ...StreamEvent[]];
    const values = written(start, events.ping(), ...rest);
    expect(values.map(({ type }) => type).slice(0, 2)).toEqual(['response.output_item.added', 'keepalive']);
    expect(values.at(-1)).toMatchObject({ item: { type: 'function_call', arguments: '"ls"' } });
  });

  it('that was given up is incomplete', () => {
    const values = written(...call('{"a":').slice(0, -1), events.blockAbort(0, 'Cut off'));
    expect(values.at(-1)).toMatchObject({
      type: 'response.output_item.done',
      item: { status: 'incomplete', arguments: '{"a":' },
    });
    expect(values.map(({ type }) => type)).not.toContain('response.function_call_arguments.done');
  });

  it('keeps what it came with', () => {
    const { content_block } = events.toolUseStart(0, 'call_1', 'sh');
    const caller = { type: 'program', caller_id: 'p' };
    const extras = { item_id: 'fc_9', namespace: 'os', caller };
    const values = written(
      events.blockStart(0, { ...content_block, ...extras } as never),
      events.blockStop(0),
    );
    expect(values.at(-1)).toMatchObject({ item: { id: 'fc_9', namespace: 'os', caller } });
  });
});

describe('a block', () => {
  /** The item that a whole block is written as, and the event that its item comes back as. */
  function itemOf(block: object): readonly [item: unknown, block: unknown] {
    const frames = write(START, events.blockStart(0, block as never), events.blockStop(0));
    const { item } = valuesIn(frames).at(-1) as { item: unknown };
    const back = eventsOf(frames).find(({ type }) => type === 'content_block_start');
    return [item, back?.type === 'content_block_start' ? back.content_block : undefined];
  }

  it.each([
    [
      { type: 'redacted_thinking', data: 'gAAA' },
      { type: 'reasoning', id: 'rs_resp_1_0', summary: [], encrypted_content: 'gAAA' },
    ],
    [
      { type: 'compaction', content: null, encrypted_content: 'gAAA', item_id: 'cmp_7' },
      { type: 'compaction', id: 'cmp_7', encrypted_content: 'gAAA' },
    ],
    [
      { type: 'mcp_tool_listing', mcp_server_name: 'wiki', tools: [] },
      { type: 'mcp_list_tools', id: 'mcpl_resp_1_0', server_label: 'wiki', tools: [] },
    ],
    [
      { type: 'apply_patch_call', id: 'apc_1', call_id: 'call_1', operation: {} },
      { type: 'apply_patch_call', id: 'apc_1', call_id: 'call_1', operation: {} },
    ],
  ])('that comes whole is an item, and the same block again: %j', (block, item) => {
    expect(itemOf(block)).toEqual([item, block]);
  });

  it.each([
    { type: 'web_search_tool_result', tool_use_id: 'a', content: [] },
    { type: 'container_upload', file_id: 'file_1' },
    { type: 'hologram', depth: 3 },
    // These say more than that they are an item.
    { type: 'message', id: 'msg_1', content: [] },
    { type: 'function_call', id: 'fc_1', call_id: 'call_1', name: 'rm', arguments: '{}' },
    { type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_fetch', input: {} },
    { type: 'mcp_tool_result', tool_use_id: 'nobody', content: '', is_error: false },
  ])('is left out where the protocol has no item for it: %j', (block) => {
    expect(written(events.blockStart(0, block as never), events.blockStop(0))).toEqual([]);
  });

  it('of a tool of the provider comes back whole', () => {
    const search = events.serverToolUseStart(0, 'ws_1', 'web_search', { type: 'search', query: 'x' });
    const run = events.serverToolUseStart(1, 'ci_1', 'code_execution', { code: '1' });
    const use = {
      type: 'mcp_tool_use',
      id: 'mcp_1',
      name: 'ask',
      server_name: 'wiki',
      input: { q: 1 },
    } as const;
    const failed = { type: 'mcp_tool_result', tool_use_id: 'mcp_1', content: 'No', is_error: true } as const;
    const outputs = { type: 'outputs_delta', outputs: [{ type: 'logs', logs: '1' }] };
    const given = [
      search,
      events.blockStop(0),
      run,
      events.blockDelta(1, outputs as never),
      events.blockStop(1),
      events.blockStart(2, use),
      events.blockStop(2),
      events.blockStart(3, failed),
      events.blockStop(3),
    ];
    const frames = write(START, ...given);
    expect(frames.map(({ event }) => event)).toContain('response.mcp_call_arguments.done');
    const back = eventsOf(frames);
    expect(back.slice(1)).toEqual([
      search,
      events.blockStop(0),
      { ...run, content_block: { ...run.content_block, input: {} } },
      events.blockDelta(1, outputs as never),
      events.inputJsonDelta(1, '{"code":"1"}'),
      events.blockStop(1),
      events.blockStart(2, { ...use, input: {} }),
      events.inputJsonDelta(2, '{"q":1}'),
      events.blockStop(2),
      events.blockStart(3, failed),
      events.blockStop(3),
    ]);
  });

  it('cites pages by their address', () => {
    const page = {
      type: 'web_search_result_location',
      cited_text: 'Hi',
      encrypted_index: 'RW5j',
      title: 'T',
      url: 'https://a/',
    };
    const passage = { type: 'char_location', cited_text: 'Hi', document_index: 0, document_title: null };
    const own = { type: 'url_citation', url: 'https://b/', title: 'U', start_index: 0, end_index: 2 };
    const values = written(
      events.textStart(0),
      events.textDelta(0, 'Hi'),
      ...[page, passage, own].map((citation) => events.citationsDelta(0, citation as never)),
      events.blockStop(0),
    );
    const cited = { type: 'url_citation', url: 'https://a/', title: 'T', start_index: 0, end_index: 2 };
    const added = values.filter(({ type }) => type === 'response.output_text.annotation.added');
    expect(added).toMatchObject([
      { annotation_index: 0, annotation: cited },
      { annotation_index: 1, annotation: own },
    ]);
    expect(values.at(-1)).toMatchObject({ item: { content: [{ annotations: [cited, own] }] } });
  });
});

it('a call whose input begins like a text and is none is incomplete', () => {
  const call = [
    events.toolUseStart(0, 'call_a', 'f'),
    events.inputJsonDelta(0, '"a":1}'),
    events.blockStop(0),
  ];
  const frames = write(START, ...call).map(({ data }) => JSON.parse(data) as { item?: Value; type: string });
  expect(frames.at(-1)).toMatchObject({ item: { type: 'custom_tool_call', status: 'incomplete' } });
  expect(frames.map(({ type }) => type)).not.toContain('response.custom_tool_call_input.done');
});

describe('an event of an unknown type', () => {
  it('is written as it came, if it is one of the protocol’s that a reader takes for nothing else', () => {
    expect(
      write(events.unknown('response.mcp_call.failed', { type: 'response.mcp_call.failed', n: 1 })),
    ).toEqual([{ event: 'response.mcp_call.failed', data: '{"type":"response.mcp_call.failed","n":1}' }]);
    expect(write(events.unknown('response.later', 7))).toEqual([
      { event: 'response.later', data: '{"type":"response.later","data":7}' },
    ]);
    expect(write(events.unknown('heartbeat', 7))).toEqual([]);
    expect(write(events.unknown('response.completed', {}))).toEqual([]);
    expect(write(events.unknown('keepalive', {}))).toEqual([]);
    expect(write(events.unknown('x', { error: { message: 'No' } }))).toEqual([]);
  });
});
