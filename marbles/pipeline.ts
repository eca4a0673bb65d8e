import { anthropic } from '../src/codecs/anthropic/codec.js';
import { decode } from '../src/codecs/decode.js';
import { dropPings } from '../src/operators/dropPings.js';
import { toBlocks } from '../src/operators/toBlocks.js';
import { untilTerminal } from '../src/operators/untilTerminal.js';
import type { Frame } from '../src/wire/frame.js';
import { sse } from '../src/wire/sse.js';
import { alphabet } from './alphabet.js';
import { text, weather } from './contents.js';
import { sheet } from './kit/sheet.js';

/** The events of the picture in their order, the last one a ping after the end. */
const SPOKEN = ['m', 'p', 'o', 't', 'u', 'c', 'b', 'i', 'j', 'd', 'y', 'z', 'p'] as const;
/** What each chunk ends with: the network cuts between events, and within them. */
const CHUNK_ENDS = [
  '"ping"}\n\n',
  '"text":"l',
  '"index":0}\n\n',
  '"ky',
  '"index":1}\n\n',
  'message_stop"}\n\n',
];

const frames = SPOKEN.map((letter): Frame => {
  const event = alphabet[letter];
  return { event: event.type, data: JSON.stringify(event) };
});
const wire = frames.map(({ event, data }) => `event: ${event}\ndata: ${data}\n\n`).join('');
const cuts = [0, ...CHUNK_ENDS.map((end) => wire.indexOf(end) + end.length), wire.length];
const chunks = cuts.slice(1).map((end, nth) => new TextEncoder().encode(wire.slice(cuts[nth], end)));

const frameLetters = SPOKEN.map((letter) => letter.toUpperCase());

export default sheet({
  operator: 'pipeline',
  operators: {
    'sse()': () => sse(),
    'decode(anthropic)': () => decode(anthropic),
    'dropPings()': () => dropPings(),
    'untilTerminal()': () => untilTerminal(),
    'toBlocks()': () => toBlocks(),
  },
  values: {
    ...Object.fromEntries(chunks.map((chunk, nth) => [nth + 1, chunk])),
    ...Object.fromEntries(frames.map((frame, nth) => [frameLetters[nth], frame])),
    V: { ...text('la 🎵'), index: 0, status: 'complete' },
    W: { ...weather({ city: 'Tokyo' }), index: 1, status: 'complete' },
  },
  flows: ['bytes', 'frames', 'events', 'events', 'events', 'blocks'],
  labels: Object.fromEntries(frameLetters.map((letter) => [letter, 'data: {…}'])),
  picture: `
    -1----2---3-----4----5----6----7-|
    > sse()
    -(MP)-O---(TUC)-(BI)-(JD)-(YZ)-P-|
    > decode(anthropic)
    -(mp)-o---(tuc)-(bi)-(jd)-(yz)-p-|
    > dropPings()
    -m----o---(tuc)-(bi)-(jd)-(yz)---|
    > untilTerminal()
    -m----o---(tuc)-(bi)-(jd)-(yz|)
    ^-------------------------!
    > toBlocks()
    ----------V----------W----|
  `,
  cases: {},
});
