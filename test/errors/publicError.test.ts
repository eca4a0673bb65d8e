import { publicError } from '../../src/errors/publicError.js';
import { StreamError, type StreamErrorDetails } from '../../src/errors/streamError.js';
import type { StreamErrorCode } from '../../src/errors/streamErrorCode.js';

const CODES: readonly StreamErrorCode[] = [
  'http',
  'network',
  'timeout',
  'not-a-stream',
  'malformed',
  'protocol',
  'api',
  'truncated',
  'limit',
  'tool-input',
  'gap',
  'gone',
  'abandoned',
  'aborted',
  'source',
];

describe('publicError', () => {
  it.each(CODES)('says of %s nothing that somebody else wrote', (code) => {
    const foreign = 'foreign words';
    const details: StreamErrorDetails = {
      status: 429,
      kind: 'idle',
      timeoutMs: 5,
      retryable: true,
      retryAfterMs: 7000,
      errorType: foreign,
      requestId: foreign,
      raw: foreign,
      partial: foreign,
      cause: new Error(foreign),
    };
    const said = publicError(new StreamError(code, foreign, details));
    expect(said).toEqual({
      code,
      message: expect.stringMatching(/^[A-Z][a-z ]+\.$/) as string,
      retryable: true,
      retryAfterMs: 7000,
      statusClass: 4,
    });
    expect(JSON.stringify(said)).not.toContain('foreign');
  });

  it('leaves out what is not known', () => {
    expect(publicError(new StreamError('truncated', 'Cut'))).toEqual({
      code: 'truncated',
      message: 'The answer was cut off.',
      retryable: true,
    });
    expect(publicError(new StreamError('http', 'HTTP', { status: 0 }))).not.toHaveProperty('statusClass');
  });

  it.each([new TypeError('secret is not a function'), 'secret', undefined, null, { secret: true }])(
    'says of %p that something went wrong',
    (error) => {
      expect(publicError(error)).toEqual({
        code: 'source',
        message: 'Something went wrong.',
        retryable: false,
      });
    },
  );

  it('knows the status of an SDK’s error', () => {
    const error = Object.assign(new Error('401 {"error":"key"}'), { status: 401 });
    expect(publicError(error)).toMatchObject({ code: 'source', retryable: false, statusClass: 4 });
  });
});
