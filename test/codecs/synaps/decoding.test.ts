import { TextEncoder } from 'node:util';
import { from } from 'rxjs';
import { policed } from '../../../src/codecs/policed.js';
import { synaps, synapsTurn } from '../../../src/codecs/synaps/codec.js';
import type { RpcEvent } from '../../../src/codecs/synaps/wire.js';
import type { StreamError } from '../../../src/errors/streamError.js';
import type { StreamEvent } from '../../../src/events/event.js';
import * as events from '../../../src/events/make.js';
import type { StopReason } from '../../../src/events/message.js';
import { accumulateBlocks } from '../../../src/operators/accumulateBlocks.js';
import { toMessage } from '../../../src/operators/toMessage.js';
import { untilTerminal } from '../../../src/operators/untilTerminal.js';
import { fromBytes } from '../../../src/sources/fromBytes.js';
import { isThorough } from '../../thorough.js';
import { isValid } from '../conformance/valid.js';
import {
  AGENT_END,
  callDelta,
  callInput,
  callResult,
  callStart,
  line,
  OTHERS,
  read,
  READY,
  response,
  text,
  thinking,
} from './frames.js';

function passed(frame: RpcEvent): StreamEvent {
  return events.unknown(frame.type, frame);
}

const START = events.messageStart();
const SPENT = {
  output_tokens: 5,
  input_tokens: 10,
  cache_read_input_tokens: 0,
  cache_creation_input_tokens: 0,
};
const END = [events.messageDelta('end_turn', SPENT), events.messageStop()];
const CANCELLED = 'cancelled' as StopReason;

/** The lines of the protocol's own documentation and tests, as one stream. */
const LINES = [
  '{"type":"ready","session_id":"s1","model":"claude-3-opus","protocol_version":1}',
  '{"type":"message_update","event":{"type":"text_delta","delta":"hi"}}',
  '{"type":"message_update","event":{"type":"toolcall_start","tool_id":"t1","tool_name":"bash"}}',
  '{"type":"message_update","event":{"type":"toolcall_input_delta","tool_id":"t1","delta":"{\\"command\\":"}}',
  '{"type":"message_update","event":{"type":"toolcall_input","tool_id":"t1","input":{"command":"ls"}}}',
  '{"type":"message_update","event":{"type":"toolcall_result","tool_id":"t1","result":"file.txt\\n"}}',
  '{"type":"agent_end","usage":{"input_tokens":10,"output_tokens":5,"cache_read_input_tokens":0,"cache_creation_input_tokens":0}}',
  '{"type":"response","id":"x","command":"prompt","ok":true}',
  '{"type":"message_update","event":{"type":"thinking_delta","delta":"größer 😀"}}',
  '{"type":"response","id":"x","command":"prompt","ok":true,"cancelled":true}',
  '{"type":"response","id":"x","command":"prompt","ok":false,"error":"No","outcome":{"kind":"provider_failed","code":"overloaded","correlation_id":"turn-1-0"}}',
  '{"type":"error","message":"bad"}',
];

const MODEL = events.messageStart({ model: 'claude-3-opus' });
const LINES_READ: readonly StreamEvent[] = [
  events.unknown('ready', {
    type: 'ready',
    session_id: 's1',
    model: 'claude-3-opus',
    protocol_version: 1,
  }),
  MODEL,
  events.textStart(0),
  events.textDelta(0, 'hi'),
  events.blockStop(0),
  events.toolUseStart(1, 't1', 'bash'),
  events.inputJsonDelta(1, '{"command":'),
  events.inputJsonDelta(1, '"ls"}'),
  events.blockStop(1),
  events.toolResult('t1', 'file.txt\n'),
  ...END,
  MODEL,
  events.thinkingStart(0),
  events.thinkingDelta(0, 'größer 😀'),
  events.blockAbort(0, 'The turn was cancelled'),
  events.messageDelta(CANCELLED),
  events.messageStop(),
  events.error('overloaded', 'No', 'turn-1-0'),
  events.unknown('error', { type: 'error', message: 'bad' }),
];

describe('the lines of the documentation', () => {
  it('are read as turns', () => {
    expect(read(LINES.map((data) => JSON.parse(data) as object))).toEqual(LINES_READ);
  });

  it('are read alike wherever the bytes are cut', () => {
    const bytes = new TextEncoder().encode(LINES.join('\n'));
    for (let at = 0; at <= bytes.length; at += isThorough ? 1 : 7) {
      const seen: StreamEvent[] = [];
      fromBytes([bytes.subarray(0, at), bytes.subarray(at)], { codec: synaps }).subscribe((event) =>
        seen.push(event),
      );
      expect(seen).toEqual(LINES_READ);
    }
  });

  it('are what the schema accepts', () => {
    for (const data of LINES) expect(isValid(synaps.schema, JSON.parse(data))).toBe(true);
  });
});

describe('a turn', () => {
  it('is one message, whatever the number of its rounds', () => {
    const frames = [
      thinking('hm'),
      thinking('m'),
      text('I '),
      text(''),
      text('look'),
      callStart('a'),
      callDelta('a', '{}'),
      callInput('a', {}),
      callResult('a', 'seen'),
      text('Done'),
      AGENT_END,
      response('1'),
    ];
    expect(read(frames)).toEqual([
      START,
      events.thinkingStart(0),
      events.thinkingDelta(0, 'hm'),
      events.thinkingDelta(0, 'm'),
      events.blockStop(0),
      events.textStart(1),
      events.textDelta(1, 'I '),
      events.textDelta(1, ''),
      events.textDelta(1, 'look'),
      events.blockStop(1),
      events.toolUseStart(2, 'a', 'bash'),
      events.inputJsonDelta(2, '{}'),
      events.blockStop(2),
      events.toolResult('a', 'seen'),
      events.textStart(3),
      events.textDelta(3, 'Done'),
      events.blockStop(3),
      ...END,
    ]);
  });

  it('has calls side by side, and their results in the order they come', () => {
    const frames = [
      callStart('a'),
      callStart('b', 'read'),
      callDelta('b', '{"n":1}'),
      callDelta('a', '{"n":0}'),
      callInput('a', { n: 0 }),
      callInput('b', { n: 1 }),
      callResult('b', 'B'),
      callResult('a', 'A'),
    ];
    expect(read(frames)).toEqual([
      START,
      events.toolUseStart(0, 'a', 'bash'),
      events.toolUseStart(1, 'b', 'read'),
      events.inputJsonDelta(1, '{"n":1}'),
      events.inputJsonDelta(0, '{"n":0}'),
      events.blockStop(0),
      events.blockStop(1),
      events.toolResult('b', 'B'),
      events.toolResult('a', 'A'),
    ]);
  });

  it('may be without any update', () => {
    expect(read([AGENT_END, response('1')])).toEqual([START, ...END]);
  });

  it.each(['prompt', 'follow_up', 'auto_turn'])('ends by the response to a %s', (command) => {
    expect(read([AGENT_END, response('auto:1', { ok: true }, command)])).toEqual([START, ...END]);
  });

  it('may follow another', () => {
    const turn = [text('a'), AGENT_END, response('1')];
    const message = [START, events.textStart(0), events.textDelta(0, 'a'), events.blockStop(0), ...END];
    expect(read([...turn, ...turn])).toEqual([...message, ...message]);
  });

  it('is answered by the model that is set', () => {
    const frames = [READY, response('m', { model: 'claude-opus-4-5' }, 'set_model'), text('a')];
    expect(read(frames).filter(({ type }) => type === 'message_start')).toEqual([
      events.messageStart({ model: 'claude-opus-4-5' }),
    ]);
  });

  it('that was cut off is not whole, and what it cost is told', () => {
    const cut = read([text('a'), AGENT_END]);
    expect(cut).toEqual([
      START,
      events.textStart(0),
      events.textDelta(0, 'a'),
      events.messageDelta(null, SPENT),
    ]);
    const seen: unknown[] = [];
    from(cut)
      .pipe(untilTerminal())
      .subscribe({ error: ({ code }: StreamError) => seen.push(code) });
    expect(seen).toEqual(['truncated']);
    expect(read([AGENT_END])).toEqual([]);
  });

  it('that is cancelled gives up what is open', () => {
    const frames = [
      text('a'),
      callStart('t'),
      callDelta('t', '{"a":'),
      AGENT_END,
      response('1', { ok: true, cancelled: true }),
      response('2', { ok: true }, 'abort'),
    ];
    expect(read(frames, { unknown: 'skip' }).slice(4)).toEqual([
      events.toolUseStart(1, 't', 'bash'),
      events.inputJsonDelta(1, '{"a":'),
      events.blockAbort(1, 'The turn was cancelled'),
      events.messageDelta(CANCELLED, SPENT),
      events.messageStop(),
    ]);
  });

  it('that ends well gives up a call whose whole input never came', () => {
    expect(read([callStart('t'), AGENT_END, response('1')])).toEqual([
      START,
      events.toolUseStart(0, 't', 'bash'),
      events.blockAbort(0, 'The turn ended before the input of this call did'),
      ...END,
    ]);
  });
});

describe('usage', () => {
  it('is that of the whole turn, an input of no tokens being unknown', () => {
    const usage = { input_tokens: 0, output_tokens: 0, cache_creation_5m: 3, model: 'm' };
    expect(read([{ type: 'agent_end', usage }, response('1')])).toEqual([
      START,
      events.messageDelta('end_turn', { output_tokens: 0 }),
      events.messageStop(),
    ]);
  });

  it('of one turn is not that of the next', () => {
    const frames = [AGENT_END, response('1'), response('2')];
    expect(read(frames)[4]).toEqual(events.messageDelta('end_turn'));
  });
});

describe('a turn that fails', () => {
  const error = { type: 'error', id: '1', message: 'Overloaded' };
  const failed = { ok: false, error: 'Overloaded' };
  const zero = { type: 'agent_end', usage: { input_tokens: 0, output_tokens: 0 } };

  it('is one error, whether an error frame came before or not', () => {
    const expected = [
      START,
      events.textStart(0),
      events.textDelta(0, 'a'),
      events.blockAbort(0, 'Overloaded'),
      events.messageDelta(null, SPENT),
      events.error('api_error', 'Overloaded'),
    ];
    expect(read([text('a'), error, AGENT_END, response('1', failed)])).toEqual(expected);
    expect(read([text('a'), AGENT_END, response('1', failed)])).toEqual(expected);
  });

  it('tells no cost where there was none', () => {
    expect(read([error, zero, response('1', failed)])).toEqual([
      START,
      events.error('api_error', 'Overloaded'),
    ]);
  });

  it('without an end of the agent has no message', () => {
    expect(read([error, response('1', failed)])).toEqual([events.error('api_error', 'Overloaded')]);
  });

  it.each<[object, StreamEvent]>([
    [
      { kind: 'provider_failed', code: 'overloaded', correlation_id: 'turn-1-0' },
      events.error('overloaded', 'No', 'turn-1-0'),
    ],
    [
      { kind: 'tool_failed', tool_id: 't', correlation_id: 'turn-1-1' },
      {
        type: 'error',
        error: {
          type: 'tool_failed',
          message: 'No',
          details: { kind: 'tool_failed', tool_id: 't', correlation_id: 'turn-1-1' },
        },
        request_id: 'turn-1-1',
      },
    ],
    [
      { kind: 'budget_exceeded', dimension: 'tool_calls' },
      {
        type: 'error',
        error: {
          type: 'budget_exceeded',
          message: 'No',
          details: { kind: 'budget_exceeded', dimension: 'tool_calls' },
        },
      },
    ],
    [
      { kind: 'interrupted_after_side_effect', call_id: 'c' },
      {
        type: 'error',
        error: {
          type: 'interrupted_after_side_effect',
          message: 'No',
          details: { kind: 'interrupted_after_side_effect', call_id: 'c' },
        },
      },
    ],
    [
      { kind: 'canceled' },
      { type: 'error', error: { type: 'canceled', message: 'No', details: { kind: 'canceled' } } },
    ],
  ])('names its outcome: %j', (outcome, expected) => {
    expect(read([response('1', { ok: false, error: 'No', outcome })])).toEqual([expected]);
  });

  it('says what the error frame said where the response says nothing, or that nothing was said', () => {
    expect(read([error, response('1', { ok: false, outcome: null })])).toEqual([
      events.error('api_error', 'Overloaded'),
    ]);
    expect(read([response('1', { ok: false })])).toEqual([
      events.error('api_error', 'The turn failed without a message'),
    ]);
  });

  it('is not what the error of another command tells', () => {
    const other = { type: 'error', id: '2', message: 'another prompt is in flight' } as const;
    expect(read([other, response('1', failed)])).toEqual([
      passed(other),
      events.error('api_error', 'Overloaded'),
    ]);
    expect(read([text('a'), other, text('b'), AGENT_END, response('1')])).toEqual([
      START,
      events.textStart(0),
      events.textDelta(0, 'a'),
      passed(other),
      events.textDelta(0, 'b'),
      events.blockStop(0),
      ...END,
    ]);
    expect(read([other, AGENT_END, response('2')])).toEqual([passed(other), START, ...END]);
    expect(read([other, other])).toEqual([passed(other), passed(other)]);
  });
});

describe('the whole input of a call', () => {
  it.each([
    ['was streamed in another spelling', ['{ "a" : [1, ', '{"b":2} ] }'], { a: [1, { b: 2 }] }],
    ['is of no text', [], {}],
    ['holds a number beyond all limits', ['{"a":1e999}'], { a: null }],
    ['looks like a failure, and is what was streamed', ['{"__parse_error":"x"}'], { __parse_error: 'x' }],
  ])('changes nothing where it %s', (_what, pieces, input) => {
    const frames = [callStart('t'), ...pieces.map((piece) => callDelta('t', piece)), callInput('t', input)];
    expect(read(frames)).toEqual([
      START,
      events.toolUseStart(0, 't', 'bash'),
      ...pieces.map((piece) => events.inputJsonDelta(0, piece)),
      events.blockStop(0),
    ]);
  });

  it('is added where none was streamed', () => {
    expect(read([callStart('t'), callInput('t', { a: 1 })]).slice(2)).toEqual([
      events.inputJsonDelta(0, '{"a":1}'),
      events.blockStop(0),
    ]);
  });

  it('replaces what was streamed where they differ, and says so', () => {
    const [reset, ...again] = read([
      text('a'),
      callStart('t'),
      callDelta('t', '{"a":1}'),
      callInput('t', { a: 2 }),
    ]).slice(6);
    expect(reset).toMatchObject({ type: 'reset', attempt: 2, cause: { code: 'protocol' } });
    expect(again).toEqual([
      START,
      events.textStart(0),
      events.textDelta(0, 'a'),
      events.blockStop(0),
      events.toolUseStart(1, 't', 'bash'),
      events.inputJsonDelta(1, '{"a":2}'),
      events.blockStop(1),
    ]);
  });

  it('may be said twice', () => {
    const frames = [callStart('t'), callInput('t', { a: 1 })];
    expect(read([...frames, callInput('t', { a: 1 })])).toEqual(read(frames));
  });

  const unreadable = { __parse_error: 'invalid tool input JSON: EOF' };

  it('that the child could not read leaves what was streamed, which is found invalid', () => {
    const frames = [
      callStart('t'),
      callDelta('t', '{"a":'),
      callInput('t', unreadable),
      callResult('t', 'EOF'),
    ];
    const seen = read(frames);
    expect(seen.slice(3)).toEqual([events.blockStop(0), events.toolResult('t', 'EOF')]);
    let blocks: unknown;
    from(seen)
      .pipe(accumulateBlocks())
      .subscribe({ next: (now) => (blocks = now), error: () => undefined });
    expect(blocks).toMatchObject([{ status: 'invalid', raw: '{"a":' }]);
  });

  it.each([[[]], [['{"a":1}']]])(
    'that the child could not read gives the block up where what was streamed does not show it: %j',
    (pieces) => {
      const frames = [
        callStart('t'),
        ...pieces.map((piece) => callDelta('t', piece)),
        callInput('t', unreadable),
      ];
      expect(read(frames).at(-1)).toEqual(events.blockAbort(0, 'invalid tool input JSON: EOF'));
    },
  );
});

describe('frames of no turn', () => {
  it.each([READY, ...OTHERS].map((frame) => [frame.type, frame] as const))(
    'pass whole, within a turn and without: %s',
    (_type, frame) => {
      expect(read([frame])).toEqual([passed(frame)]);
      if (frame.type === 'ready') return;
      expect(read([text('a'), frame, text('b')])).toEqual([
        START,
        events.textStart(0),
        events.textDelta(0, 'a'),
        passed(frame),
        events.textDelta(0, 'b'),
      ]);
    },
  );

  it('are left out with what is unknown, and are no errors where that is one', () => {
    expect(read([READY, ...OTHERS], { unknown: 'skip' })).toEqual([]);
    expect(read([READY, ...OTHERS], { unknown: 'error' })).toHaveLength(OTHERS.length + 1);
  });
});

describe('a turn of which something is known', () => {
  it('has the id of its prompt, and ends with it', () => {
    const frames = [text('a'), response('q', { ok: true }, 'abort'), AGENT_END, response('1')];
    expect(read(frames, { turn: { promptId: '1' }, unknown: 'skip' })).toEqual([
      events.messageStart({ id: '1' }),
      events.textStart(0),
      events.textDelta(0, 'a'),
      events.blockStop(0),
      ...END,
    ]);
  });

  it('may be read from the handshake on, what is skipped before it aside', () => {
    const turn = { handshake: true };
    expect(read([READY, text('a')], { turn })).toHaveLength(4);
    const decoder = policed(synapsTurn(turn), { malformed: 'skip' });
    expect(decoder.next({ data: 'starting up…' })).toEqual([]);
    expect(decoder.next(line(READY))).toEqual([passed(READY)]);
  });

  it('is read by each subscription for itself', () => {
    const codec = synapsTurn({ handshake: true });
    const [one, other] = [codec.decoder(), codec.decoder()];
    one.next(line(READY));
    expect(one.next(line(text('a')))).toHaveLength(3);
    expect(() => other.next(line(text('a')))).toThrow('came before ready');
  });
});

describe('a hundred thousand deltas', () => {
  it('are read one by one, and settled once, of a text and of an input', () => {
    const decoder = synaps.decoder();
    const [words, piece] = [line(text('word ')), line(callDelta('t', '1,'))];
    let seen = 0;
    for (let nth = 0; nth < 100_000; nth++) seen += decoder.next(words).length;
    decoder.next(line(callStart('t')));
    decoder.next(line(callDelta('t', '[')));
    for (let nth = 0; nth < 100_000; nth++) seen += decoder.next(piece).length;
    expect(decoder.next(line(callDelta('t', '0]')))).toHaveLength(1);
    const input = [...Array.from({ length: 100_000 }, () => 1), 0];
    expect(decoder.next(line(callInput('t', input)))).toEqual([events.blockStop(1)]);
    expect(seen).toBe(200_002);
  });
});

it('makes messages that the operators gather', () => {
  const seen: unknown[] = [];
  from(read([READY, text('a'), callStart('t'), callInput('t', { a: 1 }), AGENT_END, response('1')]))
    .pipe(toMessage())
    .subscribe((message) => seen.push(message));
  expect(seen).toMatchObject([
    {
      model: 'claude-3-opus',
      content: [
        { type: 'text', text: 'a' },
        { type: 'tool_use', id: 't', name: 'bash', input: { a: 1 } },
      ],
      stop_reason: 'end_turn',
      usage: { input_tokens: 10, output_tokens: 5 },
    },
  ]);
});
