import fc from 'fast-check';
import { StreamError } from '../../../src/errors/streamError.js';
import { retryWait, type RetryOptions } from '../../../src/fold/pace/retryWait.js';
import '../../seed.js';

const lost = new StreamError('network', 'The connection was lost');
const limited = (retryAfterMs: number) =>
  new StreamError('http', 'HTTP 429', { status: 429, retryable: true, retryAfterMs });

const wait = (error: unknown, attempt = 1, options: RetryOptions = {}) =>
  retryWait(error, attempt, { jitter: 0, ...options });

describe('the wait before another attempt', () => {
  it.each([
    [1, 500],
    [2, 1_000],
    [3, 2_000],
    [4, 4_000],
    [5, 8_000],
    [6, 8_000],
    [5_000, 8_000],
  ])('after attempt %i is by default %i ms at most', (attempt, ms) => {
    expect(wait(lost, attempt, { count: Infinity })).toBe(ms);
  });

  it('is never undefined within the count, and never longer or shorter than chance allows', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.integer({ min: 0, max: 10_000 }),
        (attempt, jitter, delay) => {
          const most = Math.min(delay * 2 ** (attempt - 1), 8_000);
          const ms = retryWait(lost, attempt, { count: 40, delay, jitter });
          expect(ms).toBeLessThanOrEqual(Math.ceil(most));
          expect(ms).toBeGreaterThanOrEqual(Math.floor(most * (1 - jitter)));
        },
      ),
      { seed: 1 },
    );
  });

  it('is taken from chance by default', () => {
    const waits = Array.from({ length: 50 }, () => retryWait(lost, 1, {}) ?? -1);
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(375);
    expect(Math.max(...waits)).toBeLessThanOrEqual(500);
    expect(new Set(waits).size).toBeGreaterThan(1);
  });

  it('is no longer than a timer can hold', () => {
    expect(wait(lost, 1, { delay: 1e12, maxDelay: 1e12 })).toBe(2 ** 31 - 1);
    expect(wait(lost, 2_000, { count: Infinity, delay: 0 })).toBe(0);
  });

  it('is what the server asks for, exactly, up to a minute', () => {
    expect(wait(limited(7), 1, { jitter: 1 })).toBe(7);
    expect(wait(limited(60_000))).toBe(60_000);
    expect(wait(limited(60_001))).toBeUndefined();
    expect(wait(limited(60_001), 1, { retryAfter: 3_600_000 })).toBe(60_001);
  });

  it('is our own where the server asks for none', () => {
    expect(wait(limited(0))).toBe(500);
  });
});

describe('another attempt', () => {
  it('follows as often as allowed', () => {
    expect(wait(lost, 2)).toBeDefined();
    expect(wait(lost, 3)).toBeUndefined();
    expect(wait(lost, 1, { count: 0 })).toBeUndefined();
  });

  it.each([
    ['a lost connection', lost, true],
    ['a timeout', new StreamError('timeout', '', { kind: 'idle', timeoutMs: 5 }), true],
    ['an overloaded server', new StreamError('http', '', { status: 529, retryable: true }), true],
    ['a wrong request', new StreamError('http', '', { status: 400, retryable: false }), false],
    ['a wrong key', new StreamError('http', '', { status: 401, retryable: false }), false],
    ['the caller’s own abort', new StreamError('aborted', ''), false],
    ['a page instead of a stream', new StreamError('not-a-stream', ''), false],
    ['a foreign error', new TypeError('undefined is not a function'), false],
    ['an SDK’s error with the status 429', Object.assign(new Error('rate limited'), { status: 429 }), true],
    ['an SDK’s error with the status 401', Object.assign(new Error('wrong key'), { status: 401 }), false],
    ['anything else that was thrown', 'a text', false],
  ])('after %s: %p', (_, error, follows) => {
    expect(wait(error) !== undefined).toBe(follows);
    expect(wait(error, 1, { when: () => !follows }) !== undefined).toBe(!follows);
  });

  it('is asked about with the failure and its number, and only within the count', () => {
    const asked: unknown[] = [];
    const when = (error: unknown, attempt: number) => asked.push([error, attempt]) > 0;
    wait(lost, 1, { when });
    wait(limited(1), 2, { when });
    wait(lost, 3, { when });
    expect(asked).toEqual([
      [lost, 1],
      [limited(1), 2],
    ]);
  });

  it('is reported with what the attempt failed with and how long the wait is, before it', () => {
    const reported: unknown[] = [];
    const onAttempt = (failed: unknown) => void reported.push(failed);
    wait(lost, 1, { onAttempt });
    wait(limited(7), 2, { onAttempt });
    expect(reported).toEqual([
      { attempt: 1, error: lost, waitMs: 500 },
      { attempt: 2, error: limited(7), waitMs: 7 },
    ]);
  });

  it('that does not follow is not reported: the error itself comes', () => {
    const onAttempt = () => {
      throw new Error('reported');
    };
    expect(wait(lost, 3, { onAttempt })).toBeUndefined();
    expect(wait(limited(60_001), 1, { onAttempt })).toBeUndefined();
    expect(wait(new TypeError('undefined'), 1, { onAttempt })).toBeUndefined();
  });
});
