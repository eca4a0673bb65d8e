import type { ContentBlock, ConverseStreamCommandInput, Message } from '@aws-sdk/client-bedrock-runtime';
import { lastValueFrom, of, throwError, toArray } from 'rxjs';
import { bedrockConverse } from '../../../src/bedrock.js';
import { ToolError } from '../../../src/errors/toolError.js';
import type { StreamEvent } from '../../../src/events/event.js';
import { runTools } from '../../../src/operators/runTools.js';
import { streamEvents } from '../../../src/sources/streamEvents.js';
import type { Frame } from '../../../src/wire/frame.js';
import { streamTurn } from '../../../src/turns/streamTurn.js';
import { closeLoopbacks, loopback } from '../../sources/loopback.js';
import { answersIn } from '../conformance/answerIn.js';
import { bytesOf } from '../conformance/spelling.js';
import { delta, messageStop, start, START, stop, USAGE } from './frames.js';

afterEach(closeLoopbacks);

const QUESTION = { role: 'user', content: 'Which one is warmer?' } as const;

/** A turn as the Messages API takes it. */
interface Turn {
  readonly role: 'user' | 'assistant';
  readonly content: unknown;
}

/** A block of a turn, as far as this conversation has any. */
type Block =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'thinking'; readonly thinking: string; readonly signature: string }
  | { readonly type: 'tool_use'; readonly id: string; readonly name: string; readonly input: object }
  | {
      readonly type: 'tool_result';
      readonly tool_use_id: string;
      readonly content: string;
      readonly is_error: boolean;
    };

/** The messages of a request, as the official client takes them. */
function converseMessagesOf(turns: readonly Turn[]): Message[] {
  return turns.map(({ role, content }) => ({
    role,
    content: typeof content === 'string' ? [{ text: content }] : (content as readonly Block[]).map(blockOf),
  }));
}

function blockOf(block: Block): ContentBlock {
  switch (block.type) {
    case 'text':
      return { text: block.text };
    case 'thinking':
      return { reasoningContent: { reasoningText: { text: block.thinking, signature: block.signature } } };
    case 'tool_use':
      return { toolUse: { toolUseId: block.id, name: block.name, input: block.input as never } };
    case 'tool_result': {
      const status = block.is_error ? 'error' : 'success';
      return { toolResult: { toolUseId: block.tool_use_id, content: [{ text: block.content }], status } };
    }
  }
}

function call(index: number, city: string): readonly Frame[] {
  return [
    start(index, { toolUse: { toolUseId: `tooluse_${city}`, name: 'get_weather' } }),
    delta(index, { toolUse: { input: '{"city":' } }),
    delta(index, { toolUse: { input: `"${city}"}` } }),
    stop(index),
  ];
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
  const answers: readonly (readonly Frame[])[] = [
    [
      delta(0, { reasoningContent: { text: 'Both' } }),
      delta(0, { reasoningContent: { signature: 'c2ln' } }),
      stop(0),
      ...call(1, 'Oslo'),
      ...call(2, 'Bergen'),
      messageStop('tool_use'),
    ],
    [delta(0, { text: 'One more' }), stop(0), ...call(1, 'Atlantis'), messageStop('tool_use')],
    [delta(0, { text: 'Bergen' }), delta(0, { text: ' is warmer' }), stop(0), messageStop()],
  ];
  let asked = 0;
  const server = await loopback(({ response }) => {
    response.writeHead(200, { 'content-type': 'application/vnd.amazon.eventstream' });
    response.end(bytesOf(bedrockConverse, [START, ...(answers[asked++] ?? []), USAGE]));
  });
  const ask = (turns: readonly Turn[]) => {
    const body: Omit<ConverseStreamCommandInput, 'modelId'> = { messages: converseMessagesOf(turns) };
    const init = { codec: bedrockConverse, method: 'POST', body: JSON.stringify(body) };
    return streamEvents(`${server.url}/model/m/converse-stream`, init);
  };
  const found: readonly StreamEvent[] = await lastValueFrom(
    streamTurn([QUESTION], { ask, run }).pipe(toArray()),
  );

  expect(answersIn(found).map(({ text }) => text)).toEqual(['', 'One more', 'Bergen is warmer']);
  expect(server.exchanges.map(({ request }) => request.headers.accept)).toEqual(
    Array(3).fill('application/vnd.amazon.eventstream'),
  );
  const toolUse = (city: string) => ({
    toolUse: { toolUseId: `tooluse_${city}`, name: 'get_weather', input: { city } },
  });
  const toolResult = (city: string, text: string, status = 'success') => ({
    toolResult: { toolUseId: `tooluse_${city}`, content: [{ text }], status },
  });
  expect(JSON.parse(server.last.body)).toEqual({
    messages: [
      { role: 'user', content: [{ text: 'Which one is warmer?' }] },
      {
        role: 'assistant',
        content: [
          { reasoningContent: { reasoningText: { text: 'Both', signature: 'c2ln' } } },
          toolUse('Oslo'),
          toolUse('Bergen'),
        ],
      },
      { role: 'user', content: [toolResult('Oslo', '{"celsius":4}'), toolResult('Bergen', '{"celsius":6}')] },
      { role: 'assistant', content: [{ text: 'One more' }, toolUse('Atlantis')] },
      { role: 'user', content: [toolResult('Atlantis', 'No such city', 'error')] },
    ],
  });
});
