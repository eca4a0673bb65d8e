import fc from 'fast-check';
import { concat, from, lastValueFrom, NEVER, Subject } from 'rxjs';
import type { StreamEvent } from '../../src/events/event.js';
import * as events from '../../src/events/make.js';
import type { WebSearchToolResultBlock } from '../../src/events/provider/serverToolResult.js';
import type { TurnMessage } from '../../src/events/turnMessage.js';
import { accumulateState } from '../../src/operators/accumulateState.js';
import { runTools } from '../../src/operators/runTools.js';
import { CallList } from '../../src/fold/calls/callList.js';
import { TurnState } from '../../src/fold/turn/streamState.js';
import type { ToolHandlers } from '../../src/tools/handlers.js';
import { stopOn } from '../../src/operators/stopOn.js';
import { script } from '../../src/testing.js';
import { historyOf } from '../../src/turns/history.js';
import { answers } from '../codecs/conformance/answers.js';
import { EVERYTHING } from '../codecs/conformance/scope.js';
import { runs } from '../seed.js';
import { complaintsOfConverters } from './converters.js';
import { complaintsAbout } from './validator.js';

/** What runs tools, stopped once all that comes at once has come. */
function stopped(reply: Iterable<StreamEvent>, handlers: ToolHandlers): StreamEvent[] {
  const stop = new Subject<void>();
  const seen: StreamEvent[] = [];
  concat(reply, NEVER)
    .pipe(runTools(handlers), stopOn(stop))
    .subscribe({ next: (event) => seen.push(event), error: () => undefined });
  stop.next();
  return seen;
}

function assistant(...content: object[]): object {
  return { role: 'assistant', content: content.map((block): unknown => expect.objectContaining(block)) };
}

function results(...content: object[]): object {
  return { role: 'user', content: content.map((block) => ({ type: 'tool_result', ...block })) };
}

/** How often all replies or all calls are listed while the history of so many rounds is made. */
function listings(rounds: number): number {
  const lists = [
    vi.spyOn(TurnState.prototype, 'state', 'get'),
    vi.spyOn(CallList.prototype, 'list', 'get'),
  ] as const;
  const turn = Array.from({ length: rounds }, (_, nth) => [
    ...script()
      .message({ id: `m${nth}` })
      .toolUse('a', {}, `call${nth}`)
      .toolResult('found'),
  ]);
  try {
    expect(historyOf(turn.flat())).toHaveLength(2 * rounds);
    return lists.reduce((sum, list) => sum + list.mock.calls.length, 0);
  } finally {
    for (const list of lists) list.mockRestore();
  }
}

describe('the history of a turn', () => {
  it('takes a time that grows with its rounds alone: no round lists all those before it', () => {
    expect(listings(160)).toBe(listings(20));
  });

  it('is the same of its events and of its last state', async () => {
    const turn = [...script().text('Hm').toolUse('a', {}, 'x').toolResult({ warm: true })];
    const state = await lastValueFrom(from(turn).pipe(accumulateState()));
    expect(historyOf(state)).toEqual([
      assistant({ text: 'Hm' }, { type: 'tool_use', id: 'x', input: {} }),
      results({ tool_use_id: 'x', content: '{"warm":true}' }),
    ]);
    expect(historyOf(turn)).toEqual(historyOf(state));
  });

  it('has the results in the order of the calls, one for each: what is not known is cancelled', () => {
    const reply = script().toolUse('slow', {}, 'a').toolUse('quick', {}, 'b');
    expect(historyOf(stopped(reply, { slow: () => NEVER, quick: () => ['found'] }))[1]).toEqual(
      results(
        { tool_use_id: 'a', content: 'Cancelled', is_error: true },
        { tool_use_id: 'b', content: '["found"]' },
      ),
    );
    expect(historyOf([...reply])[1]).toEqual(
      results(
        { tool_use_id: 'a', content: 'Cancelled', is_error: true },
        { tool_use_id: 'b', content: 'Cancelled', is_error: true },
      ),
    );
  });

  it('leaves a call that waits open where it is to be kept, and takes its result later', () => {
    const turn = [...script().toolUse('pay', { sum: 3 }, 'a').toolUse('look', {}, 'b').toolResult('seen')];
    expect(historyOf(turn, { pending: 'keep' })[1]).toEqual(results({ tool_use_id: 'b', content: 'seen' }));
    expect(historyOf([...turn, events.toolResult('a', 'Paid')])[1]).toEqual(
      results({ tool_use_id: 'a', content: 'Paid' }, { tool_use_id: 'b', content: 'seen' }),
    );
    const alone = [...script().toolUse('pay', {}, 'a')];
    expect(historyOf(alone, { pending: 'keep' })).toEqual([assistant({ id: 'a' })]);
    expect(historyOf(alone, { pending: 'cancel' })).toHaveLength(2);
  });

  it('says why a call was denied, if nobody has told the model', () => {
    const turn = [...script().toolUse('pay', {}, 'a').toolUse('pay', {}, 'b')];
    const denied = (id: string, reason?: string): StreamEvent => ({
      type: 'tool_approval',
      tool_use_id: id,
      state: 'denied',
      ...(reason !== undefined && { reason }),
    });
    expect(historyOf([...turn, denied('a', 'Too much'), denied('b')])[1]).toEqual(
      results(
        { tool_use_id: 'a', content: 'Too much', is_error: true },
        { tool_use_id: 'b', content: 'Denied', is_error: true },
      ),
    );
  });

  it.each<[string, unknown, unknown]>([
    ['a text', 'warm', 'warm'],
    ['an empty text', '', ''],
    ['a value', { celsius: 4 }, '{"celsius":4}'],
    ['nothing', null, 'null'],
    ['an empty list', [], '[]'],
    ['a list of values', ['sun', { type: 'rain' }], '["sun",{"type":"rain"}]'],
    ['a list that only looks like blocks', [{ type: 'text', value: 1 }], '[{"type":"text","value":1}]'],
    ['blocks', [{ type: 'text', text: 'sun' }], [{ type: 'text', text: 'sun' }]],
    [
      'blocks, one of which is empty',
      [
        { type: 'text', text: ' ' },
        { type: 'tool_reference', tool_name: 'x' },
      ],
      [{ type: 'tool_reference', tool_name: 'x' }],
    ],
    ['what is not JSON', undefined, ''],
    ['what JSON cannot say', 10n, ''],
  ])('has of a result that is %s what a model can read', (_, given, content) => {
    const turn = [...script().toolUse('look', {}, 'a'), events.toolResult('a', given)];
    expect(historyOf(turn)[1]).toEqual(results({ tool_use_id: 'a', content }));
  });

  it('lets no error say nothing', () => {
    const turn = [...script().toolUse('look', {}, 'a'), events.toolResult('a', '', true)];
    expect(historyOf(turn)[1]).toEqual(results({ tool_use_id: 'a', content: 'look failed', is_error: true }));
  });

  it('leaves out what says nothing, and what was cut off, but for text', () => {
    const reply = script()
      .thinking('Hm', 'signed')
      .text('  ')
      .text('One mo')
      .toolUse('look', '{"at":', 'a')
      .cutOff(-3);
    expect(historyOf([...reply])).toEqual([
      assistant({ type: 'thinking', signature: 'signed' }, { type: 'text', text: 'One mo' }),
    ]);
    const unsigned = script().thinking('Hm').text('Yes');
    expect(historyOf([...unsigned])).toEqual([assistant({ type: 'text', text: 'Yes' })]);
  });

  it('leaves out a call that is not JSON, and what answered it', () => {
    const turn = [...script().text('So').toolUse('look', '{"at": Rome}', 'a').toolUse('look', {}, 'b')];
    expect(historyOf([...turn, events.toolResult('a', 'Not JSON', true)])).toEqual([
      assistant({ text: 'So' }, { id: 'b' }),
      results({ tool_use_id: 'b', content: 'Cancelled', is_error: true }),
    ]);
  });

  it('leaves out a reply of which nothing is left', () => {
    expect(historyOf([])).toEqual([]);
    expect(historyOf([events.messageStart()])).toEqual([]);
    expect(historyOf([...script().thinking('Hm', 'signed')])).toEqual([]);
    expect(historyOf([...script().redactedThinking('secret').toolUse('look', '{', 'a')])).toEqual([]);
    const again = script().toolUse('look', {}, 'a').message({}).text(' ');
    expect(historyOf([...again])).toHaveLength(2);
  });

  it('keeps thinking that is signed or not shown before its calls', () => {
    const reply = script().thinking('Hm', 'signed').redactedThinking('secret').toolUse('look', {}, 'a');
    expect(historyOf([...reply])[0]).toEqual(
      assistant(
        { type: 'thinking', thinking: 'Hm', signature: 'signed' },
        { type: 'redacted_thinking' },
        { id: 'a' },
      ),
    );
  });

  it('makes one message of replies in a row', () => {
    const turn = script().text('I search').stop('pause_turn').message({}).text('Found');
    expect(historyOf([...turn])).toEqual([assistant({ text: 'I search' }, { text: 'Found' })]);
  });

  it('has calls of tools of the provider only with their results, also of a later reply', () => {
    const call = { type: 'server_tool_use', id: 's', name: 'web_search', input: {} } as const;
    const found: WebSearchToolResultBlock = {
      type: 'web_search_tool_result',
      tool_use_id: 's',
      content: [],
      caller: { type: 'direct' },
    };
    const paused = script().text('I search').block(call).stop('pause_turn');
    expect(historyOf([...paused])).toEqual([assistant({ text: 'I search' })]);
    expect(historyOf([...paused], { pending: 'keep' })).toEqual([assistant({ text: 'I search' }, call)]);
    expect(historyOf([...paused.message({}).block(found).text('Found')])).toEqual([
      assistant({ text: 'I search' }, call, found, { text: 'Found' }),
    ]);
    expect(historyOf([...script().block(found).text('Found')])).toEqual([assistant({ text: 'Found' })]);
  });

  it('has no call of a program that is left out', () => {
    const program = { type: 'server_tool_use', id: 's', name: 'code_execution', input: {} } as const;
    const caller = { type: 'code_execution_20250825', tool_id: 's' } as const;
    const call = { type: 'tool_use', id: 'a', name: 'look', input: {}, caller } as const;
    const turn = [...script().text('So').block(program).block(call).stop('tool_use')];
    expect(historyOf(turn)).toEqual([assistant({ text: 'So' })]);
    expect(historyOf(turn, { pending: 'keep' })).toEqual([assistant({ text: 'So' }, program, call)]);
  });

  it('gives calls of one reply that have one id an id each', () => {
    const turn = [
      ...script().toolUse('look', { at: 1 }, 'a').toolUse('look', { at: 2 }, 'a'),
      events.toolResult('a', 'one'),
      events.toolResult('a', 'two'),
    ];
    expect(historyOf(turn)).toEqual([
      assistant({ id: 'a', input: { at: 1 } }, { id: 'a_2', input: { at: 2 } }),
      results({ tool_use_id: 'a', content: 'one' }, { tool_use_id: 'a_2', content: 'two' }),
    ]);
  });

  it('keeps what only the provider knows of a block, and a block that it alone knows', () => {
    const block = { type: 'hologram', depth: 3 } as const;
    const signed = { type: 'text', text: '', citations: null, signature: 'signed' } as const;
    const turn = [
      ...script()
        .block(JSON.parse(JSON.stringify(block)) as never)
        .block(signed),
    ];
    expect(historyOf(turn)).toEqual([assistant(block, signed)]);
    expect(historyOf(turn.slice(0, 3))).toEqual([]);
  });

  it('has what came before a failure, or before events that contradict each other', () => {
    const reply = script().text('So').toolUse('look', {}, 'a').text('far');
    const wanted = [
      assistant({ text: 'So' }, { id: 'a' }),
      results({ tool_use_id: 'a', content: 'Cancelled', is_error: true }),
    ];
    const open = [...reply].slice(0, 8);
    expect(historyOf(open)).toEqual(wanted);
    expect(historyOf([...open, events.error('overloaded_error', 'Overloaded')])).toEqual(wanted);
    expect(historyOf([...open, events.textDelta(7, 'stray'), ...script().text('never')])).toEqual(wanted);
  });

  it('has nothing of an attempt that was dropped, and nothing of a sub-agent', () => {
    const dropped = [...script().text('La').toolUse('look', {}, 'a')].slice(0, 5);
    const turn = [...dropped, events.reset(2, undefined), ...script().text('So')];
    expect(historyOf(turn)).toEqual([assistant({ text: 'So' })]);
    const aside = [...script().text('psst')].map((event) => ({ ...event, lane: 'toolu_9' }));
    expect(historyOf([...aside, ...script().text('So')])).toEqual([assistant({ text: 'So' })]);
  });
});

it('the history of any answer is one that the providers take, wherever it was stopped', () => {
  fc.assert(
    fc.property(answers(EVERYTHING), fc.double({ min: 0, max: 1, noNaN: true }), (answer, share) => {
      const begun = answer.slice(0, Math.ceil(share * answer.length));
      for (const turn of [begun, stopped(begun, {})]) {
        const history = historyOf(turn);
        expect([...complaintsAbout(history), ...complaintsOfConverters(history)]).toEqual([]);
      }
    }),
    { numRuns: runs(600) },
  );
});

describe('the rules that histories are held to', () => {
  const call = { type: 'tool_use', id: 'a', name: 'look', input: {} };
  const result = { type: 'tool_result', tool_use_id: 'a', content: '' };
  const said = (...content: readonly object[]): TurnMessage => ({
    role: 'assistant',
    content: content as never,
  });
  const told = (...content: readonly object[]): TurnMessage => ({ role: 'user', content: content as never });

  it.each<[string, readonly TurnMessage[]]>([
    ['an empty text', [said({ type: 'text', text: ' ' })]],
    ['no content', [said()]],
    [
      'thinking without a signature',
      [said({ type: 'thinking', thinking: 'Hm', signature: '' }, call), told(result)],
    ],
    ['thinking at the end', [said({ type: 'thinking', thinking: 'Hm', signature: 'signed' })]],
    ['a call without a result', [said(call)]],
    ['two results of a call', [said(call), told(result, result)]],
    ['a result without a call', [said({ type: 'text', text: 'So' }), told(result)]],
    [
      'results in another order',
      [said(call, { ...call, id: 'b' }), told({ ...result, tool_use_id: 'b' }, result)],
    ],
    ['two replies in a row', [said({ type: 'text', text: 'So' }), said({ type: 'text', text: 'So' })]],
    ['a member of ours', [said({ type: 'text', text: 'So', index: 0 })]],
    [
      'a call of the provider without a result',
      [said({ type: 'server_tool_use', id: 's', name: 'x', input: {} })],
    ],
    ['a result of the provider without a call', [said({ type: 'web_search_tool_result', tool_use_id: 's' })]],
    ['an error that says nothing', [said(call), told({ ...result, is_error: true })]],
  ])('refuse %s', (_, history) => {
    expect(complaintsAbout(history)).not.toEqual([]);
  });

  it.each<[string, readonly TurnMessage[]]>([
    ['a call without a result', [said(call)]],
    ['a result without a call', [told(result)]],
  ])('of the other providers refuse %s', (_, history) => {
    const of = complaintsOfConverters(history).map((complaint) => complaint.split(/[.:]/)[0]);
    expect(new Set(of)).toEqual(
      new Set(['chat', 'responses', 'ollama', ...(history[0]?.role === 'user' ? [] : ['gemini'])]),
    );
  });
});
