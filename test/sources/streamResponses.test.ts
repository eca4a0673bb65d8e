import * as events from '../../src/events/make.js';
import { openaiResponses } from '../../src/openai.js';
import { streamResponses, type StreamResponsesOptions } from '../../src/sources/streamResponses.js';
import type { Fetch } from '../../src/sources/answer.js';
import { bytesOf, framesOf } from '../codecs/conformance/spelling.js';
import { closeLoopbacks, loopback, type Exchange } from './loopback.js';
import { failureOf, outcomeOf } from './outcome.js';

afterEach(closeLoopbacks);

const PARAMS = { model: 'gpt', input: [{ role: 'user', content: 'Hello' }], store: false };

const ANSWER = [
  events.messageStart({ id: 'resp_1', model: 'gpt' }),
  events.textStart(0),
  events.textDelta(0, 'Hi'),
  events.blockStop(0),
  events.messageDelta('end_turn', { input_tokens: 3, output_tokens: 1 }),
  events.messageStop(),
];

const BODY = Uint8Array.from(bytesOf(openaiResponses, framesOf(openaiResponses, ANSWER)));

function answerWhole({ response }: Exchange): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' }).end(BODY);
}

/** What the server is asked with these options. */
async function asked(options: StreamResponsesOptions = {}, path = '') {
  const server = await loopback(answerWhole);
  const outcome = await outcomeOf(streamResponses(PARAMS, { baseURL: server.url + path, ...options }));
  expect(outcome).toEqual({ values: ANSWER });
  const { request, body } = server.last;
  const { method, url, headers } = request;
  return { method, url, headers, body: JSON.parse(body) as unknown };
}

describe('streamResponses', () => {
  it('posts the params and stream: true', async () => {
    expect(await asked()).toMatchObject({
      method: 'POST',
      url: '/responses',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      body: { ...PARAMS, stream: true },
    });
  });

  it('sends the key, where one is given, and lets headers win over its own', async () => {
    expect((await asked({ apiKey: 'sk-key' })).headers).toMatchObject({ authorization: 'Bearer sk-key' });
    expect((await asked()).headers).not.toHaveProperty('authorization');
    const headers = { Authorization: 'Basic eA==', 'api-key': 'azure' };
    expect((await asked({ apiKey: 'sk-key', headers })).headers).toMatchObject({
      authorization: 'Basic eA==',
      'api-key': 'azure',
    });
  });

  it.each([
    ['/v1', '/v1/responses'],
    ['/v1//', '/v1/responses'],
    ['/openai/v1/?api-version=preview', '/openai/v1/responses?api-version=preview'],
  ])('takes a baseURL that ends in %s', async (path, url) => {
    expect((await asked({}, path)).url).toBe(url);
  });

  it('asks OpenAI where no baseURL is given', async () => {
    const urls: unknown[] = [];
    const mock: Fetch = (input) => {
      urls.push(input);
      return Promise.resolve(new Response(BODY));
    };
    await outcomeOf(streamResponses(PARAMS, { fetch: mock }));
    expect(urls).toEqual(['https://api.openai.com/v1/responses']);
  });

  it('sends a request for each subscription', async () => {
    const server = await loopback(answerWhole);
    const source = streamResponses(PARAMS, { baseURL: server.url });
    expect(server.exchanges).toHaveLength(0);
    await outcomeOf(source);
    await outcomeOf(source);
    expect(server.exchanges).toHaveLength(2);
  });

  it('fails with what the server says outside the stream', async () => {
    const error = { message: 'Slow down', type: 'tokens', param: null, code: 'rate_limit_exceeded' };
    const server = await loopback(({ response }) =>
      response
        .writeHead(429, { 'content-type': 'application/json', 'x-request-id': 'req_1', 'retry-after': '2' })
        .end(JSON.stringify({ error })),
    );
    expect(await failureOf(streamResponses(PARAMS, { baseURL: server.url }))).toMatchObject({
      code: 'http',
      status: 429,
      errorType: 'tokens',
      message: 'HTTP 429: Slow down',
      requestId: 'req_1',
      retryAfterMs: 2000,
      retryable: true,
    });
  });

  it('fails where the answer breaks off, and ends its request when it is left', async () => {
    const server = await loopback(({ response }) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write(BODY.subarray(0, 200));
    });
    const controller = new AbortController();
    const failure = failureOf(streamResponses(PARAMS, { baseURL: server.url, signal: controller.signal }));
    const stopped = await server.asked();
    controller.abort();
    expect(await failure).toMatchObject({ code: 'aborted' });
    expect(await stopped.cutOff).toBe(true);
    const subscription = streamResponses(PARAMS, { baseURL: server.url }).subscribe();
    const left = await server.asked(2);
    subscription.unsubscribe();
    expect(await left.cutOff).toBe(true);
  });

  it('does not show a key that cannot be sent', async () => {
    const failure = await failureOf(streamResponses(PARAMS, { apiKey: 'sk-first\nsk-second' }));
    expect(failure).toMatchObject({ code: 'source', retryable: false });
    expect(String(failure) + String(failure.stack)).not.toContain('sk-');
  });
});
