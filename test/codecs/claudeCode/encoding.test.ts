import { claudeCode, permissionRequestIn, type PermissionRequest } from '../../../src/claude-code.js';
import type { StreamEvent } from '../../../src/events/event.js';
import * as events from '../../../src/events/make.js';
import type { MessageStartFields } from '../../../src/events/make.js';
import { assistant, read, result, resultOf, streamed, user } from './lines.js';

const START = events.messageStart({ id: 'a', session_id: 's1' } as MessageStartFields);
const ANSWER: readonly StreamEvent[] = [
  START,
  events.textStart(0),
  events.textDelta(0, 'Hi'),
  events.blockStop(0),
  events.messageDelta('end_turn', { output_tokens: 5 }),
  events.messageStop(),
];

function written(given: readonly StreamEvent[]): readonly unknown[] {
  const encoder = claudeCode.encoder();
  return [...given.flatMap((event) => encoder.next(event)), ...encoder.end()].map(({ data }): unknown => {
    const { uuid: _, ...line } = JSON.parse(data) as { readonly uuid?: string };
    return line;
  });
}

/** What the end of a turn says where nobody knows more. */
const UNKNOWN = {
  duration_ms: 0,
  duration_api_ms: 0,
  total_cost_usd: 0,
  modelUsage: {},
  permission_denials: [],
};

function usageOf(input_tokens: number, output_tokens: number): object {
  return {
    input_tokens,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: 0,
    output_tokens,
    output_tokens_details: { thinking_tokens: 0 },
    server_tool_use: { web_search_requests: 0, web_fetch_requests: 0 },
    service_tier: 'standard',
    cache_creation: { ephemeral_1h_input_tokens: 0, ephemeral_5m_input_tokens: 0 },
    inference_geo: '',
    fallback_credit: null,
    iterations: [],
    speed: 'standard',
  };
}

const OF_MAIN = { parent_tool_use_id: null, session_id: 's1' };

describe('what is written', () => {
  it.each([
    ['4', '4'],
    [{ celsius: 4 }, '{"celsius":4}'],
    [[1, 2], '[1,2]'],
    [[{ type: 'reading', value: 4 }], '[{"type":"reading","value":4}]'],
    [null, 'null'],
    [undefined, ''],
    [[{ type: 'text', text: '4' }], [{ type: 'text', text: '4' }]],
  ])('is the result %j as a message may hold it', (content, expected) => {
    expect(written([events.toolResult('a', content)])).toMatchObject([
      { type: 'user', message: { role: 'user', content: [{ type: 'tool_result', content: expected }] } },
    ]);
  });

  it('is a line of each event, and the end of the turn', () => {
    expect(written(ANSWER)).toEqual([
      ...ANSWER.map((event) => ({ type: 'stream_event', event, ...OF_MAIN })),
      {
        type: 'result',
        subtype: 'success',
        is_error: false,
        result: 'Hi',
        stop_reason: 'end_turn',
        num_turns: 1,
        usage: usageOf(0, 5),
        ...UNKNOWN,
        session_id: 's1',
      },
    ]);
  });

  it('is an id of its own for each line', () => {
    const encoder = claudeCode.encoder();
    const lines = [...ANSWER.flatMap((event) => encoder.next(event)), ...encoder.end()];
    const ids = lines.map(({ data }) => (JSON.parse(data) as { readonly uuid: string }).uuid);
    expect(new Set(ids).size).toBe(lines.length);
    for (const id of ids) expect(id).toMatch(/^[\da-f]{8}-[\da-f]{4}-8[\da-f]{3}-8[\da-f]{3}-[\da-f]{12}$/);
  });

  it('is the sum of what the messages of the turn cost, and how many they were', () => {
    const start = events.messageStart({ id: 'a', usage: { input_tokens: 9 } });
    const rest = [events.messageDelta('end_turn', { output_tokens: 5 }), events.messageStop()];
    const lines = written([start, ...rest, start, ...rest]);
    expect(lines.at(-1)).toMatchObject({ num_turns: 2, usage: usageOf(18, 10) });
    // What nobody knows is not read as if it were known.
    expect(JSON.stringify(read(...(lines as object[])))).not.toContain('usage_details');
  });

  it('is no end of a turn whose last message has not stopped', () => {
    expect(written(ANSWER.slice(0, -1)).at(-1)).toMatchObject({ type: 'stream_event' });
    expect(written([...ANSWER, START]).at(-1)).toMatchObject({ type: 'stream_event' });
  });

  it('is the lane of a sub-agent as the call that started it', () => {
    const lane = 'toolu_1';
    const event = events.textDelta(0, 'Hi');
    expect(
      written([START, { ...event, lane }, { ...events.toolResult('b', '4', true), lane }]).slice(1),
    ).toEqual([
      { type: 'stream_event', event, parent_tool_use_id: lane, session_id: 's1' },
      {
        type: 'user',
        message: {
          role: 'user',
          content: [{ type: 'tool_result', tool_use_id: 'b', content: '4', is_error: true }],
        },
        parent_tool_use_id: lane,
        session_id: 's1',
      },
    ]);
  });

  it('comes back with its lanes', () => {
    const lane = 'toolu_1';
    const call = [events.toolUseStart(0, lane, 'Task'), events.inputJsonDelta(0, '{}'), events.blockStop(0)];
    const main: readonly StreamEvent[] = [
      START,
      ...call,
      ...[...ANSWER, events.unknown('later', { type: 'later', parent_tool_use_id: lane })].map((event) => ({
        ...event,
        lane,
      })),
      events.toolResult(lane, 'Hi'),
      events.messageDelta('tool_use'),
      events.messageStop(),
    ];
    const found = read(...(written(main) as object[]));
    const ofLane = (given: readonly StreamEvent[], of: string | undefined) =>
      given.filter((event) => event.lane === of).map(({ type }) => type);
    expect(ofLane(found, undefined)).toEqual(ofLane(main, undefined));
    expect(ofLane(found, lane).sort()).toEqual(ofLane(main, lane).sort());
  });

  it('is a failure as the end of the turn', () => {
    const failed = (type: string) => written([START, events.error(type, 'Too many', 'req_1')]);
    const line = {
      type: 'result',
      subtype: 'error_during_execution',
      is_error: true,
      errors: ['Too many'],
      request_id: 'req_1',
      stop_reason: null,
      num_turns: 1,
      usage: usageOf(0, 0),
      ...UNKNOWN,
      session_id: 's1',
    };
    expect(failed('overloaded_error').at(-1)).toEqual({ ...line, error: { type: 'overloaded_error' } });
    expect(failed('error_max_turns').at(-1)).toEqual({ ...line, subtype: 'error_max_turns' });
    for (const type of ['overloaded_error', 'error_max_turns'])
      expect(read(...(failed(type) as object[])).at(-1)).toMatchObject({ type: 'error', error: { type } });
  });

  it('is what the turn cost', () => {
    const usage_details = { total_cost_usd: 0.01, usage: { input_tokens: 9 } };
    const end = { ...events.messageDelta('end_turn'), usage_details };
    const lines = written([START, end, events.messageStop()]);
    expect(lines.at(-1)).toMatchObject(usage_details);
    expect(read(...(lines as object[])).at(-2)).toMatchObject({ usage_details });
  });

  it('is an unknown event as it came, unless it would be read as another', () => {
    const init = { type: 'system', subtype: 'init' };
    expect(
      written([
        events.unknown('system/init', init),
        events.unknown('mood', 7),
        events.unknown('result', { type: 'result', subtype: 'success' }),
        events.unknown('keep_alive', {}),
      ]),
    ).toEqual([init, { type: 'mood', data: 7 }]);
  });
});

describe('a request for the permission to use a tool', () => {
  const request: PermissionRequest = {
    type: 'control_request',
    request_id: 'r1',
    request: { subtype: 'can_use_tool', tool_name: 'Bash', input: { command: 'ls' } },
  };

  const ofCall: PermissionRequest = { ...request, request: { ...request.request, tool_use_id: 'toolu_1' } };
  const asked = { ...events.toolApproval('toolu_1', 'requested'), request: ofCall };
  const calling = [
    START,
    events.toolUseStart(0, 'toolu_1', 'Bash'),
    events.inputJsonDelta(0, '{"command":"ls"}'),
    events.blockStop(0),
    events.messageDelta('tool_use', { output_tokens: 5 }),
  ];

  it('is an approval of its call that is requested, in the message that calls', () => {
    const lines = [...calling, events.messageStop()].map((event) => streamed(event));
    const given = events.toolResult('toolu_1', 'a.txt');
    const found = read(...lines, ofCall, user([resultOf('toolu_1', 'a.txt')]), result());
    expect(found).toEqual([...calling.slice(0, 4), asked, given, ...calling.slice(4), events.messageStop()]);
    expect(permissionRequestIn(asked)).toEqual(ofCall);
    expect(permissionRequestIn(events.toolApproval('toolu_1', 'requested'))).toBeUndefined();
  });

  it('is of the sub-agent that calls', () => {
    const lines = calling.map((event) => streamed(event, 'toolu_0'));
    expect(read(...lines, ofCall).at(-1)).toEqual({ ...asked, lane: 'toolu_0' });
  });

  it('is an unknown event where no message calls, and nothing that became of a call follows a failure', () => {
    const [event] = read(ofCall) as [StreamEvent];
    expect(event).toEqual(events.unknown('control_request/can_use_tool', ofCall));
    expect(permissionRequestIn(event)).toEqual(ofCall);
    const lines = [...calling, events.error('overloaded_error', 'Busy')].map((event) => streamed(event));
    const given = user([resultOf('toolu_1', 'a.txt')]);
    const approved = streamed(events.toolApproval('toolu_1', 'approved'));
    const found = read(...lines, ofCall, approved, given);
    expect(found.slice(calling.length)).toEqual([
      events.error('overloaded_error', 'Busy'),
      events.unknown('control_request/can_use_tool', ofCall),
    ]);
  });

  it('is told again where the message is written anew', () => {
    const call = { type: 'tool_use', id: 'toolu_1', name: 'Bash', input: { command: 'pwd' } };
    const lines = calling.slice(0, 3).map((event) => streamed(event));
    const types = read(...lines, ofCall, assistant('a', [call])).map(({ type }) => type);
    expect(types.slice(types.indexOf('reset'))).toContain('tool_approval');
  });

  it('is written as it came, and any other approval as an event', () => {
    expect(written([asked])).toEqual([ofCall]);
    const approved = events.toolApproval('toolu_1', 'approved');
    expect(written([approved])).toMatchObject([{ type: 'stream_event', event: approved }]);
    const laned = [...calling, asked].map((event) => ({ ...event, lane: 'toolu_0' }));
    expect(read(...(written(laned) as object[])).at(-1)).toEqual(laned.at(-1));
  });

  it.each([undefined, null, ''])('is an unknown event where it does not say which call it is: %s', (id) => {
    const line = { ...request, request: { ...request.request, tool_use_id: id } };
    const [event] = read(line) as [StreamEvent];
    expect(event).toEqual(events.unknown('control_request/can_use_tool', JSON.parse(JSON.stringify(line))));
    expect(permissionRequestIn(event)).toEqual(line);
    expect(permissionRequestIn(events.ping())).toBeUndefined();
    expect(permissionRequestIn(events.unknown('later', { type: 'later' }))).toBeUndefined();
  });

  it.each([
    [undefined, { behavior: 'allow', updatedInput: { command: 'ls' } }],
    [
      { behavior: 'allow', updatedInput: { command: 'pwd' } } as const,
      { behavior: 'allow', updatedInput: { command: 'pwd' } },
    ],
    [{ behavior: 'deny', message: 'Not here' } as const, { behavior: 'deny', message: 'Not here' }],
  ])('is answered by a line: %j', (permission, response) => {
    const line = claudeCode.approve(request, permission);
    expect(line.endsWith('}\n')).toBe(true);
    expect(JSON.parse(line)).toEqual({
      type: 'control_response',
      response: { subtype: 'success', request_id: 'r1', response },
    });
  });
});
