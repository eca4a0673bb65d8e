import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';
import { jest } from '@jest/globals';
import { from, map, type Observable } from 'rxjs';
import { anthropic } from '../src/codecs/anthropic/codec.js';
import { StreamError, type StreamErrorCode } from '../src/errors/streamError.js';
import type { StreamEvent } from '../src/events/event.js';
import * as events from '../src/events/make.js';
import { accumulateJson } from '../src/operators/accumulateJson.js';
import { accumulateToolInput } from '../src/operators/accumulateToolInput.js';
import { streamTimeout } from '../src/operators/streamTimeout.js';
import { toArrayElements } from '../src/operators/toArrayElements.js';
import { toMessage } from '../src/operators/toMessage.js';
import { untilTerminal } from '../src/operators/untilTerminal.js';
import { fromBytes } from '../src/sources/fromBytes.js';
import { streamEvents, type Fetch } from '../src/sources/streamEvents.js';
import { ndjson } from '../src/wire/ndjson.js';
import { sse } from '../src/wire/sse.js';
import { CountingScheduler } from './operators/countingScheduler.js';
import { CODECS, HOSTILE_NAMES, play } from './security/play.js';
import { beginStream, closeLoopbacks, loopback, wire, type Answer } from './sources/loopback.js';
import { outcomeOf } from './sources/outcome.js';

/** All that was printed while a test ran. */
let printed: unknown[][];

beforeEach(() => {
  printed = [];
  const print = (...line: unknown[]) => void printed.push(line);
  const methods = ['log', 'info', 'warn', 'error', 'debug', 'trace', 'dir', 'table'] as const;
  for (const method of methods) jest.spyOn(console, method).mockImplementation(print);
  for (const stream of [process.stdout, process.stderr]) {
    jest.spyOn(stream, 'write').mockImplementation((...line: unknown[]) => {
      // Node says of itself, when it gets to it, that jest runs with an experiment of it.
      if (!String(line[0]).includes('ExperimentalWarning: VM Modules')) print(...line);
      return true;
    });
  }
});

afterEach(async () => {
  jest.restoreAllMocks();
  await closeLoopbacks();
  expect(printed).toEqual([]);
});

describe('nothing is printed', () => {
  it('by no codec and no operator, whatever they are given', () => {
    const { values, errors, problems } = play();
    expect([...new Set(problems)]).toEqual([]);
    expect(values).toBeGreaterThan(1_000);
    expect(errors.length).toBeGreaterThan(100);
  }, 60_000);

  it('would be seen', () => {
    // eslint-disable-next-line no-console -- as the library must not
    console.warn('a');
    process.stderr.write('b');
    expect(printed.splice(0)).toEqual([['a'], ['b']]);
  });
});

describe('hostile names', () => {
  it('go through every codec', () => {
    const folders = readdirSync(new URL('../src/codecs/', import.meta.url), { withFileTypes: true });
    const names = folders
      .filter((entry) => entry.isDirectory() && entry.name !== 'kit')
      .map(({ name }) => name);
    expect(Object.keys(CODECS)).toEqual(names.sort());
  });

  it.each(HOSTILE_NAMES)('come out as they came in: %s', async (name) => {
    const json = `{"${name}":{"polluted":true}}`;
    const given = [
      events.messageStart(),
      events.toolUseStart(0, name, name),
      events.inputJsonDelta(0, json),
      events.blockStop(0),
      events.messageDelta('tool_use'),
      events.messageStop(),
    ];
    const { values } = await outcomeOf(fromBytes(wire(...given), { codec: anthropic }).pipe(toMessage()));
    const [message] = values;
    const [block] = message?.content ?? [];
    expect(block).toMatchObject({ id: name, name });
    const input = (block as { input: object }).input;
    expect(Object.keys(input)).toEqual([name]);
    expect(JSON.stringify(input)).toBe(json);
    expect(Object.getPrototypeOf(input)).toBe(Object.prototype);
  });

  it.each([
    ['a strict page', ['--disallow-code-generation-from-strings', '--disable-proto=throw']],
    ['frozen built-ins', ['--frozen-intrinsics']],
    ['both', ['--frozen-intrinsics', '--disallow-code-generation-from-strings', '--disable-proto=throw']],
  ])(
    'and all else work under %s',
    async (_, flags) => {
      const program = fileURLToPath(new URL('security/program.ts', import.meta.url));
      const root = fileURLToPath(new URL('..', import.meta.url));
      const { NODE_OPTIONS: _options, ...env } = process.env;
      const child = spawn(process.execPath, ['--no-warnings', ...flags, '--import', 'tsx', program], {
        cwd: root,
        env,
      });
      const closed = new Promise((resolve) => child.once('close', resolve));
      const [out, err, code] = await Promise.all([text(child.stdout), text(child.stderr), closed]);
      expect({ out, err, code }).toEqual({ out: '', err: '', code: 0 });
    },
    60_000,
  );
});

/** What each place holds that an error could take it from. The parts of a request must not show anywhere. */
const SEEDS = {
  key: 'sk-seed-key-0123456789',
  bearer: 'seed-bearer-0123456789',
  cookie: 'seed-cookie-0123456789',
  other: 'seed-other-header-0123456789',
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
  aborted: [{ answer: () => undefined, signal: AbortSignal.abort() }],
};

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
    expect(error).toMatchObject({ code: 'network' });
    expect(shown(error as StreamError)).not.toContain('seed-');
  });
});

/** What a run takes of the processor, in ms. */
function timeOf(run: () => void): number {
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** Far beyond what they take on a slow machine, some 100 ms, and far below what a square of a million would. */
const ENOUGH = 3_000;

const MEGABYTE = 1_000_000;

const filled = (piece: string): string => piece.repeat(Math.ceil(MEGABYTE / piece.length)).slice(0, MEGABYTE);

/** A megabyte of each, with which a reader may be tempted to look again at what it has seen. */
const TEMPTING: readonly (readonly [string, string])[] = [
  ...[
    '\n',
    '\r',
    '\r\n',
    ' ',
    '\t',
    ':',
    ': \n',
    'data\n',
    'data:\n',
    'id\n',
    'id:a\n\n',
    'retry: 1\n\n',
    'event:a\n',
    'a\n',
    '\n\n',
    '\r\r',
  ],
  ...[
    '{',
    '[',
    '"',
    '\\',
    '\\"',
    '{"',
    '[{',
    '{"a":',
    '[1,',
    '1',
    '-',
    '0.',
    '1e',
    'tru',
    '\\u',
    '\ud83d',
    '\u0000',
    '\ufeff',
  ],
  ...['```json\n', '```', '```{', '{}', '[]', '{ ', '[ ]', 'a{', '<', '</', '…', ', ', '{"type":'],
].map((piece) => [JSON.stringify(piece), filled(piece)] as const);

describe('a megabyte of', () => {
  it.each(TEMPTING)(
    '%s takes no longer than it has to',
    (_, hostile) => {
      const ignore = { error: () => undefined };
      const codecs = Object.values(CODECS).flat();
      const runs: Readonly<Record<string, () => void>> = {
        sse: () => from([hostile]).pipe(sse()).subscribe(ignore),
        ndjson: () => from([hostile]).pipe(ndjson()).subscribe(ignore),
        prose: () =>
          from([hostile, hostile])
            .pipe(accumulateJson({ prose: 'skip' }))
            .subscribe(ignore),
        elements: () =>
          from([hostile])
            .pipe(toArrayElements({ prose: 'skip' }))
            .subscribe(ignore),
        'pieces of 10': () =>
          from(hostile.match(/[^]{1,10}/gu) ?? [])
            .pipe(sse())
            .subscribe(ignore),
        'as text': () => {
          const given = [
            ...BEGUN,
            events.textDelta(0, hostile),
            ...CALL.slice(1),
            events.inputJsonDelta(0, hostile),
          ];
          from(given).pipe(toMessage()).subscribe(ignore);
        },
        ...Object.fromEntries(
          codecs.map((codec, nth) => [
            `${codec.name} ${nth}`,
            () => {
              fromBytes(hostile, { codec }).subscribe(ignore);
              fromBytes(`data: ${JSON.stringify(events.textDelta(0, hostile))}\n\n`, { codec }).subscribe(
                ignore,
              );
              fromBytes(`${JSON.stringify({ type: hostile, event: hostile, error: hostile })}\n`, {
                codec,
              }).subscribe(ignore);
            },
          ]),
        ),
      };
      const slow = Object.entries(runs).filter(([, run]) => timeOf(run) > ENOUGH);
      expect(slow.map(([name]) => name)).toEqual([]);
    },
    60_000,
  );
});
