import { agUi, agUiRun } from '../../../src/ag-ui.js';
import type { StopReason } from '../../../src/events/message.js';
import type { StreamEvent } from '../../../src/events/event.js';
import * as events from '../../../src/events/make.js';
import { eventsOf, framesOf, valuesOf } from '../conformance/spelling.js';
import { FINISHED, STARTED } from './events.js';

const START = events.messageStart({ id: 'm1', threadId: 't1' } as object);
const END = [events.messageDelta('end_turn'), events.messageStop()];
const CALL = [
  events.toolUseStart(0, 'call_a', 'get_weather'),
  events.inputJsonDelta(0, '{"city":"Oslo"}'),
  events.blockStop(0),
];
const ASKS = [events.messageDelta('tool_use'), events.messageStop()];
const NO_USAGE = { usage: [{ outputTokens: 0 }] };

function written(...sequence: readonly StreamEvent[]): readonly object[] {
  return valuesOf(agUi, framesOf(agUi, sequence));
}

/** What is written between the start of the run and its end. */
function within(...sequence: readonly StreamEvent[]): readonly object[] {
  return written(START, ...sequence, ...END).slice(1, -1);
}

/** The last event. */
function endOf(...sequence: readonly StreamEvent[]): object | undefined {
  return written(START, ...sequence).at(-1);
}

it('writes a call, its result and what it cost', () => {
  expect(
    written(
      START,
      ...CALL,
      events.toolResult('call_a', { c: 4 }),
      events.messageDelta('tool_use', { input_tokens: 9, output_tokens: 5 }),
      events.messageStop(),
    ),
  ).toEqual([
    STARTED,
    {
      type: 'TOOL_CALL_START',
      toolCallId: 'call_a',
      toolCallName: 'get_weather',
      parentMessageId: 'm1_b0',
    },
    { type: 'TOOL_CALL_ARGS', toolCallId: 'call_a', delta: '{"city":"Oslo"}' },
    { type: 'TOOL_CALL_END', toolCallId: 'call_a' },
    { type: 'TOOL_CALL_RESULT', messageId: 'm1_r0', toolCallId: 'call_a', content: '{"c":4}' },
    { ...FINISHED, usage: [{ inputTokens: 9, outputTokens: 5 }], metadata: { stop_reason: 'tool_use' } },
  ]);
});

it('writes the model beside what it cost, the stop sequence, and nothing of what nobody knows', () => {
  const start = events.messageStart({ id: 'm1', model: 'm-1', threadId: 't1' } as object);
  const usage = {
    input_tokens: 5,
    output_tokens: 9,
    cache_read_input_tokens: 2,
    cache_creation_input_tokens: 1,
  };
  const stop_sequence = '###';
  const end = events.messageDelta('stop_sequence', { ...usage, stop_sequence });
  expect(written(start, end, events.messageStop())).toEqual([
    { ...STARTED, metadata: { model: 'm-1' } },
    {
      ...FINISHED,
      usage: [
        { model: 'm-1', inputTokens: 8, outputTokens: 9, cachedInputTokens: 2, cacheWriteInputTokens: 1 },
      ],
      metadata: { stop_reason: 'stop_sequence', stop_sequence },
    },
  ]);
  expect(written(START, events.messageDelta(null), events.messageStop()).at(-1)).not.toHaveProperty(
    'metadata',
  );
});

it('writes the conversation that is asked for, or that the message names', () => {
  const codec = agUiRun({ threadId: 't9' });
  for (const [start, threadId] of [
    [START, 't9'],
    [events.messageStart({ id: 'm1' }), 't9'],
  ] as const)
    expect(valuesOf(codec, framesOf(codec, [start, ...END]))[0]).toEqual({ ...STARTED, threadId });
  expect(written(events.messageStart({ id: 'm1' }), ...END)[0]).toEqual({ ...STARTED, threadId: '' });
});

it('writes texts and thinking, each a message of its own', () => {
  expect(
    within(
      events.thinkingStart(0),
      events.thinkingDelta(0, 'Hm'),
      events.signatureDelta(0, 'c2ln'),
      events.blockStop(0),
      events.textStart(1),
      events.textDelta(1, ''),
      events.textDelta(1, 'Hi'),
      events.blockStop(1),
      events.textStart(2),
      events.blockStop(2),
    ),
  ).toEqual([
    { type: 'REASONING_START', messageId: 'm1_b0' },
    { type: 'REASONING_MESSAGE_START', messageId: 'm1_b0', role: 'reasoning' },
    { type: 'REASONING_MESSAGE_CONTENT', messageId: 'm1_b0', delta: 'Hm' },
    { type: 'REASONING_ENCRYPTED_VALUE', subtype: 'message', entityId: 'm1_b0', encryptedValue: 'c2ln' },
    { type: 'REASONING_MESSAGE_END', messageId: 'm1_b0' },
    { type: 'REASONING_END', messageId: 'm1_b0' },
    { type: 'TEXT_MESSAGE_START', messageId: 'm1_b1', role: 'assistant' },
    { type: 'TEXT_MESSAGE_CONTENT', messageId: 'm1_b1', delta: 'Hi' },
    { type: 'TEXT_MESSAGE_END', messageId: 'm1_b1' },
    { type: 'TEXT_MESSAGE_START', messageId: 'm1_b2', role: 'assistant' },
    { type: 'TEXT_MESSAGE_END', messageId: 'm1_b2' },
  ]);
});

describe('what has an id', () => {
  const say = (id: string): readonly StreamEvent[] => [
    events.messageStart({ id }),
    events.textStart(0),
    events.blockStop(0),
    ...END,
  ];
  const idsOf = (values: readonly object[]): readonly unknown[] =>
    values.flatMap((value) => ('role' in value && 'messageId' in value ? [value.messageId] : []));

  it('has one of its own, whatever ids the messages have', () => {
    expect(idsOf(written(...say('m'), ...say('m')))).toEqual(['m_b0', 'm.2_b0']);
    const [one, other] = [idsOf(written(...say(''))), idsOf(written(...say('')))];
    expect(one).not.toEqual(other);
  });

  it('has no other call’s, and gets the result of its own', () => {
    const twice = [
      ...CALL,
      ...CALL,
      events.toolResult('call_a', 'first'),
      events.toolResult('call_a', 'second'),
    ];
    const results = within(...twice).filter((value) => 'content' in value);
    expect(results).toMatchObject([
      { toolCallId: 'call_a', content: 'first' },
      { toolCallId: 'call_am1_b1', content: 'second' },
    ]);
  });

  it('keeps the one that it came with', () => {
    const block = { type: 'text', text: '', citations: null, messageId: 'msg' } as const;
    expect(within(events.blockStart(0, block), events.blockStop(0))).toMatchObject([
      { messageId: 'msg' },
      { messageId: 'msg' },
    ]);
  });
});

describe('how a run ends', () => {
  it('says which calls wait for their results', () => {
    const outcome = { type: 'success', pendingToolCallIds: ['call_a'] };
    expect(endOf(...CALL, ...ASKS)).toMatchObject({ outcome });
    expect(endOf(...CALL, ...ASKS, events.toolResult('call_a', 'x'))).not.toHaveProperty('outcome');
  });

  it('asks for an approval that nobody gave', () => {
    const asked = events.toolApproval('call_a', 'requested');
    const interrupts = [{ id: 'call_a', reason: 'tool_call', toolCallId: 'call_a' }];
    expect(endOf(...CALL, asked, ...ASKS)).toMatchObject({ outcome: { type: 'interrupt', interrupts } });
    const denied = events.toolApproval('call_a', 'denied', 'Too far');
    expect(endOf(...CALL, asked, denied, ...ASKS)).toMatchObject({ outcome: { type: 'success' } });
    expect(endOf(...CALL, asked, denied, events.toolResult('call_a', 'No'), ...ASKS)).not.toHaveProperty(
      'outcome',
    );
  });

  it('says that it was stopped, with no call that looks whole or waits', () => {
    const [start] = CALL as [StreamEvent, ...StreamEvent[]];
    const stopped = [events.messageDelta('cancelled' as StopReason), events.messageStop()];
    const metadata = { aborted: 'Stopped' };
    expect(written(START, start, events.blockAbort(0, 'Stopped'), ...stopped).slice(2)).toEqual([
      { type: 'TOOL_CALL_ARGS', toolCallId: 'call_a', delta: '{', metadata },
      { type: 'TOOL_CALL_END', toolCallId: 'call_a', metadata },
      {
        type: 'TOOL_CALL_RESULT',
        messageId: 'm1_r0',
        toolCallId: 'call_a',
        content: 'This call was given up before it was whole',
        metadata,
      },
      { ...FINISHED, ...NO_USAGE, outcome: { type: 'cancelled' }, metadata: { stop_reason: 'cancelled' } },
    ]);
  });

  it('gives up what is open where it failed, with the id of the request', () => {
    const failed = written(START, events.textStart(0), events.error('overloaded_error', 'Busy', 'req_1'));
    expect(failed.slice(-2)).toEqual([
      { type: 'TEXT_MESSAGE_END', messageId: 'm1_b0', metadata: { aborted: 'Busy' } },
      { type: 'RUN_ERROR', message: 'Busy', code: 'overloaded_error', metadata: { request_id: 'req_1' } },
    ]);
  });

  it('is not written for an answer that broke off', () => {
    expect(endOf(...CALL)).toMatchObject({ type: 'TOOL_CALL_END' });
  });
});

it('writes what tools say between two messages into the run of the first, unless all are one run', () => {
  const turn = [
    ...[START, ...CALL, ...ASKS],
    events.toolResult('call_a', '4'),
    ...[events.messageStart({ id: 'm2' }), ...END],
  ];
  const types = (codec: typeof agUi): readonly unknown[] =>
    valuesOf(codec, framesOf(codec, turn)).map((value) => (value as { type: string }).type);
  const call = ['TOOL_CALL_START', 'TOOL_CALL_ARGS', 'TOOL_CALL_END', 'TOOL_CALL_RESULT'];
  const [begin, end] = ['RUN_STARTED', 'RUN_FINISHED'];
  expect(types(agUi)).toEqual([begin, ...call, end, begin, end]);
  expect(types(agUiRun({ runId: 'r' }))).toEqual([begin, ...call, end]);
});

describe('an event that is not of the answer', () => {
  it('goes back as it came where it is one of the protocol, with the steps ended that it began', () => {
    const step = { type: 'STEP_STARTED', stepName: 'plan' };
    const state = { type: 'STATE_SNAPSHOT', snapshot: null, timestamp: null };
    const later = { type: 'LATER_EVENT', n: 1 };
    const given = [step, state, later].map((event) => events.unknown(event.type, event));
    expect(within(...given)).toEqual([
      step,
      { type: 'STATE_SNAPSHOT', snapshot: null },
      later,
      { type: 'STEP_FINISHED', stepName: 'plan' },
    ]);
  });

  it('is the value of a CUSTOM event where it is of another, or not what the protocol asks for', () => {
    const custom = (name: string, value: unknown): object => ({ type: 'CUSTOM', name, value });
    expect(within(events.unknown('weather', { n: 1 }), events.unknown('heartbeat', undefined))).toEqual([
      custom('weather', { n: 1 }),
      custom('heartbeat', null),
    ]);
    const end = { ...FINISHED };
    expect(within(events.unknown('RUN_FINISHED', end))).toEqual([custom('RUN_FINISHED', end)]);
    const patch = { type: 'STATE_DELTA', delta: 7 };
    expect(within(events.unknown('STATE_DELTA', patch))).toEqual([custom('STATE_DELTA', patch)]);
  });

  it('waits for the run where it comes before it', () => {
    const early = events.unknown('weather', 4);
    expect(written(early, START, ...END)[1]).toEqual({ type: 'CUSTOM', name: 'weather', value: 4 });
  });
});

it('carries what a run asks for besides approvals, and what it came to, to the next protocol and back', () => {
  const interrupts = [{ id: 'i1', reason: 'input_required', message: 'Which city?' }];
  const sequence = eventsOf(agUi, [
    { data: JSON.stringify(STARTED) },
    { data: JSON.stringify({ ...FINISHED, outcome: { type: 'interrupt', interrupts }, result: { n: 1 } }) },
  ]);
  expect(valuesOf(agUi, framesOf(agUi, sequence)).at(-1)).toMatchObject({
    outcome: { type: 'interrupt', interrupts },
    result: { n: 1 },
  });
});

it('sends parts of a message as they are, and anything else as JSON', () => {
  const results = [
    [{ type: 'text', text: '4 °C' }],
    [{ type: 'image', source: { type: 'data', value: 'AAAA', mimeType: 'image/png' } }],
    [{ type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } }],
    [],
    null,
  ];
  const contents = within(...CALL, ...results.map((content) => events.toolResult('call_a', content)))
    .slice(3)
    .map((value) => (value as { content: unknown }).content);
  expect(contents).toEqual([results[0], results[1], JSON.stringify(results[2]), '[]', 'null']);
});

it('keeps no more than a thousand events for a run that does not begin', () => {
  const encoder = agUi.encoder();
  const early = events.toolResult('call_a', 'later');
  for (let times = 0; times < 1_000; times++) expect(encoder.next(early)).toEqual([]);
  expect(() => encoder.next(early)).toThrow(
    expect.objectContaining({
      code: 'limit',
      message: 'More than 1000 events came before the first message',
    }),
  );
});
