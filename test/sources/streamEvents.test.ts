import { getEventListeners } from 'node:events';
import { firstValueFrom, map, Observable, retry, take, tap } from 'rxjs';
import { anthropic } from '../../src/codecs/anthropic/codec.js';
import { StreamError } from '../../src/errors/streamError.js';
import * as events from '../../src/events/make.js';
import type { StreamEvent } from '../../src/events/event.js';
import { untilTerminal } from '../../src/operators/untilTerminal.js';
import type { Fetch } from '../../src/sources/answer.js';
import { streamEvents, type StreamEventsOptions } from '../../src/sources/streamEvents.js';
import { ANSWER, answerWhole, beginStream, closeLoopbacks, deadUrl, loopback, wire } from './loopback.js';
import { failureOf, outcomeOf } from './outcome.js';

afterEach(closeLoopbacks);

function stream(url: string | URL | Request, options: Partial<StreamEventsOptions> = {}) {
  return streamEvents(url, { codec: anthropic, ...options });
}

describe('a subscription', () => {
  it('is what sends the request, each its own', async () => {
    const server = await loopback(answerWhole);
    const source = stream(server.url);
    expect(server.exchanges).toHaveLength(0);

    expect(await outcomeOf(source)).toEqual({ values: ANSWER });
    expect(server.exchanges).toHaveLength(1);

    expect(await outcomeOf(source)).toEqual({ values: ANSWER });
    expect(server.exchanges).toHaveLength(2);
  });

  it('delivers an event when it comes, not when the answer is whole', async () => {
    const server = await loopback((exchange) => beginStream(exchange, events.ping()));
    expect(await firstValueFrom(stream(server.url))).toEqual(events.ping());
  });

  it('sends again for a retry', async () => {
    const server = await loopback((exchange) => {
      if (server.exchanges.length === 1) exchange.response.writeHead(529).end();
      else answerWhole(exchange);
    });
    expect(await outcomeOf(stream(server.url).pipe(retry(1)))).toEqual({ values: ANSWER });
    expect(server.exchanges).toHaveLength(2);
  });

  it('leaves no connection in use when the answer is whole', async () => {
    const server = await loopback((exchange) => {
      exchange.response.setHeader('connection', 'close');
      answerWhole(exchange);
    });
    await outcomeOf(stream(server.url));
    expect(await server.last.cutOff).toBe(false);
  });
});

describe('the request', () => {
  it('has the method, body and headers that were given, and asks for an event stream', async () => {
    const server = await loopback(answerWhole);
    await outcomeOf(
      stream(`${server.url}/chat?model=claude`, {
        method: 'POST',
        body: '{"n":1}',
        headers: { 'x-one': '1' },
      }),
    );
    const { request, body } = server.last;
    expect(request.method).toBe('POST');
    expect(request.url).toBe('/chat?model=claude');
    expect(body).toBe('{"n":1}');
    expect(request.headers).toMatchObject({ 'x-one': '1', accept: 'text/event-stream' });
  });

  it('asks for lines of JSON where the codec reads those', async () => {
    const server = await loopback(answerWhole);
    await outcomeOf(stream(server.url, { codec: { ...anthropic, framing: 'ndjson' } }));
    expect(server.last.request.headers.accept).toBe('application/x-ndjson');
  });

  it('keeps an accept header of the caller', async () => {
    const server = await loopback(answerWhole);
    await outcomeOf(stream(server.url, { headers: [['Accept', 'application/json']] }));
    expect(server.last.request.headers.accept).toBe('application/json');
  });

  it('leaves the headers it was given as they were', async () => {
    const server = await loopback(answerWhole);
    const headers = new Headers();
    await outcomeOf(stream(server.url, { headers }));
    expect([...headers]).toEqual([]);
  });

  it('may be a URL', async () => {
    const server = await loopback(answerWhole);
    expect(await outcomeOf(stream(new URL(server.url)))).toEqual({ values: ANSWER });
  });

  it('may be a Request, which is sent whole each time', async () => {
    const server = await loopback(answerWhole);
    const request = new Request(server.url, { method: 'POST', body: 'Hello', headers: { 'x-one': '1' } });
    const source = stream(request);
    await outcomeOf(source);
    await outcomeOf(source);
    expect(server.exchanges.map(({ body }) => body)).toEqual(['Hello', 'Hello']);
    for (const { request } of server.exchanges) {
      expect(request.method).toBe('POST');
      expect(request.headers).toMatchObject({ 'x-one': '1', accept: 'text/event-stream' });
    }
    expect(request.bodyUsed).toBe(false);
  });

  it('is ended by the signal of a Request', async () => {
    const server = await loopback(() => undefined);
    const controller = new AbortController();
    const failure = failureOf(stream(new Request(server.url, { signal: controller.signal })));
    const { cutOff } = await server.asked();
    controller.abort();
    expect((await failure).code).toBe('aborted');
    expect(await cutOff).toBe(true);
  });

  it('is not made with a header that cannot be sent, and does not show it', async () => {
    const source = stream('http://127.0.0.1/', { headers: { 'x-api-key': 'sk-secret\nsecond line' } });
    const failure = await failureOf(source);
    expect(failure).toMatchObject({ code: 'source', retryable: false });
    expect(failure.cause).toBeUndefined();
    expect(failure.message).not.toContain('sk-secret');
  });
});

describe('unsubscribing', () => {
  it('closes the connection after take(2)', async () => {
    const server = await loopback((exchange) => beginStream(exchange, ...ANSWER));
    const { values } = await outcomeOf(stream(server.url).pipe(take(2)));
    expect(values).toEqual(ANSWER.slice(0, 2));
    expect(await server.last.cutOff).toBe(true);
    expect(server.last.request.socket.destroyed).toBe(true);
  });

  it('closes the connection before there are headers', async () => {
    const server = await loopback(() => undefined);
    const subscription = stream(server.url).subscribe();
    const { cutOff } = await server.asked();
    subscription.unsubscribe();
    expect(await cutOff).toBe(true);
    expect(server.last.request.socket.destroyed).toBe(true);
  });

  it('closes the connection between the headers and the first event', async () => {
    const server = await loopback((exchange) => beginStream(exchange));
    await new Promise<void>((resolve) => {
      const answered: Fetch = async (...request) => {
        const response = await fetch(...request);
        setImmediate(() => {
          subscription.unsubscribe();
          resolve();
        });
        return response;
      };
      const subscription = stream(server.url, { fetch: answered }).subscribe();
    });
    expect(await server.last.cutOff).toBe(true);
    expect(server.last.request.socket.destroyed).toBe(true);
  });

  it('closes the connection in the middle of the body', async () => {
    const server = await loopback((exchange) => beginStream(exchange, events.messageStart()));
    await new Promise<void>((resolve) => {
      const subscription = stream(server.url).subscribe(() => {
        queueMicrotask(() => {
          subscription.unsubscribe();
          resolve();
        });
      });
    });
    expect(await server.last.cutOff).toBe(true);
    expect(server.last.request.socket.destroyed).toBe(true);
  });

  it('closes the connection right after message_stop, though the server never ends its answer', async () => {
    const server = await loopback((exchange) => beginStream(exchange, ...ANSWER));
    expect(await outcomeOf(stream(server.url).pipe(untilTerminal()))).toEqual({ values: ANSWER });
    expect(await server.last.cutOff).toBe(true);
    expect(server.last.request.socket.destroyed).toBe(true);
  });

  it('closes the connection when an operator below fails', async () => {
    const server = await loopback((exchange) => beginStream(exchange, ...ANSWER));
    const failing = map((): never => {
      throw new Error('below');
    });
    expect(await outcomeOf(stream(server.url).pipe(failing))).toMatchObject({ error: { message: 'below' } });
    expect(await server.last.cutOff).toBe(true);
  });

  it('closes the connection when an event is malformed', async () => {
    const server = await loopback((exchange) => {
      beginStream(exchange, events.messageStart());
      exchange.response.write('data: {"type":"ping"\n\n');
    });
    expect(await failureOf(stream(server.url))).toMatchObject({ code: 'malformed', raw: '{"type":"ping"' });
    expect(await server.last.cutOff).toBe(true);
  });

  it('cancels the body of a fetch that answers although it was aborted', async () => {
    let cancelled = false;
    let answer: (response: Response) => void = () => undefined;
    const response = new Promise<Response>((resolve) => (answer = resolve));
    const subscription = stream('http://127.0.0.1/', { fetch: () => response }).subscribe();
    subscription.unsubscribe();
    await new Promise<void>((resolve) => {
      const cancel = () => {
        cancelled = true;
        resolve();
      };
      answer(new Response(new ReadableStream({ cancel })));
    });
    expect(cancelled).toBe(true);
  });

  it('delivers nothing more, not even of the chunk that is being read', async () => {
    const server = await loopback(answerWhole);
    const seen: StreamEvent[] = [];
    await outcomeOf(
      stream(server.url).pipe(
        tap((event) => seen.push(event)),
        take(1),
      ),
    );
    expect(seen).toHaveLength(1);
  });
});

describe('a connection that fails', () => {
  it('is network where nobody listens, with the cause', async () => {
    const failure = await failureOf(stream(await deadUrl()));
    expect(failure).toMatchObject({ code: 'network', retryable: true });
    expect(failure.cause).toMatchObject({ message: 'fetch failed', cause: { code: 'ECONNREFUSED' } });
  });

  it('is network when it is reset before the headers', async () => {
    const server = await loopback(({ request }) => request.socket.resetAndDestroy());
    const failure = await failureOf(stream(server.url));
    expect(failure).toMatchObject({ code: 'network', cause: { cause: { code: 'ECONNRESET' } } });
  });

  it.each(['resetAndDestroy', 'destroy'] as const)(
    'is network after the events before it, by %s inside an event',
    async (end) => {
      const server = await loopback((exchange) => {
        beginStream(exchange, ...ANSWER.slice(0, 3));
        exchange.response.write('data: {"type":"content_block_delta","ind', () => {
          release = () => exchange.request.socket[end]();
        });
      });
      let release: () => void = () => undefined;
      const source = stream(server.url).pipe(tap(({ type }) => type === 'content_block_delta' && release()));
      const { values, error } = await outcomeOf(source);
      expect(values).toEqual(ANSWER.slice(0, 3));
      expect(error).toMatchObject({ name: 'StreamError', code: 'network', retryable: true });
      expect(error).toHaveProperty('cause.message', 'terminated');
    },
  );

  it('is no failure of it where the address cannot be one', async () => {
    expect(await failureOf(stream('http://'))).toMatchObject({ code: 'source', retryable: false });
  });
});

describe('an answer that ends', () => {
  const endingIn = (tail: string) =>
    loopback((exchange) => {
      beginStream(exchange, ...ANSWER.slice(0, 2));
      exchange.response.end(tail);
    });

  it('inside an event is truncated, after the events before it', async () => {
    const server = await endingIn('event: ping\ndata: {"type":"pi');
    const { values, error } = await outcomeOf(stream(server.url));
    expect(values).toEqual(ANSWER.slice(0, 2));
    expect(error).toMatchObject({ code: 'truncated', retryable: true, raw: '{"type":"pi' });
  });

  it('with a whole event that no blank line ends has that event', async () => {
    const server = await endingIn('event: ping\ndata: {"type":"ping"}');
    expect(await outcomeOf(stream(server.url))).toEqual({ values: [...ANSWER.slice(0, 2), events.ping()] });
  });

  it('between two events completes, and is truncated for untilTerminal', async () => {
    const server = await endingIn('');
    expect(await outcomeOf(stream(server.url))).toEqual({ values: ANSWER.slice(0, 2) });
    expect(await failureOf(stream(server.url).pipe(untilTerminal()))).toMatchObject({ code: 'truncated' });
  });
});

describe('the signal of the caller', () => {
  const reason = new Error('the user pressed stop');

  it('that is aborted already sends nothing', async () => {
    const server = await loopback(answerWhole);
    const failure = await failureOf(stream(server.url, { signal: AbortSignal.abort(reason) }));
    expect(failure).toMatchObject({ code: 'aborted', retryable: false });
    expect(failure.cause).toBe(reason);
    expect(server.exchanges).toHaveLength(0);
  });

  it('ends the request before the headers', async () => {
    const server = await loopback(() => undefined);
    const controller = new AbortController();
    const failure = failureOf(stream(server.url, { signal: controller.signal }));
    const { cutOff } = await server.asked();
    controller.abort(reason);
    expect(await failure).toMatchObject({ code: 'aborted' });
    expect((await failure).cause).toBe(reason);
    expect(await cutOff).toBe(true);
  });

  it('ends the request in the middle of the body, after the events before it', async () => {
    const server = await loopback((exchange) => beginStream(exchange, ...ANSWER.slice(0, 1)));
    const controller = new AbortController();
    const source = stream(server.url, { signal: controller.signal });
    const { values, error } = await outcomeOf(
      source.pipe(tap(() => queueMicrotask(() => controller.abort(reason)))),
    );
    expect(values).toEqual(ANSWER.slice(0, 1));
    expect(error).toMatchObject({ code: 'aborted' });
    expect(await server.last.cutOff).toBe(true);
    expect(server.last.request.socket.destroyed).toBe(true);
  });

  it('ends the reading of an error document', async () => {
    const server = await loopback(({ response }) => response.writeHead(500).write('Internal'));
    const controller = new AbortController();
    const answered: Fetch = async (...request) =>
      fetch(...request).finally(() => setImmediate(() => controller.abort()));
    const failure = failureOf(stream(server.url, { signal: controller.signal, fetch: answered }));
    expect(await failure).toMatchObject({ code: 'aborted' });
    expect(await server.last.cutOff).toBe(true);
  });

  it('loses its listener when the stream completes, fails or is unsubscribed', async () => {
    const server = await loopback((exchange) => {
      if (exchange.request.url === '/whole') answerWhole(exchange);
      else if (exchange.request.url === '/fails') exchange.response.writeHead(500).end();
    });
    const { signal } = new AbortController();
    const listeners = () => getEventListeners(signal, 'abort').length;

    await outcomeOf(stream(`${server.url}/whole`, { signal }));
    expect(listeners()).toBe(0);
    await outcomeOf(stream(`${server.url}/fails`, { signal }));
    expect(listeners()).toBe(0);
    const subscription = stream(`${server.url}/hangs`, { signal }).subscribe();
    await server.asked(3);
    expect(listeners()).toBe(1);
    subscription.unsubscribe();
    expect(listeners()).toBe(0);
  });

  it('has one listener for a hundred streams, and none after the last of them', () => {
    const { signal } = new AbortController();
    const fetch = () => new Promise<never>(() => undefined);
    const streams = Array.from({ length: 100 }, () =>
      stream('http://127.0.0.1/', { signal, fetch }).subscribe(),
    );
    expect(getEventListeners(signal, 'abort')).toHaveLength(1);

    for (const one of streams.slice(1)) one.unsubscribe();
    expect(getEventListeners(signal, 'abort')).toHaveLength(1);
    streams[0]?.unsubscribe();
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });

  it('changes nothing after the end', async () => {
    const server = await loopback(answerWhole);
    const controller = new AbortController();
    const outcome = await outcomeOf(stream(server.url, { signal: controller.signal }));
    controller.abort();
    expect(outcome).toEqual({ values: ANSWER });
  });
});

describe('a redirect', () => {
  const redirecting = async () => {
    const target = await loopback(answerWhole);
    const server = await loopback(({ response }) =>
      response.writeHead(307, { location: `${target.url}/elsewhere` }).end(),
    );
    return { server, target };
  };
  const key = { 'x-api-key': 'sk-very-secret' };
  const notFollowed = {
    code: 'http',
    status: 307,
    message: "HTTP 307: A redirect is followed only with the option redirect: 'follow'",
    retryable: false,
  };

  it('is an error, and the other server is not asked', async () => {
    const { server, target } = await redirecting();
    expect(await failureOf(stream(server.url, { headers: key }))).toMatchObject(notFollowed);
    expect(target.exchanges).toHaveLength(0);
  });

  it('is an error for a Request too, whose redirect is follow where nobody chose', async () => {
    const { server, target } = await redirecting();
    const request = new Request(server.url, { headers: key });
    expect(await failureOf(stream(request))).toMatchObject(notFollowed);
    expect(target.exchanges).toHaveLength(0);
  });

  it('is recognised where a browser hides its status', async () => {
    const hidden = Object.defineProperties(new Response(null), {
      type: { value: 'opaqueredirect' },
      status: { value: 0 },
      ok: { value: false },
    });
    const failure = await failureOf(stream('https://example.test', { fetch: () => Promise.resolve(hidden) }));
    expect(failure).toMatchObject({
      code: 'http',
      message: "HTTP: A redirect is followed only with the option redirect: 'follow'",
      retryable: false,
      status: 0,
    });
  });

  it('is followed when the caller says so', async () => {
    const { server, target } = await redirecting();
    expect(await outcomeOf(stream(server.url, { redirect: 'follow' }))).toEqual({ values: ANSWER });
    expect(target.last.request.url).toBe('/elsewhere');
  });
});

describe('a fetch of the caller', () => {
  it('gets the address, the init and a signal of the subscription', async () => {
    const asked: Parameters<Fetch>[] = [];
    const mock: Fetch = (...request) => {
      asked.push(request);
      return Promise.resolve(new Response(wire(...ANSWER)));
    };
    const source = stream('https://example.test/chat', { fetch: mock, method: 'POST', cache: 'no-store' });
    expect(await outcomeOf(source)).toEqual({ values: ANSWER });
    const [[input, init] = []] = asked;
    expect(input).toBe('https://example.test/chat');
    expect(init).toMatchObject({ method: 'POST', cache: 'no-store', redirect: 'manual' });
    expect(init).not.toHaveProperty('codec');
    expect(init?.signal?.aborted).toBe(false);
  });

  it.each([
    [
      'throws',
      () => {
        throw new Error('offline');
      },
    ],
    ['rejects', () => Promise.reject(new Error('offline'))],
  ] satisfies [string, Fetch][])(
    'that %s is the source of the failure, with the cause',
    async (_how, mock) => {
      const failure = await failureOf(stream('https://example.test', { fetch: mock }));
      expect(failure).toMatchObject({ code: 'source', retryable: false, cause: { message: 'offline' } });
    },
  );

  it('may say itself what went wrong', async () => {
    const slow: Fetch = () =>
      Promise.reject(new StreamError('timeout', 'Too late', { kind: 'total', timeoutMs: 5_000 }));
    expect(await failureOf(stream('https://example.test', { fetch: slow }))).toMatchObject({
      code: 'timeout',
    });
  });

  it('is looked up when the stream is subscribed to', async () => {
    const given = globalThis.fetch;
    const source = stream('https://example.test');
    try {
      globalThis.fetch = () => Promise.resolve(new Response(wire(...ANSWER)));
      expect(await outcomeOf(source)).toEqual({ values: ANSWER });
    } finally {
      globalThis.fetch = given;
    }
  });
});

describe('the policies', () => {
  it('reach the codec and the framing', async () => {
    const server = await loopback(({ response }) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.end(`data: {"type":"new"}\n\ndata: null\n\n${wire(events.ping())}`);
    });
    const lenient = stream(server.url, { unknown: 'skip', malformed: 'skip' });
    expect(await outcomeOf(lenient)).toEqual({ values: [events.ping()] });
    expect(await failureOf(stream(server.url, { unknown: 'error' }))).toMatchObject({ code: 'malformed' });
    expect(await failureOf(stream(server.url, { limits: { frame: 10 } }))).toMatchObject({ code: 'limit' });
  });

  it('give an Observable that composes', () => {
    expect(stream('https://example.test')).toBeInstanceOf(Observable);
  });
});
