import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { HttpAgent } from '@ag-ui/client';
import { DefaultChatTransport, readUIMessageStream, type UIMessage } from 'ai';
import { events, type StreamEvent } from '../../src/index.js';
import { nodeHandler } from '../../src/server.js';
import { ANSWER, beginStream, closeLoopbacks, loopback, type Loopback } from '../sources/loopback.js';
import { agUiHandler } from './servers/agUi.js';
import { useChatHandler } from './servers/useChat.js';

const CALL: readonly StreamEvent[] = [
  events.messageStart({ id: 'msg_0', model: 'claude' }),
  events.toolUseStart(0, 'toolu_1', 'get_weather'),
  events.inputJsonDelta(0, '{"city":"Oslo"}'),
  events.blockStop(0),
  events.messageDelta('tool_use'),
  events.messageStop(),
];

const servers: Server[] = [];
const { env } = process;
const before = env['ANTHROPIC_BASE_URL'];

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
  await closeLoopbacks();
});

afterAll(() => {
  if (before === undefined) delete env['ANTHROPIC_BASE_URL'];
  else env['ANTHROPIC_BASE_URL'] = before;
});

async function served(handler: (request: Request) => Promise<Response>): Promise<string> {
  const server = createServer(nodeHandler(handler)).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A provider that gives these answers, one after the other. */
async function provider(...answers: readonly (readonly StreamEvent[])[]): Promise<Loopback> {
  const upstream = await loopback((exchange) => {
    beginStream(exchange, ...(answers[upstream.exchanges.length - 1] ?? []));
    exchange.response.end();
  });
  env['ANTHROPIC_BASE_URL'] = upstream.url;
  return upstream;
}

function askedOf({ exchanges }: Loopback): unknown[] {
  return exchanges.map(({ body }) => (JSON.parse(body) as { messages: unknown }).messages);
}

describe('a server for useChat', () => {
  const question: UIMessage = {
    id: '1',
    role: 'user',
    parts: [{ type: 'text', text: 'Is it fine in Oslo?' }],
  };

  async function asked(api: string, messages: UIMessage[]): Promise<UIMessage> {
    const transport = new DefaultChatTransport({ api });
    const stream = await transport.sendMessages({
      chatId: 'c',
      trigger: 'submit-message',
      messageId: undefined,
      messages,
      abortSignal: undefined,
    });
    let answer: UIMessage | undefined;
    for await (const message of readUIMessageStream({ stream })) answer = message;
    if (answer === undefined) throw new Error('Nothing came');
    return answer;
  }

  it('answers with all rounds of a turn, and goes on from what its client keeps of it', async () => {
    const upstream = await provider(CALL, ANSWER, ANSWER);
    const api = await served(useChatHandler);
    const answer = await asked(api, [question]);
    expect(answer.parts.filter(({ type }) => type !== 'step-start')).toMatchObject([
      {
        type: 'tool-get_weather',
        state: 'output-available',
        input: { city: 'Oslo' },
        output: 'Fine in Oslo',
      },
      { type: 'text', text: 'Hello' },
    ]);
    await asked(api, [question, answer, { ...question, id: '2' }]);
    const user = { role: 'user', content: [{ type: 'text', text: 'Is it fine in Oslo?' }] };
    const round = [
      {
        role: 'assistant',
        content: [{ type: 'tool_use', id: 'toolu_1', name: 'get_weather', input: { city: 'Oslo' } }],
      },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'toolu_1', content: 'Fine in Oslo' }] },
    ];
    const reply = { role: 'assistant', content: [{ type: 'text', text: 'Hello' }] };
    expect(askedOf(upstream)).toMatchObject([[user], [user, ...round], [user, ...round, reply, user]]);
  });
});

describe('a server for AG-UI', () => {
  it('answers with the run that was asked for, and goes on from what its client keeps of it', async () => {
    const upstream = await provider(ANSWER, ANSWER);
    const agent = new HttpAgent({ url: await served(agUiHandler), threadId: 'thread_1' });
    const runs: unknown[] = [];
    agent.addMessage({ id: '1', role: 'user', content: 'Hi' });
    await agent.runAgent({ runId: 'run_1' }, { onRunStartedEvent: ({ event }) => void runs.push(event) });
    expect(runs).toMatchObject([{ threadId: 'thread_1', runId: 'run_1' }]);
    expect(agent.messages).toMatchObject([{ role: 'user' }, { role: 'assistant', content: 'Hello' }]);
    agent.addMessage({ id: '2', role: 'user', content: 'And?' });
    await agent.runAgent({ runId: 'run_2' });
    const said = (role: string, text: string): object => ({ role, content: [{ type: 'text', text }] });
    expect(askedOf(upstream)).toEqual([
      [said('user', 'Hi')],
      [said('user', 'Hi'), said('assistant', 'Hello'), said('user', 'And?')],
    ]);
  });
});
