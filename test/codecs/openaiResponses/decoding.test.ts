import * as events from '../../../src/events/make.js';
import { openaiResponses } from '../../../src/openai.js';
import {
  added,
  call,
  callAdded,
  callStart,
  COMPLETED,
  CREATED,
  done,
  eventsOf,
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

const USAGE = {
  input_tokens: 108,
  input_tokens_details: { cached_tokens: 40, cache_write_tokens: 8 },
  output_tokens: 30,
  output_tokens_details: { reasoning_tokens: 12 },
  total_tokens: 138,
};

const END = [events.messageDelta('end_turn'), events.messageStop()];

describe('an answer of the Responses API', () => {
  it('is a text, its usage, and why it ended', () => {
    expect(
      read(
        CREATED,
        ['in_progress', { response: RESPONSE }],
        ...message(0, 'msg_a'),
        text(0, 'Good '),
        text(0, 'morning'),
        ...messageDone(0, 'msg_a', 'Good morning'),
        ['completed', { response: { ...RESPONSE, output: [whole('msg_a', 'Good morning')], usage: USAGE } }],
      ),
    ).toEqual([
      START,
      textStart(0, 'msg_a'),
      events.textDelta(0, 'Good '),
      events.textDelta(0, 'morning'),
      events.blockStop(0),
      events.messageDelta('end_turn', {
        input_tokens: 60,
        cache_read_input_tokens: 40,
        cache_creation_input_tokens: 8,
        output_tokens: 30,
        output_tokens_details: { thinking_tokens: 12 },
      }),
      events.messageStop(),
    ]);
  });

  it('keeps the phase of a text, and a call’s own members', () => {
    const fields = { namespace: 'weather', caller: { type: 'program', caller_id: 'call_p' } };
    const given = read(
      CREATED,
      ...message(0, 'msg_a', { phase: 'commentary' }),
      text(0, 'So'),
      ...messageDone(0, 'msg_a', 'So'),
      callAdded(1, 'call_1', fields),
    );
    expect(given[1]).toEqual(textStart(0, 'msg_a', { phase: 'commentary' }));
    expect(given.at(-1)).toEqual(callStart(1, 'call_1', fields));
  });

  it('is a call that waits for its result', () => {
    expect(
      read(
        CREATED,
        callAdded(0, 'call_1'),
        input(0, '{"city":'),
        input(0, '"Oslo"}'),
        ['function_call_arguments.done', { output_index: 0, arguments: '{"city":"Oslo"}' }],
        done(0, call('call_1', '{"city":"Oslo"}')),
        COMPLETED,
      ),
    ).toEqual([
      START,
      callStart(0, 'call_1'),
      events.inputJsonDelta(0, '{"city":'),
      events.inputJsonDelta(0, '"Oslo"}'),
      events.blockStop(0),
      events.messageDelta('tool_use'),
      events.messageStop(),
    ]);
  });

  it('is thinking for each part of a summary, the last one signed', () => {
    const at = { item_id: 'rs_a', output_index: 0 };
    const part = { type: 'summary_text', text: '' };
    const thinking = (index: number) =>
      events.blockStart(index, { type: 'thinking', thinking: '', signature: '', item_id: 'rs_a' } as never);
    const summary = ['One', 'Two'].map((words) => ({ type: 'summary_text', text: words }));
    expect(
      read(
        CREATED,
        added(0, { id: 'rs_a', type: 'reasoning', summary: [], encrypted_content: 'early' }),
        ['reasoning_summary_part.added', { ...at, summary_index: 0, part }],
        ['reasoning_summary_text.delta', { ...at, summary_index: 0, delta: 'One' }],
        ['reasoning_summary_text.done', { ...at, summary_index: 0, text: 'One' }],
        ['reasoning_summary_part.done', { ...at, summary_index: 0, part: summary[0] }],
        ['reasoning_summary_part.added', { ...at, summary_index: 1, part }],
        ['reasoning_summary_text.delta', { ...at, summary_index: 1, delta: 'Two' }],
        done(0, { id: 'rs_a', type: 'reasoning', summary, encrypted_content: 'final' }),
        COMPLETED,
      ),
    ).toEqual([
      START,
      thinking(0),
      events.thinkingDelta(0, 'One'),
      events.blockStop(0),
      thinking(1),
      events.thinkingDelta(1, 'Two'),
      events.signatureDelta(1, 'final'),
      events.blockStop(1),
      ...END,
    ]);
  });

  it('is the thinking of an open model, which comes as it is', () => {
    const at = { item_id: 'rs_a', output_index: 0, content_index: 0 };
    const wire: readonly Wire[] = [
      CREATED,
      added(0, { id: 'rs_a', type: 'reasoning', summary: [] }),
      ['reasoning_text.delta', { ...at, delta: 'Let me ' }],
      ['reasoning_text.delta', { ...at, delta: 'see' }],
      ['reasoning_text.done', { ...at, text: 'Let me see.' }],
      done(0, {
        id: 'rs_a',
        type: 'reasoning',
        summary: [],
        content: [{ type: 'reasoning_text', text: 'Let me see.' }],
      }),
      COMPLETED,
    ];
    expect(read(...wire.slice(0, 3)).at(-1)).toEqual(events.thinkingDelta(0, 'Let me '));
    expect(messageOf(...wire)?.content).toEqual([
      { type: 'thinking', thinking: 'Let me see.', signature: '', item_id: 'rs_a' },
    ]);
  });

  it('has thinking that is not shown, which must be sent back all the same', () => {
    const hidden = (output_index: number, encrypted_content?: string): Wire =>
      done(output_index, { id: `rs_${output_index}`, type: 'reasoning', summary: [], encrypted_content });
    expect(messageOf(CREATED, hidden(0, 'gAAA'), hidden(1), COMPLETED)?.content).toEqual([
      { type: 'redacted_thinking', data: 'gAAA', item_id: 'rs_0' },
      { type: 'thinking', thinking: '', signature: '', item_id: 'rs_1' },
    ]);
  });

  it('is a refusal', () => {
    const at = { item_id: 'msg_a', output_index: 0, content_index: 0 };
    const wire: readonly Wire[] = [
      CREATED,
      added(0, { id: 'msg_a', type: 'message', content: [], role: 'assistant' }),
      ['content_part.added', { ...at, part: { type: 'refusal', refusal: '' } }],
      ['refusal.delta', { ...at, delta: 'I can’t' }],
      ['refusal.delta', { ...at, delta: ' help.' }],
      ['refusal.done', { ...at, refusal: 'I can’t help.' }],
      ['content_part.done', { ...at, part: { type: 'refusal', refusal: 'I can’t help.' } }],
      done(0, { id: 'msg_a', type: 'message', content: [{ type: 'refusal', refusal: 'I can’t help.' }] }),
      COMPLETED,
    ];
    expect(read(...wire.slice(0, 4)).at(-1)).toEqual(events.textDelta(0, 'I can’t'));
    expect(messageOf(...wire)).toMatchObject({
      content: [{ type: 'text', text: 'I can’t help.' }],
      stop_reason: 'refusal',
      stop_details: { type: 'refusal', category: null, explanation: 'I can’t help.' },
    });
  });

  it.each([
    ['max_output_tokens', 'max_tokens'],
    ['content_filter', 'refusal'],
    ['steered', 'steered'],
    ['max_messages', 'max_messages'],
    [undefined, 'incomplete'],
  ])('that is incomplete for %s ends with %s', (reason, stop) => {
    const response = { ...RESPONSE, status: 'incomplete', incomplete_details: reason ? { reason } : null };
    const cut = messageOf(CREATED, ...message(0, 'msg_a'), text(0, 'Half a'), ['incomplete', { response }]);
    expect(cut).toMatchObject({ stop_reason: stop, content: [{ text: 'Half a' }] });
  });

  it('cites what it is based on, once', () => {
    const annotation = {
      type: 'url_citation',
      url: 'https://example.com/',
      title: 'Example',
      start_index: 0,
      end_index: 2,
    };
    const file = { type: 'file_citation', file_id: 'file_1', filename: 'a.txt', index: 0 };
    const content = [{ type: 'output_text', text: 'So', annotations: [annotation, file] }];
    const wire: readonly Wire[] = [
      CREATED,
      ...message(0, 'msg_a'),
      text(0, 'So'),
      [
        'output_text.annotation.added',
        { output_index: 0, content_index: 0, annotation_index: 0, annotation },
      ],
      ['content_part.done', { output_index: 0, content_index: 0, part: content[0] }],
      done(0, { id: 'msg_a', type: 'message', content }),
      COMPLETED,
    ];
    expect(read(...wire.slice(0, 5)).at(-1)).toEqual(events.citationsDelta(0, annotation as never));
    const cited = read(...wire);
    expect(cited.slice(3, 5)).toEqual([
      events.citationsDelta(0, annotation as never),
      events.citationsDelta(0, file as never),
    ]);
    expect(cited).toHaveLength(8);
  });
});

describe('a tool that the provider runs', () => {
  it('of an MCP server is a call and its result', () => {
    const mcp = (fields: object) => ({
      id: 'mcp_1',
      type: 'mcp_call',
      name: 'ask',
      server_label: 'wiki',
      ...fields,
    });
    const used = (fields: object) =>
      messageOf(
        CREATED,
        added(0, mcp({ arguments: '', output: null, error: null })),
        ['mcp_call.in_progress', { output_index: 0, item_id: 'mcp_1' }],
        ['mcp_call_arguments.delta', { output_index: 0, item_id: 'mcp_1', delta: '{"q":1}' }],
        ['mcp_call_arguments.done', { output_index: 0, item_id: 'mcp_1', arguments: '{"q":1}' }],
        done(0, mcp({ arguments: '{"q":1}', ...fields })),
        COMPLETED,
      );
    const use = { type: 'mcp_tool_use', id: 'mcp_1', name: 'ask', server_name: 'wiki', input: { q: 1 } };
    const result = { type: 'mcp_tool_result', tool_use_id: 'mcp_1' };
    expect(used({ output: 'found', error: null })).toMatchObject({
      content: [use, { ...result, content: 'found', is_error: false }],
      stop_reason: 'end_turn',
    });
    expect(used({ output: null, error: 'timed out' })?.content).toEqual([
      use,
      { ...result, content: 'timed out', is_error: true },
    ]);
    expect(used({ error: { type: 'http_error', code: 500, message: 'failed' } })?.content[1]).toEqual({
      ...result,
      content: 'failed',
      is_error: true,
    });
  });

  it('is a program, whose text comes in pieces', () => {
    const run = (fields: object) => ({
      id: 'ci_1',
      type: 'code_interpreter_call',
      container_id: 'cntr_1',
      ...fields,
    });
    const at = { output_index: 0, item_id: 'ci_1' };
    const ran = read(
      CREATED,
      added(0, run({ code: '', outputs: null })),
      ['code_interpreter_call_code.delta', { ...at, delta: 'print("' }],
      ['code_interpreter_call_code.delta', { ...at, delta: 'é\n")' }],
      ['code_interpreter_call_code.done', { ...at, code: 'print("é\n")' }],
      ['code_interpreter_call.completed', at],
      done(0, run({ code: 'print("é\n")', outputs: [{ type: 'logs', logs: 'é' }] })),
      COMPLETED,
    );
    const { content_block } = events.serverToolUseStart(0, 'ci_1', 'code_execution');
    expect(ran.slice(1, -2)).toEqual([
      events.blockStart(0, { ...content_block, container_id: 'cntr_1' } as never),
      events.inputJsonDelta(0, '{"code":"print(\\"'),
      events.inputJsonDelta(0, 'é\\n\\")'),
      events.unknown('response.code_interpreter_call.completed', {
        type: 'response.code_interpreter_call.completed',
        sequence_number: 5,
        ...at,
      }),
      events.blockDelta(0, { type: 'outputs_delta', outputs: [{ type: 'logs', logs: 'é' }] } as never),
      events.inputJsonDelta(0, '"}'),
      events.blockStop(0),
    ]);
  });

  it('is one block where it comes whole', () => {
    const search = {
      id: 'ws_1',
      type: 'web_search_call',
      status: 'completed',
      action: { type: 'search', query: 'x' },
    };
    const listed = {
      id: 'mcpl_1',
      type: 'mcp_list_tools',
      server_label: 'wiki',
      tools: [{ name: 'ask', input_schema: {} }],
    };
    const compacted = { id: 'cmp_1', type: 'compaction', encrypted_content: 'gAAA' };
    const image = { id: 'ig_1', type: 'image_generation_call', status: 'completed', result: 'iVBO' };
    const items = [search, listed, compacted, image];
    const wire = items.flatMap((item, at): readonly Wire[] => [
      added(at, { ...item, action: {} }),
      done(at, item),
    ]);
    expect(messageOf(CREATED, ...wire, COMPLETED)).toMatchObject({
      content: [
        { type: 'server_tool_use', id: 'ws_1', name: 'web_search', input: { type: 'search', query: 'x' } },
        {
          type: 'mcp_tool_listing',
          mcp_server_name: 'wiki',
          tools: [{ name: 'ask', input_schema: {} }],
          item_id: 'mcpl_1',
        },
        { type: 'compaction', content: null, encrypted_content: 'gAAA', item_id: 'cmp_1' },
        image,
      ],
      stop_reason: 'end_turn',
    });
  });

  it('says how far it has come in events that pass as they came', () => {
    const frames = [
      'web_search_call.searching',
      'file_search_call.completed',
      'image_generation_call.partial_image',
      'mcp_call.failed',
      'shell_call_command.delta',
      'apply_patch_call_operation_diff.done',
      'audio.transcript.delta',
      'compaction.compacting',
    ].map((name) => ({ data: JSON.stringify({ type: `response.${name}`, output_index: 0 }) }));
    const passed = eventsOf(frames, { unknown: 'error' });
    expect(passed).toEqual(
      frames.map(({ data }) => {
        const value = JSON.parse(data) as { type: string };
        return events.unknown(value.type, value);
      }),
    );
    expect([...(openaiResponses.passes ?? [])]).toHaveLength(31);
  });

  it('may not pass for a block that means something else', () => {
    const item = { id: 'x', type: 'tool_use', name: 'rm', input: {} };
    const given = read(CREATED, done(0, item), COMPLETED);
    expect(given).toEqual([START, events.unknown('tool_use', item), ...END]);
  });
});

describe('a call waits for the caller', () => {
  const waiting = [
    ['function_call', {}],
    ['custom_tool_call', { input: 'ls' }],
    ['computer_call', {}],
    ['local_shell_call', {}],
    ['shell_call', {}],
    ['apply_patch_call', {}],
    ['tool_search_call', { execution: 'client' }],
    ['mcp_approval_request', {}],
  ] as const;

  it.each(waiting)('if it is a %s', (type, fields) => {
    const item = { id: 'x_1', type, call_id: 'call_1', name: 'x', arguments: '{}', ...fields };
    expect(messageOf(CREATED, done(0, item), COMPLETED)?.stop_reason).toBe('tool_use');
  });

  it('unless its result is in the output too', () => {
    const item = { id: 'sh_1', type: 'shell_call', call_id: 'call_1', action: {} };
    const output = { id: 'sho_1', type: 'shell_call_output', call_id: 'call_1', output: [] };
    expect(messageOf(CREATED, done(0, item), done(1, output), COMPLETED)?.stop_reason).toBe('end_turn');
  });

  it('unless the server runs it', () => {
    const item = { id: 'tsc_1', type: 'tool_search_call', execution: 'server', call_id: null, arguments: {} };
    expect(messageOf(CREATED, done(0, item), COMPLETED)?.stop_reason).toBe('end_turn');
  });
});
