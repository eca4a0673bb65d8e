import fc from 'fast-check';
import { concat, from, of, retry, Subject, take, throwError } from 'rxjs';
import { StreamError } from '../../src/errors/streamError.js';
import type { WireLimits } from '../../src/wire/limits.js';
import { ndjson } from '../../src/wire/ndjson.js';
import '../seed.js';
import { isThorough } from '../thorough.js';

interface Outcome {
  lines: string[];
  end: string;
}

function read(chunks: Iterable<Uint8Array | string>, limits?: WireLimits): Outcome {
  const outcome: Outcome = { lines: [], end: 'open' };
  from(chunks)
    .pipe(ndjson(limits))
    .subscribe({
      next: ({ data }) => outcome.lines.push(data),
      error: (error: unknown) => (outcome.end = error instanceof StreamError ? error.code : String(error)),
      complete: () => (outcome.end = 'complete'),
    });
  return outcome;
}

function pieces(text: string, length: number): string[] {
  return Array.from({ length: Math.ceil(text.length / length) }, (_, i) =>
    text.slice(i * length, (i + 1) * length),
  );
}

describe('ndjson', () => {
  it.each([
    ['one frame a line', '{"a":1}\n{"b":2}\n', ['{"a":1}', '{"b":2}']],
    ['a last line without its end', '1\n2', ['1', '2']],
    ['CRLF', '1\r\n2\r\n', ['1', '2']],
    ['a lone CR inside a line', '{"a":\r1}\n', ['{"a":\r1}']],
    ['blank lines and lines of whitespace', '\n \t\n\r\n1\n\n   ', ['1']],
    ['one leading byte order mark', '\uFEFF1\n\uFEFF2\n', ['1', '\uFEFF2']],
    ['a line that is a byte order mark', '1\n\uFEFF\n', ['1', '\uFEFF']],
    ['what only looks like a line end', '"\u2028\u2029\u0085\v\f"\n', ['"\u2028\u2029\u0085\v\f"']],
    ['surrounding whitespace', '  1 \n', ['  1 ']],
    ['nothing', '', []],
  ])('%s reads the same at every cut', (_name, text, lines) => {
    for (let at = 0; at <= text.length; at++) {
      expect(read([text.slice(0, at), text.slice(at)])).toEqual({ lines, end: 'complete' });
    }
    const bytes = new TextEncoder().encode(text);
    for (let at = 0; at <= bytes.length; at++) {
      expect(read([bytes.subarray(0, at), bytes.subarray(at)])).toEqual({ lines, end: 'complete' });
    }
  });

  it('gives the lines of any text for any cuts', () => {
    const token = fc.constantFrom('\n', '\r', '\r\n', ' ', '{"a":"é😀"}', '1', '\uFEFF');
    fc.assert(
      fc.property(fc.array(fc.array(token, { maxLength: 4 }), { maxLength: 12 }), (chunks) => {
        const text = chunks.flat().join('');
        const ended = text.replace(/^\uFEFF/, '').split('\n');
        const lines = ended.map((line, i) => (i < ended.length - 1 ? line.replace(/\r$/, '') : line));
        const expected = { lines: lines.filter((line) => /[^ \t\r]/.test(line)), end: 'complete' };
        expect(read(chunks.map((tokens) => tokens.join('')))).toEqual(expected);
      }),
    );
  });

  it('marks a last line without its end', () => {
    const seen: unknown[] = [];
    from(['1\n', '2'])
      .pipe(ndjson())
      .subscribe((frame) => seen.push(frame));
    expect(seen).toEqual([{ data: '1' }, { data: '2', unterminated: true }]);
  });

  it('delivers a line with the chunk that ends it', () => {
    const chunks = new Subject<string>();
    const lines: string[] = [];
    chunks.pipe(ndjson()).subscribe(({ data }) => lines.push(data));
    chunks.next('1\n2');
    expect(lines).toEqual(['1']);
    chunks.next('\n');
    expect(lines).toEqual(['1', '2']);
  });

  it('raises limit after the frames before the long line, whatever the cuts', () => {
    const text = '12345\n1\n123456\n2\n';
    for (const length of [1, 2, 3, 7, text.length]) {
      expect(read(pieces(text, length), { frame: 5 })).toEqual({
        lines: ['12345', '1'],
        end: 'limit',
      });
    }
  });

  it('raises limit for a line that does not end', () => {
    expect(read(['1\n123', '456'], { frame: 5 })).toEqual({ lines: ['1'], end: 'limit' });
  });

  it('holds a line of megabytes in 7-character chunks in linear time', () => {
    const line = 'x'.repeat(isThorough ? 10_000_000 : 1_000_000);
    expect(read(pieces(`${line}\n`, 7)).lines).toEqual([line]);
  });

  it('passes the error of the source after the frames before it', () => {
    const broken = concat(
      of('1\n2'),
      throwError(() => new StreamError('network', 'broken')),
    );
    const seen: string[] = [];
    broken.pipe(ndjson()).subscribe({
      next: ({ data }) => seen.push(data),
      error: (error: StreamError) => seen.push(error.code),
    });
    expect(seen).toEqual(['1', 'network']);
  });

  it('stops a chunk of many frames with its taker, and lets the source go', () => {
    const chunks = new Subject<string>();
    const seen: string[] = [];
    chunks.pipe(ndjson(), take(3)).subscribe(({ data }) => seen.push(data));
    chunks.next('1\n'.repeat(100_000));
    expect(seen).toEqual(['1', '1', '1']);
    expect(chunks.observed).toBe(false);
  });

  it('keeps order when a frame makes the source emit again', () => {
    const chunks = new Subject<string>();
    const seen: string[] = [];
    chunks.pipe(ndjson()).subscribe(({ data }) => {
      seen.push(data);
      if (data === '1') chunks.next('3\n4');
    });
    chunks.next('1\n2\n');
    chunks.complete();
    expect(seen).toEqual(['1', '2', '3', '4']);
  });

  it('starts afresh for each subscriber and each retry', () => {
    const chunks = new Subject<string>();
    const lines = chunks.pipe(ndjson());
    const seen: string[] = [];
    lines.subscribe(({ data }) => seen.push(`a${data}`));
    chunks.next('1');
    lines.subscribe(({ data }) => seen.push(`b${data}`));
    chunks.next('2\n');
    expect(seen).toEqual(['a12', 'b2']);

    let failures = 1;
    const flaky = from(['1', '2\n', '345']).pipe(ndjson({ frame: 2 }), retry(1));
    flaky.subscribe({ next: ({ data }) => seen.push(data), error: () => failures++ });
    expect([seen.slice(2), failures]).toEqual([['12', '12'], 2]);
  });
});
