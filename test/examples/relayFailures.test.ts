import OpenAI from 'openai';
import { lastValueFrom, tap, toArray, type Observable } from 'rxjs';
import { PROTOCOLS } from '../../examples/relay/protocols.js';
import { anthropic } from '../../src/anthropic.js';
import {
  events,
  fromBytes,
  StreamError,
  streamEvents,
  toMessage,
  type Codec,
  type StreamEvent,
} from '../../src/index.js';
import { modelrelay } from '../../src/modelrelay.js';
import { PROTOCOLS as TABLE } from '../codecs/conformance/protocols.js';
import { bytesOf, framesOf } from '../codecs/conformance/spelling.js';
import {
  ANSWER,
  answerWhole,
  beginStream,
  closeLoopbacks,
  deadUrl,
  loopback,
  wire,
  type Exchange,
} from '../sources/loopback.js';
import { closeRelays, Reader, relaying } from './relaying.js';

const MEGABYTE = 1024 * 1024;
const KEY = 'sk-live-0123456789abcdef';
const BROKEN_OFF = 'The answer broke off';
const FAILED = { type: 'error', error: { type: 'api_error' } };

/** An answer inside a call. */
const CUT: readonly StreamEvent[] = [
  events.messageStart({ id: 'msg_1', model: 'claude' }),
  events.textStart(0),
  events.textDelta(0, 'I look it up.'),
  events.blockStop(0),
  events.toolUseStart(1, 'toolu_1', 'search'),
  events.inputJsonDelta(1, '{"query":'),
];

afterEach(async () => {
  await closeRelays();
  await closeLoopbacks();
});

async function whole(url: string, init?: RequestInit): Promise<string> {
  return (await fetch(url, init)).text();
}

function eventsIn(answer: string | Uint8Array, codec: Codec = anthropic): Promise<readonly StreamEvent[]> {
  return lastValueFrom(fromBytes(answer, { codec }).pipe(toArray()));
}

function failed(type: string): string {
  return JSON.stringify({ error: { type, message: 'No' } });
}

/** What a message fails with. */
async function failureIn(answer: Observable<StreamEvent>): Promise<StreamError> {
  const message = lastValueFrom(answer.pipe(toMessage()));
  const failure: unknown = await message.catch((error: unknown) => error);
  if (failure instanceof StreamError) return failure;
  throw new Error('It ended well');
}

describe('an upstream that fails', () => {
  it('after it began aborts what is open, and is an error event', async () => {
    const reports: unknown[] = [];
    const upstream = await loopback((exchange) => beginStream(exchange, ...CUT));
    const relay = await relaying({
      upstream: upstream.url,
      codec: anthropic,
      report: (error) => reports.push(error),
    });
    const reader = await Reader.ask(`${relay}/anthropic`);
    await reader.sees('query');
    upstream.last.response.destroy();

    expect(await eventsIn(await reader.rest())).toMatchObject([
      ...CUT,
      events.blockAbort(1, BROKEN_OFF),
      FAILED,
    ]);
    expect(reports).toMatchObject([{ code: 'network' }]);
  });

  it.each([...PROTOCOLS])('is a failure to a client that speaks %s', async (name, codec) => {
    const upstream = await loopback((exchange) => beginStream(exchange, ...CUT));
    const relay = await relaying({ upstream: upstream.url, codec: anthropic });
    // One that sends a call at once shows nothing of it before it ends.
    const hasCalls = TABLE.some(({ codec, carries }) => codec.name === name && carries.inputPieces === true);
    const seen = hasCalls ? 'query' : 'look it up';
    const failure = await failureIn(
      streamEvents(`${relay}/${name}`, { codec }).pipe(
        tap((event) => JSON.stringify(event).includes(seen) && upstream.last.response.destroy()),
      ),
    );
    expect(failure).toMatchObject({ code: 'api', errorType: 'api_error' });
    const content = [{ text: 'I look it up.' }, ...(hasCalls ? [{ name: 'search' }] : [])];
    expect(failure.partial).toMatchObject({ content });
  });

  it('by ending too early is an error event', async () => {
    const reports: unknown[] = [];
    const report = (error: unknown): unknown => reports.push(error);
    const upstream = await loopback((exchange) => {
      beginStream(exchange, ...ANSWER.slice(0, 5));
      exchange.response.end();
    });
    const relay = await relaying({ upstream: upstream.url, codec: anthropic, report });
    const given = await eventsIn(await whole(`${relay}/anthropic`));
    expect(given).toMatchObject([...ANSWER.slice(0, 5), FAILED]);
    expect(reports).toMatchObject([{ code: 'truncated' }]);
  });

  it.each([
    ['a frame that is no JSON', 'malformed', 502, { body: 'data: {"type":\n\n' }],
    ['a page', 'not-a-stream', 502, { body: '<!doctype html><title>Sign in</title>' }],
    ['nothing', 'not-a-stream', 502, {}],
    ['a status', 'http', 502, { status: 500 }],
    ['a wrong key', 'http', 502, { status: 401, body: failed('invalid_request_error') }],
    ['a bad request', 'http', 400, { status: 400, body: failed('INVALID_ARGUMENT') }],
    ['its limits', 'http', 429, { status: 429, body: failed('requests') }],
    ['an overload', 'http', 529, { status: 529 }],
    ['an error event', 'api', 529, { body: wire(events.error('overloaded_error', 'No')) }],
  ])(
    'before it began with %s is a status',
    async (_, code, status, answer: { status?: number; body?: string }) => {
      const reports: unknown[] = [];
      const report = (error: unknown): unknown => reports.push(error);
      const upstream = await loopback(({ response }) => {
        response.writeHead(answer.status ?? 200, { 'retry-after': '7' }).end(answer.body);
      });
      const relay = await relaying({ upstream: upstream.url, codec: anthropic, report });
      const response = await fetch(`${relay}/openai-chat`);
      expect(response.status).toBe(status);
      expect(await response.json()).toMatchObject({ type: 'error', error: { message: expect.any(String) } });
      expect(response.headers.get('retry-after')).toBe(code === 'http' ? '7' : null);
      expect(reports).toMatchObject([{ code }]);
    },
  );

  it('by not being there is a status, which official clients read', async () => {
    const relay = await relaying({ upstream: await deadUrl(), codec: anthropic });
    const body = 'x'.repeat(MEGABYTE);
    expect((await fetch(`${relay}/gemini`, { method: 'POST', body })).status).toBe(502);
    const openai = new OpenAI({ apiKey: 'none', baseURL: `${relay}/openai-chat`, maxRetries: 0 });
    const asked = openai.chat.completions.create({ model: 'm', messages: [], stream: true });
    await expect(asked).rejects.toMatchObject({ status: 502, type: 'api_error' });
  });

  it.each([
    ['overloaded_error', 'overloaded_error'],
    ['rate_limit_error', 'rate_limit_error'],
    ['invalid_request_error', 'invalid_request_error'],
    ['authentication_error', 'api_error'],
    ['internal\r\n\r\nevent: x', 'api_error'],
  ])('with %p tells the client %p', async (type, told) => {
    const upstream = await loopback((exchange) => {
      beginStream(exchange, ...CUT, events.error(type, 'Account 4711 is at its limit'));
      exchange.response.end();
    });
    const relay = await relaying({ upstream: upstream.url, codec: anthropic });
    expect((await eventsIn(await whole(`${relay}/anthropic`))).slice(CUT.length)).toMatchObject([
      events.blockAbort(1, BROKEN_OFF),
      { type: 'error', error: { type: told } },
    ]);
  });

  it.each([
    [
      'a refusal',
      ({ response }: Exchange) =>
        response.writeHead(401).end(`{"error":{"type":"${KEY}","message":"Bad key ${KEY}"}}`),
    ],
    ['an error event', (exchange: Exchange) => beginStream(exchange, ...CUT, events.error(KEY, KEY, KEY))],
    [
      'the reason of an abort',
      (exchange: Exchange) => beginStream(exchange, ...CUT, events.blockAbort(1, KEY), ...ANSWER.slice(5)),
    ],
    [
      'the cause of a reset',
      (exchange: Exchange) => beginStream(exchange, ...CUT, events.reset(2, { message: KEY }), ...ANSWER),
    ],
  ])('quotes no key to the client in %s', async (_, answer) => {
    const upstream = await loopback(answer);
    const relay = await relaying({ upstream: upstream.url, codec: anthropic, headers: { 'x-api-key': KEY } });
    for (const [to, codec] of PROTOCOLS) {
      const response = await fetch(`${relay}/${to}`);
      const bytes = new Uint8Array(await response.arrayBuffer());
      expect(Buffer.from(bytes).toString()).not.toContain(KEY);
      if (response.ok) expect(JSON.stringify(await eventsIn(bytes, codec))).not.toContain(KEY);
    }
    expect(upstream.last.request.headers['x-api-key']).toBe(KEY);
  });

  it('quotes no key where its own protocol gives up the blocks', async () => {
    const upstream = await loopback(({ response }) => {
      response.end(bytesOf(modelrelay, framesOf(modelrelay, [...CUT, events.error('api_error', KEY)])));
    });
    const relay = await relaying({ upstream: upstream.url, codec: modelrelay });
    const answer = await whole(`${relay}/anthropic`);
    expect(answer).not.toContain(KEY);
    expect((await eventsIn(answer)).slice(-2)).toMatchObject([events.blockAbort(1, BROKEN_OFF), FAILED]);
  });
});

describe('a request to a relay', () => {
  it('reaches the upstream by its body alone', async () => {
    const upstream = await loopback(answerWhole);
    const relay = await relaying({ upstream: `${upstream.url}/v1/messages`, codec: anthropic });
    const body = '{"prompt":"宇治"}';
    await whole(`${relay}/anthropic`, {
      method: 'POST',
      body,
      headers: { cookie: 'session=1', authorization: 'Bearer client' },
    });

    const { request, body: arrived } = upstream.last;
    expect([request.method, request.url, arrived]).toEqual(['POST', '/v1/messages', body]);
    expect(request.headers).toMatchObject({
      'content-type': 'application/json',
      accept: 'text/event-stream',
    });
    expect(request.headers).not.toHaveProperty('cookie');
    expect(request.headers).not.toHaveProperty('authorization');
  });

  it.each([
    ['for another path', '/other', {}, 404],
    ['for a path that is no path', '//', {}, 404],
    ['for a protocol that there is not', '/constructor', {}, 404],
    ['with a body that is too long', '/anthropic', { method: 'POST', body: 'x'.repeat(5 * MEGABYTE) }, 413],
  ])('%s is refused', async (_, path, init, status) => {
    const upstream = await loopback(answerWhole);
    const relay = await relaying({ upstream: upstream.url, codec: anthropic });
    const response = await fetch(`${relay}${path}`, init);
    expect(response.status).toBe(status);
    expect(upstream.exchanges).toEqual([]);
  });
});
