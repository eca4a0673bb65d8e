import type { StreamEvent } from '../../src/events/event.js';
import * as events from '../../src/events/make.js';
import type { Recording } from '../../src/testing/recordings/recording.js';
import { script, type Script } from '../../src/testing/script/script.js';

const POEM =
  'The river keeps no letters. It reads each stone aloud, once, and moves on to the next one. '.repeat(6);
const TRIP = {
  city: 'Kyoto',
  days: ['moss', 'silver', 'tea'],
  budget: { currency: 'JPY', perDay: 18_500.5 },
};

const SCRIPTS: Readonly<Record<string, Script>> = {
  'a text': script().text(POEM).deltas({ words: 1 }),
  'a short text': script().text('Hi'),
  'thinking, a text and a call': script()
    .thinking('They want a plan for three calm days.', 'signed')
    .text(POEM)
    .toolUse('plan_trip', TRIP)
    .deltas({ characters: 6 }),
  'calls with results': script()
    .toolUse('get_weather', { city: 'Tokyo' })
    .toolResult({ sky: 'clear', wind: [1, 2, 3] })
    .toolUse('get_weather', { city: '大阪市' })
    .toolResult('no such city', { isError: true })
    .text('Clear in Tokyo; of Ōsaka 大阪 🌧️ nothing is known.')
    .deltas({ words: 1 }),
  'blocks that grow at the same time': script()
    .text(POEM)
    .toolUse('plan_trip', TRIP)
    .thinking(POEM)
    .interleaved()
    .deltas({ words: 2 }),
  'three messages': script()
    .text(POEM)
    .message()
    .toolUse('f', TRIP)
    .message()
    .text('Done')
    .deltas({ words: 3 }),
  'a stream cut off': script().text(POEM).deltas({ words: 1 }).cutOff(20),
  'an overloaded server': script()
    .text(POEM)
    .ping()
    .ping()
    .error('overloaded_error', 'busy', 9)
    .deltas({ words: 1 }),
  'a lost connection': script().ping().toolUse('plan_trip', TRIP).deltas({ characters: 3 }).lost(),
  'what nobody knows': script()
    .event(events.unknown('<script>alert(1)</script>', { a: ']]>' }))
    .event(events.reset(2, 'timeout'))
    .text(`\u001b[31m red \u0000 ]]> & </text><script>alert(1)</script> \u202e \ud83d ${POEM}`)
    .deltas({ characters: 7 }),
  'thirty blocks': Array.from({ length: 30 }, (_, nth) => nth).reduce(
    (all, nth) => (nth % 2 === 0 ? all.text(`Step ${nth}, with words`) : all.toolUse(`tool_${nth}`, { nth })),
    script().deltas({ words: 1 }),
  ),
};

/** Recordings of all kinds of streams, by what they are. */
export const recordedScripts: readonly Recording[] = Object.entries(SCRIPTS).map(([name, told]) => {
  const { values, end } = told.timed(pace(name.length)).timeline();
  const entries = values.map(({ at, value }) => ({ at, event: value }));
  const last = entries.at(-1)?.at ?? 0;
  if (end && 'error' in end) {
    return {
      name,
      entries,
      end: { at: end.at, end: 'error', error: { name: 'StreamError', message: 'lost', code: 'network' } },
    };
  }
  return { name, entries, end: { at: last + 2, end: name.includes('cut off') ? 'unsubscribe' : 'complete' } };
});

/** Events as a recording without times of its own has them: at the pace of a model. */
export function recordingOf(name: string, told: readonly StreamEvent[]): Recording {
  const wait = pace(told.length);
  let at = 0;
  const entries = told.map((event) => ({ at: (at += wait(event)), event }));
  return { name, entries, end: { at: at + 2, end: 'complete' } };
}

/** As a model says it: a while before it begins, a while before each block, now and then a pause. The same for a seed. */
function pace(seed: number): (event: StreamEvent) => number {
  let state = seed;
  const random = (): number => (state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0) / 2 ** 32;
  return ({ type }) => {
    if (type === 'message_start') return Math.round(300 + 400 * random());
    if (type === 'content_block_start') return Math.round(900 * random());
    if (type === 'tool_result') return Math.round(2000 + 4000 * random());
    return Math.round(random() < 0.03 ? 1500 * random() : 5 + 45 * random());
  };
}
