import { partsOf, textOfParts, type Part } from '../../../src/codecs/kit/turnParts.js';
import type { TurnBlock, TurnMessage } from '../../../src/events/turnMessage.js';

function partsIn(content: TurnMessage['content']): readonly Part[] {
  return partsOf({ role: 'assistant', content });
}

/** The one part that a block says, without the block. */
function saidBy(block: object): object | undefined {
  const [part, ...others] = partsIn([block as TurnBlock]);
  expect(others).toEqual([]);
  if (part === undefined) return undefined;
  expect(part.block).toBe(block);
  const { block: _, ...said } = part;
  return said;
}

describe('the parts of a message', () => {
  it.each<[string, object, RegExp]>([
    [
      'of a front end',
      { role: 'user', parts: [{ type: 'text', text: 'Hi' }] },
      /of the user has no content: give a text/,
    ],
    ['without content', { role: 'assistant', content: null }, /of the assistant has no content/],
    [
      'of another role',
      { role: 'system', content: 'Be brief' },
      /the role "system": give 'user' or 'assistant'/,
    ],
    ['without a role', { content: 'Hi' }, /the role undefined/],
  ])('are asked for where it is one %s', (_, message, words) => {
    expect(() => partsOf(message as TurnMessage)).toThrow(TypeError);
    expect(() => partsOf(message as TurnMessage)).toThrow(words);
  });

  it('are a text where its content is one', () => {
    const block = { type: 'text', text: 'Hi' };
    expect(partsIn('Hi')).toEqual([{ type: 'text', block, text: 'Hi', signature: undefined }]);
    expect(partsIn('')).toEqual([]);
  });

  it.each<[object, object | undefined]>([
    [
      { type: 'text', text: 'Hi' },
      { type: 'text', text: 'Hi' },
    ],
    [{ type: 'text', text: '' }, undefined],
    [
      { type: 'text', text: '', signature: 's' },
      { type: 'text', text: '', signature: 's' },
    ],
    [
      { type: 'thinking', thinking: 'Hm', signature: 's' },
      { type: 'thinking', text: 'Hm', signature: 's' },
    ],
    [
      { type: 'redacted_thinking', data: 'x' },
      { type: 'redacted', data: 'x' },
    ],
    [
      { type: 'tool_use', id: 'a', name: 'f', input: { n: 1 } },
      { type: 'call', id: 'a', name: 'f', input: { n: 1 } },
    ],
    [
      { type: 'tool_use', id: 'a', name: 'f' },
      { type: 'call', id: 'a', name: 'f', input: {} },
    ],
    [{ type: 'image', source: { type: 'url', url: 'https://x/' } }, media('image', { url: 'https://x/' })],
    [{ type: 'image', source: { type: 'file', file_id: 'f' } }, media('image', { fileId: 'f' })],
    [
      { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'QQ==' } },
      media('image', { data: 'QQ==' }, 'image/png'),
    ],
    [
      { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'A' } },
      media('document', { text: 'A' }, 'text/plain'),
    ],
    [{ type: 'image', source: { type: 'later' } }, { type: 'other' }],
    [{ type: 'image' }, { type: 'other' }],
    [{ type: 'hologram' }, { type: 'other' }],
  ])('of %j is %j', (block, expected) => {
    expect(saidBy(block)).toEqual(expected);
  });

  it('hold what a result is made of, which may be any JSON value', () => {
    const text = (said: string): object => ({
      type: 'text',
      block: { type: 'text', text: said },
      text: said,
    });
    const result = (content: unknown, more: object = {}): object => ({
      type: 'tool_result',
      tool_use_id: 'a',
      content,
      ...more,
    });
    const said = { type: 'result', id: 'a', isError: false };
    expect(saidBy(result('4'))).toEqual({ ...said, parts: [text('4')] });
    expect(saidBy(result([{ type: 'text', text: '4' }]))).toEqual({ ...said, parts: [text('4')] });
    expect(saidBy(result({ c: 4 }))).toEqual({ ...said, parts: [text('{"c":4}')] });
    expect(saidBy(result(undefined))).toEqual({ ...said, parts: [] });
    expect(saidBy(result(null, { is_error: true }))).toEqual({ ...said, parts: [], isError: true });
  });
});

it('the text of parts is that of the texts among them', () => {
  const blocks = [{ type: 'text', text: 'a' }, { type: 'hologram' }, { type: 'text', text: 'b' }];
  expect(textOfParts(partsIn(blocks))).toBe('ab');
});

function media(kind: string, source: object, mediaType?: string): object {
  return { type: 'media', kind, mediaType, source };
}
