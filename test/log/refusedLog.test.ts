import type { OutgoingHttpHeaders } from 'node:http';
import { concat, firstValueFrom, from, NEVER, Observable, of, throwError } from 'rxjs';
import { anthropic } from '../../src/anthropic.js';
import { StreamError } from '../../src/errors/streamError.js';
import type { StreamEvent } from '../../src/events/event.js';
import { fromLog, memoryLog, serveRun, shareRun, startRun, toLog, type RunLog } from '../../src/log.js';
import { durableStreamsLog } from '../../src/log/durable-streams.js';
import { respond } from '../../src/server.js';
import { ANSWER, closeLoopbacks, loopback } from '../sources/loopback.js';
import { outcomeOf } from '../sources/outcome.js';

afterEach(closeLoopbacks);

/** What a browser is answered with: its status, when to ask again, and the type of the failure. */
async function said(answer: Response | Promise<Response>): Promise<readonly unknown[]> {
  const response = await answer;
  const { error } = (await response.json()) as { readonly error: { readonly type: string } };
  return [response.status, response.headers.get('retry-after'), error.type];
}

function served(log: RunLog, method = 'GET'): Promise<Response> {
  const body = method === 'POST' ? '{"approve":"toolu_1","approved":true}' : null;
  const request = new Request('http://localhost/run', { method, body });
  return serveRun(request, { log, run: 'run', codec: anthropic, authorize: () => true });
}

function responded(events: Observable<StreamEvent>): Promise<Response> {
  return respond(events, { codec: anthropic });
}

/** A log whose server answers so. */
async function logThatAnswers(status: number, headers: OutgoingHttpHeaders = {}): Promise<RunLog> {
  const server = await loopback(({ response }) => response.writeHead(status, headers).end());
  return durableStreamsLog(server.url, { timeoutMs: 300 });
}

/** A log whose failures are not those of this library. */
function foreignLog(failure: unknown): RunLog {
  const failing = throwError(() => failure);
  const fail = (): Promise<never> => firstValueFrom(failing);
  return { open: fail, read: () => failing, ask: fail };
}

const http = (status: number, retryAfterMs?: number): StreamError =>
  new StreamError('http', `HTTP ${status}: org-17`, { status, retryAfterMs, retryable: status === 429 });

/** What a log of runs refuses is nothing that a client could mend, least of all by another login. */
describe('a log that refuses its server', () => {
  it.each<[number, OutgoingHttpHeaders, readonly unknown[]]>([
    [400, {}, [500, null, 'api_error']],
    [401, {}, [500, null, 'api_error']],
    [403, {}, [500, null, 'api_error']],
    [413, {}, [500, null, 'api_error']],
    [429, { 'retry-after': '7' }, [503, '7', 'api_error']],
    [429, {}, [503, null, 'api_error']],
    [500, {}, [500, null, 'api_error']],
    [502, {}, [502, null, 'api_error']],
    [503, { 'retry-after': '7' }, [503, '7', 'api_error']],
  ])('with %i and %j is no fault of the client', async (status, headers, expected) => {
    const log = await logThatAnswers(status, headers);
    const ways: Readonly<Record<string, Promise<Response>>> = {
      GET: served(log),
      DELETE: served(log, 'DELETE'),
      POST: served(log, 'POST'),
      startRun: responded(startRun(log, 'run', from(ANSWER))),
      fromLog: responded(fromLog(log, 'run')),
      shareRun: responded(shareRun(log)('run')),
      toLog: responded(from(ANSWER).pipe(toLog(log, 'run'))),
    };
    for (const [way, answer] of Object.entries(ways))
      expect([way, ...(await said(answer))]).toEqual([way, ...expected]);
  });

  it.each([
    [404, 410],
    [410, 410],
  ])('with %i has no such run, as ever', async (status, expected) => {
    const log = await logThatAnswers(status);
    for (const method of ['GET', 'DELETE', 'POST']) expect((await served(log, method)).status).toBe(expected);
  });

  it('keeps a 404 of a log of another kind', async () => {
    const log = foreignLog(http(404));
    expect((await served(log)).status).toBe(404);
    expect((await responded(fromLog(log, 'run'))).status).toBe(404);
  });

  it.each([
    [Object.assign(new Error('Unauthorised'), { status: 401 }), [500, null, 'api_error']],
    [Object.assign(new Error('Busy'), { status: 429 }), [503, null, 'api_error']],
    ['no error', [500, null, 'api_error']],
  ])('in words of its own is no fault of the client, either (%#)', async (failure, expected) => {
    const log = foreignLog(failure);
    const read: RunLog['read'] = () => {
      throw failure as Error;
    };
    for (const events of [
      startRun(log, 'run', from(ANSWER)),
      startRun({ ...memoryLog(), open: log.open }, 'run', from(ANSWER)),
      fromLog(log, 'run'),
      fromLog({ ...log, read }, 'run'),
      shareRun(log)('run'),
      from(ANSWER).pipe(toLog(log, 'run')),
    ])
      expect(await said(responded(events))).toEqual(expected);
  });

  it('in the middle of an answer is no fault of the client, either', async () => {
    const log = memoryLog();
    await (await log.open('run')).append(ANSWER.slice(0, 3));
    const read: RunLog['read'] = (...given) =>
      new Observable((subscriber) =>
        log.read(...given).subscribe((entry) => {
          subscriber.next(entry);
          subscriber.error(http(401));
        }),
      );
    const text = await (await responded(fromLog({ ...log, read }, 'run'))).text();
    expect(text).toContain('"type":"api_error"');
    expect(text).not.toContain('authentication_error');
  });

  describe('to write, and takes the end of the run,', () => {
    /** A log that refuses the first entry, or to say what is asked. */
    function refusing(failure: StreamError, which: 'append' | 'asks'): RunLog {
      const log = memoryLog();
      const open: RunLog['open'] = async (...given) => {
        const writer = await log.open(...given);
        return {
          epoch: writer.epoch,
          append: (events) => (which === 'append' ? Promise.reject(failure) : writer.append(events)),
          seal: (...end) => writer.seal(...end),
          asks: which === 'asks' ? throwError(() => failure) : writer.asks,
        };
      };
      return { ...log, open };
    }

    it.each([
      [http(413), 500, null],
      [http(403), 500, null],
      [http(429, 7_000), 503, '7'],
    ])('is no fault of who reads that (%#)', async (failure, status, wait) => {
      for (const which of ['append', 'asks'] as const) {
        const log = refusing(failure, which);
        const source = which === 'append' ? from(ANSWER) : NEVER;
        const written = responded(startRun(log, 'run', source));
        expect(await said(written)).toEqual([status, wait, 'api_error']);
        expect(await said(served(log))).toEqual([status, wait, 'api_error']);
      }
    });
  });
});

describe('a provider that refuses', () => {
  it.each([
    [401, undefined, null, 'authentication_error'],
    [403, undefined, null, 'permission_error'],
    [413, undefined, null, 'request_too_large'],
    [429, 7_000, '7', 'rate_limit_error'],
    [503, 7_000, '7', 'api_error'],
  ])('with %i says so to the client, whatever log its run is in', async (status, waitMs, wait, type) => {
    const source = throwError(() => http(status, waitMs));
    const log = memoryLog();
    const expected = [status, wait, type];
    expect(await said(responded(startRun(log, 'run', source)))).toEqual(expected);
    expect(await said(served(log))).toEqual(expected);
    expect(await said(responded(shareRun(log)('run')))).toEqual(expected);
    expect(await said(responded(source.pipe(toLog(memoryLog(), 'run'))))).toEqual(expected);
  });

  it('in the middle keeps the type of its failure', async () => {
    const source = concat(
      of(...ANSWER.slice(0, 3)),
      throwError(() => http(429, 7_000)),
    );
    const log = memoryLog();
    await outcomeOf(startRun(log, 'run', source));
    expect(await (await served(log)).text()).toContain('"type":"rate_limit_error"');
  });
});
