import type { FaultGroup } from '../fault.js';
import { head } from '../faultServer.js';
import { CLOSE, data, message, soFar, BEGUN, WHOLE } from './written.js';

const BOM = '\uFEFF';
const bytes = (text: string) => new TextEncoder().encode(text);

/** An answer whose text is not ASCII. */
const MUSIC = WHOLE.replace('"Hel"', '"♪🎵"');

/** Cuts the bytes inside the four of 🎵. */
const inMusic = bytes(MUSIC.slice(0, MUSIC.indexOf('🎵'))).length + 2;

const invalid = Uint8Array.of(...bytes('data: a'), 0xff, 0xf0, 0x9f, 0x8e, ...bytes('b\n\n'));

export const framing: FaultGroup = {
  title: 'Bytes and lines',
  faults: [
    {
      fault: 'the network cuts a character in two',
      given: { bytes: [bytes(MUSIC).subarray(0, inMusic), bytes(MUSIC).subarray(inMusic)] },
      expected: { gives: 'the character, whole', values: [message('♪🎵lo')] },
    },
    {
      fault: 'the network cuts after every byte',
      given: { bytes: Array.from(bytes(MUSIC), (byte) => Uint8Array.of(byte)) },
      expected: { gives: 'the message', values: [message('♪🎵lo')] },
    },
    {
      fault: 'the stream ends inside a character',
      given: { bytes: [bytes(BEGUN), bytes(data('{"type":"ping","note":"🎵"}')).subarray(0, -6)] },
      expected: { error: { code: 'truncated', retryable: true }, partial: soFar('Hel') },
    },
    {
      fault: 'bytes are not UTF-8',
      given: { frames: invalid },
      expected: { gives: 'U+FFFD for each run that is none', values: [{ data: 'a\uFFFD\uFFFDb' }] },
    },
    {
      fault: 'the server names another charset',
      given: {
        server: [
          [
            head('200 OK', { 'content-type': 'text/event-stream; charset=iso-8859-1' }),
            { send: bytes(MUSIC) },
            CLOSE,
          ],
        ],
      },
      expected: { gives: 'the message: an event stream is always UTF-8', values: [message('♪🎵lo')] },
    },
    {
      fault: 'the stream begins with a byte order mark',
      given: { bytes: bytes(BOM + WHOLE) },
      expected: { gives: 'the message', values: [message('Hello')] },
    },
    {
      fault: 'the stream begins with two byte order marks',
      given: { frames: bytes(`${BOM}${BOM}data: a\ndata: b\n\n`) },
      expected: {
        gives: 'one is removed; the other is part of its line’s field name',
        values: [{ data: 'b' }],
      },
    },
    {
      fault: 'lines end in CR LF',
      given: { bytes: WHOLE.replaceAll('\n', '\r\n') },
      expected: { gives: 'the message', values: [message('Hello')] },
    },
    {
      fault: 'lines end in CR',
      given: { bytes: WHOLE.replaceAll('\n', '\r') },
      expected: { gives: 'the message, its last event too', values: [message('Hello')] },
    },
    {
      fault: 'the network cuts between CR and LF',
      given: { frames: ['data: a\r', '\ndata: b\r', '\n\r', '\n'] },
      expected: { gives: 'one line end', values: [{ data: 'a\nb' }] },
    },
    {
      fault: 'data holds line ends of Unicode',
      given: { frames: 'data: a\u2028b\u2029c\u0085d\ve\ff\n\n' },
      expected: { gives: 'them as they are', values: [{ data: 'a\u2028b\u2029c\u0085d\ve\ff' }] },
    },
    {
      fault: 'a field name is in capitals',
      given: { frames: 'DATA: a\nData: b\ndata: c\n\n' },
      expected: { gives: 'nothing of that line', values: [{ data: 'c' }] },
    },
    {
      fault: 'a data line has no colon',
      given: { frames: 'data\n\ndata: a\ndata\n\n' },
      expected: { gives: 'an empty line', values: [{ data: '' }, { data: 'a\n' }] },
    },
    {
      fault: 'a value begins with two spaces, or a tab',
      given: { frames: 'data:  a\ndata:\tb\n\n' },
      expected: { gives: 'the value without one space', values: [{ data: ' a\n\tb' }] },
    },
    {
      fault: 'an event has two names',
      given: { frames: 'event: a\nevent: b\ndata: c\n\ndata: d\n\n' },
      expected: {
        gives: 'the last one, for this event only',
        values: [{ event: 'b', data: 'c' }, { data: 'd' }],
      },
    },
    {
      fault: 'a block has no data',
      given: { frames: 'event: a\nid: 7\n\ndata: b\n\n' },
      expected: { gives: 'no event; its id holds', values: [{ data: 'b', id: '7' }] },
    },
    {
      fault: 'an id holds a NUL',
      given: { frames: 'id: 1\ndata: a\n\nid: 2\0\ndata: b\n\nid\ndata: c\n\n' },
      expected: {
        gives: 'the id before it; an empty one ends that',
        values: [{ data: 'a', id: '1' }, { data: 'b', id: '1' }, { data: 'c' }],
      },
    },
    {
      fault: 'a retry is no number',
      given: { frames: 'retry: soon\nretry: 0250\nretry: -1\ndata: a\n\n' },
      expected: { gives: 'the one that is', values: [{ data: 'a', retry: 250 }] },
    },
    {
      fault: 'the stream ends inside a block',
      given: { frames: 'data: a\n\nid: 7\ndata: b' },
      expected: {
        gives:
          'the frame, marked as unterminated: `decode` takes it if it can be read, else the answer is truncated',
        values: [{ data: 'a' }, { data: 'b', id: '7', unterminated: true }],
      },
    },
    {
      fault: 'comments stand between the events',
      given: { bytes: `: OPENROUTER PROCESSING\n\n${WHOLE.replaceAll('\n\n', '\n\n:\n\n: PROCESSING\n\n')}` },
      expected: { gives: 'the message', values: [message('Hello')] },
    },
  ],
};
