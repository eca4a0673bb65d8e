import '@angular/compiler';
import { HttpResponse, provideHttpClient, withFetch, withInterceptors } from '@angular/common/http';
import { effect, inject, InjectionToken } from '@angular/core';
import { of, tap } from 'rxjs';
import { anthropic } from '../../src/anthropic.js';
import { injectAnswer, provideStreams, type Answer, type StreamsOptions } from '../../src/angular.js';
import { openaiChat } from '../../src/openai.js';
import { mockFetch, mockResponse, script } from '../../src/testing.js';
import { mockServer } from '../../src/testing/node.js';
import { ANSWER, closeLoopbacks, loopback } from '../sources/loopback.js';
import { inApp, provide } from './angularBed.js';

const HELLO = script().text('Hello world').deltas({ words: 1 });

/** Waits until an answer is over. */
function over(answer: Answer): Promise<void> {
  return new Promise((resolve) => {
    inApp(() => effect(() => !answer.isBusy() && resolve()));
  });
}

const SENT = new InjectionToken<string[]>('SENT', { factory: () => [] });

/** Notes each request, and each response that is whole. */
const noting = withInterceptors([
  (request, next) => {
    const notes = inject(SENT);
    notes.push(`${request.method} ${request.urlWithParams.replace(/^.*:\d+/, '')}`);
    return next(request.clone({ setHeaders: { 'x-interceptor': 'was here' } })).pipe(
      tap({
        next: (event) => event instanceof HttpResponse && notes.push(`${event.status}, whole`),
        complete: () => notes.push('complete'),
        finalize: () => notes.push('left'),
      }),
    );
  },
]);

describe.each([
  ['fetch', {}],
  ['HttpClient', { useHttpClient: true }],
])('a request by %s', (way, more: Partial<StreamsOptions>) => {
  const given = (options: Partial<StreamsOptions>): void =>
    provide(
      provideHttpClient(withFetch(), noting),
      provideStreams({ codec: anthropic, ...more, ...options }),
    );

  it('is a POST of JSON to the base URL, with the headers of all and its own, and ends well', async () => {
    const server = await mockServer([HELLO], { codec: anthropic });
    try {
      const TOKEN = new InjectionToken<string>('TOKEN', { factory: () => 'secret' });
      given({
        baseUrl: `${server.url}/base/`,
        headers: () => ({ authorization: `Bearer ${inject(TOKEN)}` }),
      });
      const answer = inApp(() =>
        injectAnswer(() => ({ url: '/chat', body: { prompt: 'Hello' }, headers: { 'x-own': 'yes' } })),
      );
      await over(answer);
      expect([answer.error(), answer.text()]).toEqual([undefined, 'Hello world']);
      const [request] = server.requests;
      expect([request?.method, request?.url, request?.body]).toEqual([
        'POST',
        '/base/chat',
        '{"prompt":"Hello"}',
      ]);
      expect(Object.fromEntries(request?.headers ?? [])).toMatchObject({
        authorization: 'Bearer secret',
        'content-type': 'application/json',
        'x-own': 'yes',
        ...(way === 'HttpClient' && { 'x-interceptor': 'was here' }),
      });
      if (way === 'HttpClient') {
        await new Promise((resolve) => setImmediate(resolve));
        expect(inApp(() => inject(SENT))).toEqual(['POST /base/chat', '200, whole', 'complete', 'left']);
      }
    } finally {
      await server.close();
    }
  });

  it('without a body is a GET, and a refusal is a failure', async () => {
    const server = await mockServer([new Response('no', { status: 404 })]);
    try {
      given({});
      const answer = inApp(() => injectAnswer(() => ({ url: `${server.url}/missing` })));
      await over(answer);
      expect(answer.error()).toMatchObject({ code: 'http', status: 404 });
      expect(server.requests[0]?.method).toBe('GET');
    } finally {
      await server.close();
    }
  });

  it('that nobody can reach is a failure of the network', async () => {
    const server = await mockServer([]);
    await server.close();
    given({});
    const answer = inApp(() => injectAnswer(() => ({ url: server.url, body: 1 })));
    await over(answer);
    expect([answer.state().status, answer.error()?.code]).toEqual(['failed', 'network']);
  });

  it('is aborted by Stop', async () => {
    const gone = new Promise<void>((resolve) => {
      void mockServer(
        (request) => {
          request.signal?.addEventListener('abort', () => resolve());
          return mockResponse(HELLO, { codec: anthropic, failure: { afterEvents: 4, kind: 'silence' } });
        },
        { codec: anthropic },
      ).then((server) => {
        given({ baseUrl: server.url });
        const answer = inApp(() => injectAnswer(() => ({ url: 'chat', body: 1 })));
        inApp(() => effect(() => answer.text() !== '' && answer.stop()));
        void gone.then(() => server.close());
      });
    });
    await gone;
  });
});

describe('a request', () => {
  it('is sent by the fetch that is given, and may have a codec of its own', async () => {
    const fetch = mockFetch([HELLO], { codec: openaiChat });
    provide(provideStreams({ codec: anthropic, fetch }));
    const answer = inApp(() => injectAnswer(() => ({ url: '/v1/chat', body: {}, codec: openaiChat })));
    await over(answer);
    expect([answer.text(), fetch.requests[0]?.url]).toEqual(['Hello world', '/v1/chat']);
  });

  it('outlives its connection with resume, and is sent once', async () => {
    const frames = ANSWER.map((event, nth) => `id: 1-${nth}\ndata: ${JSON.stringify(event)}\n\n`);
    const run = await loopback(({ request, response }) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      if (request.method === 'GET') response.end(frames.slice(3).join(''));
      else response.write(frames.slice(0, 3).join(''), () => response.destroy());
    });
    provide(provideStreams({ codec: anthropic, baseUrl: run.url, resume: { wake: of('now') } }));
    const answer = inApp(() => injectAnswer(() => ({ url: '/chat', body: {} })));
    await over(answer);
    await closeLoopbacks();
    expect([answer.state().status, answer.text()]).toEqual(['done', 'Hello']);
    expect(
      run.exchanges.map(({ request }) => `${request.method} ${String(request.headers['last-event-id'])}`),
    ).toEqual(['POST undefined', 'GET 1-2']);
  });
});
