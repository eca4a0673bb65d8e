import { apiError } from '../../src/errors/apiError.js';
import * as events from '../../src/events/make.js';

describe('an error event as an error', () => {
  it.each([
    ['the type’s own status', events.error('overloaded_error', 'Busy'), 529, true],
    ['that of a name of OpenAI’s', events.error('server_error', 'Busy'), 500, true],
    ['that of another name of OpenAI’s', events.error('rate_limit_exceeded', 'Slow down'), 429, true],
    ['none for a type without one', events.error('new_error', 'Busy'), undefined, false],
    ['that which the error names', naming('SERVICE_UNAVAILABLE', { status: 502 }), 502, true],
    [
      'that which it names rather than the type’s',
      naming('invalid_request_error', { status: 502 }),
      502,
      true,
    ],
    [
      'no word of its own where the status does not say',
      naming('rate_limit_error', { retryable: false }),
      429,
      false,
    ],
    ['its own word where it has no status', naming('new_error', { retryable: true }), undefined, true],
  ])('has %s', (_, event, status, retryable) => {
    const { message, type } = event.error;
    expect(apiError(event)).toMatchObject({ code: 'api', errorType: type, retryable });
    expect(apiError(event).status).toBe(status);
    expect(apiError(event).message).toBe(`${type}: ${message}`);
  });
});

function naming(type: string, more: object): ReturnType<typeof events.error> {
  return { type: 'error', error: { type, message: 'Upstream failed', ...more } };
}
