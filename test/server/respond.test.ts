import { getEventListeners } from 'node:events';
import { vi } from 'vitest';
import { concat, EMPTY, finalize, lastValueFrom, NEVER, of, Subject, tap, throwError, toArray } from 'rxjs';
import { AI_SDK_UI_HEADERS } from '../../src/ai-sdk-ui.js';
import { anthropic } from '../../src/anthropic.js';
import { bedrockConverse, eventStreamBytes } from '../../src/bedrock.js';
import { events, fromResponse, StreamError, type Codec, type StreamEvent } from '../../src/index.js';
import { llmWorker } from '../../src/llm-worker.js';
import { openaiChat } from '../../src/openai.js';
import { respond, type RespondOptions } from '../../src/server.js';
import { ANSWER, wire } from '../sources/loopback.js';
import { Reader, Timers } from './clients.js';

const SECRET = 'org-17 has used up its account sk-live-0123456789';
const BROKEN_OFF = 'The answer broke off';
const CUT = ANSWER.slice(0, 4);

function eventsIn(response: Response, codec: Codec = anthropic): Promise<StreamEvent[]> {
  return lastValueFrom(fromResponse(response, { codec }).pipe(toArray()));
}

/** Lets what is under way in promises happen. */
function turn(): Promise<unknown> {
  return new Promise((resolve) => setImmediate(resolve));
}

describe('respond', () => {
  it('sends an answer as its codec writes it, with headers that proxies need', async () => {
    const response = await respond(of(...ANSWER), { codec: anthropic });
    expect(response.status).toBe(200);
    expect([...response.headers]).toEqual([
      ['cache-control', 'no-cache, no-transform'],
      ['content-type', 'text/event-stream; charset=utf-8'],
      ['x-accel-buffering', 'no'],
    ]);
    expect(await response.text()).toBe(wire(...ANSWER));
  });

  it('sends headers of the app besides, but for its own, and none with a failure', async () => {
    const headers = { ...AI_SDK_UI_HEADERS, 'Cache-Control': 'public', 'x-run': 'r1' };
    const answered = await respond(of(...ANSWER), { codec: anthropic, headers });
    expect(Object.fromEntries(answered.headers)).toEqual({
      'cache-control': 'no-cache, no-transform',
      'content-type': 'text/event-stream; charset=utf-8',
      'x-accel-buffering': 'no',
      'x-run': 'r1',
      'x-vercel-ai-ui-message-stream': 'v1',
    });
    const failed = await respond(
      throwError(() => new Error('No')),
      { codec: anthropic, headers },
    );
    expect(failed.headers.get('x-run')).toBeNull();
    await expect(respond(of(...ANSWER), { codec: anthropic, headers: { 'a b': '' } })).rejects.toThrow(
      TypeError,
    );
  });

  it.each([
    [llmWorker, {}, 'application/x-ndjson; charset=utf-8'],
    [openaiChat, {}, 'text/event-stream; charset=utf-8'],
    [bedrockConverse, { write: eventStreamBytes }, 'application/vnd.amazon.eventstream'],
  ] as const)('names the type of the frames of $name', async (codec, options, type) => {
    const response = await respond(of(...ANSWER), { codec, ...options });
    expect(response.headers.get('content-type')).toBe(type);
    const given = await eventsIn(response, codec);
    expect(given.filter(({ type }) => type === 'content_block_delta').length).toBeGreaterThan(0);
    expect(given.at(-1)?.type).toBe('message_stop');
  });

  it('refuses a codec of binary frames without a writer', async () => {
    const answer = respond(of(...ANSWER), { codec: bedrockConverse });
    await expect(answer).rejects.toThrow(/The frames of bedrock-converse are no text/);
  });

  it('answers nothing before the first event', async () => {
    const source = new Subject<StreamEvent>();
    let isAnswered = false;
    const answer = respond(source, { codec: anthropic });
    void answer.then(() => (isAnswered = true));
    await turn();
    expect(isAnswered).toBe(false);
    source.next(events.ping());
    expect((await answer).status).toBe(200);
    source.complete();
  });

  it('sends what comes at once as one chunk, and what comes later as another', async () => {
    const source = new Subject<StreamEvent>();
    const answer = respond(source, { codec: anthropic });
    for (const event of ANSWER.slice(0, 4)) source.next(event);
    const reader = (await answer).body?.getReader();
    const chunk = async (): Promise<string> => new TextDecoder().decode((await reader?.read())?.value);
    expect(await chunk()).toBe(wire(...ANSWER.slice(0, 4)));
    const next = chunk();
    for (const event of ANSWER.slice(4, 6)) source.next(event);
    expect(await next).toBe(wire(...ANSWER.slice(4, 6)));
    source.next(ANSWER[6] as StreamEvent);
    source.complete();
    expect(await chunk()).toBe(wire(...ANSWER.slice(6)));
    expect(await reader?.read()).toMatchObject({ done: true });
  });

  it('keeps the order of texts and bytes', async () => {
    let count = 0;
    const bytes = new TextEncoder();
    const write = ({ data }: { readonly data: string }): string | Uint8Array =>
      count++ % 2 === 0 ? `${data}\n` : bytes.encode(`${data}\n`);
    const response = await respond(of(...ANSWER), { codec: anthropic, write });
    expect(await response.text()).toBe(ANSWER.map((event) => `${JSON.stringify(event)}\n`).join(''));
  });

  it('passes several messages of one turn', async () => {
    const result = events.toolResult('toolu_1', 'Sunny');
    const turn = [...ANSWER, result, ...ANSWER];
    expect(await eventsIn(await respond(of(...turn), { codec: anthropic }))).toHaveLength(turn.length);
  });
});

describe('a failure before the first event', () => {
  const http = (status: number, retryAfterMs?: number): StreamError =>
    new StreamError('http', SECRET, { status, retryAfterMs, retryable: true, raw: SECRET, cause: SECRET });

  it.each<[string, unknown, number, string | null, string]>([
    ['a 401', http(401), 401, null, 'authentication_error'],
    ['a 429 with a wait', http(429, 7000), 429, '7', 'rate_limit_error'],
    ['a wait of part of a second', http(503, 1), 503, '1', 'api_error'],
    ['a wait that has no end', http(429, Infinity), 429, null, 'rate_limit_error'],
    ['a wait that is no number', http(429, NaN), 429, null, 'rate_limit_error'],
    ['a wait of ages', http(429, 1e30), 429, null, 'rate_limit_error'],
    ['a wait that is over', http(429, -5), 429, '0', 'rate_limit_error'],
    ['an overloaded provider', http(529), 529, null, 'overloaded_error'],
    ['a redirect', http(302), 502, null, 'api_error'],
    ['a status that a browser hides', http(0), 502, null, 'api_error'],
    ['a lost connection', new StreamError('network', SECRET), 502, null, 'api_error'],
    [
      'a timeout',
      new StreamError('timeout', SECRET, { kind: 'idle', timeoutMs: 1 }),
      504,
      null,
      'timeout_error',
    ],
    ['a page', new StreamError('not-a-stream', SECRET), 502, null, 'api_error'],
    ['an error of the program', new TypeError(SECRET), 500, null, 'api_error'],
    ['what is no error', SECRET, 500, null, 'api_error'],
  ])('is a status: %s', async (_, error, status, wait, type) => {
    const response = await respond(
      throwError(() => error),
      { codec: anthropic },
    );
    expect(response.status).toBe(status);
    expect(response.headers.get('retry-after')).toBe(wait);
    const text = await response.text();
    expect(JSON.parse(text)).toMatchObject({ type: 'error', error: { type } });
    expect(text).not.toMatch(/org-17|sk-live/);
  });

  it('is a status where the provider said so with an event', async () => {
    const response = await respond(of(events.error('overloaded_error', SECRET)), { codec: anthropic });
    expect(response.status).toBe(529);
    expect(await response.text()).not.toContain('org-17');
  });

  it('is a status where nothing came at all', async () => {
    expect((await respond(EMPTY, { codec: anthropic })).status).toBe(502);
  });

  it('is one of a source that cannot be made', async () => {
    const response = await respond(
      () => {
        throw new Error(SECRET);
      },
      { codec: anthropic },
    );
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain('org-17');
  });

  it('has the status that the caller chooses', async () => {
    const status = ({ status }: StreamError): number | undefined => (status === 401 ? 503 : undefined);
    const of401 = await respond(
      throwError(() => http(401)),
      { codec: anthropic, status },
    );
    const of429 = await respond(
      throwError(() => http(429)),
      { codec: anthropic, status },
    );
    expect([of401.status, of429.status]).toEqual([503, 429]);
  });

  it('has the type of that status where it comes later', async () => {
    const source = concat(
      of(...CUT),
      throwError(() => http(401)),
    );
    const given = await eventsIn(await respond(source, { codec: anthropic, status: () => 502 }));
    expect(given.at(-1)).toMatchObject({ type: 'error', error: { type: 'api_error' } });
  });

  it.each([7, 200, 204, 302, 600, NaN])('with a status of %d rejects the promise', async (given) => {
    const answer = respond(EMPTY, { codec: anthropic, status: () => given });
    await expect(answer).rejects.toThrow(
      new RangeError(`A status of ${given} is not one of failure; give one from 400 to 599`),
    );
  });

  it('is read by our own client as it happened', async () => {
    const response = await respond(
      throwError(() => http(429, 7000)),
      { codec: anthropic },
    );
    await expect(eventsIn(response)).rejects.toMatchObject({
      code: 'http',
      status: 429,
      retryAfterMs: 7000,
      retryable: true,
    });
  });
});

describe('a failure in the middle', () => {
  it.each<[string, unknown, object]>([
    ['an error', new StreamError('network', SECRET), { type: 'api_error' }],
    ['a foreign error', new Error(SECRET), { type: 'api_error' }],
    [
      'an overloaded provider',
      new StreamError('api', SECRET, { status: 529, retryable: true }),
      { type: 'overloaded_error' },
    ],
  ])('is the error event of the protocol, behind the aborts: %s', async (_, failure, error) => {
    const source = concat(
      of(...CUT),
      throwError(() => failure),
    );
    const given = await eventsIn(await respond(source, { codec: anthropic }));
    expect(given.slice(0, -1)).toEqual([...CUT, events.blockAbort(0, BROKEN_OFF)]);
    expect(given.at(-1)).toMatchObject({ type: 'error', error });
    expect(JSON.stringify(given)).not.toContain('org-17');
  });

  it('says nothing in the words of the provider where that sent an event', async () => {
    const source = of(...CUT, events.error('rate_limit_error', SECRET, SECRET));
    const text = await (await respond(source, { codec: anthropic })).text();
    expect(text).toContain('"rate_limit_error"');
    expect(text).not.toContain('org-17');
  });

  it('is one where the answer is not whole', async () => {
    const given = await eventsIn(await respond(of(...CUT), { codec: anthropic }));
    expect(given.at(-1)).toMatchObject({ type: 'error', error: { message: 'The answer was cut off.' } });
  });

  it('is one where nothing but pings came', async () => {
    const given = await eventsIn(await respond(of(events.ping()), { codec: anthropic }));
    expect(given.map(({ type }) => type)).toEqual(['ping', 'error']);
  });

  it('keeps to itself why a block or an attempt was given up', async () => {
    const source = of(...CUT, events.blockAbort(0, SECRET), events.reset(1, SECRET), ...ANSWER);
    const text = await (await respond(source, { codec: anthropic })).text();
    expect(text).toContain(BROKEN_OFF);
    expect(text).not.toContain('org-17');
  });

  it('that cannot be written breaks the body off', async () => {
    const codec: Codec = {
      ...anthropic,
      encoder: () => ({
        next: ({ type }) => {
          if (type === 'content_block_start') throw new Error('No words');
          return [{ data: '{}' }];
        },
        end: () => [],
      }),
    };
    await expect((await respond(of(...ANSWER), { codec })).text()).rejects.toMatchObject({
      code: 'source',
      cause: { message: 'No words' },
    });
  });
});

describe('words with line breaks, NUL and separators', () => {
  const EVIL = 'a\r\nevent: x\ndata: {"type":"message_stop"}\r\rset-cookie: b\0c\u2028d\u2029e';

  it('stay within the frame and the field that they belong to', async () => {
    const source = [
      events.messageStart({ id: EVIL, model: EVIL }),
      events.toolUseStart(0, EVIL, EVIL),
      events.inputJsonDelta(0, JSON.stringify({ [EVIL]: EVIL })),
      events.blockStop(0),
      events.messageDelta('tool_use', { output_tokens: 2 }),
      { type: 'unknown', name: EVIL, data: { type: EVIL } } as const,
      events.messageStop(),
    ];
    const response = await respond(of(...source), { codec: anthropic });
    expect([...response.headers.keys()]).toEqual(['cache-control', 'content-type', 'x-accel-buffering']);
    const given = await eventsIn(response);
    expect(given.map(({ type }) => type)).toEqual(source.map(({ type }) => type));
    expect(given.slice(0, 5)).toEqual(source.slice(0, 5));
  });

  it('are nowhere in what a failure says', async () => {
    const error = new StreamError('http', EVIL, { status: 400, errorType: EVIL, requestId: EVIL });
    const response = await respond(
      throwError(() => error),
      { codec: anthropic },
    );
    expect([...response.headers.keys()]).toEqual(['cache-control', 'content-type']);
    expect(await response.text()).not.toMatch(/set-cookie/);
  });
});

describe('a client that leaves', () => {
  function leaving(options: Partial<RespondOptions> = {}) {
    const source = new Subject<StreamEvent>();
    const left: string[] = [];
    const answer = respond(source.pipe(finalize(() => left.push('unsubscribed'))), {
      codec: anthropic,
      ...options,
    });
    return { source, left, answer };
  }

  it('before it has asked is not asked for', async () => {
    const { source, left, answer } = leaving({ signal: AbortSignal.abort() });
    expect((await answer).status).toBe(499);
    expect([left, source.observed]).toEqual([[], false]);
  });

  it('before the first event has the source unsubscribed at once', async () => {
    const leave = new AbortController();
    const { left, answer } = leaving({ signal: leave.signal });
    leave.abort();
    expect(left).toEqual(['unsubscribed']);
    expect((await answer).status).toBe(499);
  });

  it('in the middle has the source unsubscribed: by the signal', async () => {
    const leave = new AbortController();
    const { source, left, answer } = leaving({ signal: leave.signal });
    source.next(events.ping());
    const { body } = await answer;
    leave.abort(new Error('gone'));
    expect(left).toEqual(['unsubscribed']);
    await expect(body?.getReader().read()).rejects.toThrow('gone');
  });

  it('in the middle has the source unsubscribed: by a body that is cancelled', async () => {
    const { source, left, answer } = leaving();
    source.next(events.ping());
    await (await answer).body?.cancel();
    expect(left).toEqual(['unsubscribed']);
  });

  it.each([0, 2])('before event %i of a source that emits all as it is subscribed to ends it', async (at) => {
    // What nobody handles is thrown by a timer.
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const leave = new AbortController();
      const source = of(...ANSWER).pipe(
        tap((event) => {
          if (event === ANSWER[at]) leave.abort(new Error('gone'));
        }),
      );
      const response = await respond(source, { codec: anthropic, signal: leave.signal });
      expect(response.status).toBe(at === 0 ? 499 : 200);
      if (at > 0) await expect(response.text()).rejects.toThrow('gone');
      expect(getEventListeners(leave.signal, 'abort')).toEqual([]);
      vi.runAllTimers();
    } finally {
      vi.useRealTimers();
    }
  });

  it('after the end changes nothing, and nobody listens any more', async () => {
    const leave = new AbortController();
    const response = await respond(of(...ANSWER), { codec: anthropic, signal: leave.signal });
    expect(getEventListeners(leave.signal, 'abort')).toEqual([]);
    leave.abort();
    expect(await response.text()).toBe(wire(...ANSWER));
  });
});

describe('heartbeats', () => {
  it('are comments between the frames of an event stream, once it has begun, and end with it', async () => {
    const timers = new Timers();
    const source = new Subject<StreamEvent>();
    const answer = respond(source, { codec: anthropic }, timers);
    timers.pass(30_000);
    source.next(events.ping());
    timers.pass(15_000);
    source.next(events.ping());
    timers.pass(14_999);
    for (const event of ANSWER) source.next(event);
    source.complete();
    const idle = timers.actions.length;
    timers.pass(60_000);
    const ping = wire(events.ping());
    expect(await (await answer).text()).toBe(`${ping}: keep-alive\n\n${ping}${wire(...ANSWER)}`);
    expect(idle).toBe(0);
  });

  it('are the pings of the protocol elsewhere', async () => {
    const timers = new Timers();
    const source = new Subject<StreamEvent>();
    const answer = respond(source, { codec: llmWorker, heartbeatMs: 10 }, timers);
    source.next(ANSWER[0] as StreamEvent);
    timers.pass(20);
    for (const event of ANSWER.slice(1)) source.next(event);
    source.complete();
    const given = await eventsIn(await answer, llmWorker);
    expect(given.filter(({ type }) => type === 'ping')).toHaveLength(2);
  });

  it('end with a failure, and with a client that leaves', async () => {
    for (const end of ['failure', 'leaving']) {
      const timers = new Timers();
      const source = new Subject<StreamEvent>();
      const answer = respond(source, { codec: anthropic }, timers);
      source.next(events.ping());
      const { body } = await answer;
      if (end === 'failure') source.error(new Error('broken'));
      else await body?.cancel();
      expect(timers.actions).toHaveLength(0);
    }
  });

  it.each([0, -1, 2 ** 31, Infinity])('are not sent every %p ms', async (heartbeatMs) => {
    const timers = new Timers();
    const answer = respond(concat(of(events.ping()), NEVER), { codec: anthropic, heartbeatMs }, timers);
    expect((await answer).status).toBe(200);
    expect(timers.actions).toHaveLength(0);
  });
});

describe('a client that does not read', () => {
  const big = events.textDelta(0, 'x'.repeat(10_000));

  it('closes the gate, which opens when it reads on, and gets no heartbeats meanwhile', async () => {
    const timers = new Timers();
    const states: boolean[] = [];
    const source = new Subject<StreamEvent>();
    const answer = respond(
      (gate) => {
        gate.subscribe((isOpen) => states.push(isOpen));
        return source;
      },
      { codec: anthropic, heartbeatMs: 10 },
      timers,
    );
    for (const event of ANSWER.slice(0, 2)) source.next(event);
    await turn();
    expect(states).toEqual([true]);
    source.next(big);
    source.next(big);
    timers.pass(100);
    expect(states).toEqual([true, false]);
    const reader = Reader.of(await answer);
    await reader.sees('x'.repeat(100));
    await turn();
    expect(states).toEqual([true, false, true]);
    for (const event of ANSWER.slice(4)) source.next(event);
    source.complete();
    expect(await reader.rest()).not.toContain('keep-alive');
  });

  it('is cut off where the source does not wait', async () => {
    let sent = 0;
    const source = new Subject<StreamEvent>();
    const answer = respond(source, { codec: anthropic });
    for (const event of ANSWER.slice(0, 2)) source.next(event);
    const response = await answer;
    for (; sent < 1000 && source.observed; sent++) source.next(big);
    expect(sent * 10_000).toBeLessThan(5 * 1024 * 1024);
    expect(source.observed).toBe(false);
    await expect(response.text()).rejects.toMatchObject({ code: 'limit' });
  });
});
