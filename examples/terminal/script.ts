import * as z from 'zod';
import { events, type StreamEvent } from '../../src/index.js';
import type { Recording } from '../../src/testing/recordings/recording.js';

/** An event, and how long after the one before it the server sends it. */
export interface Cue {
  /** In ms. */
  readonly wait: number;
  readonly event: StreamEvent;
}

export const PROMPT = 'Three calm days in Kyoto in November, please. We love tea, gardens and slow trains.';

const THINKING = `They want calm: no more than two places a day, early starts, long afternoons. November is maple season, so the famous gardens fill up by ten. Tea suggests Uji (宇治), half an hour by the slow Nara line.

Trains: the Eizan railway runs through a tunnel of maples. I have all I need for plan_trip.`;

const TEXT = `Kyoto in November is 紅葉 – maple season – and the trick is to be early. 🍁

1. Gardens at eight, while the moss is still wet: 苔寺 and 銀閣寺
2. A day in 宇治 for 抹茶, by the slow train along the river 🍵
3. The little Eizan railway through its tunnel of maples 🚃

It stays light until about \`sunset(35.0, 135.8, "Nov 18")\` → 16:49, so dinner can be early, too. I will put it into your planner now.`;

const TRIP = {
  title: '京都 – three calm days',
  travellers: 2,
  from: '2025-11-17',
  days: [
    {
      theme: 'moss and silver 🍁',
      stops: [
        { time: '08:00', place: '苔寺 Saihō-ji', minutes: 90, booked: true },
        { time: '14:30', place: '銀閣寺 Ginkaku-ji', minutes: 75, booked: false },
      ],
    },
    {
      theme: 'tea 🍵',
      stops: [
        { time: '09:12', place: '宇治 Uji, whisking 抹茶', minutes: 120, booked: true },
        { time: '13:00', place: 'Byōdō-in', minutes: 60, booked: false },
      ],
    },
    {
      theme: 'the slow train 🚃',
      stops: [{ time: '10:05', place: '鞍馬 Kurama', minutes: 180, booked: false }],
    },
  ],
  budget: { currency: 'JPY', perDay: 18500.5, includes: ['ryokan', 'tea', 'trains'] },
  notes: null,
};

const stop = z.object({
  time: z.iso.time(),
  place: z.string(),
  minutes: z.int().positive(),
  booked: z.boolean(),
});

/** What the inputs of the tools are to be. */
export const tools = {
  plan_trip: z.object({
    title: z.string(),
    travellers: z.int().positive(),
    from: z.iso.date(),
    days: z.array(z.object({ theme: z.string(), stops: z.array(stop) })),
    budget: z.object({ currency: z.string(), perDay: z.number(), includes: z.array(z.string()) }),
    notes: z.string().nullable(),
  }),
};

/** Made up, and as opaque as a real one. */
const SIGNATURE = 'EqQBCkYIBRgCKkBrZWVwIHRoaXMgYXMgaXQgaXM6IG5vdGhpbmcgaGVyZSBpcyBzaWduZWQuEgwxNy4xMS4yMDI1';

/** An answer as the Messages API streams it: it thinks, it writes, it calls a tool. About seven seconds long. */
export const script: readonly Cue[] = [
  cue(
    380,
    events.messageStart({
      id: 'msg_01KyotoInNovember',
      model: 'claude-sonnet-4-5',
      usage: { input_tokens: 642, output_tokens: 4 },
    }),
  ),
  cue(160, events.thinkingStart(0)),
  cue(0, events.ping()),
  ...pieces(THINKING, [4, 11, 7, 16, 9], [21, 47, 30, 62, 26]).map(({ wait, text }) =>
    cue(wait, events.thinkingDelta(0, text)),
  ),
  cue(40, events.signatureDelta(0, SIGNATURE)),
  cue(3, events.blockStop(0)),

  cue(290, events.textStart(1)),
  cue(110, events.ping()),
  ...pieces(TEXT, [3, 8, 5, 12, 6], [28, 52, 17, 66, 34]).map(({ wait, text }) =>
    cue(wait, events.textDelta(1, text)),
  ),
  cue(5, events.blockStop(1)),

  cue(260, events.toolUseStart(2, 'toolu_01PlanTheTrip', 'plan_trip')),
  cue(30, events.inputJsonDelta(2, '')),
  cue(210, events.ping()),
  ...pieces(JSON.stringify(TRIP), [5, 9, 3, 13, 7], [12, 24, 9, 31, 16]).map(({ wait, text }) =>
    cue(wait, events.inputJsonDelta(2, text)),
  ),
  cue(8, events.blockStop(2)),

  cue(170, events.messageDelta('tool_use', { output_tokens: 487 })),
  cue(2, events.messageStop()),
];

/** A script as if it had been recorded. */
export function recordingOf(cues: readonly Cue[]): Recording {
  let at = 0;
  const entries = cues.map(({ wait, event }) => ({ at: (at += wait), event }));
  return { name: 'three calm days in Kyoto', codec: 'anthropic', entries, end: { at, end: 'complete' } };
}

function cue(wait: number, event: StreamEvent): Cue {
  return { wait, event };
}

/** A text in small pieces at an uneven pace, as a model writes it; never cut within a character. */
function pieces(
  text: string,
  sizes: readonly number[],
  waits: readonly number[],
): { readonly wait: number; readonly text: string }[] {
  const letters = [...text];
  const all = [];
  for (let at = 0, nth = 0; at < letters.length; nth++) {
    const size = sizes[nth % sizes.length] ?? 1;
    all.push({ wait: waits[nth % waits.length] ?? 0, text: letters.slice(at, at + size).join('') });
    at += size;
  }
  return all;
}
