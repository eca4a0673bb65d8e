import { lastValueFrom } from 'rxjs';
import { claudeCode } from '../../../src/claude-code.js';
import { ClaudeCodeDecoder } from '../../../src/codecs/claudeCode/decoder.js';
import { MessageWriter } from '../../../src/codecs/kit/messageWriter.js';
import type { Skip } from '../../../src/codecs/skip.js';
import type { AnyContentBlock } from '../../../src/events/block.js';
import type { StreamEvent } from '../../../src/events/event.js';
import * as events from '../../../src/events/make.js';
import { untilTerminal } from '../../../src/operators/untilTerminal.js';
import { fromBytes } from '../../../src/sources/fromBytes.js';
import { isThorough } from '../../thorough.js';
import { flaws } from '../conformance/wellFormed.js';
import { assistant, read, readWith, result, resultOf, streamed, user } from './lines.js';

const INIT = { type: 'system', subtype: 'init', session_id: 's1', model: 'm-1', tools: ['Task'] };
const INITIAL = events.unknown('system/init', INIT);

/** A message that says a text, and ends for a reason. */
function saying(id: string, text: string): StreamEvent[] {
  return [
    events.messageStart({ id, model: 'm-1' }),
    events.textStart(0),
    events.textDelta(0, text),
    events.blockStop(0),
    events.messageDelta('end_turn', { output_tokens: 5 }),
    events.messageStop(),
  ];
}

/** A message that calls tools by these ids. */
function calling(id: string, ...calls: readonly string[]): StreamEvent[] {
  return [
    events.messageStart({ id, model: 'm-1' }),
    ...calls.flatMap((call, index) => [
      events.toolUseStart(index, call, 'Task'),
      events.inputJsonDelta(index, '{"n":1}'),
      events.blockStop(index),
    ]),
    events.messageDelta('tool_use', { output_tokens: 5 }),
    events.messageStop(),
  ];
}

function lines(sequence: readonly StreamEvent[], lane: string | null = null): object[] {
  return sequence.map((event) => streamed(event, lane));
}

function inLane(sequence: readonly StreamEvent[], lane: string): StreamEvent[] {
  return sequence.map((event) => ({ ...event, lane }));
}

function laneOf(found: readonly StreamEvent[], lane: string | undefined): StreamEvent[] {
  return found.filter((event) => event.lane === lane);
}

describe('a turn', () => {
  it('is one message where nothing is called', () => {
    expect(read(...lines(saying('a', 'Hi')), result())).toEqual(saying('a', 'Hi'));
  });

  it('is several messages, and what a call gave stands in the one that called', () => {
    const first = calling('a', 'toolu_1');
    const given = events.toolResult('toolu_1', '4', false);
    const found = read(
      ...lines(first),
      user([resultOf('toolu_1', '4', { is_error: false })]),
      ...lines(saying('b', 'It is 4.')),
      result(),
    );
    expect(found).toEqual([...first.slice(0, -2), given, ...first.slice(-2), ...saying('b', 'It is 4.')]);
    expect(flaws(found)).toEqual([]);
  });

  it('begins with what the session says, which its messages do not', () => {
    const [unknown, start] = read(INIT, streamed(events.messageStart({ id: 'a' })));
    expect(unknown).toEqual(INITIAL);
    expect(start).toMatchObject({ message: { id: 'a', model: 'm-1', session_id: 's1' } });
  });

  it('says at its end what it cost', () => {
    const costs = {
      usage: { input_tokens: 9 },
      modelUsage: { 'm-1': { costUSD: 0.01 } },
      total_cost_usd: 0.01,
      permission_denials: [],
    };
    const end = read(...lines(saying('a', 'Hi')), result(costs)).at(-2);
    expect(end).toMatchObject({ type: 'message_delta', usage_details: costs });
  });

  it('that the program answers by itself is the text of its result', () => {
    const found = read(INIT, result({ result: 'Total cost: $0', stop_reason: 'end_turn' }));
    expect(found.map(({ type }) => type)).toEqual([
      'unknown',
      'message_start',
      'content_block_start',
      'content_block_delta',
      'content_block_stop',
      'message_delta',
      'message_stop',
    ]);
    expect(found).toContainEqual(events.textDelta(0, 'Total cost: $0'));
  });

  it('is truncated where its result is missing, whatever had stopped', async () => {
    const text = lines(saying('a', 'Hi')).map((line) => `${JSON.stringify(line)}\n`);
    const stream = fromBytes(text, { codec: claudeCode }).pipe(untilTerminal());
    await expect(lastValueFrom(stream)).rejects.toMatchObject({ code: 'truncated' });
  });

  it('follows another on the same stream', () => {
    const turns = ['a', 'b'].flatMap((id) => [...lines(saying(id, 'Hi')), result()]);
    expect(read(...turns)).toEqual([...saying('a', 'Hi'), ...saying('b', 'Hi')]);
  });

  it.each([
    ['error_max_turns', {}, 'error_max_turns', 'The turn ended with error_max_turns'],
    [
      'error_max_budget_usd',
      { is_error: false },
      'error_max_budget_usd',
      'The turn ended with error_max_budget_usd',
    ],
    ['error_during_execution', { errors: ['Lost', 'the way'] }, 'error_during_execution', 'Lost\nthe way'],
    ['success', { is_error: true, result: 'API Error: 529' }, 'api_error', 'API Error: 529'],
  ])('fails where its result says so: %s', (subtype, more, type, message) => {
    const [first, ...others] = read(
      ...lines(calling('a', 'toolu_1')),
      result({ is_error: true, subtype, ...more }),
    );
    expect(first).toMatchObject({ type: 'message_start' });
    expect(others.slice(-2)).toEqual([
      events.messageDelta('tool_use', { output_tokens: 5 }),
      events.error(type, message),
    ]);
    expect(others.map((event) => event.type)).not.toContain('message_stop');
  });

  it('that failed fails once, however its result ends it', () => {
    const begun = lines(saying('a', 'Hi').slice(0, 3));
    const ends = [
      result({ is_error: true, subtype: 'error_during_execution', errors: ['Busy'] }),
      result({ is_error: true, result: 'API Error: Busy' }),
      result({ result: 'Hi' }),
      result(),
    ];
    for (const failure of [streamed(events.error('overloaded_error', 'Busy')), { error: 'Busy' }])
      for (const end of ends) {
        const late = streamed(events.ping(), 'toolu_1');
        const all = read(...begun, failure, late, end, ...lines(saying('b', 'Ho')), result());
        const found = laneOf(all, undefined);
        expect(found.map(({ type }) => type).slice(3, 6)).toEqual(['block_abort', 'error', 'message_start']);
        expect(found.slice(5)).toEqual(saying('b', 'Ho'));
      }
    // Of the next turn that may be all there is.
    const next = [streamed(events.error('overloaded_error', 'Busy')), ends[0] as object];
    expect(read(...begun, ...next, ...next).slice(-2)).toEqual([
      events.error('overloaded_error', 'Busy'),
      events.error('overloaded_error', 'Busy'),
    ]);
    // A turn that goes on after a failure ends as its result says.
    const again = lines(saying('b', 'Ho'));
    const found = read(
      ...begun,
      streamed(events.error('overloaded_error', 'Busy')),
      ...again,
      ends[0] as object,
    );
    expect(found.at(-1)).toEqual(events.error('error_during_execution', 'Busy'));
  });

  it('of which nothing came before its result is passed over', () => {
    const skips: Skip[] = [];
    expect(readWith({ onSkip: (skip) => skips.push(skip) }, result())).toEqual([]);
    expect(skips).toMatchObject([{ kind: 'stray' }]);
  });
});

describe('sub-agents', () => {
  it('answer side by side, each in a lane of its own', () => {
    const [one, other] = [saying('x', 'One'), saying('y', 'Other')];
    const mixed = one.flatMap((event, at) => [
      streamed(event, 'toolu_1'),
      streamed(other[at] as StreamEvent, 'toolu_2'),
    ]);
    const first = calling('a', 'toolu_1', 'toolu_2');
    const found = read(
      ...lines(first),
      user('Look at the one', 'toolu_1'),
      ...mixed,
      user([resultOf('toolu_2', 'Other')]),
      user([resultOf('toolu_1', 'One')]),
      ...lines(saying('b', 'Both')),
      result(),
    );
    const prompt = events.unknown('user', user('Look at the one', 'toolu_1'));
    expect(laneOf(found, 'toolu_1')).toEqual(inLane([prompt, ...one], 'toolu_1'));
    expect(laneOf(found, 'toolu_2')).toEqual(inLane(other, 'toolu_2'));
    expect(laneOf(found, undefined)).toEqual([
      ...first.slice(0, -2),
      events.toolResult('toolu_2', 'Other'),
      events.toolResult('toolu_1', 'One'),
      ...first.slice(-2),
      ...saying('b', 'Both'),
    ]);
  });

  it('end with the result of the call that started them, before it', () => {
    const found = read(
      ...lines(calling('a', 'toolu_1')),
      ...lines(saying('x', 'One'), 'toolu_1'),
      user([resultOf('toolu_1', 'One')]),
    );
    const end = found.findIndex(({ type, lane }) => type === 'message_stop' && lane === 'toolu_1');
    expect(found[end + 1]).toEqual(events.toolResult('toolu_1', 'One'));
  });

  it('have calls and results of their own', () => {
    const found = read(
      ...lines(calling('x', 'toolu_9'), 'toolu_1'),
      user([resultOf('toolu_9', 'found', { is_error: true })], 'toolu_1'),
      ...lines(saying('y', 'Done'), 'toolu_1'),
    );
    const given = { ...events.toolResult('toolu_9', 'found', true), lane: 'toolu_1' };
    expect(found).toContainEqual(given);
    expect(laneOf(found, undefined)).toEqual([]);
  });

  it('may fail without the turn', () => {
    const found = read(
      ...lines(calling('a', 'toolu_1')),
      ...lines(saying('x', 'One').slice(0, 3), 'toolu_1'),
      streamed(events.error('overloaded_error', 'Too many'), 'toolu_1'),
      user([resultOf('toolu_1', 'It failed', { is_error: true })]),
      ...lines(saying('b', 'No answer')),
      result(),
    );
    expect(laneOf(found, 'toolu_1').slice(-2)).toEqual(
      inLane([events.blockAbort(0, 'Too many'), events.error('overloaded_error', 'Too many')], 'toolu_1'),
    );
    expect(laneOf(found, undefined).at(-1)).toEqual(events.messageStop());
  });
});

describe('of a session with thousands of sub-agents', () => {
  const MANY = isThorough ? 10_000 : 1_000;

  /** A decoder that has read these lines. */
  function after(...given: readonly object[]): ClaudeCodeDecoder {
    const decoder = new ClaudeCodeDecoder();
    for (const line of given) decoder.next({ data: JSON.stringify(line) });
    return decoder;
  }

  /** Of how many agents something is kept, the main agent included: each is told of a piece that was lost. */
  function kept(decoder: ClaudeCodeDecoder): number {
    const lost = vi.spyOn(MessageWriter.prototype, 'lose');
    try {
      decoder.lose({ data: '{' }, 'lost');
      return lost.mock.calls.length;
    } finally {
      lost.mockRestore();
    }
  }

  /** A sub-agent that says something, and the result of the call that started it. */
  const done = (call: string): readonly object[] => [
    ...lines(saying(`m_${call}`, 'Found'), call),
    user([resultOf(call, 'Found')]),
  ];

  it('nothing is kept of one that is over', () => {
    const decoder = after(
      ...lines(calling('a', 'toolu_0')),
      ...lines(saying('x', 'Hm').slice(0, 3), 'toolu_0'),
    );
    expect(kept(decoder)).toBe(2);
    for (let at = 1; at <= MANY; at++)
      for (const line of done(`toolu_${at}`)) decoder.next({ data: JSON.stringify(line) });
    expect(kept(decoder)).toBe(2);
    decoder.next({ data: JSON.stringify(user([resultOf('toolu_0', 'Hm')])) });
    expect(kept(decoder)).toBe(1);
  });

  it('nothing is kept of any behind the end of the turn', () => {
    const running = Array.from({ length: 20 }, (_, at) =>
      lines(saying(`m_${at}`, 'Hm').slice(0, 3), `toolu_${at}`),
    );
    const decoder = after(...lines(calling('a', 'toolu_0')), ...running.flat());
    expect(kept(decoder)).toBe(21);
    decoder.next({ data: JSON.stringify(result()) });
    expect(kept(decoder)).toBe(1);
  });

  it('one that failed is over with its result, too', () => {
    const failed = [streamed(events.error('overloaded_error', 'Too many'), 'toolu_0')];
    const decoder = after(
      ...lines(calling('a', 'toolu_0')),
      ...lines(saying('x', 'Hm').slice(0, 3), 'toolu_0'),
    );
    for (const line of [...failed, user([resultOf('toolu_0', 'It failed', { is_error: true })])])
      decoder.next({ data: JSON.stringify(line) });
    expect(kept(decoder)).toBe(1);
  });

  it('one that goes on in the background behind its result says what it says, until the turn ends', () => {
    const more = saying('y', 'Later');
    const found = read(
      ...lines(calling('a', 'toolu_0')),
      ...done('toolu_0'),
      ...lines(more.slice(0, 3), 'toolu_0'),
      ...lines(saying('b', 'Both')),
      ...lines(more.slice(3), 'toolu_0'),
      result(),
    );
    expect(laneOf(found, 'toolu_0')).toEqual(inLane([...saying('m_toolu_0', 'Found'), ...more], 'toolu_0'));
    expect(laneOf(found, undefined).at(-1)).toEqual(events.messageStop());
  });
});

describe('a message that comes whole', () => {
  const THOUGHT = { type: 'thinking', thinking: 'Hm', signature: 'c2ln' };
  const TEXT = { type: 'text', text: 'Hi' };
  const CALL = { type: 'tool_use', id: 'toolu_1', name: 'Task', input: { n: 1 }, caller: { type: 'direct' } };

  it('says nothing new of what was streamed', () => {
    const first = [...saying('a', 'Hi').slice(0, 3), ...saying('a', 'Hi').slice(3)];
    const before = first.map((event) => streamed(event));
    const found = read(...before.slice(0, 3), assistant('a', [TEXT]), ...before.slice(3), result());
    expect(found).toEqual(first);
  });

  it('says nothing new of the blocks of one message, line by line', () => {
    const blocks = [
      events.messageStart({ id: 'a', model: 'm-1' }),
      events.thinkingStart(0),
      events.thinkingDelta(0, 'Hm'),
      events.signatureDelta(0, 'c2ln'),
      events.blockStop(0),
      events.toolUseStart(1, 'toolu_1', 'Task'),
      events.inputJsonDelta(1, '{ "n": 1 }'),
      events.blockStop(1),
    ];
    const found = read(
      ...lines(blocks.slice(0, 4)),
      assistant('a', [THOUGHT]),
      ...lines(blocks.slice(4, 7)),
      assistant('a', [CALL]),
      ...lines(blocks.slice(7)),
    );
    expect(found).toEqual(blocks);
  });

  it('adds what was not streamed', () => {
    const found = read(
      ...lines(saying('a', 'H').slice(0, 3)),
      assistant('a', [TEXT, CALL]),
      streamed(events.blockStop(0)),
    );
    expect(found.slice(3)).toEqual([
      events.textDelta(0, 'i'),
      events.blockStop(0),
      events.toolUseStart(1, 'toolu_1', 'Task'),
      events.inputJsonDelta(1, '{"n":1}'),
      events.blockStop(1),
    ]);
  });

  it('replaces what it contradicts', () => {
    const found = read(...lines(saying('a', 'No').slice(0, 3)), assistant('a', [TEXT]));
    expect(found.map(({ type }) => type)).toContain('reset');
    expect(found.slice(-2)).toEqual([events.textDelta(0, 'Hi'), events.blockStop(0)]);
  });

  it('keeps thinking that was streamed where it shows none', () => {
    const thinking = [
      events.messageStart({ id: 'a', model: 'm-1' }),
      events.thinkingStart(0),
      events.thinkingDelta(0, 'Hm'),
    ];
    expect(read(...lines(thinking), assistant('a', [{ ...THOUGHT, thinking: '' }]))).toEqual(thinking);
  });

  it('is all there is without partial messages', () => {
    const found = read(
      assistant('a', [THOUGHT]),
      assistant('a', [CALL]),
      user([resultOf('toolu_1', '4')]),
      assistant('b', [TEXT], { stop_reason: 'end_turn', usage: { input_tokens: 20, output_tokens: 3 } }),
      result({ stop_reason: 'end_turn' }),
    );
    expect(found).toEqual([
      events.messageStart({ id: 'a', model: 'm-1', usage: { input_tokens: 9, output_tokens: 1 } }),
      events.thinkingStart(0),
      events.thinkingDelta(0, 'Hm'),
      events.signatureDelta(0, 'c2ln'),
      events.blockStop(0),
      events.toolUseStart(1, 'toolu_1', 'Task'),
      events.inputJsonDelta(1, '{"n":1}'),
      events.blockStop(1),
      events.toolResult('toolu_1', '4'),
      events.messageDelta('tool_use', { output_tokens: 1 }),
      events.messageStop(),
      events.messageStart({ id: 'b', model: 'm-1', usage: { input_tokens: 20, output_tokens: 3 } }),
      events.textStart(0),
      events.textDelta(0, 'Hi'),
      events.blockStop(0),
      events.messageDelta('end_turn', { input_tokens: 20, output_tokens: 3 }),
      events.messageStop(),
    ]);
  });

  it('has a call that cannot be run where it has no name', () => {
    const found = read(assistant('a', [{ ...CALL, name: '' }]), result({ stop_reason: 'end_turn' }));
    expect(found).toContainEqual(events.blockAbort(0, 'The call has no name'));
  });

  it('holds blocks of any type', () => {
    const block = { type: 'web_search_tool_result', tool_use_id: 'srvtoolu_1', content: [] };
    const found = read(assistant('a', [block]));
    expect(found.slice(1)).toEqual([
      events.blockStart(0, block as object as AnyContentBlock),
      events.blockStop(0),
    ]);
  });
});

describe('a line that says nothing of the answer', () => {
  it.each([
    [{ type: 'rate_limit_event', rate_limit_info: { status: 'allowed' } }, 'rate_limit_event'],
    [{ type: 'system', subtype: 'api_retry', error: 'rate_limit', error_status: 429 }, 'system/api_retry'],
    [{ type: 'system', subtype: 'compact_boundary' }, 'system/compact_boundary'],
    [{ type: 'tool_progress', tool_use_id: 'toolu_1' }, 'tool_progress'],
    [
      { type: 'control_request', request_id: 'r', request: { subtype: 'hook_callback' } },
      'control_request/hook_callback',
    ],
    [{ type: 'later', n: 1 }, 'later'],
    [user('Go on'), 'user'],
    [user([{ type: 'text', text: 'Go on' }]), 'user'],
  ])('passes whole: %j', (line, name) => {
    expect(read(line)).toEqual([events.unknown(name, line)]);
  });

  it.each([[{ type: 'keep_alive' }], [{ type: 'tool_progress', heartbeat: true }]])(
    'is a ping: %j',
    (line) => {
      expect(read(line)).toEqual([events.ping()]);
    },
  );

  it.each(['(node:7) Warning: something is deprecated', 'Loading configuration of /home/me ...'])(
    'is text before the first line, which is counted: %s',
    (words) => {
      const skips: Skip[] = [];
      const found = readWith(
        { onSkip: (skip) => skips.push(skip) },
        words,
        ...lines(saying('a', 'Hi')),
        result(),
      );
      expect(found).toEqual(saying('a', 'Hi'));
      expect(skips).toMatchObject([{ kind: 'no-event', raw: words }]);
    },
  );

  it.each([
    '(node:7) ExperimentalWarning: WASI is experimental',
    '(node:7) [DEP0040] DeprecationWarning: The `punycode` module is deprecated.',
    '(Use `node --trace-warnings ...` to show where the warning was created)',
  ])('is text between the lines, which is counted: %s', (words) => {
    const skips: Skip[] = [];
    const all = [...lines(saying('a', 'Hi')), result()];
    const found = readWith(
      { onSkip: (skip) => skips.push(skip) },
      ...all.slice(0, 3),
      words,
      ...all.slice(3),
    );
    expect(found).toEqual(saying('a', 'Hi'));
    expect(skips).toMatchObject([{ kind: 'no-event', raw: words }]);
  });

  it.each(['Hello', 'ent"}', '{"type":"stream_ev', '"words"', '7', 'null', '[7]', '[]', '[{'])(
    'is no text between the lines where it may be a piece of one: %s',
    (piece) => {
      expect(() => read(INIT, piece)).toThrow(/^The data is not/);
    },
  );

  it('is a whole turn in one array, or its end alone, as --output-format json writes it', () => {
    const usage = { input_tokens: 9, output_tokens: 5 };
    const end = result({ result: 'Hi', stop_reason: 'end_turn', usage });
    for (const line of [JSON.stringify(end), JSON.stringify([INIT, end])]) {
      const found = read(line);
      expect(found.at(-1)).toEqual(events.messageStop());
      expect(JSON.stringify(found)).toContain('"text":"Hi"');
      expect(found.at(-2)).toMatchObject({ delta: { stop_reason: 'end_turn' }, usage });
    }
  });

  it('is what went wrong, in place of an answer: an event of its own, and the type of the failure', () => {
    const line = { ...assistant('a', [{ type: 'text', text: 'API Error: 429' }]), error: 'rate_limit' };
    for (const is_error of [true, false]) {
      const found = read(INIT, line, result({ is_error, result: 'API Error: 429' }));
      expect(found).toContainEqual(events.unknown('assistant/error', line));
      expect(found.at(-1)).toMatchObject({
        type: 'error',
        error: { type: 'rate_limit', message: 'API Error: 429' },
      });
    }
    const next = assistant('b', [{ type: 'text', text: 'Hi' }]);
    expect(read(INIT, line, next, result()).at(-1)).toEqual(events.messageStop());
  });

  it('is no error of the turn where it names one', () => {
    expect(read({ type: 'auth_status', error: 'expired' }).map(({ type }) => type)).toEqual(['unknown']);
  });
});

describe('what cannot be read', () => {
  it('is retryable where a line stands within another', () => {
    const [line] = lines(saying('a', 'Hi'));
    const text = JSON.stringify(line);
    const mixed = `${text.slice(0, 40)}${JSON.stringify({ type: 'rate_limit_event' })}${text.slice(40)}`;
    expect(() => read(mixed)).toThrow(expect.objectContaining({ code: 'malformed', retryable: true }));
  });

  it('is a message within another', () => {
    expect(() =>
      read(...lines([events.messageStart({ id: 'a' }), events.messageStart({ id: 'b' })])),
    ).toThrow('A message began before the one before it had stopped');
  });

  it('costs the block, where it is skipped', () => {
    const [start, open, delta, ...rest] = lines(saying('a', 'Hi')) as [object, object, object, ...object[]];
    const found = readWith({ malformed: 'skip' }, start, open, '{"type":', delta, ...rest, result());
    const reason = expect.stringContaining('was malformed') as string;
    expect(found).toContainEqual(events.blockAbort(0, reason));
  });

  it('is a failure in whatever words stand in between', () => {
    expect(read(...lines(saying('a', 'Hi').slice(0, 3)), { error: { message: 'No' } }).slice(-2)).toEqual([
      events.blockAbort(0, 'No'),
      events.error('api_error', 'No'),
    ]);
  });
});

it('what stands beside the results of calls is not lost', () => {
  const note = { type: 'text', text: '[Request interrupted by user]' };
  const told = read(...calling('m1', 'a').map((event) => streamed(event)), user([resultOf('a', '4'), note]));
  expect(told.slice(-2)).toEqual([events.toolResult('a', '4'), events.unknown('user', { ...user([note]) })]);
});

it('a block that the end of the turn cuts off is given up', () => {
  const [start, begun] = calling('m1', 'a');
  if (start === undefined || begun === undefined) throw new Error('There is no call');
  const input = events.inputJsonDelta(0, '{"path":"/"}');
  const lines = [start, begun, input].map((event) => streamed(event, 'task'));
  const main = calling('m0', 'task').map((event) => streamed(event));
  const ended = read(...main, ...lines, user([resultOf('task', 'No', { is_error: true })]));
  const lane = ended.filter((event) => event.lane === 'task');
  expect(lane.slice(-3)).toMatchObject([
    { type: 'block_abort', index: 0 },
    { type: 'message_delta', delta: { stop_reason: null } },
    { type: 'message_stop' },
  ]);
  expect(read(...[start, begun, input].map((event) => streamed(event)), result()).slice(-3)).toMatchObject([
    { type: 'block_abort', index: 0 },
    { type: 'message_delta' },
    { type: 'message_stop' },
  ]);
});
