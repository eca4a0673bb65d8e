import { createParser, type EventSourceMessage } from 'eventsource-parser';
import fc from 'fast-check';
import { from, map, type Observable, type OperatorFunction } from 'rxjs';
import { anthropic } from '../../src/anthropic.js';
import { decode } from '../../src/codecs/decode.js';
import { encode } from '../../src/codecs/encode.js';
import * as events from '../../src/events/make.js';
import { llmWorker } from '../../src/llm-worker.js';
import { modelrelay } from '../../src/modelrelay.js';
import { synaps } from '../../src/synaps.js';
import type { Frame } from '../../src/wire/frame.js';
import { ndjson } from '../../src/wire/ndjson.js';
import { sse } from '../../src/wire/sse.js';
import { frameText, ndjsonText, sseComment, sseText } from '../../src/wire/write.js';
import '../seed.js';

function all<T>(values: Observable<T>): T[] {
  const found: T[] = [];
  values.subscribe((value) => found.push(value));
  return found;
}

function framesIn(text: string, framing: OperatorFunction<string, Frame>): Frame[] {
  return all(from([text]).pipe(framing));
}

/** What the parser that most clients use finds by itself. */
function messagesIn(text: string): EventSourceMessage[] {
  const messages: EventSourceMessage[] = [];
  createParser({ onEvent: (message) => messages.push(message) }).feed(text);
  return messages;
}

/** Text made of what a framing gives a meaning to. */
const hostile = fc
  .array(
    fc.constantFrom(
      '\n',
      '\r',
      '\r\n',
      '\n\n',
      'data: x',
      'event: y',
      'id: z',
      ':',
      ' ',
      '\0',
      '\uFEFF',
      'é😀',
    ),
    {
      maxLength: 6,
    },
  )
  .map((pieces) => pieces.join(''));

const frames: fc.Arbitrary<Frame> = fc.record(
  {
    data: hostile,
    event: hostile,
    id: hostile,
    retry: fc.constantFrom(0, 3000, -1, 0.5, NaN, Infinity, 1e21),
  },
  { requiredKeys: ['data'] },
);

/** The frames as they may be read again: without what no message can say. */
function readable(written: readonly Frame[]): Frame[] {
  let inForce = '';
  return written.map(({ data, event, id, retry }) => {
    inForce = id?.replace(/[\r\n\0]/g, '') ?? inForce;
    const name = event?.replace(/[\r\n]/g, '') ?? '';
    return {
      data: data.replace(/\r\n?/g, '\n'),
      ...(name !== '' && { event: name }),
      ...(inForce !== '' && { id: inForce }),
      ...((retry === 0 || retry === 3000) && { retry }),
    };
  });
}

describe('sseText', () => {
  it.each<[string, Frame, string]>([
    ['data alone', { data: '{}' }, 'data: {}\n\n'],
    ['empty data', { data: '' }, 'data: \n\n'],
    ['a name', { event: 'ping', data: '{}' }, 'event: ping\ndata: {}\n\n'],
    ['an empty name, which is none', { event: '', data: '{}' }, 'data: {}\n\n'],
    ['all fields', { data: '1', event: 'a', id: '7', retry: 10 }, 'event: a\nid: 7\nretry: 10\ndata: 1\n\n'],
    ['an empty id, which ends the one in force', { data: '1', id: '' }, 'id: \ndata: 1\n\n'],
    [
      'a line of data for each line',
      { data: 'a\nb\r\nc\rd\n' },
      'data: a\ndata: b\ndata: c\ndata: d\ndata: \n\n',
    ],
    ['a name with line ends in it', { event: 'a\r\ndata: b\n\n', data: '1' }, 'event: adata: b\ndata: 1\n\n'],
    ['an id with line ends and NUL in it', { id: '1\n\r\0data: b', data: '1' }, 'id: 1data: b\ndata: 1\n\n'],
    ['a frame that was cut as it was', { data: '{"a', unterminated: true }, 'data: {"a'],
    ['no retry that is not a whole number', { retry: 0.5, data: '1' }, 'data: 1\n\n'],
  ])('writes %s', (_, frame, text) => {
    expect(sseText(frame)).toBe(text);
  });

  it('is read as the frames it was given, whatever they say', () => {
    fc.assert(
      fc.property(fc.array(frames, { maxLength: 5 }), (written) => {
        expect(framesIn(written.map(sseText).join(''), sse())).toEqual(readable(written));
      }),
    );
  });

  it('is read by another parser as one message a frame', () => {
    fc.assert(
      fc.property(fc.array(frames, { maxLength: 5 }), (written) => {
        const expected = readable(written).map(({ data, event }) => ({ data, event }));
        const read = messagesIn(written.map(sseText).join('')).map(({ data, event }) => ({ data, event }));
        expect(read).toEqual(expected);
      }),
    );
  });
});

describe('sseComment', () => {
  it.each([
    ['nothing', undefined, ':\n\n'],
    ['a text', 'still here', ': still here\n\n'],
    ['a comment for each line', 'a\nb\r\n\r\nc\rd', ': a\n: b\n: \n: c\n: d\n\n'],
  ])('says %s', (_, text, written) => {
    expect(sseComment(text)).toBe(written);
  });

  it('is passed over between any two messages, whatever it says', () => {
    fc.assert(
      fc.property(fc.array(frames, { maxLength: 5 }), hostile, (written, said) => {
        const text = written.map((frame) => sseComment(said) + sseText(frame)).join('') + sseComment(said);
        expect(framesIn(text, sse())).toEqual(readable(written));
        expect(messagesIn(text)).toHaveLength(written.length);
      }),
    );
  });
});

describe('ndjsonText', () => {
  it('writes a line that was cut as it was', () => {
    expect(ndjsonText({ data: '{"a', unterminated: true })).toBe('{"a');
  });

  it('writes the data as one line', () => {
    expect(ndjsonText({ data: '{"a":1}', event: 'left out', retry: 1 })).toBe('{"a":1}\n');
  });

  it('keeps a value that was written over several lines', () => {
    fc.assert(
      fc.property(
        fc.array(fc.jsonValue(), { maxLength: 5 }),
        fc.constantFrom('\n', '\r\n', '\r'),
        (values, end) => {
          const written = values.map((value) => ({
            data: JSON.stringify({ value }, undefined, 2).replaceAll('\n', end),
          }));
          const read = framesIn(written.map(ndjsonText).join(''), ndjson());
          expect(read.map(({ data }) => JSON.parse(data) as unknown)).toEqual(
            JSON.parse(JSON.stringify(values.map((value) => ({ value })))),
          );
        },
      ),
    );
  });

  it('never makes two lines of one frame', () => {
    fc.assert(
      fc.property(frames, (frame) => {
        expect(ndjsonText(frame).match(/[\r\n]/g)).toEqual(['\n']);
      }),
    );
  });
});

describe('frameText', () => {
  it('is the writer of the framing', () => {
    expect(frameText('sse')).toBe(sseText);
    expect(frameText('ndjson')).toBe(ndjsonText);
  });

  it.each([anthropic, llmWorker, modelrelay, synaps].map((codec) => [codec.name, codec] as const))(
    'sends an answer that %s wrote, to be read as what it wrote',
    (_, codec) => {
      const answer = [
        events.messageStart(),
        events.textStart(0),
        events.textDelta(0, 'two\nlines\r\n\r\n\u2028: é😀'),
        events.blockStop(0),
        events.messageDelta('end_turn', { output_tokens: 5 }),
        events.messageStop(),
      ];
      const framing = codec.framing === 'ndjson' ? ndjson() : sse();
      const frames = from(answer).pipe(encode(codec));
      const sent = frames.pipe(map(frameText(codec.framing)));
      expect(all(sent.pipe(framing))).toEqual(all(frames));
      expect(all(sent.pipe(framing, decode(codec)))).toContainEqual(
        events.textDelta(0, 'two\nlines\r\n\r\n\u2028: é😀'),
      );
    },
  );
});
