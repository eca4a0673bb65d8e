import { inspect } from 'node:util';
import fc from 'fast-check';
import {
  concat,
  defer,
  finalize,
  from,
  map,
  NEVER,
  of,
  retry,
  take,
  tap,
  throwError,
  type Observable,
} from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { anthropic } from '../../../src/codecs/anthropic/codec.js';
import type { Codec } from '../../../src/codecs/codec.js';
import { StreamError } from '../../../src/errors/streamError.js';
import type { StreamEvent } from '../../../src/events/event.js';
import * as events from '../../../src/events/make.js';
import { toText } from '../../../src/operators/toText.js';
import { untilTerminal } from '../../../src/operators/untilTerminal.js';
import { fromHttpEvents } from '../../../src/sources/angular/fromHttpEvents.js';
import type { HttpEventLike } from '../../../src/sources/angular/httpEvent.js';
import { wire } from '../loopback.js';
import { failureOf, outcomeOf } from '../outcome.js';
import { runs } from '../../seed.js';
import { fetching, HttpErrorResponse, xhr, type Answer, type Backend } from './httpBackends.js';

const BACKENDS: [string, Backend][] = [
  ['XMLHttpRequest', xhr],
  ['fetch', fetching],
];

const ANSWER: readonly StreamEvent[] = [
  events.messageStart({ id: 'msg_1' }),
  events.textStart(0),
  events.textDelta(0, 'früh 👩‍👧 早い'),
  events.textDelta(0, '🎵'),
  events.blockStop(0),
  events.messageDelta('end_turn', { output_tokens: 5 }),
  events.messageStop(),
];

const STREAM = { 'content-type': 'text/event-stream' };
const JSON_TYPE = { 'content-type': 'application/json' };

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** The body in pieces of these lengths, over and over. */
function cut(body: Uint8Array, lengths: readonly number[]): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (let at = 0, turn = 0; at < body.length; turn++) {
    const length = lengths[turn % lengths.length] ?? 1;
    pieces.push(body.subarray(at, at + length));
    at += length;
  }
  return pieces;
}

describe.each(BACKENDS)('the back end by %s', (_, backend) => {
  const read = (answer: Answer, reportProgress = true): Observable<StreamEvent> =>
    backend(answer, reportProgress).pipe(fromHttpEvents({ codec: anthropic }));
  const failure = (status: number, body = '', headers = {}, statusText?: string): Promise<StreamError> =>
    failureOf(
      read({ pieces: body === '' ? [] : [bytes(body)], status, headers, ...(statusText && { statusText }) }),
    );

  it('gives the same events however the network cuts the answer', async () => {
    const lengths = fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(lengths, async (lengths) => {
        const pieces = cut(bytes(wire(...ANSWER)), lengths);
        expect(await outcomeOf(read({ pieces, headers: STREAM }))).toEqual({ values: ANSWER });
      }),
      { numRuns: runs(100) },
    );
  });

  it('gives the same events byte by byte', async () => {
    const pieces = cut(bytes(wire(...ANSWER)), [1]);
    expect(await outcomeOf(read({ pieces, headers: STREAM }))).toEqual({ values: ANSWER });
  });

  it('gives the same events where no progress is reported', async () => {
    const pieces = [bytes(wire(...ANSWER))];
    expect(await outcomeOf(read({ pieces, headers: STREAM }, false))).toEqual({ values: ANSWER });
  });

  it('gives replacement characters that the text itself has', async () => {
    const sent = [events.textDelta(0, '\uFFFD'), events.textDelta(0, 'a\uFFFD\uFFFD')];
    const pieces = cut(bytes(wire(...sent)), [3, 1]);
    expect(await outcomeOf(read({ pieces }))).toEqual({ values: sent });
  });

  it('reads lines of JSON where that is the framing', async () => {
    const codec = { ...anthropic, framing: 'ndjson' } as const;
    const pieces = cut(bytes('{"type":"ping"}\n{"type":"message_stop"}'), [7]);
    const source = backend({ pieces, headers: JSON_TYPE }, true).pipe(fromHttpEvents({ codec }));
    expect(await outcomeOf(source)).toEqual({ values: [events.ping(), events.messageStop()] });
  });

  const overloaded = JSON.stringify({
    error: { type: 'overloaded_error', message: 'Overloaded' },
    request_id: 'req_body',
  });

  it.each([
    [400, false],
    [401, false],
    [408, true],
    [429, true],
    [500, true],
    [529, true],
  ])('says of the status %i that it is http, retryable: %p', async (status, retryable) => {
    const error = await failure(status, overloaded, JSON_TYPE);
    expect(error).toMatchObject({
      code: 'http',
      status,
      retryable,
      errorType: 'overloaded_error',
      requestId: 'req_body',
      raw: overloaded,
      message: `HTTP ${status}: Overloaded`,
    });
  });

  it('says how long to wait, and by which id the provider knows the request', async () => {
    const headers = { 'retry-after': '7', 'request-id': 'req_head' };
    expect(await failure(429, overloaded, headers)).toMatchObject({
      retryAfterMs: 7000,
      requestId: 'req_head',
      retryable: true,
    });
  });

  it('does not repeat the text that HttpClient makes up for a status', async () => {
    expect((await failure(500)).message).toBe('HTTP 500');
    expect((await failure(500, '', {}, 'Unknown Error')).message).toBe('HTTP 500');
    expect((await failure(502, '<html>', {}, 'Bad Gateway')).message).toBe('HTTP 502: Bad Gateway');
  });

  it('says of a page or a document that it is no stream', async () => {
    const page = '<html>Sign in</html>';
    const said = { code: 'not-a-stream', message: 'The server sent a page instead of a stream', raw: page };
    expect(await failure(200, page, { 'content-type': 'text/html' })).toMatchObject(said);
    expect(await failure(200, page, STREAM)).toMatchObject(said);
    expect(await failure(200, overloaded, JSON_TYPE)).toMatchObject({
      code: 'api',
      message: 'overloaded_error: Overloaded',
      status: 529,
      retryable: true,
    });
  });

  it.each([200, 204])('says of %i without a body that it is no stream', async (status) => {
    expect(await failure(status, '', STREAM)).toMatchObject({
      code: 'not-a-stream',
      message: 'The server sent no events',
    });
  });

  it('says of a connection that breaks that it did, after what had come', async () => {
    const pieces = [bytes(wire(...ANSWER.slice(0, 3)) + 'event: content')];
    const { values, error } = await outcomeOf(read({ pieces, breaks: true, headers: STREAM }));
    expect(values).toEqual(ANSWER.slice(0, 3));
    expect(error).toMatchObject({
      code: 'network',
      message: 'The connection broke while the stream was read',
      retryable: true,
    });
  });

  it('says of a connection that breaks in an error document what had come of that', async () => {
    const pieces = [bytes('{"error":{"message":"inv')];
    const error = await failureOf(read({ pieces, status: 401, breaks: true, headers: JSON_TYPE }));
    expect(error).toMatchObject({ code: 'http', status: 401, raw: '{"error":{"message":"inv' });
  });

  it('bounds what it reads of an error document', async () => {
    const body = `{"error":{"message":"${'x'.repeat(100_000)}"}}`;
    const error = await failure(500, body, JSON_TYPE);
    expect(error).toMatchObject({ code: 'http', status: 500 });
    expect(error.raw).toHaveLength(200);
    expect(error.message.length).toBeLessThanOrEqual(500);
  });

  it('shows neither the query of the request nor the error of the platform', async () => {
    const errors = await Promise.all([
      failure(500, 'No /api/chat?key=query-secret here'),
      failure(200, '<p>/api/chat?key=query-secret'),
      failureOf(read({ pieces: [bytes('data: query-secret\n\n')] })),
      failureOf(read({ pieces: [], breaks: true })),
    ]);
    expect(errors.map(({ code }) => code)).toEqual(['http', 'not-a-stream', 'malformed', 'network']);
    for (const error of errors) {
      expect(inspect(error, { depth: 9, showHidden: true })).not.toMatch(
        /query-secret|terminated|Http failure/,
      );
    }
  });

  it.each([
    ['at the end of the message, where the rest may not run out', { ms: 0 }, 0],
    ['soon after the end of the message, where the rest does not come', {}, 250],
  ])('is left %s', (_, drain, after) => {
    const scheduler = new TestScheduler(() => undefined);
    scheduler.run(({ flush }) => {
      let left: number | undefined;
      let ended: number | undefined;
      const begun = [{ type: 0 }, { type: 3, partialText: wire(...ANSWER) }];
      concat(from(begun), NEVER)
        .pipe(
          finalize(() => (left = scheduler.now())),
          fromHttpEvents({ codec: anthropic, drain }),
          untilTerminal(),
        )
        .subscribe({ complete: () => (ended = scheduler.now()) });
      flush();
      expect([ended, left]).toEqual([0, after]);
    });
  });

  it('reaches its end, for interceptors too, where the rest comes in time', async () => {
    const seen: number[] = [];
    const ended = new Promise<void>((resolve) => {
      backend({ pieces: cut(bytes(wire(...ANSWER)), [40]) }, true)
        .pipe(
          tap({ next: ({ type }) => void seen.push(type), complete: resolve }),
          fromHttpEvents({ codec: anthropic }),
          untilTerminal(),
        )
        .subscribe();
    });
    await ended;
    expect(seen.at(-1)).toBe(4);
  });

  it('is asked again by whoever retries', async () => {
    const answers: Answer[] = [{ pieces: [], breaks: true }, { pieces: [bytes(wire(...ANSWER))] }];
    const source = defer(() => backend(answers.shift() ?? { pieces: [] }, true));
    const text = source.pipe(fromHttpEvents({ codec: anthropic }), retry(1), toText());
    expect(await outcomeOf(text)).toEqual({ values: ['früh 👩‍👧 早い🎵'] });
  });

  it('begins with a reset where an interceptor asks again', async () => {
    const answers: Answer[] = [
      { pieces: [bytes(wire(...ANSWER.slice(0, 3)))], breaks: true },
      { pieces: [bytes(wire(...ANSWER))] },
    ];
    const source = defer(() => backend(answers.shift() ?? { pieces: [] }, true)).pipe(retry(1));
    const { values } = await outcomeOf(source.pipe(fromHttpEvents({ codec: anthropic })));
    expect(values.map(({ type }) => type).indexOf('reset')).toBe(3);
    expect(values.slice(4)).toEqual(ANSWER);
    const again = of(...values).pipe(toText());
    expect(await outcomeOf(again)).toEqual({ values: ['früh 👩‍👧 早い🎵'] });
  });
});

describe('what HttpClient fails with', () => {
  const failing = (error: unknown): Promise<StreamError> =>
    failureOf(
      concat(
        of({ type: 0 }),
        throwError(() => error),
      ).pipe(fromHttpEvents({ codec: anthropic })),
    );

  it.each<[string, unknown, string]>([
    ['a text', '{"error":"Text"}', 'HTTP 500: Text'],
    ['an object that was read as JSON', { error: { message: 'Text' } }, 'HTTP 500: Text'],
    ['JSON that was none', { error: new SyntaxError('JSON'), text: '{"message":"Text"' }, 'HTTP 500'],
    ['an ArrayBuffer', new ArrayBuffer(8), 'HTTP 500'],
    ['nothing', null, 'HTTP 500'],
  ])('is understood with %s for a body', async (_, body, message) => {
    const error = await failing(new HttpErrorResponse(body, { status: 500 }));
    expect(error).toMatchObject({ code: 'http', status: 500, message });
  });

  it('with a status that is well is a body that was not asked for as text', async () => {
    const body = { error: new SyntaxError('JSON'), text: wire(...ANSWER) };
    expect(await failing(new HttpErrorResponse(body, { status: 200 }))).toMatchObject({
      code: 'not-a-stream',
      message: "The answer was not read as text: ask for it with responseType: 'text'",
    });
  });

  it('without an answer is a failure of the network, without the error of the platform', async () => {
    const error = await failing(new HttpErrorResponse(new TypeError('header "sk-secret" is not valid')));
    expect(error).toMatchObject({
      code: 'network',
      message: 'The request got no answer',
      retryable: true,
    });
    expect(error.cause).toBeUndefined();
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('sk-secret');
  });

  it('passes where it is ours', async () => {
    const ours = new StreamError('aborted', 'Stopped');
    expect(await failing(ours)).toMatchObject({ code: 'aborted', message: 'Stopped' });
  });

  it('is the cause of ours where it is an interceptor’s', async () => {
    const error = await failing(new RangeError('No session'));
    expect(error).toMatchObject({ code: 'source', cause: { name: 'RangeError', message: 'No session' } });
  });
});

describe('the text of an answer', () => {
  it('is read once, though all of it comes with every progress', async () => {
    const body = wire(...Array.from({ length: 2_000 }, (_, nth) => events.textDelta(0, `piece ${nth} `)));
    let read = 0;
    const codec: Codec = {
      ...anthropic,
      decoder: () => {
        const decoder = anthropic.decoder();
        const next: typeof decoder.next = (frame) => ((read += frame.data.length), decoder.next(frame));
        return { next, end: () => decoder.end() };
      },
    };
    const ends = Array.from({ length: Math.ceil(body.length / 16) }, (_, nth) => 16 * (nth + 1));
    const progress = ends.map(
      (end): HttpEventLike => ({ type: 3, partialText: body.slice(0, end) }) as never,
    );
    const { values } = await outcomeOf(from(progress).pipe(fromHttpEvents({ codec })));
    expect(values).toHaveLength(2_000);
    expect(read).toBeLessThan(body.length);
  });

  it('is not looked at where it has been read', async () => {
    const known = wire(...ANSWER.slice(0, 3));
    const progress = [known, `${known.replaceAll('früh', '????')}${wire(...ANSWER.slice(3))}`];
    const source = from(progress).pipe(map((partialText) => ({ type: 3, partialText })));
    expect(await outcomeOf(source.pipe(fromHttpEvents({ codec: anthropic })))).toEqual({ values: ANSWER });
  });

  it('is taken for a stream where no status and type came with it', async () => {
    const source = of({ type: 3, partialText: wire(...ANSWER) });
    expect(await outcomeOf(source.pipe(fromHttpEvents({ codec: anthropic })))).toEqual({ values: ANSWER });
  });
});

describe('each subscription', () => {
  it('has its own request and state', async () => {
    const source = xhr({ pieces: cut(bytes(wire(...ANSWER)), [50]) }, true).pipe(
      fromHttpEvents({ codec: anthropic }),
    );
    const [one, two] = await Promise.all([outcomeOf(source.pipe(take(3))), outcomeOf(source)]);
    expect(one.values).toEqual(ANSWER.slice(0, 3));
    expect(two.values).toEqual(ANSWER);
  });
});
