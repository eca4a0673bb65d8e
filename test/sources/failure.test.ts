import { concat, defer, from, lastValueFrom, map, of, throwError, type Observable } from 'rxjs';
import { anthropic } from '../../src/codecs/anthropic/codec.js';
import { StreamError } from '../../src/errors/streamError.js';
import type { StreamEvent } from '../../src/events/event.js';
import { toMessage } from '../../src/operators/toMessage.js';
import { toText } from '../../src/operators/toText.js';
import { untilTerminal } from '../../src/operators/untilTerminal.js';
import { fromHttpEvents } from '../../src/sources/angular/fromHttpEvents.js';
import { isNetworkFailure } from '../../src/sources/failure.js';
import { fromBytes } from '../../src/sources/fromBytes.js';
import { fromResponse } from '../../src/sources/fromResponse.js';
import type { Fetch } from '../../src/sources/answer.js';
import { streamEvents } from '../../src/sources/streamEvents.js';
import { ANSWER, wire } from './loopback.js';
import { failureOf } from './outcome.js';

const coded = (code: string, message = 'failed') => Object.assign(new Error(message), { code });
const named = (name: string) => Object.assign(new Error('failed'), { name });
const fault = new TypeError("Cannot read properties of undefined (reading 'fetch')");

describe('a failure of the network', () => {
  it.each<[string, unknown]>([
    ['undici, no connection', new TypeError('fetch failed', { cause: coded('ECONNREFUSED') })],
    ['undici, no such host', new TypeError('fetch failed', { cause: coded('ENOTFOUND') })],
    [
      'undici, no headers in time',
      new TypeError('fetch failed', { cause: coded('UND_ERR_HEADERS_TIMEOUT') }),
    ],
    ['undici, a certificate', new TypeError('fetch failed', { cause: coded('DEPTH_ZERO_SELF_SIGNED_CERT') })],
    ['undici, in the body', new TypeError('terminated', { cause: coded('UND_ERR_SOCKET') })],
    ['undici, a body that cannot be unpacked', new TypeError('terminated', { cause: coded('Z_DATA_ERROR') })],
    ['undici, without a cause', new TypeError('fetch failed')],
    ['Chrome, no connection', new TypeError('Failed to fetch')],
    ['Chrome, in the body', new TypeError('network error')],
    ['Firefox, no connection', new TypeError('NetworkError when attempting to fetch resource.')],
    ['Firefox, in the body', new TypeError('Error in input stream')],
    ['Safari, no connection', new TypeError('Load failed')],
    ['Safari, offline', new TypeError('The Internet connection appears to be offline.')],
    ['Safari, in the body', new TypeError('The network connection was lost.')],
    ['React Native', new TypeError('Network request failed')],
    ['Deno', new TypeError('error sending request for url (http://127.0.0.1/)')],
    [
      'Bun, no connection',
      coded('ConnectionRefused', 'Unable to connect. Is the computer able to access the url?'),
    ],
    ['Bun, in the body', coded('ECONNRESET', 'The socket connection was closed unexpectedly.')],
    ['a Node socket', coded('EPIPE')],
    ['HTTP/2', coded('ERR_HTTP2_STREAM_ERROR')],
    ['a Node stream', coded('ERR_STREAM_PREMATURE_CLOSE')],
    ['a platform that ended the request', named('AbortError')],
    ['a platform that waited long enough', named('TimeoutError')],
    ['an SDK’s connection error', new Error('Connection error.', { cause: new TypeError('fetch failed') })],
  ])('is known by what %s says', (_, error) => {
    expect(isNetworkFailure(error)).toBe(true);
  });

  it.each<[string, unknown]>([
    ['a bug of the caller', fault],
    ['a bug that speaks of a function', new TypeError('fetchIt is not a function')],
    [
      'an address that is none',
      new TypeError('Failed to parse URL from http://', { cause: coded('ERR_INVALID_URL') }),
    ],
    ['a scheme that is none', new TypeError('fetch failed', { cause: new Error('unknown scheme') })],
    ['a port that is forbidden', new TypeError('fetch failed', { cause: new Error('bad port') })],
    ['a body with GET', new TypeError('Request with GET/HEAD method cannot have body.')],
    ['a file that is not there', coded('ENOENT')],
    ['a file that may not be read', coded('EACCES')],
    ['an argument', new TypeError('fetch failed', { cause: coded('UND_ERR_INVALID_ARG') })],
    ['a session that ended', new Error('No session')],
    ['a text', 'ECONNRESET'],
    ['nothing', undefined],
  ])('is not %s', (_, error) => {
    expect(isNetworkFailure(error)).toBe(false);
  });

  it('is not looked for in a circle', () => {
    const error = new Error('round');
    error.cause = error;
    expect(isNetworkFailure(error)).toBe(false);
  });
});

const lost = coded('ECONNRESET', 'The connection was lost');
const refused = Object.assign(new Error('403 Forbidden'), { status: 403 });
const busy = Object.assign(new Error('529 Overloaded'), { status: 529 });
const begun = wire(...ANSWER.slice(0, 3));

const bytesThen = (error: unknown) =>
  concat(
    of(begun),
    throwError(() => error),
  );
const bodyOf = (error: unknown) =>
  new ReadableStream<Uint8Array>({
    pull(controller) {
      if (controller.desiredSize === 1) controller.enqueue(new TextEncoder().encode(begun));
      controller.error(error);
    },
  });
const asked = (fetch: Fetch) => streamEvents('http://127.0.0.1/', { codec: anthropic, fetch });

/** Who throws what, and where. */
const PLACES: Readonly<Record<string, (error: unknown) => Observable<StreamEvent>>> = {
  'a fetch that throws': (error) =>
    asked(() => {
      throw error;
    }),
  'a fetch that rejects': (error) => asked(() => lastValueFrom(throwError(() => error))),
  'the body of a fetch': (error) => asked(() => Promise.resolve(new Response(bodyOf(error)))),
  'the body of a response': (error) => fromResponse(new Response(bodyOf(error)), { codec: anthropic }),
  'an Observable of bytes': (error) => fromBytes(bytesThen(error), { codec: anthropic }),
  'a generator of bytes': (error) =>
    fromBytes(
      (async function* () {
        yield await Promise.resolve(begun);
        throw error;
      })(),
      { codec: anthropic },
    ),
  'an iterable that is broken': (error) =>
    fromBytes(
      {
        [Symbol.asyncIterator]() {
          throw error;
        },
      },
      { codec: anthropic },
    ),
  'an interceptor, before the answer': (error) =>
    throwError(() => error).pipe(fromHttpEvents({ codec: anthropic })),
  'an interceptor, in the answer': (error) =>
    concat(
      of({ type: 0 }, { type: 3, partialText: begun }),
      throwError(() => error),
    ).pipe(fromHttpEvents({ codec: anthropic })),
  'a codec': (error) =>
    fromBytes(begun, {
      codec: {
        ...anthropic,
        decoder: () => ({
          next: () => {
            throw error;
          },
          end: () => [],
        }),
      },
    }),
  'a map behind the source': (error) =>
    fromBytes(begun, { codec: anthropic }).pipe(
      map((event) => {
        if (event.type === 'content_block_delta') throw error;
        return event;
      }),
    ),
  'a source of its own': (error) =>
    concat(
      from(ANSWER.slice(0, 3)),
      throwError(() => error),
    ),
  'a defer': (error) =>
    defer((): Observable<StreamEvent> => {
      throw error;
    }),
};

/** Of our own sources; behind them everything is foreign. */
const isOurs = (place: string): boolean => !/map|own|defer|codec/.test(place);

describe.each(Object.entries(PLACES))('what %s throws', (place, open) => {
  it.each<[string, unknown, object]>([
    ['a bug', fault, { code: 'source', retryable: false }],
    ['a status that forbids', refused, { code: 'source', retryable: false, status: 403 }],
    ['a status that passes', busy, { code: 'source', retryable: true, status: 529 }],
    [
      'a lost connection',
      lost,
      isOurs(place) ? { code: 'network', retryable: true } : { code: 'source', retryable: false },
    ],
    ['anything else', 'a text', { code: 'source', retryable: false }],
  ])('is what it is: %s', async (_, error, expected) => {
    for (const gathered of [open(error).pipe(toMessage()), open(error).pipe(untilTerminal(), toText())]) {
      const failure = await failureOf(gathered);
      expect(failure).toMatchObject(expected);
      if (typeof error === 'object') expect(failure.cause).toBe(error);
      const hasCome = /body|bytes$|in the answer|map|own/.test(place) && !/body/.test(place);
      if (hasCome) expect(failure.partial).toBeDefined();
    }
  });

  it('is itself where it is ours', async () => {
    const ours = new StreamError('timeout', 'Late', { kind: 'idle', timeoutMs: 5 });
    const failure = await failureOf(open(ours).pipe(untilTerminal(), toText()));
    expect(failure).toMatchObject({ code: 'timeout', kind: 'idle', timeoutMs: 5, retryable: true });
  });
});
