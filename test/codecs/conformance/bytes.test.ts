import fc from 'fast-check';
import type { Codec } from '../../../src/codecs/codec.js';
import type { StreamEvent } from '../../../src/events/event.js';
import { CUTS } from '../../json/texts.js';
import { runs } from '../../seed.js';
import { isThorough } from '../../thorough.js';
import { answer, answers } from './answers.js';
import { expectSame } from './expectSame.js';
import { PROTOCOLS } from './protocols.js';
import { carriedBy, everythingIn, scopeOf } from './scope.js';
import { bytesOf, eventsIn, eventsOf, framesOf } from './spelling.js';

/** The bytes in pieces of these lengths, over and over. */
function pieces(bytes: Uint8Array, lengths: readonly number[]): readonly Uint8Array[] {
  const found: Uint8Array[] = [];
  for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
    const length = lengths[turn % lengths.length] ?? 1;
    found.push(bytes.subarray(at, at + length));
    at += length;
  }
  return found;
}

describe.each(PROTOCOLS.map((protocol) => [protocol.codec.name, protocol] as const))('%s', (_, protocol) => {
  const { codec, stranger } = protocol;
  const everything = everythingIn(protocol.carries);
  const carried = scopeOf(carriedBy(protocol.carries), stranger);

  it('is read from bytes as it is from frames, at once', () => {
    fc.assert(
      fc.property(answers(everything), CUTS, (sequence, lengths) => {
        const frames = framesOf(codec, sequence);
        const events = eventsOf(codec, frames);
        expectSame(eventsIn(codec, [bytesOf(codec, frames)]), events);
        expectSame(eventsIn(codec, pieces(bytesOf(codec, frames), lengths)), events);
      }),
      { numRuns: runs(50) },
    );
  });

  it('is read alike wherever the bytes are cut', () => {
    fc.assert(
      fc.property(answer(carried), (sequence) => {
        const bytes = bytesOf(codec, framesOf(codec, sequence));
        fc.pre(bytes.length > 200 && bytes.length < 2000);
        expectSame(eventsIn(codec, pieces(bytes, [1])), sequence);
        for (let at = 1; at < bytes.length; at += isThorough ? 1 : 7) {
          expectSame(eventsIn(codec, [bytes.subarray(0, at), bytes.subarray(at)]), sequence);
        }
      }),
      { numRuns: isThorough ? 3 : 1 },
    );
  });

  it('keeps the streams apart that it reads and writes at the same time', () => {
    fc.assert(
      fc.property(answers(everything), answers(everything), (one, other) => {
        const alone = [one, other].map((sequence) => eventsOf(codec, framesOf(codec, sequence)));
        expectSame(together(codec, [one, other]), alone);
      }),
      { numRuns: runs(50) },
    );
  });
});

/** What arrives of each stream when their events are written and read in turns. */
function together(
  codec: Codec,
  streams: readonly (readonly StreamEvent[])[],
): readonly (readonly StreamEvent[])[] {
  const lines = streams.map((sequence) => ({
    sequence,
    encoder: codec.encoder(),
    decoder: codec.decoder(),
    arrived: [] as StreamEvent[],
  }));
  const longest = Math.max(...streams.map(({ length }) => length));
  for (let turn = 0; turn < longest; turn++) {
    for (const { sequence, encoder, decoder, arrived } of lines) {
      const event = sequence[turn];
      if (event === undefined) continue;
      for (const frame of encoder.next(event)) arrived.push(...decoder.next(frame));
    }
  }
  for (const { encoder, decoder, arrived } of lines) {
    for (const frame of encoder.end()) arrived.push(...decoder.next(frame));
    arrived.push(...decoder.end());
  }
  return lines.map(({ arrived }) => arrived);
}
