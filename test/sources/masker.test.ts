import { inspect } from 'node:util';
import { concat, of, throwError, type Observable } from 'rxjs';
import { anthropic } from '../../src/codecs/anthropic/codec.js';
import { StreamError } from '../../src/errors/streamError.js';
import type { StreamEvent } from '../../src/events/event.js';
import { toMessage } from '../../src/operators/toMessage.js';
import { untilTerminal } from '../../src/operators/untilTerminal.js';
import { fromHttpEvents } from '../../src/sources/angular/fromHttpEvents.js';
import { credentialsIn } from '../../src/sources/credentials.js';
import { fromResponse } from '../../src/sources/fromResponse.js';
import { Masker } from '../../src/sources/masker.js';
import { streamEvents } from '../../src/sources/streamEvents.js';
import { isThorough } from '../thorough.js';
import { cpuTime } from '../cpuTime.js';
import { outcomeOf } from './outcome.js';

/** A key that no pattern knows, for those who know the request. */
const KEY = 'seed/key+0123.456789';
/** One that looks like what it is, for those who do not. */
const SHAPED = 'sk-seed-Key0123456789';

const hex = (character: string): string => character.charCodeAt(0).toString(16);
const each = (spell: (character: string) => string) => (key: string) => [...key].map(spell).join('');
const signs = (spell: (character: string) => string) =>
  each((character) => (/\w/.test(character) ? character : spell(character)));

/** How a text may come to be spelled on its way. */
const SPELLINGS: Readonly<Record<string, (key: string) => string>> = {
  plain: (key) => key,
  'a slash of JSON': (key) => key.replaceAll('/', '\\/'),
  'escapes of JSON': signs((character) => `\\u00${hex(character)}`),
  'escapes of JSON in capitals': signs((character) => `\\u00${hex(character).toUpperCase()}`),
  'every character escaped': each((character) => `\\u00${hex(character)}`),
  'JSON in JSON': signs((character) => `\\\\u00${hex(character)}`),
  'an address': (key) => encodeURIComponent(key),
  'an address in an address': (key) => encodeURIComponent(encodeURIComponent(key)),
  'every character of an address': each((character) => `%${hex(character)}`),
  'entities of HTML': signs((character) => `&#x${hex(character)};`),
  'entities of HTML in JSON': signs((character) => `\\u0026#x${hex(character)};`),
  'decimal entities of HTML': signs((character) => `&#${character.charCodeAt(0)};`),
};

/** All that an error shows, to whoever logs it or looks at it. */
function shown(error: unknown): string {
  if (typeof error !== 'object' || error === null) return String(error);
  const { raw, cause, stack } = error as { raw?: string; cause?: unknown; stack?: string };
  const look = [
    String(error),
    JSON.stringify(error),
    inspect(error, { depth: 9, showHidden: true }),
    stack,
    raw,
  ];
  return [...look, cause === undefined ? '' : shown(cause)].join('\n');
}

/** What a careless server says, in each place that an error is made from. */
const ANSWERS: Readonly<Record<string, (said: string) => readonly [status: number, body: string]>> = {
  'an error document': (said) => [
    401,
    `{"error":{"type":"${said}","message":"not ${said}"},"request_id":"${said}"}`,
  ],
  'an error page': (said) => [500, `<html>${said}</html>`],
  'a page': (said) => [200, `<html>${said}</html>`],
  'a document': (said) => [200, `{"message":"not ${said}"}`],
  'an error document of a 200': (said) => [200, `{"error":{"message":"not ${said}"}}`],
  'an error event': (said) => [
    200,
    `event: error\ndata: {"type":"error","error":{"type":"${said}","message":"not ${said}","more":["${said}"]},"request_id":"${said}"}\n\n`,
  ],
  'an error as a field': (said) => [200, `: ping\n\nerror: {"code":400,"message":"not ${said}"}\n\n`],
  'an error in words': (said) => [200, `: ping\n\nerror: not ${said}\n\n`],
  'a malformed frame': (said) => [200, `data: ${said}\n\n`],
  'a frame that is cut': (said) => [200, `data: {"text":"${said}`],
  'a name nobody knows': (said) => [200, `event: ${said}\ndata: 1\n\n`],
};

type Entry = (status: number, body: string, key: string) => Observable<StreamEvent>;

/** The entries that know the request. */
const KNOWING: Readonly<Record<string, Entry>> = {
  'streamEvents with a header': (status, body, key) =>
    streamEvents('https://example.test/', {
      codec: anthropic,
      unknown: 'error',
      headers: { 'x-api-key': key },
      fetch: () => Promise.resolve(new Response(body, { status })),
    }),
  'streamEvents with a query': (status, body, key) =>
    streamEvents(`https://example.test/?api_key=${encodeURIComponent(key)}`, {
      codec: anthropic,
      unknown: 'error',
      fetch: () => Promise.resolve(new Response(body, { status })),
    }),
  'fromResponse, by the address of the response': (status, body, key) => {
    const response = new Response(body, { status });
    Object.defineProperty(response, 'url', {
      value: `https://example.test/?token=${encodeURIComponent(key)}`,
    });
    return fromResponse(response, { codec: anthropic, unknown: 'error' });
  },
  'fromHttpEvents, by the address of the response': (status, body, key) => {
    const url = `https://example.test/?sig=${encodeURIComponent(key)}`;
    const head = { status, statusText: '', headers: new Headers(), url };
    const answer =
      status === 200
        ? of({ type: 2, ...head }, { type: 4, ...head, body })
        : throwError(() => ({ ...head, name: 'HttpErrorResponse', error: body, message: 'failed' }));
    return concat(of({ type: 0 }), answer).pipe(fromHttpEvents({ codec: anthropic, unknown: 'error' }));
  },
};

/** Those that only see what a key looks like. */
const GUESSING: Readonly<Record<string, Entry>> = {
  fromResponse: (status, body) =>
    fromResponse(new Response(body, { status }), { codec: anthropic, unknown: 'error' }),
  'streamEvents, whose fetch added it': (status, body) =>
    streamEvents('https://example.test/', {
      codec: anthropic,
      unknown: 'error',
      fetch: () => Promise.resolve(new Response(body, { status })),
    }),
};

const digits = (text: string): string => text.replaceAll(/[^\da-z]/gi, '').toLowerCase();

describe.each(Object.entries(ANSWERS))('%s that repeats a key', (_, answer) => {
  it.each(Object.keys(SPELLINGS))('spelled as %s shows it nowhere', async (name) => {
    const spell = SPELLINGS[name] ?? String;
    const plays = [
      ...Object.entries(KNOWING).map(([entry, open]) => [entry, open, KEY] as const),
      ...Object.entries(GUESSING).map(([entry, open]) => [entry, open, SHAPED] as const),
    ];
    for (const [at, [entry, open, key]] of plays.entries()) {
      // Who has no time sees each way in with some spellings.
      if (!isThorough && at % 3 !== Object.keys(SPELLINGS).indexOf(name) % 3) continue;
      const [status, body] = answer(spell(key));
      for (const through of [untilTerminal(), untilTerminal({ errorEvent: 'emit' })]) {
        const { values, error } = await outcomeOf(open(status, body, key).pipe(through));
        const seen = shown(error) + JSON.stringify(values);
        expect([entry, values.length > 0 || error !== undefined]).toEqual([entry, true]);
        expect([entry, seen.includes(key), seen.includes(spell(key))]).toEqual([entry, false, false]);
        // Nor a piece of it, however it is spelled.
        expect([entry, digits(seen).includes('0123456789')]).toEqual([entry, false]);
      }
    }
  });
});

describe('a name and a password of an address', () => {
  it.each(['user-name:pass-word', btoa('user-name:pass-word'), 'pass-word', 'user%2Dname'])(
    'are masked where the answer says %s',
    async (said) => {
      const source = streamEvents('https://user-name:pass-word@example.test/', {
        codec: anthropic,
        fetch: () => Promise.resolve(new Response(`{"error":{"message":"No ${said}"}}`, { status: 401 })),
      });
      const { error } = await outcomeOf(source);
      expect(error).toMatchObject({ message: 'HTTP 401: No ***' });
    },
  );
});

describe('an ordinary word', () => {
  it.each<[string, HeadersInit, string]>([
    [
      '?model=claude-sonnet-4-5-20250929&stream=true',
      {},
      'model: claude-sonnet-4-5-20250929 is not available',
    ],
    [
      '?model=gpt&keyword=streaming',
      { 'x-mode': 'streaming' },
      'streaming is not available for the model gpt',
    ],
    [
      '',
      { 'content-type': 'application/json', 'anthropic-version': '2023-06-01' },
      'application/json of 2023-06-01',
    ],
    ['', { cookie: 'theme=darkmode1' }, 'The theme darkmode1 is gone'],
    ['', {}, 'Bearer authentication required: the API key is missing, token expired'],
    ['', {}, 'max_tokens: 128000 exceeds the limit; total_tokens=1300012 of https://example.test:443/v1'],
    ['', {}, 'sk-learn-contrib is not a model, basic authentication is'],
  ])('of a request to %j with %j is shown: %s', async (query, headers, message) => {
    const source = streamEvents(`https://example.test/${query}`, {
      codec: anthropic,
      headers,
      fetch: () => Promise.resolve(new Response(JSON.stringify({ error: { message } }), { status: 404 })),
    });
    expect((await outcomeOf(source)).error).toMatchObject({ message: `HTTP 404: ${message}` });
  });
});

describe('what looks like a key', () => {
  it.each([
    ['sk-ant-api03-SECRETSECRETSECRET', '***'],
    ['Incorrect API key provided: sk-proj-aB3dE5fG7hJ9', 'Incorrect API key provided: ***'],
    ['Authorization: Bearer aB3dE5fG7hJ9kL1m', 'Authorization: Bearer ***'],
    ['Basic dXNlcjpwYXNzd29yZA==', 'Basic ***'],
    ['AIzaSyA1b2C3d4E5f6G7h8I9j0', '***'],
    ['AKIAIOSFODNN7EXAMPLE', '***'],
    ['eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl', '***'],
    ['{"api_key":"aB3dE5fG7hJ9"}', '{"api_key":"***"}'],
    ['GET /v1?key=aB3dE5fG7hJ9&alt=sse', 'GET /v1?key=***&alt=sse'],
    ['https://user:pass@example.test/', 'https://***@example.test/'],
    ['Bearer aB3…', 'Bearer ***…'],
  ])('is masked: %s', (said, masked) => {
    const event = new Masker().event({ type: 'error', error: { type: 'api_error', message: said } });
    expect(event.error.message).toBe(masked);
  });
});

describe('a credential', () => {
  const secrets = credentialsIn([['x-api-key', KEY]], 'https://example.test/');
  const masker = new Masker().know(credentialsIn([['x-api-key', KEY]], 'https://example.test/'));
  const masked = (error: StreamError) => masker.error(error) as StreamError;

  it('is none that is only called like one in part', () => {
    const url = 'https://example.test/?tokenizer=cl100k_base&author=dostoevsky&max_tokens=100000000';
    expect(credentialsIn([['x-tokenizer', 'cl100k_base']], url)).toEqual([]);
  });

  it('is what is called like one, what stands behind a scheme, each cookie that is called like one', () => {
    const headers = {
      authorization: 'Bearer seed.bearer.1',
      cookie: 'theme=darkmode1; session=seed-session',
      'x-goog-api-key': 'seed-google-key',
      'x-mode': 'streaming',
      'x-tenant': 'aB3dE5fG7hJ9kL1mN2',
      'x-request-id': 'aB3dE5fG7hJ9kL1mN3',
    };
    expect([...credentialsIn(Object.entries(headers), '/chat?model=gpt-4o-mini')].sort()).toEqual([
      'aB3dE5fG7hJ9kL1mN2',
      'seed-google-key',
      'seed-session',
      'seed.bearer.1',
    ]);
    expect(secrets).toEqual([KEY]);
  });

  it.each([4, 5, 10, KEY.length - 1, KEY.length])(
    'is masked where its %i first characters are left',
    (length) => {
      const text = `${'. '.repeat(250 - length)}${'-'.repeat(length - 1)} ${KEY} and more`;
      const { message } = masked(new StreamError('malformed', text.slice(-499 - KEY.length + length - 9)));
      expect(message).not.toMatch(/seed/);
    },
  );

  it('is masked in raw wherever that is cut', () => {
    for (let at = 0; at < 240; at++) {
      const raw = `${'a '.repeat(at / 2)}${at % 2 ? 'b' : ''} ${KEY} ${'c '.repeat(120)}`;
      for (const text of [
        raw,
        [...raw]
          .reverse()
          .join('')
          .replace([...KEY].reverse().join(''), KEY),
      ]) {
        const seen = masked(new StreamError('malformed', 'Bad', { raw: text })).raw ?? '';
        expect(seen).not.toMatch(/seed|0123|4567|6789/);
      }
    }
  });

  it('is masked in causes, of whatever realm, four deep', () => {
    const foreign = {
      name: 'TypeError',
      message: `Bad ${KEY}`,
      code: 'E_BAD',
      status: 401,
      request: { key: KEY },
    };
    const { cause } = masked(new StreamError('network', 'No', { cause: foreign }));
    expect(cause).toMatchObject({ name: 'TypeError', message: 'Bad ***', code: 'E_BAD', status: 401 });
    expect(cause).not.toHaveProperty('request');
    const last = new Error(KEY);
    const deep = [1, 2, 3, 4, 5, 6].reduce((inner, n) => new Error(String(n), { cause: inner }), last);
    expect(
      inspect(masked(new StreamError('network', 'No', { cause: deep })), { depth: 9 }).match(/Error: \d/g),
    ).toHaveLength(4);
  });

  it('leaves an error and a cause that show none as they are', () => {
    const cause = new TypeError('undefined is not a function', { cause: new Error('inner') });
    const error = new StreamError('source', 'The source of the stream failed: see its cause', { cause });
    expect(masker.error(error)).toBe(error);
    const shows = masked(new StreamError('source', KEY, { cause }));
    expect(shows.message).toBe('***');
    expect(shows.cause).toBe(cause);
  });

  it('leaves an error of another class as it is', () => {
    const other = new Error(KEY);
    expect(masker.error(other)).toBe(other);
  });

  it('never stands in what an operator makes of an error event', async () => {
    const data = JSON.stringify({
      type: 'error',
      error: { type: 'authentication_error', message: `no ${SHAPED}` },
    });
    const source = fromResponse(new Response(`event: error\ndata: ${data}\n\n`), { codec: anthropic });
    expect((await outcomeOf(source.pipe(toMessage()))).error).toMatchObject({
      code: 'api',
      status: 401,
      message: 'authentication_error: no ***',
    });
  });
});

describe('masking', () => {
  it.each([
    'key=',
    'sk-',
    'Bearer ',
    '//a:',
    'eyJ-',
    'A',
    '…',
    '%41',
    '\\u0041',
    '&#x41;',
    'token: ',
    'sk-…',
    '"',
    '\\\\',
    ' ',
  ])('takes no time worth mentioning for a text of nothing but %j', (piece) => {
    const message = piece.repeat(1_000_000 / piece.length);
    const time = cpuTime(() => {
      new Masker()
        .know(credentialsIn([['x-api-key', KEY]], ''))
        .event({ type: 'error', error: { type: 'api_error', message } });
      new Masker()
        .know(credentialsIn([['x-api-key', KEY]], ''))
        .error(new StreamError('malformed', message, { raw: message }));
    });
    expect(time).toBeLessThan(1_000);
  });
});
