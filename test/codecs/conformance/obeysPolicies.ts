import { vi } from 'vitest';
import type { DecodeOptions } from '../../../src/codecs/policed.js';
import type { StreamError } from '../../../src/errors/streamError.js';
import type { Protocol } from './presented.js';
import { attempted, eventsOf, framesOf } from './spelling.js';

/** Looks as if it had been damaged on the way. */
const DAMAGED = new Set(['no JSON', 'a long text']);

const UNREADABLE: Protocol['malformed'] = [
  ['no JSON', '{"type":'],
  ['null', 'null'],
  ['a number', '7'],
  ['a text', '"text"'],
  ['an array', '[{"type":"ping"}]'],
  ['an empty object', '{}'],
  ['a long text', `{"${'x'.repeat(1000)}`],
];

/** The tests of what becomes of frames that are not known, or cannot be read. */
export function itObeysPolicies(protocol: Protocol): void {
  const { codec, carries, strange, strangeName, malformed } = protocol;
  /** Whether its encoder writes an event of an unknown type, or leaves it out as it says. */
  const isWritten = carries.unknown === true || carries.unknown.startsWith('carried');

  function read(data: string, event?: string, options?: DecodeOptions): unknown {
    return eventsOf(codec, [{ data, event }], options);
  }

  function failure(data: string, event?: string, options?: DecodeOptions): StreamError | undefined {
    return attempted(codec, [{ data, event }], options).failure;
  }

  describe('an event of an unknown type', () => {
    const event = protocol.stranger('heartbeat', { n: 1 });

    it('is emitted with its name and data, and written as it came, unless it is left out', () => {
      expect(read(strange, strangeName)).toEqual([event]);
      expect(read(strange, strangeName, { unknown: 'emit', malformed: 'skip' })).toEqual([event]);
      const written = framesOf(codec, [event]).map(({ data }): unknown => JSON.parse(data));
      expect(written).toEqual(isWritten ? [JSON.parse(strange)] : []);
    });

    it('is skipped, and reported, or an error, where the caller says so', () => {
      const onSkip = vi.fn();
      expect(read(strange, strangeName, { unknown: 'skip', onSkip })).toEqual([]);
      expect(onSkip.mock.calls).toEqual([[{ kind: 'unknown', codec: codec.name, raw: strange }]]);
      expect(failure(strange, strangeName, { unknown: 'error' })).toMatchObject({
        code: 'malformed',
        message: 'The event type "heartbeat" is unknown',
        raw: strange,
      });
    });
  });

  const broken = [...UNREADABLE, ...malformed].map(([what, data, name]) => [what, data, name] as const);

  describe.each(broken)('a frame with %s', (what, data, name) => {
    it('is an error that shows its first 200 characters, whatever is done with unknown events', () => {
      for (const unknown of ['emit', 'skip', 'error'] as const) {
        const error = failure(data, name, { unknown });
        expect(error).toMatchObject({ code: 'malformed', retryable: DAMAGED.has(what) });
        expect(data.startsWith(error?.raw?.replace(/…$/, '') ?? 'none')).toBe(true);
        expect(error?.raw?.length).toBe(Math.min(200, data.length));
      }
    });

    it('is skipped where the caller says so, and reported', () => {
      const onSkip = vi.fn();
      expect(read(data, name, { malformed: 'skip', onSkip })).toEqual([]);
      expect(onSkip.mock.calls).toEqual([
        [
          {
            kind: 'malformed',
            codec: codec.name,
            raw: expect.stringContaining(data.slice(0, 199)) as string,
          },
        ],
      ]);
    });
  });
}
