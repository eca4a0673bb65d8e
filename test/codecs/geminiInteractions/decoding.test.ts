import * as events from '../../../src/events/make.js';
import type { StreamEvent } from '../../../src/events/event.js';
import { geminiInteractions } from '../../../src/gemini.js';
import type { DecodeOptions } from '../../../src/codecs/policed.js';
import { answersIn, type Answer } from '../conformance/answerIn.js';
import { attempted, eventsOf } from '../conformance/spelling.js';
import { flaws } from '../conformance/wellFormed.js';

const CREATED = {
  event_type: 'interaction.created',
  interaction: { id: 'v1_a', status: 'in_progress', object: 'interaction', model: 'm-1' },
};

const USAGE = {
  total_tokens: 20,
  total_input_tokens: 9,
  total_cached_tokens: 2,
  total_output_tokens: 5,
  total_thought_tokens: 4,
  total_tool_use_tokens: 2,
};

function completed(status = 'completed', rest: object = {}): object {
  return { event_type: 'interaction.completed', interaction: { id: 'v1_a', status, ...rest } };
}

/** A step of these deltas, from its start to its stop. */
function step(index: number, of: object, ...deltas: readonly object[]): readonly object[] {
  return [
    { event_type: 'step.start', index, step: of },
    ...deltas.map((delta) => ({ event_type: 'step.delta', index, delta })),
    { event_type: 'step.stop', index },
  ];
}

const HI = step(0, { type: 'model_output' }, { type: 'text', text: 'H' }, { type: 'text', text: 'i' });

function read(values: readonly object[], options?: DecodeOptions): readonly StreamEvent[] {
  return eventsOf(
    geminiInteractions,
    values.map((value) => ({ data: JSON.stringify(value) })),
    options,
  );
}

function answerOf(values: readonly object[], options?: DecodeOptions): Answer {
  const decoded = read(values, options);
  expect(flaws(decoded)).toEqual([]);
  const [answer, ...others] = answersIn(decoded);
  if (answer === undefined || others.length > 0) throw new Error(`There are ${others.length} more answers`);
  return answer;
}

describe('an interaction', () => {
  it('is a message, and each step a block', () => {
    expect(
      read([
        CREATED,
        { event_type: 'interaction.status_update', interaction_id: 'v1_a', status: 'in_progress' },
        ...step(0, { type: 'thought' }, { type: 'thought_signature', signature: 'c2ln' }),
        ...step(1, { type: 'model_output' }, { type: 'text', text: 'Hi' }),
        completed('completed', { usage: USAGE }),
      ]),
    ).toEqual([
      events.messageStart({ id: 'v1_a', model: 'm-1' }),
      events.thinkingStart(0),
      events.signatureDelta(0, 'c2ln'),
      events.blockStop(0),
      events.textStart(1),
      events.textDelta(1, 'Hi'),
      events.blockStop(1),
      {
        ...events.messageDelta('end_turn', {
          input_tokens: 9,
          output_tokens: 9,
          cache_read_input_tokens: 2,
          output_tokens_details: { thinking_tokens: 4 },
        }),
        usage_details: USAGE,
      },
      events.messageStop(),
    ]);
  });

  it.each([
    ['completed', 'end_turn'],
    ['requires_action', 'tool_use'],
    ...['incomplete', 'budget_exceeded', 'cancelled', 'requires_continuation'].map((status) => [
      status,
      status,
    ]),
  ])('that is %s ends with %s', (status, reason) => {
    expect(answerOf([CREATED, ...HI, completed(status)])).toMatchObject({
      text: 'Hi',
      message: { stop_reason: reason },
    });
  });

  it('that failed is an error, with the usage before it', () => {
    const decoded = read([CREATED, ...HI.slice(0, 2), completed('failed', { usage: USAGE })]);
    expect(decoded.slice(-3)).toMatchObject([
      { type: 'block_abort' },
      { type: 'message_delta', usage: { output_tokens: 9 } },
      { type: 'error', error: { type: 'api_error', message: 'The interaction failed' } },
    ]);
  });

  it('is truncated without its end, and nothing comes after that', () => {
    expect(read([CREATED, ...HI]).at(-1)).toEqual(events.blockStop(0));
    const failure = {
      event_type: 'error',
      error: { code: 'unavailable', message: 'Overloaded' },
      event_id: 'e',
    };
    expect(read([CREATED, failure, failure, ...HI, completed()]).slice(1)).toEqual([
      events.error('unavailable', 'Overloaded'),
    ]);
    expect(read([CREATED, ...HI, completed(), ...HI, completed()])).toEqual(
      read([CREATED, ...HI, completed()]),
    );
  });

  it('has the usage that its steps say where its end says none, and else that of its end', () => {
    const stop = { event_type: 'step.stop', index: 0, usage: USAGE, step_usage: { total_tokens: 1 } };
    const values = [CREATED, ...HI.slice(0, -1), stop];
    const counted = { input_tokens: 9, output_tokens: 9, cache_read_input_tokens: 2 };
    expect(answerOf([...values, completed()]).message?.usage).toMatchObject(counted);
    const usage = { ...USAGE, total_output_tokens: 6, total_tokens: 21 };
    expect(answerOf([...values, completed('completed', { usage })]).message?.usage).toMatchObject({
      ...counted,
      output_tokens: 10,
    });
  });

  it('may be joined in the middle', () => {
    const [, ...deltas] = HI;
    expect(answerOf([...deltas, completed('completed', { model: 'm-1' })])).toMatchObject({ text: 'Hi' });
  });

  it('may be told at its end alone', () => {
    const steps = [
      { type: 'thought', summary: [{ type: 'text', text: 'Hm' }], signature: 'c2ln' },
      {
        type: 'model_output',
        content: [{ type: 'text', text: 'Hi', annotations: [{ type: 'url_citation', url: 'u' }] }],
      },
      { type: 'function_call', id: 'a', name: 'f', arguments: { q: 1 } },
    ];
    expect(answerOf([CREATED, completed('completed', { steps })])).toMatchObject({
      calls: [{ id: 'a', name: 'f', input: { q: 1 } }],
      message: {
        stop_reason: 'tool_use',
        content: [
          { thinking: 'Hm', signature: 'c2ln' },
          { text: 'Hi', citations: [{ url: 'u' }] },
          { type: 'tool_use' },
        ],
      },
    });
    // What was streamed is not told twice.
    expect(answerOf([CREATED, ...HI, completed('completed', { steps })])).toMatchObject({
      text: 'Hi',
      calls: [],
    });
  });

  it('that begins again is told anew, and another one is not mixed with it', () => {
    const decoded = read([CREATED, CREATED, ...HI, CREATED, ...HI, completed()]);
    expect(decoded.filter(({ type }) => type === 'reset')).toHaveLength(1);
    expect(answersIn(decoded)).toMatchObject([{ text: 'Hi' }]);
    const other = { ...CREATED, interaction: { id: 'v1_b' } };
    expect(answersIn(read([CREATED, ...HI, completed(), other, ...HI, completed()]))).toHaveLength(2);
    const frames = [CREATED, ...HI, other].map((value) => ({ data: JSON.stringify(value) }));
    expect(attempted(geminiInteractions, frames).failure).toMatchObject({
      code: 'protocol',
      message: 'An interaction began before the one before it had ended',
    });
  });

  it('is answered by an agent, where no model is named', () => {
    const interaction = { id: 'v1_a', agent: 'deep-research', model: '' };
    expect(answerOf([{ event_type: 'interaction.created', interaction }, completed()]).message?.model).toBe(
      'deep-research',
    );
  });
});

describe('a step', () => {
  it('of thinking has its summary', () => {
    const summary = { type: 'thought_summary', content: { type: 'text', text: 'Hm' } };
    const [block] =
      answerOf([CREATED, ...step(0, { type: 'thought' }, summary), completed()]).message?.content ?? [];
    expect(block).toEqual({ type: 'thinking', thinking: 'Hm', signature: '' });
    const [empty] =
      answerOf([CREATED, ...step(0, { type: 'thought', signature: 'c2ln' }), completed()]).message?.content ??
      [];
    expect(empty).toEqual({ type: 'thinking', thinking: '', signature: 'c2ln' });
    const picture = { type: 'thought_summary', content: { type: 'image', data: 'AAAA' } };
    expect(
      read([CREATED, ...step(0, { type: 'thought' }, picture)]).filter(({ type }) => type === 'unknown'),
    ).toHaveLength(1);
  });

  it('of a call grows by its arguments', () => {
    const call = step(
      0,
      { type: 'function_call', id: 'a', name: 'book', arguments: {}, signature: 'c2ln' },
      { type: 'arguments_delta', arguments: '{"to":' },
      { type: 'arguments_delta', arguments: '"Oslo"}' },
    );
    const { calls, message } = answerOf([CREATED, ...call, completed()]);
    expect(calls).toEqual([{ id: 'a', name: 'book', input: { to: 'Oslo' } }]);
    expect(message).toMatchObject({ stop_reason: 'tool_use', content: [{ signature: 'c2ln' }] });
    const whole = step(0, { type: 'function_call', id: 'a', name: 'book', arguments: { to: 'Oslo' } });
    expect(answerOf([CREATED, ...whole, completed('requires_action')]).calls).toEqual(calls);
  });

  it('of a call that was answered in the interaction asks for nothing', () => {
    const call = step(0, { type: 'function_call', id: 'a', name: 'f', arguments: {} });
    const result = step(1, { type: 'function_result', call_id: 'a', result: '4' });
    expect(answerOf([CREATED, ...call, ...result, completed()]).message).toMatchObject({
      stop_reason: 'end_turn',
      content: [{ type: 'tool_use' }, { type: 'function_result', call_id: 'a', result: '4' }],
    });
  });

  it.each<[string, readonly object[]]>([
    ['without its stop', step(0, { type: 'function_call', id: 'a', name: 'f' }).slice(0, 1)],
    ['without its start', step(0, {}, { type: 'arguments_delta', arguments: '{}' }).slice(1)],
    ['without a name', step(0, { type: 'function_call', id: 'a' })],
  ])('of a call %s is given up', (_, values) => {
    const { calls, message } = answerOf([CREATED, ...values, completed('incomplete')]);
    expect({ calls, content: message?.content.length }).toEqual({ calls: [], content: 1 });
  });

  it('of a tool that the API runs is a block, whole where it ends', () => {
    const values = [
      ...step(
        0,
        { id: 't', signature: '', type: 'google_search_call' },
        { type: 'google_search_call', arguments: { queries: ['a'] } },
      ),
      ...step(
        1,
        { call_id: 't', type: 'google_search_result' },
        { type: 'google_search_result', result: [{}] },
      ),
      ...step(2, { type: 'url_context_call', id: 'u', arguments: { urls: [] } }),
    ];
    const { message } = answerOf([CREATED, ...values, completed()]);
    expect(message).toMatchObject({ stop_reason: 'end_turn' });
    expect(message?.content).toEqual([
      { id: 't', signature: '', type: 'google_search_call', arguments: { queries: ['a'] } },
      { call_id: 't', type: 'google_search_result', result: [{}] },
      { type: 'url_context_call', id: 'u', arguments: { urls: [] } },
    ]);
    expect(read([CREATED, ...values.slice(0, 2)])).toHaveLength(1);
  });

  it('of a tool that may have lost something is left out', () => {
    const [start = {}, , stop = {}] = step(0, { type: 'google_search_call', id: 't' }, {});
    const lost = { event_type: 'step.delta', index: 0 };
    expect(
      answerOf([CREATED, start, lost, stop, completed()], { malformed: 'skip' }).message?.content,
    ).toEqual([]);
  });

  it('may hold several texts and media', () => {
    const values = step(
      0,
      {
        type: 'model_output',
        content: [{ type: 'text', text: 'A' }, { type: 'text', text: 'B' }, { type: 'chart' }],
      },
      { type: 'text', text: 'C' },
      { type: 'image', data: 'AAAA', mime_type: 'image/png' },
      { type: 'document', uri: 'https://a.test/a.pdf', mime_type: 'application/pdf' },
      { type: 'audio', data: 'AAAA', rate: 24_000 },
      { type: 'text', text: 'D' },
    );
    const { message, text } = answerOf([CREATED, ...values, completed()]);
    expect(text).toBe('ABCD');
    expect(message?.content).toEqual([
      { type: 'text', text: 'A', citations: null },
      { type: 'text', text: 'BC', citations: null },
      { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } },
      {
        type: 'document',
        source: { type: 'url', url: 'https://a.test/a.pdf', media_type: 'application/pdf' },
      },
      { type: 'audio', data: 'AAAA', rate: 24_000 },
      { type: 'text', text: 'D', citations: null },
    ]);
  });

  it('is cited as it came', () => {
    const annotation = {
      type: 'url_citation',
      url: 'https://a.test',
      title: 'A',
      start_index: 0,
      end_index: 2,
    };
    const cite = { type: 'text_annotation_delta', annotations: [annotation] };
    const [text] =
      answerOf([
        CREATED,
        ...step(0, { type: 'model_output' }, { type: 'text', text: 'Hi' }, cite),
        completed(),
      ]).message?.content ?? [];
    expect(text).toMatchObject({ text: 'Hi', citations: [annotation] });
  });

  it('of a kind that is not the answer, and a delta that nobody knows, pass as they came', () => {
    const input = { event_type: 'step.start', index: 0, step: { type: 'user_input' } };
    const delta = { event_type: 'step.delta', index: 1, delta: { type: 'hologram' } };
    const decoded = read([CREATED, input, { event_type: 'step.stop', index: 0 }, delta]);
    expect(decoded.slice(1)).toEqual([
      events.unknown('user_input', input),
      events.unknown('hologram', delta),
    ]);
  });

  it('cannot begin twice, or grow after its end', () => {
    const [start = {}, delta = {}] = HI;
    for (const values of [
      [CREATED, start, start],
      [CREATED, ...HI, delta],
    ]) {
      const frames = values.map((value) => ({ data: JSON.stringify(value) }));
      expect(attempted(geminiInteractions, frames).failure).toMatchObject({ code: 'protocol' });
    }
  });
});
