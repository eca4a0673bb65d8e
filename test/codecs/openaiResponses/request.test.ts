import { vi } from 'vitest';
import type { TurnBlock, TurnMessage } from '../../../src/events/turnMessage.js';
import { responseInputOf, type ResponsesInputItem } from '../../../src/openai.js';
import { call, COMPLETED, CREATED, done, messageOf, whole } from './frames.js';

/** The items that one message of the user's, or of the model's, becomes. */
function written(role: TurnMessage['role'], ...content: readonly TurnBlock[]): readonly ResponsesInputItem[] {
  const left = vi.fn();
  const items = responseInputOf([{ role, content }], { onLeftOut: left });
  expect(left).not.toHaveBeenCalled();
  return items;
}

/** What is left out of a message. */
function leftOut(role: TurnMessage['role'], ...content: readonly TurnBlock[]): readonly TurnBlock[] {
  const left: TurnBlock[] = [];
  responseInputOf(
    [
      { role: 'user', content: 'Hello' },
      { role, content },
    ],
    {
      onLeftOut: (block, { message }) => {
        expect(message).toBe(1);
        left.push(block);
      },
    },
  );
  return left;
}

const PNG = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'iVBO' } };

describe('responseInputOf', () => {
  it('writes what the user says, in one message', () => {
    const pdf = { type: 'base64', media_type: 'application/pdf', data: 'JVBE' };
    expect(
      written(
        'user',
        { type: 'text', text: 'Look' },
        PNG,
        { type: 'image', source: { type: 'url', url: 'https://example.com/a.png' } },
        { type: 'image', source: { type: 'file', file_id: 'file_1' } },
        { type: 'document', title: 'a.pdf', source: pdf },
        { type: 'document', source: { type: 'url', url: 'https://example.com/a.pdf' } },
        { type: 'document', source: { type: 'file', file_id: 'file_2' } },
        { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'Words' } },
      ),
    ).toEqual([
      {
        type: 'message',
        role: 'user',
        content: [
          { type: 'input_text', text: 'Look' },
          { type: 'input_image', detail: 'auto', image_url: 'data:image/png;base64,iVBO' },
          { type: 'input_image', detail: 'auto', image_url: 'https://example.com/a.png' },
          { type: 'input_image', detail: 'auto', file_id: 'file_1' },
          { type: 'input_file', filename: 'a.pdf', file_data: 'data:application/pdf;base64,JVBE' },
          { type: 'input_file', file_url: 'https://example.com/a.pdf' },
          { type: 'input_file', file_id: 'file_2' },
          { type: 'input_text', text: 'Words' },
        ],
      },
    ]);
    expect(responseInputOf([{ role: 'user', content: 'Hi' }])).toEqual([
      { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Hi' }] },
    ]);
  });

  it('sends back what the API sent, item by item', () => {
    const summary = ['One', 'Two'].map((text) => ({ type: 'summary_text', text }));
    const items: readonly { readonly type?: string }[] = [
      { id: 'rs_1', type: 'reasoning', summary, encrypted_content: 'gAAA' },
      { id: 'rs_2', type: 'reasoning', summary: [], encrypted_content: 'gAAB' },
      whole('msg_1', 'I look it up.', { phase: 'commentary' }),
      { id: 'ws_1', type: 'web_search_call', status: 'completed', action: { type: 'search', query: 'x' } },
      {
        id: 'ci_1',
        type: 'code_interpreter_call',
        status: 'completed',
        code: '1',
        container_id: 'c',
        outputs: null,
      },
      {
        id: 'mcp_1',
        type: 'mcp_call',
        name: 'ask',
        server_label: 'wiki',
        arguments: '{"q":1}',
        output: 'found',
      },
      { id: 'mcp_2', type: 'mcp_call', name: 'ask', server_label: 'wiki', arguments: '{}', error: 'failed' },
      {
        id: 'mcpl_1',
        type: 'mcp_list_tools',
        server_label: 'wiki',
        tools: [{ name: 'ask', input_schema: {} }],
      },
      { id: 'cmp_1', type: 'compaction', encrypted_content: 'gAAC' },
      {
        id: 'apc_1',
        type: 'apply_patch_call',
        call_id: 'call_p',
        operation: { type: 'delete_file', path: 'a' },
      },
      call('call_1', '{"city":"Oslo"}', {
        namespace: 'weather',
        caller: { type: 'program', caller_id: 'p' },
      }),
      { id: 'ctc_1', type: 'custom_tool_call', call_id: 'call_2', name: 'sh', input: 'ls' },
    ];
    const message = messageOf(CREATED, ...items.map((item, at) => done(at, item)), COMPLETED);
    const sent = responseInputOf([message as TurnMessage]);
    const content = [{ type: 'output_text', text: 'I look it up.', annotations: [] }];
    const { status: _, ...called } = items[10] as { status: string };
    const expected = items.map((item) =>
      item.type === 'message' ? { ...item, content } : item === items[10] ? called : item,
    );
    expect(sent).toEqual(expected);
  });

  it('answers calls in their own kind', () => {
    const caller = { type: 'program', caller_id: 'p' };
    const calls = [
      { type: 'tool_use', id: 'call_1', name: 'warmth', input: { in: 'Oslo' }, caller },
      { type: 'tool_use', id: 'call_2', name: 'sh', input: 'ls', caller: { type: 'direct' } },
      { type: 'tool_use', id: 'call_3', name: 'now', input: {} },
    ];
    const results = [
      { type: 'tool_result', tool_use_id: 'call_1', content: [{ type: 'text', text: '4 °C' }, PNG] },
      { type: 'tool_result', tool_use_id: 'call_2', content: 'a.txt' },
      { type: 'tool_result', tool_use_id: 'call_3', content: 'No clock', is_error: true },
      { type: 'apply_patch_call_output', call_id: 'call_p', status: 'completed' },
      { type: 'text', text: 'Go on' },
    ];
    expect(
      responseInputOf([
        { role: 'assistant', content: calls },
        { role: 'user', content: results },
      ]),
    ).toEqual([
      { type: 'function_call', call_id: 'call_1', name: 'warmth', arguments: '{"in":"Oslo"}', caller },
      { type: 'custom_tool_call', call_id: 'call_2', name: 'sh', input: 'ls' },
      { type: 'function_call', call_id: 'call_3', name: 'now', arguments: '{}' },
      {
        type: 'function_call_output',
        call_id: 'call_1',
        output: [
          { type: 'input_text', text: '4 °C' },
          { type: 'input_image', detail: 'auto', image_url: 'data:image/png;base64,iVBO' },
        ],
        caller,
      },
      { type: 'custom_tool_call_output', call_id: 'call_2', output: 'a.txt' },
      { type: 'function_call_output', call_id: 'call_3', output: 'No clock' },
      { type: 'apply_patch_call_output', call_id: 'call_p', status: 'completed' },
      { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Go on' }] },
    ]);
  });

  it('writes what another provider’s model said, without what only that provider can read', () => {
    const blocks = [
      { type: 'thinking', thinking: 'Hm', signature: 'c2ln' },
      { type: 'redacted_thinking', data: 'c2Vj' },
      { type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: {} },
      { type: 'web_search_tool_result', tool_use_id: 'srvtoolu_1', content: [] },
      { type: 'mcp_tool_use', id: 'mcptoolu_1', name: 'ask', server_name: 'wiki', input: {} },
      { type: 'mcp_tool_result', tool_use_id: 'mcptoolu_1', content: 'found', is_error: false },
      PNG,
      { type: 'hologram' },
    ];
    expect(leftOut('assistant', ...blocks)).toEqual(blocks);
    expect(written('assistant', { type: 'text', text: 'Hi' })).toEqual([
      { type: 'message', role: 'assistant', content: 'Hi' },
    ]);
    const odd = { type: 'hologram' };
    expect(leftOut('user', { type: 'tool_result', tool_use_id: 'a', content: [odd] })).toEqual([odd]);
  });

  it('joins the parts of one item, and nothing else', () => {
    const part = (text: string, item_id: string) => ({ type: 'text', text, item_id });
    expect(
      written('assistant', part('One', 'msg_1'), part('Two', 'msg_1'), part('Three', 'msg_2')),
    ).toMatchObject([
      { id: 'msg_1', content: [{ text: 'One' }, { text: 'Two' }] },
      { id: 'msg_2', content: [{ text: 'Three' }] },
    ]);
    expect(responseInputOf(['a', 'b'].map((content) => ({ role: 'user', content })))).toHaveLength(2);
  });
});
