import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { EventType, HttpAgent, type BaseEvent } from '@ag-ui/client';
import { EventEncoder } from '@ag-ui/encoder';
import { concat, lastValueFrom, of, throwError, toArray, type Observable } from 'rxjs';
import { agUi, agUiRun } from '../../../src/ag-ui.js';
import type { StreamEvent } from '../../../src/events/event.js';
import * as events from '../../../src/events/make.js';
import type { TurnMessage } from '../../../src/events/turnMessage.js';
import {
  accumulateState,
  runTools,
  streamEvents,
  streamTurn,
  toMessage,
  toText,
} from '../../../src/index.js';
import { nodeHandler, respond } from '../../../src/server.js';
import { closeLoopbacks, loopback } from '../../sources/loopback.js';

const servers: Server[] = [];

afterEach(async () => {
  await closeLoopbacks();
  await Promise.all(servers.splice(0).map((server) => (server.close(), once(server, 'close'))));
});

/** A server of this library that answers the request of a run with a stream. */
async function agentOf(answer: () => Observable<StreamEvent>): Promise<HttpAgent> {
  const server = createServer(
    nodeHandler(async (request) => {
      const { threadId, runId } = (await request.json()) as { threadId: string; runId: string };
      return respond(answer(), { codec: agUiRun({ threadId, runId }), signal: request.signal });
    }),
  );
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return new HttpAgent({ url: `http://127.0.0.1:${port}`, threadId: 'thread_1' });
}

/** A model that asks for a tool, and then says what it gave. */
function model(messages: readonly TurnMessage[]): Observable<StreamEvent> {
  const last = JSON.stringify(messages.at(-1)?.content);
  if (messages.length > 1) {
    return of(
      events.messageStart({ id: 'msg_2', model: 'm-1' }),
      events.textStart(0),
      events.textDelta(0, `It is ${/\d+ °C/.exec(last)?.[0] ?? 'unknown'}.`),
      events.blockStop(0),
      events.messageDelta('end_turn', { input_tokens: 20, output_tokens: 6 }),
      events.messageStop(),
    );
  }
  return of(
    events.messageStart({ id: 'msg_1', model: 'm-1' }),
    events.textStart(0),
    events.textDelta(0, 'Let me look.'),
    events.blockStop(0),
    events.toolUseStart(1, 'call_a', 'get_weather'),
    events.inputJsonDelta(1, '{"city":"Oslo"}'),
    events.blockStop(1),
    events.messageDelta('tool_use', { input_tokens: 9, output_tokens: 5 }),
    events.messageStop(),
  );
}

describe('the official client, fed over HTTP', () => {
  const asked: readonly TurnMessage[] = [{ role: 'user', content: 'How warm is it?' }];

  it('has the rounds of a turn as one run', async () => {
    const run = runTools({ get_weather: () => of('looking', '4 °C') });
    const agent = await agentOf(() => streamTurn(asked, { ask: model, run }));
    const seen: BaseEvent[] = [];
    await agent.runAgent({ runId: 'run_1' }, { onEvent: ({ event }) => void seen.push(event) });
    expect(agent.messages).toEqual([
      {
        id: 'run_1_b0',
        role: 'assistant',
        content: 'Let me look.',
        toolCalls: [
          { id: 'call_a', type: 'function', function: { name: 'get_weather', arguments: '{"city":"Oslo"}' } },
        ],
      },
      { id: 'run_1_r0', role: 'tool', toolCallId: 'call_a', content: '4 °C' },
      { id: 'run_1_b2', role: 'assistant', content: 'It is 4 °C.' },
    ]);
    expect(seen.filter(({ type }) => type === EventType.CUSTOM)).toMatchObject([
      { name: 'tool_progress', value: { toolCallId: 'call_a', content: 'looking' } },
    ]);
    expect(seen.at(-1)).toEqual({
      type: 'RUN_FINISHED',
      threadId: 'thread_1',
      runId: 'run_1',
      usage: [
        { model: 'm-1', inputTokens: 9, outputTokens: 5 },
        { model: 'm-1', inputTokens: 20, outputTokens: 6 },
      ],
      metadata: { stop_reason: 'end_turn' },
    });
  });

  it('is asked to approve a call that waits', async () => {
    const run = runTools({ get_weather: () => '4 °C' }, { approve: () => 'later' });
    const agent = await agentOf(() => streamTurn(asked, { ask: model, run }));
    await agent.runAgent({ runId: 'run_1' });
    expect(agent.pendingInterrupts).toEqual([{ id: 'call_a', reason: 'tool_call', toolCallId: 'call_a' }]);
  });

  it('is told which calls are its own', async () => {
    const agent = await agentOf(() => model(asked));
    const pending: unknown[] = [];
    await agent.runAgent(
      { runId: 'run_1' },
      {
        onRunFinishedEvent: (params) => {
          if (params.outcome === 'success') pending.push(params.pendingToolCallIds);
        },
      },
    );
    expect(pending).toEqual([['call_a']]);
  });

  it('is told that the answer failed, and has no call that it could take for whole', async () => {
    const failing = concat(
      of(
        events.messageStart({ id: 'msg_1' }),
        events.toolUseStart(0, 'call_a', 'get_weather'),
        events.inputJsonDelta(0, '{}'),
      ),
      throwError(() => new Error('The words of the provider')),
    );
    const agent = await agentOf(() => failing);
    const failures: unknown[] = [];
    await agent.runAgent({ runId: 'run_1' }, { onRunErrorEvent: ({ event }) => void failures.push(event) });
    expect(failures).toMatchObject([{ type: 'RUN_ERROR' }]);
    expect(JSON.stringify([failures, agent.messages])).not.toContain('words of the provider');
    expect(agent.messages).toMatchObject([
      { toolCalls: [{ function: { arguments: '{}{' } }] },
      { role: 'tool', toolCallId: 'call_a' },
    ]);
  });
});

describe('a server on the official encoder', () => {
  const encoder = new EventEncoder();
  const RUN = { threadId: 'thread_1', runId: 'run_1' };
  const TEXT = { messageId: 'msg_1' };
  const CALL = { toolCallId: 'call_a' };
  const ANSWER: readonly BaseEvent[] = [
    { type: EventType.RUN_STARTED, ...RUN },
    { type: EventType.STEP_STARTED, stepName: 'plan' },
    { type: EventType.REASONING_START, messageId: 'rs_1' },
    { type: EventType.REASONING_MESSAGE_START, messageId: 'rs_1', role: 'reasoning' },
    { type: EventType.REASONING_MESSAGE_CONTENT, messageId: 'rs_1', delta: 'Hm.' },
    { type: EventType.REASONING_MESSAGE_END, messageId: 'rs_1' },
    { type: EventType.REASONING_END, messageId: 'rs_1' },
    { type: EventType.TEXT_MESSAGE_START, ...TEXT, role: 'assistant' },
    { type: EventType.TEXT_MESSAGE_CONTENT, ...TEXT, delta: 'Let me ' },
    { type: EventType.TOOL_CALL_START, ...CALL, toolCallName: 'get_weather', parentMessageId: 'msg_1' },
    { type: EventType.TEXT_MESSAGE_CONTENT, ...TEXT, delta: 'look.' },
    { type: EventType.TOOL_CALL_ARGS, ...CALL, delta: '{"city":"Oslo"}' },
    { type: EventType.TOOL_CALL_END, ...CALL },
    { type: EventType.TEXT_MESSAGE_END, ...TEXT },
    { type: EventType.TOOL_CALL_RESULT, ...CALL, messageId: 'res_1', content: '4 °C' },
    { type: EventType.TEXT_MESSAGE_CHUNK, messageId: 'msg_2', delta: 'It is ' },
    { type: EventType.TEXT_MESSAGE_CHUNK, delta: '4 °C.' },
    { type: EventType.STEP_FINISHED, stepName: 'plan' },
    { type: EventType.RUN_FINISHED, ...RUN, usage: [{ model: 'm-1', inputTokens: 9, outputTokens: 5 }] },
  ];

  async function serving(sent: readonly BaseEvent[]): Promise<Observable<StreamEvent>> {
    const server = await loopback(({ response }) => {
      response.writeHead(200, { 'content-type': encoder.getContentType() });
      for (const event of sent) response.write(encoder.encodeSSE(event));
      response.end();
    });
    return streamEvents(server.url, { codec: agUi, method: 'POST', body: '{}' });
  }

  it('is read by the operators', async () => {
    const stream = await serving(ANSWER);
    expect(await lastValueFrom(stream.pipe(toMessage()))).toMatchObject({
      id: 'run_1',
      threadId: 'thread_1',
      stop_reason: 'end_turn',
      usage: { input_tokens: 9, output_tokens: 5 },
      content: [
        { type: 'thinking', thinking: 'Hm.' },
        { type: 'text', text: 'Let me look.', messageId: 'msg_1' },
        { type: 'tool_use', id: 'call_a', name: 'get_weather', input: { city: 'Oslo' } },
        { type: 'text', text: 'It is 4 °C.', messageId: 'msg_2' },
      ],
    });
    const state = await lastValueFrom((await serving(ANSWER)).pipe(accumulateState()));
    expect(state).toMatchObject({
      status: 'done',
      calls: [{ id: 'call_a', status: 'done', result: '4 °C' }],
    });
    expect(await lastValueFrom((await serving(ANSWER)).pipe(toText()))).toBe('Let me look.\n\nIt is 4 °C.');
  });

  it('is truncated without the end of its run, which the official client takes for success', async () => {
    const stream = await serving(ANSWER.slice(0, -1));
    await expect(lastValueFrom(stream.pipe(toMessage()))).rejects.toMatchObject({ code: 'truncated' });
  });

  it('fails as it says', async () => {
    const failed = { type: EventType.RUN_ERROR, message: 'Too much', code: 'rate_limit_error' };
    const stream = await serving([...ANSWER.slice(0, 9), failed]);
    await expect(lastValueFrom(stream.pipe(toMessage()))).rejects.toMatchObject({
      code: 'api',
      status: 429,
      retryable: true,
    });
  });

  it('goes back to its client as it came: text, call, result and end', async () => {
    const first = await lastValueFrom((await serving(ANSWER)).pipe(toArray()));
    const agent = await agentOf(() => of(...first));
    await agent.runAgent({ runId: 'run_2' });
    expect(agent.messages).toMatchObject([
      { role: 'reasoning', content: 'Hm.' },
      { id: 'msg_1', role: 'assistant', content: 'Let me look.', toolCalls: [{ id: 'call_a' }] },
      { role: 'tool', toolCallId: 'call_a', content: '4 °C' },
      { id: 'msg_2', role: 'assistant', content: 'It is 4 °C.' },
    ]);
  });
});
