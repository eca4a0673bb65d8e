import { from, lastValueFrom, toArray } from 'rxjs';
import type { Skip } from '../../../src/codecs/skip.js';
import type { StreamError } from '../../../src/errors/streamError.js';
import type { StreamEvent } from '../../../src/events/event.js';
import * as events from '../../../src/events/make.js';
import { ollama, type OllamaFields } from '../../../src/ollama.js';
import { toMessage } from '../../../src/operators/toMessage.js';
import { untilTerminal } from '../../../src/operators/untilTerminal.js';
import { fromBytes } from '../../../src/sources/fromBytes.js';
import { chat, generation, last, read, readWith } from './lines.js';

const CREATED: OllamaFields = { created_at: '2026-01-01T00:00:00Z' };
const START = events.messageStart({ model: 'm', ...CREATED });

const WEATHER = { function: { index: 0, name: 'get_weather', arguments: { city: 'Oslo' } } };

/** The end of an answer, with the tokens of {@link last}. */
function end(reason: string | null, usage: object = { input_tokens: 9, output_tokens: 5 }): StreamEvent[] {
  return [events.messageDelta(reason as 'end_turn', usage), events.messageStop()];
}

function callsIn(found: readonly StreamEvent[]): readonly unknown[] {
  return found.flatMap((event) =>
    event.type === 'content_block_start' && event.content_block.type === 'tool_use'
      ? [(event.content_block as { id: string }).id]
      : [],
  );
}

function reasonIn(found: readonly StreamEvent[]): unknown {
  return found.flatMap((event) => (event.type === 'message_delta' ? [event.delta.stop_reason] : []))[0];
}

async function failureOf(...lines: readonly object[]): Promise<StreamError> {
  const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
  const stream = fromBytes([text], { codec: ollama }).pipe(untilTerminal());
  return lastValueFrom(stream).then(
    () => Promise.reject(new Error('The stream ended well')),
    (error: unknown) => error as StreamError,
  );
}

describe('a chat', () => {
  it('is text, with the tokens at the end', () => {
    expect(read(chat({ content: 'Hel' }), chat({ content: 'lo' }), last())).toEqual([
      START,
      events.textStart(0),
      events.textDelta(0, 'Hel'),
      events.textDelta(0, 'lo'),
      events.blockStop(0),
      ...end('end_turn'),
    ]);
  });

  it('thinks before it answers', () => {
    expect(read(chat({ thinking: 'H' }), chat({ thinking: 'm' }), chat({ content: 'Hi' }), last())).toEqual([
      START,
      events.thinkingStart(0),
      events.thinkingDelta(0, 'H'),
      events.thinkingDelta(0, 'm'),
      events.blockStop(0),
      events.textStart(1),
      events.textDelta(1, 'Hi'),
      events.blockStop(1),
      ...end('end_turn'),
    ]);
  });

  it('says the last of its text where it ends', () => {
    expect(read(chat({ content: 'Hi' }, { done: true, done_reason: 'length', eval_count: 1 }))).toEqual([
      START,
      events.textStart(0),
      events.textDelta(0, 'Hi'),
      events.blockStop(0),
      ...end('max_tokens', { output_tokens: 1 }),
    ]);
  });

  it('shows images, of the type that their bytes have', () => {
    const images = ['iVBORw0K', '/9j/4AAQ', 'R0lGODlh', 'UklGRgAA'];
    const blocks = read(chat({ images }), last()).flatMap((event): unknown[] =>
      event.type === 'content_block_start' ? [event.content_block] : [],
    );
    expect(blocks).toEqual(
      ['png', 'jpeg', 'gif', 'webp'].map((kind, at) => ({
        type: 'image',
        source: { type: 'base64', media_type: `image/${kind}`, data: images[at] },
      })),
    );
  });

  it('may be one of several, one after another', () => {
    const found = read(chat({ content: 'a' }), last(), chat({ content: 'b' }), last());
    expect(found.filter(({ type }) => type === 'message_start')).toEqual([START, START]);
    expect(found.filter(({ type }) => type === 'message_stop')).toHaveLength(2);
  });
});

describe('a generation', () => {
  it('is read as a chat is', () => {
    const context = [1, 2, 3];
    const times = { total_duration: 4, load_duration: 1, prompt_eval_duration: 1, eval_duration: 2 };
    expect(
      read(
        generation('', { thinking: 'Hm' }),
        generation('Hi'),
        generation('', { done: true, done_reason: 'stop', eval_count: 5, context, ...times }),
      ),
    ).toEqual([
      START,
      events.thinkingStart(0),
      events.thinkingDelta(0, 'Hm'),
      events.blockStop(0),
      events.textStart(1),
      events.textDelta(1, 'Hi'),
      events.blockStop(1),
      { ...events.messageDelta('end_turn', { output_tokens: 5 }), context, ...times },
      events.messageStop(),
    ]);
  });

  it('may be an image, after lines that say how far it is', () => {
    const found = read(
      generation('', { completed: 1, total: 2 }),
      generation('', { image: '/9j/4AAQ', completed: 2, total: 2 }),
      generation('', { done: true }),
    );
    expect(found.map(({ type }) => type)).toEqual([
      'message_start',
      'content_block_start',
      'content_block_stop',
      'message_delta',
      'message_stop',
    ]);
  });

  it('ends without a reason where the server gives none', () => {
    expect(read(generation('', { done: true }))).toEqual([START, ...end(null, {})]);
  });
});

describe('what is said of the answer as a whole', () => {
  it('is in the message once it is finished', async () => {
    const lines = [
      chat({ content: 'Hi' }, { remote_model: 'm:cloud', remote_host: 'https://ollama.com:443' }),
      last({ total_duration: 7, eval_duration: 3 }),
    ];
    const message = await lastValueFrom(from(read(...lines)).pipe(toMessage()));
    expect(message).toMatchObject({
      model: 'm',
      ...CREATED,
      remote_model: 'm:cloud',
      remote_host: 'https://ollama.com:443',
      total_duration: 7,
      eval_duration: 3,
      usage: { input_tokens: 9, output_tokens: 5 },
    });
  });

  it('holds no time that is the one of lines which know none', () => {
    const [start] = read(chat({}, { created_at: '1970-01-01T00:00:00Z' }));
    expect(start).toEqual(events.messageStart({ model: 'm' }));
  });
});

describe('calls', () => {
  it('come whole, and make tool_use of the reason stop', () => {
    expect(read(chat({ tool_calls: [{ id: 'call_a', ...WEATHER }] }), last())).toEqual([
      START,
      events.toolUseStart(0, 'call_a', 'get_weather'),
      events.inputJsonDelta(0, '{"city":"Oslo"}'),
      events.blockStop(0),
      ...end('tool_use'),
    ]);
  });

  it('come in several lines, before text and after it', () => {
    const found = read(
      chat({ tool_calls: [{ id: 'a', ...WEATHER }] }),
      chat({
        content: 'I look',
        tool_calls: [
          { id: 'b', ...WEATHER },
          { id: 'c', ...WEATHER },
        ],
      }),
      last(),
    );
    expect(callsIn(found)).toEqual(['a', 'b', 'c']);
    expect(found).toContainEqual(events.textDelta(1, 'I look'));
    expect(reasonIn(found)).toBe('tool_use');
  });

  it('without ids are given some, which differ between calls and between answers', () => {
    const line = chat({ tool_calls: [WEATHER, WEATHER] });
    const found = callsIn(read(line, chat({ tool_calls: [WEATHER] }), last()));
    expect(found).toEqual(['call_20260101T000000Z_1', 'call_20260101T000000Z_2', 'call_20260101T000000Z_3']);
    const later = { ...line, created_at: '2026-01-01T00:00:01.5Z' };
    expect(callsIn(read(later, last()))[0]).toBe('call_20260101T0000015Z_1');
  });

  it('of one id are two where they differ, and one that is repeated where they do not', () => {
    const other = { id: 'a', function: { name: 'get_weather', arguments: { city: 'Bergen' } } };
    const skips: Skip[] = [];
    const found = readWith(
      { onSkip: (skip) => skips.push(skip) },
      chat({ tool_calls: [{ id: 'a', ...WEATHER }] }),
      chat({ tool_calls: [{ id: 'a', ...WEATHER }, other] }),
      last(),
    );
    expect(callsIn(found)).toEqual(['a', 'call_20260101T000000Z_2']);
    expect(skips.map(({ kind }) => kind)).toEqual(['stray']);
  });

  it.each([
    ['an object', { city: 'Oslo' }, '{"city":"Oslo"}'],
    ['an empty object', {}, '{}'],
    ['its JSON text', '{"city":"Oslo"}', '{"city":"Oslo"}'],
    ['no text', '', undefined],
    ['null', null, undefined],
    ['absent', undefined, undefined],
  ])('have an input that is %s', (_what, given, expected) => {
    const found = read(
      chat({ tool_calls: [{ id: 'a', function: { name: 'f', arguments: given } }] }),
      last(),
    );
    const pieces = found.flatMap((event) =>
      event.type === 'content_block_delta' && event.delta.type === 'input_json_delta'
        ? [event.delta.partial_json]
        : [],
    );
    expect(pieces).toEqual(expected === undefined ? [] : [expected]);
    expect(reasonIn(found)).toBe('tool_use');
  });

  it.each([
    [{ id: 'a' }],
    [{ id: 'a', function: null }],
    [{ id: 'a', function: { name: '', arguments: {} } }],
  ])('without a name are given up, and the answer goes on: %j', (call) => {
    const found = read(chat({ tool_calls: [call] }), chat({ content: 'Hi' }), last());
    expect(found).toContainEqual(events.blockAbort(0, 'The call has no name'));
    expect(found).toContainEqual(events.textDelta(1, 'Hi'));
    expect(reasonIn(found)).toBe('end_turn');
  });

  it.each([
    ['stop', 'tool_use'],
    [undefined, 'tool_use'],
    ['', 'tool_use'],
    ['length', 'max_tokens'],
    ['cancelled', 'cancelled'],
  ])('before the reason %j end with %s', (done_reason, expected) => {
    const found = read(chat({ tool_calls: [WEATHER] }), last({ done_reason }));
    expect(reasonIn(found)).toBe(expected);
  });
});

describe('the end', () => {
  it.each(['load', 'unload'])('is that of an answer without content: %s', (done_reason) => {
    expect(read(chat({}, { done: true, done_reason }))).toEqual([START, ...end(done_reason, {})]);
  });

  it('is a reason too, where the stream ends without done', () => {
    expect(read(chat({ content: 'Hi' }), chat({}, { done_reason: 'stop', eval_count: 5 }))).toEqual([
      START,
      events.textStart(0),
      events.textDelta(0, 'Hi'),
      events.blockStop(0),
      ...end('end_turn', { output_tokens: 5 }),
    ]);
  });

  it('waits for done, which may bring the tokens', () => {
    expect(read(chat({}, { done_reason: 'stop' }), last({ done_reason: undefined }))).toEqual([
      START,
      ...end('end_turn'),
    ]);
  });

  it('comes before an answer that follows a reason without done', () => {
    const found = read(chat({}, { done_reason: 'length' }), chat({ content: 'b' }), last());
    expect(found.filter(({ type }) => type === 'message_start')).toHaveLength(2);
    expect(found.filter(({ type }) => type === 'message_stop')).toHaveLength(2);
  });

  it('without the count of a prompt that was in the cache leaves it open', () => {
    const found = read(last({ prompt_eval_count: undefined }));
    expect(found[1]).toEqual(events.messageDelta('end_turn', { output_tokens: 5, input_tokens: null }));
  });

  it('is missing where the stream ends before it', async () => {
    expect(await failureOf(chat({ content: 'Hel' }))).toMatchObject({ code: 'truncated' });
    expect(read(chat({ content: 'Hel' })).map(({ type }) => type)).not.toContain('message_stop');
  });
});

describe('a failure', () => {
  it('is an error in a stream that began well', async () => {
    expect(read(chat({ content: 'Hel' }), { error: 'model runner stopped' })).toEqual([
      START,
      events.textStart(0),
      events.textDelta(0, 'Hel'),
      events.blockAbort(0, 'model runner stopped'),
      events.error('api_error', 'model runner stopped'),
    ]);
    expect(await failureOf(chat({ content: 'Hel' }), { error: 'out of memory' })).toMatchObject({
      code: 'api',
      message: 'api_error: out of memory',
    });
  });

  it('stays one, whatever ends after it', () => {
    const skips: Skip[] = [];
    const found = readWith(
      { onSkip: (skip) => skips.push(skip) },
      chat({ content: 'Hel' }),
      { error: 'out of memory' },
      last(),
    );
    expect(found.at(-1)).toEqual(events.error('api_error', 'out of memory'));
    expect(skips).toMatchObject([{ kind: 'stray' }]);
  });

  it('is one beside the members of an answer too', () => {
    expect(read(chat({ content: 'x' }, { error: 'No', done: true }))).toEqual([
      events.error('api_error', 'No'),
    ]);
  });

  it('has the status that it names', () => {
    expect(read({ error: 'too many requests', status_code: 429 })).toEqual([
      { type: 'error', error: { type: 'api_error', message: 'too many requests', status: 429 } },
    ]);
  });

  it('is malformed where a line is no JSON, or nothing that is known', () => {
    expect(() => read('{"model":')).toThrow('The data is not JSON');
    expect(() => read({ status: 'pulling manifest' })).toThrow(
      'The line has neither a message nor a response, and does not say done',
    );
    expect(() => read(chat({ tool_calls: [{ function: { name: 7 } }] }))).toThrow(
      'The line.message.tool_calls.0.function.name must be a string, but is 7',
    );
  });
});

describe('what says nothing', () => {
  it.each([
    ['content', null],
    ['thinking', null],
    ['thinking', ''],
    ['tool_calls', null],
    ['tool_calls', []],
    ['images', null],
  ])('is passed over: %s of %j', (name, value) => {
    expect(read(chat({ content: 'Hi' }), chat({ [name]: value }), last())).toEqual(
      read(chat({ content: 'Hi' }), last()),
    );
  });

  it.each(['logprobs', 'done_reason', 'context', 'response', 'total_duration', 'error'])(
    'is passed over: %s of null',
    (name) => {
      expect(read(chat({ content: 'Hi' }, { [name]: null }), last())).toEqual(
        read(chat({ content: 'Hi' }), last()),
      );
    },
  );
});

it('an unknown event is named by its member event', () => {
  expect(read({ event: 'heartbeat', n: 1 })).toEqual([
    events.unknown('heartbeat', { event: 'heartbeat', n: 1 }),
  ]);
});

it('lines may end with CR LF', async () => {
  const text = [chat({ content: 'Hi' }), last()].map((line) => `${JSON.stringify(line)}\r\n`).join('');
  const found = fromBytes([text], { codec: ollama }).pipe(toArray());
  expect(await lastValueFrom(found)).toEqual(read(chat({ content: 'Hi' }), last()));
});

describe('an end that is said twice', () => {
  it('ends one answer', () => {
    const skips: Skip[] = [];
    const found = readWith({ onSkip: (skip) => skips.push(skip) }, chat({ content: 'Hi' }), last(), last());
    expect(found.filter(({ type }) => /^message_st/.test(type))).toHaveLength(2);
    expect(skips).toMatchObject([{ kind: 'stray' }]);
    const more = readWith({}, generation('Hi', { done: true }), generation('', { done: true }));
    expect(more.filter(({ type }) => type === 'message_stop')).toHaveLength(1);
  });

  it('is that of another answer where it says something', () => {
    const found = read(chat({ content: 'Hi' }), last(), chat({ content: 'Ho' }, { done: true }));
    expect(found.filter(({ type }) => type === 'message_stop')).toHaveLength(2);
  });
});
