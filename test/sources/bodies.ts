import type { Codec } from '../../src/codecs/codec.js';
import { anthropic } from '../../src/anthropic.js';
import { llmWorker } from '../../src/llm-worker.js';
import { ollama } from '../../src/ollama.js';
import type { StreamEvent } from '../../src/events/event.js';
import { frameText } from '../../src/wire/write.js';
import { EVENT_SHAPES } from '../operators/shapes.js';

/** A kind of body that an attacker, or bad luck, makes of so many parts. */
export interface Body {
  readonly name: string;
  readonly codec: Codec;
  readonly make: (count: number) => string;
  /** Whether each part is a block or a call: no more of them than the limit are read. */
  readonly isListed?: boolean | undefined;
}

const frame = (data: string): string => `data: ${data}\n\n`;
const line = (data: string): string => `${data}\n`;

/** What stands in frames, whatever the framing; the codec passes it over or skips it. */
const DATA: Readonly<Record<string, string>> = {
  'JSON that breaks off at once': '{x',
  'JSON that is no object': '1',
  'JSON that breaks off': '{"type":"content_block_delta","index":0,"delta":',
  'an event of the wrong shape': '{"type":"content_block_delta","index":"0","delta":{}}',
  'an object without members': '{}',
  'an unknown event': '{"type":"x"}',
  'an unknown event with a long name': `{"type":"${'x'.repeat(500)}"}`,
  'a keep-alive': '"ping"',
  'a time stamp': '12:34:56.789',
  prose: 'not found',
  'brackets that nest': `{"a":${'['.repeat(200)}`,
  'a list that nests': `${'['.repeat(200)}${']'.repeat(200)}`,
};

/** What stands between the frames of an event stream. */
const BETWEEN: Readonly<Record<string, string>> = {
  comments: ': ping\n\n',
  'comments without blank lines': ':\n',
  'blank lines': '\n',
  'line ends of carriage returns': 'data: {}\r\r',
  'empty data': 'data\n\n',
  'stray lines': 'x\n\n',
  'stray lines of JSON': '{x\n\n',
  'fields without data': 'event: x\nid: 1\nretry: 1\n\n',
  'frames of two lines': 'data: {"type":"ping"}\ndata: {"type":"ping"}\n\n',
  'frames of two lines that are broken': 'data: {}\ndata: {x\n\n',
  'events named error without words': 'event: error\ndata: {x\n\n',
};

const CODECS = [anthropic, llmWorker, ollama];

/** Bodies of frames that mean nothing, each in as many small parts as there may be. */
const SPOILT: readonly Body[] = [
  ...CODECS.flatMap((codec) =>
    Object.entries(DATA).map(([name, data]) => ({
      name,
      codec,
      make: (n: number) => (codec.framing === 'sse' ? frame(data) : line(data)).repeat(n),
    })),
  ),
  ...Object.entries(BETWEEN).map(([name, text]) => ({
    name,
    codec: anthropic,
    make: (n: number) => text.repeat(n),
  })),
  {
    name: 'one frame of many lines',
    codec: anthropic,
    make: (n) => `${'data: {"type":"ping"}\n'.repeat(n)}\n`,
  },
  {
    name: 'one frame of many lines that are broken',
    codec: anthropic,
    make: (n) => `${'data: {x\n'.repeat(n)}\n`,
  },
  { name: 'one frame of many stray lines', codec: anthropic, make: (n) => `${'{x\n'.repeat(n)}\n` },
  { name: 'characters cut in half', codec: anthropic, make: (n) => frame(`"${'\ud83c'.repeat(n)}"`) },
];

/** What is played in the lines of other protocols too. */
const SPOKEN = new Set(['text', 'messages', 'an input of a long text', 'calls in a row']);

function spelled(codec: Codec, items: readonly unknown[]): string {
  const encoder = codec.encoder();
  const frames = items.flatMap((item) => encoder.next(item as StreamEvent));
  return [...frames, ...encoder.end()].map(frameText(codec.framing)).join('');
}

/** The shapes of events as they are spelled on the wire, and bodies that hardly hold an event. */
export const BODIES: readonly Body[] = [
  ...CODECS.flatMap((codec) =>
    EVENT_SHAPES.filter(({ name }) => codec === anthropic || SPOKEN.has(name)).map(
      ({ name, make, isListed }) => ({ name, codec, isListed, make: (n: number) => spelled(codec, make(n)) }),
    ),
  ),
  ...SPOILT,
];
