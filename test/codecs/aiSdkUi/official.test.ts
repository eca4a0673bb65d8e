import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as six from 'ai6';
import fc from 'fast-check';
import { from, lastValueFrom, toArray } from 'rxjs';
import { AI_SDK_UI_HEADERS, aiSdkUi, aiSdkUiDialect } from '../../../src/ai-sdk-ui.js';
import type { Codec } from '../../../src/codecs/codec.js';
import type { StreamEvent } from '../../../src/events/event.js';
import * as events from '../../../src/events/make.js';
import { respond } from '../../../src/server.js';
import { nodeHandler } from '../../../src/server/nodeHandler.js';
import { fromResponse } from '../../../src/sources/fromResponse.js';
import { runs } from '../../seed.js';
import { bytesOf, eventsOf, framesOf } from '../conformance/spelling.js';
import { asShown, readBy, SEVEN, type Client, type Read } from './client.js';
import { REFUSED, shownOf, type Versions } from './shown.js';
import { TURNS } from './turns.js';

const CLIENTS: readonly (readonly [version: string, client: Client, codec: Codec, versions: Versions])[] = [
  ['6', six, aiSdkUi, { written: 6, read: 6 }],
  ['7', SEVEN, aiSdkUiDialect({ version: 7 }), { written: 7, read: 7 }],
  ['7, of what is written for 6', SEVEN, aiSdkUi, { written: 6, read: 7 }],
];

function written(client: Client, codec: Codec, sequence: readonly StreamEvent[]): Promise<Read> {
  const body = bytesOf(codec, framesOf(codec, sequence)) as Uint8Array<ArrayBuffer>;
  return readBy(client, 'http://127.0.0.1:1', () => Promise.resolve(new Response(body)));
}

describe.each(CLIENTS)('the client of version %s', (_, client, codec, versions) => {
  it('shows any turn as it was: texts, calls, what became of them, and how it ended', async () => {
    await fc.assert(
      fc.asyncProperty(TURNS, async (turn) => {
        expect(asShown(await written(client, codec, turn))).toEqual(shownOf(turn, versions));
      }),
      { numRuns: runs(1000) },
    );
  });

  it('reads what a server says went wrong', async () => {
    const sequence = [
      events.messageStart(),
      events.textStart(0),
      events.textDelta(0, 'Hi'),
      events.error('x', 'Busy'),
    ];
    const { parts, errors } = await written(client, codec, sequence);
    expect(errors).toEqual(['Busy']);
    expect(parts.at(-1)).toMatchObject({ type: 'text', text: 'Hi' });
  });

  it('reads approvals, progress, results and denials', async () => {
    const { parts, errors } = await written(client, codec, [
      events.messageStart({ id: 'm1', model: 'm' }),
      ...['a', 'b'].flatMap((id, index) => [
        events.toolUseStart(index, id, 'weather'),
        events.inputJsonDelta(index, '{"city":"Oslo"}'),
        events.blockStop(index),
      ]),
      events.toolApproval('a', 'requested'),
      events.toolApproval('a', 'approved'),
      { ...events.toolResult('a', 1), preliminary: true },
      events.toolResult('a', { c: 4 }),
      events.toolApproval('b', 'requested'),
      events.toolApproval('b', 'denied', 'No'),
      events.toolResult('b', 'weather was not approved: No', true),
      events.messageDelta('tool_use', { output_tokens: 3 }),
      events.messageStop(),
    ]);
    expect(errors).toEqual([]);
    expect(parts.slice(1)).toMatchObject([
      {
        type: 'tool-weather',
        toolCallId: 'a',
        state: 'output-available',
        input: { city: 'Oslo' },
        output: { c: 4 },
      },
      { type: 'tool-weather', toolCallId: 'b', state: 'output-denied', approval: { id: 'b' } },
    ]);
  });

  it('reads names and ids with whatever is in them', async () => {
    const odd = 'a\r\nb\u0000\u2028"\\__proto__';
    const sequence = [
      events.messageStart({ id: odd, model: odd }),
      events.textStart(0),
      events.textDelta(0, odd),
      events.blockStop(0),
      events.toolUseStart(1, odd, odd),
      events.inputJsonDelta(1, '{"__proto__":{"a":1}}'),
      events.blockStop(1),
      events.toolResult(odd, JSON.parse('{"__proto__":1}')),
      ...['{"\\u005f_proto__":1}', '{"n":-1e999}'].flatMap((json, at) => [
        events.toolUseStart(2 + at, `refused ${at}`, 'f'),
        events.inputJsonDelta(2 + at, json),
        events.blockStop(2 + at),
      ]),
      events.unknown(odd, JSON.parse('{"constructor":{"prototype":1}}')),
      events.messageDelta('end_turn'),
      events.messageStop(),
    ];
    const { parts, errors } = await written(client, codec, sequence);
    expect(errors).toEqual([]);
    expect(parts.slice(1)).toMatchObject([
      { type: 'text', text: odd, state: 'done' },
      { type: `tool-${odd}`, toolCallId: odd },
      { type: 'tool-f', state: 'output-error', errorText: REFUSED },
      { type: 'tool-f', state: 'output-error', errorText: REFUSED },
    ]);
    expect(eventsOf(codec, framesOf(codec, sequence))).toEqual(sequence);
  });
});

it('useChat reads over HTTP what respond answers', async () => {
  const sequence = [
    events.messageStart({ id: 'm1' }),
    events.textStart(0),
    events.textDelta(0, 'Hello'),
    events.blockStop(0),
    events.messageDelta('end_turn', { output_tokens: 1 }),
    events.messageStop(),
  ];
  const handler = nodeHandler(async (request) => {
    const response = await respond(from(sequence), { codec: aiSdkUi, signal: request.signal });
    for (const [name, value] of Object.entries(AI_SDK_UI_HEADERS)) response.headers.set(name, value);
    return response;
  });
  const server = createServer((request, response) => {
    handler(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const { port } = server.address() as AddressInfo;
    const { parts, errors } = await readBy(SEVEN, `http://127.0.0.1:${port}/api/chat`);
    expect(errors).toEqual([]);
    expect(parts.at(-1)).toMatchObject({ type: 'text', text: 'Hello', state: 'done' });
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
});

it.each<[version: string, server: Client]>([
  ['6', six],
  ['7', SEVEN],
])(
  'what a server on version %s writes is read',
  async (_, { createUIMessageStream, createUIMessageStreamResponse }) => {
    const stream = createUIMessageStream({
      execute: ({ writer }) => {
        writer.write({ type: 'start', messageId: 'm1' });
        writer.write({ type: 'start-step' });
        writer.write({ type: 'data-weather', id: 'w', data: { c: 4 } });
        writer.write({ type: 'text-start', id: '0' });
        writer.write({ type: 'text-delta', id: '0', delta: 'Hi' });
        writer.write({ type: 'source-url', sourceId: 's', url: 'https://example.com/', title: 'Page' });
        writer.write({ type: 'text-end', id: '0' });
        writer.write({
          type: 'tool-input-available',
          toolCallId: 'a',
          toolName: 'weather',
          input: { city: 'Oslo' },
        });
        writer.write({ type: 'tool-approval-request', approvalId: 'p', toolCallId: 'a' });
        writer.write({ type: 'finish-step' });
        writer.write({ type: 'finish', finishReason: 'tool-calls' });
      },
    });
    const read = fromResponse(createUIMessageStreamResponse({ stream }), { codec: aiSdkUi });
    expect(await lastValueFrom(read.pipe(toArray()))).toMatchObject([
      events.messageStart({ id: 'm1' }),
      { type: 'unknown', name: 'data-weather', data: { data: { c: 4 } } },
      events.textStart(0),
      events.textDelta(0, 'Hi'),
      {
        type: 'content_block_delta',
        index: 0,
        delta: { type: 'citations_delta', citation: { title: 'Page' } },
      },
      events.blockStop(0),
      events.toolUseStart(1, 'a', 'weather'),
      events.inputJsonDelta(1, '{"city":"Oslo"}'),
      events.blockStop(1),
      { ...events.toolApproval('a', 'requested'), approvalId: 'p' },
      events.messageDelta('tool_use'),
      events.messageStop(),
    ]);
  },
);
