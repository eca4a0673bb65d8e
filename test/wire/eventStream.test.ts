import { EventStreamCodec } from '@smithy/core/event-streams';
import fc from 'fast-check';
import { from } from 'rxjs';
import { isStreamError, type StreamError } from '../../src/errors/streamError.js';
import { eventStream, eventStreamBytes } from '../../src/wire/eventStream.js';
import type { Frame } from '../../src/wire/frame.js';
import type { WireLimits } from '../../src/wire/limits.js';
import { runs } from '../seed.js';

const aws = new EventStreamCodec(
  (bytes) => new TextDecoder().decode(bytes as Uint8Array),
  (text) => new TextEncoder().encode(text),
);

const FRAMES: readonly Frame[] = [
  { event: 'messageStart', data: '{"role":"assistant"}' },
  { event: 'contentBlockDelta', data: '{"contentBlockIndex":0,"delta":{"text":"Grüße 🎵"},"p":"abc"}' },
  { event: 'throttlingException', data: '{"message":"Too many tokens"}' },
];

function written(headers: Readonly<Record<string, string>>, body: string): Uint8Array {
  const typed = Object.entries(headers).map(([name, value]) => [name, { type: 'string', value }]);
  return aws.encode({ headers: Object.fromEntries(typed) as never, body: new TextEncoder().encode(body) });
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

interface Outcome {
  readonly frames: readonly Frame[];
  readonly error: StreamError | undefined;
}

function read(chunks: readonly (Uint8Array | string)[], limits?: WireLimits): Outcome {
  const frames: Frame[] = [];
  let error: unknown;
  from(chunks)
    .pipe(eventStream(limits))
    .subscribe({ next: (frame) => frames.push(frame), error: (failure: unknown) => (error = failure) });
  if (error !== undefined && !isStreamError(error)) throw new Error('A foreign error', { cause: error });
  return { frames, error };
}

function cut(bytes: Uint8Array, at: readonly number[]): readonly Uint8Array[] {
  const ends = [...new Set(at.map((place) => place % (bytes.length + 1))), bytes.length].sort(
    (a, b) => a - b,
  );
  return ends.map((end, nth) => bytes.subarray(ends[nth - 1] ?? 0, end));
}

const BYTES = joined(...FRAMES.map(eventStreamBytes));

describe('frames of an AWS event stream', () => {
  it('are read as they were written, however the bytes are cut', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 12 }), (cuts) => {
        expect(read(cut(BYTES, cuts))).toEqual({ frames: FRAMES, error: undefined });
      }),
      { numRuns: runs(1_000) },
    );
    expect(read(Array.from(BYTES, (_, at) => BYTES.subarray(at, at + 1))).frames).toEqual(FRAMES);
  });

  it('are written as the codec of AWS reads them', () => {
    const { headers, body } = aws.decode(eventStreamBytes(FRAMES[2] as Frame));
    expect(headers).toEqual({
      ':exception-type': { type: 'string', value: 'throttlingException' },
      ':content-type': { type: 'string', value: 'application/json' },
      ':message-type': { type: 'string', value: 'exception' },
    });
    expect(new TextDecoder().decode(body)).toBe('{"message":"Too many tokens"}');
  });

  it('of an error are frames named error, with its code and its message', () => {
    const headers = { ':message-type': 'error', ':error-code': 'InternalFailure', ':error-message': 'Oh no' };
    expect(read([written(headers, '')]).frames).toEqual([
      { event: 'error', data: '{"type":"InternalFailure","message":"Oh no"}' },
    ]);
  });

  it('of many lines are one frame', () => {
    expect(read([eventStreamBytes({ event: 'chunk', data: '{\n"a":\r\n1}' })]).frames).toEqual([
      { event: 'chunk', data: '{\n"a":\n1}' },
    ]);
  });

  it('may be text: what a body says that is no event stream', () => {
    expect(read(['event: a\ndata: {}\n\n'])).toEqual({
      frames: [{ event: 'a', data: '{}' }],
      error: undefined,
    });
    expect(read([new TextEncoder().encode('data: {}\n\n')]).frames).toEqual([{ data: '{}' }]);
  });
});

describe('an AWS event stream that is damaged', () => {
  it.each(Array.from({ length: BYTES.length }, (_, at) => at).filter((at) => at % 7 === 0))(
    'at byte %i gives the frames before, and no other one',
    (at) => {
      const damagedBytes = BYTES.map((byte, place) => (place === at ? byte ^ 0x55 : byte));
      const { frames, error } = read([damagedBytes]);
      expect(frames).toEqual(FRAMES.slice(0, frames.length));
      expect(frames.length).toBeLessThan(FRAMES.length);
      // A length that grew may ask for more than there is.
      expect(['malformed', 'truncated', 'limit']).toContain(error?.code);
    },
  );

  it('in a checksum is malformed, and worth another try', () => {
    const bytes = BYTES.slice();
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    expect(read([bytes])).toMatchObject({
      frames: FRAMES.slice(0, 2),
      error: { code: 'malformed', retryable: true, message: 'A frame was damaged on the way' },
    });
  });

  it.each([0, 1, 15])('with a length of %i is malformed', (length) => {
    const prelude = new Uint8Array(16);
    new DataView(prelude.buffer).setUint32(0, length);
    const { frames, error } = read([joined(eventStreamBytes(FRAMES[0] as Frame), prelude)]);
    expect(frames).toEqual(FRAMES.slice(0, 1));
    expect(error).toMatchObject({
      code: 'malformed',
      message: `A frame says that it has ${length} bytes, and none has less than 16`,
    });
  });

  it('is a limit beyond the limits, before more of it has come', () => {
    const [first = BYTES] = FRAMES.map(eventStreamBytes);
    expect(read([BYTES], { frame: first.length }).error).toMatchObject({ code: 'limit' });
    expect(read([BYTES], { frame: first.length }).frames).toEqual(FRAMES.slice(0, 1));
    expect(read([BYTES.subarray(0, first.length + 4)], { frame: first.length }).error?.code).toBe('limit');
    expect(read([BYTES], { bytes: first.length })).toMatchObject({
      frames: FRAMES.slice(0, 1),
      error: { code: 'limit' },
    });
    expect(read([BYTES], { bytes: BYTES.length }).error).toBeUndefined();
  });

  it('is truncated where it is cut inside a frame', () => {
    const ends = FRAMES.map((_, nth) => joined(...FRAMES.slice(0, nth + 1).map(eventStreamBytes)).length);
    for (let end = 1; end < BYTES.length; end++) {
      const { frames, error } = read([BYTES.subarray(0, end)]);
      expect(frames).toEqual(FRAMES.slice(0, ends.filter((whole) => whole <= end).length));
      expect(error?.code).toBe(ends.includes(end) ? undefined : 'truncated');
    }
  });

  it('takes time that grows with its length, in chunks of seven bytes', () => {
    const frame = eventStreamBytes({ event: 'chunk', data: JSON.stringify('x'.repeat(1_000_000)) });
    const chunks = Array.from({ length: Math.ceil(frame.length / 7) }, (_, at) =>
      frame.subarray(at * 7, at * 7 + 7),
    );
    expect(read(chunks).frames).toHaveLength(1);
  });
});

it.each([
  ['{"message":"No"}', { message: 'No', type: 'internalFailure' }],
  ['No', { message: 'No', type: 'internalFailure' }],
])('an exception of another name is an error: %s', (body, data) => {
  const bytes = written({ ':message-type': 'exception', ':exception-type': 'internalFailure' }, body);
  const { frames } = read([bytes]);
  expect(frames.map((frame) => ({ ...frame, data: JSON.parse(frame.data) as unknown }))).toEqual([
    { event: 'error', data },
  ]);
});
