import { agUi } from '../../../src/ag-ui.js';
import type { Skip } from '../../../src/codecs/skip.js';
import type { StreamEvent } from '../../../src/events/event.js';
import * as events from '../../../src/events/make.js';
import { attempted, eventsOf } from '../conformance/spelling.js';
import { answersIn } from '../conformance/answerIn.js';
import { FINISHED, framesOf, STARTED, wire } from './events.js';

function decoded(...given: readonly object[]): readonly StreamEvent[] {
  return eventsOf(agUi, framesOf(STARTED, ...given));
}

/** The content and the stop reason of the one message. */
function messageOf(...given: readonly object[]): { readonly content: unknown; readonly stop: unknown } {
  const [answer] = answersIn(decoded(...given, FINISHED));
  return { content: answer?.message?.content, stop: answer?.message?.stop_reason };
}

const call = (toolCallId: string, ...pieces: readonly string[]): readonly object[] => [
  wire('TOOL_CALL_START', { toolCallId, toolCallName: 'get_weather' }),
  ...pieces.map((delta) => wire('TOOL_CALL_ARGS', { toolCallId, delta })),
  wire('TOOL_CALL_END', { toolCallId }),
];
const said = (messageId: string, text: string): readonly object[] => [
  wire('TEXT_MESSAGE_START', { messageId, role: 'assistant' }),
  wire('TEXT_MESSAGE_CONTENT', { messageId, delta: text }),
  wire('TEXT_MESSAGE_END', { messageId }),
];
const text = (words: string, members: object = {}): object => ({
  type: 'text',
  text: words,
  citations: null,
  ...members,
});
const thinking = (words: string, signature = '', members: object = {}): object => ({
  type: 'thinking',
  thinking: words,
  signature,
  ...members,
});

describe('a run', () => {
  it('is a message: a call, its result and what it cost', () => {
    expect(
      eventsOf(
        agUi,
        framesOf(
          STARTED,
          ...call('call_a', '{"city":', '"Oslo"}'),
          wire('TOOL_CALL_RESULT', { messageId: 'm1_r0', toolCallId: 'call_a', content: '{"c":4}' }),
          {
            ...FINISHED,
            usage: [{ model: 'm-1', inputTokens: 9, outputTokens: 5 }],
            metadata: { stop_reason: 'tool_use' },
          },
        ),
      ),
    ).toEqual([
      { ...events.messageStart({ id: 'm1', threadId: 't1' } as object) },
      events.toolUseStart(0, 'call_a', 'get_weather'),
      events.inputJsonDelta(0, '{"city":'),
      events.inputJsonDelta(0, '"Oslo"}'),
      events.blockStop(0),
      events.toolResult('call_a', '{"c":4}'),
      { ...events.messageDelta('tool_use', { input_tokens: 9, output_tokens: 5 }), model: 'm-1' },
      events.messageStop(),
    ]);
  });

  it('may say two texts under one id, one after the other', () => {
    expect(messageOf(...said('a_b0', 'One'), ...said('a_b0', 'Two')).content).toEqual([
      text('One'),
      text('Two'),
    ]);
  });

  it('is truncated without its end, though the client takes that for success', () => {
    expect(decoded(...said('a', 'Hi')).map(({ type }) => type)).not.toContain('message_stop');
  });

  it('is a message of its own, of several on one stream', () => {
    const next = { ...STARTED, runId: 'm2' };
    const answers = answersIn(decoded(...said('a', 'One'), FINISHED, next, ...said('a', 'Two'), FINISHED));
    expect(answers.map(({ text, message }) => [message?.id, text])).toEqual([
      ['m1', 'One'],
      ['m2', 'Two'],
    ]);
  });

  it('that begins within another is an error, and one that is repeated is not', () => {
    const { failure } = attempted(agUi, framesOf(STARTED, { ...STARTED, runId: 'm2' }));
    expect(failure).toMatchObject({ code: 'protocol' });
    expect(messageOf(STARTED, ...said('a_b0', 'Hi'))).toEqual({ content: [text('Hi')], stop: 'end_turn' });
  });

  it('has nothing after its end, except what passes by', () => {
    const late = [...said('b', 'Late'), FINISHED, wire('STATE_SNAPSHOT', { snapshot: 1 })];
    const arrived = decoded(...said('a', 'Hi'), FINISHED, ...late);
    expect(arrived.slice(-2)).toEqual([
      events.messageStop(),
      events.unknown('STATE_SNAPSHOT', { type: 'STATE_SNAPSHOT', snapshot: 1 }),
    ]);
    expect(arrived.filter(({ type }) => type === 'message_start')).toHaveLength(1);
    const failed = decoded(
      wire('RUN_ERROR', { message: 'No' }),
      ...late.slice(0, -1),
      wire('RUN_ERROR', { message: 'No' }),
    );
    expect(failed.map(({ type }) => type)).toEqual(['message_start', 'error']);
  });

  it('adds up what its models counted, without the cache in the input', () => {
    const usage = [
      { model: 'a', inputTokens: 100, outputTokens: 7, cachedInputTokens: 60, cacheWriteInputTokens: 10 },
      { model: 'b', inputTokens: 20, totalTokens: 25, outputTokens: 5, reasoningTokens: 2 },
    ];
    const delta = decoded({ ...FINISHED, usage }).find(({ type }) => type === 'message_delta');
    expect(delta).toMatchObject({
      usage: {
        input_tokens: 50,
        output_tokens: 12,
        cache_read_input_tokens: 60,
        cache_creation_input_tokens: 10,
        output_tokens_details: { thinking_tokens: 2 },
      },
    });
  });
});

describe('how a run ends', () => {
  const pending = call('call_a', '{}');
  it.each([
    ['nothing said', {}, 'end_turn'],
    ['success', { outcome: { type: 'success' } }, 'end_turn'],
    ['an outcome of a later version', { outcome: { type: 'partial' } }, 'end_turn'],
    ['calls that wait', { outcome: { type: 'success', pendingToolCallIds: ['x'] } }, 'tool_use'],
    [
      'an interrupt',
      { outcome: { type: 'interrupt', interrupts: [{ id: 'i', reason: 'ask' }] } },
      'tool_use',
    ],
    ['a stop', { outcome: { type: 'cancelled' } }, 'cancelled'],
    ['a reason of ours', { metadata: { stop_reason: 'max_tokens' } }, 'max_tokens'],
    [
      'a reason of ours that another says more of',
      { outcome: { type: 'cancelled' }, metadata: { stop_reason: 'steered' } },
      'steered',
    ],
    ['a reason that says nothing', { metadata: { stop_reason: '' } }, 'end_turn'],
  ])('with %s', (_, members, reason) => {
    const [answer] = answersIn(decoded(...said('a', 'Hi'), { ...FINISHED, ...members }));
    expect(answer?.message?.stop_reason).toBe(reason);
  });

  it('with the sequence that was met', () => {
    const metadata = { stop_reason: 'stop_sequence', stop_sequence: '###' };
    expect(answersIn(decoded({ ...FINISHED, metadata }))[0]?.message).toMatchObject(metadata);
  });

  it('with a call that has no result, as before 1.0', () => {
    expect(messageOf(...pending).stop).toBe('tool_use');
    const result = wire('TOOL_CALL_RESULT', { toolCallId: 'call_a', content: 'x', messageId: 'r' });
    expect(messageOf(...pending, result).stop).toBe('end_turn');
  });

  it('gives up a call that is open, and stops a text', () => {
    const open = call('call_a', '{"a":1}').slice(0, -1);
    const arrived = decoded(...said('a', 'Hi').slice(0, -1), ...open, FINISHED);
    expect(arrived.filter(({ type }) => type === 'block_abort' || type === 'content_block_stop')).toEqual([
      events.blockAbort(1, 'The run ended inside this call'),
      events.blockStop(0),
    ]);
    expect(answersIn(arrived)[0]?.calls).toEqual([]);
  });

  it('asks about a call by an interrupt, once', () => {
    const interrupt = { id: 'i1', reason: 'tool_call', toolCallId: 'call_a', message: 'May I?' };
    const end = { ...FINISHED, outcome: { type: 'interrupt', interrupts: [interrupt] } };
    const asked = wire('CUSTOM', {
      name: 'tool_approval',
      value: { toolCallId: 'call_a', state: 'requested' },
    });
    for (const given of [[end], [asked, end]]) {
      const arrived = decoded(...pending, ...given);
      expect(arrived.filter(({ type }) => type === 'tool_approval')).toEqual([
        events.toolApproval('call_a', 'requested'),
      ]);
      expect(arrived.at(-2)).toMatchObject({ delta: { stop_reason: 'tool_use' }, interrupts: [interrupt] });
    }
  });

  it('badly, with what it cost and the type that the server names', () => {
    const failed = wire('RUN_ERROR', {
      message: 'Busy',
      code: 'overloaded_error',
      usage: [{ inputTokens: 3 }],
    });
    expect(decoded(...said('a_b0', 'Hi').slice(0, -1), failed, FINISHED).slice(-3)).toEqual([
      events.blockAbort(0, 'Busy'),
      events.messageDelta(null, { input_tokens: 3 }),
      events.error('overloaded_error', 'Busy'),
    ]);
  });

  it('badly, whatever stands for what it cost', () => {
    for (const entry of [null, 5, [], { inputTokens: 'many' }, { inputTokens: -1 }]) {
      const failed = wire('RUN_ERROR', { message: 'Busy', code: 'overloaded_error', usage: [entry] });
      expect(decoded(failed)).toEqual([
        ...decoded(),
        ...decoded(wire('RUN_ERROR', { message: 'Busy', code: 'overloaded_error', usage: [] })).slice(-1),
      ]);
      expect(decoded(failed).at(-1)).toEqual(events.error('overloaded_error', 'Busy'));
    }
  });
});

describe('chunks', () => {
  const chunk = (members: object): object => wire('TEXT_MESSAGE_CHUNK', members);
  const more = chunk({ delta: 'lo' });

  it('begin a text, and go on with it until something else comes', () => {
    const first = chunk({ messageId: 'a_b0', role: 'assistant', delta: 'Hel' });
    expect(messageOf(first, more, ...call('c', '{}')).content).toMatchObject([text('Hello'), { id: 'c' }]);
    expect(messageOf(first, chunk({ messageId: 'b', delta: 'lo' })).content).toEqual([
      text('Hel'),
      text('lo', { messageId: 'b' }),
    ]);
    // The text has ended before the call begins.
    expect(decoded(first, ...call('c', '{}')).map(({ type }) => type)).toEqual([
      ...['message_start', 'content_block_start', 'content_block_delta', 'content_block_stop'],
      ...['content_block_start', 'content_block_delta', 'content_block_stop'],
    ]);
  });

  it.each([
    wire('STATE_SNAPSHOT', { snapshot: {} }),
    wire('STATE_DELTA', { delta: [] }),
    wire('STEP_STARTED', { stepName: 'plan' }),
    wire('MESSAGES_SNAPSHOT', { messages: [] }),
    wire('CUSTOM', { name: 'weather', value: 4 }),
    wire('TEXT_MESSAGE_END', { messageId: 'other' }),
  ])('are ended by an event that is none of them: $type', (event) => {
    const first = chunk({ messageId: 'a_b0', delta: 'Hel' });
    expect(messageOf(first, event, more).content).toEqual([text('Hel'), text('lo')]);
  });

  it('are not ended by what passes by', () => {
    const first = chunk({ messageId: 'a_b0', delta: 'Hel' });
    for (const aside of [
      wire('RAW', { event: 1 }),
      wire('ACTIVITY_SNAPSHOT', { messageId: 'x', activityType: 'PLAN', content: {} }),
      wire('ACTIVITY_DELTA', { messageId: 'x', activityType: 'PLAN', patch: [] }),
      wire('REASONING_ENCRYPTED_VALUE', { subtype: 'tool-call', entityId: 'c', encryptedValue: 'c2ln' }),
      wire('SUBAGENT_STARTED', { subagentRunId: 's', name: 'n' }),
      wire('TEXT_MESSAGE_START', { messageId: 'of-s', subagentRunId: 's' }),
    ]) {
      expect(messageOf(first, aside, more).content).toEqual([text('Hello')]);
    }
  });

  it('make calls and thinking, too', () => {
    expect(
      messageOf(
        wire('REASONING_MESSAGE_CHUNK', { messageId: 'a_b0', delta: 'Hm' }),
        wire('REASONING_MESSAGE_CHUNK', { delta: '.' }),
        wire('TOOL_CALL_CHUNK', { toolCallId: 'c', toolCallName: 'f', delta: '{"a"' }),
        wire('TOOL_CALL_CHUNK', { delta: ':1}' }),
      ).content,
    ).toMatchObject([thinking('Hm.'), { id: 'c', name: 'f', input: { a: 1 } }]);
  });

  it('of somebody else are no text', () => {
    const theirs = chunk({ messageId: 'u', role: 'user', delta: 'Mine' });
    expect(messageOf(theirs, more, ...said('a_b0', 'Hi')).content).toEqual([text('Hi')]);
    const again = chunk({ messageId: 'u', delta: 'Mine, too' });
    expect(messageOf(theirs, again, more, chunk({ messageId: 'a_b0', delta: 'Hi' })).content).toEqual([
      text('Hi'),
    ]);
    const open = wire('TEXT_MESSAGE_START', { messageId: 'u', role: 'user' });
    expect(messageOf(open, again, more, ...said('a_b0', 'Hi')).content).toEqual([text('Hi')]);
  });
});

describe('thinking', () => {
  it('is a block for each message, and its spans say nothing', () => {
    const [id, other] = [{ messageId: 'x_b0' }, { messageId: 'y' }];
    expect(
      messageOf(
        wire('REASONING_START', id),
        wire('REASONING_MESSAGE_START', { ...id, role: 'reasoning' }),
        wire('REASONING_MESSAGE_CONTENT', { ...id, delta: 'Hm' }),
        wire('REASONING_ENCRYPTED_VALUE', { subtype: 'message', entityId: 'x_b0', encryptedValue: 'c2ln' }),
        wire('REASONING_MESSAGE_END', id),
        wire('REASONING_MESSAGE_START', { ...other, role: 'reasoning' }),
        wire('REASONING_MESSAGE_CONTENT', { ...other, delta: 'Oh' }),
        wire('REASONING_MESSAGE_END', other),
        wire('REASONING_END', id),
      ).content,
    ).toEqual([thinking('Hm', 'c2ln'), thinking('Oh', '', { messageId: 'y' })]);
  });

  it('whose signature comes after its end is one more, without words', () => {
    const id = { messageId: 'x_b0' };
    const value = { subtype: 'message', entityId: 'x_b0', encryptedValue: 'c2ln' };
    expect(
      messageOf(
        wire('REASONING_MESSAGE_START', id),
        wire('REASONING_MESSAGE_CONTENT', { ...id, delta: 'Hm' }),
        wire('REASONING_MESSAGE_END', id),
        wire('REASONING_ENCRYPTED_VALUE', value),
      ).content,
    ).toEqual([thinking('Hm'), thinking('', 'c2ln')]);
  });

  it('is read as it was before 1.0, without ids', () => {
    expect(
      messageOf(
        wire('THINKING_START', { title: 'Hm' }),
        wire('THINKING_TEXT_MESSAGE_START'),
        wire('THINKING_TEXT_MESSAGE_CONTENT', { delta: 'One' }),
        wire('THINKING_TEXT_MESSAGE_END'),
        wire('THINKING_TEXT_MESSAGE_START'),
        wire('THINKING_TEXT_MESSAGE_CONTENT', { delta: 'Two' }),
        wire('THINKING_TEXT_MESSAGE_END'),
        wire('THINKING_END'),
      ).content,
    ).toEqual([thinking('One'), thinking('Two')]);
    const older = [wire('THINKING_START'), wire('THINKING_CONTENT', { delta: 'Hm' }), wire('THINKING_END')];
    expect(messageOf(...older, ...older).content).toEqual([thinking('Hm'), thinking('Hm')]);
  });

  it('signs a text or a call right after its start, and nothing else of it', () => {
    const sign = (subtype: string, entityId: string): object =>
      wire('REASONING_ENCRYPTED_VALUE', { subtype, entityId, encryptedValue: 'c2ln' });
    const [begin, ...rest] = call('c', '{}') as [object, ...object[]];
    expect(messageOf(begin, sign('tool-call', 'c'), ...rest).content).toMatchObject([{ signature: 'c2ln' }]);
    const late = decoded(begin, ...rest, sign('tool-call', 'c'));
    expect(late.at(-1)).toMatchObject({ type: 'unknown', name: 'REASONING_ENCRYPTED_VALUE' });
    const [start, ...words] = said('a_b0', 'Hi') as [object, ...object[]];
    expect(messageOf(start, sign('message', 'a_b0'), ...words).content).toEqual([
      text('Hi', { signature: 'c2ln' }),
    ]);
  });
});

describe('what is not of the answer', () => {
  it.each([
    wire('MESSAGES_SNAPSHOT', { messages: [{ id: 'a', role: 'assistant', content: 'Hi' }] }),
    wire('STATE_DELTA', { delta: [{ op: 'add', path: '/a', value: 1 }] }),
    wire('CUSTOM', { name: 'weather', value: 4 }),
    wire('CUSTOM', { name: 'tool_approval', value: { toolCallId: 'nobody', state: 'requested' } }),
    wire('CUSTOM', { name: 'tool_progress', value: 4 }),
    wire('STEP_STARTED', { stepName: 'plan' }),
    wire('TEXT_MESSAGE_START', { messageId: 'u', role: 'user' }),
    wire('TEXT_MESSAGE_CONTENT', { messageId: 'x', delta: 'Mine', subagentRunId: 's' }),
    wire('TOOL_CALL_RESULT', { messageId: 'r', toolCallId: 'of another run', content: 'x' }),
    wire('LATER_EVENT', { n: 1 }),
  ])('passes whole: $type', (event) => {
    expect(decoded(event).at(-1)).toEqual(events.unknown(String(event.type), event));
    expect(messageOf(event, ...said('a_b0', 'Hi'))).toEqual({ content: [text('Hi')], stop: 'end_turn' });
  });

  it('is refused under `unknown: error` only where the protocol does not have it', () => {
    const known = framesOf(STARTED, wire('STEP_STARTED', { stepName: 'plan' }));
    expect(attempted(agUi, known, { unknown: 'error' }).failure).toBeUndefined();
    const later = framesOf(STARTED, wire('LATER_EVENT'));
    expect(attempted(agUi, later, { unknown: 'error' }).failure).toMatchObject({ code: 'malformed' });
  });

  it('is passed over where it changes nothing, and reported', () => {
    const skips: Skip[] = [];
    const [start, , end] = said('a', 'Hi') as [object, object, object];
    eventsOf(agUi, framesOf(STARTED, start, start, end, end, FINISHED, FINISHED), {
      onSkip: (skip) => skips.push(skip),
    });
    expect(skips.map(({ kind }) => kind)).toEqual(['stray', 'stray', 'stray']);
  });
});

describe('calls', () => {
  it('overlap, and are told apart by their ids', () => {
    const [a, b] = [call('a', '{"n":', '1}'), call('b', '{"n":', '2}')];
    const mixed = a.flatMap((event, at) => [event, b[at] ?? {}]);
    expect(messageOf(...mixed).content).toMatchObject([
      { id: 'a', input: { n: 1 } },
      { id: 'b', input: { n: 2 } },
    ]);
  });

  it('may have a text within them', () => {
    const [start, ...rest] = call('a', '{"n":', '1}') as [object, ...object[]];
    expect(messageOf(start, ...said('a_b0', 'Hi'), ...rest).content).toMatchObject([
      { id: 'a', input: { n: 1 } },
      text('Hi'),
    ]);
  });

  it('without an id or a name cost their block, and the answer goes on', () => {
    const nameless = call('a', '{}').map((event) => ({ ...event, toolCallName: null }));
    const idless = call('', '{}');
    const [answer] = answersIn(decoded(...nameless, ...idless, ...call('b', '{}'), FINISHED));
    expect(answer?.calls.map(({ id }) => id)).toEqual(['b']);
  });

  it('that never began, or that have ended, take no piece', () => {
    const [, piece, end] = call('a', '{}') as [object, object, object];
    for (const given of [[piece], [...call('a', '{}'), piece]]) {
      const { failure } = attempted(agUi, framesOf(STARTED, ...given, end));
      expect(failure).toMatchObject({ code: 'protocol' });
    }
  });

  it('end before what becomes of them is told, whenever their end comes', () => {
    const [start, args, end] = call('a', '{"n":1}') as [object, object, object];
    const result = wire('TOOL_CALL_RESULT', { toolCallId: 'a', messageId: 'r', content: '4' });
    const asked = wire('CUSTOM', { name: 'tool_approval', value: { toolCallId: 'a', state: 'requested' } });
    for (const [given, told] of [
      [result, events.toolResult('a', '4')],
      [asked, events.toolApproval('a', 'requested')],
    ] as const)
      expect(decoded(start, args, given, end).slice(2)).toEqual([
        events.inputJsonDelta(0, '{"n":1}'),
        events.blockStop(0),
        told,
      ]);
  });

  it('give parts as they came', () => {
    const content = [{ type: 'text', text: '4 °C' }];
    const result = wire('TOOL_CALL_RESULT', { toolCallId: 'a', messageId: 'r', content });
    expect(decoded(...call('a', '{}'), result).at(-1)).toEqual(events.toolResult('a', content));
  });

  it('keep the id of the message that they belong to', () => {
    const start = wire('TOOL_CALL_START', { toolCallId: 'a', toolCallName: 'f', parentMessageId: 'msg' });
    expect(messageOf(start, wire('TOOL_CALL_END', { toolCallId: 'a' })).content).toMatchObject([
      { id: 'a', parentMessageId: 'msg' },
    ]);
  });
});
