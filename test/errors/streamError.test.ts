import { inspect } from 'node:util';
import { StreamError, truncated, withPartial, type StreamErrorCode } from '../../src/errors/streamError.js';

const DETAILS = {
  cause: new Error('below'),
  retryable: true,
  status: 529,
  errorType: 'overloaded_error',
  requestId: 'req_1',
  retryAfterMs: 1500,
  kind: 'idle',
  timeoutMs: 30_000,
  raw: '{"type":',
} as const;

describe('StreamError', () => {
  it('is an Error with a name, a code and a message', () => {
    const error = new StreamError('limit', 'Too long');
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({ name: 'StreamError', code: 'limit', message: 'Too long' });
    expect(String(error)).toBe('StreamError: Too long');
    expect(error.stack).toContain('errors.test');
  });

  it('has the details it is told', () => {
    expect(new StreamError('http', 'HTTP 529', DETAILS)).toMatchObject(DETAILS);
  });

  it('has no field for what it is not told', () => {
    const error = new StreamError('limit', 'Too long', { status: undefined, raw: undefined });
    expect(Object.keys(error).sort()).toEqual(['code', 'name', 'retryable']);
    expect('cause' in error).toBe(false);
    expect(error.partial).toBeUndefined();
  });

  it.each([
    ['network', true],
    ['timeout', true],
    ['truncated', true],
    ['http', false],
    ['not-a-stream', false],
    ['malformed', false],
    ['protocol', false],
    ['api', false],
    ['limit', false],
    ['tool-input', false],
    ['aborted', false],
  ] satisfies [StreamErrorCode, boolean][])(
    '%s is retryable unless told otherwise: %p',
    (code, retryable) => {
      expect(new StreamError(code, '').retryable).toBe(retryable);
      expect(new StreamError(code, '', { retryable: !retryable }).retryable).toBe(!retryable);
    },
  );

  it('cuts foreign text', () => {
    const long = 'x'.repeat(10_000);
    const error = new StreamError('api', long, { raw: long, errorType: long, requestId: long });
    expect(error.message).toBe(`${'x'.repeat(499)}…`);
    for (const field of ['raw', 'errorType', 'requestId'] as const) {
      expect(error[field]).toBe(`${'x'.repeat(199)}…`);
    }
    const fits = 'x'.repeat(200);
    expect(new StreamError('api', '', { raw: fits }).raw).toBe(fits);
  });

  it('never cuts a character in half', () => {
    for (const offset of [0, 1]) {
      const raw = `${'x'.repeat(offset)}${'🌦'.repeat(200)}`;
      const { raw: shown = '' } = new StreamError('malformed', '', { raw });
      expect(shown.length).toBeLessThanOrEqual(200);
      expect(shown.length).toBeGreaterThanOrEqual(199);
      expect(shown).not.toMatch(/[\ud800-\udbff](?![\udc00-\udfff])/);
    }
  });
});

describe('the partial result', () => {
  const partial = { text: 'what had arrived' };
  const error = new StreamError('truncated', 'Cut', { ...DETAILS, partial });

  it('is there for who asks', () => {
    expect(error.partial).toBe(partial);
  });

  it('shows in no log', () => {
    const logs = [
      JSON.stringify(error),
      inspect(error, { depth: 9, showHidden: true }),
      String(error),
      error.stack,
    ];
    expect(logs.join('\n')).not.toContain('what had arrived');
  });

  it('can be added, with everything else as it was', () => {
    const bare = new StreamError('truncated', 'Cut', DETAILS);
    const full = bare.withPartial(partial);
    expect(full).not.toBe(bare);
    expect(bare.partial).toBeUndefined();
    expect(full.partial).toBe(partial);
    expect(full.stack).toBe(bare.stack);
    expect(full.cause).toBe(bare.cause);
    expect(full.toJSON()).toEqual(bare.toJSON());
  });

  it('is the first one that was added: the operator nearest to the source knows most', () => {
    expect(error.withPartial({ text: 'other' })).toBe(error);
  });
});

describe('toJSON', () => {
  it('has all fields but cause and partial', () => {
    const { cause: _cause, ...fields } = DETAILS;
    const error = new StreamError('http', 'HTTP 529', { ...DETAILS, partial: 1 });
    expect(JSON.parse(JSON.stringify(error))).toEqual({
      name: 'StreamError',
      code: 'http',
      message: 'HTTP 529',
      ...fields,
    });
  });
});

describe('truncated', () => {
  it('is retryable', () => {
    expect(truncated()).toMatchObject({ code: 'truncated', retryable: true });
  });
});

describe('withPartial', () => {
  it('adds to a StreamError', () => {
    const error = withPartial(truncated(), 'Hel');
    expect(error).toMatchObject({ code: 'truncated', partial: 'Hel' });
  });

  it('makes any other failure the cause of a network error', () => {
    const cause = new TypeError('terminated');
    const error = withPartial(cause, 'Hel');
    expect(error).toMatchObject({ code: 'network', partial: 'Hel', retryable: true });
    expect(error.cause).toBe(cause);
  });
});
