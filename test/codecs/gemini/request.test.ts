import type { TurnBlock, TurnMessage } from '../../../src/events/turnMessage.js';
import { contentsOf } from '../../../src/gemini.js';
import { chunk, messageOf } from './chunks.js';

/** A message of blocks of any kind. */
function turn(role: TurnMessage['role'], ...content: readonly object[]): TurnMessage {
  return { role, content: content as readonly TurnBlock[] };
}

/** What is written of a history, and what is left out of it. */
function written(...messages: readonly TurnMessage[]): { contents: unknown; leftOut: readonly unknown[] } {
  const leftOut: unknown[] = [];
  const contents = contentsOf(messages, { onLeftOut: (block, at) => leftOut.push([block.type, at.message]) });
  return { contents, leftOut };
}

describe('contentsOf', () => {
  it('writes texts', () => {
    expect(
      written({ role: 'user', content: 'Hello' }, turn('assistant', { type: 'text', text: 'Hi' })),
    ).toEqual({
      contents: [
        { role: 'user', parts: [{ text: 'Hello' }] },
        { role: 'model', parts: [{ text: 'Hi' }] },
      ],
      leftOut: [],
    });
  });

  it('sends back what the API gave, with each signature in its place', () => {
    const parts = [
      { text: 'Hm', thought: true, thoughtSignature: 'YQ==' },
      { text: 'I look.', thoughtSignature: 'Yg==' },
      { functionCall: { id: 'a', name: 'book', args: { to: 'Oslo' } }, thoughtSignature: 'Yw==' },
      { functionCall: { id: 'b', name: 'now', args: {} } },
      { executableCode: { language: 'PYTHON', code: '1' }, thoughtSignature: 'ZA==' },
      { codeExecutionResult: { outcome: 'OUTCOME_OK', output: '1' } },
      { toolCall: { toolType: 'GOOGLE_SEARCH', id: 't', args: {} }, thoughtSignature: 'ZQ==' },
      { toolResponse: { toolType: 'GOOGLE_SEARCH', id: 't', response: {} } },
      { inlineData: { mimeType: 'image/png', data: 'AAAA' }, thought: true, thoughtSignature: 'Zg==' },
      { fileData: { mimeType: 'application/pdf', fileUri: 'https://a.test/a.pdf' } },
      { text: '', thoughtSignature: 'Zw==' },
    ];
    const message = messageOf([chunk(parts), chunk({ text: '' }, { finishReason: 'STOP' })]);
    expect(written(message)).toEqual({ contents: [{ role: 'model', parts }], leftOut: [] });
  });

  it('names the call in a result', () => {
    expect(
      written(
        turn(
          'assistant',
          { type: 'tool_use', id: 'a', name: 'warmth', input: { in: 'Oslo' } },
          { type: 'tool_use', id: 'b', name: 'now', input: {} },
        ),
        turn(
          'user',
          { type: 'tool_result', tool_use_id: 'b', content: 'No clock', is_error: true },
          {
            type: 'tool_result',
            tool_use_id: 'a',
            content: [
              { type: 'text', text: '4 ' },
              { type: 'text', text: '°C' },
              { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } },
              { type: 'image', source: { type: 'url', url: 'https://a.test/a.png' } },
              { type: 'document', source: { type: 'text', media_type: 'text/plain', data: '!' } },
            ],
          },
        ),
      ),
    ).toEqual({
      contents: [
        {
          role: 'model',
          parts: [
            { functionCall: { id: 'a', name: 'warmth', args: { in: 'Oslo' } } },
            { functionCall: { id: 'b', name: 'now', args: {} } },
          ],
        },
        {
          role: 'user',
          parts: [
            { functionResponse: { id: 'b', name: 'now', response: { error: 'No clock' } } },
            {
              functionResponse: {
                id: 'a',
                name: 'warmth',
                response: { output: '4 °C!' },
                parts: [
                  { inlineData: { mimeType: 'image/png', data: 'AAAA' } },
                  { fileData: { fileUri: 'https://a.test/a.png' } },
                ],
              },
            },
          ],
        },
      ],
      leftOut: [],
    });
  });

  it('names the call before it, where several have one id', () => {
    const round = (name: string) => [
      turn('assistant', { type: 'tool_use', id: 'a', name, input: {} }),
      turn('user', { type: 'tool_result', tool_use_id: 'a', content: '' }),
    ];
    const names = contentsOf([...round('f'), ...round('g')]).flatMap(({ parts }) =>
      parts.flatMap(({ functionResponse }) => functionResponse?.name ?? []),
    );
    expect(names).toEqual(['f', 'g']);
  });

  it('writes pictures and documents', () => {
    const { contents } = written(
      turn(
        'user',
        { type: 'image', source: { type: 'url', url: 'https://a.test/a.png' } },
        { type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: 'AAAA' } },
        { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'Hello' } },
      ),
    );
    expect(contents).toEqual([
      {
        role: 'user',
        parts: [
          { fileData: { fileUri: 'https://a.test/a.png' } },
          { inlineData: { mimeType: 'application/pdf', data: 'AAAA' } },
          { text: 'Hello' },
        ],
      },
    ]);
  });

  it('leaves out what the API has no part for, and says so', () => {
    expect(
      written(
        turn('assistant', { type: 'redacted_thinking', data: 'c2ln' }),
        turn(
          'assistant',
          { type: 'tool_use', id: 'a', name: 'f', input: {} },
          { type: 'tool_use', id: 'b', name: 'g', input: 'text' },
          { type: 'server_tool_use', id: 's', name: 'web_search', input: {} },
          { type: 'text', text: 'Hi' },
          { type: 'text', text: '' },
        ),
        turn(
          'user',
          { type: 'tool_result', tool_use_id: 'nobody', content: '' },
          { type: 'image', source: { type: 'file', file_id: 'file_1' } },
          { type: 'tool_result', tool_use_id: 'a', content: [{ type: 'search_result', source: 'a' }] },
        ),
      ),
    ).toEqual({
      contents: [
        { role: 'model', parts: [{ functionCall: { id: 'a', name: 'f', args: {} } }, { text: 'Hi' }] },
        { role: 'user', parts: [{ functionResponse: { id: 'a', name: 'f', response: { output: '' } } }] },
      ],
      leftOut: [
        ['redacted_thinking', 0],
        ['tool_use', 1],
        ['server_tool_use', 1],
        ['tool_result', 2],
        ['image', 2],
        ['search_result', 2],
      ],
    });
  });
});

it('leaves out the result of a call that is left out, because the API refuses it', () => {
  const leftOut: string[] = [];
  const history = [
    { role: 'assistant', content: [{ type: 'tool_use', id: 'a', name: 'run', input: 'free text' }] },
    { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'a', content: '4' }] },
  ] as const;
  expect(contentsOf(history, { onLeftOut: ({ type }) => leftOut.push(type) })).toEqual([]);
  expect(leftOut).toEqual(['tool_use', 'tool_result']);
});
