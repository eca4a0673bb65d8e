import { TextEncoder } from 'node:util';
import fc from 'fast-check';
import { from, lastValueFrom, toArray } from 'rxjs';
import { policed, type DecodeOptions } from '../../../src/codecs/policed.js';
import { decode } from '../../../src/codecs/decode.js';
import { StreamError } from '../../../src/errors/streamError.js';
import type { StreamEvent } from '../../../src/events/event.js';
import * as events from '../../../src/events/make.js';
import {
  llmWorker,
  workerEvents as worker,
  workerEventSchema,
  type WorkerEvent,
  type WorkerResponseStatus,
  type WorkerStopReason,
} from '../../../src/llm-worker.js';
import { ndjson } from '../../../src/wire/ndjson.js';
import { runs } from '../../seed.js';
import { isThorough } from '../../thorough.js';

/** What these lines are read as; a line may be given as its value. */
function read(lines: readonly unknown[], options?: DecodeOptions): readonly StreamEvent[] {
  const decoder = policed(llmWorker, options);
  const frames = lines.map((line) => ({ data: typeof line === 'string' ? line : JSON.stringify(line) }));
  return [...frames.flatMap((frame) => decoder.next(frame)), ...decoder.end()];
}

/** The error that the last of these lines is. */
function failure(lines: readonly unknown[], options?: DecodeOptions): StreamError {
  try {
    read(lines, options);
  } catch (error) {
    if (error instanceof StreamError) return error;
    throw error;
  }
  throw new Error('The lines were read');
}

const STARTED = worker.status('Started');
const COMPLETED = worker.status('Completed');
const START = events.messageStart();
const NO_REASON = [events.messageDelta(null), events.messageStop()];
const HI = [worker.textBlockStart(0), worker.textDelta(0, 'Hi')];
const HI_READ = [events.textStart(0), events.textDelta(0, 'Hi')];

/** A whole answer with every event that the crate's own documentation shows. */
const ANSWER = [
  '{"Usage":{"input_tokens":409,"output_tokens":3,"total_tokens":412,"cache_read_input_tokens":0,"cache_creation_input_tokens":0}}',
  '{"Ping":{"timestamp":null}}',
  '{"BlockStart":{"index":0,"block_type":"Text","metadata":"Text"}}',
  '{"BlockDelta":{"index":0,"delta":{"Text":"Let me look, 東京 😀"}}}',
  '{"BlockAbort":{"index":0,"block_type":"Text","reason":"Cancelled"}}',
  '{"BlockStart":{"index":1,"block_type":"ToolUse","metadata":{"ToolUse":{"id":"toolu_1","name":"get_weather"}}}}',
  '{"BlockDelta":{"index":1,"delta":{"InputJson":"{\\"city\\":"}}}',
  '{"BlockDelta":{"index":1,"delta":{"InputJson":"\\"Tokyo\\"}"}}}',
  '{"BlockStop":{"index":1,"block_type":"ToolUse","stop_reason":"ToolUse"}}',
  '{"Usage":{"input_tokens":409,"output_tokens":71,"total_tokens":480,"cache_read_input_tokens":null,"cache_creation_input_tokens":null}}',
  '{"Status":{"status":"Completed"}}',
  '{"Error":{"code":"overloaded_error","message":"Overloaded"}}',
];

const ANSWER_READ: readonly StreamEvent[] = [
  events.ping(),
  events.messageStart({
    usage: {
      input_tokens: 409,
      output_tokens: 3,
      cache_read_input_tokens: 0,
      cache_creation_input_tokens: 0,
    },
  }),
  events.textStart(0),
  events.textDelta(0, 'Let me look, 東京 😀'),
  events.blockAbort(0, 'Cancelled'),
  events.toolUseStart(1, 'toolu_1', 'get_weather'),
  events.inputJsonDelta(1, '{"city":'),
  events.inputJsonDelta(1, '"Tokyo"}'),
  events.blockStop(1),
  events.messageDelta('tool_use', { input_tokens: 409, output_tokens: 71 }),
  events.messageStop(),
  events.error('overloaded_error', 'Overloaded'),
];

describe('an answer', () => {
  it('is read as events', () => {
    expect(read(ANSWER)).toEqual(ANSWER_READ);
  });

  it('is read the same however its bytes are cut', async () => {
    const bytes = new TextEncoder().encode(ANSWER.join('\n'));
    for (let at = 0; at <= bytes.length; at += isThorough ? 1 : 7) {
      const chunks = [bytes.slice(0, at), bytes.slice(at)];
      const events = from(chunks).pipe(ndjson(), decode(llmWorker), toArray());
      expect(await lastValueFrom(events)).toEqual(ANSWER_READ);
    }
  });

  it('is not ended by the end of its lines', () => {
    expect(read([STARTED, ...HI])).toEqual([START, ...HI_READ]);
    expect(read([worker.usage(1, 1)])).toEqual([]);
    expect(read([])).toEqual([]);
  });

  it('may follow another one', () => {
    const one = [START, ...HI_READ, events.blockStop(0), ...NO_REASON];
    expect(read([...HI, worker.textBlockStop(0), COMPLETED, ...HI, COMPLETED])).toEqual([...one, ...one]);
  });

  it('has a state of its own', () => {
    const [one, other] = [llmWorker.decoder(), llmWorker.decoder()];
    one.next({ data: JSON.stringify(STARTED) });
    expect(other.next({ data: JSON.stringify(STARTED) })).toEqual([START]);
  });
});

describe('a block', () => {
  it('begins by its delta where it did not by a start', () => {
    expect(read([worker.thinkingDelta(0, 'Hm'), worker.textDelta(0, ''), COMPLETED])).toEqual([
      START,
      events.thinkingStart(0),
      events.thinkingDelta(0, 'Hm'),
      events.textStart(1),
      events.textDelta(1, ''),
      events.blockStop(0),
      events.blockStop(1),
      ...NO_REASON,
    ]);
  });

  it('begins again by a delta after its stop', () => {
    expect(read([...HI, worker.textBlockStop(0), worker.textDelta(0, '!')])).toEqual([
      START,
      ...HI_READ,
      events.blockStop(0),
      events.textStart(1),
      events.textDelta(1, '!'),
    ]);
  });

  it('gets an index of its own where those of different types collide', () => {
    expect(
      read([
        worker.textBlockStart(0),
        worker.toolUseStart(0, 'a', 'f'),
        worker.thinkingBlockStart(0),
        worker.toolInputDelta(0, '{}'),
        worker.textDelta(0, 'Hi'),
        worker.thinkingDelta(0, 'Hm'),
        worker.toolUseStop(0),
        worker.thinkingBlockStop(0),
        worker.textBlockStop(0),
      ]),
    ).toEqual([
      START,
      events.textStart(0),
      events.toolUseStart(1, 'a', 'f'),
      events.thinkingStart(2),
      events.inputJsonDelta(1, '{}'),
      events.textDelta(0, 'Hi'),
      events.thinkingDelta(2, 'Hm'),
      events.blockStop(1),
      events.blockStop(2),
      events.blockStop(0),
    ]);
  });

  it('is given up where another one begins in its place', () => {
    expect(read([worker.toolUseStart(0, 'a', 'f'), worker.toolUseStart(0, 'b', 'f')])).toEqual([
      START,
      events.toolUseStart(0, 'a', 'f'),
      events.blockAbort(0, 'Another block began in its place'),
      events.toolUseStart(1, 'b', 'f'),
    ]);
  });

  it('stops by a stop of another type at its index, as the crate writes for Anthropic', () => {
    expect(read([worker.toolUseStart(1, 'a', 'f'), worker.textBlockStop(1)])).toEqual([
      START,
      events.toolUseStart(0, 'a', 'f'),
      events.blockStop(0),
    ]);
  });

  it('of the same type as its stop goes before one of another type', () => {
    expect(read([worker.thinkingDelta(0, ''), worker.textDelta(0, ''), worker.textBlockStop(0)])).toEqual([
      START,
      events.thinkingStart(0),
      events.thinkingDelta(0, ''),
      events.textStart(1),
      events.textDelta(1, ''),
      events.blockStop(1),
    ]);
  });

  it('is aborted by an abort of index 0, as the crate writes them, wherever it stands', () => {
    expect(
      read([
        worker.textBlockStart(0),
        worker.toolUseStart(1, 'a', 'f'),
        worker.blockAbort(0, 'ToolUse', 'Cancelled'),
        worker.blockAbort(0, 'Text', 'Cancelled'),
        worker.blockAbort(0, 'Text', 'Cancelled'),
      ]),
    ).toEqual([
      START,
      events.textStart(0),
      events.toolUseStart(1, 'a', 'f'),
      events.blockAbort(1, 'Cancelled'),
      events.blockAbort(0, 'Cancelled'),
    ]);
  });

  it('of thinking is signed before it stops, and gets what was not streamed of it', () => {
    const reasoning = {
      id: 'rs_1',
      text: 'Hm, yes',
      summary: ['yes'],
      encrypted_content: 'x',
      signature: 's',
    };
    expect(
      read([
        worker.thinkingBlockStart(0),
        worker.thinkingDelta(0, 'Hm'),
        worker.thinkingBlockStop(0, reasoning),
      ]),
    ).toEqual([
      START,
      events.thinkingStart(0),
      events.thinkingDelta(0, 'Hm'),
      events.thinkingDelta(0, ', yes'),
      events.signatureDelta(0, 's'),
      events.blockStop(0),
    ]);
  });

  it('of thinking keeps a summary that was streamed in place of the text', () => {
    const stop = worker.thinkingBlockStop(0, { text: 'Let me see', signature: null, summary: ['Looks'] });
    expect(read([worker.thinkingDelta(0, 'Looks'), stop])).toEqual([
      START,
      events.thinkingStart(0),
      events.thinkingDelta(0, 'Looks'),
      events.blockStop(0),
    ]);
  });
});

describe('the result of a tool', () => {
  const CALL = [worker.toolUseStart(0, 'a', 'f'), worker.toolUseStop(0)];
  const CALL_READ = [START, events.toolUseStart(0, 'a', 'f'), events.blockStop(0)];

  it('is the text of its block', () => {
    expect(
      read([
        ...CALL,
        worker.toolResultStart(0, 'a'),
        worker.textDelta(0, '15 °C'),
        worker.textDelta(0, ', sunny'),
        worker.toolResultStop(0),
        worker.textDelta(0, 'Nice'),
      ]),
    ).toEqual([
      ...CALL_READ,
      events.toolResult('a', '15 °C, sunny'),
      events.textStart(1),
      events.textDelta(1, 'Nice'),
    ]);
  });

  it('may be empty, and is told at the end where nothing stopped it', () => {
    expect(read([...CALL, worker.toolResultStart(1, 'a'), COMPLETED])).toEqual([
      ...CALL_READ,
      events.toolResult('a', ''),
      events.messageDelta('tool_use'),
      events.messageStop(),
    ]);
  });

  it.each([{}, { tool_use_id: null }, { tool_use_id: '' }, null])(
    'is passed over where nothing says which call it is of: %j',
    (ToolResult) => {
      const start = { index: 1, block_type: 'ToolResult', metadata: { ToolResult } };
      const unnamed = { BlockStart: start } as unknown as WorkerEvent;
      expect(read([...CALL, unnamed, worker.toolResultStop(1), COMPLETED])).toEqual([
        ...CALL_READ,
        events.messageDelta('tool_use'),
        events.messageStop(),
      ]);
    },
  );

  it('is left out where it is given up', () => {
    const lines = [...CALL, worker.toolResultStart(1, 'a'), worker.blockAbort(1, 'ToolResult', 'Cancelled')];
    expect(read([...lines, worker.toolResultStop(1)])).toEqual(CALL_READ);
  });

  it('may come in the message after that of its call', () => {
    expect(read([...CALL, COMPLETED, worker.toolResultStart(0, 'a'), worker.toolResultStop(0)])).toEqual([
      ...CALL_READ,
      events.messageDelta('tool_use'),
      events.messageStop(),
      START,
      events.toolResult('a', ''),
    ]);
  });
});

describe('the end', () => {
  it.each<[WorkerStopReason, string]>([
    ['EndTurn', 'end_turn'],
    ['MaxTokens', 'max_tokens'],
    ['StopSequence', 'stop_sequence'],
    ['ToolUse', 'tool_use'],
    // What a later version may add.
    ['Refusal' as WorkerStopReason, 'Refusal'],
    ['constructor' as WorkerStopReason, 'constructor'],
  ])('after %s has the stop reason %s', (reason, expected) => {
    expect(read([STARTED, ...HI, worker.textBlockStop(0, reason), COMPLETED])).toEqual([
      START,
      ...HI_READ,
      events.blockStop(0),
      events.messageDelta(expected as 'end_turn'),
      events.messageStop(),
    ]);
  });

  it('has the last stop reason that was told, also by the stop of no block', () => {
    expect(
      read([worker.toolUseStart(0, 'a', 'f'), worker.toolUseStop(0), worker.textBlockStop(5), COMPLETED]).at(
        -2,
      ),
    ).toEqual(events.messageDelta('tool_use'));
    expect(read([STARTED, worker.textBlockStop(0, 'MaxTokens'), COMPLETED])).toEqual([
      START,
      events.messageDelta('max_tokens'),
      events.messageStop(),
    ]);
  });

  it('has no stop reason of the message before', () => {
    const lines = [STARTED, ...HI, worker.textBlockStop(0, 'EndTurn'), COMPLETED];
    const late = worker.textBlockStop(0, 'MaxTokens');
    expect(read([...lines, late, STARTED, COMPLETED]).slice(-3)).toEqual([START, ...NO_REASON]);
  });

  it('stops what is open, before it tells the stop reason', () => {
    expect(read([...HI, worker.textBlockStop(7, 'EndTurn'), COMPLETED])).toEqual([
      START,
      ...HI_READ,
      events.blockStop(0),
      events.messageDelta('end_turn'),
      events.messageStop(),
    ]);
  });

  it('by cancellation gives up what is open', () => {
    expect(read([...HI, worker.status('Cancelled'), worker.blockAbort(0, 'Text', 'Cancelled')])).toEqual([
      START,
      ...HI_READ,
      events.blockAbort(0, 'Cancelled'),
      events.messageDelta('cancelled' as 'end_turn'),
      events.messageStop(),
    ]);
  });

  it.each<[WorkerResponseStatus]>([['Completed'], ['Cancelled']])('%s of nothing more is none', (status) => {
    const whole = read([STARTED, COMPLETED]);
    expect(read([STARTED, COMPLETED, worker.status(status)])).toEqual(whole);
    expect(read([worker.error('x', 'No'), worker.status(status)])).toEqual([events.error('x', 'No')]);
  });

  it('is told of a response that did not even start', () => {
    expect(read([COMPLETED])).toEqual([START, ...NO_REASON]);
  });
});

describe('a failure', () => {
  const ended = [
    START,
    ...HI_READ,
    events.blockAbort(0, 'Overloaded'),
    events.error('overloaded_error', 'Overloaded'),
  ];

  it('is told once, with what is open given up', () => {
    const error = worker.error('overloaded_error', 'Overloaded');
    expect(read([...HI, error])).toEqual(ended);
    expect(read([...HI, error, worker.status('Failed'), error])).toEqual(ended);
    expect(read([...HI, error, worker.usage(1, 1), worker.status('Failed')])).toEqual(ended);
  });

  it('is told without an error too, and without a code', () => {
    expect(read([worker.status('Failed'), worker.error(null, 'No')])).toEqual([
      events.error('api_error', 'The response failed without a reason'),
    ]);
    expect(read(['{"Error":{"message":"No"}}'])).toEqual([events.error('api_error', 'No')]);
  });

  it('of another message is told again', () => {
    const error = worker.error('x', 'No');
    const read_ = events.error('x', 'No');
    expect(read([STARTED, error, STARTED, error, STARTED, COMPLETED, error])).toEqual([
      START,
      read_,
      START,
      read_,
      START,
      ...NO_REASON,
      read_,
    ]);
  });
});

describe('a start within a message', () => {
  it('is a reset, and the message begins anew', () => {
    const [reset] = read([STARTED, ...HI, STARTED]).slice(-1);
    expect(reset).toMatchObject({ type: 'reset', attempt: 2, cause: { code: 'protocol' } });
    const again = read([STARTED, ...HI, worker.textBlockStop(0, 'EndTurn'), STARTED, ...HI, COMPLETED]);
    expect(again.slice(-6)).toEqual([START, ...HI_READ, events.blockStop(0), ...NO_REASON]);
  });

  it('counts the attempts', () => {
    const resets = read([STARTED, STARTED, STARTED, STARTED]).filter(({ type }) => type === 'reset');
    expect(resets).toMatchObject([{ attempt: 2 }, { attempt: 3 }]);
  });
});

describe('usage', () => {
  it('before the message is that of its start, merged', () => {
    expect(read([worker.usage(10, 1), { Usage: { output_tokens: 2 } }, STARTED])).toEqual([
      events.messageStart({ usage: { input_tokens: 10, output_tokens: 2 } }),
    ]);
  });

  it('within it is told at once, with the numbers that are known and the stop reason so far', () => {
    expect(
      read([
        worker.usage(10, 1),
        ...HI,
        { Usage: { output_tokens: 5, cache_read_input_tokens: 3 } },
        { Usage: { input_tokens: 11 } },
        { Usage: { total_tokens: 16 } },
        worker.textBlockStop(0, 'EndTurn'),
        worker.usage(12, 6),
        COMPLETED,
      ]),
    ).toEqual([
      events.messageStart({ usage: { input_tokens: 10, output_tokens: 1 } }),
      ...HI_READ,
      events.messageDelta(null, { output_tokens: 5, cache_read_input_tokens: 3 }),
      events.messageDelta(null, { output_tokens: 5, input_tokens: 11 }),
      events.blockStop(0),
      events.messageDelta('end_turn', { input_tokens: 12, output_tokens: 6 }),
      events.messageStop(),
    ]);
  });

  it('is not forgotten by a stop reason that comes after it', () => {
    expect(
      read([STARTED, worker.usage(10, 5), worker.textBlockStop(0, 'EndTurn'), COMPLETED]).slice(-2),
    ).toEqual([events.messageDelta('end_turn', { output_tokens: 5 }), events.messageStop()]);
  });

  it('after a message is that of the next one', () => {
    expect(read([STARTED, COMPLETED, worker.usage(10, 1), ...HI])).toContainEqual(
      events.messageStart({ usage: { input_tokens: 10, output_tokens: 1 } }),
    );
  });
});

describe('what this version does not know', () => {
  const sse = { provider: 'openai', event_type: 'response.new', data_preview: '{}', data_len: 2 };

  it.each<[string, object, StreamEvent]>([
    ['an event', { UnhandledSse: sse }, events.unknown('UnhandledSse', sse)],
    ['a name of an object', { constructor: 7 }, events.unknown('constructor', 7)],
    ['a status', { Status: { status: 'Paused' } }, events.unknown('Status', { status: 'Paused' })],
    [
      'a block',
      { BlockStart: { index: 0, block_type: 'Image', metadata: 'Image' } },
      events.unknown('BlockStart', { index: 0, block_type: 'Image', metadata: 'Image' }),
    ],
    [
      'a delta',
      { BlockDelta: { index: 0, delta: { Pixels: '' } } },
      events.unknown('BlockDelta', { index: 0, delta: { Pixels: '' } }),
    ],
    [
      'the stop of a block',
      { BlockStop: { index: 0, block_type: 'Image' } },
      events.unknown('BlockStop', { index: 0, block_type: 'Image' }),
    ],
  ])('comes out as an unknown event, whole: %s', (_what, line, expected) => {
    expect(read([line])).toEqual([expected]);
    expect(read([line], { unknown: 'skip' })).toEqual([]);
    expect(failure([line], { unknown: 'error' })).toMatchObject({
      code: 'malformed',
      raw: JSON.stringify(line),
    });
  });

  it('may be named __proto__', () => {
    expect(read(['{"__proto__":{"polluted":1}}'])).toEqual([events.unknown('__proto__', { polluted: 1 })]);
    expect({}).not.toHaveProperty('polluted');
  });

  it('within an event passes: a field', () => {
    expect(read(['{"Ping":{"timestamp":7,"sequence":1}}'])).toEqual([events.ping()]);
  });
});

describe('what is malformed', () => {
  it.each([
    ['no JSON', '{"Ping":'],
    ['a name alone', '"Usage"'],
    ['an array', '[{"Ping":{"timestamp":null}}]'],
    ['null', 'null'],
    ['an object without a name', '{}'],
    ['an object with two', '{"Ping":{"timestamp":null},"Usage":{}}'],
    ['tokens that are no number', '{"Usage":{"input_tokens":"1"}}'],
    ['tokens below zero', '{"Usage":{"output_tokens":-1}}'],
    ['a status that is no name', '{"Status":{"status":1}}'],
    ['a start without an index', '{"BlockStart":{"block_type":"Text","metadata":"Text"}}'],
    ['a start of index 0.5', '{"BlockStart":{"index":0.5,"block_type":"Text","metadata":"Text"}}'],
    ['a start without a type', '{"BlockStart":{"index":0,"metadata":"Text"}}'],
    ['a call that says it is text', '{"BlockStart":{"index":0,"block_type":"ToolUse","metadata":"Text"}}'],
    [
      'a result of a call that is a number',
      '{"BlockStart":{"index":0,"block_type":"ToolResult","metadata":{"ToolResult":{"tool_use_id":7}}}}',
    ],
    ['a delta of index -1', '{"BlockDelta":{"index":-1,"delta":{"Text":""}}}'],
    ['a delta that is a text', '{"BlockDelta":{"index":0,"delta":"Text"}}'],
    ['a delta of two', '{"BlockDelta":{"index":0,"delta":{"Text":"","Thinking":""}}}'],
    ['a text that is none', '{"BlockDelta":{"index":0,"delta":{"Text":7}}}'],
    ['a stop without a type', '{"BlockStop":{"index":0}}'],
    ['a stop reason that is none', '{"BlockStop":{"index":0,"block_type":"Text","stop_reason":7}}'],
    ['a record without an event', '{"elapsed_ms":1,"event_type":"Ping"}'],
    ['a head without a model', '{"timestamp":1,"description":"x"}'],
  ])('is an error, or skipped where the caller says so: %s', (_what, line) => {
    const raw = line.startsWith('{"elapsed_ms"') ? '' : line;
    expect(failure([line])).toMatchObject({ code: 'malformed', retryable: line === '{"Ping":', raw });
    expect(read([line], { malformed: 'skip' })).toEqual([]);
  });

  it('says where', () => {
    expect(failure(['{"BlockDelta":{"index":0,"delta":{"Text":7}}}']).message).toMatch(
      /^BlockDelta\.delta\.Text must be /,
    );
    const call = { index: 0, block_type: 'ToolUse', metadata: { ToolUse: { id: 'a', name: 7 } } };
    expect(failure([{ BlockStart: call }]).message).toMatch(/^BlockStart\.metadata\.ToolUse\.name must be /);
  });

  it('shows no more than 200 characters of itself', () => {
    expect(failure([`{"${'x'.repeat(1000)}`]).raw).toHaveLength(200);
  });
});

describe('what contradicts the lines before it', () => {
  it.each<[string, readonly WorkerEvent[]]>([
    ['input for no call', [worker.toolInputDelta(0, '{}')]],
    ['input for a text', [worker.textBlockStart(0), worker.toolInputDelta(0, '{}')]],
    [
      'input for a call that stopped',
      [worker.toolUseStart(0, 'a', 'f'), worker.toolUseStop(0), worker.toolInputDelta(0, '')],
    ],
    ['the result of no call', [worker.toolUseStart(0, 'a', 'f'), worker.toolResultStart(1, 'b')]],
  ])('is an error: %s', (_what, lines) => {
    expect(failure(lines)).toMatchObject({ code: 'protocol', raw: JSON.stringify(lines.at(-1)) });
    expect(failure(lines, { malformed: 'skip' })).toMatchObject({ code: 'protocol' });
  });
});

describe('a recording', () => {
  const head = { timestamp: 1767692881, model: 'claude-sonnet-4', description: 'A tool call' };
  const record = (data: unknown) => ({ elapsed_ms: 1783, event_type: 'Discriminant(4)', data });

  it('is read as its events, the model at its head included', () => {
    const lines = [...HI, worker.textBlockStop(0), COMPLETED];
    const expected = [
      events.messageStart({ model: head.model }),
      ...HI_READ,
      events.blockStop(0),
      ...NO_REASON,
    ];
    expect(read([head, ...lines.map((line) => record(JSON.stringify(line)))])).toEqual(expected);
    expect(read([head, ...lines.map(record)])).toEqual(expected);
  });

  it('may hold what is not known, and what is malformed', () => {
    expect(read([record('{"New":1}')])).toEqual([events.unknown('New', 1)]);
    expect(failure([record('{"Ping":')])).toMatchObject({ code: 'malformed', raw: '{"Ping":' });
    expect(failure([record({ a: 1, b: 2 })])).toMatchObject({ code: 'malformed', raw: '{"a":1,"b":2}' });
    expect(failure([record(7)])).toMatchObject({ code: 'malformed', raw: '7' });
  });
});

describe('decoding', () => {
  it('is as strict by hand as by schema', () => {
    const value = fc.oneof(
      fc.string(),
      fc.integer(),
      fc.constantFrom<unknown>(null, true, [], {}, 0.5, 2 ** 60),
    );
    const delta = fc.oneof(fc.dictionary(fc.constantFrom('Text', 'Thinking'), value, { maxKeys: 2 }), value);
    fc.assert(
      fc.property(fc.record({ index: fc.oneof(fc.nat(3), value), delta }), (body) => {
        const line = { BlockDelta: body };
        const { success } = workerEventSchema.safeParse(line);
        expect(read([line], { malformed: 'skip' })).toHaveLength(success ? 3 : 0);
      }),
      { numRuns: runs(1000) },
    );
  });

  it('writes to no prototype', () => {
    const hostile = '"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}';
    read([
      `{"Usage":{"input_tokens":1,${hostile}}}`,
      `{"BlockStart":{"index":0,"block_type":"Text","metadata":"Text",${hostile}}}`,
      `{"BlockStop":{"index":0,"block_type":"Text","reasoning":{${hostile}}}}`,
      `{"New":{${hostile}}}`,
    ]);
    expect({}).not.toHaveProperty('polluted');
  });
});
