import { lastValueFrom, toArray, VirtualTimeScheduler } from 'rxjs';
import { anthropic, streamMessages } from '../../../src/anthropic.js';
import * as events from '../../../src/events/make.js';
import { fromResponse, StreamError, toText, type StreamEvent } from '../../../src/index.js';
import { mockFetch } from '../../../src/testing/network/mockFetch.js';
import { mockResponse } from '../../../src/testing/network/mockResponse.js';
import { script } from '../../../src/testing/script/script.js';
import { failureOf } from '../../sources/outcome.js';
import { settled } from './readChunks.js';

const PARAMS = { model: 'model-1', max_tokens: 9, messages: [{ role: 'user', content: 'Hi' }] };
const HELLO = script().text('Hello');

function textOf(response: Response): Promise<string> {
  return lastValueFrom(fromResponse(response, { codec: anthropic }).pipe(toText()));
}

describe('mockFetch', () => {
  it('answers a source, and keeps what it was asked', async () => {
    const fetch = mockFetch([HELLO], { codec: anthropic });
    const text = streamMessages(PARAMS, { fetch, apiKey: 'key-1', baseURL: 'http://api.test' }).pipe(
      toText(),
    );
    expect(await lastValueFrom(text)).toBe('Hello');
    expect(fetch.requests).toHaveLength(1);
    const [request] = fetch.requests;
    expect(request).toMatchObject({ method: 'POST', url: 'http://api.test/v1/messages' });
    expect(request?.headers.get('x-api-key')).toBe('key-1');
    expect(JSON.parse(request?.body ?? '')).toEqual({ ...PARAMS, stream: true });
  });

  it('answers from a queue, in order', async () => {
    const fetch = mockFetch([HELLO, script().text('again').events(), mockResponse('', { status: 503 })], {
      codec: anthropic,
    });
    expect(await textOf(await fetch('/a'))).toBe('Hello');
    expect(await textOf(await fetch('/b'))).toBe('again');
    expect((await fetch('/c')).status).toBe(503);
    expect(fetch.requests.map(({ url }) => url)).toEqual(['/a', '/b', '/c']);
  });

  it('answers by a function of the request and its number', async () => {
    const fetch = mockFetch(async ({ url }, nth) => script().text(`${url} ${nth}`), { codec: anthropic });
    expect(await textOf(await fetch('/a'))).toBe('/a 0');
    expect(await textOf(await fetch('/b'))).toBe('/b 1');
  });

  it('rejects with an error that stands in the place of an answer', async () => {
    const error = new TypeError('fetch failed');
    const fetch = mockFetch([error, HELLO], { codec: anthropic });
    await expect(fetch('/')).rejects.toBe(error);
    expect((await fetch('/')).status).toBe(200);
  });

  it('says which request has no answer, and that asking again is of no use', async () => {
    const fetch = mockFetch([HELLO], { codec: anthropic });
    await fetch('/first');
    await expect(fetch('/second', { method: 'PUT' })).rejects.toMatchObject({
      code: 'network',
      message: 'Request 2, PUT /second, has no answer: give one for each request',
      retryable: false,
    });
  });

  it('says which request is given a response that was read before, or is being read', async () => {
    const answer = mockResponse(HELLO, { codec: anthropic });
    const fetch = mockFetch(() => answer);
    const failed = {
      code: 'network',
      message: 'Request 2, GET /b, is given a response that was read before: make one for each request',
      retryable: false,
    };
    const first = await fetch('/a', { signal: new AbortController().signal });
    await expect(fetch('/b')).rejects.toMatchObject(failed);
    expect(await textOf(first)).toBe('Hello');
    await expect(fetch('/c')).rejects.toMatchObject({ retryable: false });
  });

  it('answers any number of requests with a response without a body', async () => {
    const answer = mockResponse('', { status: 204 });
    const fetch = mockFetch(() => answer);
    expect((await fetch('/a')).status).toBe(204);
    expect((await fetch('/b')).status).toBe(204);
  });

  it('keeps a request at once where its body is text', () => {
    const fetch = mockFetch([HELLO], { codec: anthropic });
    streamMessages(PARAMS, { fetch }).subscribe();
    expect(fetch.requests).toHaveLength(1);
  });

  it.each<[string, string | URL | Request, RequestInit | undefined, object]>([
    [
      'a URL',
      new URL('http://a.test/x?y=1'),
      undefined,
      { method: 'GET', url: 'http://a.test/x?y=1', body: '' },
    ],
    [
      'a Request',
      new Request('http://a.test/x', { method: 'POST', body: 'Hi' }),
      undefined,
      { method: 'POST', url: 'http://a.test/x', body: 'Hi' },
    ],
    ['bytes', '/x', { method: 'POST', body: new TextEncoder().encode('Hi') }, { body: 'Hi' }],
    ['a form', '/x', { method: 'POST', body: new URLSearchParams({ a: '1' }) }, { body: 'a=1' }],
  ])('keeps a request with %s', async (_, input, init, expected) => {
    const fetch = mockFetch([HELLO], { codec: anthropic });
    await fetch(input, init);
    expect(fetch.requests).toMatchObject([expected]);
  });

  it('turns away what fetch turns away', async () => {
    const fetch = mockFetch([HELLO], { codec: anthropic });
    await expect(fetch('/', { method: 'GET', body: 'Hi' })).rejects.toMatchObject({ name: 'TypeError' });
    expect(fetch.requests).toEqual([]);
  });

  it('lets time pass before the head', async () => {
    const clock = new VirtualTimeScheduler();
    let answered: number | undefined;
    const response = mockFetch([HELLO], { codec: anthropic, delay: 300, scheduler: clock })('/');
    void response.then(() => (answered = clock.now()));
    await settled();
    expect(answered).toBeUndefined();
    clock.flush();
    await response;
    expect(answered).toBe(300);
  });
});

describe('an AbortSignal given to mockFetch', () => {
  it('that has fired already is a rejection, and no request', async () => {
    const fetch = mockFetch([HELLO], { codec: anthropic });
    const reason = new Error('enough');
    await expect(fetch('/', { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(fetch.requests).toEqual([]);
  });

  it('rejects while the head is waited for', async () => {
    const clock = new VirtualTimeScheduler();
    const controller = new AbortController();
    const response = mockFetch([HELLO], { codec: anthropic, delay: 300, scheduler: clock })('/', {
      signal: controller.signal,
    });
    await settled();
    controller.abort();
    await expect(response).rejects.toMatchObject({ name: 'AbortError' });
    clock.flush();
    expect(clock.now()).toBe(0);
  });

  it('rejects while a function looks for an answer', async () => {
    const controller = new AbortController();
    const fetch = mockFetch(() => new Promise(() => undefined));
    const response = fetch(new Request('http://a.test', { signal: controller.signal }));
    await settled();
    controller.abort(new Error('enough'));
    await expect(response).rejects.toThrow('enough');
  });

  it('lets the body fail with its reason, and ends what plays it', async () => {
    const clock = new VirtualTimeScheduler();
    const controller = new AbortController();
    const answer = mockResponse(HELLO, { codec: anthropic, delays: 100, scheduler: clock });
    const { body } = await mockFetch([answer])('/', { signal: controller.signal });
    const reader = (body as ReadableStream<Uint8Array>).getReader();
    const first = reader.read();
    await settled();
    clock.maxFrames = 150;
    clock.flush();
    expect((await first).done).toBe(false);
    await settled();
    controller.abort(new Error('enough'));
    await expect(reader.read()).rejects.toThrow('enough');
    await settled();
    clock.maxFrames = Infinity;
    clock.flush();
    expect(clock.now()).toBe(100);
  });

  it('fires for a subscriber that leaves, and nothing is played on', async () => {
    const clock = new VirtualTimeScheduler();
    const fetch = mockFetch(() => mockResponse(HELLO, { codec: anthropic, delays: 100, scheduler: clock }));
    const seen: StreamEvent[] = [];
    const subscription = streamMessages(PARAMS, { fetch }).subscribe((event) => seen.push(event));
    await settled();
    clock.maxFrames = 100;
    clock.flush();
    await settled();
    subscription.unsubscribe();
    expect(fetch.requests[0]?.signal?.aborted).toBe(true);
    await settled();
    clock.maxFrames = Infinity;
    clock.flush();
    await settled();
    expect(seen.map(({ type }) => type)).toEqual(['message_start']);
    expect(clock.now()).toBe(100);
  });

  it('leaves a failing body its own failure, after all that came before', async () => {
    const error = new StreamError('network', 'Cut');
    const fetch = mockFetch([mockResponse(HELLO, { codec: anthropic, failure: { afterEvents: 3, error } })], {
      codec: anthropic,
    });
    const seen = streamMessages(PARAMS, { fetch }).pipe(toText());
    expect(await failureOf(seen)).toMatchObject({ code: 'network', message: 'Cut', partial: 'Hello' });
  });

  it('stays silent where all goes well', async () => {
    const fetch = mockFetch([[events.messageStart(), events.messageStop()]], { codec: anthropic });
    const { signal } = new AbortController();
    const response = await fetch('/', { signal });
    expect(await lastValueFrom(fromResponse(response, { codec: anthropic }).pipe(toArray()))).toHaveLength(2);
  });
});
