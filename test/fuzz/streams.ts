import { from, map, toArray } from 'rxjs';
import { CODECS } from '../../scripts/codecs.js';
import { anthropic } from '../../src/anthropic.js';
import type { Codec } from '../../src/codecs/codec.js';
import { decode } from '../../src/codecs/decode.js';
import { encode } from '../../src/codecs/encode.js';
import type { StreamEvent } from '../../src/events/event.js';
import * as events from '../../src/events/make.js';
import { sse } from '../../src/wire/sse.js';
import { frameText } from '../../src/wire/write.js';
import { bytesOf, recordings } from '../recordings/recordings.js';

/** One stream to play with. */
export interface Stream {
  readonly name: string;
  readonly codec: Codec;
  readonly bytes: Uint8Array;
}

/** The most bytes of a recording that is used: a larger one only takes longer. */
const LARGEST = 40_000;

const SCRIPTED: readonly StreamEvent[] = [
  events.messageStart({ id: 'msg_1', model: 'model-1' }),
  events.thinkingStart(0),
  events.thinkingDelta(0, 'Which city? 🌆'),
  events.signatureDelta(0, 'c2lnbmVk'),
  events.blockStop(0),
  events.textStart(1),
  ...Array.from('Let me look that up, “wherever” that is…\n', (letter) => events.textDelta(1, letter)),
  events.ping(),
  events.blockStop(1),
  events.toolUseStart(2, 'toolu_1', 'get_weather'),
  ...['{"city"', ':"Tok', 'yo","days":[1', '2,3],"deep', '":{"a":null}}'].map((piece) =>
    events.inputJsonDelta(2, piece),
  ),
  events.blockStop(2),
  events.messageDelta('tool_use', { output_tokens: 40 }),
  events.messageStop(),
];

/** The recorded streams, where they are at hand, and one that always is; in every protocol. */
export function streams(): readonly Stream[] {
  const recorded = recordings('anthropic')
    .map((recording): Stream => ({ name: recording.file, codec: anthropic, bytes: bytesOf(recording) }))
    .filter(({ bytes }) => bytes.length <= LARGEST);
  const scripted: Stream = { name: 'scripted', codec: anthropic, bytes: written(SCRIPTED, anthropic) };
  return [scripted, ...recorded].flatMap((stream) => [
    stream,
    ...[...CODECS.values()]
      .filter((codec) => codec !== anthropic)
      .map((codec) => ({
        name: `${stream.name} as ${codec.name}`,
        codec,
        bytes: written(eventsOf(stream.bytes), codec),
      })),
  ]);
}

function eventsOf(bytes: Uint8Array): readonly StreamEvent[] {
  let all: readonly StreamEvent[] = [];
  from([bytes])
    .pipe(sse(), decode(anthropic), toArray())
    .subscribe((found) => (all = found));
  return all;
}

function written(all: readonly StreamEvent[], codec: Codec): Uint8Array {
  let text = '';
  from(all)
    .pipe(encode(codec), map(frameText(codec.framing)))
    .subscribe((line) => (text += line));
  return new TextEncoder().encode(text);
}
