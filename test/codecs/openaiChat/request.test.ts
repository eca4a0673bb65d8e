import type OpenAI from 'openai';
import type { TurnBlock, TurnMessage } from '../../../src/events/turnMessage.js';
import type { streamChat, ChatMessagesOptions, ChatRequestMessage } from '../../../src/openai.js';
import { chatMessagesOf } from '../../../src/openai.js';

/** Compiles only where every `Value` fits `Type`. */
type Fits<Type, Value extends Type> = Value;

export type TheClientTakesThem = Fits<OpenAI.ChatCompletionMessageParam, ChatRequestMessage>;

export type TheSourceTakesWhatTheClientTakes = Fits<
  Parameters<typeof streamChat>[0],
  OpenAI.ChatCompletionCreateParams
>;

const PNG = { type: 'base64', media_type: 'image/png', data: 'AAAA' };

/** What a history is written as, and what was left out of it. */
function written(messages: readonly TurnMessage[], options: ChatMessagesOptions = {}) {
  const left: (readonly [type: string, message: number])[] = [];
  const onLeftOut = ({ type }: TurnBlock, { message }: { readonly message: number }): void => {
    left.push([type, message]);
  };
  return { messages: chatMessagesOf(messages, { ...options, onLeftOut }), left };
}

function asked(...content: readonly (TurnBlock & object)[]): TurnMessage {
  return { role: 'user', content };
}

function answered(...content: readonly (TurnBlock & object)[]): TurnMessage {
  return { role: 'assistant', content };
}

function block(type: string, members: object): TurnBlock {
  return { type, ...members };
}

describe('a history as messages', () => {
  it('holds questions, answers, calls and results in the order in which they are taken', () => {
    const history: readonly TurnMessage[] = [
      { role: 'user', content: 'Which is warmer?' },
      answered(
        block('text', { text: 'I look ' }),
        block('tool_use', { id: 'a', name: 'warmth', input: { city: 'Oslo' } }),
        block('text', { text: 'it up.' }),
        block('tool_use', { id: 'b', name: 'python', input: 'print(1)' }),
      ),
      asked(
        block('text', { text: 'And quickly.' }),
        block('tool_result', {
          tool_use_id: 'a',
          content: [
            { type: 'text', text: '4 ' },
            { type: 'text', text: '°C' },
          ],
        }),
        block('tool_result', { tool_use_id: 'b', content: 'No such module', is_error: true }),
      ),
    ];
    expect(written(history, { system: 'Be brief.' })).toEqual({
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'Which is warmer?' },
        {
          role: 'assistant',
          content: 'I look it up.',
          tool_calls: [
            { id: 'a', type: 'function', function: { name: 'warmth', arguments: '{"city":"Oslo"}' } },
            { id: 'b', type: 'custom', custom: { name: 'python', input: 'print(1)' } },
          ],
        },
        { role: 'tool', tool_call_id: 'a', content: '4 °C' },
        { role: 'tool', tool_call_id: 'b', content: 'Error: No such module' },
        { role: 'user', content: 'And quickly.' },
      ],
      left: [],
    });
  });

  it('has null for the text of an answer that only calls, and the signature of a call where Google has it', () => {
    const call = block('tool_use', { id: 'a', name: 'f', input: {}, signature: 'c2ln' });
    expect(written([answered(call)]).messages).toEqual([
      {
        role: 'assistant',
        content: null,
        tool_calls: [
          {
            id: 'a',
            type: 'function',
            function: { name: 'f', arguments: '{}' },
            extra_content: { google: { thought_signature: 'c2ln' } },
          },
        ],
      },
    ]);
  });

  it('shows images and documents', () => {
    const question = asked(
      block('text', { text: 'Compare' }),
      block('image', { source: PNG }),
      block('image', { source: { type: 'url', url: 'https://a.example/b.png' } }),
      block('document', { title: 'a.pdf', source: { ...PNG, media_type: 'application/pdf' } }),
      block('document', { source: { ...PNG, media_type: 'application/pdf' } }),
      block('document', { source: { type: 'file', file_id: 'file_1' } }),
      block('document', { source: { type: 'text', media_type: 'text/plain', data: 'All of it' } }),
    );
    expect(written([question])).toEqual({
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'Compare' },
            { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } },
            { type: 'image_url', image_url: { url: 'https://a.example/b.png' } },
            { type: 'file', file: { file_data: 'data:application/pdf;base64,AAAA', filename: 'a.pdf' } },
            { type: 'file', file: { file_data: 'data:application/pdf;base64,AAAA', filename: 'document' } },
            { type: 'file', file: { file_id: 'file_1' } },
            { type: 'text', text: 'All of it' },
          ],
        },
      ],
      left: [],
    });
  });

  const thought = [
    block('thinking', { thinking: 'Hm', signature: 'c2ln' }),
    block('redacted_thinking', { data: 'RW5j', format: 'openai-responses-v1' }),
    block('thinking', { thinking: 'm.', signature: '' }),
    block('text', { text: 'Hi' }),
  ];

  it('leaves thinking out, where nothing says where it goes', () => {
    expect(written([answered(...thought)])).toEqual({
      messages: [{ role: 'assistant', content: 'Hi' }],
      left: [
        ['thinking', 0],
        ['redacted_thinking', 0],
        ['thinking', 0],
      ],
    });
  });

  it('has the text of thinking in reasoning_content', () => {
    expect(written([answered(...thought)], { reasoning: 'reasoning_content' })).toEqual({
      messages: [{ role: 'assistant', content: 'Hi', reasoning_content: 'Hmm.' }],
      left: [['redacted_thinking', 0]],
    });
  });

  it('has thinking with its signatures in reasoning', () => {
    expect(written([answered(...thought)], { reasoning: 'reasoning' })).toEqual({
      messages: [
        {
          role: 'assistant',
          content: 'Hi',
          reasoning: 'Hmm.',
          reasoning_details: [
            {
              index: 0,
              type: 'reasoning.text',
              text: 'Hm',
              signature: 'c2ln',
              format: 'anthropic-claude-v1',
            },
            { index: 1, type: 'reasoning.encrypted', data: 'RW5j', format: 'openai-responses-v1' },
          ],
        },
      ],
      left: [],
    });
  });

  it('says what it leaves out, and leaves no message without a content', () => {
    const history = [
      answered(
        block('image', { source: PNG }),
        block('thinking', { thinking: '', signature: '' }),
        block('server_tool_use', { id: 's', name: 'web_search', input: {} }),
        block('web_search_tool_result', { tool_use_id: 's', content: [] }),
      ),
      asked(
        block('tool_result', { tool_use_id: 'a', content: [{ type: 'image', source: PNG }] }),
        block('image', { source: { type: 'file', file_id: 'file_1' } }),
        block('image', { source: { type: 'base64', data: 'AAAA' } }),
        block('document', { source: { type: 'url', url: 'https://a.example/b.pdf' } }),
        block('container_upload', { file_id: 'file_1' }),
      ),
      { role: 'user', content: '' } as const,
    ];
    expect(written(history, { reasoning: 'reasoning' })).toEqual({
      messages: [{ role: 'tool', tool_call_id: 'a', content: '' }],
      left: [
        ['image', 0],
        ['thinking', 0],
        ['server_tool_use', 0],
        ['web_search_tool_result', 0],
        ['image', 1],
        ['image', 1],
        ['image', 1],
        ['document', 1],
        ['container_upload', 1],
      ],
    });
  });

  it('does not change what it is given', () => {
    const history = [answered(...thought), asked(block('text', { text: 'Hi' }))];
    const before = structuredClone(history);
    chatMessagesOf(history, { reasoning: 'reasoning' });
    expect(history).toEqual(before);
  });
});
