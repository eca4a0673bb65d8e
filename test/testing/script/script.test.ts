import fc from 'fast-check';
import { from, lastValueFrom, toArray, type Observable } from 'rxjs';
import { anthropic } from '../../../src/codecs/anthropic/codec.js';
import { llmWorker } from '../../../src/codecs/llmWorker/codec.js';
import { StreamError } from '../../../src/errors/streamError.js';
import type { StreamEvent } from '../../../src/events/event.js';
import * as events from '../../../src/events/make.js';
import type { Message } from '../../../src/events/message.js';
import { checkProtocol } from '../../../src/operators/checkProtocol.js';
import { toMessage } from '../../../src/operators/toMessage.js';
import { connectionLost } from '../../../src/testing/letters/alphabet.js';
import { script, type Script } from '../../../src/testing/script/script.js';
import { fromBytes } from '../../../src/sources/fromBytes.js';
import { runs } from '../../seed.js';

/** Each event in a word: its type, and what a delta carries. */
function told(answer: Iterable<StreamEvent>): string[] {
  return Array.from(answer, (event) => {
    if (event.type === 'content_block_delta') {
      const [, text] = Object.values(event.delta) as [string, string];
      return `${event.index}+${text}`;
    }
    if (event.type === 'content_block_start') return `${event.index} ${event.content_block.type}`;
    if (event.type === 'content_block_stop') return `${event.index} stop`;
    return event.type;
  });
}

function messageOf(answer: Script): Promise<Message> {
  return lastValueFrom(from(answer).pipe(toMessage()));
}

const conversation = script()
  .thinking('They ask for the weather.', 'signed')
  .text('Let me look, 天気 🎵')
  .ping()
  .toolUse('get_weather', { city: 'Tokyo', days: [1, 2] });

describe('script', () => {
  it('gives a whole message, part by part', () => {
    expect(told(conversation)).toEqual([
      'message_start',
      '0 thinking',
      '0+They ask for the weather.',
      '0+signed',
      '0 stop',
      '1 text',
      '1+Let me look, 天気 🎵',
      '1 stop',
      'ping',
      '2 tool_use',
      '2+{"city":"Tokyo","days":[1,2]}',
      '2 stop',
      'message_delta',
      'message_stop',
    ]);
  });

  it('adds up to what was told', async () => {
    const answer = conversation.usage({ input_tokens: 12, output_tokens: 34 });
    expect(await messageOf(answer)).toMatchObject({
      id: 'msg_1',
      model: 'model-1',
      stop_reason: 'tool_use',
      usage: { input_tokens: 12, output_tokens: 34 },
      content: [
        { type: 'thinking', thinking: 'They ask for the weather.', signature: 'signed' },
        { type: 'text', text: 'Let me look, 天気 🎵' },
        { type: 'tool_use', id: 'toolu_1', name: 'get_weather', input: { city: 'Tokyo', days: [1, 2] } },
      ],
    });
  });

  it('is never changed by what is added to it', () => {
    const greeting = script().text('Hello');
    const before = told(greeting);
    greeting.text('and more').deltas({ characters: 1 }).cutOff(2).timed(5);
    expect(told(greeting)).toEqual(before);
    expect(greeting.timeline().end).toEqual({ at: 0 });
  });

  it('gives frozen events', () => {
    const [start] = script().events();
    expect(() => Object.assign(start ?? {}, { type: 'mine' })).toThrow('read only');
  });

  it.each<[string, Script, string[]]>([
    ['characters', script().text('ab🎵c').deltas({ characters: 2 }), ['0+ab', '0+🎵c']],
    [
      'words',
      script().text(' one, two\nthree ').deltas({ words: 1 }),
      ['0+ ', '0+one, ', '0+two\n', '0+three '],
    ],
    ['several words', script().text('one two three').deltas({ words: 2 }), ['0+one two ', '0+three']],
    ['JSON', script().toolUse('f', { a: 1 }).deltas({ characters: 3 }), ['0+{"a', '0+":1', '0+}']],
    ['no text at all', script().text(''), []],
    ['no input at all', script().toolUse('f'), []],
    ['deltas as they are told', script().text(['', 'a b', 'c']).deltas({ words: 1 }), ['0+', '0+a b', '0+c']],
    ['input as it is told', script().toolUse('f', ['{"a', '}']).deltas({ words: 1 }), ['0+{"a', '0+}']],
    ['the text of an input', script().toolUse('f', '{"a').deltas({ characters: 2 }), ['0+{"', '0+a']],
    ['lists that are no texts', script().toolUse('f', []).toolUse('g', ['a', 1]), ['0+[]', '1+["a",1]']],
  ])('cuts into deltas: %s', (_, answer, deltas) => {
    expect(told(answer).filter((word) => word.includes('+'))).toEqual(deltas);
  });

  it.each([0, -1, 1.5, NaN])('refuses a delta of %d characters', (characters) => {
    expect(() => script().deltas({ characters })).toThrow(RangeError);
  });

  it('lets blocks grow at the same time, each in its order', () => {
    const answer = script().text('abc').toolUse('f', 12).deltas({ characters: 1 }).interleaved();
    expect(told(answer).slice(1, -2)).toEqual([
      '0 text',
      '1 tool_use',
      '0+a',
      '1+1',
      '0+b',
      '1+2',
      '0+c',
      '1 stop',
      '0 stop',
    ]);
  });

  it('takes any block and any event as they are', () => {
    const [citation, strange] = [
      { type: 'page_location' } as never,
      events.unknown('hologram', { depth: 3 }),
    ];
    const answer = script()
      .block({ type: 'text', text: '', citations: null }, { type: 'citations_delta', citation })
      .redactedThinking('secret')
      .event(strange);
    expect(answer.events().slice(1, -2)).toEqual([
      events.textStart(0),
      events.citationsDelta(0, citation),
      events.blockStop(0),
      events.redactedThinkingStart(1, 'secret'),
      events.blockStop(1),
      strange,
    ]);
  });

  it('names calls in their order, and answers the last one', () => {
    const answer = script()
      .toolUse('f', {})
      .toolResult('one')
      .toolUse('g', {}, 'mine')
      .toolUse('h', {})
      .toolResult({ n: 2 }, { isError: true })
      .toolResult('three', { id: 'mine' });
    const ids = answer.events().flatMap((event): unknown[] => {
      if (event.type === 'tool_result') return [event];
      return event.type === 'content_block_start' && 'id' in event.content_block
        ? [event.content_block.id]
        : [];
    });
    expect(ids).toEqual([
      'toolu_1',
      events.toolResult('toolu_1', 'one'),
      'mine',
      'toolu_2',
      events.toolResult('toolu_2', { n: 2 }, true),
      events.toolResult('mine', 'three'),
    ]);
    expect(() => script().toolResult('none').events()).toThrow('A tool result needs a call before it');
  });

  it.each<[string, Script, string | null]>([
    ['end_turn', script().toolUse('f', {}).text('So'), 'end_turn'],
    ['tool_use', script().text('So').toolUse('f', {}).ping(), 'tool_use'],
    ['max_tokens', script().toolUse('f', {}).stop('max_tokens'), 'max_tokens'],
    ['null', script().stop(null), null],
  ])('ends with %s', async (_, answer, reason) => {
    const end = answer.events().find(({ type }) => type === 'message_delta');
    expect(end).toMatchObject({ delta: { stop_reason: reason } });
  });

  it('says the usage, the stop sequence and the start that it was told', () => {
    const answer = script({ id: 'm', model: 'mine', usage: { input_tokens: 1 } })
      .usage({ cache_read_input_tokens: 2, output_tokens: 3 })
      .stop('stop_sequence', { stop_sequence: '###' });
    const [start, end] = answer.events();
    expect(start).toEqual(
      events.messageStart({ id: 'm', model: 'mine', usage: { input_tokens: 1, cache_read_input_tokens: 2 } }),
    );
    expect(end).toEqual(events.messageDelta('stop_sequence', { stop_sequence: '###', output_tokens: 3 }));
  });
});

describe('a script that breaks off', () => {
  const answer = script().text('ab').toolUse('f', {}).deltas({ characters: 1 });

  it.each<[string, Script, string[]]>([
    ['in the middle of the last block', answer.cutOff(), ['0 stop', '1 tool_use', '1+{', '1+}']],
    ['after some events', answer.cutOff(3), ['message_start', '0 text', '0+a']],
    ['some events before the end', answer.cutOff(-2), ['1+{', '1+}', '1 stop']],
    ['before anything', answer.cutOff(0), []],
    ['before an event', answer.cutOff(({ type }) => type === 'content_block_stop'), ['0+a', '0+b']],
    ['where nothing was said', script().cutOff(), ['message_start']],
    ['with an error event', answer.error('overloaded_error', 'Overloaded', 2), ['0 text', 'error']],
    ['with an error event in a block', answer.error('api_error', 'No'), ['1+{', '1+}', 'error']],
    ['with a lost connection', answer.lost(undefined, 2), ['message_start', '0 text']],
  ])('%s', (_, broken, last) => {
    expect(told(broken).slice(-last.length || undefined)).toEqual(last);
  });

  it('says how it ends: a lost connection is an error, all else an end', () => {
    const error = new StreamError('limit', 'Too late');
    expect(answer.cutOff().timeline().end).toEqual({ at: 0 });
    expect(answer.error('api_error', 'No').timeline().end).toEqual({ at: 0 });
    expect(answer.lost().timeline().end).toEqual({ at: 0, error: connectionLost });
    expect(answer.lost(error).timed(2).timeline().end).toEqual({ at: 16, error });
  });

  it('refuses a point that never comes', () => {
    expect(() => answer.cutOff(({ type }) => type === 'ping').events()).toThrow(
      'The message cannot break off',
    );
  });
});

describe('a script of several messages', () => {
  it('goes on with ids of its own', () => {
    const answer = script({ model: 'mine' })
      .toolUse('f', {})
      .deltas({ words: 1 })
      .message()
      .text('It is')
      .toolUse('g', {});
    const starts = answer.events().flatMap((event) => {
      if (event.type === 'message_start') return [event.message.id, event.message.model];
      return event.type === 'content_block_start' && 'id' in event.content_block
        ? [event.content_block.id]
        : [];
    });
    expect(starts).toEqual(['msg_1', 'mine', 'toolu_1', 'msg_2', 'mine', 'toolu_2']);
    expect(told(answer)).toContain('0+It ');
  });

  it('may begin a message after one that broke off, but not after the connection was lost', () => {
    const broken = script().text('Hel').cutOff().message().text('Hello');
    expect(told(broken).slice(0, 6)).toEqual([
      'message_start',
      '0 text',
      '0+Hel',
      'message_start',
      '0 text',
      '0+Hello',
    ]);
    expect(() => script().lost().message()).toThrow('A message cannot follow lost(), which ends the stream');
  });
});

describe('the times of a script', () => {
  const answer = script().text('ab').deltas({ characters: 1 });
  const times = (timed: Script): number[] => timed.timeline().values.map(({ at }) => at);

  it.each<[string, Script, number[]]>([
    ['all at once', answer, [0, 0, 0, 0, 0, 0, 0]],
    ['some ms before each', answer.timed(5), [5, 10, 15, 20, 25, 30, 35]],
    ['a wait, then a pace', answer.timed({ first: 300, between: 20 }), [300, 320, 340, 360, 380, 400, 420]],
    ['marbles', answer.timed('--x(xx)-x 10ms xxx|'), [2, 3, 3, 8, 19, 20, 21]],
    [
      'told for each',
      answer.timed((event, nth) => (event.type === 'message_stop' ? 100 : nth)),
      [0, 1, 3, 6, 10, 15, 115],
    ],
  ])('are %s', (_, timed, expected) => {
    expect(times(timed)).toEqual(expected);
  });

  it('end with the last event, or as the marbles say', () => {
    expect(answer.timed(5).timeline().end).toEqual({ at: 35 });
    expect(answer.timed('xxxxxxx---|').timeline().end).toEqual({ at: 10 });
    expect(answer.timed('xxxxxxx---').timeline().end).toBeUndefined();
    expect(answer.lost().timed('xxxx-#').timeline().end).toEqual({ at: 5, error: connectionLost });
  });

  it.each<[string, Script]>([
    ['The row has 3 places for 7 events: -x-x-x|', answer.timed('-x-x-x|')],
    ['The script does not fail, so its row must not end in #: xxxxxxx#', answer.timed('xxxxxxx#')],
    ['The script fails, so its row must end in #: xxxx|', answer.lost().timed('xxxx|')],
  ])('are refused: %s', (message, timed) => {
    expect(() => timed.timeline()).toThrow(message);
  });
});

describe('the bytes of a script', () => {
  it('are those of a codec, cut where it is told', () => {
    const text = (chunks: readonly Uint8Array[]): string[] =>
      chunks.map((chunk) => new TextDecoder().decode(chunk));
    const ping = script().ping().cutOff(2);
    expect(text(ping.bytes({ codec: anthropic })).at(-1)).toBe('event: ping\ndata: {"type":"ping"}\n\n');
    expect(text(ping.bytes({ codec: llmWorker })).at(-1)).toBe('{"Ping":{"timestamp":null}}\n');
    const sizes = new Set(
      conversation
        .bytes({ codec: anthropic, chunking: { bytes: 7 } })
        .slice(0, -1)
        .map(({ length }) => length),
    );
    expect([...sizes]).toEqual([7]);
  });
});

/** Scripts of any parts, cut and interleaved in any way. */
const scripts: fc.Arbitrary<Script> = fc
  .record({
    parts: fc.array(
      fc.oneof(
        fc.tuple(fc.constant('text' as const), fc.string({ unit: 'grapheme' })),
        fc.tuple(fc.constant('thinking' as const), fc.string()),
        fc.tuple(fc.constant('toolUse' as const), fc.dictionary(fc.string(), fc.jsonValue())),
      ),
      { maxLength: 4 },
    ),
    size: fc.option(fc.integer({ min: 1, max: 5 })),
    words: fc.boolean(),
    isInterleaved: fc.boolean(),
  })
  .map(({ parts, size, words, isInterleaved }) => {
    const told = parts.reduce((answer, [kind, content]) => {
      if (kind === 'toolUse') return answer.toolUse('f', content);
      return kind === 'text' ? answer.text(content) : answer.thinking(content, 'signed');
    }, script());
    const cut = size === null ? told : told.deltas(words ? { words: size } : { characters: size });
    return isInterleaved ? cut.interleaved() : cut;
  });

describe('every script', () => {
  it('keeps the protocol', async () => {
    await fc.assert(
      fc.asyncProperty(scripts, async (answer) => {
        const checked: Observable<StreamEvent> = from(answer).pipe(checkProtocol());
        await lastValueFrom(checked);
      }),
    );
  });

  it('says the same, however it is cut', async () => {
    await fc.assert(
      fc.asyncProperty(scripts, fc.integer({ min: 1, max: 9 }), async (answer, characters) => {
        expect(await messageOf(answer.deltas({ characters }))).toEqual(await messageOf(answer));
      }),
    );
  });

  it('comes out of its bytes as it went in', async () => {
    await fc.assert(
      fc.asyncProperty(scripts, fc.integer({ min: 1, max: 50 }), async (answer, bytes) => {
        const source = fromBytes(answer.bytes({ codec: anthropic, chunking: { bytes } }), {
          codec: anthropic,
        });
        const read = await lastValueFrom(source.pipe(toArray()));
        expect(read).toEqual(answer.events());
      }),
      { numRuns: runs(50) },
    );
  });
});
