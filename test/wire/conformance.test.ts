import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { from, map } from 'rxjs';
import { StreamError } from '../../src/errors/streamError.js';
import type { Frame } from '../../src/wire/frame.js';
import { ndjson } from '../../src/wire/ndjson.js';
import { sse } from '../../src/wire/sse.js';

interface Input {
  readonly name: string;
  readonly bytes_base64?: string;
  readonly segments?: readonly { readonly b64: string; readonly repeat: number }[];
  readonly chunks_base64?: readonly string[];
}

interface SseCase extends Input {
  readonly expected: readonly { readonly event: string; readonly data: string; readonly id: string }[];
  readonly state: {
    readonly lastEventId: string;
    readonly retry: number | null;
    readonly tailDiscarded: boolean;
  };
}

interface NdjsonCase extends Input {
  readonly expected?: readonly unknown[];
  readonly expectedCount?: number;
  readonly error: { readonly line: number; readonly kind: string } | null;
}

const SEED = 20_250_601;
const EVERY_CUT_BELOW = 4096;
const folder = resolve(process.env['CONFORMANCE'] ?? '../shared/conformance');

const bytesOf = (base64: string): Uint8Array => Buffer.from(base64, 'base64');

function bytesOfInput({ bytes_base64, segments = [] }: Input): Uint8Array {
  if (bytes_base64 !== undefined) return bytesOf(bytes_base64);
  return Buffer.concat(
    segments.flatMap(({ b64, repeat }) => Array.from({ length: repeat }, () => bytesOf(b64))),
  );
}

function cut(bytes: Uint8Array, nextLength: () => number): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  for (let at = 0; at < bytes.length;) {
    const length = nextLength();
    chunks.push(bytes.subarray(at, at + length));
    at += length;
  }
  return chunks;
}

/** Lengths from 1 to 16, the same in every run (a linear congruential generator). */
function randomLengths(): () => number {
  let state = SEED;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return 1 + (state >>> 28);
  };
}

function* everyCut(input: Input): Generator<Uint8Array[]> {
  const bytes = bytesOfInput(input);
  yield [bytes];
  if (input.chunks_base64 !== undefined) yield input.chunks_base64.map(bytesOf);
  for (const length of [1, 2, 3]) yield cut(bytes, () => length);
  yield cut(bytes, randomLengths());
  if (bytes.length > EVERY_CUT_BELOW) return;
  for (let at = 1; at < bytes.length; at++) yield [bytes.subarray(0, at), bytes.subarray(at)];
}

function readSse(chunks: readonly Uint8Array[]): { frames: Frame[]; end: string } {
  const outcome = { frames: new Array<Frame>(), end: 'open' };
  from(chunks)
    .pipe(sse())
    .subscribe({
      next: (frame) => outcome.frames.push(frame),
      error: (error: unknown) => (outcome.end = error instanceof StreamError ? error.code : String(error)),
      complete: () => (outcome.end = 'complete'),
    });
  return outcome;
}

function readNdjson(chunks: readonly Uint8Array[]): { values: unknown[]; end: string } {
  const outcome = { values: new Array<unknown>(), end: 'open' };
  from(chunks)
    .pipe(
      ndjson(),
      map(({ data }): unknown => JSON.parse(data)),
    )
    .subscribe({
      next: (value) => outcome.values.push(value),
      error: (error: unknown) => {
        outcome.end =
          error instanceof SyntaxError ? `invalid-json ${outcome.values.length + 1}` : String(error);
      },
      complete: () => (outcome.end = 'complete'),
    });
  return outcome;
}

const messageOf = ({ event = 'message', data, id = '' }: Frame): SseCase['expected'][number] => ({
  event,
  data,
  id,
});

function casesOf<Case>(file: string): readonly Case[] {
  const cases: readonly Case[] = JSON.parse(readFileSync(resolve(folder, file), 'utf8'));
  return cases;
}

if (existsSync(folder)) {
  describe('the SSE conformance cases', () => {
    it.each(casesOf<SseCase>('sse-cases.json'))('$name', (sseCase) => {
      const { expected, state } = sseCase;
      for (const chunks of everyCut(sseCase)) {
        const { frames, end } = readSse(chunks);
        const ended = frames.filter(({ unterminated }) => !unterminated);
        expect(ended.map(messageOf)).toEqual(expected);
        // What the standard discards in silence is marked or an error here.
        expect(end === 'truncated' || frames.length > ended.length).toBe(state.tailDiscarded);
        expect(frames.filter(({ retry }) => retry !== undefined).at(-1)?.retry ?? null).toBe(state.retry);
      }
    });

    const finished = casesOf<SseCase>('sse-cases.json').filter(({ state }) => !state.tailDiscarded);
    it.each(finished)('$name leaves its last event id in force', (sseCase) => {
      const { frames } = readSse([bytesOfInput(sseCase), Buffer.from('\n\ndata: next\n\n')]);
      expect(frames.at(-1)?.id ?? '').toBe(sseCase.state.lastEventId);
    });
  });

  describe('the NDJSON conformance cases', () => {
    it.each(casesOf<NdjsonCase>('ndjson-cases.json'))('$name', (ndjsonCase) => {
      const { expected, expectedCount = expected?.length, error } = ndjsonCase;
      for (const chunks of everyCut(ndjsonCase)) {
        const { values, end } = readNdjson(chunks);
        expect(values).toHaveLength(expectedCount ?? 0);
        if (expected !== undefined) expect(values).toEqual(expected);
        expect(end).toBe(error === null ? 'complete' : `${error.kind} ${error.line}`);
      }
    });
  });
} else {
  it('has no conformance cases to read: set CONFORMANCE to their folder', () => {
    expect(existsSync(folder)).toBe(false);
  });
}
