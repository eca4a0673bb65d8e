import type { Codec } from '../../src/codecs/codec.js';
import * as events from '../../src/events/make.js';
import type { StreamEvent } from '../../src/events/event.js';
import type { Frame } from '../../src/wire/frame.js';
import type { Dice } from './mutation.js';

/** Pieces of text that a reader of bytes may trip over. */
export const PIECES: readonly string[] = [
  ...['Hello', ' world', ',', ' the', ' 42', 'a', 'text', 'delta', 'stop', ' '],
  ...['é', ' “quoted”', '🌆', '\ud83d', '\udf06', '\ufeff', '\u2028', '\x80', '\x83', '\0', '\u007f'],
  ...['\n', '\t', '"', '\\', '\\"', '\\\\', '/', '"}', '"}}', '"}}\n\n', '","text":"', '{"a":"', '}\r\n\r\n'],
  ...['data: {}\n\n', 'x'.repeat(47), 'x'.repeat(48), 'x'.repeat(49), 'word '.repeat(60), '“'.repeat(20)],
];

/** How a server spells its frames, and what it does to each. */
interface Spelling {
  readonly lineEnd: string;
  readonly space: string;
  readonly dialect: (data: string, place: number, dice: Dice) => string;
}

type Deviation = (frame: Frame, dice: Dice) => Frame | string | Uint8Array;

const utf8 = new TextEncoder();

/** What a server adds to each frame. */
const DIALECTS: readonly Spelling['dialect'][] = [
  (data) => data,
  (data) => data,
  (data, _, dice) => data.replace(/\}$/, `${' '.repeat(dice.below(12))}}`),
  (data, _, dice) => data.replace(/\}$/, `,"obfuscation":"${'aB3d5F7h9'.slice(0, dice.below(10))}"}`),
  (data, place) => data.replace(/("sequence_number":)\d+/, `$1${place * 7}`),
  (data, place) => data.replace(/("created_at":)"[^"]*"/, `$1"2026-01-01T00:00:${place}.5Z"`),
  (data, place) =>
    data.replace(/\}$/, `,"sequence_number":${place},"created_at":${place},"obfuscation":null}`),
  (data) => data.replace(/\}$/, ',"x":{"obfuscation":"y","sequence_number":3}}'),
  (data) => spaced(data),
];

/** What may be another in one frame. The result is a frame, its text or its bytes. */
export const DEVIATIONS: Readonly<Record<string, Deviation>> = {
  'another index': (frame) => edited(frame, /("(?:output_)?index":)\d/, '$11'),
  'an index that nobody knows': (frame) => edited(frame, /("(?:output_)?index":)\d/, '$199'),
  'another order of keys': (frame) => ({ ...frame, data: reversed(frame.data) }),
  'a key twice, the last counts': (frame) =>
    edited(frame, /("(?:text|content|delta|response|thinking)":)("[^"]*")/, '$1$2,$1"twice"'),
  'a key twice, first another': (frame) =>
    edited(frame, /("(?:text|content|delta|response|thinking)":)("[^"]*")/, '$1"twice",$1$2'),
  'the whole twice': ({ data, ...frame }) => ({ ...frame, data: data.replace(/^\{(.*)\}$/s, '{$1,$1}') }),
  'an escape for a letter': (frame) => edited(frame, /e/, '\\u0065'),
  'escapes for all letters': (frame) =>
    edited(frame, /"([a-zH]+)"\}/, (_, word: string) => `"${escapes(word)}"}`),
  'half an escape': (frame) => edited(frame, /l(?=[^"]*"\})/, '\\u00'),
  'no escape': (frame) => edited(frame, /o(?=[^"]*"\})/, '\\x'),
  'half a pair': (frame) => edited(frame, /"\}/, '\\ud83d"}'),
  'a tab as it is': (frame) => edited(frame, /o/, '\t'),
  'spaces between': (frame) => ({ ...frame, data: spaced(frame.data) }),
  'spaces at the end': ({ data, ...frame }) => ({ ...frame, data: data.replace(/\}$/, '   }  ') }),
  'a number for a text': (frame) => edited(frame, /"(?:Hello|a|,)"/, '7'),
  'null for a text': (frame) => edited(frame, /"(?:Hello|a|,)"/, 'null'),
  'an end in the same frame': (frame) => edited(frame, /"finish_reason":null/, '"finish_reason":"stop"'),
  'done in the same frame': (frame) => edited(frame, /"done":false/, '"done":true'),
  'a reason without done': (frame) => edited(frame, /"done":false/, '"done":false,"done_reason":"stop"'),
  'a reason of Gemini': (frame) => edited(frame, /("content":\{"parts")/, '"finishReason":"STOP",$1'),
  'a rating of Gemini': (frame) =>
    edited(frame, /("content":\{"parts")/, '"safetyRatings":[{"blocked":true}],$1'),
  'a feedback of Gemini': (frame) => edited(frame, /\}$/, ',"promptFeedback":{"blockReason":"SAFETY"}}'),
  'another id': (frame) => edited(frame, /("(?:id|responseId|item_id)":")/, '$1other_'),
  'a failure in the same frame': (frame) => edited(frame, /\}$/, ',"error":{"type":"x","message":"y"}}'),
  'a signature': (frame) => edited(frame, /("text":"[^"]*")/, '$1,"thoughtSignature":"c2ln"'),
  'another member': (frame) => edited(frame, /\}$/, ',"more":[1,{"a":"b"}]}'),
  'another event name': (frame) => ({ ...frame, event: 'other' }),
  'no event name': ({ data }) => ({ data }),
  'a mark in the event name': (frame) => ({ ...frame, event: 'x\x80y' }),
  'an id': (frame) => ({ ...frame, id: '7' }),
  'an id that is forgotten again': ({ data }) => `id: 7\nid:\ndata: ${data}\n\n`,
  'a retry': (frame) => ({ ...frame, retry: 10 }),
  'a comment before': ({ data }) => `: hello\ndata: ${data}\n\n`,
  'a comment alone': () => ': hello\n\n',
  'a stray line': () => 'hello {"a":1}\n\n',
  'a stray line that is like a frame': ({ data }) => `${data}\n\n`,
  'a stray error': () => '{"error":{"type":"overloaded_error","message":"busy"}}\n\n',
  'data in two lines': ({ data }) => `data: ${data.slice(0, 20)}\ndata: ${data.slice(20)}\n\n`,
  'two values in one frame': ({ data }) => `data: ${data}\ndata: ${data}\n\n`,
  'no blank line': ({ data }) => `data: ${data}\n`,
  'no space': ({ data }) => `data:${data}\n\n`,
  'two spaces': ({ data }) => `data:  ${data}\n\n`,
  'lines that end in CR': ({ data }) => `data: ${data}\r\r`,
  'lines that end in CR LF': ({ data }) => `data: ${data}\r\n\r\n`,
  'three line ends': ({ data }) => `data: ${data}\n\n\n`,
  'a byte order mark before': ({ data }) => `\ufeffdata: ${data}\n\n`,
  'a ping': () => ({ event: 'ping', data: '{"type":"ping"}' }),
  'an empty frame': () => ({ data: '' }),
  'the end of a block': () => ({ data: '{"type":"content_block_stop","index":0}' }),
  'the end of all': () => ({ data: '[DONE]' }),
  words: () => ({ data: 'overloaded' }),
  'invalid UTF-8 within': ({ data }) => bytesWith(data, [0xc3, 0x28, 0xff, 0xe2, 0x80]),
  'half a character within': ({ data }) => bytesWith(data, [0xf0, 0x9f, 0x8c]),
  'a line end within': ({ data }) => bytesWith(data, [0x0a]),
  'a quote within': ({ data }) => bytesWith(data, [0x22]),
};

/** Frames of one stream, one after another, as a server sends them. */
export interface LikeFrames {
  readonly frames: readonly Uint8Array[];
  /** How many of them are not as the server spells the others. */
  readonly deviant: number;
}

/** Makes a stream of frames that are alike but for a piece of text, and of a few that are otherwise. */
export function likeFrames(codec: Codec, dice: Dice, count = 40): LikeFrames {
  const spelling: Spelling = {
    lineEnd: dice.of(['\n', '\n', '\n', '\n', '\n', '\r\n', '\r\n', '\r']),
    space: dice.of([' ', ' ', ' ', ' ', ' ', ' ', ' ', '']),
    dialect: dice.of(DIALECTS),
  };
  const names = Object.keys(DEVIATIONS);
  // Many streams are nearly all alike, so that the short way is gone.
  const sides = dice.of([3, 8, 20, 40]);
  let deviant = 0;
  const frames = framesOf(codec, dice, count).map((frame, place): Uint8Array => {
    const spelled = { ...frame, data: spelling.dialect(frame.data, place, dice) };
    if (dice.below(sides) > 0) return utf8.encode(textOf(codec, spelled, spelling));
    deviant++;
    const other = DEVIATIONS[dice.of(names)]?.(spelled, dice) ?? spelled;
    if (other instanceof Uint8Array) return other;
    return utf8.encode(typeof other === 'string' ? other : textOf(codec, other, spelling));
  });
  return { frames, deviant };
}

function framesOf(codec: Codec, dice: Dice, count: number): readonly Frame[] {
  const encoder = codec.encoder();
  const kinds = [0, 1].map(() => dice.below(4));
  const said: StreamEvent[] = [events.messageStart({ id: 'm_1', model: 'model-1' })];
  kinds.forEach((kind, index) => {
    said.push(startOf(kind, index));
    for (let at = 0; at < count / 2; at++) said.push(deltaOf(kind, index, dice.of(PIECES)));
    said.push(events.blockStop(index));
  });
  said.push(events.messageDelta('end_turn', { output_tokens: 3 }), events.messageStop());
  return [...said.flatMap((event) => encoder.next(event)), ...encoder.end()];
}

function startOf(kind: number, index: number): StreamEvent {
  if (kind === 0) return events.thinkingStart(index);
  return kind === 1 ? events.toolUseStart(index, 'call_1', 'tool') : events.textStart(index);
}

function deltaOf(kind: number, index: number, piece: string): StreamEvent {
  if (kind === 0) return events.thinkingDelta(index, piece);
  return kind === 1 ? events.inputJsonDelta(index, piece) : events.textDelta(index, piece);
}

function textOf({ framing }: Codec, { event, id, retry, data }: Frame, { lineEnd, space }: Spelling): string {
  if (framing === 'ndjson') return `${data}${lineEnd === '\r' ? '\n' : lineEnd}`;
  const fields = Object.entries({ event, id, retry, data }).filter(([, value]) => value !== undefined);
  return fields.map(([name, value]) => `${name}:${space}${String(value)}${lineEnd}`).join('') + lineEnd;
}

function edited(frame: Frame, what: RegExp, by: string | ((...found: string[]) => string)): Frame {
  return { ...frame, data: frame.data.replace(what, by as string) };
}

function reversed(json: string): string {
  try {
    return JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(json) as object).reverse()));
  } catch {
    return json;
  }
}

function spaced(json: string): string {
  try {
    return JSON.stringify(JSON.parse(json), null, 1).replace(/\n */g, ' ');
  } catch {
    return json;
  }
}

function escapes(word: string): string {
  return Array.from(word, (letter) => `\\u00${letter.charCodeAt(0).toString(16)}`).join('');
}

/** The frame with bytes in the middle of its last word. */
function bytesWith(data: string, bytes: readonly number[]): Uint8Array {
  const at = Math.max(data.lastIndexOf('"'), 1);
  const [before, after] = [utf8.encode(`data: ${data.slice(0, at)}`), utf8.encode(`${data.slice(at)}\n\n`)];
  return Buffer.concat([before, Uint8Array.from(bytes), after]);
}
