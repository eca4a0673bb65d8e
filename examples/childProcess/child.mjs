// Stands in for `synaps rpc`: it says that it is ready, answers each prompt with the same turn, and waits for the next.
import process from 'node:process';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';

const USAGE = {
  input_tokens: 118,
  output_tokens: 64,
  cache_read_input_tokens: 0,
  cache_creation_input_tokens: 0,
};

const TURN = [
  ...['Let me', ' see what', ' is here.'].map((delta) => ({ type: 'text_delta', delta })),
  { type: 'toolcall_start', tool_id: 'call-1', tool_name: 'bash' },
  { type: 'toolcall_input_delta', tool_id: 'call-1', delta: '{"comm' },
  { type: 'toolcall_input_delta', tool_id: 'call-1', delta: 'and":"ls"}' },
  { type: 'toolcall_input', tool_id: 'call-1', input: { command: 'ls' } },
  { type: 'toolcall_start', tool_id: 'call-2', tool_name: 'read_file' },
  { type: 'toolcall_input', tool_id: 'call-2', input: {} },
  { type: 'toolcall_result', tool_id: 'call-2', result: 'Tool execution failed: no path' },
  { type: 'toolcall_result', tool_id: 'call-1', result: 'README.md\nsrc\ntest\n' },
  ...['A library,', ' by the looks', ' of it:', ' sources and', ' their tests.'].map((delta) => ({
    type: 'text_delta',
    delta,
  })),
];

function say(frame) {
  process.stdout.write(`${JSON.stringify(frame)}\n`);
}

say({ type: 'ready', session_id: 'scripted', model: 'scripted', protocol_version: 1 });

for await (const line of createInterface({ input: process.stdin })) {
  const { type, id } = JSON.parse(line);
  if (type !== 'prompt') continue;
  for (const event of TURN) {
    await setTimeout(60);
    say({ type: 'message_update', event });
  }
  say({ type: 'agent_end', usage: USAGE });
  say({ type: 'response', id, command: 'prompt', ok: true });
}
