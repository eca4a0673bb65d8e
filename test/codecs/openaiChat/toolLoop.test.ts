import { lastValueFrom, of, throwError, toArray } from 'rxjs';
import type { TurnMessage } from '../../../src/events/turnMessage.js';
import { chatMessagesOf, streamChat, type ChatRequestMessage } from '../../../src/openai.js';
import { runTools } from '../../../src/operators/runTools.js';
import { streamTurn } from '../../../src/turns/streamTurn.js';
import { closeLoopbacks, loopback, type Loopback } from '../../sources/loopback.js';
import { answersIn } from '../conformance/answerIn.js';
import { call, chunk, counted, reason, text } from './chunks.js';

afterEach(closeLoopbacks);

const DEGREES: Readonly<Record<string, number>> = { Oslo: 4, Rome: 19 };

const weather = runTools({
  get_weather(input) {
    const { city } = input as { readonly city: string };
    const degrees = DEGREES[city];
    return degrees === undefined ? throwError(() => new Error('No such city')) : of({ city, degrees });
  },
});

/** A model that asks for the weather of three cities, and then names the warmest of those that it was told of. */
function scripted(): Promise<Loopback> {
  return loopback(({ body, response }) => {
    const { messages } = JSON.parse(body) as { readonly messages: readonly ChatRequestMessage[] };
    const told = messages.filter((message) => message.role === 'tool').map(({ content }) => content);
    const sent = told.length === 0 ? ASKS : [...warmest(told), reason('stop')];
    const all = [...sent, counted({ prompt_tokens: 9, completion_tokens: 5, total_tokens: 14 })];
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.end(`${all.map((value) => `data: ${JSON.stringify(value)}\n\n`).join('')}data: [DONE]\n\n`);
  });
}

const ASKS = [
  chunk({ role: 'assistant', content: '' }),
  chunk({ reasoning_content: 'I need the weather.' }),
  text('One moment.'),
  ...['Oslo', 'Rome', 'Atlantis'].flatMap((city, index) => [
    call({ index, id: `call_${city}`, type: 'function', function: { name: 'get_weather', arguments: '' } }),
    call({ index, function: { arguments: '{"city":' } }),
    call({ index, function: { arguments: `"${city}"}` } }),
  ]),
  // As many servers end an answer that calls.
  reason('stop'),
];

function warmest(told: readonly string[]): readonly object[] {
  const known = told.filter((content) => !content.startsWith('Error: '));
  const cities = known.map(
    (content) => JSON.parse(content) as { readonly city: string; readonly degrees: number },
  );
  const [first] = cities.sort((a, b) => b.degrees - a.degrees);
  return [text(`Of ${told.length}, ${first?.city} `), text('is the warmest.')];
}

it('a loop of tools over chat completions ends with the right answer', async () => {
  const server = await scripted();
  const ask = (messages: readonly object[]) =>
    streamChat(
      {
        model: 'm-1',
        messages: chatMessagesOf(messages as readonly TurnMessage[], { reasoning: 'reasoning_content' }),
        tools: [{ type: 'function', function: { name: 'get_weather' } }],
      },
      { baseURL: server.url, apiKey: 'sk-test' },
    );
  const question = { role: 'user', content: 'Which is the warmest?' } as const;
  const answers = answersIn(
    await lastValueFrom(streamTurn([question], { ask, run: weather }).pipe(toArray())),
  ).map((answer) => answer.text);

  expect(answers).toEqual(['One moment.', 'Of 3, Rome is the warmest.']);
  expect(server.exchanges).toHaveLength(2);
  const { messages } = JSON.parse(server.last.body) as { readonly messages: unknown };
  expect(messages).toEqual([
    question,
    {
      role: 'assistant',
      content: 'One moment.',
      reasoning_content: 'I need the weather.',
      tool_calls: ['Oslo', 'Rome', 'Atlantis'].map((city) => ({
        id: `call_${city}`,
        type: 'function',
        function: { name: 'get_weather', arguments: `{"city":"${city}"}` },
      })),
    },
    { role: 'tool', tool_call_id: 'call_Oslo', content: '{"city":"Oslo","degrees":4}' },
    { role: 'tool', tool_call_id: 'call_Rome', content: '{"city":"Rome","degrees":19}' },
    { role: 'tool', tool_call_id: 'call_Atlantis', content: 'Error: get_weather failed' },
  ]);
});
