import { MessageWriter } from '../../../src/codecs/kit/messageWriter.js';
import { isSameJson } from '../../../src/codecs/kit/sameJson.js';
import { StreamError } from '../../../src/errors/streamError.js';
import * as events from '../../../src/events/make.js';

/** What a writer wrote. */
function writtenBy(write: (writer: MessageWriter) => void): readonly unknown[] {
  const writer = new MessageWriter();
  write(writer);
  return writer.take();
}

const start = events.messageStart();

describe('a message writer', () => {
  it('begins a message and its blocks, and stops them', () => {
    expect(
      writtenBy((writer) => {
        writer.flow('thinking', 'hm');
        writer.flow('text', 'Hel');
        writer.flow('text', 'lo');
        writer.startTool('a', 'toolu_1', 'search');
        writer.flow('text', '!');
        writer.conclude('tool_use');
        writer.end();
      }),
    ).toEqual([
      start,
      events.thinkingStart(0),
      events.thinkingDelta(0, 'hm'),
      events.blockStop(0),
      events.textStart(1),
      events.textDelta(1, 'Hel'),
      events.textDelta(1, 'lo'),
      events.blockStop(1),
      events.toolUseStart(2, 'toolu_1', 'search'),
      events.textStart(3),
      events.textDelta(3, '!'),
      events.messageDelta('tool_use'),
      events.blockStop(2),
      events.blockStop(3),
      events.messageStop(),
    ]);
  });

  it('gives what is open up before an error, and begins at index 0 again', () => {
    expect(
      writtenBy((writer) => {
        writer.flow('text', 'a');
        writer.fail(events.error('api_error', 'No'));
        writer.flow('text', 'b');
      }),
    ).toEqual([
      start,
      events.textStart(0),
      events.textDelta(0, 'a'),
      events.blockAbort(0, 'No'),
      events.error('api_error', 'No'),
      start,
      events.textStart(0),
      events.textDelta(0, 'b'),
    ]);
  });

  it('adds what a final text has more, and nothing where it is the same', () => {
    expect(
      writtenBy((writer) => {
        writer.flow('text', 'Hel');
        writer.settleText('Hello');
        writer.settleText('Hello');
      }).slice(2),
    ).toEqual([events.textDelta(0, 'Hel'), events.textDelta(0, 'lo')]);
  });

  it('writes the message anew where a final text contradicts it, with all that stood between', () => {
    const written = writtenBy((writer) => {
      writer.flow('text', 'Halo');
      writer.result('toolu_0', 42);
      writer.flow('text', '!');
      writer.settleText('Hello!');
      writer.flow('text', '?');
    });
    const told = new StreamError('protocol', 'The whole text is not what was streamed');
    expect(written.slice(6)).toEqual([
      events.textDelta(1, '!'),
      events.reset(2, told),
      start,
      events.textStart(0),
      events.textDelta(0, 'Hello!'),
      events.blockStop(0),
      events.toolResult('toolu_0', 42),
      events.textStart(1),
      events.textDelta(1, '?'),
    ]);
  });

  it('takes a whole input that reads as the same, and writes anew one that does not', () => {
    const input = (json: string): readonly unknown[] =>
      writtenBy((writer) => {
        writer.startTool('a', 'toolu_1', 'search');
        writer.grow('a', '{"q":');
        writer.grow('a', '1}');
        writer.settleInput('a', json);
      }).slice(4);
    expect(input('{ "q": 1 }')).toEqual([events.blockStop(0)]);
    expect(input('{"q":2}').map((event) => (event as { type: string }).type)).toEqual([
      'reset',
      'message_start',
      'content_block_start',
      'content_block_delta',
      'content_block_stop',
    ]);
  });

  it('refuses what contradicts itself', () => {
    const refused = (write: (writer: MessageWriter) => void): unknown => {
      try {
        writtenBy(write);
      } catch (error) {
        return error instanceof StreamError ? error.code : error;
      }
      return undefined;
    };
    expect(refused((writer) => writer.grow('a', 'x'))).toBe('protocol');
    expect(refused((writer) => writer.stop('a'))).toBe('protocol');
    expect(refused((writer) => writer.settleInput('a', '{}'))).toBe('protocol');
    expect(
      refused((writer) => {
        writer.startText('a');
        writer.startText('a');
      }),
    ).toBe('protocol');
  });

  it('takes time in proportion to what it writes', () => {
    const written = writtenBy((writer) => {
      for (let at = 0; at < 50_000; at++) {
        writer.startText(`${at}`);
        writer.grow(`${at}`, 'a');
        writer.stop(`${at}`);
      }
    });
    expect(written).toHaveLength(150_001);
  });
});

describe('the same JSON', () => {
  it.each([
    ['{"a":1,"b":[2]}', '{ "b": [2], "a": 1.0 }', true],
    ['', '{}', true],
    ['[1]', '{"0":1}', false],
    ['{"a":1}', '{"b":1}', false],
    ['{"__proto__":1}', '{"__proto__":1 }', true],
    ['null', '{}', false],
    ['{', '{}', false],
    ['{', '{', true],
  ])('is asked of %s and %s', (a, b, same) => {
    expect(isSameJson(a, b)).toBe(same);
    expect(isSameJson(b, a)).toBe(same);
  });
});
