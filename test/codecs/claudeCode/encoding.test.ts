import { claudeCode, permissionRequestIn, type PermissionRequest } from '../../../src/claude-code.js';
import type { StreamEvent } from '../../../src/events/event.js';
import * as events from '../../../src/events/make.js';
import type { MessageStartFields } from '../../../src/events/make.js';
import { read } from './lines.js';

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
  return [...given.flatMap((event) => encoder.next(event)), ...encoder.end()].map(({ data }): unknown =>
    JSON.parse(data),
  );
}

const OF_MAIN = { parent_tool_use_id: null, session_id: 's1' };

describe('what is written', () => {
  it('is a line of each event, and the end of the turn', () => {
    expect(written(ANSWER)).toEqual([
      ...ANSWER.map((event) => ({ type: 'stream_event', event, ...OF_MAIN })),
      {
        type: 'result',
        subtype: 'success',
        is_error: false,
        result: 'Hi',
        stop_reason: 'end_turn',
        session_id: 's1',
      },
    ]);
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
    expect(written([START, events.error('overloaded_error', 'Too many', 'req_1')]).at(-1)).toEqual({
      type: 'result',
      subtype: 'overloaded_error',
      is_error: true,
      errors: ['Too many'],
      request_id: 'req_1',
      session_id: 's1',
    });
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

  it('is an unknown event that says what it is', () => {
    const [event] = read(request) as [StreamEvent];
    expect(event).toEqual(events.unknown('control_request/can_use_tool', request));
    expect(permissionRequestIn(event)).toEqual(request);
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
