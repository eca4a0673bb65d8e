import fc from 'fast-check';
import { from, lastValueFrom, of, retry, Subject, take, throwError, concat, toArray } from 'rxjs';
import { MAX_BLOCK_INDEX } from '../../../src/events/block.js';
import { anthropic } from '../../../src/codecs/anthropic/codec.js';
import { eventSchema, eventSchemas } from '../../../src/codecs/anthropic/schemas.js';
import { policed, type DecodeOptions } from '../../../src/codecs/policed.js';
import { decode } from '../../../src/codecs/decode.js';
import { encode } from '../../../src/codecs/encode.js';
import { StreamError } from '../../../src/errors/streamError.js';
import * as events from '../../../src/events/make.js';
import type { StreamEvent } from '../../../src/events/event.js';
import type { Frame } from '../../../src/wire/frame.js';
import { streamEvent, streamEventSequence } from '../streamEvent.js';
import { runs } from '../../seed.js';

/** What one frame is read as; `data` may be given as its value. */
function read(data: unknown, event?: string, options?: DecodeOptions): readonly StreamEvent[] {
  const text = typeof data === 'string' ? data : JSON.stringify(data);
  return policed(anthropic, options).next({ data: text, event });
}

/** The error that one frame is. */
function failure(data: unknown, event?: string, options?: DecodeOptions): StreamError {
  try {
    read(data, event, options);
  } catch (error) {
    if (error instanceof StreamError) return error;
    throw error;
  }
  throw new Error('The frame was read');
}

const DELTA = events.textDelta(0, 'Hi');

describe('the type of an event', () => {
  it('is that of its JSON, whatever the SSE event is called', () => {
    for (const name of [undefined, 'content_block_delta', 'message', 'ping', 'made_up']) {
      expect(read(DELTA, name)).toEqual([DELTA]);
    }
  });

  it('is the name of the SSE event where the JSON has none', () => {
    expect(read({}, 'message_stop')).toEqual([events.messageStop()]);
    expect(read({ index: 0 }, 'content_block_stop')).toEqual([events.blockStop(0)]);
    expect(read('', 'ping')).toEqual([events.ping()]);
  });

  it('is nowhere: malformed', () => {
    expect(failure({ index: 0 })).toMatchObject({ code: 'malformed', message: 'The event has no type' });
    expect(failure({ type: 7 }, 'ping')).toMatchObject({ code: 'malformed' });
  });
});

describe('what this version does not know', () => {
  it('comes out as an unknown event with its name and data', () => {
    const data = { type: 'content_block_pause', index: 0 };
    expect(read(data)).toEqual([events.unknown('content_block_pause', data)]);
    expect(read({ n: 1 }, 'heartbeat')).toEqual([events.unknown('heartbeat', { n: 1 })]);
  });

  it.each(['still alive', '1712345678', 'null', '[1]', '"text"', ''])('may have any data: %p', (data) => {
    const value: unknown = /^(?:still alive|)$/.test(data) ? data : JSON.parse(data);
    expect(read(data, 'heartbeat')).toEqual([events.unknown('heartbeat', value)]);
  });

  it('is skipped, or an error, where the caller says so', () => {
    expect(read({ type: 'new' }, undefined, { unknown: 'skip' })).toEqual([]);
    expect(failure({ type: 'new' }, undefined, { unknown: 'error' })).toMatchObject({
      code: 'malformed',
      message: 'The event type "new" is unknown',
      raw: '{"type":"new"}',
    });
  });

  it('is not a malformed event', () => {
    expect(read({ type: 'new' }, undefined, { malformed: 'error', unknown: 'emit' })).toHaveLength(1);
    expect(failure({ type: 'content_block_stop' }, undefined, { unknown: 'skip' })).toMatchObject({
      code: 'malformed',
    });
  });

  it('within an event passes as it came: a block, a delta, a stop reason, a field', () => {
    const given = [
      { type: 'content_block_start', index: 0, content_block: { type: 'hologram', depth: 3 } },
      { type: 'content_block_delta', index: 0, delta: { type: 'hologram_delta', depth: 4 } },
      { type: 'message_delta', delta: { stop_reason: 'bored' }, usage: { dreams: 1 } },
      { type: 'message_stop', metrics: { ms: 7 } },
    ];
    for (const event of given) expect(read(event)).toEqual([event]);
  });

  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'unknown'])(
    'may be named %s',
    (name) => {
      expect(read({ type: name })).toEqual([events.unknown(name, { type: name })]);
      expect(read({}, name)).toEqual([events.unknown(name, {})]);
    },
  );
});

describe('what is malformed', () => {
  it.each([
    ['no JSON', '{"type":', undefined],
    ['no JSON under a known name', 'hello', 'content_block_delta'],
    ['null', 'null', undefined],
    ['null under a known name', 'null', 'content_block_stop'],
    ['a number', '7', undefined],
    ['a text', '"Hello"', undefined],
    ['an array', '[{"type":"ping"}]', undefined],
    ['true', 'true', undefined],
    ['a delta without an index', '{"type":"content_block_delta","delta":{"type":"text_delta"}}', undefined],
    ['a delta without a type', '{"type":"content_block_delta","index":0,"delta":{}}', undefined],
    ['a delta that is a text', '{"type":"content_block_delta","index":0,"delta":"Hi"}', undefined],
    ['a block without a type', '{"type":"content_block_start","index":0,"content_block":{}}', undefined],
    ['a start without a message', '{"type":"message_start"}', undefined],
    ['a stop without an index', '{"type":"content_block_stop"}', undefined],
  ])('is an error, or skipped where the caller says so: %s', (_what, data, event) => {
    const retryable = data === '{"type":';
    expect(failure(data, event)).toMatchObject({ code: 'malformed', retryable, raw: data });
    expect(read(data, event, { malformed: 'skip' })).toEqual([]);
  });

  it('says where', () => {
    const delta = { type: 'text_delta', text: 7 };
    expect(failure({ type: 'content_block_delta', index: 0, delta }).message).toMatch(
      /^content_block_delta\.delta\.text must be /,
    );
  });

  it('shows no more than 200 characters of itself', () => {
    expect(failure(`{${'x'.repeat(10_000)}`).raw).toHaveLength(200);
    expect(
      failure({ type: 'ping_'.repeat(1000) }, undefined, { unknown: 'error' }).message.length,
    ).toBeLessThan(501);
  });

  it.each([-1, 0.5, 1e9, MAX_BLOCK_INDEX + 1, '0', '__proto__', null, undefined, true, [0]])(
    'is a block of index %p',
    (index) => {
      for (const rest of [
        { type: 'content_block_start', content_block: { type: 'text', text: '' } },
        { type: 'content_block_delta', delta: { type: 'text_delta', text: 'Hi' } },
        { type: 'content_block_delta', delta: { type: 'signature_delta', signature: 'Hi' } },
        { type: 'content_block_stop' },
      ]) {
        expect(failure({ ...rest, index })).toMatchObject({ code: 'malformed' });
      }
    },
  );

  it('is no block of the highest index there may be', () => {
    expect(read(events.blockStop(MAX_BLOCK_INDEX))).toHaveLength(1);
  });
});

describe('[DONE]', () => {
  it('is passed over', () => {
    expect(read('[DONE]')).toEqual([]);
  });

  it('may be written in other ways, and never ends anything', () => {
    for (const data of ['[done]', ' [DONE]', '[DONE]\n', '[DONE]\n[DONE]', 'DONE']) {
      expect(read(data)).toEqual([]);
    }
  });
});

describe('an error event', () => {
  const overloaded = events.error('overloaded_error', 'Overloaded', 'req_1');
  const said = (message: string, type = 'api_error') => [{ type: 'error', error: { type, message } }];
  const unsaid = said('The server sent an error without a message');

  it('is as the wire has it', () => {
    expect(read(overloaded, 'error')).toEqual([overloaded]);
    expect(read(overloaded)).toEqual([overloaded]);
  });

  it('keeps what else the provider says', () => {
    const detailed = { ...overloaded, error: { ...overloaded.error, details: { error_code: 'x' } }, more: 1 };
    expect(read(detailed)).toEqual([detailed]);
  });

  it.each([
    ['text', 'Bad Gateway', 'error', said('Bad Gateway')],
    ['nothing', '', 'error', unsaid],
    ['null', 'null', 'error', unsaid],
    ['an array', '["x"]', 'error', said('x')],
    ['a JSON text', '"Bad Gateway"', 'error', said('Bad Gateway')],
    ['an error without a type', { error: { message: 'No' } }, undefined, said('No')],
    ['an error of one text', { error: 'No' }, undefined, said('No')],
    [
      'an error without a message',
      { error: { type: 'a_type' } },
      'error',
      said('The server sent an error without a message', 'a_type'),
    ],
    ['the type error and no more', { type: 'error' }, undefined, unsaid],
    ['the type error and null', { type: 'error', error: null }, undefined, unsaid],
  ])('is told when it holds %s', (_what, data, event, expected) => {
    const [error] = read(data, event);
    expect(error).toMatchObject(expected[0] ?? {});
  });

  it('is told under another SSE name', () => {
    expect(read({ error: { type: 'a_type', message: 'No' } }, 'message')).toEqual([
      { type: 'error', error: { type: 'a_type', message: 'No' } },
    ]);
  });

  it('is none where the error is null', () => {
    expect(read({ error: null }, 'message_stop')).toEqual([{ type: 'message_stop', error: null }]);
    expect(read({ error: null }, 'status')).toEqual([events.unknown('status', { error: null })]);
  });

  it('is never malformed, whatever it holds', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.boolean(), (value, named) => {
        const [event] = named ? read(JSON.stringify(value), 'error') : read({ type: 'error', error: value });
        // A value with another type of its own is that event, or an unknown one.
        const other = named && typeof value === 'object' && value !== null && 'type' in value;
        if (other) return;
        expect(eventSchemas.error.safeParse(event).success).toBe(true);
      }),
      { numRuns: runs(300) },
    );
  });

  it('has the id of the request only where that is a text', () => {
    expect(read({ ...overloaded, request_id: 7 })).toEqual([events.error('overloaded_error', 'Overloaded')]);
    expect(read({ ...overloaded, request_id: null })).toEqual([{ ...overloaded, request_id: null }]);
  });
});

describe('decoding', () => {
  it('writes to no prototype', () => {
    const before = Object.getOwnPropertyNames(Object.prototype);
    const hostile = '"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}';
    for (const data of [
      `{"type":"error","error":{"type":"x","message":"y",${hostile}},${hostile}}`,
      `{"type":"error","error":{${hostile}}}`,
      `{"type":"message_delta","delta":{${hostile}},"usage":{${hostile}}}`,
      `{"type":"new",${hostile}}`,
      `{${hostile}}`,
    ]) {
      const [event] = read(data, 'ping');
      expect(event).not.toHaveProperty('polluted');
    }
    expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(before);
    expect({}).not.toHaveProperty('polluted');
  });

  it('is as strict by hand as by schema', () => {
    const value = fc.oneof(
      fc.string(),
      fc.integer(),
      fc.constantFrom(null, true, [], {}, 0.5, -1, 1e9, '__proto__'),
    );
    const delta = fc.oneof(
      fc.record(
        {
          type: fc.constantFrom(
            'text_delta',
            'input_json_delta',
            'thinking_delta',
            'signature_delta',
            'new',
            7,
          ),
          text: value,
          partial_json: value,
          thinking: value,
        },
        { requiredKeys: [] },
      ),
      value,
    );
    const given = fc.record(
      { type: fc.constant('content_block_delta'), index: fc.oneof(fc.nat(3), value), delta },
      { requiredKeys: ['type'] },
    );
    fc.assert(
      fc.property(given, (event) => {
        const { success } = eventSchemas.content_block_delta.safeParse(event);
        // A delta that says nothing is passed over.
        const isSaid = success && (event.delta ?? '') !== '';
        expect(read(event, undefined, { malformed: 'skip' })).toHaveLength(isSaid ? 1 : 0);
      }),
      { numRuns: runs(1000) },
    );
  });

  it('accepts what the schema of the wire accepts, and nothing else', () => {
    fc.assert(
      fc.property(streamEvent, (event) => {
        if (event.type !== 'unknown') expect(eventSchema.safeParse(event).success).toBe(true);
      }),
      { numRuns: runs(300) },
    );
    expect(eventSchema.safeParse({ type: 'new' }).success).toBe(false);
  });

  it('ends without saying anything: untilTerminal tells whether the stream was whole', () => {
    expect(anthropic.decoder().end()).toEqual([]);
    expect(anthropic.encoder().end()).toEqual([]);
  });

  it('goes deep without running out of stack', () => {
    const depth = 5_000;
    const data = `{"type":"new","deep":${'['.repeat(depth)}${']'.repeat(depth)}}`;
    expect(anthropic.decoder().next({ data })).toHaveLength(1);
  });
});

describe('encoding', () => {
  it('writes one frame for an event, under its name', () => {
    expect(anthropic.encoder().next(DELTA)).toEqual([
      { event: 'content_block_delta', data: JSON.stringify(DELTA) },
    ]);
  });

  // A piece of text is written without `JSON.stringify` of the whole event.
  it.each([
    [DELTA],
    [{ index: 3, delta: { text: '"\\\u2028\ud800\n', type: 'text_delta' }, type: 'content_block_delta' }],
    [{ ...DELTA, lane: 'toolu_1' }],
    [{ ...DELTA, delta: { ...DELTA.delta, logprobs: [1] } }],
    [{ ...DELTA, index: NaN }],
    [{ type: 'content_block_delta', delta: DELTA.delta, obfuscation: 'xx' }],
    [{ ...DELTA, delta: { type: 'text_delta', text: undefined } }],
    [{ ...DELTA, delta: { type: 'text_delta', text: 7 } }],
    [{ ...DELTA, delta: { type: 'text_delta', words: 'Hi' } }],
    [{ ...DELTA, delta: null }],
    [{ type: 'content_block_delta', index: 0 }],
    [{ ...DELTA, model: 'm', delta: Object.assign(Object.create({ text: 'Hi' }), { type: 'text_delta' }) }],
  ])('writes what JSON.stringify writes: %j', (given) => {
    const [frame] = anthropic.encoder().next(given as StreamEvent);
    expect(JSON.parse(frame?.data ?? '')).toEqual(JSON.parse(JSON.stringify(given)));
  });

  it('writes an unknown event as it came', () => {
    expect(anthropic.encoder().next(events.unknown('heartbeat', { n: 1 }))).toEqual([
      { event: 'heartbeat', data: '{"n":1}' },
    ]);
    expect(anthropic.encoder().next(events.unknown('heartbeat', undefined))).toEqual([
      { event: 'heartbeat', data: 'null' },
    ]);
  });

  it('is undone by decoding, for every event', () => {
    fc.assert(
      fc.property(streamEvent, (event) => {
        const frames = anthropic.encoder().next(event);
        expect(frames.flatMap((frame) => anthropic.decoder().next(frame))).toEqual([event]);
      }),
      { numRuns: runs(1000) },
    );
  });

  it('is undone by decoding, for whole answers, without the names too', async () => {
    await fc.assert(
      fc.asyncProperty(streamEventSequence, async (sequence) => {
        const frames = await lastValueFrom(from(sequence).pipe(encode(anthropic), toArray()));
        const bare = frames.map(({ data }): Frame => ({ data }));
        for (const given of [frames, bare]) {
          expect(await lastValueFrom(from(given).pipe(decode(anthropic), toArray()))).toEqual(sequence);
        }
      }),
      { numRuns: runs(100) },
    );
  });
});

describe('decode', () => {
  const PING: Frame = { data: '{"type":"ping"}' };
  const BAD: Frame = { data: '{' };

  it('delivers the events before a malformed frame', () => {
    const seen: unknown[] = [];
    of(PING, BAD, PING)
      .pipe(decode(anthropic))
      .subscribe({ next: (event) => seen.push(event), error: (error: StreamError) => seen.push(error.code) });
    expect(seen).toEqual([events.ping(), 'malformed']);
  });

  it('takes the policies', async () => {
    const lenient = of(PING, BAD, { data: '{"type":"new"}' }, PING).pipe(
      decode(anthropic, { malformed: 'skip', unknown: 'skip' }),
      toArray(),
    );
    expect(await lastValueFrom(lenient)).toEqual([events.ping(), events.ping()]);
  });

  it('draws three frames of 100,000 for take(3), and lets go of its source', () => {
    let drawn = 0;
    function* frames(): Generator<Frame> {
      for (; drawn < 100_000;) {
        drawn++;
        yield PING;
      }
    }
    from(frames()).pipe(decode(anthropic), take(3)).subscribe();
    expect(drawn).toBe(3);
    const source = new Subject<Frame>();
    source.pipe(decode(anthropic)).subscribe().unsubscribe();
    expect(source.observed).toBe(false);
  });

  it('starts a decoder for each subscription', () => {
    let started = 0;
    const counting = { ...anthropic, decoder: () => (started++, anthropic.decoder()) };
    const broken = concat(
      of(PING),
      throwError(() => new StreamError('network', 'Gone')),
    );
    broken.pipe(decode(counting), retry(2)).subscribe({ error: () => undefined });
    expect(started).toBe(3);
  });

  it('encodes and decodes what a codec says at the end', async () => {
    const ending = {
      ...anthropic,
      decoder: () => ({ next: () => [], end: () => [events.messageStop()] }),
      encoder: () => ({ next: () => [], end: () => [PING] }),
    };
    expect(await lastValueFrom(of(PING).pipe(decode(ending)))).toEqual(events.messageStop());
    expect(await lastValueFrom(of(events.ping()).pipe(encode(ending)))).toEqual(PING);
  });
});

describe('a block that stands where no other may', () => {
  const frames = (...sent: readonly object[]): readonly StreamEvent[] => {
    const decoder = policed(anthropic);
    return sent.flatMap((event) => decoder.next({ data: JSON.stringify(event) }));
  };
  const text = { type: 'text', text: 'Oh' };

  it('gets the next free index where one of the start of the message has its own', () => {
    const read = frames(
      { type: 'message_start', message: { id: 'msg_1', content: [text, text] } },
      events.textStart(0),
      events.textDelta(0, 'la'),
      events.blockStop(0),
      events.textStart(1),
      events.blockStop(1),
    );
    expect(read.slice(1)).toMatchObject([
      { index: 2 },
      { index: 2 },
      { index: 2 },
      { index: 3 },
      { index: 3 },
    ]);
  });

  it.each([undefined, null, ''])('is given up where it is a result of %p', (tool_use_id) => {
    const content_block = { type: 'web_search_tool_result', tool_use_id, content: [] };
    const read = frames(
      { type: 'message_start', message: { id: 'msg_1' } },
      { type: 'content_block_start', index: 0, content_block },
      events.blockStop(0),
    );
    expect(read.slice(1)).toMatchObject([
      { type: 'content_block_start' },
      { type: 'block_abort', reason: 'The result is of no call' },
    ]);
  });

  it.each([
    ['a citation that is absent', { type: 'citations_delta' }],
    ['a citation that is null', { type: 'citations_delta', citation: null }],
    ['no delta', undefined],
    ['a delta that is null', null],
  ])('passes over %s', (_, delta) => {
    const read = frames(
      { type: 'message_start', message: { id: 'msg_1' } },
      events.textStart(0),
      { type: 'content_block_delta', index: 0, delta },
      events.textDelta(0, 'la'),
      events.blockStop(0),
    );
    expect(read.slice(1)).toEqual([events.textStart(0), events.textDelta(0, 'la'), events.blockStop(0)]);
  });
});
