import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { from, lastValueFrom, tap, toArray } from 'rxjs';
import { claudeCode, permissionRequestIn, type Permission } from '../../../src/claude-code.js';
import * as events from '../../../src/events/make.js';
import { accumulateState } from '../../../src/operators/accumulateState.js';
import { fromBytes } from '../../../src/sources/fromBytes.js';
import { answersIn } from '../conformance/answerIn.js';
import { assistant, result, resultOf, streamed, user } from './lines.js';

/** The model asks for a tool, which needs the user's permission. */
const ASKING: readonly object[] = [
  { type: 'system', subtype: 'init', session_id: 's1', model: 'm-1', uuid: 'u0' },
  ...[
    events.messageStart({ id: 'msg_1' }),
    events.toolUseStart(0, 'toolu_1', 'Bash'),
    events.inputJsonDelta(0, '{"command":"ls"}'),
    events.blockStop(0),
    events.messageDelta('tool_use'),
    events.messageStop(),
  ].map((event) => streamed(event)),
  assistant('msg_1', [{ type: 'tool_use', id: 'toolu_1', name: 'Bash', input: { command: 'ls' } }]),
  {
    type: 'control_request',
    request_id: 'r1',
    request: {
      subtype: 'can_use_tool',
      tool_name: 'Bash',
      input: { command: 'ls' },
      tool_use_id: 'toolu_1',
    },
  },
];

/** What the model says to what the tool gave. */
const ANSWERING: readonly object[] = [
  assistant('msg_2', [{ type: 'text', text: 'So be it.' }], { stop_reason: 'end_turn' }),
  result({ num_turns: 2, result: 'So be it.', stop_reason: 'end_turn' }),
];

/**
 * A program that speaks as Claude Code does: it runs the tool only once a line on its standard input says that it may, and
 * with the input that stands there.
 */
const PROGRAM = `
  const [asking, given, answering] = JSON.parse(process.argv[1]);
  const say = (lines) => lines.forEach((line) => console.log(JSON.stringify(line)));
  const input = require('node:readline').createInterface({ input: process.stdin });
  input.once('line', (line) => {
    const { type, response } = JSON.parse(line);
    if (type !== 'control_response' || response.request_id !== 'r1') process.exit(1);
    const { behavior, message, updatedInput } = response.response;
    const block = given.message.content[0];
    block.content = behavior === 'allow' ? 'ran ' + updatedInput.command : message;
    block.is_error = behavior !== 'allow';
    say([given, ...answering]);
    input.close();
  });
  say(asking);
`;

it.each<readonly [string, Permission | undefined, string, boolean]>([
  ['is allowed', undefined, 'ran ls', false],
  [
    'is allowed with another input',
    { behavior: 'allow', updatedInput: { command: 'ls -a' } },
    'ran ls -a',
    false,
  ],
  ['is refused', { behavior: 'deny', message: 'Not on a Sunday' }, 'Not on a Sunday', true],
])(
  'a turn whose tool %s goes on with that',
  async (_, permission, content, isError) => {
    const lines = JSON.stringify([ASKING, user([resultOf('toolu_1', '')]), ANSWERING]);
    const child = spawn(process.execPath, ['-e', PROGRAM, lines], { stdio: ['pipe', 'pipe', 'inherit'] });
    const closed = once(child, 'close');
    const turn = fromBytes(child.stdout, { codec: claudeCode }).pipe(
      tap((event) => {
        const request = permissionRequestIn(event);
        if (request !== undefined) child.stdin.end(claudeCode.approve(request, permission));
      }),
      toArray(),
    );

    const found = await lastValueFrom(turn);
    expect(found.filter(({ type }) => type === 'tool_result')).toEqual([
      events.toolResult('toolu_1', content, isError),
    ]);
    const states: (string | undefined)[] = [];
    from(found)
      .pipe(accumulateState())
      .subscribe(({ calls }) => states.push(calls[0]?.status));
    expect(states).toContain('approval');
    expect(answersIn(found).map(({ text, calls }) => [text, calls.length])).toEqual([
      ['', 1],
      ['So be it.', 0],
    ]);
    expect(found.at(-1)).toEqual(events.messageStop());
    expect(await closed).toEqual([0, null]);
  },
  20_000,
);
