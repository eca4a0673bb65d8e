import { events, type StreamEvent } from 'rxjs-llm-stream';

/** An event and when the server sends it, in ms since the request. */
export interface Cue {
  readonly at: number;
  readonly event: StreamEvent;
}

/** An event, and how long after the one before it, in ms. */
interface Step {
  readonly wait: number;
  readonly event: StreamEvent;
}

/** Uneven, as a model writes. */
const SIZES = [3, 8, 5, 12, 6, 9, 4];
const WAITS = [28, 52, 17, 66, 34];

const TRIP = {
  title: 'Kyoto: three calm days',
  travellers: 2,
  from: '2026-11-16',
  days: [
    {
      theme: 'Moss and silver',
      stops: ['08:00 Saihō-ji 苔寺', '14:30 Ginkaku-ji 銀閣寺'],
    },
    {
      theme: 'Tea by the river 🍵',
      stops: ['09:12 slow train to Uji 宇治', '13:00 Byōdō-in'],
    },
    {
      theme: 'The tunnel of maples 🍁',
      stops: ['10:05 Eizan railway to Kurama'],
    },
  ],
  budget: { currency: 'JPY', perDay: 18500 },
};

const trip = answer('toolu_trip', 642, 'tool_use', 471, [
  ...thought(
    0,
    'They want calm: no more than two places a day, early starts, long afternoons. November is maple season, so the famous gardens fill up by ten. Tea suggests Uji, half an hour by the slow Nara line. I have all I need for plan_trip.',
  ),
  ...text(
    1,
    'Kyoto in November is 紅葉, maple season, and the trick is to be early. 🍁\n\n1. Gardens at eight, while the moss is still wet.\n2. A day in Uji for matcha, by the slow train along the river.\n3. The little Eizan railway through its tunnel of maples.\n\nIt is dark by five, so dinner can be early, too. I will put it into your planner.',
  ),
  ...call(2, 'toolu_trip', 'plan_trip', TRIP),
]);

/** Once the plan is saved, or not. */
export const saved = answer('saved', 1130, 'end_turn', 24, [
  ...text(0, 'That is settled. Shall I look for rooms near the river, too?'),
]);

/** What the page greets with. */
export const hello = answer('hello', 21, 'end_turn', 17, [
  ...text(0, 'Good morning. In Kyoto the maples are red this week.'),
]);

const packing = answer('packing', 1210, 'end_turn', 96, [
  ...text(
    0,
    'Not much, for the trains are small:\n\n• Layers. Mornings have 6 °C, afternoons 16 °C.\n• Shoes that come off easily: temples and tea rooms ask for it.\n• A small umbrella, and a cloth to wrap what you find.\n• A thin towel for the hot springs of Kurama, where they rent none.\n• An empty corner in the bag: matcha is cheapest where it is ground.\n• A book for the slow trains, though you will look out of the window all the way.\n• Cash. The Eizan railway and most tea houses take nothing else.',
  ),
]);

const flood = answer('flood', 48, 'end_turn', 12_400, [
  ...thought(0, 'That is a lot. Fast, then.'),
  ...text(1, 'Ten thousand words, here they come.'),
  { wait: 40, event: events.textStart(2) },
  // 10,000 deltas in two seconds: 20 of them every 4 ms.
  ...Array.from({ length: 10_000 }, (_, nth) => ({
    wait: nth % 20 === 0 ? 4 : 0,
    event: events.textDelta(2, nth % 25 === 24 ? `word ${nth + 1}.\n` : `word ${nth + 1}, `),
  })),
  { wait: 4, event: events.blockStop(2) },
]);

/**
 * What to answer to a conversation.
 *
 * @param prompts - the texts of its user, oldest first
 */
export function scriptFor(prompts: readonly string[]): readonly Cue[] {
  if (/10,000|fast/i.test(prompts.at(-1) ?? '')) return flood;
  return /pack/i.test(prompts.at(-1) ?? '') || prompts.length % 2 === 0 ? packing : trip;
}

/** An answer, from its start to its end. */
export function answer(
  id: string,
  input_tokens: number,
  stop_reason: 'end_turn' | 'tool_use',
  output_tokens: number,
  steps: readonly Step[],
): readonly Cue[] {
  const start = events.messageStart({
    id: `msg_${id}`,
    model: 'scripted',
    usage: { input_tokens, output_tokens: 1 },
  });
  const all: readonly Step[] = [
    { wait: 300, event: start },
    { wait: 0, event: events.ping() },
    ...steps,
    { wait: 120, event: events.messageDelta(stop_reason, { output_tokens }) },
    { wait: 2, event: events.messageStop() },
  ];
  let at = 0;
  return all.map(({ wait, event }) => ({ at: (at += wait), event }));
}

function thought(index: number, content: string): Step[] {
  return [
    { wait: 100, event: events.thinkingStart(index) },
    ...pieces(content).map(([wait, piece]) => ({ wait, event: events.thinkingDelta(index, piece) })),
    { wait: 20, event: events.signatureDelta(index, 'c2NyaXB0ZWQ=') },
    { wait: 2, event: events.blockStop(index) },
  ];
}

function text(index: number, content: string): Step[] {
  return [
    { wait: 150, event: events.textStart(index) },
    ...pieces(content).map(([wait, piece]) => ({ wait, event: events.textDelta(index, piece) })),
    { wait: 2, event: events.blockStop(index) },
  ];
}

function call(index: number, id: string, name: string, input: object): Step[] {
  return [
    { wait: 200, event: events.toolUseStart(index, id, name) },
    { wait: 80, event: events.ping() },
    ...pieces(JSON.stringify(input)).map(([wait, piece]) => ({
      wait,
      event: events.inputJsonDelta(index, piece),
    })),
    { wait: 2, event: events.blockStop(index) },
  ];
}

/** A text in small pieces, each with the time to wait before it; never cut within a character. */
function pieces(content: string): [number, string][] {
  const letters = [...content];
  const all: [number, string][] = [];
  for (let at = 0, nth = 0; at < letters.length; nth++) {
    const size = SIZES[nth % SIZES.length] ?? 1;
    all.push([WAITS[nth % WAITS.length] ?? 0, letters.slice(at, at + size).join('')]);
    at += size;
  }
  return all;
}
