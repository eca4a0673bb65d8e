import { synapsTurn } from '../../../src/codecs/synaps/codec.js';
import type { TurnOptions } from '../../../src/codecs/synaps/turnOptions.js';
import type { StreamEvent, MessageStartEvent } from '../../../src/events/event.js';
import * as events from '../../../src/events/make.js';
import type { StopReason } from '../../../src/events/message.js';
import {
  callDelta,
  callInput,
  callResult,
  callStart,
  OTHERS,
  READY,
  response,
  text,
  thinking,
} from './frames.js';

/** The frames of a whole stream, as their JSON reads. */
function written(stream: readonly StreamEvent[], turn?: TurnOptions): readonly unknown[] {
  const encoder = synapsTurn(turn).encoder();
  const frames = [...stream.flatMap((event) => encoder.next(event)), ...encoder.end()];
  return frames.map(({ data, ...rest }) => {
    expect(rest).toEqual({});
    expect(data).not.toMatch(/[\r\n]/);
    const frame: unknown = JSON.parse(data);
    return frame;
  });
}

/** What arrives of events that are written and read again. */
function through(stream: readonly StreamEvent[], turn?: TurnOptions): readonly StreamEvent[] {
  const codec = synapsTurn(turn);
  const [encoder, decoder] = [codec.encoder(), codec.decoder()];
  const frames = [...stream.flatMap((event) => encoder.next(event)), ...encoder.end()];
  return [...frames.flatMap((frame) => decoder.next(frame)), ...decoder.end()];
}

const START = events.messageStart();
const CANCELLED = 'cancelled' as StopReason;
const NOTHING = { type: 'agent_end', usage: { input_tokens: 0, output_tokens: 0 } };
const OK = response('prompt-1');

function turnOf(...content: readonly StreamEvent[]): StreamEvent[] {
  return [START, ...content, events.messageDelta('end_turn'), events.messageStop()];
}

describe('what is carried', () => {
  const call = [
    events.toolUseStart(2, 't', 'bash'),
    events.inputJsonDelta(2, ''),
    events.inputJsonDelta(2, '{ "command":\n'),
    events.inputJsonDelta(2, ' "ls" }'),
    events.blockStop(2),
  ];
  const content = [
    events.thinkingStart(0),
    events.thinkingDelta(0, 'hm'),
    events.blockStop(0),
    events.textStart(1),
    events.textDelta(1, ''),
    events.textDelta(1, 'a\r\n\u2028b'),
    events.blockStop(1),
    ...call,
    events.toolResult('t', 'file.txt\n'),
    events.textStart(3),
    events.textDelta(3, 'Done'),
    events.blockStop(3),
  ];
  const usage = {
    input_tokens: 10,
    output_tokens: 5,
    cache_read_input_tokens: 0,
    cache_creation_input_tokens: 3,
  };

  it.each<[string, readonly StreamEvent[]]>([
    ['a turn of two rounds', turnOf(...content)],
    ['two turns', [...turnOf(...content), ...turnOf(...content)]],
    ['a turn of nothing', turnOf()],
    ['its cost', [START, events.messageDelta('end_turn', usage), events.messageStop()]],
    [
      'its cost without the cache',
      [START, events.messageDelta('end_turn', { input_tokens: 1 }), events.messageStop()],
    ],
    ['that it was cancelled', [START, events.messageDelta(CANCELLED, usage), events.messageStop()]],
    [
      'a call that was cut by the cancellation',
      [
        START,
        ...call.slice(0, 3).map((event) => ({ ...event, index: 0 })),
        events.blockAbort(0, 'The turn was cancelled'),
        events.messageDelta(CANCELLED),
        events.messageStop(),
      ],
    ],
    [
      'calls without an input, with an empty one, and with one that is no JSON',
      turnOf(
        ...['', '{}', '{"a":'].flatMap((json, index) => [
          events.toolUseStart(index, `t${index}`, 'f'),
          ...(json === '' ? [] : [events.inputJsonDelta(index, json)]),
          events.blockStop(index),
        ]),
      ),
    ],
    [
      'calls side by side',
      turnOf(
        events.toolUseStart(0, 'a', 'f'),
        events.toolUseStart(1, 'b', 'g'),
        events.inputJsonDelta(1, '{}'),
        events.inputJsonDelta(0, '{}'),
        events.blockStop(1),
        events.blockStop(0),
        events.toolResult('b', ''),
        events.toolResult('a', ''),
      ),
    ],
    ['a failure', [START, events.error('overloaded_error', 'Overloaded', 'req_1')]],
    [
      'a failure after a call',
      [START, ...call.map((event) => ({ ...event, index: 0 })), events.error('x', '')],
    ],
    ['a failure alone', [events.error('api_error', 'No')]],
    [
      'an outcome of its own',
      [
        START,
        {
          type: 'error',
          error: {
            type: 'tool_failed',
            message: 'No',
            details: { kind: 'tool_failed', tool_id: 't', correlation_id: 'turn-1' },
          },
          request_id: 'turn-1',
        },
      ],
    ],
    ['frames of no turn', OTHERS.map((frame) => events.unknown(frame.type, frame))],
    [
      'frames that nobody knows',
      [
        events.unknown('heartbeat', { type: 'heartbeat', n: 1 }),
        events.unknown('new', { type: 'message_update', event: { type: 'new' } }),
      ],
    ],
  ])('comes back as it was: %s', (_what, stream) => {
    expect(through(stream)).toEqual(stream);
  });

  it('is the id and the model where the prompt and the session are known', () => {
    const turn = { promptId: '1', sessionId: 's1', handshake: true };
    const start = events.messageStart({ id: '1', model: 'claude-3-opus' });
    const stream = [start, ...turnOf(...content).slice(1)];
    expect(through(stream, turn)).toEqual([events.unknown('ready', READY), ...stream]);
  });
});

describe('the frames of a turn', () => {
  it('are those that a child writes', () => {
    const stream = [
      START,
      events.thinkingStart(0),
      events.thinkingDelta(0, 'hm'),
      events.blockStop(0),
      events.textStart(1),
      events.textDelta(1, 'a'),
      events.blockStop(1),
      events.toolUseStart(2, 't', 'bash'),
      events.inputJsonDelta(2, '{"n":1}'),
      events.blockStop(2),
      events.toolResult('t', 'seen'),
      events.messageDelta('end_turn', { input_tokens: 10, output_tokens: 5 }),
      events.messageStop(),
    ];
    expect(written(stream)).toEqual([
      thinking('hm'),
      text('a'),
      callStart('t'),
      callDelta('t', '{"n":1}'),
      callInput('t', { n: 1 }),
      callResult('t', 'seen'),
      { type: 'agent_end', usage: { input_tokens: 10, output_tokens: 5 } },
      OK,
    ]);
  });

  it('end as a child ends one that fails', () => {
    expect(written([START, events.error('overloaded_error', 'Overloaded', 'req_1')])).toEqual([
      { type: 'error', id: 'prompt-1', message: 'Overloaded' },
      NOTHING,
      response('prompt-1', {
        ok: false,
        error: 'Overloaded',
        outcome: { kind: 'provider_failed', code: 'overloaded_error', correlation_id: 'req_1' },
      }),
    ]);
  });

  it('say that it was cancelled', () => {
    expect(written([START, events.messageDelta(CANCELLED), events.messageStop()])).toEqual([
      NOTHING,
      response('prompt-1', { ok: true, cancelled: true }),
    ]);
  });

  it('begin with ready where the session is known, once', () => {
    const start = events.messageStart({ model: 'claude-3-opus' });
    const turn = [start, events.messageDelta('end_turn'), events.messageStop()];
    const end = { ...NOTHING, usage: { ...NOTHING.usage, model: 'claude-3-opus' } };
    const session = { sessionId: 's1' };
    expect(written([...turn, ...turn], session)).toEqual([READY, end, OK, end, response('prompt-2')]);
    expect(written([events.error('x', 'No')], session)[0]).toEqual({ ...READY, model: '' });
    expect(written([events.unknown('ready', READY), ...turn], session)).toEqual([READY, end, OK]);
    expect(written([events.ping()], session)).toEqual([]);
  });

  it('answer the prompt that is known, else the id of the message', () => {
    const idOf = (stream: readonly StreamEvent[], turn?: TurnOptions): unknown =>
      (written(stream, turn).at(-1) as { id: string }).id;
    const named = [events.messageStart({ id: 'msg_1' }), ...turnOf().slice(1)];
    expect(idOf(named)).toBe('msg_1');
    expect(idOf(named, { promptId: '1' })).toBe('1');
    expect(idOf([...named, ...turnOf()])).toBe('prompt-2');
  });

  it('know nothing of the turn before', () => {
    const call = [events.toolUseStart(0, 't', 'f'), events.blockStop(0)];
    const cancelled = [START, ...call, events.messageDelta(CANCELLED), events.messageStop()];
    expect(written([...cancelled, ...turnOf(events.toolResult('t', 'late'))]).slice(3)).toEqual([
      response('prompt-1', { ok: true, cancelled: true }),
      NOTHING,
      response('prompt-2'),
    ]);
  });

  it('do not end what did not', () => {
    const begun = [START, events.toolUseStart(0, 't', 'f'), events.inputJsonDelta(0, '{')];
    expect(written(begun)).toEqual([callStart('t', 'f'), callDelta('t', '{')]);
  });
});

describe('usage', () => {
  function usageOf(...stream: readonly StreamEvent[]): unknown {
    return (written([...stream, events.messageStop()]).at(-2) as { usage: unknown }).usage;
  }

  it('is the last that was told, and that of the start where nothing was', () => {
    const start = events.messageStart({
      model: 'm',
      usage: {
        input_tokens: 25,
        output_tokens: 1,
        cache_read_input_tokens: 7,
        cache_creation: { ephemeral_5m_input_tokens: 3, ephemeral_1h_input_tokens: 2 },
      },
    });
    const told = [
      events.messageDelta(null, { output_tokens: 3, cache_creation_input_tokens: 5 }),
      events.messageDelta('end_turn', { output_tokens: 9 }),
    ];
    const split = { cache_creation_5m: 3, cache_creation_1h: 2 };
    const shared = { input_tokens: 25, cache_read_input_tokens: 7, ...split, model: 'm' };
    expect(usageOf(start, ...told)).toEqual({ ...shared, output_tokens: 9, cache_creation_input_tokens: 5 });
    expect(usageOf(start)).toEqual({ ...shared, output_tokens: 1 });
  });

  it('may be missing, as it is on some gateways', () => {
    const { usage: _start, ...message } = START.message;
    const { usage: _end, ...delta } = events.messageDelta('end_turn');
    const bare = [{ type: 'message_start', message } as MessageStartEvent, delta as StreamEvent];
    expect(usageOf(...bare)).toEqual({ input_tokens: 0, output_tokens: 0 });
  });
});

describe('what has another form', () => {
  it.each<[string, readonly StreamEvent[], readonly unknown[]]>([
    ['a text that a block begins with', [events.textStart(0, 'a'), events.blockStop(0)], [text('a')]],
    [
      'thinking that a block begins with',
      [events.thinkingStart(0, 'a', 'c2ln'), events.blockStop(0)],
      [thinking('a')],
    ],
    [
      'an input that a block begins with',
      [events.toolUseStart(0, 't', 'bash', { a: 1 }), events.blockStop(0)],
      [callStart('t'), callInput('t', { a: 1 })],
    ],
    [
      'a result that is no text',
      [
        events.toolUseStart(0, 't', 'bash'),
        events.blockStop(0),
        events.toolResult('t', { a: [1] }, true),
        events.toolResult('t', undefined),
      ],
      [callStart('t'), callInput('t', {}), callResult('t', '{"a":[1]}'), callResult('t', 'null')],
    ],
    [
      'an input that is no JSON',
      [events.toolUseStart(0, 't', 'bash'), events.inputJsonDelta(0, '{'), events.blockStop(0)],
      [
        callStart('t'),
        callDelta('t', '{'),
        callInput('t', { __parse_error: 'invalid tool input JSON: not JSON' }),
      ],
    ],
    [
      'a call that was given up',
      [events.toolUseStart(0, 't', 'bash'), events.inputJsonDelta(0, '{}'), events.blockAbort(0, 'No')],
      [
        callStart('t'),
        callDelta('t', '{}'),
        callInput('t', { __parse_error: 'invalid tool input JSON: the call was aborted' }),
      ],
    ],
    [
      'an unknown event of another protocol',
      [events.unknown('new', { n: 1 }), events.unknown('new', [1]), events.unknown('new', { type: 7 })],
      [{ type: 'new', n: 1 }, { type: 'new', data: [1] }, { type: 'new' }],
    ],
  ])('is written all the same: %s', (_what, content, frames) => {
    expect(written(turnOf(...content))).toEqual([...frames, NOTHING, OK]);
  });

  it('is a turn that failed, with its id and what it cost, where the answer begins anew', () => {
    const start = events.messageStart({ id: 'p1', usage: { input_tokens: 9, output_tokens: 1 } });
    const given = [
      start,
      events.textDelta(0, 'a'),
      events.reset(2, null),
      ...turnOf(events.textDelta(0, 'b')),
    ];
    const message = 'The answer began anew after a part of it was sent: ask again';
    expect(written(given)).toMatchObject([
      text('a'),
      { type: 'error', id: 'p1', message },
      { type: 'agent_end', usage: { input_tokens: 9, output_tokens: 1 } },
      { type: 'response', id: 'p1', ok: false, error: message },
    ]);
  });

  it('is content that a message starts with', () => {
    const content = [
      events.textStart(0, 'a').content_block,
      events.toolUseStart(1, 't', 'bash').content_block,
    ];
    expect(written([events.messageStart({ content }), ...turnOf().slice(1)])).toEqual([
      text('a'),
      callStart('t'),
      callInput('t', {}),
      NOTHING,
      OK,
    ]);
  });

  it('is a call that was given up and is never taken for whole', () => {
    const pieces = [[], ['{"a":'], ['{"a":1}']];
    const content = pieces.flatMap((json, index) => [
      events.toolUseStart(index, `t${index}`, 'f'),
      ...json.map((piece) => events.inputJsonDelta(index, piece)),
      events.blockAbort(index, 'No'),
    ]);
    const reason = 'invalid tool input JSON: the call was aborted';
    expect(through(turnOf(...content)).filter(({ type }) => /abort|stop$/.test(type))).toEqual([
      events.blockAbort(0, reason),
      // Its input is no JSON, so that it is found invalid.
      events.blockStop(1),
      events.blockAbort(2, reason),
      events.messageStop(),
    ]);
  });
});

describe('what has no place', () => {
  it('is left out', () => {
    const content: readonly StreamEvent[] = [
      events.ping(),
      events.textStart(0),
      events.citationsDelta(0, {
        type: 'char_location',
        cited_text: 'a',
        document_index: 0,
        document_title: null,
        start_char_index: 0,
        end_char_index: 1,
        file_id: null,
      }),
      events.blockStop(0),
      events.thinkingStart(1),
      events.signatureDelta(1, 'c2ln'),
      events.blockAbort(1, 'No'),
      events.redactedThinkingStart(2, 'eA=='),
      events.blockStop(2),
      events.serverToolUseStart(3, 'srv', 'web_search'),
      events.inputJsonDelta(3, '{}'),
      events.blockStop(3),
      events.toolResult('srv', 'of a call that is not there'),
    ];
    expect(written(turnOf(...content))).toEqual([NOTHING, OK]);
  });
});
