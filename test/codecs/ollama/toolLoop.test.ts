import { lastValueFrom, of, throwError, toArray } from 'rxjs';
import { ToolError } from '../../../src/errors/toolError.js';
import type { StreamEvent } from '../../../src/events/event.js';
import type { TurnMessage } from '../../../src/events/turnMessage.js';
import { ollamaMessagesOf, streamOllama } from '../../../src/ollama.js';
import { runTools } from '../../../src/operators/runTools.js';
import { streamTurn } from '../../../src/turns/streamTurn.js';
import { closeLoopbacks, loopback } from '../../sources/loopback.js';
import { answersIn } from '../conformance/answerIn.js';
import { chat, last } from './lines.js';

afterEach(closeLoopbacks);

const TOOLS = [{ type: 'function', function: { name: 'get_weather', parameters: { type: 'object' } } }];
const QUESTION = { role: 'user', content: 'Which one is warmer?' } as const;

function callOf(city: string): object {
  return { function: { name: 'get_weather', arguments: { city } } };
}

/** A server that gives one answer after the other, and what it was asked for. */
async function scripted(...answers: readonly (readonly object[])[]) {
  let asked = 0;
  const server = await loopback(({ response }) => {
    const lines = answers[asked++] ?? [];
    response.writeHead(200, { 'content-type': 'application/x-ndjson' });
    response.end(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  });
  const bodies = () =>
    server.exchanges.map(({ body }) => JSON.parse(body) as { messages: readonly object[] });
  return { url: server.url, bodies };
}

const run = runTools({
  get_weather(input) {
    const { city } = input as { readonly city: string };
    return city === 'Atlantis'
      ? throwError(() => new ToolError('No such city'))
      : of({ celsius: city.length });
  },
});

it('a loop of tools ends with the answer that the results lead to', async () => {
  const { url, bodies } = await scripted(
    [chat({ thinking: 'Both' }), chat({ tool_calls: [callOf('Oslo'), callOf('Bergen')] }), last()],
    [chat({ content: 'One more' }), chat({ tool_calls: [{ id: 'c', ...callOf('Atlantis') }] }), last()],
    [chat({ content: 'Bergen' }), chat({ content: ' is warmer' }), last()],
  );
  const ask = (messages: readonly object[]) =>
    streamOllama(
      {
        model: 'm',
        tools: TOOLS,
        messages: ollamaMessagesOf(messages as readonly TurnMessage[], { system: 'Be brief.' }),
      },
      { baseURL: url },
    );
  const found: readonly StreamEvent[] = await lastValueFrom(
    streamTurn([QUESTION], { ask, run }).pipe(toArray()),
  );

  expect(answersIn(found).map(({ text }) => text)).toEqual(['', 'One more', 'Bergen is warmer']);
  const [first, , third] = bodies();
  expect(first).toMatchObject({
    model: 'm',
    stream: true,
    tools: TOOLS,
    messages: [{ role: 'system', content: 'Be brief.' }, QUESTION],
  });
  const ids = ['call_20260101T000000Z_1', 'call_20260101T000000Z_2'];
  const result = (tool_call_id: string | undefined, content: string) => ({
    role: 'tool',
    content,
    tool_name: 'get_weather',
    tool_call_id,
  });
  expect(third?.messages).toEqual([
    { role: 'system', content: 'Be brief.' },
    QUESTION,
    {
      role: 'assistant',
      content: '',
      thinking: 'Both',
      tool_calls: ['Oslo', 'Bergen'].map((city, at) => ({ id: ids[at], ...callOf(city) })),
    },
    result(ids[0], '{"celsius":4}'),
    result(ids[1], '{"celsius":6}'),
    { role: 'assistant', content: 'One more', tool_calls: [{ id: 'c', ...callOf('Atlantis') }] },
    result('c', 'Error: No such city'),
  ]);
});
