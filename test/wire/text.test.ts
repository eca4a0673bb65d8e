import fc from 'fast-check';
import { ChunkDecoder, HeldText } from '../../src/wire/text.js';
import '../seed.js';

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

function decode(...chunks: (Uint8Array | string)[]): string {
  const decoder = new ChunkDecoder();
  return chunks.map((chunk) => decoder.next(chunk)).join('') + decoder.end();
}

function cutInTwo(bytes: Uint8Array): [Uint8Array, Uint8Array][] {
  return Array.from({ length: bytes.length + 1 }, (_, at) => [bytes.subarray(0, at), bytes.subarray(at)]);
}

describe('ChunkDecoder', () => {
  it('joins characters cut at any byte', () => {
    for (const [head, rest] of cutInTwo(utf8('aé…😀'))) expect(decode(head, rest)).toBe('aé…😀');
  });

  it('gives a character with the chunk that finishes it', () => {
    const decoder = new ChunkDecoder();
    const bytes = utf8('é');
    expect([decoder.next(bytes.subarray(0, 1)), decoder.next(bytes.subarray(1))]).toEqual(['', 'é']);
  });

  it('replaces each maximal invalid part by one U+FFFD', () => {
    expect(decode(Uint8Array.of(0x61, 0xff, 0x62, 0xe2, 0x80, 0x63, 0xc0, 0x80))).toBe(
      'a\uFFFDb\uFFFDc\uFFFD\uFFFD',
    );
  });

  it('ends a character that was never finished with U+FFFD', () => {
    expect(decode(Uint8Array.of(0x61, 0xe2, 0x80))).toBe('a\uFFFD');
  });

  it('removes one leading byte order mark, however it is cut', () => {
    for (const [head, rest] of cutInTwo(utf8('\uFEFFa\uFEFFb'))) expect(decode(head, rest)).toBe('a\uFEFFb');
  });

  it('removes only the first of two byte order marks', () => {
    expect(decode(utf8('\uFEFF\uFEFFa'))).toBe('\uFEFFa');
    expect(decode('\uFEFF', '\uFEFFa')).toBe('\uFEFFa');
    expect(decode(utf8('\uFEFF'), '\uFEFFa', utf8('\uFEFFb'))).toBe('\uFEFFa\uFEFFb');
  });

  it('looks for the mark behind empty chunks', () => {
    expect(decode('', new Uint8Array(), '\uFEFFa')).toBe('a');
  });

  it('keeps the mark that is a piece of text', () => {
    expect(decode('ï»¿a')).toBe('ï»¿a');
  });

  it('passes strings between bytes as they are', () => {
    expect(decode(utf8('é'), '…', utf8('😀'), 'x')).toBe('é…😀x');
  });

  it('ends a cut character where a string follows', () => {
    expect(decode(utf8('é').subarray(0, 1), 'x', utf8('é'))).toBe('\uFFFDxé');
  });

  it('reads Buffers and views into a larger buffer', () => {
    const large = utf8('--é--');
    expect(decode(Buffer.from('a'), new Uint8Array(large.buffer, 2, 2), large.subarray(4))).toBe('aé--');
  });

  it('gives the same text for any cuts of any bytes', () => {
    const chunks = fc.array(fc.uint8Array({ maxLength: 5 }), { maxLength: 8 });
    fc.assert(
      fc.property(chunks, (pieces) => {
        expect(decode(...pieces)).toBe(new TextDecoder().decode(Buffer.concat(pieces)));
      }),
    );
  });

  it('says of a chunk that is neither bytes nor text what it is', () => {
    const decoder = new ChunkDecoder();
    expect(() => decoder.next(42 as never)).toThrow(expect.objectContaining({ code: 'malformed' }));
  });
});

describe('HeldText', () => {
  it('gives all pieces in order, once', () => {
    const held = new HeldText();
    held.push('a');
    held.push('');
    held.push('bc');
    expect([held.length, held.takeWith('d'), held.length, held.takeWith('e')]).toEqual([3, 'abcd', 0, 'e']);
  });
});
