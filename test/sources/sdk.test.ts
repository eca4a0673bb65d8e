import Anthropic from '@anthropic-ai/sdk';
import { defer, from, lastValueFrom, toArray } from 'rxjs';
import * as events from '../../src/events/make.js';
import type { StreamEvent } from '../../src/events/event.js';
import { accumulateMessage } from '../../src/operators/accumulateMessage.js';
import { dropPings } from '../../src/operators/dropPings.js';
import { retryBeforeOutput } from '../../src/operators/retryBeforeOutput.js';
import { textDeltas } from '../../src/operators/textDeltas.js';
import { toBlocks } from '../../src/operators/toBlocks.js';
import { toMessage } from '../../src/operators/toMessage.js';
import { toText } from '../../src/operators/toText.js';
import { untilTerminal } from '../../src/operators/untilTerminal.js';
import { streamMessages } from '../../src/sources/streamMessages.js';
import { beginStream, closeLoopbacks, loopback } from './loopback.js';
import { failureOf, outcomeOf } from './outcome.js';

afterEach(closeLoopbacks);

const PARAMS = {
  model: 'claude-sonnet-5-5',
  max_tokens: 100,
  messages: [{ role: 'user' as const, content: 'Weather in Paris?' }],
};

/** Thinking, text and a call of a tool. */
const REPLY: readonly StreamEvent[] = [
  events.messageStart({
    id: 'msg_1',
    model: 'claude-sonnet-5-5',
    usage: { input_tokens: 12, output_tokens: 1 },
  }),
  events.ping(),
  events.thinkingStart(0),
  events.thinkingDelta(0, 'They ask '),
  events.thinkingDelta(0, 'for the weather.'),
  events.signatureDelta(0, 'c2lnbmF0dXJl'),
  events.blockStop(0),
  events.textStart(1),
  events.textDelta(1, 'I shall '),
  events.textDelta(1, 'look. 🌦'),
  events.blockStop(1),
  events.toolUseStart(2, 'toolu_1', 'get_weather'),
  events.inputJsonDelta(2, ''),
  events.inputJsonDelta(2, '{"city": "Pa'),
  events.inputJsonDelta(2, 'ris", "days": [1, 2]}'),
  events.blockStop(2),
  events.messageDelta('tool_use', { output_tokens: 42, input_tokens: 12 }),
  events.messageStop(),
];

/** The official client, that talks to a server which answers so. */
async function client(reply: readonly StreamEvent[] = REPLY) {
  const server = await loopback((exchange) => {
    beginStream(exchange, ...reply);
    exchange.response.end();
  });
  return { server, client: new Anthropic({ apiKey: 'sk-test', baseURL: server.url, maxRetries: 0 }) };
}

/** What the official client makes of the same answer, without what it adds of its own. */
async function finalMessage() {
  const { client: anthropic } = await client();
  const { parsed_output: _ours, ...message } = await anthropic.messages.stream(PARAMS).finalMessage();
  return message;
}

describe('the official SDK', () => {
  it('has a stream that pipes through the operators', async () => {
    const { client: anthropic } = await client();
    const stream = from(await anthropic.messages.create({ ...PARAMS, stream: true }));
    const message = await lastValueFrom(stream.pipe(dropPings(), untilTerminal(), toMessage()));
    expect(message).toEqual(await finalMessage());
  });

  it('has a MessageStream that pipes through the operators', async () => {
    const { client: anthropic } = await client();
    const stream = anthropic.messages.stream(PARAMS);
    const message = await lastValueFrom(from(stream).pipe(accumulateMessage()));
    expect(await stream.finalMessage()).toMatchObject(message);
    expect(message).toEqual(await finalMessage());
  });

  it('has a MessageStream that untilTerminal ends at message_stop', async () => {
    const { client: anthropic } = await client();
    const stream = from(anthropic.messages.stream(PARAMS));
    const message = await lastValueFrom(stream.pipe(untilTerminal(), toMessage()));
    expect(message).toEqual(await finalMessage());
  });

  it('sends the body that streamMessages sends, and gets the same message', async () => {
    const { client: anthropic, server } = await client();
    await anthropic.messages.stream(PARAMS).finalMessage();
    const theirs = server.last;
    const message = await lastValueFrom(
      streamMessages(PARAMS, { apiKey: 'sk-test', baseURL: server.url }).pipe(untilTerminal(), toMessage()),
    );
    const ours = server.last;
    expect(message).toEqual(await finalMessage());
    expect(ours.request.url).toBe(theirs.request.url);
    expect(JSON.parse(ours.body)).toEqual(JSON.parse(theirs.body));
    expect(ours.request.method).toBe(theirs.request.method);
    expect(ours.request.headers['content-type']).toBe(theirs.request.headers['content-type']);
  });

  it('has a stream whose text and blocks can be gathered', async () => {
    const { client: anthropic } = await client();
    const stream = async () => from(await anthropic.messages.create({ ...PARAMS, stream: true }));
    expect(await lastValueFrom((await stream()).pipe(toText()))).toBe('I shall look. 🌦');
    expect(await lastValueFrom((await stream()).pipe(textDeltas(), toArray()))).toEqual([
      'I shall ',
      'look. 🌦',
    ]);
    expect(await lastValueFrom((await stream()).pipe(toBlocks(), toArray()))).toMatchObject([
      { type: 'thinking', status: 'complete', index: 0 },
      { type: 'text', status: 'complete', index: 1 },
      { type: 'tool_use', status: 'complete', index: 2, input: { city: 'Paris', days: [1, 2] } },
    ]);
  });

  it('lets an answer that is cut off pass for a whole one, where untilTerminal tells', async () => {
    const { client: anthropic } = await client(REPLY.slice(0, 9));
    const stream = from(await anthropic.messages.create({ ...PARAMS, stream: true }));
    expect(await failureOf(stream.pipe(untilTerminal()))).toMatchObject({ code: 'truncated' });
  });

  it('has its request closed when the operators are done with it', async () => {
    const server = await loopback((exchange) => beginStream(exchange, ...REPLY));
    const anthropic = new Anthropic({ apiKey: 'sk-test', baseURL: server.url, maxRetries: 0 });
    const stream = from(await anthropic.messages.create({ ...PARAMS, stream: true }));
    await lastValueFrom(stream.pipe(untilTerminal()));
    expect(await server.last.cutOff).toBe(true);
  });

  it('takes back the message as the next turn', async () => {
    const { client: anthropic, server } = await client();
    const message = await lastValueFrom(
      from(await anthropic.messages.create({ ...PARAMS, stream: true })).pipe(toMessage()),
    );
    const { role, content } = message;
    await anthropic.messages.stream({ ...PARAMS, messages: [...PARAMS.messages, { role, content }] }).done();
    expect(JSON.parse(server.last.body)).toMatchObject({ messages: [{}, { role: 'assistant', content }] });
  });
});

describe('a failure of the official SDK', () => {
  const failing = async (status: number, type: string) => {
    const server = await loopback(({ response }) => {
      const headers = { 'content-type': 'application/json', 'request-id': 'req_sdk' };
      response.writeHead(status, headers);
      response.end(JSON.stringify({ type: 'error', error: { type, message: 'said by the server' } }));
    });
    const anthropic = new Anthropic({ apiKey: 'sk-test', baseURL: server.url, maxRetries: 0 });
    return { server, anthropic };
  };

  it.each([
    [401, 'authentication_error', false],
    [413, 'request_too_large', false],
    [429, 'rate_limit_error', true],
    [529, 'overloaded_error', true],
  ])(
    'with the status %i keeps its identity and its status through the operators',
    async (status, type, retryable) => {
      const { anthropic } = await failing(status, type);
      const stream = () => from(anthropic.messages.stream(PARAMS)).pipe(untilTerminal());
      for (const gathered of [
        stream().pipe(toMessage()),
        stream().pipe(toText()),
        stream().pipe(accumulateMessage()),
      ]) {
        const error = await failureOf(gathered);
        expect(error).toMatchObject({ code: 'source', status, retryable });
        expect(error.cause).toBeInstanceOf(Anthropic.APIError);
        expect(error.cause).toMatchObject({ status, requestID: 'req_sdk' });
      }
      // What attaches nothing passes it as it is.
      expect((await outcomeOf(stream().pipe(toBlocks()))).error).toBeInstanceOf(Anthropic.APIError);
    },
  );

  it('is asked again by retryBeforeOutput where its status is worth it', async () => {
    for (const [status, type, asked] of [
      [401, 'authentication_error', 1],
      [529, 'overloaded_error', 3],
    ] as const) {
      const { server, anthropic } = await failing(status, type);
      const ask = defer(() => from(anthropic.messages.stream(PARAMS)));
      const error = await failureOf(ask.pipe(retryBeforeOutput({ delay: 0 }), toMessage()));
      expect(error).toMatchObject({ code: 'source', status });
      expect(server.exchanges).toHaveLength(asked);
    }
  });
});
