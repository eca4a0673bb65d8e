import { apiError } from '../../src/errors/apiError.js';
import * as events from '../../src/events/make.js';

describe('an error event as an error', () => {
  it.each([
    ['the type’s own status', events.error('overloaded_error', 'Busy'), 529, true],
    ['none for a type without one', events.error('new_error', 'Busy'), undefined, false],
    ['that of a gateway’s upstream', gateways('SERVICE_UNAVAILABLE', { status: 502 }), 502, true],
    [
      'the type’s own rather than a gateway’s',
      gateways('invalid_request_error', { status: 502 }),
      400,
      false,
    ],
    ['none where a gateway gives no number', gateways('NO', { status: '502' }), undefined, false],
  ])('has %s', (_, event, status, retryable) => {
    const { message, type } = event.error;
    expect(apiError(event)).toMatchObject({ code: 'api', errorType: type, retryable });
    expect(apiError(event).status).toBe(status);
    expect(apiError(event).message).toBe(`${type}: ${message}`);
  });
});

function gateways(type: string, details: unknown): ReturnType<typeof events.error> {
  return { type: 'error', error: { type, message: 'Upstream failed', details } };
}
