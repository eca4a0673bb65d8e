import { inspect } from 'node:util';
import { concatMap, concatWith, defer, from, ignoreElements, map, type Observable } from 'rxjs';
import { anthropic } from '../../src/codecs/anthropic/codec.js';
import { StreamError } from '../../src/errors/streamError.js';
import type { StreamErrorCode } from '../../src/errors/streamErrorCode.js';
import type { StreamEvent } from '../../src/events/event.js';
import * as events from '../../src/events/make.js';
import { fromLog } from '../../src/log/fromLog.js';
import { memoryLog } from '../../src/log/memoryLog.js';
import { toText } from '../../src/operators/toText.js';
import { accumulateJson } from '../../src/operators/accumulateJson.js';
import { accumulateToolInput } from '../../src/operators/accumulateToolInput.js';
import { streamTimeout } from '../../src/operators/streamTimeout.js';
import { toArrayElements } from '../../src/operators/toArrayElements.js';
import { toMessage } from '../../src/operators/toMessage.js';
import { untilTerminal } from '../../src/operators/untilTerminal.js';
import type { Fetch } from '../../src/sources/answer.js';
import { streamEvents } from '../../src/sources/streamEvents.js';
import { CountingScheduler } from '../operators/countingScheduler.js';
import { beginStream, loopback, wire, type Answer } from '../sources/loopback.js';
import { outcomeOf } from '../sources/outcome.js';
import { expectSilence } from './silence.js';

expectSilence();

/** What each place holds that an error could take it from. The parts of a request must not show anywhere. */
const SEEDS = {
  key: 'sk-seed-key-0123456789',
  bearer: 'seed-bearer-0123456789',
  cookie: 'seed-cookie-0123456789',
  other: 'seed-other-aB3dE5fG7hJ9kL1mN2pQ',
  query: 'seed-query-0123456789',
  fragmentary: 'seed-body-0123456789',
  responseHeader: 'seed-response-header-0123456789',
  responseCookie: 'seed-response-cookie-0123456789',
};

/** What a stream says. It may stand in `raw` and in `partial`. */
const PAYLOAD = 'seed-payload-0123456789';

const HEADERS = {
  'x-api-key': SEEDS.key,
  authorization: `Bearer ${SEEDS.bearer}`,
  cookie: `session=${SEEDS.cookie}`,
  'x-tenant': SEEDS.other,
};

const START = events.messageStart({ id: PAYLOAD, model: PAYLOAD });
const BEGUN = [START, events.textStart(0), events.textDelta(0, PAYLOAD)];
const CALL = [START, events.toolUseStart(0, 'toolu_1', 'draw')];

/** Answers with these events, and then, if at all, with this text. */
const answering =
  (given: readonly StreamEvent[], rest = ''): Answer =>
  (exchange) => {
    exchange.response.setHeader('set-cookie', SEEDS.responseCookie);
    exchange.response.setHeader('x-internal', SEEDS.responseHeader);
    beginStream(exchange, ...given);
    exchange.response.end(rest);
  };

interface Provoked {
  readonly answer: Answer;
  readonly through?: (events: Observable<StreamEvent>) => Observable<unknown>;
  readonly signal?: AbortSignal;
}

/** Fails with the error of an invalid input, which is a value and not a failure. */
const inputErrors = (all: Observable<StreamEvent>): Observable<unknown> =>
  all.pipe(
    accumulateToolInput(),
    map((input) => {
      if (input.status === 'invalid') throw input.error;
      return input;
    }),
  );

/** A way to each code. */
const PROVOKED: Readonly<Record<StreamErrorCode, readonly Provoked[]>> = {
  http: [
    {
      answer: ({ response }) => {
        const headers = { 'set-cookie': SEEDS.responseCookie, 'x-internal': SEEDS.responseHeader };
        response.writeHead(500, headers).end(`Internal error ${PAYLOAD}`);
      },
    },
  ],
  network: [
    {
      answer(exchange) {
        beginStream(exchange, ...BEGUN);
        setImmediate(() => exchange.request.socket.resetAndDestroy());
      },
    },
  ],
  timeout: [
    {
      answer: (exchange) => beginStream(exchange, ...BEGUN),
      through(all) {
        const time = new CountingScheduler();
        return all.pipe(
          streamTimeout({ idle: 5 }, time),
          map((event) => {
            if (event.type === 'content_block_delta') setImmediate(() => time.flush());
            return event;
          }),
        );
      },
    },
  ],
  'not-a-stream': [{ answer: ({ response }) => response.end(`<html>${PAYLOAD}</html>`) }],
  malformed: [
    { answer: answering(BEGUN, `data: {"type":"content_block_delta","index":"${PAYLOAD}"}\n\n`) },
    { answer: answering(BEGUN, `data: ${PAYLOAD}\n\n`) },
    { answer: answering(BEGUN), through: (all) => textOf(all).pipe(accumulateJson()) },
    { answer: answering(BEGUN), through: (all) => textOf(all).pipe(toArrayElements()) },
  ],
  protocol: [
    { answer: answering([...BEGUN, events.textDelta(7, PAYLOAD)]) },
    { answer: answering([...BEGUN, events.messageStart({ id: `${PAYLOAD}2` })]) },
  ],
  api: [{ answer: answering(BEGUN, wire(events.error('overloaded_error', 'Overloaded'))) }],
  truncated: [{ answer: answering(BEGUN) }, { answer: answering(BEGUN, `data: {"text":"${PAYLOAD}`) }],
  limit: [{ answer: answering([...BEGUN, events.textDelta(0, PAYLOAD.repeat(20))]) }],
  'tool-input': [
    {
      answer: answering([...CALL, events.inputJsonDelta(0, `{"a":${PAYLOAD}`), events.blockStop(0)]),
      through: inputErrors,
    },
  ],
  source: [{ answer: answering(BEGUN), through: (all) => all.pipe(map(fail), toText()) }],
  gap: [{ answer: answering(BEGUN), through: (all) => behind(all, PAYLOAD) }],
  gone: [{ answer: answering(BEGUN), through: (all) => behind(all) }],
  abandoned: [{ answer: answering(BEGUN), through: (all) => all.pipe(ignoreElements(), concatWith(dead)) }],
  aborted: [{ answer: () => undefined, signal: AbortSignal.abort() }],
};

/** A run that nobody has begun. Its failure names it: `authorize` opens a run, not its name. */
function behind(all: Observable<StreamEvent>, after?: string): Observable<StreamEvent> {
  return all.pipe(ignoreElements(), concatWith(fromLog(memoryLog(), 'run', { after })));
}

/** A run whose writer is dead at once. */
const dead = defer(() => {
  const log = memoryLog({ leaseMs: 0 });
  return from(log.open(PAYLOAD)).pipe(concatMap(() => fromLog(log, PAYLOAD)));
});

function fail(): never {
  throw new TypeError('A bug of the caller');
}

function textOf(all: Observable<StreamEvent>): Observable<string> {
  return all.pipe(map((event) => (event.type === 'content_block_delta' ? PAYLOAD : '')));
}

/** An error and what caused it, and what caused that. */
function chainOf(error: unknown): readonly object[] {
  if (typeof error !== 'object' || error === null) return [];
  return [error, ...chainOf(Reflect.get(error, 'cause'))];
}

/** All that whoever logs an error sees of it. */
function shown(error: StreamError): string {
  const looks = chainOf(error).flatMap((link) => [
    String(link),
    JSON.stringify(link),
    inspect(link, { depth: 9, showHidden: true }),
    link instanceof Error ? link.stack : '',
  ]);
  return looks.join('\n');
}

describe('an error', () => {
  const all = Object.entries(PROVOKED).flatMap(([code, ways]) =>
    ways.map((way, nth) => [code, nth + 1, way] as const),
  );

  it.each(all)(
    '%s (%d) shows nothing of the request, nor of the answer but in raw and partial',
    async (code, _, way) => {
      const server = await loopback(way.answer);
      const address = new URL(`${server.url}/chat?key=${SEEDS.query}`);
      const source = streamEvents(address, {
        codec: anthropic,
        method: 'POST',
        headers: HEADERS,
        body: JSON.stringify({ prompt: SEEDS.fragmentary }),
        signal: way.signal ?? null,
        limits: { block: 200 },
      });
      const through = way.through ?? ((given) => given.pipe(untilTerminal(), toMessage()));
      const { error } = await outcomeOf(through(source));
      if (!(error instanceof StreamError)) throw new Error(`Not a StreamError: ${String(error)}`);
      expect(error.code).toBe(code);
      expect(Object.values(SEEDS).filter((seed) => shown(error).includes(seed))).toEqual([]);

      for (const link of chainOf(error)) {
        const raw: unknown = Reflect.get(link, 'raw');
        if (typeof raw === 'string') expect(raw.length).toBeLessThanOrEqual(200);
        Reflect.deleteProperty(link, 'raw');
      }
      expect(shown(error)).not.toContain('seed-');
    },
  );

  it('of an address with a name and a password shows neither', async () => {
    const fetch: Fetch = (input) => Promise.reject(new TypeError(`Cannot fetch ${String(input)}`));
    const source = streamEvents('https://seed-user-01:seed-password-01@example.test/', {
      codec: anthropic,
      fetch,
    });
    const { error } = await outcomeOf(source);
    expect(error).toMatchObject({ code: 'source' });
    expect(shown(error as StreamError)).not.toContain('seed-');
  });
});
