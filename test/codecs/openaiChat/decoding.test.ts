import * as events from '../../../src/events/make.js';
import { answerTo, call, chunk, contentOf, counted, DONE, read, reason, text } from './chunks.js';

const USAGE = { prompt_tokens: 12, completion_tokens: 20, total_tokens: 32 };

describe('a stream of chat completions', () => {
  it('is read event by event', () => {
    const { events: all } = read([
      chunk({ role: 'assistant', content: '' }),
      text('Hel'),
      text('lo'),
      call({ index: 0, id: 'call_a', type: 'function', function: { name: 'get_weather', arguments: '' } }),
      call({ index: 0, function: { arguments: '{"city":' } }),
      call({ index: 0, function: { arguments: '"Oslo"}' } }),
      reason('tool_calls'),
      counted(USAGE),
      DONE,
    ]);
    expect(all).toEqual([
      events.messageStart({ id: 'c1', model: 'm-1' }),
      events.textStart(0),
      events.textDelta(0, 'Hel'),
      events.textDelta(0, 'lo'),
      events.blockStop(0),
      events.toolUseStart(1, 'call_a', 'get_weather'),
      events.inputJsonDelta(1, '{"city":'),
      events.inputJsonDelta(1, '"Oslo"}'),
      events.blockStop(1),
      events.messageDelta('tool_use', { input_tokens: 12, output_tokens: 20 }),
      events.messageStop(),
    ]);
  });

  it('keeps what only some providers say, as fields of the message', () => {
    const { message } = answerTo(
      chunk({ content: 'Hi' }, { provider: 'OpenAI', system_fingerprint: 'fp_1', created: 1_700_000_000 }),
      chunk({ content: '.' }, { citations: ['https://a.example/'], search_results: [{ title: 'A' }] }),
      chunk({}, { service_tier: 'default' }, { finish_reason: 'stop', native_finish_reason: 'completed' }),
    );
    expect(message).toMatchObject({
      provider: 'OpenAI',
      system_fingerprint: 'fp_1',
      created: 1_700_000_000,
      citations: ['https://a.example/'],
      search_results: [{ title: 'A' }],
      service_tier: 'default',
      native_finish_reason: 'completed',
    });
  });

  it('drops padding, probabilities and what a filter let through', () => {
    const harmless = { hate: { filtered: false, severity: 'safe' } };
    const { events: all } = read([
      chunk(
        { content: 'Hi' },
        { obfuscation: 'xY7', moderation: {} },
        { logprobs: { content: [{ token: 'Hi', logprob: -1 }] }, content_filter_results: harmless },
      ),
      reason('stop'),
      DONE,
    ]);
    expect(JSON.stringify(all)).not.toMatch(/obfuscation|moderation|logprob|filter/);
  });
});

describe('a stop reason', () => {
  it.each([
    ['stop', 'end_turn'],
    ['length', 'max_tokens'],
    ['tool_calls', 'tool_use'],
    ['function_call', 'tool_use'],
    ['content_filter', 'refusal'],
    ['insufficient_system_resource', 'insufficient_system_resource'],
  ])('%s is read as %s', (theirs, ours) => {
    expect(answerTo(text('Hi'), reason(theirs)).message?.stop_reason).toBe(ours);
  });

  it.each([
    ['of vLLM', { stop_reason: '###' }],
    ['of SGLang', { matched_stop: '###' }],
  ])('with the sequence that was met, %s, is stop_sequence', (_what, choice) => {
    const { message } = answerTo(text('Hi'), reason('stop', choice));
    expect([message?.stop_reason, message?.stop_sequence]).toEqual(['stop_sequence', '###']);
  });

  it.each([{ stop_reason: 128_009 }, { matched_stop: 2 }])('with a token, %j, is end_turn', (choice) => {
    const { message } = answerTo(text('Hi'), reason('stop', choice));
    expect([message?.stop_reason, message?.stop_sequence]).toEqual(['end_turn', null]);
  });

  it.each(['stop', null, ''])('%j after a call is tool_use', (theirs) => {
    const whole = { index: 0, id: 'a', function: { name: 'f', arguments: '{}' } };
    expect(answerTo(call(whole), reason(theirs)).message?.stop_reason).toBe('tool_use');
  });

  it.each([
    ['length', 'max_tokens'],
    ['content_filter', 'refusal'],
    ['cancelled', 'cancelled'],
  ])('%s after a call is %s', (theirs, ours) => {
    const cut = { index: 0, id: 'a', function: { name: 'f', arguments: '{"q":' } };
    const { message, calls } = answerTo(call(cut), reason(theirs));
    expect(message?.stop_reason).toBe(ours);
    expect(calls).toEqual([]);
  });

  it('of an answer that was cut off leaves no call whole that nobody can tell to be', () => {
    const empty = call({ index: 0, id: 'a', function: { name: 'f', arguments: '' } });
    const custom = call({ index: 1, id: 'b', type: 'custom', custom: { name: 'g', input: 'print(' } });
    expect(answerTo(empty, custom, reason('length')).calls).toEqual([]);
    expect(answerTo(empty, custom, reason('tool_calls')).calls).toHaveLength(2);
  });

  it('that never came is null where the stream is done', () => {
    expect(answerTo(text('Hi')).message?.stop_reason).toBeNull();
  });
});

describe('usage', () => {
  const cached = {
    prompt_tokens: 100,
    completion_tokens: 20,
    total_tokens: 120,
    prompt_tokens_details: { cached_tokens: 60, cache_write_tokens: 10, audio_tokens: 3 },
    completion_tokens_details: { reasoning_tokens: 7 },
  };

  it('leaves the cache out of the input, and is there as it came too', () => {
    const { message } = answerTo(text('Hi'), reason('stop'), counted(cached));
    expect(message?.usage).toMatchObject({
      input_tokens: 30,
      cache_read_input_tokens: 60,
      cache_creation_input_tokens: 10,
      output_tokens: 20,
      output_tokens_details: { thinking_tokens: 7 },
    });
    expect(message?.usage_details).toEqual(cached);
  });

  it('is there as it came only where that says more', () => {
    const nulls = { ...USAGE, cost: null, prompt_tokens_details: { cached_tokens: 0, audio_tokens: null } };
    for (const usage of [USAGE, nulls]) {
      expect(answerTo(text('Hi'), reason('stop'), counted(usage)).message).not.toHaveProperty(
        'usage_details',
      );
    }
    const cost = { ...USAGE, cost: 0.01 };
    expect(answerTo(text('Hi'), reason('stop'), counted(cost)).message?.usage_details).toEqual(cost);
  });

  it('has no less than no input, whatever the cache served', () => {
    const usage = { prompt_tokens: 5, completion_tokens: 1, prompt_tokens_details: { cached_tokens: 9 } };
    expect(answerTo(text('Hi'), reason('stop'), counted(usage)).message?.usage).toMatchObject({
      input_tokens: 0,
      cache_read_input_tokens: 9,
    });
  });

  it('counts the reasoning that a provider leaves out of its output', () => {
    const usage = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 115 };
    expect(answerTo(text('Hi'), reason('stop'), counted(usage)).message?.usage.output_tokens).toBe(105);
  });

  it.each([
    ['less than the two', { prompt_tokens: 10, completion_tokens: 5, total_tokens: 3 }],
    ['absent', { prompt_tokens: 10, completion_tokens: 5 }],
    ['null', { prompt_tokens: 10, completion_tokens: 5, total_tokens: null }],
  ])('is what it says of both where the total is %s', (_what, usage) => {
    const { message } = answerTo(text('Hi'), reason('stop'), counted(usage));
    expect(message?.usage).toMatchObject({ input_tokens: 10, output_tokens: 5 });
  });

  it.each<[string, readonly object[]]>([
    ['on a chunk without choices', [text('Hi'), reason('stop'), counted(USAGE)]],
    ['on the chunk of the reason', [text('Hi'), chunk({}, { usage: USAGE }, { finish_reason: 'stop' })]],
    [
      'on a choice after the reason, which it repeats',
      [
        text('Hi'),
        reason('stop'),
        chunk({ role: 'assistant', content: '' }, { usage: USAGE }, { finish_reason: 'stop' }),
      ],
    ],
    [
      'on a choice after the reason, without one',
      [text('Hi'), reason('stop'), chunk({ role: 'assistant', content: '' }, { usage: USAGE })],
    ],
    ['before the reason', [chunk({ content: 'Hi' }, { usage: USAGE }), reason('stop')]],
    ['in x_groq', [text('Hi'), chunk({}, { x_groq: { usage: USAGE } }, { finish_reason: 'stop' })]],
    ['in a choice', [text('Hi'), reason('stop', { usage: USAGE })]],
    [
      'with every chunk, ever more of it',
      [
        chunk({ content: 'H' }, { usage: { prompt_tokens: 12, completion_tokens: 1, total_tokens: 13 } }),
        chunk({ content: 'i' }, { usage: USAGE }),
        reason('stop'),
      ],
    ],
    [
      'before others that say nothing',
      [text('Hi'), counted(USAGE), reason('stop'), counted({}), chunk({}, { usage: null })],
    ],
    [
      'before one of zeros',
      [
        text('Hi'),
        reason('stop'),
        counted(USAGE),
        counted({ prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 }),
      ],
    ],
  ])('is found %s', (_what, sent) => {
    const { message } = answerTo(...sent);
    expect(message?.usage).toMatchObject({ input_tokens: 12, output_tokens: 20 });
    expect(message?.content).toHaveLength(1);
    expect(message?.stop_reason).toBe('end_turn');
  });

  it('is nothing where nobody counted', () => {
    const { message } = answerTo(text('Hi'), reason('stop'));
    expect(message?.usage).toMatchObject({ input_tokens: 0, output_tokens: 0 });
  });
});

describe('an answer', () => {
  it('ends at [DONE], whether or not a reason came', () => {
    for (const sent of [[text('Hi'), reason('stop')], [text('Hi')]]) {
      expect(answerTo(...sent).text).toBe('Hi');
    }
  });

  it('ends with its stream after a reason, and is cut off without one', () => {
    expect(read([text('Hi'), reason('stop')]).answers).toHaveLength(1);
    expect(read([text('Hi'), counted(USAGE)]).answers).toEqual([]);
    // SGLang says an empty one with every chunk.
    expect(read([text('Hi'), reason('')]).answers).toEqual([]);
    expect(read([]).events).toEqual([]);
  });

  it('is none where [DONE] is all there is', () => {
    const { events: all, skips } = read([DONE]);
    expect(all).toEqual([]);
    expect(skips.map(({ kind }) => kind)).toEqual(['stray']);
  });

  it('goes on after its reason', () => {
    expect(answerTo(text('Hel'), reason('stop'), text('lo'), counted(USAGE)).text).toBe('Hello');
  });

  it('is the same, whatever id its chunks have before the reason', () => {
    const answer = answerTo(
      chunk({ content: 'H' }, { id: 'a' }),
      chunk({ content: 'i' }, { id: 'b' }),
      chunk({}, { id: 'stub' }, { finish_reason: 'stop' }),
      { ...counted(USAGE), id: 'd' },
    );
    expect([answer.text, answer.message?.id, answer.message?.usage.input_tokens]).toEqual(['Hi', 'a', 12]);
  });

  it('is the next one where content comes under another id after a reason', () => {
    const { answers } = read([
      chunk({ content: 'One' }, { id: 'a' }),
      chunk({}, { id: 'a' }, { finish_reason: 'stop' }),
      chunk({ content: 'Two' }, { id: 'b' }),
      chunk({}, { id: 'b' }, { finish_reason: 'length' }),
      DONE,
    ]);
    expect(answers.map(({ message, text: said }) => [message?.id, said, message?.stop_reason])).toEqual([
      ['a', 'One', 'end_turn'],
      ['b', 'Two', 'max_tokens'],
    ]);
  });

  it('has nothing after its end', () => {
    const {
      answers,
      events: all,
      skips,
    } = read([text('Hi'), reason('stop'), DONE, text('!'), counted(USAGE), DONE]);
    expect(answers.map((answer) => answer.text)).toEqual(['Hi']);
    expect(all.at(-1)).toEqual(events.messageStop());
    expect(skips.map(({ kind }) => kind)).toEqual(['stray', 'stray', 'stray']);
  });

  it('begins with the first chunk that says anything', () => {
    const empty = { id: '', model: '', object: '', choices: [], prompt_filter_results: [] };
    expect(read([empty]).events).toEqual([]);
    expect(read([counted(USAGE)]).events.map(({ type }) => type)).toEqual(['message_start']);
    expect(read([{ ...empty, id: 'c1' }]).events.map(({ type }) => type)).toEqual(['message_start']);
  });

  it.each<[string, object]>([
    ['no choices', { id: 'c1', object: 'chat.completion.chunk' }],
    ['empty choices', { id: 'c1', object: 'chat.completion.chunk', choices: [] }],
    ['choices that are null', { id: 'c1', object: 'chat.completion.chunk', choices: null }],
    ['a choice without a delta', { id: 'c1', choices: [{ index: 0, finish_reason: null }] }],
    ['a delta that is null', { id: 'c1', choices: [{ index: 0, delta: null }] }],
    ['nulls everywhere', chunk({ role: null, content: null, refusal: null, tool_calls: null, audio: null })],
    [
      'empty texts everywhere',
      chunk({ content: '', refusal: '', reasoning: '', tool_calls: [] }, { usage: '' }),
    ],
  ])('holds %s anywhere', (_what, odd) => {
    const sent = [text('Hel'), text('lo'), reason('stop'), counted(USAGE)];
    for (let at = 0; at <= sent.length; at++) {
      const answer = answerTo(...sent.slice(0, at), odd, ...sent.slice(at));
      expect(contentOf(answer)).toEqual([{ type: 'text', text: 'Hello' }]);
      expect(answer.message?.usage.output_tokens).toBe(20);
    }
  });
});

describe('a refusal', () => {
  it('is the text, and the reason', () => {
    const { message, text: said } = answerTo(
      chunk({ role: 'assistant', content: null, refusal: '' }),
      chunk({ refusal: 'I cannot' }),
      chunk({ refusal: ' do that.' }),
      reason('stop'),
    );
    expect(said).toBe('I cannot do that.');
    expect(message).toMatchObject({
      stop_reason: 'refusal',
      stop_details: { type: 'refusal', category: null, explanation: 'I cannot do that.' },
    });
  });
});

describe('of several choices', () => {
  const other = {
    index: 1,
    delta: { tool_calls: [{ index: 0, id: 'b', function: { name: 'g', arguments: '{}' } }] },
  };

  it.each([0, null, undefined])(
    'the first is the message, and chunks of the others pass, with their calls: %s',
    (index) => {
      const both = { ...chunk(null), choices: [{ index, delta: { content: 'One' } }, other] };
      const alone = { ...both, choices: [{ index: 1, delta: {}, finish_reason: 'tool_calls' }] };
      const { answers, events: all } = read([
        both,
        alone,
        call({ index: 0, id: 'a', function: { name: 'f', arguments: '{}' } }),
        reason('tool_calls'),
        DONE,
      ]);
      expect(answers.map((answer) => [answer.text, answer.calls.map(({ id }) => id)])).toEqual([
        ['One', ['a']],
      ]);
      expect(all.filter(({ type }) => type === 'unknown')).toEqual([
        events.unknown('choice', { ...both, choices: [other] }),
        events.unknown('choice', alone),
      ]);
    },
  );

  it('one before any of the first begins no message', () => {
    const alone = { id: 'c1', choices: [other] };
    expect(read([alone]).events).toEqual([events.unknown('choice', alone)]);
  });
});

describe('what is of another kind', () => {
  it('passes by its name: of the frame, of its object or of its type', () => {
    const run = { id: 'run_1', object: 'thread.run', usage: { prompt_tokens: 1 } };
    const { events: all } = read([
      { event: 'thread.run.completed', data: JSON.stringify(run) },
      { object: 'thing', type: 'other', n: 1 },
      { type: 'message_delta', usage: { output_tokens: 1 } },
    ]);
    expect(all).toEqual([
      events.unknown('thread.run.completed', run),
      events.unknown('thing', { object: 'thing', type: 'other', n: 1 }),
      events.unknown('message_delta', { type: 'message_delta', usage: { output_tokens: 1 } }),
    ]);
  });
});
