import * as events from '../../src/events/make.js';
import { openaiChat } from '../../src/openai.js';
import { streamChat, type ChatParams, type StreamChatOptions } from '../../src/sources/streamChat.js';
import type { Fetch } from '../../src/sources/answer.js';
import { bytesOf, framesOf } from '../codecs/conformance/spelling.js';
import { closeLoopbacks, loopback, type Exchange } from './loopback.js';
import { failureOf, outcomeOf } from './outcome.js';

afterEach(closeLoopbacks);

const PARAMS = { model: 'gpt', messages: [{ role: 'user', content: 'Hello' }] };

const ANSWER = [
  events.messageStart({ id: 'c1', model: 'gpt' }),
  events.textStart(0),
  events.textDelta(0, 'Hi'),
  events.blockStop(0),
  events.messageDelta('end_turn', { input_tokens: 3, output_tokens: 1 }),
  events.messageStop(),
];

const BODY = Uint8Array.from(bytesOf(openaiChat, framesOf(openaiChat, ANSWER)));

function answerWhole({ response }: Exchange): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' }).end(BODY);
}

/** What the server is asked with these options. */
async function asked(options: StreamChatOptions = {}, path = '', params: ChatParams = PARAMS) {
  const server = await loopback(answerWhole);
  const outcome = await outcomeOf(streamChat(params, { baseURL: server.url + path, ...options }));
  expect(outcome).toEqual({ values: ANSWER });
  const { request, body } = server.last;
  return {
    method: request.method,
    url: request.url,
    headers: request.headers,
    body: JSON.parse(body) as unknown,
  };
}

describe('streamChat', () => {
  it('posts the params, stream: true, and asks for the usage', async () => {
    expect(await asked()).toMatchObject({
      method: 'POST',
      url: '/chat/completions',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      body: { ...PARAMS, stream: true, stream_options: { include_usage: true } },
    });
  });

  it('keeps what else is asked for with the usage, and asks for none where the caller says so', async () => {
    const more = await asked({}, '', { ...PARAMS, stream_options: { include_obfuscation: false } });
    expect(more.body).toMatchObject({ stream_options: { include_usage: true, include_obfuscation: false } });
    const none = await asked({}, '', { ...PARAMS, stream_options: null });
    expect(none.body).toEqual({ ...PARAMS, stream: true });
  });

  it('sends the key, where one is given', async () => {
    expect((await asked({ apiKey: 'sk-key' })).headers).toMatchObject({ authorization: 'Bearer sk-key' });
    expect((await asked()).headers).not.toHaveProperty('authorization');
  });

  it.each([
    ['/', '/chat/completions'],
    ['/v1', '/v1/chat/completions'],
    ['/v1//', '/v1/chat/completions'],
    [
      '/openai/deployments/d?api-version=2024-10-21',
      '/openai/deployments/d/chat/completions?api-version=2024-10-21',
    ],
    ['/d/?api-version=2024-10-21', '/d/chat/completions?api-version=2024-10-21'],
  ])('takes a baseURL that ends in %s', async (path, url) => {
    expect((await asked({}, path)).url).toBe(url);
  });

  it('asks OpenAI where no baseURL is given', async () => {
    let url: unknown;
    const mock: Fetch = (input) => {
      url = input;
      return Promise.resolve(new Response(BODY));
    };
    await outcomeOf(streamChat(PARAMS, { fetch: mock }));
    expect(url).toBe('https://api.openai.com/v1/chat/completions');
  });

  it('lets headers win over its own', async () => {
    const headers = { Authorization: 'Basic eA==', 'api-key': 'azure', 'HTTP-Referer': 'https://a.example/' };
    expect((await asked({ apiKey: 'sk-key', headers })).headers).toMatchObject({
      authorization: 'Basic eA==',
      'api-key': 'azure',
      'http-referer': 'https://a.example/',
      'content-type': 'application/json',
    });
  });

  it('does nothing when it is called, and sends a request for each subscription', async () => {
    const server = await loopback(answerWhole);
    const source = streamChat(PARAMS, { baseURL: server.url });
    expect(server.exchanges).toHaveLength(0);
    await outcomeOf(source);
    await outcomeOf(source);
    expect(server.exchanges).toHaveLength(2);
  });

  it.each<[string, number, Record<string, string>, object | string, object]>([
    [
      'OpenAI',
      429,
      { 'x-request-id': 'req_1', 'retry-after': '2' },
      { error: { message: 'Slow down', type: 'requests', param: null, code: 'rate_limit_exceeded' } },
      {
        status: 429,
        errorType: 'requests',
        message: 'HTTP 429: Slow down',
        requestId: 'req_1',
        retryAfterMs: 2000,
        retryable: true,
      },
    ],
    [
      'OpenAI, of a limit of money',
      429,
      {},
      {
        error: {
          message: 'You exceeded your current quota',
          type: 'insufficient_quota',
          code: 'insufficient_quota',
        },
      },
      { status: 429, errorType: 'insufficient_quota', retryable: false },
    ],
    [
      'Azure',
      404,
      { 'x-ms-request-id': 'req_2', 'apim-request-id': 'req_3' },
      { error: { code: 'DeploymentNotFound', message: 'No such deployment' } },
      {
        status: 404,
        errorType: 'DeploymentNotFound',
        message: 'HTTP 404: No such deployment',
        retryable: false,
      },
    ],
    [
      'OpenRouter',
      402,
      {},
      { error: { code: 402, message: 'Insufficient credits' }, user_id: 'u' },
      { status: 402, message: 'HTTP 402: Insufficient credits', retryable: false },
    ],
    [
      'vLLM',
      400,
      {},
      { object: 'error', message: 'Too long', type: 'BadRequestError', param: null, code: 400 },
      { status: 400, errorType: 'BadRequestError', message: 'HTTP 400: Too long', retryable: false },
    ],
    [
      'a server of FastAPI',
      422,
      {},
      { detail: [{ loc: ['body'], msg: 'Field required' }] },
      { status: 422, message: 'HTTP 422: Field required' },
    ],
    ['a proxy', 502, {}, '<html><h1>502 Bad Gateway</h1></html>', { status: 502, retryable: true }],
  ])('fails with what %s says', async (_who, status, headers, body, failure) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const type = typeof body === 'string' ? 'text/html' : 'application/json';
    const server = await loopback(({ response }) =>
      response.writeHead(status, { 'content-type': type, ...headers }).end(text),
    );
    expect(await failureOf(streamChat(PARAMS, { baseURL: server.url }))).toMatchObject({
      code: 'http',
      ...failure,
    });
  });

  it('ends its request when it is left, and where the signal says so', async () => {
    const server = await loopback(({ response }) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write(BODY.subarray(0, 200));
    });
    const subscription = streamChat(PARAMS, { baseURL: server.url }).subscribe();
    const left = await server.asked();
    subscription.unsubscribe();
    expect(await left.cutOff).toBe(true);
    const controller = new AbortController();
    const failure = failureOf(streamChat(PARAMS, { baseURL: server.url, signal: controller.signal }));
    const stopped = await server.asked(2);
    controller.abort();
    expect(await failure).toMatchObject({ code: 'aborted' });
    expect(await stopped.cutOff).toBe(true);
  });

  it('does not show a key that cannot be sent', async () => {
    const failure = await failureOf(streamChat(PARAMS, { apiKey: 'sk-first\nsk-second' }));
    expect(failure).toMatchObject({ code: 'source', retryable: false });
    expect(String(failure) + String(failure.stack)).not.toContain('sk-');
  });
});
