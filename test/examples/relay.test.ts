import OpenAI from 'openai';
import { lastValueFrom, toArray } from 'rxjs';
import { PROTOCOLS } from '../../examples/relay/protocols.js';
import { anthropic } from '../../src/anthropic.js';
import { events, fromBytes, streamEvents, type Codec, type StreamEvent } from '../../src/index.js';
import { modelrelay } from '../../src/modelrelay.js';
import { answersIn, partOf, type Answer } from '../codecs/conformance/answerIn.js';
import type { Carries } from '../codecs/conformance/carries.js';
import { PROTOCOLS as TABLE } from '../codecs/conformance/protocols.js';
import { carriedBy } from '../codecs/conformance/scope.js';
import { bytesOf, framesOf } from '../codecs/conformance/spelling.js';
import { ANSWER, beginStream, closeLoopbacks, loopback, wire, type Exchange } from '../sources/loopback.js';
import { closeRelays, Reader, relaying, Timers } from './relaying.js';

/** An answer with a call between two texts. */
const TRIP: readonly StreamEvent[] = [
  events.messageStart({ id: 'msg_1', model: 'claude-sonnet-4-5' }),
  events.textStart(0),
  events.textDelta(0, '宇治 for 抹茶 🍵,\r\n'),
  events.textDelta(0, 'by the slow train.\n\n'),
  events.blockStop(0),
  events.toolUseStart(1, 'toolu_1', 'plan_trip'),
  events.inputJsonDelta(1, '{"days":'),
  events.inputJsonDelta(1, '[1,2.5],"note":"a\\r\\nb"}'),
  events.blockStop(1),
  events.textStart(2),
  events.textDelta(2, 'Planned.'),
  events.blockStop(2),
  events.messageDelta('end_turn', { input_tokens: 12, output_tokens: 34 }),
  events.messageStop(),
];

const PAIRS = Array.from(PROTOCOLS.values(), (from) =>
  Array.from(PROTOCOLS.values(), (to) => [from, to] as const),
)
  .flat()
  .map(([from, to]) => [from.name, to.name, from, to] as const);

afterEach(async () => {
  await closeRelays();
  await closeLoopbacks();
});

function sends(codec: Codec, given: readonly StreamEvent[]): (exchange: Exchange) => void {
  return ({ response }) => response.end(bytesOf(codec, framesOf(codec, given)));
}

function eventsIn(answer: string, codec: Codec = anthropic): Promise<readonly StreamEvent[]> {
  return lastValueFrom(fromBytes(answer, { codec }).pipe(toArray()));
}

function carriesOf(codec: Codec): Carries {
  const row = TABLE.find((row) => row.codec.name === codec.name);
  if (row === undefined) throw new Error(`${codec.name} has no row in the table of protocols`);
  return row.carries;
}

async function whole(url: string): Promise<string> {
  return (await fetch(url)).text();
}

describe('a relay', () => {
  it.each(PAIRS)('from %s to %s gives the same message', async (_from, _to, from, to) => {
    const upstream = await loopback(sends(from, TRIP));
    const relay = await relaying({ upstream: upstream.url, codec: from });
    const read = streamEvents(`${relay}/${to.name}`, { codec: to, method: 'POST', body: '{}' });
    const answers = answersIn(await lastValueFrom(read.pipe(toArray())));
    const carried = carriedBy(carriesOf(from), carriesOf(to));

    const part = (answer: Answer): object => partOf(answer, carried);
    expect(answers.map(part)).toEqual(answersIn(TRIP).map(part));
    // Texts that no call parts may be one.
    const types = answers[0]?.message?.content.map(({ type }) => type);
    if (carried.has('toolUse')) expect(types).toEqual(['text', 'tool_use', 'text']);
  });

  it.each([
    ['anthropic', 'text/event-stream; charset=utf-8'],
    ['modelrelay', 'application/x-ndjson; charset=utf-8'],
    ['bedrock-converse', 'application/vnd.amazon.eventstream'],
  ])('sends %s with headers that no proxy buffers, caches or changes', async (to, type) => {
    const upstream = await loopback(sends(anthropic, ANSWER));
    const relay = await relaying({ upstream: upstream.url, codec: anthropic });
    const { headers } = await fetch(`${relay}/${to}`);
    expect(headers.get('content-type')).toBe(type);
    expect(headers.get('cache-control')).toBe('no-cache, no-transform');
    expect(headers.get('x-accel-buffering')).toBe('no');
  });

  it.each(['anthropic', 'modelrelay'])('sends %s on while the upstream is still at it', async (to) => {
    const upstream = await loopback((exchange) => beginStream(exchange, ...ANSWER.slice(0, 3)));
    const relay = await relaying({ upstream: upstream.url, codec: anthropic });
    const reader = await Reader.ask(`${relay}/${to}`);
    await reader.sees('Hel');

    const { response } = upstream.last;
    expect(response.writableEnded).toBe(false);
    response.end(wire(...ANSWER.slice(3)));
    expect(await reader.rest()).toContain('lo');
  });

  it.each([
    ['anthropic', 'stop'],
    ['claude-code', 'stop'],
    ['gemini', 'tool_calls'],
  ])('is read by the client of OpenAI, from %s', async (from, finish_reason) => {
    const codec = PROTOCOLS.get(from) as Codec;
    const upstream = await loopback(sends(codec, TRIP));
    const relay = await relaying({ upstream: upstream.url, codec });
    const client = new OpenAI({ apiKey: 'none', baseURL: `${relay}/openai-chat`, maxRetries: 0 });
    const messages = [{ role: 'user' as const, content: 'Plan a trip' }];
    const stream = client.chat.completions.stream({ model: 'claude-sonnet-4-5', messages });

    const { choices, usage } = await stream.finalChatCompletion();
    expect(choices).toMatchObject([
      {
        finish_reason,
        message: {
          content: '宇治 for 抹茶 🍵,\r\nby the slow train.\n\nPlanned.',
          tool_calls: [{ function: { name: 'plan_trip', arguments: '{"days":[1,2.5],"note":"a\\r\\nb"}' } }],
        },
      },
    ]);
    expect(usage).toMatchObject({ prompt_tokens: 12, completion_tokens: 34 });
    expect(JSON.parse(upstream.last.body)).toMatchObject({ messages, stream: true });
  });

  it('ends with the message, whether or not the upstream hangs up', async () => {
    const upstream = await loopback((exchange) => beginStream(exchange, ...ANSWER));
    const relay = await relaying({ upstream: upstream.url, codec: anthropic });
    expect(await eventsIn(await whole(`${relay}/anthropic`))).toEqual(ANSWER);
    expect(await upstream.last.cutOff).toBe(true);
  });

  it('lets no CR or LF of a name or an id onto the wire', async () => {
    const name = 'ready\r\nevent: message_stop\ndata: {"type":"message_stop"}\r\n\r\nid: 7';
    const id = 'toolu\r\n\r\nevent: error\ndata: {}\n\n';
    const given = [
      events.messageStart({ id: 'msg\r\n\r\ndata: x' }),
      events.unknown(name, { type: name }),
      events.toolUseStart(0, id, name),
      events.blockStop(0),
      events.messageDelta('end_turn'),
      events.messageStop(),
    ];
    const upstream = await loopback(sends(modelrelay, given));
    const relay = await relaying({ upstream: upstream.url, codec: modelrelay });

    const sse = await whole(`${relay}/anthropic`);
    expect(sse.split('\n').filter((line) => !/^(?:event: [^:\r]|data: \{|$)/.test(line.slice(0, 8)))).toEqual(
      [],
    );
    expect(sse).not.toContain('\r');
    expect((await eventsIn(sse)).map(({ type }) => type)).toEqual(given.map(({ type }) => type));
    const calls = (await eventsIn(sse)).filter(({ type }) => type === 'content_block_start');
    expect(calls).toMatchObject([{ content_block: { id, name } }]);

    const ndjson = await whole(`${relay}/modelrelay`);
    expect(ndjson).not.toContain('\r');
    expect((await eventsIn(ndjson, modelrelay)).map(({ type }) => type)).toEqual(
      given.map(({ type }) => type),
    );
  });
});

describe('the heartbeat of a relay', () => {
  it('comes as a comment as long as the answer goes on', async () => {
    const scheduler = new Timers();
    const upstream = await loopback((exchange) => beginStream(exchange, ...ANSWER.slice(0, 3)));
    const relay = await relaying({ upstream: upstream.url, codec: anthropic, scheduler });
    const reader = await Reader.ask(`${relay}/anthropic`);
    await reader.sees('Hel');

    expect(reader.text).not.toContain('keep-alive');
    scheduler.pass(45_000);
    await reader.sees(': keep-alive\n\n: keep-alive\n\n: keep-alive\n\n');
    upstream.last.response.end(wire(...ANSWER.slice(3)));
    const answer = await reader.rest();
    expect(answer.match(/keep-alive/g)).toHaveLength(3);
    expect(await eventsIn(answer)).toEqual(ANSWER);
    scheduler.pass(60_000);
    expect(scheduler.actions).toEqual([]);
  });

  it('has no place in NDJSON, where pings pass instead', async () => {
    const scheduler = new Timers();
    const upstream = await loopback((exchange) =>
      beginStream(exchange, ...ANSWER.slice(0, 3), events.ping()),
    );
    const relay = await relaying({ upstream: upstream.url, codec: anthropic, scheduler });
    const reader = await Reader.ask(`${relay}/modelrelay`);
    await reader.sees('{"type":"keepalive"}\n');
    scheduler.pass(60_000);
    upstream.last.response.end(wire(...ANSWER.slice(3)));
    expect(await reader.rest()).not.toContain('keep-alive');
  });
});
