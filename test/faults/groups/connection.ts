import { constants, gzipSync } from 'node:zlib';
import { map, toArray } from 'rxjs';
import { toMessage } from '../../../src/operators/toMessage.js';
import { ANSWER } from '../../sources/loopback.js';
import type { FaultGroup } from '../fault.js';
import { chunk, ELSEWHERE, head, type Script } from '../faultServer.js';
import { BEGUN, CHUNKED, CLOSE, LAST_CHUNK, message, soFar, STREAM, WHOLE } from './written.js';

const GZIPPED = head('200 OK', { 'content-type': 'text/event-stream', 'content-encoding': 'gzip' });

/** All of it can be read, and the end of the compression is missing. */
const CUT_SHORT = gzipSync(BEGUN, { finishFlush: constants.Z_SYNC_FLUSH });

const KEPT_ALIVE = {
  'content-type': 'text/event-stream',
  'content-length': String(Buffer.byteLength(WHOLE)),
  connection: 'keep-alive',
};

const keptAlive: Script = [head('200 OK', KEPT_ALIVE), { send: WHOLE }];

const redirect: Script = [
  head('307 Temporary Redirect', { location: `${ELSEWHERE}/elsewhere`, 'content-length': '0' }),
  CLOSE,
];

const credentials = { authorization: 'Bearer very-secret', 'x-api-key': 'very-secret-too' };

export const connection: FaultGroup = {
  title: 'The connection',
  faults: [
    {
      fault: 'the connection is reset in the middle of the stream',
      given: { server: [[CHUNKED, chunk(BEGUN), { seen: 3 }, { end: 'reset' }]] },
      expected: { error: { code: 'network', retryable: true }, partial: soFar('Hel') },
    },
    {
      fault: 'the connection is reset inside an event',
      given: { server: [[CHUNKED, chunk(`${BEGUN}data: {"ty`), { seen: 3 }, { end: 'reset' }]] },
      expected: { error: { code: 'network', retryable: true }, partial: soFar('Hel') },
    },
    {
      // Node takes whatever ends a connection that was not to be kept alive for the end of the body.
      fault: 'a connection that is not kept alive is reset in the middle of the stream',
      given: {
        server: [
          [
            head('200 OK', { 'content-type': 'text/event-stream', connection: 'close' }),
            { send: BEGUN },
            { seen: 3 },
            { end: 'reset' },
          ],
        ],
      },
      expected: { error: { code: 'truncated', retryable: true }, partial: soFar('Hel') },
    },
    {
      fault: 'the connection is reset before the headers',
      given: { server: [[{ end: 'reset' }]] },
      expected: { error: { code: 'network', retryable: true }, partial: undefined },
    },
    {
      fault: 'the server hangs up before the headers',
      given: { server: [[CLOSE]] },
      expected: { error: { code: 'network', retryable: true }, partial: undefined },
    },
    {
      fault: 'the server ends its half of the connection in the middle of a block',
      given: { server: [[STREAM, { send: BEGUN }, CLOSE]] },
      expected: { error: { code: 'truncated', retryable: true }, partial: soFar('Hel') },
    },
    {
      fault: 'the server ends a chunked body without its last chunk',
      given: { server: [[CHUNKED, chunk(BEGUN), { seen: 3 }, CLOSE]] },
      expected: { error: { code: 'network', retryable: true }, partial: soFar('Hel') },
    },
    {
      fault: 'a chunked body goes on with bytes that are not a chunk',
      given: { server: [[CHUNKED, chunk(BEGUN), { seen: 3 }, { send: 'no chunk\r\n' }]] },
      expected: { error: { code: 'network', retryable: true }, partial: soFar('Hel') },
    },
    {
      fault: 'content-length says more than the body has',
      given: {
        server: [
          [
            head('200 OK', { 'content-type': 'text/event-stream', 'content-length': '100000' }),
            { send: BEGUN },
            { seen: 3 },
            CLOSE,
          ],
        ],
      },
      expected: { error: { code: 'network', retryable: true }, partial: soFar('Hel') },
    },
    {
      fault: 'content-length says less than the body has',
      given: {
        server: [
          [
            head('200 OK', {
              'content-type': 'text/event-stream',
              'content-length': String(Buffer.byteLength(BEGUN) + 30),
            }),
            { send: WHOLE },
            CLOSE,
          ],
        ],
      },
      expected: { error: { code: 'truncated', retryable: true }, partial: soFar('Hel') },
    },
    {
      fault: 'the server never hangs up after the answer',
      given: { server: [[CHUNKED, chunk(WHOLE)]] },
      expected: {
        gives: 'the message at `message_stop`; the connection is closed',
        values: [message('Hello')],
      },
    },
    {
      fault: 'the bytes come one by one',
      given: { server: [[STREAM, { drip: WHOLE }, CLOSE]] },
      expected: { gives: 'the message', values: [message('Hello')] },
    },
    {
      fault: 'a proxy holds the answer back and sends it at once',
      given: { server: [[CHUNKED, chunk(WHOLE), LAST_CHUNK, CLOSE]] },
      expected: { gives: 'the message, all its events at once', values: [message('Hello')] },
    },
    {
      fault: 'a proxy compresses the answer',
      given: { server: [[GZIPPED, { send: gzipSync(WHOLE) }, CLOSE]] },
      expected: { gives: 'the message; `fetch` decompresses it', values: [message('Hello')] },
    },
    {
      fault: 'a compressed answer is cut short',
      given: { server: [[GZIPPED, { send: CUT_SHORT }, CLOSE]] },
      expected: { error: { code: 'truncated', retryable: true }, partial: soFar('Hel') },
    },
    {
      fault: 'a connection is kept alive for the next request',
      given: { server: [keptAlive], times: 2 },
      through: (events) => events.pipe(toArray()),
      expected: { gives: 'both answers, over one connection', values: [ANSWER] },
      asked: { connections: 1, requests: 2 },
    },
    {
      fault: 'a connection that was kept alive is gone when it is used again',
      given: { server: [keptAlive, [{ end: 'reset' }]], times: 2 },
      through: (events) => events.pipe(toArray()),
      expected: { error: { code: 'network', retryable: true }, partial: undefined },
      asked: { connections: 1, requests: 2 },
    },
    {
      fault: 'an operator of the application throws while the answer comes',
      given: { server: [keptAlive] },
      through: (events) => events.pipe(map(mistaken), toMessage()),
      expected: { error: { code: 'source', retryable: false }, partial: undefined },
    },
    {
      fault: 'the server redirects to another one',
      given: { server: [redirect], elsewhere: keptAlive, options: { headers: credentials } },
      expected: { error: { code: 'http', retryable: false, status: 307 }, partial: undefined },
      asked: { requests: 1, elsewhere: { requests: 0, without: [] } },
    },
    {
      fault: 'the server redirects to another one, and the caller follows',
      given: {
        server: [redirect],
        elsewhere: [STREAM, { send: WHOLE }, CLOSE],
        options: { headers: { authorization: credentials.authorization }, redirect: 'follow' },
      },
      expected: { gives: 'the message; `authorization` stays behind', values: [message('Hello')] },
      asked: { requests: 1, elsewhere: { requests: 1, without: ['authorization'] } },
    },
    {
      fault: 'the caller aborts the request',
      given: { server: [[CHUNKED, chunk(BEGUN), { seen: 3 }, { abort: true }]] },
      expected: { error: { code: 'aborted', retryable: false }, partial: soFar('Hel') },
    },
  ],
};

function mistaken(): never {
  throw new TypeError('undefined is not a function');
}
