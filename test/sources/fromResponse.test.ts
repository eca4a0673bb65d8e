import { take } from 'rxjs';
import { anthropic } from '../../src/codecs/anthropic/codec.js';
import * as events from '../../src/events/make.js';
import { fromResponse } from '../../src/sources/fromResponse.js';
import { streamEvents } from '../../src/sources/streamEvents.js';
import { ANSWER, answerWhole, beginStream, closeLoopbacks, loopback, wire } from './loopback.js';
import { failureOf, outcomeOf } from './outcome.js';

afterEach(closeLoopbacks);

type Head = Readonly<Record<string, string>>;

/** What a server's answer with this status, headers and body is read as. */
async function failure(status: number, headers: Head = {}, body = '') {
  const server = await loopback(({ response }) => response.writeHead(status, headers).end(body));
  return failureOf(streamEvents(server.url, { codec: anthropic }));
}

describe('a response', () => {
  it('gives its events', async () => {
    const server = await loopback(answerWhole);
    expect(await outcomeOf(fromResponse(await fetch(server.url), { codec: anthropic }))).toEqual({
      values: ANSWER,
    });
  });

  it('is not read before it is subscribed to', async () => {
    const server = await loopback(answerWhole);
    const response = await fetch(server.url);
    void fromResponse(response, { codec: anthropic });
    expect(response.bodyUsed).toBe(false);
  });

  it('is cancelled by unsubscribing', async () => {
    const server = await loopback((exchange) => beginStream(exchange, ...ANSWER));
    const { values } = await outcomeOf(
      fromResponse(await fetch(server.url), { codec: anthropic }).pipe(take(1)),
    );
    expect(values).toEqual(ANSWER.slice(0, 1));
    expect(await server.last.cutOff).toBe(true);
  });

  it('can be read once', async () => {
    const response = new Response(wire(events.ping()));
    const source = fromResponse(response, { codec: anthropic });
    await outcomeOf(source);
    expect(await failureOf(source)).toMatchObject({
      code: 'not-a-stream',
      message: 'The body of this response was read before',
    });
  });

  it('that somebody else is reading is an error', async () => {
    const response = new Response(wire(events.ping()));
    response.body?.getReader();
    expect(await failureOf(fromResponse(response, { codec: anthropic }))).toMatchObject({
      code: 'not-a-stream',
    });
  });

  it.each([
    'text/event-stream',
    'text/event-stream; charset=utf-8',
    'text/plain',
    'application/octet-stream',
    '',
  ])('of the type %p may be a stream', async (type) => {
    const response = new Response(wire(events.ping()), { headers: { 'content-type': type } });
    expect(await outcomeOf(fromResponse(response, { codec: anthropic }))).toEqual({
      values: [events.ping()],
    });
  });

  it.each([
    [undefined, 'undefined'],
    [null, 'null'],
    [{ status: 200 }, 'object'],
    ['data: {}', 'string'],
  ])('that is none is an error: %j', async (given, named) => {
    const message = `Expected a Response, as fetch gives it, not ${named}`;
    const fetch = () => Promise.resolve(given as unknown as Response);
    expect(await failureOf(streamEvents('http://127.0.0.1/', { codec: anthropic, fetch }))).toMatchObject({
      code: 'not-a-stream',
      retryable: false,
      message,
    });
  });

  it('of the type JSON may be lines of JSON', async () => {
    const codec = { ...anthropic, framing: 'ndjson' } as const;
    const response = new Response('{"type":"ping"}\n{"type":"message_stop"}', {
      headers: { 'content-type': 'application/json' },
    });
    expect(await outcomeOf(fromResponse(response, { codec }))).toEqual({
      values: [events.ping(), events.messageStop()],
    });
  });
});

describe('a status that is an error', () => {
  const json = { 'content-type': 'application/json', 'request-id': 'req_head' };
  const overloaded = JSON.stringify({
    type: 'error',
    error: { type: 'overloaded_error', message: 'Overloaded' },
    request_id: 'req_body',
  });

  it.each([
    [400, false],
    [401, false],
    [404, false],
    [408, true],
    [409, true],
    [413, false],
    [429, true],
    [500, true],
    [503, true],
    [529, true],
  ])('%i is http, retryable: %p', async (status, retryable) => {
    expect(await failure(status, json, overloaded)).toMatchObject({ code: 'http', status, retryable });
  });

  it.each([
    [{ 'retry-after': '7' }, true],
    [{ 'retry-after-ms': '700' }, true],
    [{ 'x-should-retry': 'true' }, true],
    [{ 'retry-after': '7', 'x-should-retry': 'false' }, false],
    [{}, true],
  ])('429 with %j is retryable: %p', async (headers, retryable) => {
    expect(await failure(429, { ...json, ...headers }, overloaded)).toMatchObject({ retryable });
  });

  it.each([
    [{}, false],
    [{ 'retry-after': '7' }, true],
    [{ 'x-should-retry': 'true' }, true],
  ])('429 for a limit of money with %j is retryable: %p', async (headers, retryable) => {
    const body = JSON.stringify({
      error: { type: 'rate_limit_error', message: 'You reached your spend limit' },
    });
    expect(await failure(429, { ...json, ...headers }, body)).toMatchObject({ retryable });
  });

  it('says what its JSON document says', async () => {
    expect(await failure(529, json, overloaded)).toMatchObject({
      message: 'HTTP 529: Overloaded',
      errorType: 'overloaded_error',
      requestId: 'req_head',
      raw: overloaded,
    });
  });

  it('takes the id of the request from the body where no header has it', async () => {
    expect(await failure(529, {}, overloaded)).toMatchObject({ requestId: 'req_body' });
  });

  it('says what the status is called where its page says nothing readable', async () => {
    const page = `<!doctype html>\n<title>502 Bad Gateway</title>${'<p>'.repeat(200)} the last words`;
    const error = await failure(502, { 'content-type': 'text/html' }, page);
    expect(error).toMatchObject({
      code: 'http',
      status: 502,
      message: 'HTTP 502: Bad Gateway',
      retryable: true,
    });
    expect(error.raw).toHaveLength(200);
    const [beginning = 'nothing', end = 'nothing'] = error.raw?.split('…') ?? [];
    expect([page.startsWith(beginning), end]).toEqual([true, ' the last words']);
  });

  it('is no redirect where it names no other address', async () => {
    const response = new Response(null, { status: 304, statusText: 'Not Modified' });
    expect(await failureOf(fromResponse(response, { codec: anthropic }))).toMatchObject({
      status: 304,
      message: 'HTTP 304: Not Modified',
    });
  });

  it('says how long to wait', async () => {
    expect(await failure(429, { 'retry-after': '7' })).toMatchObject({ retryAfterMs: 7000 });
    const date = await failure(429, { 'retry-after': new Date(Date.now() + 3_600_000).toUTCString() });
    expect(date.retryAfterMs).toBeGreaterThan(3_500_000);
    expect(date.retryAfterMs).toBeLessThanOrEqual(3_600_000);
  });

  it('without a body is http too', async () => {
    expect(await failure(503)).toMatchObject({ code: 'http', message: 'HTTP 503: Service Unavailable' });
  });

  it('is http although it is served as an event stream', async () => {
    const type = { 'content-type': 'text/event-stream' };
    expect(await failure(500, type, wire(events.ping()))).toMatchObject({ code: 'http' });
  });

  it('is http although the connection breaks in its document', async () => {
    const server = await loopback(({ request, response }) => {
      response.writeHead(401, json);
      response.write('{"error":{"message":"invalid', () => request.socket.destroySoon());
    });
    expect(await failureOf(streamEvents(server.url, { codec: anthropic }))).toMatchObject({
      code: 'http',
      status: 401,
      retryable: false,
      requestId: 'req_head',
    });
  });

  it('has a document that is read no further than 64 KiB', async () => {
    const server = await loopback(({ response }) => {
      response.writeHead(500);
      response.write('x'.repeat(70_000));
    });
    const error = await failureOf(streamEvents(server.url, { codec: anthropic }));
    expect(error).toMatchObject({ code: 'http', status: 500 });
    expect(await server.last.cutOff).toBe(true);
  });
});

describe('a status that is well, of what is no stream', () => {
  const stream = { 'content-type': 'text/event-stream' };

  it('is not-a-stream for a page', async () => {
    const page = '<html><body>Sign in</body></html>';
    const said = { code: 'not-a-stream', message: 'The server sent a page instead of a stream', raw: page };
    expect(await failure(200, { 'content-type': 'text/html' }, page)).toMatchObject(said);
    expect(await failure(200, stream, page)).toMatchObject(said);
    expect(await failure(200, stream, `\uFEFF\n  ${page}`)).toMatchObject({ code: 'not-a-stream' });
  });

  it('is api for a JSON error, with what it says', async () => {
    const body =
      '{"type":"error","error":{"type":"api_error","message":"Out of order"},"request_id":"req_1"}';
    for (const headers of [{ 'content-type': 'application/json' }, stream]) {
      expect(await failure(200, headers, body)).toMatchObject({
        code: 'api',
        message: 'api_error: Out of order',
        errorType: 'api_error',
        status: 500,
        requestId: 'req_1',
        raw: body,
        retryable: true,
      });
    }
  });

  it('is not-a-stream for a whole message, where the server did not stream', async () => {
    const { message } = events.messageStart();
    const error = await failure(200, stream, JSON.stringify(message, null, 2));
    expect(error).toMatchObject({ code: 'not-a-stream' });
  });

  it.each([
    [200, stream],
    [200, {}],
    [204, {}],
  ])('is not-a-stream for %i without a body, %j', async (status, headers) => {
    expect(await failure(status, headers)).toMatchObject({
      code: 'not-a-stream',
      message: 'The server sent no events',
    });
  });

  it('is not-a-stream for comments alone', async () => {
    expect(await failure(200, stream, ': hello\n\n')).toMatchObject({ code: 'not-a-stream' });
  });

  it('is told without waiting for the end of a page without end', async () => {
    const server = await loopback(({ response }) => {
      response.writeHead(200, { 'content-type': 'text/html' });
      response.write('<p>'.repeat(30_000));
    });
    expect(await failureOf(streamEvents(server.url, { codec: anthropic }))).toMatchObject({
      code: 'not-a-stream',
    });
    expect(await server.last.cutOff).toBe(true);
  });
});
