import { inspect } from 'node:util';
import type * as Errors from '../../src/errors/streamError.js';
import {
  isRetryableStatus,
  isStreamError,
  StreamError,
  truncated,
  withPartial,
} from '../../src/errors/streamError.js';
import type { StreamErrorCode } from '../../src/errors/streamErrorCode.js';

const DETAILS = {
  cause: new Error('below'),
  retryable: true,
  status: 529,
  errorType: 'overloaded_error',
  requestId: 'req_1',
  retryAfterMs: 1500,
  raw: '{"type":',
} as const;
const CLOCK = { kind: 'idle', timeoutMs: 30_000 } as const;

/** An error of each code; those that need a detail have it. */
const ERRORS: { readonly [C in StreamErrorCode]: (retryable?: boolean) => StreamError<C> } = {
  http: (retryable) => new StreamError('http', '', { status: 400, retryable }),
  network: (retryable) => new StreamError('network', '', { retryable }),
  timeout: (retryable) => new StreamError('timeout', '', { ...CLOCK, retryable }),
  'not-a-stream': (retryable) => new StreamError('not-a-stream', '', { retryable }),
  malformed: (retryable) => new StreamError('malformed', '', { retryable }),
  protocol: (retryable) => new StreamError('protocol', '', { retryable }),
  api: (retryable) => new StreamError('api', '', { retryable }),
  truncated: (retryable) => new StreamError('truncated', '', { retryable }),
  limit: (retryable) => new StreamError('limit', '', { retryable }),
  'tool-input': (retryable) => new StreamError('tool-input', '', { retryable }),
  gap: (retryable) => new StreamError('gap', '', { retryable }),
  gone: (retryable) => new StreamError('gone', '', { retryable }),
  abandoned: (retryable) => new StreamError('abandoned', '', { retryable }),
  aborted: (retryable) => new StreamError('aborted', '', { retryable }),
  source: (retryable) => new StreamError('source', '', { retryable }),
};

describe('StreamError', () => {
  it('is an Error with a name, a code and a message', () => {
    const error = new StreamError('limit', 'Too long');
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({ name: 'StreamError', code: 'limit', message: 'Too long' });
    expect(String(error)).toBe('StreamError: Too long');
    expect(error.stack).toContain('streamError.test');
  });

  it('has the details it is told', () => {
    expect(new StreamError('http', 'HTTP 529', DETAILS)).toMatchObject(DETAILS);
    expect(new StreamError('timeout', 'Too late', CLOCK)).toMatchObject(CLOCK);
  });

  it('has no field for what it is not told', () => {
    const error = new StreamError('limit', 'Too long', { requestId: undefined, raw: undefined });
    expect(Object.keys(error).sort()).toEqual(['code', 'name', 'retryable']);
    expect('cause' in error).toBe(false);
    expect(error.partial).toBeUndefined();
  });

  it.each(Object.entries(ERRORS))(
    '%s is retryable if trying again can help, unless it says otherwise',
    (code, make) => {
      const byItself = ['network', 'timeout', 'truncated'].includes(code);
      expect(make().retryable).toBe(byItself);
      expect(make(!byItself).retryable).toBe(!byItself);
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
      expect(shown).not.toMatch(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/);
    }
  });

  it('shows the end of what could not be read too, from a whole word on', () => {
    const raw = `{"detail":"${'word '.repeat(100)}","why":"the prompt does not fit"}`;
    const { raw: shown = '' } = new StreamError('malformed', '', { raw });
    expect(shown).toMatch(/^{"detail":"word .*… word word .*","why":"the prompt does not fit"}$/);
    expect(shown.length).toBeLessThanOrEqual(200);
  });
});

describe('what may be a piece of the conversation', () => {
  const partial = { text: 'what had arrived' };
  const error = new StreamError('http', 'Cut', { ...DETAILS, raw: 'what could not be read', partial });

  it('is there for who asks', () => {
    expect(error.partial).toBe(partial);
    expect(error.raw).toBe('what could not be read');
  });

  it('shows in no log', () => {
    const logs = [
      JSON.stringify(error),
      inspect(error, { depth: 9, showHidden: true }),
      String(error),
      error.stack,
    ];
    expect(logs.join('\n')).not.toMatch(/what had arrived|what could not be read/);
  });

  it('can be added, with everything else as it was', () => {
    const bare = new StreamError('http', 'Cut', DETAILS);
    const full = bare.withPartial(partial);
    expect(full).not.toBe(bare);
    expect(bare.partial).toBeUndefined();
    expect(full.partial).toBe(partial);
    expect(full.stack).toBe(bare.stack);
    expect(full.cause).toBe(bare.cause);
    expect(full.raw).toBe(bare.raw);
    expect(full.toJSON()).toEqual(bare.toJSON());
  });

  it('is the first one that was added: the operator nearest to the source knows most', () => {
    expect(error.withPartial({ text: 'other' })).toBe(error);
  });
});

describe('toJSON', () => {
  it('has all fields but cause, raw and partial', () => {
    const { cause: _cause, raw: _raw, ...fields } = DETAILS;
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

  it('makes any other failure the cause of an error of the source', () => {
    const cause = new TypeError('x is not a function');
    const error = withPartial(cause, 'Hel');
    expect(error).toMatchObject({ code: 'source', partial: 'Hel', retryable: false });
    expect(error.cause).toBe(cause);
  });

  it.each([
    [401, false],
    [429, true],
    [529, true],
  ])('takes the word of an error that has the status %d', (status, retryable) => {
    const cause = Object.assign(new Error('of an SDK'), { status });
    expect(withPartial(cause, undefined)).toMatchObject({ code: 'source', status, retryable });
  });
});

describe('isRetryableStatus', () => {
  it.each([
    [0, false],
    [400, false],
    [408, true],
    [409, true],
    [429, true],
    [499, false],
    [500, true],
    [529, true],
  ])('%d: %p', (status, isRetryable) => {
    expect(isRetryableStatus(status)).toBe(isRetryable);
  });
});

describe('another copy of the package', () => {
  async function anotherCopy(): Promise<typeof Errors> {
    // The query makes it another module.
    const copy = '../../src/errors/streamError.js?copy';
    return (await import(copy)) as typeof Errors;
  }

  it('has errors that are recognised, and recognises ours', async () => {
    const other = await anotherCopy();
    expect(other.StreamError).not.toBe(StreamError);
    for (const error of [new other.StreamError('limit', 'Too long'), new StreamError('limit', 'Too long')]) {
      expect([isStreamError(error), other.isStreamError(error)]).toEqual([true, true]);
      expect([error instanceof StreamError, error instanceof other.StreamError]).toEqual([true, true]);
    }
  });

  it('has errors that keep what they are when a partial result is added', async () => {
    const other = await anotherCopy();
    const theirs = new other.StreamError('http', 'HTTP 529', DETAILS);
    expect(withPartial(theirs, 'Hel')).toMatchObject({ ...DETAILS, code: 'http', partial: 'Hel' });
  });

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['a text', 'StreamError'],
    ['another error', new Error('no')],
    ['what only has the name', { name: 'StreamError', code: 'http' }],
  ])('is not %s', (_, value) => {
    expect(isStreamError(value)).toBe(false);
    expect(value instanceof StreamError).toBe(false);
  });
});

describe('a class of the caller that extends StreamError', () => {
  class Refused extends (StreamError as unknown as new (code: 'limit', message: string) => Error) {}

  it('has only its own instances', () => {
    const refused = new Refused('limit', 'No');
    expect([refused instanceof Refused, refused instanceof StreamError]).toEqual([true, true]);
    expect(new StreamError('limit', 'No') instanceof Refused).toBe(false);
  });
});
