import { lastValueFrom, toArray } from 'rxjs';
import { anthropic, streamMessages } from '../../../src/anthropic.js';
import { retryBeforeOutput, toText, type StreamEvent } from '../../../src/index.js';
import { mockResponse } from '../../../src/testing/network/mockResponse.js';
import { mockServer, type MockServer } from '../../../src/testing/network/mockServer.js';
import type { Answers } from '../../../src/testing/network/answers.js';
import type { Recording } from '../../../src/testing/recordings/recording.js';
import { script } from '../../../src/testing/script/script.js';
import { Clock } from '../../faults/clock.js';
import { failureOf, outcomeOf } from '../../sources/outcome.js';

const PARAMS = { model: 'model-1', max_tokens: 9, messages: [{ role: 'user', content: 'Hi' }] };
const HELLO = script().text(['Hel', 'lo 京']);
const ANSWER = HELLO.events();

const open: MockServer[] = [];

async function serve(answers: Answers): Promise<MockServer> {
  const server = await mockServer(answers, { codec: anthropic });
  open.push(server);
  return server;
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
});

function ask({ url }: Pick<MockServer, 'url'>) {
  return streamMessages(PARAMS, { baseURL: url });
}

describe('mockServer', () => {
  it.each([
    ['a script', HELLO],
    ['events, torn', mockResponse(ANSWER, { codec: anthropic, chunking: { bytes: 3 } })],
    [
      'a recording',
      mockResponse(
        {
          entries: ANSWER.map((event, nth) => ({ at: nth, event })),
          end: { at: 9, end: 'complete' },
        } satisfies Recording,
        { codec: anthropic },
      ),
    ],
  ])('plays %s over HTTP', async (_, answer) => {
    expect(await lastValueFrom(ask(await serve([answer])).pipe(toArray()))).toEqual(ANSWER);
  });

  it('keeps what it was asked', async () => {
    const server = await serve([HELLO]);
    await lastValueFrom(streamMessages(PARAMS, { baseURL: server.url, apiKey: 'key-1' }).pipe(toText()));
    expect(server.requests).toMatchObject([{ method: 'POST', url: '/v1/messages' }]);
    expect(server.requests[0]?.headers.get('x-api-key')).toBe('key-1');
    expect(JSON.parse(server.requests[0]?.body ?? '')).toEqual({ ...PARAMS, stream: true });
    expect(server.requests[0]?.signal?.aborted).toBe(false);
  });

  it('sends the status and the headers', async () => {
    const server = await serve([mockResponse('{}', { status: 429, headers: { 'retry-after': '3' } })]);
    expect(await failureOf(ask(server))).toMatchObject({ code: 'http', status: 429, retryAfterMs: 3000 });
  });

  it('breaks the connection where the body fails, after all that came before', async () => {
    const server = await serve([mockResponse(ANSWER, { codec: anthropic, failure: { afterEvents: 3 } })]);
    const { values, error } = await outcomeOf(ask(server));
    expect(values).toEqual(ANSWER.slice(0, 3));
    expect(error).toMatchObject({ code: 'network' });
  });

  it('breaks the connection in the place of an answer that is an error', async () => {
    const server = await serve([new Error('no')]);
    expect(await failureOf(ask(server))).toMatchObject({
      code: 'network',
      message: 'The request got no answer',
    });
  });

  it.each<[string, Answers, string]>([
    ['there is no answer to', [], 'Request 1, POST /v1/messages, has no answer: give one for each request'],
    [
      'a function fails at',
      () => {
        throw new Error('Oops');
      },
      'Oops',
    ],
  ])('says what it was that %s', async (_, answers, message) => {
    const failure = await failureOf(ask(await serve(answers)));
    expect(failure).toMatchObject({ code: 'http', status: 501, message: `HTTP 501: ${message}` });
  });

  it('tells what tries again of the first request without an answer, and is asked no more', async () => {
    const server = await serve([mockResponse('', { status: 503 })]);
    const failure = await failureOf(ask(server).pipe(retryBeforeOutput({ count: 5, delay: 0 })));
    expect(failure.message).toMatch(/^HTTP 501: Request 2, /);
    expect(server.requests).toHaveLength(2);
  });

  it('says that a response was read before', async () => {
    const answer = mockResponse(HELLO, { codec: anthropic });
    const server = await serve([answer, answer]);
    await lastValueFrom(ask(server));
    expect(await failureOf(ask(server))).toMatchObject({
      status: 501,
      message: expect.stringContaining('is given a response that was read before') as string,
    });
  });

  it('sends a chunk when it is time', async () => {
    const clock = new Clock();
    const server = await serve([mockResponse(ANSWER, { codec: anthropic, delays: 1000, scheduler: clock })]);
    const seen: StreamEvent[] = [];
    const over = new Promise<void>((resolve, reject) => {
      let before = 0;
      ask(server).subscribe({
        next: (event) => {
          seen.push(event);
          expect(clock.now()).toBe((before += 1000));
          if (seen.length < ANSWER.length) void clock.pass(1000);
        },
        error: reject,
        complete: resolve,
      });
    });
    await clock.pass(1000);
    await over;
    expect(seen).toEqual(ANSWER);
  });

  it('stops for a client that has left', async () => {
    let cancel = (): void => undefined;
    const cancelled = new Promise<void>((resolve) => (cancel = resolve));
    const body = new ReadableStream({ pull: () => new Promise(() => undefined), cancel });
    let note = (): void => undefined;
    const asked = new Promise<void>((resolve) => (note = resolve));
    const server = await serve(() => {
      note();
      return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
    });
    const subscription = ask(server).subscribe();
    await asked;
    subscription.unsubscribe();
    await cancelled;
    expect(server.requests[0]?.signal?.aborted).toBe(true);
  });

  it('can be closed while it answers, and twice', async () => {
    const server = await serve([
      mockResponse(ANSWER, { codec: anthropic, failure: { afterEvents: 1, kind: 'silence' } }),
    ]);
    const error = await new Promise((resolve) => {
      ask(server).subscribe({
        next: () => void Promise.all([server.close(), server.close()]),
        error: resolve,
      });
    });
    await server.close();
    expect(error).toMatchObject({ code: 'network' });
  });
});
