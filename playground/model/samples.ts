import { EventStreamCodec } from '@smithy/core/event-streams';
import type { Codec } from '../../src/codecs/codec.js';
import type { StreamEvent } from '../../src/events/event.js';
import { script, type Script } from '../../src/testing/script/script.js';
import { recordingText } from '../../src/testing/recordings/recording.js';
import { frameText } from '../../src/wire/write.js';
import { base64Of } from './base64.js';
import { PROTOCOLS } from './protocols.js';

/** Something to begin with. */
export interface Sample {
  readonly id: string;
  readonly title: string;
  readonly group: string;
  text(): string;
}

const FORECAST =
  'Two calm days, then rain from the west. In Kyoto 🎋 take the early train; on Friday keep to the arcades of Teramachi.';

/** The answer that all protocols tell: thinking, a text, a call. */
function answer(): Script {
  return script()
    .thinking('They want to walk. First the weather, then the trains.', 'c2lnbmVk')
    .text(FORECAST)
    .toolUse('get_weather', { city: 'Kyoto', days: 3 })
    .deltas({ words: 3 })
    .usage({ input_tokens: 31, output_tokens: 64 });
}

const DRAWN: readonly Sample[] = [
  drawn('marbles', 'A text and a call', 'm-o-t-u-t-c-b-i-j-d-y-z|'),
  drawn('interleaved', 'Two blocks that grow at once', 'm-h-k-(gc)-o-b-t-i-u-j-(cd)-y-z|'),
  drawn('reset', 'An attempt that fails, and another', 'm-o-t-u-r-m-o-t-u-t-c-s-z|'),
  drawn('stall', 'Pings, and then nothing', 'm-o-t-p-u 2s p 3s p-t-c-s-z|'),
  drawn('lost', 'The connection is lost', 'm-o-t-u-b-i-#'),
  {
    id: 'script',
    title: 'A script, as tests have it',
    group: 'Drawn',
    text: () => `script()
  .thinking('They want a poem.', 'signed')
  .text('Roses are red, violets are blue.')
  .toolUse('publish', { title: 'Roses', lines: 1 })
  .deltas({ words: 1 })
  .usage({ input_tokens: 12, output_tokens: 34 })
  .timed({ first: 320, between: 25 })
`,
  },
];

const RECORDED: Sample = {
  id: 'recording',
  title: 'A recording, with its times',
  group: 'Recorded',
  text() {
    const { values, end } = answer()
      .timed((event, nth) =>
        nth === 0 ? 410 : event.type === 'content_block_delta' ? 28 + ((nth * 37) % 31) : 6,
      )
      .timeline();
    return recordingText({
      name: 'three calm days',
      codec: 'anthropic',
      entries: values.map(({ at, value }) => ({ at, event: value })),
      end: { at: end?.at ?? 0, end: 'complete' },
    });
  },
};

/** Everything that there is to begin with, the first first. */
export const SAMPLES: readonly Sample[] = [
  ...DRAWN,
  RECORDED,
  ...PROTOCOLS.map(({ codec, title }): Sample => ({
    id: codec.name,
    title,
    group: 'Captured',
    text: () => captureOf(codec, answer().events()),
  })),
];

function drawn(id: string, title: string, row: string): Sample {
  return { id, title, group: 'Drawn', text: () => row };
}

/** What a server says in a protocol, as one would paste it: binary as base64. */
export function captureOf(codec: Codec, events: readonly StreamEvent[]): string {
  const encoder = codec.encoder();
  const frames = [...events.flatMap((event) => encoder.next(event)), ...encoder.end()];
  if (codec.framing !== 'eventstream') return frames.map(frameText(codec.framing)).join('');
  const messages = new EventStreamCodec(
    (bytes: Uint8Array | string) => (typeof bytes === 'string' ? bytes : new TextDecoder().decode(bytes)),
    (text: string) => new TextEncoder().encode(text),
  );
  const parts = frames.map(({ event = '', data }) =>
    messages.encode({
      headers: {
        ':event-type': { type: 'string', value: event },
        ':content-type': { type: 'string', value: 'application/json' },
        ':message-type': { type: 'string', value: 'event' },
      },
      body: new TextEncoder().encode(data),
    }),
  );
  const bytes = Uint8Array.from(parts.flatMap((part) => [...part]));
  return `${base64Of(bytes).replaceAll('-', '+').replaceAll('_', '/')}\n`;
}
