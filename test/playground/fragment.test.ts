import { fragmentOf, linkedIn, LONGEST_SOURCE, type Linked } from '../../playground/model/fragment.js';
import { base64Of } from '../../playground/model/base64.js';

const LINKED: Linked = {
  source: 'm-o-t 🎵|',
  codec: 'anthropic',
  edits: [
    { do: 'stall', part: 2, by: 300 },
    { do: 'insert', at: 12, what: 'ping' },
    { do: 'cut', bytes: 90, how: 'lost' },
  ],
  chains: [[{ name: 'toText', options: { between: ' ' } }], []],
};

/** A fragment of this version that says something else. */
async function saying(value: unknown): Promise<string> {
  const stream = new Blob([JSON.stringify(value)]).stream().pipeThrough(new CompressionStream('deflate-raw'));
  return `1.${base64Of(new Uint8Array(await new Response(stream).arrayBuffer()))}`;
}

describe('a link', () => {
  it('brings back what it was made of', async () => {
    expect(await linkedIn(`#${await fragmentOf(LINKED)}`)).toEqual(LINKED);
  });

  it('leaves out a source that is too long for it', async () => {
    const source = 'x'.repeat(LONGEST_SOURCE + 1);
    expect((await linkedIn(await fragmentOf({ ...LINKED, source })))?.source).toBeUndefined();
  });

  it('is told from an anchor of the page', async () => {
    for (const fragment of ['', '#', '#chain', '#v1.']) expect(await linkedIn(fragment)).toBeUndefined();
  });

  it('of another version says so', async () => {
    const [, data = ''] = (await fragmentOf(LINKED)).split('.');
    await expect(linkedIn(`2.${data}`)).rejects.toThrow(
      'This link is of version 2, and this page reads version 1',
    );
  });

  it('that is cut or broken says so, at whatever character', async () => {
    const fragment = await fragmentOf(LINKED);
    for (let length = 2; length < fragment.length; length++) {
      await expect(linkedIn(fragment.slice(0, length))).rejects.toThrow('This link is broken');
    }
  });

  it.each([
    ['nothing', null],
    ['no chain', { ...LINKED, chains: [] }],
    ['three chains', { ...LINKED, chains: [[], [], []] }],
    ['a step without a name', { ...LINKED, chains: [[{ options: {} }]] }],
    ['an edit of another kind', { ...LINKED, edits: [{ do: 'constructor' }] }],
    ['an edit without its number', { ...LINKED, edits: [{ do: 'split' }] }],
    ['something else put in', { ...LINKED, edits: [{ do: 'insert', at: 1, what: 'toString' }] }],
    ['a source that is no text', { ...LINKED, source: 1 }],
    ['more than fits into any memory', { ...LINKED, source: ' '.repeat(9 * 1024 * 1024) }],
  ])('that says %s is refused', async (_, value) => {
    await expect(linkedIn(await saying(value))).rejects.toThrow('This link is broken');
  });
});
