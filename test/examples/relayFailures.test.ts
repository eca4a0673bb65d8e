import { Readable } from 'node:stream';
import { lastValueFrom, toArray } from 'rxjs';
import { PROTOCOLS } from '../../examples/relay/protocols.js';
import { anthropic } from '../../src/anthropic.js';
import { events, fromBytes, StreamError, toMessage, type Codec, type StreamEvent } from '../../src/index.js';
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
  type Exchange,
} from '../sources/loopback.js';
import { closeRelays, Reader, relaying } from './relaying.js';

const MEGABYTE = 1024 * 1024;
const KEY = 'sk-live-0123456789abcdef';
const BROKEN_OFF = 'The answer broke off';

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

function eventsIn(answer: string, codec: Codec = anthropic): Promise<readonly StreamEvent[]> {
  return lastValueFrom(fromBytes(answer, { codec }).pipe(toArray()));
}

/** What a message fails with. */
async function failureIn(answer: string, codec: Codec): Promise<StreamError> {
  const message = lastValueFrom(fromBytes(answer, { codec }).pipe(toMessage()));
  const failure: unknown = await message.catch((error: unknown) => error);
  if (failure instanceof StreamError) return failure;
  throw new Error('It ended well');
}

describe('an upstream that fails', () => {
  it('after it began aborts what is open, and is an error event', async () => {
    const reports: unknown[] = [];
    const upstream = await loopback((exchange) => beginStream(exchange, ...CUT));
    const chat = await relaying({
      upstream: upstream.url,
      codec: anthropic,
      report: (error) => reports.push(error),
    });
    const reader = await Reader.ask(chat);
    await reader.sees('query');
    upstream.last.response.destroy();

    expect(await eventsIn(await reader.rest())).toEqual([
      ...CUT,
      events.blockAbort(1, BROKEN_OFF),
      events.error('api_error', BROKEN_OFF),
    ]);
    expect(reports).toMatchObject([{ code: 'network' }]);
  });

  it.each([...PROTOCOLS])('is a failure to a client that speaks %s', async (name, codec) => {
    const upstream = await loopback((exchange) => beginStream(exchange, ...CUT));
    const chat = await relaying({ upstream: upstream.url, codec: anthropic });
    const reader = await Reader.ask(`${chat}?to=${name}`);
    // One that sends a call at once shows nothing of it before it ends.
    const hasCalls = TABLE.some(({ codec, carries }) => codec.name === name && carries.inputPieces === true);
    await reader.sees(hasCalls ? 'query' : 'look it up');
    upstream.last.response.destroy();

    const failure = await failureIn(await reader.rest(), codec);
    expect(failure).toMatchObject({ code: 'api', message: `api_error: ${BROKEN_OFF}` });
    const content = [{ text: 'I look it up.' }, ...(hasCalls ? [{ name: 'search' }] : [])];
    expect(failure.partial).toMatchObject({ content });
  });

  it.each([
    [
      'by ending too early',
      (exchange: Exchange) => (beginStream(exchange, ...ANSWER.slice(0, 5)), exchange.response.end()),
      'truncated',
    ],
    [
      'by a frame that is no JSON',
      ({ response }: Exchange) => response.end('data: {"type":\n\n'),
      'malformed',
    ],
    [
      'by a page',
      ({ response }: Exchange) => response.end('<!doctype html><title>Sign in</title>'),
      'not-a-stream',
    ],
    ['by its status', ({ response }: Exchange) => response.writeHead(500).end('{}'), 'http'],
  ])('%s is an error event', async (_, answer, code) => {
    const reports: unknown[] = [];
    const upstream = await loopback(answer);
    const chat = await relaying({
      upstream: upstream.url,
      codec: anthropic,
      report: (error) => reports.push(error),
    });
    const given = await eventsIn(await whole(chat));
    expect(given.at(-1)).toEqual(events.error('api_error', BROKEN_OFF));
    expect(given.filter(({ type }) => type === 'error')).toHaveLength(1);
    expect(reports).toMatchObject([{ code }]);
  });

  it('by not being there is an error event', async () => {
    const chat = await relaying({ upstream: await deadUrl(), codec: anthropic });
    const body = 'x'.repeat(MEGABYTE);
    expect(await eventsIn(await whole(chat, { method: 'POST', body }))).toEqual([
      events.error('api_error', BROKEN_OFF),
    ]);
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
    const chat = await relaying({ upstream: upstream.url, codec: anthropic });
    expect((await eventsIn(await whole(chat))).slice(CUT.length)).toEqual([
      events.blockAbort(1, BROKEN_OFF),
      events.error(told, BROKEN_OFF),
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
    const chat = await relaying({ upstream: upstream.url, codec: anthropic, headers: { 'x-api-key': KEY } });
    for (const to of PROTOCOLS.keys()) expect(await whole(`${chat}?to=${to}`)).not.toContain(KEY);
    expect(upstream.last.request.headers['x-api-key']).toBe(KEY);
  });

  it('quotes no key where its own protocol gives up the blocks', async () => {
    const upstream = await loopback(({ response }) => {
      response.end(bytesOf(modelrelay, framesOf(modelrelay, [...CUT, events.error('api_error', KEY)])));
    });
    const chat = await relaying({ upstream: upstream.url, codec: modelrelay });
    const answer = await whole(chat);
    expect(answer).not.toContain(KEY);
    expect((await eventsIn(answer)).slice(-2)).toEqual([
      events.blockAbort(1, BROKEN_OFF),
      events.error('api_error', BROKEN_OFF),
    ]);
  });
});

describe('a request to a relay', () => {
  it('reaches the upstream by its body alone', async () => {
    const upstream = await loopback(answerWhole);
    const chat = await relaying({ upstream: `${upstream.url}/v1/messages`, codec: anthropic });
    const body = '{"prompt":"宇治"}';
    await whole(chat, {
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
    ['for a protocol that there is not', '/chat?to=constructor', {}, 404],
    ['with a body that is too long', '/chat', { method: 'POST', body: 'x'.repeat(5 * MEGABYTE) }, 413],
    [
      'with a body of unknown length',
      '/chat',
      { method: 'POST', body: Readable.from(['{}']), duplex: 'half' },
      413,
    ],
  ])('%s is refused', async (_, path, init, status) => {
    const upstream = await loopback(answerWhole);
    const chat = await relaying({ upstream: upstream.url, codec: anthropic });
    const response = await fetch(chat.replace('/chat', path), init as RequestInit);
    expect(response.status).toBe(status);
    expect(upstream.exchanges).toEqual([]);
  });
});
