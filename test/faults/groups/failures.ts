import * as events from '../../../src/events/make.js';
import { wire } from '../../sources/loopback.js';
import type { FaultGroup } from '../fault.js';
import { BEGUN, data, soFar } from './written.js';

const TYPES: readonly (readonly [
  type: Parameters<typeof events.error>[0],
  status: number,
  retryable: boolean,
])[] = [
  ['overloaded_error', 529, true],
  ['api_error', 500, true],
  ['timeout_error', 504, true],
  ['rate_limit_error', 429, true],
  ['invalid_request_error', 400, false],
  ['authentication_error', 401, false],
  ['billing_error', 402, false],
  ['permission_error', 403, false],
  ['not_found_error', 404, false],
  ['request_too_large', 413, false],
];

export const failures: FaultGroup = {
  title: 'Errors that the provider sends inside the stream',
  faults: [
    ...TYPES.map(([type, status, retryable]) => ({
      fault: `an error event of the type ${type} comes in the middle of the answer`,
      given: { bytes: BEGUN + wire(events.error(type, 'Said why', 'req_1')) },
      expected: {
        error: { code: 'api', retryable, status, errorType: type, requestId: 'req_1' } as const,
        partial: soFar('Hel'),
      },
    })),
    {
      fault: 'an error event of an unknown type comes',
      given: { bytes: BEGUN + data('{"type":"error","error":{"type":"solar_flare","message":"Wait"}}') },
      expected: {
        error: { code: 'api', retryable: false, errorType: 'solar_flare', message: 'solar_flare: Wait' },
        partial: soFar('Hel'),
      },
    },
    {
      fault: 'an error event comes before the message',
      given: { bytes: wire(events.error('overloaded_error', 'Overloaded')) },
      expected: { error: { code: 'api', retryable: true, status: 529 }, partial: undefined },
    },
    {
      fault: 'the data of an error event is text',
      given: { bytes: `${BEGUN}event: error\ndata: upstream timed out\n\n` },
      expected: {
        error: { code: 'api', retryable: true, message: 'api_error: upstream timed out' },
        partial: soFar('Hel'),
      },
    },
    {
      fault: 'the data of an error event is empty',
      given: { bytes: `${BEGUN}event: error\ndata:\n\n` },
      expected: {
        error: {
          code: 'api',
          retryable: true,
          message: 'api_error: The server sent an error without a message',
        },
        partial: soFar('Hel'),
      },
    },
    {
      fault: 'an error has no event name',
      given: { bytes: BEGUN + data('{"type":"error","error":{"type":"api_error","message":"No"}}') },
      expected: { error: { code: 'api', retryable: true, message: 'api_error: No' }, partial: soFar('Hel') },
    },
    {
      fault: 'an error has neither an event name nor a type',
      given: { bytes: BEGUN + data('{"error":{"message":"No","code":429}}') },
      expected: { error: { code: 'api', retryable: true, message: 'api_error: No' }, partial: soFar('Hel') },
    },
    {
      fault: 'an error comes as a field of its own',
      given: { bytes: `${BEGUN}error: {"code":400,"message":"It does not fit"}\n\n` },
      expected: {
        error: { code: 'api', retryable: false, status: 400, message: 'api_error: It does not fit' },
        partial: soFar('Hel'),
      },
    },
    {
      fault: 'an error comes as a bare line of JSON',
      given: { bytes: `${BEGUN}{"error":{"code":503,"message":"No worker"}}\n\n` },
      expected: {
        error: { code: 'api', retryable: true, status: 503, message: 'api_error: No worker' },
        partial: soFar('Hel'),
      },
    },
    {
      fault: 'words in a field error, and no end',
      given: { bytes: `${BEGUN}error: the worker died\n\n` },
      expected: {
        error: { code: 'api', retryable: true, message: 'api_error: the worker died' },
        partial: soFar('Hel'),
      },
    },
  ],
};
