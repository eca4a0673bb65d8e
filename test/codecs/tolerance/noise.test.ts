import { TextEncoder } from 'node:util';
import { lastValueFrom } from 'rxjs';
import type { Codec } from '../../../src/codecs/codec.js';
import type { Skip } from '../../../src/codecs/skip.js';
import { toMessage } from '../../../src/operators/toMessage.js';
import { untilTerminal } from '../../../src/operators/untilTerminal.js';
import { fromBytes } from '../../../src/sources/fromBytes.js';
import type { Frame } from '../../../src/wire/frame.js';
import { PROTOCOLS } from '../conformance/protocols.js';
import { bytesOf } from '../conformance/spelling.js';
import { answersIn, outcomeOf, spliced, timely } from './variants.js';

/** What servers and proxies send between events that is none. */
const NOISE: readonly string[] = [
  '',
  ' ',
  '\t',
  ': keep-alive',
  ':',
  ': OPENROUTER PROCESSING',
  '[DONE]',
  'ping',
  '"ping"',
  'keepalive',
  'heartbeat',
  '1732812345',
  '1732812345.678',
  '2026-11-28T16:45:00Z',
  '2026-11-28T16:45:00.123+01:00',
  '"2026-11-28 16:45:00"',
];

interface Noisy {
  readonly what: string;
  readonly frames: readonly Frame[];
  /** How much is passed over. */
  readonly skips: number;
}

function between(codec: Codec, frames: readonly Frame[]): readonly Noisy[] {
  const events = codec.framing === 'sse' ? [undefined, 'message'] : [undefined];
  return frames.flatMap((_, at) =>
    NOISE.filter((data) => data !== codec.terminator).flatMap((data) =>
      events.map((event): Noisy => {
        const noise: Frame = event === undefined ? { data } : { event, data };
        return { what: `${at} ${event ?? ''} ${data}`, frames: spliced(frames, at, 0, noise), skips: 1 };
      }),
    ),
  );
}

/** A ping that tells the time, and events that one line feed separates. */
function ofSse(frames: readonly Frame[]): readonly Noisy[] {
  const times = ['1732812345', '2026-11-28T16:45:00Z', '"16:45"', '7', 'null', '{"time":1}', ''];
  return frames.flatMap((frame, at) => {
    const pings = times.map((data): Noisy => {
      return {
        what: `${at} ping ${data}`,
        frames: spliced(frames, at, 0, { event: 'ping', data }),
        skips: 0,
      };
    });
    const following = frames.slice(at, at + 2 + (at % 3));
    const last = following.at(-1) ?? frame;
    const joined = { ...last, data: following.map(({ data }) => data).join('\n') };
    const noisy = { ...last, data: [':', ...following.map(({ data }) => data)].join('\n') };
    return [
      ...pings,
      { what: `${at} joined`, frames: spliced(frames, at, following.length, joined), skips: 0 },
      { what: `${at} joined with a comment`, frames: spliced(frames, at, following.length, noisy), skips: 1 },
    ];
  });
}

/** Tabs and line feeds that stand in strings as they are. */
function ofControl(frames: readonly Frame[]): readonly Noisy[] {
  return frames.flatMap((frame, at) => {
    const data = frame.data.replace(/\\t/g, '\t').replace(/\\n/g, '\n');
    return data === frame.data
      ? []
      : [{ what: `${at} raw`, frames: spliced(frames, at, 1, { ...frame, data }), skips: 0 }];
  });
}

describe.each(PROTOCOLS.map(({ codec }) => [codec.name, codec] as const))(
  'what is no event of %s',
  (_, codec) => {
    it('is passed over and reported, wherever it comes', () => {
      const all = answersIn(codec).flatMap((frames) => {
        const { message } = outcomeOf(codec, frames);
        const more = codec.framing === 'sse' ? ofSse(frames) : [];
        return [...between(codec, frames), ...more, ...ofControl(frames)].map((noisy) => ({
          ...noisy,
          message,
        }));
      });
      for (const { what, frames, skips, message } of timely(all)) {
        const found = outcomeOf(codec, frames);
        expect({ what, message: found.message, error: found.error, skips: found.skips.length }).toEqual({
          what,
          message,
          error: undefined,
          skips,
        });
      }
    });

    it('says what it was, from where, and no more than 200 characters of it', () => {
      const [frames = []] = answersIn(codec);
      const { skips } = outcomeOf(codec, spliced(frames, 1, 0, { data: `: ${'x'.repeat(500)}` }));
      expect(skips).toEqual([
        { kind: 'no-event', codec: codec.name, raw: expect.stringMatching(/^: x{197}…$/) as string },
      ]);
    });

    it('is reported by the sources too', async () => {
      const skips: Skip[] = [];
      const [frames = []] = answersIn(codec);
      const bytes = bytesOf(codec, spliced(frames, 2, 0, { data: 'ping' }, { data: ': still here' }));
      const events = fromBytes([bytes, new TextEncoder().encode('')], {
        codec,
        onSkip: (skip) => skips.push(skip),
      });
      const message = await lastValueFrom(events.pipe(untilTerminal(), toMessage()));
      expect(message).toEqual(outcomeOf(codec, frames).message);
      expect(skips.map(({ kind, raw }) => [kind, raw])).toEqual([
        ['no-event', 'ping'],
        ['no-event', ': still here'],
      ]);
    });
  },
);

it('passes over nothing that may have been a piece', () => {
  for (const { codec } of PROTOCOLS) {
    const [frames = []] = answersIn(codec);
    for (const data of ['Hello', '{"', '"Good morning"', 'pingpong', '12', 'null', '[]', '{}']) {
      const { error, message } = outcomeOf(codec, spliced(frames, 3, 0, { data }));
      expect({ data, code: error?.code, message }).toEqual({ data, code: 'malformed', message: undefined });
    }
  }
});
