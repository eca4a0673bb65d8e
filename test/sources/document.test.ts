import { StreamError } from '../../src/errors/streamError.js';
import { DocumentReader, httpError, notAStream } from '../../src/sources/document.js';

const NOW = Date.UTC(2025, 0, 1, 12);

function retryAfterMs(headers: Record<string, string>): number | undefined {
  return httpError(new Response(null, { status: 429, headers }), '', NOW).retryAfterMs;
}

function retryable(status: number, shouldRetry: string): boolean {
  const headers = { 'x-should-retry': shouldRetry };
  return httpError(new Response(null, { status, headers }), '', NOW).retryable;
}

function said(document: unknown) {
  const response = new Response(null, { status: 400 });
  const { message, errorType, requestId } = httpError(response, JSON.stringify(document), NOW);
  return { message: message.split(': ')[1], errorType, requestId };
}

describe('retryAfterMs', () => {
  it.each([
    ['5', 5000],
    ['0', 0],
    ['0.5', 500],
    ['1.0001', 1001],
    ['Wed, 01 Jan 2025 12:00:30 GMT', 30_000],
    ['Wed, 01 Jan 2025 12:00:00 GMT', 0],
    ['Wed, 01 Jan 2025 11:59:57 GMT', 0],
    ['Wed, 01 Jan 2020 12:00:00 GMT', 0],
  ])('is read from retry-after: %s', (value, expected) => {
    expect(retryAfterMs({ 'retry-after': value })).toBe(expected);
  });

  it('is read from retry-after-ms first', () => {
    expect(retryAfterMs({ 'retry-after-ms': '1500', 'retry-after': '9' })).toBe(1500);
    expect(retryAfterMs({ 'retry-after-ms': 'soon', 'retry-after': '9' })).toBe(9000);
  });

  it.each(['', 'soon', '-1', '1e3', 'NaN', 'Infinity', '5 apples', '99999999999'])(
    'is nothing for retry-after: %p',
    (value) => {
      expect(retryAfterMs({ 'retry-after': value })).toBeUndefined();
    },
  );

  it('is nothing where it is more than a timer can hold, in any unit', () => {
    expect(retryAfterMs({ 'retry-after-ms': '2147483648' })).toBeUndefined();
    expect(retryAfterMs({ 'retry-after-ms': '2147483647' })).toBe(2_147_483_647);
    expect(retryAfterMs({ 'retry-after': '2147484' })).toBeUndefined();
    expect(retryAfterMs({ 'retry-after': 'Sun, 01 Jan 2090 12:00:00 GMT' })).toBeUndefined();
  });

  it('is nothing without a header', () => {
    expect(retryAfterMs({})).toBeUndefined();
  });
});

describe('retryable', () => {
  it('is what x-should-retry says, and what the status says where that says nothing', () => {
    expect(retryable(400, 'true')).toBe(true);
    expect(retryable(500, 'false')).toBe(false);
    expect(retryable(500, 'perhaps')).toBe(true);
    expect(retryable(400, 'perhaps')).toBe(false);
  });
});

describe('an error document', () => {
  it.each([
    [{ error: { type: 'a_type', message: 'Text' } }, { message: 'Text', errorType: 'a_type' }],
    [{ error: { code: 'a_code', message: 'Text' } }, { message: 'Text', errorType: 'a_code' }],
    [{ error: 'Text' }, { message: 'Text' }],
    [
      { message: 'Text', code: 'a_code' },
      { message: 'Text', errorType: 'a_code' },
    ],
    [{ error: { message: 'Text', request_id: 'req_1' } }, { message: 'Text', requestId: 'req_1' }],
    [{ error: { code: 429, message: 'Text' } }, { message: 'Text' }],
    [{ error: null, request_id: 7 }, {}],
    [[1], {}],
    ['Text', {}],
    [null, {}],
  ])('%j is understood', (document, expected) => {
    expect(said(document)).toEqual({
      message: undefined,
      errorType: undefined,
      requestId: undefined,
      ...expected,
    });
  });

  it('has a request id by either name of the header', () => {
    const headers = { 'x-request-id': 'req_x' };
    expect(httpError(new Response(null, { status: 500, headers }), '', NOW).requestId).toBe('req_x');
  });

  it('shows no more than 200 characters of itself and 500 of its message', () => {
    const error = notAStream(
      JSON.stringify({ error: { message: 'x'.repeat(10_000), type: 'y'.repeat(1000) } }),
    );
    expect(error.raw?.length).toBeLessThanOrEqual(200);
    expect(error.errorType).toHaveLength(200);
    expect(error.message).toHaveLength(500);
  });
});

describe('DocumentReader', () => {
  const failure = (text: string) => new StreamError('not-a-stream', text);

  it('reads characters that the network cut', () => {
    const reader = new DocumentReader(failure);
    for (const byte of new TextEncoder().encode('früh')) reader.next(Uint8Array.of(byte));
    expect(() => reader.end()).toThrow('früh');
  });

  it('stops at 64 KiB', () => {
    const reader = new DocumentReader(failure);
    reader.next('x'.repeat(65_535));
    expect(() => reader.next('x')).toThrow(StreamError);
  });

  it('fails with what it has when its source is interrupted', () => {
    const reader = new DocumentReader(failure);
    reader.next('half');
    expect(() => reader.interrupted()).toThrow('half');
  });
});
