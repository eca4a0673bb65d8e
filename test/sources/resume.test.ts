import { from, NEVER, of, Subject } from 'rxjs';
import { anthropic } from '../../src/anthropic.js';
import type { StreamEvent } from '../../src/events/event.js';
import { idOf } from '../../src/events/id.js';
import * as events from '../../src/events/make.js';
import { retryWithReset } from '../../src/operators/retryWithReset.js';
import type { ResumeOptions } from '../../src/sources/resumed.js';
import { streamEvents, type StreamEventsOptions } from '../../src/sources/streamEvents.js';
import { ANSWER, closeLoopbacks, loopback, type Exchange, type Loopback } from './loopback.js';
import { outcomeOf } from './outcome.js';

afterEach(closeLoopbacks);

/** Wakes from each wait as soon as it begins. */
const wake = of('now');

/** The events of an answer from one to another as they stand on the wire, with their ids. */
function sent(first: number, end: number, given: readonly StreamEvent[] = ANSWER): string {
  return given
    .slice(first, end)
    .map((event, nth) => `id: 1-${first + nth}\ndata: ${JSON.stringify(event)}\n\n`)
    .join('');
}

/** What a server does on one connection. */
interface Step {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly text?: string;
  /** Whether the socket is destroyed behind the text, or the answer ends in order. */
  readonly isCut?: boolean;
}

const cut = (text: string, more: Omit<Step, 'text'> = {}): Step => ({ text, isCut: true, ...more });

/** A server that does one thing after the other, and the last of them again and again. */
function server(...steps: readonly Step[]): Promise<Loopback> {
  let nth = 0;
  return loopback(({ response }: Exchange) => {
    const { status = 200, headers, text = '', isCut } = steps[Math.min(nth++, steps.length - 1)] ?? {};
    response.writeHead(status, { 'content-type': 'text/event-stream', ...headers });
    if (isCut) response.write(text === '' ? ': nothing yet\n\n' : text, () => response.destroy());
    else response.end(text);
  });
}

function ask(url: string, resume: ResumeOptions = {}, more: Partial<StreamEventsOptions> = {}) {
  return streamEvents(url, {
    codec: anthropic,
    method: 'POST',
    body: '{}',
    resume: { wake, ...resume },
    ...more,
  });
}

/** What each connection asked for. */
function asked({ exchanges }: Loopback): string[] {
  return exchanges.map(
    ({ request: { method, url, headers } }) => `${method} ${url} ${String(headers['last-event-id'])}`,
  );
}

describe('an answer whose connection is lost', () => {
  it('goes on where it was, with a GET to where it stands, and is posted once', async () => {
    const run = await server(cut(sent(0, 3), { headers: { location: '/runs/7?a=1' } }), { text: sent(3, 7) });
    const { values, error } = await outcomeOf(
      ask(`${run.url}/chat`, {}, { headers: { 'content-type': 'application/json', 'x-own': '1' } }),
    );
    expect(error).toBeUndefined();
    expect(values).toEqual(ANSWER);
    expect(values.map(idOf)).toEqual(ANSWER.map((_, at) => `1-${at}`));
    expect(asked(run)).toEqual(['POST /chat undefined', 'GET /runs/7?a=1 1-2']);
    const { request, body } = run.last;
    expect(body).toBe('');
    expect(request.headers).toMatchObject({ accept: 'text/event-stream', 'x-own': '1' });
    expect(request.headers['content-type']).toBeUndefined();
  });

  it.each<[string, ResumeOptions, Record<string, string>, string]>([
    ['the address that the caller names', { url: '/given' }, { location: '/runs/7' }, '/given'],
    ['the location of the content', {}, { 'content-location': 'runs/8' }, '/api/runs/8'],
    ['the same address', {}, {}, '/api/chat'],
    ['no other server', {}, { location: 'http://127.0.0.2/runs/7' }, '/api/chat'],
  ])('is asked for at %s', async (_, { url, ...resume }, headers, expected) => {
    const run = await server(cut(sent(0, 3), { headers }), { text: sent(3, 7) });
    const at = url === undefined ? {} : { url: new URL(url, run.url) };
    expect(await outcomeOf(ask(`${run.url}/api/chat`, { ...at, ...resume }))).toEqual({ values: ANSWER });
    expect(asked(run)[1]).toBe(`GET ${expected} 1-2`);
  });

  it('may have been a GET, and a Request', async () => {
    const run = await server(cut(sent(0, 2)), { text: sent(2, 7) });
    const request = new Request(`${run.url}/runs/7`, { headers: { 'x-own': '1' } });
    expect(await outcomeOf(streamEvents(request, { codec: anthropic, resume: { wake } }))).toEqual({
      values: ANSWER,
    });
    expect(asked(run)).toEqual(['GET /runs/7 undefined', 'GET /runs/7 1-1']);
    expect(run.last.request.headers['x-own']).toBe('1');
  });

  it('begins behind the event that the caller names, as long as there is no other', async () => {
    const run = await server(cut(''), { text: sent(3, 7) });
    const headers = { 'last-event-id': '1-2' };
    const again = streamEvents(`${run.url}/runs/7`, { codec: anthropic, headers, resume: { wake } });
    expect(await outcomeOf(again)).toEqual({ values: ANSWER.slice(3) });
    expect(asked(run)).toEqual(['GET /runs/7 1-2', 'GET /runs/7 1-2']);
  });

  it('is gone on with over any number of connections, and none of them has to bring anything', async () => {
    const run = await server(
      cut(sent(0, 2)),
      cut(''),
      {},
      cut('id: 1-2\ndata: {"type":"content_bl'),
      { status: 503 },
      cut(sent(2, 4)),
      { text: sent(1, 7) },
    );
    expect(await outcomeOf(ask(run.url))).toEqual({ values: ANSWER });
    expect(asked(run).slice(1)).toEqual(
      ['1-1', '1-1', '1-1', '1-1', '1-1', '1-3'].map((id) => `GET / ${id}`),
    );
  });

  it('is read from its beginning where nothing of it had come', async () => {
    const run = await server(cut('', { headers: { location: '/runs/7' } }), { text: sent(0, 7) });
    expect(await outcomeOf(ask(run.url))).toEqual({ values: ANSWER });
    expect(asked(run)[1]).toBe('GET /runs/7 undefined');
  });

  it('is over where the server has nothing more', async () => {
    const run = await server(cut(sent(0, 7)), { status: 204 });
    expect(await outcomeOf(ask(run.url))).toEqual({ values: ANSWER });
    expect(asked(run)).toHaveLength(2);
  });

  it('is not asked for behind its end, but behind the calls of tools', async () => {
    const whole = await server({ text: sent(0, 7) });
    expect(await outcomeOf(ask(whole.url))).toEqual({ values: ANSWER });
    expect(asked(whole)).toHaveLength(1);
    const calls = [
      ...ANSWER.slice(0, 5),
      events.messageDelta('tool_use', { output_tokens: 2 }),
      events.messageStop(),
    ];
    const turn = await server({ text: sent(0, 7, calls) }, { status: 204 });
    expect(await outcomeOf(ask(turn.url))).toEqual({ values: calls });
    expect(asked(turn)[1]).toBe('GET / 1-6');
  });

  it.each<[string, Step]>([
    ['of no such address', { status: 404 }],
    ['of no such method', { status: 405 }],
    ['a page', { text: '<!doctype html><title>Chat</title>', headers: { 'content-type': 'text/html' } }],
    ['nothing, as often as it is asked', {}],
  ])('is whole behind calls of tools where the server answers %s', async (_, then) => {
    const calls = [...ANSWER.slice(0, 5), events.messageDelta('tool_use'), events.messageStop()];
    const turn = await server({ text: sent(0, 7, calls) }, then);
    expect(await outcomeOf(ask(turn.url, { attempts: 2 }))).toEqual({ values: calls });
    expect(asked(turn).slice(1)).toEqual(
      Array.from({ length: then.status || then.text ? 1 : 2 }, () => 'GET / 1-6'),
    );
  });

  it('is gone behind calls of tools where the server named an address that it no longer knows', async () => {
    const calls = [...ANSWER.slice(0, 5), events.messageDelta('tool_use'), events.messageStop()];
    const headers = { location: '/runs/7' };
    const turn = await server({ text: sent(0, 7, calls), headers }, { status: 404 });
    expect(await outcomeOf(ask(turn.url))).toMatchObject({ values: calls, error: { status: 404 } });
  });

  it.each([200, 201, 202, 203, 206])('is posted once where its status is %d', async (status) => {
    const run = await server(cut(sent(0, 3), { status }), { text: sent(3, 7) });
    expect(await outcomeOf(ask(run.url))).toEqual({ values: ANSWER });
    expect(asked(run)).toEqual(['POST / undefined', 'GET / 1-2']);
  });

  it('is none where the request itself is answered with nothing', async () => {
    const run = await server({ status: 204 });
    expect(await outcomeOf(ask(run.url))).toMatchObject({ values: [], error: { code: 'not-a-stream' } });
    expect(asked(run)).toHaveLength(1);
  });

  it('is asked for where the request went, with what it bore, though the request was led elsewhere', async () => {
    const other = await server(cut(sent(0, 3), { headers: { location: '/runs/7' } }));
    const run = await loopback(({ request, response }: Exchange) => {
      if (request.method === 'POST') response.writeHead(307, { location: `${other.url}/chat` }).end();
      else response.writeHead(200, { 'content-type': 'text/event-stream' }).end(sent(3, 7));
    });
    const followed = { headers: { 'x-api-key': 'of the caller' }, redirect: 'follow' } as const;
    expect(await outcomeOf(ask(`${run.url}/chat`, {}, followed))).toEqual({ values: ANSWER });
    expect(asked(other)).toEqual(['POST /chat undefined']);
    expect(asked(run)).toEqual(['POST /chat undefined', 'GET /chat 1-2']);
    expect(run.last.request.headers['x-api-key']).toBe('of the caller');
  });

  it('fails as it did where its id is longer than any header', async () => {
    for (const length of [5_000, 300_000]) {
      const run = await server(cut(`id: ${'7'.repeat(length)}\ndata: ${JSON.stringify(ANSWER[0])}\n\n`));
      expect(await outcomeOf(ask(run.url))).toMatchObject({ error: { code: 'network' } });
      expect(asked(run)).toHaveLength(1);
    }
  });

  it.each([404, 410, 403, 400])(
    'is an error where the server says %d, and asked for no more',
    async (status) => {
      const run = await server(cut(sent(0, 3)), { status });
      const { values, error } = await outcomeOf(ask(run.url).pipe(retryWithReset({ delay: 0 })));
      expect(values).toEqual(ANSWER.slice(0, 3));
      expect(error).toMatchObject({ code: 'http', status, retryable: false });
      expect(asked(run)).toHaveLength(2);
    },
  );

  it('fails as its last attempt once there were so many in a row', async () => {
    const run = await server(cut(sent(0, 3)), { status: 503 });
    const { values, error } = await outcomeOf(ask(run.url, { attempts: 3 }));
    expect(values).toEqual(ANSWER.slice(0, 3));
    expect(error).toMatchObject({ code: 'http', status: 503 });
    expect(asked(run)).toHaveLength(4);
  });

  it('fails as it did where no event has an id', async () => {
    const text = sent(0, 3).replace(/^id: .*\n/gm, '');
    const run = await server(cut(text, { headers: { location: '/runs/7' } }));
    expect(await outcomeOf(ask(run.url))).toMatchObject({
      values: ANSWER.slice(0, 3),
      error: { code: 'network' },
    });
    expect(asked(run)).toHaveLength(1);
  });

  it('fails as it did where it had no answer at all', async () => {
    const run = await server({ status: 529 });
    expect(await outcomeOf(ask(run.url))).toMatchObject({ values: [], error: { code: 'http', status: 529 } });
    const reset = await loopback(({ request }) => request.socket.destroy());
    expect(await outcomeOf(ask(reset.url))).toMatchObject({ values: [], error: { code: 'network' } });
    expect([asked(run), asked(reset)].map(({ length }) => length)).toEqual([1, 1]);
  });

  it('without resume fails', async () => {
    const run = await server(cut(sent(0, 3)));
    for (const resume of [undefined, false]) {
      const { error } = await outcomeOf(streamEvents(run.url, { codec: anthropic, resume }));
      expect(error).toMatchObject({ code: 'network' });
    }
  });
});

describe('a wait', () => {
  it('ends with its subscriber, and with the signal of the caller', async () => {
    for (const how of ['unsubscribed', 'aborted']) {
      const waiting = new Subject<void>();
      const run = await server(cut(sent(0, 3)));
      const controller = new AbortController();
      let error: unknown;
      const subscription = ask(
        run.url,
        { delay: 8_000, wake: from(waiting) },
        { signal: controller.signal },
      ).subscribe({ error: (failure: unknown) => (error = failure) });
      while (!waiting.observed) await new Promise((resolve) => setImmediate(resolve));
      if (how === 'unsubscribed') subscription.unsubscribe();
      else controller.abort();
      expect(waiting.observed).toBe(false);
      expect(error).toEqual(how === 'aborted' ? expect.objectContaining({ code: 'aborted' }) : undefined);
      expect(asked(run)).toHaveLength(1);
    }
  });

  it('is as long as the server says', async () => {
    const run = await server(cut(`retry: 1\n\n${sent(0, 3)}`), { text: sent(3, 7) });
    const begun = performance.now();
    expect(await outcomeOf(ask(run.url, { delay: 8_000, wake: NEVER }))).toEqual({ values: ANSWER });
    expect(performance.now() - begun).toBeLessThan(4_000);
  });
});
