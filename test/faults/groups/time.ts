import { retryBeforeOutput } from '../../../src/operators/retryBeforeOutput.js';
import { streamTimeout } from '../../../src/operators/streamTimeout.js';
import { toMessage } from '../../../src/operators/toMessage.js';
import { untilTerminal } from '../../../src/operators/untilTerminal.js';
import * as events from '../../../src/events/make.js';
import type { StreamTimeoutOptions } from '../../../src/fold/pace/clocks.js';
import { ANSWER, wire } from '../../sources/loopback.js';
import type { FaultGroup, Through } from '../fault.js';
import { chunk, type Script } from '../faultServer.js';
import { answer, BEGUN, CHUNKED, CLOSE, LAST_CHUNK, message, soFar, WHOLE } from './written.js';

const MORE = chunk(wire(events.textDelta(0, 'hel')));

const PING = chunk(wire(events.ping()));

const within =
  (options: StreamTimeoutOptions): Through =>
  (all, clock) =>
    all.pipe(streamTimeout(options, clock), untilTerminal(), toMessage());

const retried: Through = (all, clock) =>
  all.pipe(retryBeforeOutput({ jitter: 0 }, clock), untilTerminal(), toMessage());

const whole: Script = [CHUNKED, chunk(WHOLE), LAST_CHUNK, CLOSE];

export const time: FaultGroup = {
  title: 'Time',
  faults: [
    {
      fault: 'the server accepts the request and says nothing',
      given: { server: [[{ pass: 60_000 }]] },
      through: within({ firstToken: 60_000 }),
      expected: {
        error: { code: 'timeout', retryable: true, kind: 'firstToken', timeoutMs: 60_000 },
        partial: undefined,
      },
    },
    {
      fault: 'the server sends pings and never an answer',
      given: {
        server: [
          [
            CHUNKED,
            PING,
            { seen: 1 },
            { pass: 25_000 },
            PING,
            { seen: 2 },
            { pass: 25_000 },
            PING,
            { seen: 3 },
            { pass: 10_000 },
          ],
        ],
      },
      through: within({ firstToken: 60_000, idle: 30_000 }),
      expected: { error: { code: 'timeout', retryable: true, kind: 'firstToken' }, partial: undefined },
    },
    {
      fault: 'the stream falls silent in the middle of the answer',
      given: { server: [[CHUNKED, chunk(BEGUN), { seen: 3 }, { pass: 20_000 }]] },
      through: within({ idle: 20_000 }),
      expected: {
        error: { code: 'timeout', retryable: true, kind: 'idle', timeoutMs: 20_000 },
        partial: soFar('Hel'),
      },
    },
    {
      fault: 'the stream sends nothing but pings from the middle of the answer on',
      given: {
        server: [[CHUNKED, chunk(BEGUN), { seen: 3 }, { pass: 15_000 }, PING, { seen: 4 }, { pass: 5_000 }]],
      },
      through: within({ idle: 20_000 }),
      expected: { error: { code: 'timeout', retryable: true, kind: 'idle' }, partial: soFar('Hel') },
    },
    {
      fault: 'an answer goes on and on',
      given: {
        server: [[CHUNKED, chunk(BEGUN), { seen: 3 }, { pass: 15_000 }, MORE, { seen: 4 }, { pass: 15_000 }]],
      },
      through: within({ idle: 20_000, total: 30_000 }),
      expected: {
        error: { code: 'timeout', retryable: true, kind: 'total', timeoutMs: 30_000 },
        partial: soFar('Helhel'),
      },
    },
    {
      fault: 'an answer takes long, and never pauses for long',
      given: {
        server: [
          [
            CHUNKED,
            chunk(BEGUN),
            { seen: 3 },
            { pass: 19_999 },
            chunk(wire(...ANSWER.slice(3, 5))),
            { seen: 5 },
            { pass: 19_999 },
            chunk(wire(...ANSWER.slice(5))),
          ],
        ],
      },
      through: within({ idle: 20_000 }),
      expected: { gives: 'the message: `idle` is no limit of the whole', values: [message('Hello')] },
    },
    {
      fault: 'the server is overloaded at first, and says how long to wait',
      given: {
        server: [[...answer('529 Overloaded', { 'retry-after': '2' }), { pass: 2_000 }], whole],
      },
      through: retried,
      expected: { gives: 'the message, from the second request', values: [message('Hello')] },
      asked: { requests: 2 },
    },
    {
      fault: 'an error event comes before any content',
      given: {
        server: [
          [
            CHUNKED,
            chunk(wire(ANSWER[0] ?? events.ping(), events.error('overloaded_error', 'Overloaded'))),
            { pass: 500 },
          ],
          whole,
        ],
      },
      through: retried,
      expected: { gives: 'the message, from the second request', values: [message('Hello')] },
      asked: { requests: 2 },
    },
    {
      fault: 'an error event comes after content, and requests are retried',
      given: {
        server: [[CHUNKED, chunk(BEGUN + wire(events.error('overloaded_error', 'Overloaded')))]],
      },
      through: retried,
      expected: { error: { code: 'api', retryable: true, status: 529 }, partial: soFar('Hel') },
      asked: { requests: 1 },
    },
    {
      fault: 'the connection is reset before any content',
      given: { server: [[{ end: 'reset' }, { pass: 500 }], whole] },
      through: retried,
      expected: { gives: 'the message, from the second request', values: [message('Hello')] },
      asked: { requests: 2 },
    },
  ],
};
