import * as events from '../../src/events/make.js';
import { gemini, streamGemini, type StreamGeminiOptions } from '../../src/gemini.js';
import type { Fetch } from '../../src/sources/answer.js';
import { bytesOf, framesOf } from '../codecs/conformance/spelling.js';
import { closeLoopbacks, loopback, type Answer } from './loopback.js';
import { failureOf, outcomeOf } from './outcome.js';

afterEach(closeLoopbacks);

const PARAMS = { model: 'gemini-3-pro', contents: [{ role: 'user', parts: [{ text: 'Hello' }] }] };

const ANSWER = [
  events.messageStart({ id: 'r1', model: 'gemini-3-pro' }),
  events.textStart(0),
  events.textDelta(0, 'Hi'),
  events.blockStop(0),
  events.messageDelta('end_turn', { input_tokens: 3, output_tokens: 1 }),
  events.messageStop(),
];

const WIRE = new TextDecoder().decode(bytesOf(gemini, framesOf(gemini, ANSWER)));

const answerWhole: Answer = ({ response }) =>
  response.writeHead(200, { 'content-type': 'text/event-stream' }).end(WIRE);

/** What the server is asked with these options. */
async function asked(options: StreamGeminiOptions = {}, path = '', params = {}) {
  const server = await loopback(answerWhole);
  const source = streamGemini({ ...PARAMS, ...params }, { baseURL: server.url + path, ...options });
  expect(await outcomeOf(source)).toEqual({ values: ANSWER });
  const { request, body } = server.last;
  return {
    method: request.method,
    url: request.url,
    headers: request.headers,
    body: JSON.parse(body) as unknown,
  };
}

/** What a response with this status and body is. */
async function failed(status: number, body: object | string, headers: Record<string, string> = {}) {
  const server = await loopback(({ response }) =>
    response.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body)),
  );
  return failureOf(streamGemini(PARAMS, { baseURL: server.url, apiKey: 'key-0123456789abcdef' }));
}

describe('streamGemini', () => {
  it('posts the contents to the model, and asks for events', async () => {
    expect(await asked()).toMatchObject({
      method: 'POST',
      url: '/v1beta/models/gemini-3-pro:streamGenerateContent?alt=sse',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      body: { contents: PARAMS.contents },
    });
    const { body } = await asked({}, '', { tools: [{ googleSearch: {} }] });
    expect(body).toEqual({ contents: PARAMS.contents, tools: [{ googleSearch: {} }] });
  });

  it('sends the key in its header, never in the address', async () => {
    const { headers, url } = await asked({ apiKey: 'key-0123456789abcdef' });
    expect(headers).toMatchObject({ 'x-goog-api-key': 'key-0123456789abcdef' });
    expect(url).not.toContain('key');
    expect((await asked()).headers).not.toHaveProperty('x-goog-api-key');
    expect((await asked({ apiKey: 'a', headers: { 'X-Goog-Api-Key': 'b' } })).headers).toMatchObject({
      'x-goog-api-key': 'b',
    });
  });

  it.each([
    ['', 'gemini-3-pro', '/v1beta/models/gemini-3-pro'],
    ['/', 'gemini-3-pro', '/v1beta/models/gemini-3-pro'],
    ['/v1', 'gemini-3-pro', '/v1/models/gemini-3-pro'],
    ['/proxy/v1beta/', 'models/gemini-3-pro', '/proxy/v1beta/models/gemini-3-pro'],
    ['', 'tunedModels/mine', '/v1beta/tunedModels/mine'],
    [
      '/v1/projects/p/locations/global/publishers/google',
      'gemini-3-pro',
      '/v1/projects/p/locations/global/publishers/google/models/gemini-3-pro',
    ],
  ])('takes a baseURL that ends in %p and the model %s', async (path, model, url) => {
    expect((await asked({}, path, { model })).url).toBe(`${url}:streamGenerateContent?alt=sse`);
  });

  it('asks the Gemini API where no baseURL is given', async () => {
    let url: unknown;
    const mock: Fetch = (input) => {
      url = input;
      return Promise.resolve(new Response(WIRE));
    };
    await outcomeOf(streamGemini(PARAMS, { fetch: mock }));
    expect(url).toBe(
      'https://generativelanguage.googleapis.com/v1beta/models/gemini-3-pro:streamGenerateContent?alt=sse',
    );
  });

  it('does nothing when it is called, and sends a request for each subscription', async () => {
    const server = await loopback(answerWhole);
    const source = streamGemini(PARAMS, { baseURL: server.url });
    expect(server.exchanges).toHaveLength(0);
    await outcomeOf(source);
    await outcomeOf(source);
    expect(server.exchanges).toHaveLength(2);
  });

  it('fails with what the API says, when to ask again and which request it was', async () => {
    const error = {
      code: 429,
      message: 'Quota exceeded',
      status: 'RESOURCE_EXHAUSTED',
      details: [
        { '@type': 'type.googleapis.com/google.rpc.QuotaFailure', violations: [] },
        { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '34.074824224s' },
        { '@type': 'type.googleapis.com/google.rpc.RequestInfo', requestId: 'req-1' },
      ],
    };
    for (const body of [{ error }, [{ error }]]) {
      expect(await failed(429, body)).toMatchObject({
        code: 'http',
        message: 'HTTP 429: Quota exceeded',
        status: 429,
        errorType: 'RESOURCE_EXHAUSTED',
        requestId: 'req-1',
        retryAfterMs: 34_075,
        retryable: true,
      });
    }
    expect(await failed(429, { error }, { 'retry-after': '2' })).toMatchObject({ retryAfterMs: 2000 });
  });

  it.each<[number, object | string, object]>([
    [
      400,
      { error: { code: 400, message: 'API key not valid', status: 'INVALID_ARGUMENT' } },
      { message: 'HTTP 400: API key not valid', errorType: 'INVALID_ARGUMENT', retryable: false },
    ],
    [503, { error: { code: 503, message: 'Overloaded', status: 'UNAVAILABLE' } }, { retryable: true }],
    [500, 'Oops', { message: 'HTTP 500: Internal Server Error', retryable: true }],
    [502, '', { retryable: true }],
    [404, `{"error":{"message":"${'x'.repeat(100_000)}`, { status: 404, retryable: false }],
    [403, '[]', { status: 403 }],
    [403, '{"error":{"details":{}}}', { status: 403 }],
  ])('fails with the status %i', async (status, body, expected) => {
    expect(await failed(status, body)).toMatchObject({ code: 'http', status, ...expected });
  });

  it('says the status of a failure whose body breaks off', async () => {
    const server = await loopback(({ response }) => {
      response.writeHead(503, { 'content-length': '1000' }).write('{"error":', () => response.destroy());
    });
    expect(await failureOf(streamGemini(PARAMS, { baseURL: server.url }))).toMatchObject({
      code: 'http',
      status: 503,
    });
  });

  it('shows no key in a failure', async () => {
    const error = await failed(400, { error: { code: 400, message: 'No such key: key-0123456789abcdef' } });
    expect(JSON.stringify([error, error.message, error.raw])).not.toContain('0123456789abcdef');
  });

  it('fails with a failure of the stream, and where the fetch gives no response', async () => {
    const server = await loopback(({ response }) =>
      response.end('data: {"error":{"code":503,"message":"Overloaded","status":"UNAVAILABLE"}}\n\n'),
    );
    const { values } = await outcomeOf(streamGemini(PARAMS, { baseURL: server.url }));
    expect(values).toEqual([
      { type: 'error', error: { type: 'UNAVAILABLE', message: 'Overloaded', status: 503 } },
    ]);
    const fetch = (() => Promise.resolve(undefined)) as unknown as Fetch;
    expect(await failureOf(streamGemini(PARAMS, { fetch }))).toMatchObject({ code: 'not-a-stream' });
  });
});
