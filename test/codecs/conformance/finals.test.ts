import type { Codec } from '../../../src/codecs/codec.js';
import type { StreamEvent } from '../../../src/events/event.js';
import { llmWorker } from '../../../src/llm-worker.js';
import { modelrelay } from '../../../src/modelrelay.js';
import { synaps } from '../../../src/synaps.js';
import { answersIn } from './answerIn.js';
import { eventsOf } from './spelling.js';
import { flaws } from './wellFormed.js';

/** The frames around what a row of the tables holds. */
interface Told {
  readonly codec: Codec;
  text(piece: string): object;
  thinking(piece: string): object;
  callStart(number: number, name: string): object;
  callDelta(number: number, json: string): object;
  callEnd(number: number, name: string, json: string): object;
  around(frames: readonly object[], text: string | undefined): readonly object[];
}

const RELAY: Told = {
  codec: modelrelay,
  text: (delta) => ({ type: 'update', delta }),
  thinking: (reasoning_delta) => ({ type: 'reasoning_delta', reasoning_delta }),
  callStart: (index, name) => ({
    type: 'tool_use_start',
    tool_call_delta: { index, id: `call_${index}`, type: 'function', function: { name } },
  }),
  callDelta: (index, json) => ({
    type: 'tool_use_delta',
    tool_call_delta: { index, function: { arguments: json } },
  }),
  callEnd: (index, name, json) => ({
    type: 'tool_use_stop',
    tool_calls: [{ id: `call_${index}`, type: 'function', function: { name, arguments: json } }],
  }),
  around: (frames, content) => [
    { type: 'start', request_id: 'resp-1', model: 'm', stream_mode: 'text-delta', stream_version: 'v2' },
    ...frames,
    { type: 'completion', ...(content !== undefined && { content }), stop_reason: 'end_turn' },
  ],
};

const SYNAPS: Told = {
  codec: synaps,
  text: (delta) => update({ type: 'text_delta', delta }),
  thinking: (delta) => update({ type: 'thinking_delta', delta }),
  callStart: (number, tool_name) => update({ type: 'toolcall_start', tool_id: `call_${number}`, tool_name }),
  callDelta: (number, delta) => update({ type: 'toolcall_input_delta', tool_id: `call_${number}`, delta }),
  callEnd: (number, _, json) =>
    update({ type: 'toolcall_input', tool_id: `call_${number}`, input: JSON.parse(json) as unknown }),
  around: (frames) => [
    ...frames,
    { type: 'agent_end', usage: { input_tokens: 1, output_tokens: 2 } },
    { type: 'response', id: '1', command: 'prompt', ok: true },
  ],
};

function update(event: object): object {
  return { type: 'message_update', event };
}

function read({ codec }: Told, frames: readonly object[]): readonly StreamEvent[] {
  return eventsOf(
    codec,
    frames.map((frame) => ({ data: JSON.stringify(frame) })),
  );
}

/** The pieces of a kind that were streamed, and how often the message began. */
function streamed(events: readonly StreamEvent[]): { pieces: readonly string[]; starts: number } {
  const pieces = events.flatMap((event) => {
    if (event.type !== 'content_block_delta') return [];
    return event.delta.type === 'text_delta'
      ? [event.delta.text]
      : event.delta.type === 'input_json_delta'
        ? [event.delta.partial_json]
        : [];
  });
  return { pieces, starts: events.filter(({ type }) => type === 'message_start').length };
}

describe('the whole text, after its pieces', () => {
  it.each<[string, readonly string[], string, readonly string[], number]>([
    ['that agrees adds nothing', ['Hel', 'lo'], 'Hello', ['Hel', 'lo'], 1],
    ['that goes on adds what is missing', ['Hel'], 'Hello', ['Hel', 'lo'], 1],
    ['that nobody streamed is all of it', [], 'Hello', ['Hello'], 1],
    ['that is empty, as was what came, adds nothing', [], '', [], 1],
    ['that contradicts them replaces them', ['Help'], 'Hello', ['Help', 'Hello'], 2],
    ['that is shorter replaces them', ['Hello', ' there'], 'Hello', ['Hello', ' there', 'Hello'], 2],
    ['that is empty replaces them', ['Hello'], '', ['Hello'], 2],
  ])('%s', (_what, pieces, whole, expected, starts) => {
    const events = read(RELAY, RELAY.around(pieces.map(RELAY.text), whole));
    expect(flaws(events)).toEqual([]);
    expect(streamed(events)).toEqual({ pieces: expected, starts });
    expect(answersIn(events).map(({ text }) => text)).toEqual([whole]);
  });
});

describe.each([
  [RELAY.codec.name, RELAY],
  [SYNAPS.codec.name, SYNAPS],
])('%s: the whole input of a call', (_name, told) => {
  it.each<[string, readonly string[], string, readonly string[], number]>([
    ['that agrees adds nothing', ['{"q":', '1}'], '{"q":1}', ['{"q":', '1}'], 1],
    ['that is spelled in another way adds nothing', ['{ "q"', ': 1.0 }'], '{"q":1}', ['{ "q"', ': 1.0 }'], 1],
    ['that goes on adds what is missing', ['{"q":'], '{"q":1}', ['{"q":', '1}'], 1],
    ['that nobody streamed is all of it', [], '{"q":1}', ['{"q":1}'], 1],
    ['that contradicts it replaces it', ['{"q":2}'], '{"q":1}', ['{"q":2}', 'Hi', '{"q":1}'], 2],
  ])('%s', (_what, pieces, whole, expected, starts) => {
    const call = [
      told.callStart(0, 'f'),
      ...pieces.map((piece) => told.callDelta(0, piece)),
      told.callEnd(0, 'f', whole),
    ];
    const events = read(told, told.around([told.text('Hi'), ...call], undefined));
    expect(flaws(events)).toEqual([]);
    expect(streamed(events)).toEqual({ pieces: ['Hi', ...expected], starts });
    expect(answersIn(events)).toMatchObject([
      { text: 'Hi', calls: [{ id: 'call_0', name: 'f', input: JSON.parse(whole) as unknown }] },
    ]);
  });

  it('tells of a contradiction in the cause of the reset', () => {
    const call = [told.callStart(0, 'f'), told.callDelta(0, '{}'), told.callEnd(0, 'f', '{"q":1}')];
    const resets = read(told, told.around(call, undefined)).filter(({ type }) => type === 'reset');
    expect(resets).toMatchObject([
      { attempt: 2, cause: { code: 'protocol', message: expect.stringMatching(/whole input/) } },
    ]);
  });

  it('of one call leaves the others alone', () => {
    const events = read(
      told,
      told.around(
        [
          told.callStart(0, 'f'),
          told.callStart(1, 'g'),
          told.callDelta(0, '{"a":'),
          told.callDelta(1, '{"b":2}'),
          told.callEnd(0, 'f', '{"a":1}'),
          told.callEnd(1, 'g', '{"b":3}'),
        ],
        undefined,
      ),
    );
    expect(flaws(events)).toEqual([]);
    expect(answersIn(events)).toMatchObject([
      {
        calls: [
          { id: 'call_0', name: 'f', input: { a: 1 } },
          { id: 'call_1', name: 'g', input: { b: 3 } },
        ],
      },
    ]);
  });
});

describe('the whole thinking of llm-worker, at the end of its block', () => {
  it.each([
    ['that agrees adds nothing', ['Hm', 'm'], 'Hmm', 'Hmm'],
    ['that goes on adds what is missing', ['Hm'], 'Hmm', 'Hmm'],
    ['that nobody streamed is all of it', [], 'Hmm', 'Hmm'],
    ['that is another text, as a summary is, adds nothing', ['Hmm'], 'It thinks', 'Hmm'],
  ])('%s', (_what, pieces, text, expected) => {
    const events = eventsOf(
      llmWorker,
      [
        { BlockStart: { index: 0, block_type: 'Thinking', metadata: 'Thinking' } },
        ...pieces.map((piece) => ({ BlockDelta: { index: 0, delta: { Thinking: piece } } })),
        { BlockStop: { index: 0, block_type: 'Thinking', stop_reason: null, reasoning: { text } } },
        { Status: { status: 'Completed' } },
      ].map((event) => ({ data: JSON.stringify(event) })),
    );
    expect(flaws(events)).toEqual([]);
    expect(answersIn(events)).toMatchObject([
      { message: { content: [{ type: 'thinking', thinking: expected }] } },
    ]);
  });
});
