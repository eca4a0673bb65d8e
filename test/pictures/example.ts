import type { StreamEvent } from '../../src/events/event.js';
import { toSvg } from '../../src/pictures/toSvg.js';
import type { Recording } from '../../src/testing/recordings/recording.js';
import { script, type Script } from '../../src/testing/script/script.js';

/** The recording of which the doc comment of `toAscii` shows a picture. */
export const hello: Recording = recorded(
  'hello',
  script().text('Let me look that up.').toolUse('get_weather', { city: 'Tokyo' }).deltas({ characters: 7 }),
  [380, 20, 15, 30, 25, 30, 20, 2400, 40, 40, 30, 20, 10],
);

/** The recording that the documentation shows a picture of, and the site plays. */
export const forecast: Recording = recorded(
  'A forecast: thinking, a call, its result, an answer',
  script()
    .thinking('They ask for Tokyo and name no day, so today it is. The tool knows.', 'signed')
    .toolUse('get_weather', { city: 'Tokyo', unit: 'celsius', hours: [9, 12, 15, 18] })
    .toolResult({ sky: 'clear', celsius: [14, 18, 19, 15] })
    .ping()
    .text(
      'Clear all day. It begins at 14 °C, is warmest in the afternoon with 19 °C, and in the evening you will want a coat.',
    )
    .deltas({ characters: 6 }),
  ({ type }, nth) => {
    if (type === 'message_start') return 480;
    if (type === 'tool_result') return 6200;
    if (type === 'content_block_start') return 160;
    return 24 + ((nth * 37) % 29);
  },
);

/** The picture in the documentation, as it is to be. */
export function examplePicture(): string {
  return toSvg(forecast);
}

type Waits = readonly number[] | ((event: StreamEvent, nth: number) => number);

function recorded(name: string, told: Script, waits: Waits): Recording {
  const wait = typeof waits === 'function' ? waits : (_: StreamEvent, nth: number) => waits[nth] ?? 0;
  const { values } = told.timed(wait).timeline();
  const entries = values.map(({ at, value }) => ({ at, event: value }));
  return { name, entries, end: { at: (entries.at(-1)?.at ?? 0) + 5, end: 'complete' } };
}
