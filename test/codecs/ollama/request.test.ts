import type { TurnBlock, TurnMessage } from '../../../src/events/turnMessage.js';
import { ollamaMessagesOf, type OllamaMessage } from '../../../src/ollama.js';

function user(...content: readonly TurnBlock[]): TurnMessage {
  return { role: 'user', content };
}

function assistant(...content: readonly TurnBlock[]): TurnMessage {
  return { role: 'assistant', content };
}

const CALL = { type: 'tool_use', id: 'a', name: 'get_weather', input: { city: 'Oslo' } };
const CALLED = { id: 'a', function: { name: 'get_weather', arguments: { city: 'Oslo' } } };
const IMAGE = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'iVBORw0K' } };
const REMOTE = { type: 'image', source: { type: 'url', url: 'https://example.com/a.png' } };
const PAPER = { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'A paper' } };
const PDF = { type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: 'JVBERi0' } };

function result(content: unknown, more: object = {}): TurnBlock {
  return { type: 'tool_result', tool_use_id: 'a', content, ...more };
}

/** The messages, and what was left out of which. */
function spelled(...history: readonly TurnMessage[]): {
  readonly messages: readonly OllamaMessage[];
  readonly leftOut: readonly (readonly [block: TurnBlock, message: number])[];
} {
  const leftOut: (readonly [TurnBlock, number])[] = [];
  const onLeftOut = (block: TurnBlock, { message }: { readonly message: number }): void => {
    leftOut.push([block, message]);
  };
  return { messages: ollamaMessagesOf(history, { onLeftOut }), leftOut };
}

describe('a history is spelled for Ollama', () => {
  it.each<[string, readonly TurnMessage[], readonly object[]]>([
    ['a text', [{ role: 'user', content: 'Hello' }], [{ role: 'user', content: 'Hello' }]],
    [
      'an answer with thinking and a call, which are members of one message',
      [
        assistant(
          { type: 'thinking', thinking: 'Hm', signature: 's' },
          { type: 'text', text: 'I look' },
          CALL,
          { type: 'text', text: ' it up' },
        ),
      ],
      [{ role: 'assistant', content: 'I look it up', thinking: 'Hm', tool_calls: [CALLED] }],
    ],
    [
      'results, each a message that names its tool',
      [assistant(CALL), user(result('4 degrees'), { type: 'text', text: 'And Bergen?' })],
      [
        { role: 'assistant', content: '', tool_calls: [CALLED] },
        { role: 'tool', content: '4 degrees', tool_name: 'get_weather', tool_call_id: 'a' },
        { role: 'user', content: 'And Bergen?' },
      ],
    ],
    [
      'a result that is a value',
      [assistant(CALL), user(result({ celsius: 4 }))],
      [
        { role: 'assistant', content: '', tool_calls: [CALLED] },
        { role: 'tool', content: '{"celsius":4}', tool_name: 'get_weather', tool_call_id: 'a' },
      ],
    ],
    [
      'a result that is an error, of a call that nobody made',
      [user(result('No such city', { is_error: true }))],
      [{ role: 'tool', content: 'Error: No such city', tool_call_id: 'a' }],
    ],
    [
      'a result that shows an image',
      [user(result([{ type: 'text', text: 'Here: ' }, IMAGE, { type: 'text', text: 'a map' }]))],
      [{ role: 'tool', content: 'Here: a map', tool_call_id: 'a', images: ['iVBORw0K'] }],
    ],
    [
      'images and documents of plain text, as paragraphs',
      [user(PAPER, { type: 'text', text: 'What is this?' }, IMAGE, IMAGE)],
      [{ role: 'user', content: 'A paper\n\nWhat is this?', images: ['iVBORw0K', 'iVBORw0K'] }],
    ],
  ])('with %s', (_what, history, expected) => {
    expect(spelled(...history)).toEqual({ messages: expected, leftOut: [] });
  });

  it.each<[string, TurnBlock]>([
    ['an image that is an address', REMOTE],
    ['a document that is not text', PDF],
    ['thinking that is not shown', { type: 'redacted_thinking', data: 'x' }],
    ['thinking without text', { type: 'thinking', thinking: '', signature: 's' }],
    ['a call without a name', { type: 'tool_use', id: 'a', name: '', input: {} }],
    ['a call whose input is no object', { ...CALL, input: [1] }],
    ['a block of another provider', { type: 'web_search_tool_result' }],
  ])('without %s, which is reported with its place', (_what, block) => {
    const hello: TurnMessage = { role: 'user', content: 'Hello' };
    expect(spelled(hello, assistant({ type: 'text', text: 'Hi' }, block))).toEqual({
      messages: [
        { role: 'user', content: 'Hello' },
        { role: 'assistant', content: 'Hi' },
      ],
      leftOut: [[block, 1]],
    });
    expect(spelled(hello, assistant(block)).messages).toEqual([{ role: 'user', content: 'Hello' }]);
    expect(ollamaMessagesOf([hello, assistant(block)])).toHaveLength(1);
  });

  it('without what Ollama has no words for within a result', () => {
    expect(spelled(user(result([{ type: 'text', text: 'a' }, PDF])))).toEqual({
      messages: [{ role: 'tool', content: 'a', tool_call_id: 'a' }],
      leftOut: [[PDF, 0]],
    });
  });

  it('after the system prompt', () => {
    const history: readonly TurnMessage[] = [{ role: 'user', content: 'Hello' }];
    const hello = { role: 'user', content: 'Hello' };
    const told = { role: 'system', content: 'Be brief.' };
    expect(ollamaMessagesOf(history, { system: 'Be brief.' })).toEqual([told, hello]);
    expect(ollamaMessagesOf(history, { system: '' })).toEqual([hello]);
  });

  it('without changing it', () => {
    const history = Object.freeze([Object.freeze(assistant(Object.freeze({ ...CALL })))]);
    const [message] = ollamaMessagesOf(history);
    const [call] = message?.tool_calls ?? [];
    expect(call?.function.arguments).toEqual(CALL.input);
    expect(call?.function.arguments).not.toBe(CALL.input);
  });
});
