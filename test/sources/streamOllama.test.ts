import * as events from '../../src/events/make.js';
import { streamOllama, type OllamaChatParams, type OllamaGenerateParams } from '../../src/ollama.js';
import type { StreamOllamaOptions } from '../../src/sources/streamOllama.js';
import type { Fetch } from '../../src/sources/answer.js';
import { closeLoopbacks, loopback, type Exchange } from './loopback.js';
import { failureOf, outcomeOf } from './outcome.js';

afterEach(closeLoopbacks);

const CHAT = { model: 'm', messages: [{ role: 'user', content: 'Hello' }], options: { seed: 1 } };
const GENERATE = { model: 'm', prompt: 'Hello', think: true };

const LINES = [
  { model: 'm', message: { role: 'assistant', content: 'Hi' }, done: false },
  { model: 'm', message: { role: 'assistant', content: '' }, done: true, done_reason: 'stop', eval_count: 2 },
];
const TEXT = LINES.map((line) => `${JSON.stringify(line)}\n`).join('');

const ANSWER = [
  events.messageStart({ model: 'm' }),
  events.textStart(0),
  events.textDelta(0, 'Hi'),
  events.blockStop(0),
  events.messageDelta('end_turn', { output_tokens: 2 }),
  events.messageStop(),
];

function answered({ response }: Exchange): void {
  response.writeHead(200, { 'content-type': 'application/x-ndjson' }).end(TEXT);
}

/** What the server is asked with these options. */
async function asked(
  params: OllamaChatParams | OllamaGenerateParams,
  options: StreamOllamaOptions = {},
  path = '',
) {
  const server = await loopback(answered);
  const outcome = await outcomeOf(streamOllama(params, { baseURL: server.url + path, ...options }));
  expect(outcome).toEqual({ values: ANSWER });
  const { request, body } = server.last;
  return { method: request.method, url: request.url, headers: request.headers, body: JSON.parse(body) };
}

describe('streamOllama', () => {
  it.each([
    ['messages', CHAT, '/api/chat'],
    ['a prompt', GENERATE, '/api/generate'],
  ])('posts %s and stream: true to its API', async (_what, params, url) => {
    expect(await asked(params)).toMatchObject({
      method: 'POST',
      url,
      headers: { 'content-type': 'application/json', accept: 'application/x-ndjson' },
      body: { ...params, stream: true },
    });
  });

  it('sends a key where one is given, and none otherwise', async () => {
    expect((await asked(CHAT, { apiKey: 'a-key' })).headers).toMatchObject({
      authorization: 'Bearer a-key',
    });
    expect((await asked(CHAT)).headers).not.toHaveProperty('authorization');
    const headers = { authorization: 'Basic abc' };
    expect((await asked(CHAT, { apiKey: 'a-key', headers })).headers).toMatchObject(headers);
  });

  it.each([
    ['/', '/api/chat'],
    ['/api', '/api/chat'],
    ['/api/', '/api/chat'],
    ['/proxy', '/proxy/api/chat'],
    ['/proxy/api//', '/proxy/api/chat'],
  ])('takes a baseURL that ends in %s', async (path, url) => {
    expect((await asked(CHAT, {}, path)).url).toBe(url);
  });

  it('asks the server of this machine where no baseURL is given', async () => {
    let url: unknown;
    const mock: Fetch = (input) => {
      url = input;
      return Promise.resolve(new Response(TEXT));
    };
    await outcomeOf(streamOllama(CHAT, { fetch: mock }));
    expect(url).toBe('http://127.0.0.1:11434/api/chat');
  });

  it.each(['application/x-ndjson', 'application/json', 'text/plain', 'text/event-stream'])(
    'reads an answer of the type %s',
    async (type) => {
      const server = await loopback(({ response }) =>
        response.writeHead(200, { 'content-type': type }).end(TEXT),
      );
      expect(await outcomeOf(streamOllama(CHAT, { baseURL: server.url }))).toEqual({ values: ANSWER });
    },
  );

  it('sends a request for each subscription', async () => {
    const server = await loopback(answered);
    const source = streamOllama(CHAT, { baseURL: server.url });
    expect(server.exchanges).toHaveLength(0);
    await outcomeOf(source);
    await outcomeOf(source);
    expect(server.exchanges).toHaveLength(2);
  });

  it.each([
    [404, { error: "model 'm' not found" }, { message: "HTTP 404: model 'm' not found", retryable: false }],
    [400, { error: 'm does not support tools' }, { message: 'HTTP 400: m does not support tools' }],
    [503, { error: 'server busy' }, { message: 'HTTP 503: server busy', retryable: true }],
    [
      401,
      { error: 'unauthorized', signin_url: 'https://ollama.com/connect' },
      { message: 'HTTP 401: unauthorized', retryable: false },
    ],
  ])('fails with what the server says: %i', async (status, body, expected) => {
    const server = await loopback(({ response }) =>
      response
        .writeHead(status, {
          'x-request-id': 'req_1',
          'retry-after': '2',
          'content-type': 'application/json',
        })
        .end(JSON.stringify(body)),
    );
    expect(await failureOf(streamOllama(CHAT, { baseURL: server.url }))).toMatchObject({
      code: 'http',
      status,
      requestId: 'req_1',
      retryAfterMs: 2000,
      ...expected,
    });
  });

  it('fails with an error document of a good status', async () => {
    const server = await loopback(({ response }) => response.end('{"error":"out of memory"}'));
    const { values } = await outcomeOf(streamOllama(CHAT, { baseURL: server.url }));
    expect(values).toEqual([events.error('api_error', 'out of memory')]);
  });
});
