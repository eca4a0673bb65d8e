import { inspect } from 'node:util';
import { vi } from 'vitest';
import { anthropic } from '../../src/codecs/anthropic/codec.js';
import { StreamError } from '../../src/errors/streamError.js';
import type { StreamErrorCode } from '../../src/errors/streamErrorCode.js';
import * as events from '../../src/events/make.js';
import { untilTerminal } from '../../src/operators/untilTerminal.js';
import { streamEvents, type StreamEventsOptions } from '../../src/sources/streamEvents.js';
import {
  ANSWER,
  beginStream,
  closeLoopbacks,
  deadUrl,
  loopback,
  wire,
  type Answer,
  type Exchange,
} from './loopback.js';
import { failureOf } from './outcome.js';

/** What each part of a request holds, none of it to be seen again. */
const SECRETS = {
  key: 'sk-seed-key-0123456789',
  bearer: 'seed.bearer.0123456789',
  cookie: 'seed-cookie-0123456789',
  google: 'seed-goog-key-0123456789',
  query: 'seed/query+0123456789',
  body: 'seed-body-0123456789',
};

const HEADERS = {
  'x-api-key': SECRETS.key,
  authorization: `Bearer ${SECRETS.bearer}`,
  cookie: `theme=dark; session=${SECRETS.cookie}`,
  'x-goog-api-key': SECRETS.google,
};

const RESPONSE_HEADERS = {
  'set-cookie': 'seed-set-cookie-0123456789',
  'x-internal': 'seed-internal-0123456789',
};

/** All that an error shows to whoever logs it. */
function shown(error: StreamError): string {
  return [
    String(error),
    JSON.stringify(error),
    inspect(error, { depth: 9, showHidden: true }),
    error.stack,
    inspect(error.cause, { depth: 9, showHidden: true }),
    error.cause instanceof Error ? error.cause.stack : '',
  ].join('\n');
}

const forms = (secret: string) => [secret, encodeURIComponent(secret)];
const SEEDS = [...Object.values(SECRETS), ...Object.values(RESPONSE_HEADERS)].flatMap(forms);

/** Everything of the request but its body, said again, as careless gateways do. */
function echo({ request }: Exchange): string {
  const url = decodeURIComponent(request.url ?? '');
  return `${Object.values(request.headers).join(' ')} ${request.url ?? ''} ${url}`;
}

let written: unknown[][];

beforeEach(() => {
  written = [];
  for (const method of ['log', 'info', 'warn', 'error', 'debug', 'trace'] as const) {
    vi.spyOn(console, method).mockImplementation((...line: unknown[]) => void written.push(line));
  }
});

afterEach(async () => {
  await closeLoopbacks();
  expect(written).toEqual([]);
  vi.restoreAllMocks();
});

async function failure(url: string, options: Partial<StreamEventsOptions> = {}): Promise<StreamError> {
  const source = streamEvents(`${url}/chat?key=${encodeURIComponent(SECRETS.query)}&stream=1`, {
    codec: anthropic,
    method: 'POST',
    headers: HEADERS,
    body: JSON.stringify({ prompt: SECRETS.body }),
    ...options,
  });
  return failureOf(source.pipe(untilTerminal()));
}

describe('an error shows nothing of the request', () => {
  const begin = ({ response }: Exchange, status: number, type: string): void =>
    void response.writeHead(status, { 'content-type': type, ...RESPONSE_HEADERS });

  const answers: [StreamErrorCode, string, Answer][] = [
    [
      'http',
      'a document that repeats it',
      (exchange) => {
        begin(exchange, 400, 'application/json');
        exchange.response.end(
          JSON.stringify({ error: { type: SECRETS.key, message: echo(exchange) }, request_id: SECRETS.key }),
        );
      },
    ],
    [
      'http',
      'a request id that repeats it',
      (exchange) => {
        exchange.response.setHeader('request-id', SECRETS.key);
        begin(exchange, 500, 'text/plain');
        exchange.response.end(echo(exchange));
      },
    ],
    [
      'not-a-stream',
      'a page that repeats it',
      (exchange) => {
        begin(exchange, 200, 'text/html');
        exchange.response.end(`<html>${echo(exchange)}`);
      },
    ],
    [
      'api',
      'a JSON document that repeats it',
      (exchange) => {
        begin(exchange, 200, 'text/event-stream');
        exchange.response.end(JSON.stringify({ error: echo(exchange) }));
      },
    ],
    [
      'malformed',
      'a frame that repeats it',
      (exchange) => {
        begin(exchange, 200, 'text/event-stream');
        exchange.response.end(`data: ${echo(exchange)}\n\n`);
      },
    ],
    [
      'malformed',
      'an unknown event whose name repeats it',
      (exchange) => {
        begin(exchange, 200, 'text/event-stream');
        exchange.response.end(`event: ${echo(exchange)}\ndata: {}\n\n`);
      },
    ],
    [
      'truncated',
      'an event that was cut',
      (exchange) => {
        begin(exchange, 200, 'text/event-stream');
        exchange.response.end(`data: ${echo(exchange)}`);
      },
    ],
    [
      'limit',
      'a frame that is too long',
      (exchange) => {
        begin(exchange, 200, 'text/event-stream');
        exchange.response.end(`data: ${echo(exchange).repeat(20)}\n\n`);
      },
    ],
    ['network', 'a reset before the headers', ({ request }) => request.socket.resetAndDestroy()],
    [
      'network',
      'a reset in the body',
      (exchange) => {
        beginStream(exchange, ...ANSWER.slice(0, 2));
        exchange.response.write(wire(events.ping()), () => exchange.request.socket.resetAndDestroy());
      },
    ],
    ['http', 'a redirect', ({ response }) => response.writeHead(302, { location: '/elsewhere' }).end()],
  ];

  it.each(answers)('%s: %s', async (code, _what, answer) => {
    const server = await loopback(answer);
    const error = await failure(server.url, { unknown: 'error', limits: { frame: 4096 } });
    expect(error.code).toBe(code);
    expect(SEEDS.filter((seed) => shown(error).includes(seed))).toEqual([]);
  });

  it('network: nobody listens', async () => {
    const error = await failure(await deadUrl());
    expect(error.code).toBe('network');
    expect(SEEDS.filter((seed) => shown(error).includes(seed))).toEqual([]);
  });

  it('source: an address that holds a name and a password', async () => {
    const source = streamEvents('http://seed-user:seed-pass@127.0.0.1/?key=seed-query', { codec: anthropic });
    const error = await failureOf(source);
    expect(error.code).toBe('source');
    expect(shown(error)).not.toMatch(/seed-/);
  });

  it('source: a fetch that fails with the whole request in its error', async () => {
    const error = await failure('https://example.test', {
      fetch: (input, init) => {
        const fault = Object.assign(new Error(`${inspect(input)} ${JSON.stringify(HEADERS)}`), {
          input,
          init,
        });
        return Promise.reject(new Error('failed', { cause: fault }));
      },
    });
    expect(error).toMatchObject({ code: 'source', cause: { message: 'failed' } });
    expect(SEEDS.filter((seed) => shown(error).includes(seed))).toEqual([]);
  });

  it('aborted: the reason is the caller’s own, and all there is', async () => {
    const controller = new AbortController();
    const server = await loopback(() => controller.abort());
    const error = await failure(server.url, { signal: controller.signal });
    expect(error.code).toBe('aborted');
    expect(SEEDS.filter((seed) => shown(error).includes(seed))).toEqual([]);
  });

  it('shows none of what had arrived, though it has it', () => {
    const error = new StreamError('truncated', 'Cut', { partial: { text: 'seed-partial' } });
    expect(error.partial).toEqual({ text: 'seed-partial' });
    expect(shown(error)).not.toContain('seed-partial');
  });
});
