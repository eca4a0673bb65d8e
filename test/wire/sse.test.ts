import fc from 'fast-check';
import { concat, from, NEVER, of, retry, Subject, take, throwError } from 'rxjs';
import { StreamError } from '../../src/errors/streamError.js';
import type { Frame } from '../../src/wire/frame.js';
import type { WireLimits } from '../../src/wire/limits.js';
import { sse } from '../../src/wire/sse.js';
import { runs } from '../seed.js';
import { isThorough } from '../thorough.js';
import { cpuTime } from '../cpuTime.js';

interface Outcome {
  frames: Frame[];
  end: string;
}

function read(chunks: Iterable<Uint8Array | string>, limits?: WireLimits): Outcome {
  const outcome: Outcome = { frames: [], end: 'open' };
  from(chunks)
    .pipe(sse(limits))
    .subscribe({
      next: (frame) => outcome.frames.push(frame),
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

/** The text in chunks of every length up to 3, cut once at every character, and the same as bytes. */
function* everyCut(text: string): Generator<(Uint8Array | string)[]> {
  for (const length of [1, 2, 3]) yield pieces(text, length);
  for (let at = 0; at <= text.length; at++) yield [text.slice(0, at), text.slice(at)];
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at <= bytes.length; at++) yield [bytes.subarray(0, at), bytes.subarray(at)];
}

/** The standard's algorithm, word for word, over the whole text; a second reading to hold the operator against. */
function standard(text: string): Outcome {
  const frames: Frame[] = [];
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  const unfinished = lines.pop() ?? '';
  let lastId: string;
  let [id, event, loss] = ['', '', false];
  let data: string[] = [];
  let reconnection: number | undefined;
  for (const line of lines) {
    if (line === '') {
      lastId = id;
      if (data.length > 0) {
        const fields = { event: event || undefined, id: lastId || undefined, retry: reconnection };
        frames.push({ data: data.join('\n'), ...fields });
      }
      [event, data, loss, reconnection] = ['', [], false, undefined];
      continue;
    }
    const [, name, value = ''] = /^([^:]*)(?:: ?([^]*))?$/.exec(line) ?? [];
    if (name === 'data') data.push(value);
    if (name === 'event') event = value;
    if (name === 'id' && !value.includes('\0')) id = value;
    if (name === 'retry' && /^[0-9]+$/.test(value)) reconnection = Number(value);
    loss ||= !/^(:|retry:)/.test(line);
  }
  loss ||= !/^(:|retry:|$)/.test(unfinished);
  return { frames, end: loss ? 'truncated' : 'complete' };
}

/** What the standard says, except that an event which the stream ended inside is a frame where it has data. */
function expectedOf(text: string): Outcome {
  const { frames, end } = standard(text);
  const tail = standard(`${text}\n\n`).frames[frames.length];
  if (end === 'complete' || tail === undefined || tail.data === '') return { frames, end };
  return { frames: [...frames, { ...tail, unterminated: true }], end: 'complete' };
}

describe('sse reads the standard the same at every cut', () => {
  it.each<[string, string, Frame[]]>([
    ['LF', 'data: a\n\ndata: b\n\n', [{ data: 'a' }, { data: 'b' }]],
    ['CR', 'data: a\r\rdata: b\r\r', [{ data: 'a' }, { data: 'b' }]],
    ['CRLF', 'data: a\r\n\r\ndata: b\r\n\r\n', [{ data: 'a' }, { data: 'b' }]],
    [
      'mixed line ends',
      'data: a\n\rdata: b\r\ndata: c\r\r\ndata: d\n\r\n',
      [{ data: 'a' }, { data: 'b\nc' }, { data: 'd' }],
    ],
    ['a last CR', 'data: a\n\r', [{ data: 'a' }]],
    [
      'what only looks like a line end',
      'data: \u2028\u2029\u0085\v\f\n\n',
      [{ data: '\u2028\u2029\u0085\v\f' }],
    ],
    ['one leading byte order mark', '\uFEFFdata: a\n\n', [{ data: 'a' }]],
    [
      'a second byte order mark, which spoils its line',
      '\uFEFF\uFEFFdata: a\n\ndata: b\n\n',
      [{ data: 'b' }],
    ],
    [
      'a later byte order mark',
      'data: a\n\n\uFEFFdata: b\n\ndata: \uFEFFc\n\n',
      [{ data: 'a' }, { data: '\uFEFFc' }],
    ],
    ['a byte order mark read as Latin-1, which is none', 'ï»¿data: a\n\ndata: b\n\n', [{ data: 'b' }]],
    ['many data lines', 'data: a\ndata\ndata:\ndata: b\n\n', [{ data: 'a\n\n\nb' }]],
    ['empty data', 'data\n\ndata:\n\ndata\ndata\n\n', [{ data: '' }, { data: '' }, { data: '\n' }]],
    ['one leading space', 'data:  a\ndata:\tb\ndata:c \n\n', [{ data: ' a\n\tb\nc ' }]],
    ['colons in a value', 'data: a:b: c\n\n', [{ data: 'a:b: c' }]],
    ['a block without data', 'event: a\n\nid\n\n: b\n\ndata: c\n\n', [{ data: 'c' }]],
    [
      'the last event name, for its block',
      'event: a\nevent: b\ndata: c\n\ndata: d\n\n',
      [{ data: 'c', event: 'b' }, { data: 'd' }],
    ],
    ['an empty event name', 'event: a\nevent:\ndata: b\n\n', [{ data: 'b' }]],
    [
      'names in another case or with spaces',
      'Data: a\n data: b\ndata : c\nDATA: d\ndata: e\n\n',
      [{ data: 'e' }],
    ],
    ['unknown fields', 'foo: a\nfoo\ndatax: b\ndata: c\nbar:\n\n', [{ data: 'c' }]],
    ['comments', ':\n: a\n:data: b\ndata: c\n: d\n\n', [{ data: 'c' }]],
    ['NUL in a value and in a name', 'data: \0a\ndata\0: b\n\n', [{ data: '\0a' }]],
    [
      'an id that holds',
      'id: 1\ndata: a\n\ndata: b\n\nevent: x\ndata: c\n\n',
      [
        { data: 'a', id: '1' },
        { data: 'b', id: '1' },
        { data: 'c', id: '1', event: 'x' },
      ],
    ],
    ['an id after its data', 'data: a\nid: 1\n\n', [{ data: 'a', id: '1' }]],
    ['an id without data', 'id: 5\n\ndata: a\n\n', [{ data: 'a', id: '5' }]],
    [
      'an id without data that replaces another',
      'id: 1\ndata: a\n\nevent: b\nid: 2\n\ndata: c\n\n',
      [
        { data: 'a', id: '1' },
        { data: 'c', id: '2' },
      ],
    ],
    [
      'an id that resets',
      'id: 1\ndata: a\n\nid:\ndata: b\n\ndata: c\n\n',
      [{ data: 'a', id: '1' }, { data: 'b' }, { data: 'c' }],
    ],
    [
      'an id without colon that resets, without data',
      'id: 1\ndata: a\n\nid\n\ndata: b\n\n',
      [{ data: 'a', id: '1' }, { data: 'b' }],
    ],
    [
      'an id with NUL',
      'id: 1\ndata: a\n\nid: 2\0\ndata: b\n\n',
      [
        { data: 'a', id: '1' },
        { data: 'b', id: '1' },
      ],
    ],
    ['the last id of a block', 'id: 1\nid: 2\ndata: a\n\n', [{ data: 'a', id: '2' }]],
    [
      'retry, for its block',
      'retry: 03000\ndata: a\n\ndata: b\n\n',
      [{ data: 'a', retry: 3000 }, { data: 'b' }],
    ],
    ['retry without data, which no frame tells', 'retry: 10\n\ndata: a\n\n', [{ data: 'a' }]],
    [
      'retry that is no number',
      'retry: 1x\nretry: -1\nretry: 1.5\nretry\nretry: \nretry:  1\nretry: ١\ndata: a\n\n',
      [{ data: 'a' }],
    ],
    [
      'retry with a number before one that is none',
      'retry:7\nretry: x\ndata: a\n\n',
      [{ data: 'a', retry: 7 }],
    ],
    ['characters of two to four bytes', 'event: é\ndata: …😀\n\n', [{ data: '…😀', event: 'é' }]],
    [
      'a prototype for a name',
      'event: __proto__\nid: __proto__\ndata: {}\n\n',
      [{ data: '{}', event: '__proto__', id: '__proto__' }],
    ],
    ['nothing', '', []],
    ['blank lines', '\n\r\n\r\r\n\n', []],
    ['comments and retry at the end', 'data: a\n\n: b\nretry: 1\n: c', [{ data: 'a' }]],
  ])('%s', (_name, text, frames) => {
    expect(standard(text)).toEqual({ frames, end: 'complete' });
    for (const chunks of everyCut(text)) expect(read(chunks)).toEqual({ frames, end: 'complete' });
  });

  it('any text, cut anywhere, gives what the standard gives', () => {
    const words = [
      'data',
      'data: a',
      'event',
      'event: b',
      'id',
      'id: 1',
      'retry',
      'retry: 2',
      'x',
      '\0',
      '\uFEFF',
      '…',
      '😀',
    ];
    const ends = ['\n', '\n', '\n\n', '\r', '\r\r', '\r\n', '\r\n\r\n', ':', ' ', '\u2028'];
    const chunk = fc
      .array(fc.constantFrom(...words, ...ends), { maxLength: 6 })
      .map((tokens) => tokens.join(''));
    fc.assert(
      fc.property(fc.array(chunk, { maxLength: 10 }), (chunks) => {
        expect(read(chunks)).toEqual(expectedOf(chunks.join('')));
        expect(read(pieces(chunks.join(''), 1))).toEqual(expectedOf(chunks.join('')));
      }),
      { numRuns: runs(2000) },
    );
  });

  it('any bytes, cut anywhere, give what they give whole', () => {
    const bytes = fc
      .uint8Array({ maxLength: 60 })
      .map((tail) => Buffer.concat([Buffer.from('data: a\n\ndata:'), tail]));
    fc.assert(
      fc.property(bytes, fc.integer({ min: 1, max: 5 }), (whole, length) => {
        const cut = Array.from({ length: Math.ceil(whole.length / length) }, (_, i) =>
          whole.subarray(i * length, (i + 1) * length),
        );
        expect(read(cut)).toEqual(read([whole]));
      }),
    );
  });

  it('a frame comes with the last character of its blank line', () => {
    for (const end of ['\n', '\r', '\r\n']) {
      const chunks = new Subject<string>();
      const seen: Frame[] = [];
      chunks.pipe(sse()).subscribe((frame) => seen.push(frame));
      for (const chunk of ['data: a', end, end.slice(0, 1)]) {
        expect(seen).toEqual([]);
        chunks.next(chunk);
      }
      expect(seen).toEqual([{ data: 'a' }]);
    }
  });
});

describe('the tail of a stream that ends inside an event', () => {
  const tails = [
    'data: b',
    'data: b\n',
    'event: b\ndata:',
    'event: b\n',
    'id: b\n',
    'foo: b\n',
    ': b\ndata',
    'da',
    '<html>',
    'id: 1\ndata: b\r\n',
  ];

  it.each(tails)('%j is a frame that is marked, and an error where it has no data', (tail) => {
    const text = `data: a\n\n${tail}`;
    for (const chunks of everyCut(text)) expect(read(chunks)).toEqual(expectedOf(text));
  });

  it.each(['', '\n', ': b', ':\n', 'retry: 1', 'retry: 1\n: b\n', '\r'])('%j is no loss', (tail) => {
    expect(read([`data: a\n\n${tail}`])).toEqual({ frames: [{ data: 'a' }], end: 'complete' });
  });

  it('a character that was never finished is a loss', () => {
    expect(read(['data: a\n\n', Uint8Array.of(0xe2, 0x80)])).toEqual({
      frames: [{ data: 'a' }],
      end: 'truncated',
    });
  });

  it('shows its first 200 characters and invites another try', () => {
    let caught: unknown;
    const tail = `event: b\ndat${'x'.repeat(500)}`;
    of(`data: a\n\n${tail}`)
      .pipe(sse())
      .subscribe({ error: (error: unknown) => (caught = error) });
    expect(caught).toMatchObject({ code: 'truncated', retryable: true, raw: `${tail.slice(0, 199)}…` });
  });
});

describe('the limits frame and bytes', () => {
  it('raises limit after the frames before the long block, whatever the cuts', () => {
    const text = 'data: 12\n\ndata: 1\n\ndata: 123\n\ndata: 4\n\n';
    const expected = { frames: [{ data: '12' }, { data: '1' }], end: 'limit' };
    for (const chunks of everyCut(text)) expect(read(chunks, { frame: 10 })).toEqual(expected);
  });

  it('counts the lines of a block together', () => {
    expect(read(['data: 1\n', 'data: 2\n', 'data: 3\n'], { frame: 20 }).end).toBe('limit');
  });

  it('raises limit for a line that does not end', () => {
    expect(read(['data: 1\n\ndata', ': 2345', '67890'], { frame: 12 })).toEqual({
      frames: [{ data: '1' }],
      end: 'limit',
    });
  });

  it('says the same for any text, cut anywhere', () => {
    const token = fc.constantFrom('data: a', 'id: 1', 'x', ': c', '\n', '\n\n', '\r\n', '\r');
    fc.assert(
      fc.property(fc.array(fc.array(token, { maxLength: 4 }), { maxLength: 8 }), (tokens) => {
        const chunks = tokens.map((chunk) => chunk.join(''));
        const whole = read([chunks.join('')], { frame: 14 });
        expect(read(chunks, { frame: 14 })).toEqual(whole);
        expect(read(pieces(chunks.join(''), 1), { frame: 14 })).toEqual(whole);
      }),
      { numRuns: runs(1000) },
    );
  });

  it('raises limit after the frames within so many bytes', () => {
    for (const chunks of everyCut('data: é\n\ndata: b\n\ndata: c\n\n')) {
      const isText = chunks.every((chunk) => typeof chunk === 'string');
      const expected = { frames: [{ data: 'é' }, { data: 'b' }], end: 'limit' };
      expect(read(chunks, { bytes: isText ? 18 : 19 })).toEqual(expected);
    }
  });

  it('holds 32 Mi characters unless told otherwise', () => {
    const mebi = 'x'.repeat(1024 * 1024);
    expect(read(['data:', ...Array.from({ length: 31 }, () => mebi), '\n\n']).frames).toHaveLength(1);
    expect(read(['data:', ...Array.from({ length: 32 }, () => mebi), '\n\n']).end).toBe('limit');
  });
});

describe('sse takes linear time for', () => {
  const length = isThorough ? 10_000_000 : 2_000_000;
  const data = `data: ${'x'.repeat(length)}\n\n`;
  it.each<[string, string[], number]>([
    ['a chunk of 200,000 comments', [': ping\n\n'.repeat(200_000)], 0],
    ['a chunk of 200,000 comments that end in CR', [': ping\r\r'.repeat(200_000)], 0],
    ['a chunk of 200,000 lines with a CR behind them all', [`${': ping\n\n'.repeat(200_000)}\r`], 0],
    ['a chunk of 200,000 ids', ['id: 1\n\n'.repeat(200_000)], 0],
    ['a chunk of 200,000 unknown fields', [`${'foo\n'.repeat(200_000)}\n`], 0],
    ['a chunk of 200,000 bad retries', [`${'retry: x\n'.repeat(200_000)}\n`], 0],
    ['a block of 200,000 data lines', [`${'data: x\n'.repeat(200_000)}\n`], 1],
    ['megabytes of one line in 7-character chunks', pieces(data, 7), 1],
    ['megabytes of one line whole', [data], 1],
  ])('%s', (_name, chunks, count) => {
    const time = cpuTime(() => {
      expect(read(chunks)).toMatchObject({ frames: { length: count }, end: 'complete' });
    });
    // Quadratic readers take from ten seconds to minutes; the bound leaves a slow machine room.
    expect(time).toBeLessThan(6_000);
  });
});

describe('sse as an operator', () => {
  const block = 'data: a\n\n';

  it('stops a chunk of many frames with its taker, and lets the source go', () => {
    const chunks = new Subject<string>();
    const seen: string[] = [];
    chunks.pipe(sse(), take(3)).subscribe(({ data }) => seen.push(data));
    chunks.next(block.repeat(100_000));
    expect(seen).toEqual(['a', 'a', 'a']);
    expect(chunks.observed).toBe(false);
  });

  it('draws only what its taker needs from a synchronous source', () => {
    let drawn = 0;
    function* endless(): Generator<string> {
      for (;;) {
        drawn++;
        yield block;
      }
    }
    from(endless()).pipe(sse(), take(3)).subscribe();
    expect(drawn).toBe(3);
  });

  it('keeps state for each subscriber', () => {
    const chunks = new Subject<string>();
    const frames = chunks.pipe(sse());
    const seen: [string, Frame][] = [];
    frames.subscribe((frame) => seen.push(['first', frame]));
    chunks.next('id: 1\n\ndata: a\n');
    frames.subscribe((frame) => seen.push(['second', frame]));
    chunks.next('data: b\n\n');
    expect(seen).toEqual([
      ['first', { data: 'a\nb', id: '1' }],
      ['second', { data: 'b' }],
    ]);
  });

  it('starts afresh when it is subscribed to again', () => {
    const seen: unknown[] = [];
    from(['\uFEFFdata: a\n\nid: 1\n\n', 'id: cut'])
      .pipe(sse(), retry(1))
      .subscribe({ next: (frame) => seen.push(frame), error: (error: StreamError) => seen.push(error.code) });
    expect(seen).toEqual([{ data: 'a' }, { data: 'a' }, 'truncated']);
  });

  it('passes the error of the source, not that of the tail, after the frames before it', () => {
    const broken = concat(
      of('data: a\n\ndata: b'),
      throwError(() => new StreamError('network', 'broken')),
    );
    const seen: unknown[] = [];
    broken.pipe(sse()).subscribe({
      next: (frame) => seen.push(frame),
      error: (error: StreamError) => seen.push(error.code),
    });
    expect(seen).toEqual([{ data: 'a' }, 'network']);
  });

  it('keeps order when a frame makes the source emit again', () => {
    const chunks = new Subject<string>();
    const seen: string[] = [];
    chunks.pipe(sse()).subscribe(({ data }) => {
      seen.push(data);
      if (data === 'a') chunks.next('data: c\n\n');
    });
    chunks.next('data: a\n\ndata: b\n\n');
    expect(seen).toEqual(['a', 'b', 'c']);
  });

  it('says nothing while nothing comes, and lets go at once', () => {
    const seen: unknown[] = [];
    const subscription = NEVER.pipe(sse()).subscribe({
      next: (x) => seen.push(x),
      complete: () => seen.push('end'),
    });
    subscription.unsubscribe();
    expect(seen).toEqual([]);
    expect(subscription.closed).toBe(true);
  });

  it('releases the source when a frame is too long', () => {
    const chunks = new Subject<string>();
    chunks.pipe(sse({ frame: 4 })).subscribe({ error: () => undefined });
    chunks.next('data: too long');
    expect(chunks.observed).toBe(false);
  });
});
