import { gzipSync } from 'node:zlib';
import * as events from '../../../src/events/make.js';
import { retryBeforeOutput } from '../../../src/operators/retryBeforeOutput.js';
import { toMessage } from '../../../src/operators/toMessage.js';
import { untilTerminal } from '../../../src/operators/untilTerminal.js';
import type { FaultGroup } from '../fault.js';
import { head } from '../faultServer.js';
import { answer, CLOSE, message, WHOLE } from './written.js';

const JSON_TYPE = { 'content-type': 'application/json' };
const HTML_TYPE = { 'content-type': 'text/html; charset=utf-8' };
const STREAM_TYPE = { 'content-type': 'text/event-stream' };

const PAGE = '<!doctype html><title>Bad Gateway</title><h1>502 Bad Gateway</h1>';

const OVERLOADED =
  '{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"},"request_id":"req_1"}';

const API_ERROR =
  '{"type":"error","error":{"type":"api_error","message":"Out of order"},"request_id":"req_1"}';

const WHOLE_MESSAGE = JSON.stringify(
  events.messageStart({ id: 'msg_1', stop_reason: 'end_turn' }).message,
  null,
  2,
);

export const answers: FaultGroup = {
  title: 'An answer that is not a stream',
  faults: [
    {
      fault: 'a proxy answers 502 with a page',
      given: { server: [answer('502 Bad Gateway', HTML_TYPE, PAGE)] },
      expected: {
        error: { code: 'http', retryable: true, status: 502, message: 'HTTP 502: Bad Gateway', raw: PAGE },
        partial: undefined,
      },
    },
    {
      fault: 'the server answers 429 and says how long to wait',
      given: { server: [answer('429 Too Many Requests', { ...JSON_TYPE, 'retry-after': '7' })] },
      expected: {
        error: { code: 'http', retryable: true, status: 429, retryAfterMs: 7000 },
        partial: undefined,
      },
    },
    {
      fault: 'the server answers 429 and says that trying again is useless',
      given: { server: [answer('429 Too Many Requests', { ...JSON_TYPE, 'x-should-retry': 'false' })] },
      expected: { error: { code: 'http', retryable: false, status: 429 }, partial: undefined },
    },
    {
      fault: 'the server answers 529, overloaded',
      given: { server: [answer('529 Overloaded', { ...JSON_TYPE, 'request-id': 'req_2' }, OVERLOADED)] },
      expected: {
        error: {
          code: 'http',
          retryable: true,
          status: 529,
          errorType: 'overloaded_error',
          requestId: 'req_2',
          message: 'HTTP 529: Overloaded',
        },
        partial: undefined,
      },
    },
    {
      fault: 'the server answers 401',
      given: { server: [answer('401 Unauthorized', JSON_TYPE, '{"error":{"type":"authentication_error"}}')] },
      expected: {
        error: { code: 'http', retryable: false, status: 401, errorType: 'authentication_error' },
        partial: undefined,
      },
    },
    {
      fault: 'the connection is reset in the document of a status that is an error',
      given: {
        server: [
          [
            head('500 Internal Server Error', { ...JSON_TYPE, 'content-length': '900' }),
            { send: '{"er' },
            { end: 'reset' },
          ],
        ],
      },
      expected: { error: { code: 'http', retryable: true, status: 500 }, partial: undefined },
    },
    {
      fault: 'a status that is well comes with a page',
      given: { server: [answer('200 OK', HTML_TYPE, PAGE)] },
      expected: { error: { code: 'not-a-stream', retryable: false, raw: PAGE }, partial: undefined },
    },
    {
      fault: 'a page calls itself an event stream',
      given: { server: [answer('200 OK', STREAM_TYPE, PAGE)] },
      expected: { error: { code: 'not-a-stream', retryable: false, raw: PAGE }, partial: undefined },
    },
    {
      fault: 'a status that is well comes with a JSON error',
      given: { server: [answer('200 OK', JSON_TYPE, API_ERROR)] },
      expected: {
        error: {
          code: 'api',
          retryable: true,
          status: 500,
          errorType: 'api_error',
          requestId: 'req_1',
          message: 'api_error: Out of order',
        },
        partial: undefined,
      },
    },
    {
      fault: 'a JSON error calls itself an event stream',
      given: { server: [answer('200 OK', STREAM_TYPE, API_ERROR)] },
      expected: {
        error: { code: 'api', retryable: true, errorType: 'api_error', requestId: 'req_1' },
        partial: undefined,
      },
    },
    {
      fault: 'a gateway drops the stream flag and answers with the whole message',
      given: { server: [answer('200 OK', JSON_TYPE, WHOLE_MESSAGE)] },
      expected: {
        error: {
          code: 'not-a-stream',
          retryable: false,
          message:
            'The server sent a whole answer instead of a stream: the request has to ask for one, as stream: true does',
        },
        partial: undefined,
      },
    },
    {
      fault: 'a status that is well comes with nothing',
      given: { server: [answer('200 OK', STREAM_TYPE)] },
      expected: {
        error: { code: 'not-a-stream', retryable: false, message: 'The server sent no events' },
        partial: undefined,
      },
    },
    {
      fault: 'the answer has no content',
      given: { server: [[head('204 No Content'), CLOSE]] },
      expected: { error: { code: 'not-a-stream', retryable: false }, partial: undefined },
    },
    {
      fault: 'the stream holds nothing but comments',
      given: { server: [answer('200 OK', STREAM_TYPE, ': hello\n\n: still here\n\n')] },
      expected: { error: { code: 'not-a-stream', retryable: false }, partial: undefined },
    },
    {
      fault: 'an event stream calls itself plain text',
      given: { server: [answer('200 OK', { 'content-type': 'text/plain' }, WHOLE)] },
      expected: { gives: 'the message', values: [message('Hello')] },
    },
    {
      fault: 'an event stream does not say what it is',
      given: { server: [answer('200 OK', {}, WHOLE)] },
      expected: { gives: 'the message', values: [message('Hello')] },
    },
    {
      fault: 'an event stream calls itself JSON',
      given: { server: [answer('200 OK', JSON_TYPE, WHOLE)] },
      expected: { gives: 'the message', values: [message('Hello')] },
    },
    {
      fault: 'an event stream calls itself a page',
      given: { server: [answer('200 OK', HTML_TYPE, WHOLE)] },
      expected: { gives: 'the message', values: [message('Hello')] },
    },
    {
      fault: 'the stream is compressed, and the header that says so was lost',
      given: { bytes: gzipSync(WHOLE) },
      expected: {
        error: {
          code: 'not-a-stream',
          retryable: false,
          message: 'The server sent gzip without content-encoding instead of a stream',
        },
        partial: undefined,
      },
    },
    {
      fault: 'the frames of an AWS event stream are read as SSE',
      given: { bytes: '\0\0\0\x7f\0\0\0\x4b\x0b:event-type\x07\0\x05chunk{"bytes":"e30="}' },
      expected: {
        error: {
          code: 'not-a-stream',
          retryable: false,
          message: 'The server sent an AWS event stream instead of a stream',
        },
        partial: undefined,
      },
    },
    {
      fault: 'words instead of a stream',
      given: { bytes: 'no healthy upstream' },
      expected: {
        error: { code: 'not-a-stream', retryable: false, raw: 'no healthy upstream' },
        partial: undefined,
      },
    },
    {
      fault: 'heartbeats, and then a JSON error',
      given: { bytes: `: ping\n\n: ping\n\n${API_ERROR}` },
      expected: {
        error: { code: 'api', retryable: true, status: 500, message: 'api_error: Out of order' },
        partial: undefined,
      },
    },
    {
      fault: 'the document of a status that is an error is framed as an event',
      given: {
        server: [answer('529 Overloaded', STREAM_TYPE, `event: error\ndata: ${OVERLOADED}\n\n`)],
      },
      expected: {
        error: {
          code: 'http',
          retryable: true,
          status: 529,
          errorType: 'overloaded_error',
          requestId: 'req_1',
          message: 'HTTP 529: Overloaded',
        },
        partial: undefined,
      },
    },
    {
      fault: 'the document of a status that is an error says a detail',
      given: { server: [answer('403 Forbidden', JSON_TYPE, '{"detail":"This key may not use the model"}')] },
      expected: {
        error: {
          code: 'http',
          retryable: false,
          status: 403,
          message: 'HTTP 403: This key may not use the model',
        },
        partial: undefined,
      },
    },
    {
      fault: 'the server answers 429 and names no time',
      given: { server: [answer('429 Too Many Requests', JSON_TYPE, '{"error":{"message":"Slow down"}}')] },
      expected: {
        error: { code: 'http', retryable: true, status: 429, message: 'HTTP 429: Slow down' },
        partial: undefined,
      },
    },
    {
      fault: 'the server answers 429 because a limit of spending is reached',
      given: {
        server: [answer('429 Too Many Requests', JSON_TYPE, '{"error":{"message":"Spend limit reached"}}')],
      },
      expected: { error: { code: 'http', retryable: false, status: 429 }, partial: undefined },
    },
    {
      fault: 'the server answers 429 and names a date that is past',
      given: {
        server: [
          answer('429 Too Many Requests', { 'retry-after': 'Wed, 01 Jan 2025 12:00:00 GMT' }),
          answer('200 OK', STREAM_TYPE, WHOLE),
        ],
      },
      through: (events) => events.pipe(retryBeforeOutput({ delay: 0 }), untilTerminal(), toMessage()),
      expected: { gives: 'the message', values: [message('Hello')] },
    },
    {
      fault: 'the server answers 304',
      given: { server: [[head('304 Not Modified'), CLOSE]] },
      expected: {
        error: { code: 'http', retryable: false, status: 304, message: 'HTTP 304: Not Modified' },
        partial: undefined,
      },
    },
  ],
};
