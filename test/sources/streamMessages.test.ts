import { streamMessages, type StreamMessagesOptions } from '../../src/sources/streamMessages.js';
import type { Fetch } from '../../src/sources/answer.js';
import { ANSWER, answerWhole, closeLoopbacks, loopback, wire } from './loopback.js';
import { failureOf, outcomeOf } from './outcome.js';

afterEach(closeLoopbacks);

const PARAMS = { model: 'claude', max_tokens: 10, messages: [{ role: 'user', content: 'Hello' }] };

/** What the server is asked with these options. */
async function asked(options: StreamMessagesOptions = {}, path = '') {
  const server = await loopback(answerWhole);
  const outcome = await outcomeOf(streamMessages(PARAMS, { baseURL: server.url + path, ...options }));
  expect(outcome).toEqual({ values: ANSWER });
  const { request, body } = server.last;
  return { method: request.method, url: request.url, headers: request.headers, body: JSON.parse(body) };
}

describe('streamMessages', () => {
  it('posts the params and stream: true to /v1/messages', async () => {
    expect(await asked()).toMatchObject({
      method: 'POST',
      url: '/v1/messages',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      body: { ...PARAMS, stream: true },
    });
  });

  it('sends the key and the version', async () => {
    const { headers } = await asked({ apiKey: 'sk-key' });
    expect(headers).toMatchObject({ 'x-api-key': 'sk-key', 'anthropic-version': '2023-06-01' });
  });

  it('sends no key where none is given', async () => {
    expect((await asked()).headers).not.toHaveProperty('x-api-key');
  });

  it.each(['/', '//', '/proxy', '/proxy/'])('takes a baseURL that ends in %s', async (path) => {
    expect((await asked({}, path)).url).toBe(`${path.replace(/\/+$/, '')}/v1/messages`);
  });

  it('asks Anthropic where no baseURL is given', async () => {
    let url: unknown;
    const mock: Fetch = (input) => {
      url = input;
      return Promise.resolve(new Response(wire(...ANSWER)));
    };
    await outcomeOf(streamMessages(PARAMS, { fetch: mock }));
    expect(url).toBe('https://api.anthropic.com/v1/messages');
  });

  it.each([
    [{ 'Anthropic-Version': '2099-01-01', 'X-API-Key': 'other', 'anthropic-beta': 'a,b' }],
    [new Headers({ 'anthropic-version': '2099-01-01', 'x-api-key': 'other', 'anthropic-beta': 'a,b' })],
  ])('lets headers win over its own', async (headers) => {
    expect((await asked({ apiKey: 'sk-key', headers })).headers).toMatchObject({
      'anthropic-version': '2099-01-01',
      'x-api-key': 'other',
      'anthropic-beta': 'a,b',
      'content-type': 'application/json',
    });
  });

  it('does nothing when it is called, and sends a request for each subscription', async () => {
    const server = await loopback(answerWhole);
    const source = streamMessages(PARAMS, { baseURL: server.url });
    expect(server.exchanges).toHaveLength(0);
    await outcomeOf(source);
    await outcomeOf(source);
    expect(server.exchanges).toHaveLength(2);
  });

  it('fails with what the API says', async () => {
    const server = await loopback(({ response }) =>
      response
        .writeHead(401, { 'request-id': 'req_1' })
        .end('{"type":"error","error":{"type":"authentication_error","message":"invalid x-api-key"}}'),
    );
    expect(await failureOf(streamMessages(PARAMS, { baseURL: server.url }))).toMatchObject({
      code: 'http',
      status: 401,
      errorType: 'authentication_error',
      message: 'HTTP 401: invalid x-api-key',
      requestId: 'req_1',
    });
  });

  it('does not show a key that cannot be sent', async () => {
    const failure = await failureOf(streamMessages(PARAMS, { apiKey: 'sk-first\nsk-second' }));
    expect(failure).toMatchObject({ code: 'source', retryable: false });
    expect(String(failure) + String(failure.stack)).not.toContain('sk-');
  });
});
