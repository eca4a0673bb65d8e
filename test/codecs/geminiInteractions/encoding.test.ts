import { GoogleGenAI } from '@google/genai';
import fc from 'fast-check';
import type { StreamEvent } from '../../../src/events/event.js';
import * as events from '../../../src/events/make.js';
import type { StopReason } from '../../../src/events/message.js';
import { geminiInteractions } from '../../../src/gemini.js';
import { closeLoopbacks, loopback } from '../../sources/loopback.js';
import { runs } from '../../seed.js';
import { answersIn } from '../conformance/answerIn.js';
import { answer } from '../conformance/answers.js';
import { carriedBy, scopeOf } from '../conformance/scope.js';
import { bytesOf, eventsOf, framesOf } from '../conformance/spelling.js';
import { protocol } from '../protocols/geminiInteractions.js';

const { fetch } = globalThis;

// The client hands `fetch` a part of Node's own, which it does not find in the sandbox of the tests.
beforeAll(() => {
  globalThis.fetch = (input, init = {}) => {
    Reflect.deleteProperty(init, 'dispatcher');
    return fetch(input, init);
  };
});

afterAll(() => {
  globalThis.fetch = fetch;
});

afterEach(closeLoopbacks);

function written(
  content: readonly StreamEvent[],
  end: StreamEvent = events.messageDelta('end_turn'),
): object[] {
  const start = events.messageStart({ id: 'v1_a', model: 'm-1' });
  const frames = framesOf(geminiInteractions, [start, ...content, end, events.messageStop()]);
  return frames.map(({ data }) => JSON.parse(data) as object);
}

it('an answer is written as the API writes it', () => {
  const values = written(
    [
      events.thinkingStart(0),
      events.thinkingDelta(0, 'Hm'),
      events.signatureDelta(0, 'c2ln'),
      events.blockStop(0),
      events.toolUseStart(1, 'a', 'book'),
      events.inputJsonDelta(1, '{}'),
      events.blockStop(1),
    ],
    events.messageDelta('tool_use', { input_tokens: 5, output_tokens: 9, cache_read_input_tokens: 2 }),
  );
  expect(values).toEqual([
    {
      event_type: 'interaction.created',
      interaction: { id: 'v1_a', model: 'm-1', object: 'interaction', status: 'in_progress' },
    },
    { event_type: 'step.start', index: 0, step: { type: 'thought' } },
    {
      event_type: 'step.delta',
      index: 0,
      delta: { type: 'thought_summary', content: { type: 'text', text: 'Hm' } },
    },
    { event_type: 'step.delta', index: 0, delta: { type: 'thought_signature', signature: 'c2ln' } },
    { event_type: 'step.stop', index: 0 },
    {
      event_type: 'step.start',
      index: 1,
      step: { type: 'function_call', id: 'a', name: 'book', arguments: {} },
    },
    { event_type: 'step.delta', index: 1, delta: { type: 'arguments_delta', arguments: '{}' } },
    { event_type: 'step.stop', index: 1 },
    {
      event_type: 'interaction.completed',
      interaction: {
        id: 'v1_a',
        model: 'm-1',
        object: 'interaction',
        status: 'requires_action',
        usage: { total_input_tokens: 7, total_cached_tokens: 2, total_output_tokens: 9, total_tokens: 16 },
      },
    },
  ]);
});

it.each<[StopReason | 'cancelled' | null, string]>([
  ['end_turn', 'completed'],
  ['stop_sequence', 'completed'],
  [null, 'completed'],
  ['max_tokens', 'incomplete'],
  ['cancelled', 'cancelled'],
])('the reason %s is the status %s', (reason, status) => {
  expect(written([], events.messageDelta(reason as StopReason)).at(-1)).toMatchObject({
    interaction: { status },
  });
});

it('writes thinking that is not shown as a thought that is signed, and citations as annotations', () => {
  const cited = { type: 'url_citation', url: 'https://a.test', title: 'A' };
  const values = written([
    events.redactedThinkingStart(0, 'c2ln'),
    events.blockStop(0),
    events.textStart(1),
    events.citationsDelta(1, cited as never),
    events.blockStop(1),
  ]);
  expect(values.slice(1, -1)).toMatchObject([
    { event_type: 'step.start', index: 0, step: { type: 'thought', signature: 'c2ln' } },
    { event_type: 'step.stop', index: 0 },
    { event_type: 'step.start', index: 1, step: { type: 'model_output' } },
    { index: 1, delta: { type: 'text_annotation_delta', annotations: [cited] } },
    { event_type: 'step.stop', index: 1 },
  ]);
});

it('gives back what only the API has', () => {
  const usage = { total_input_tokens: 9, total_tool_use_tokens: 2, total_output_tokens: 5, total_tokens: 16 };
  const values = [
    { event_type: 'interaction.created', interaction: { id: 'v1_a', model: 'm-1' } },
    {
      event_type: 'step.start',
      index: 0,
      step: { type: 'google_search_call', id: 't', arguments: { queries: [] } },
    },
    { event_type: 'step.stop', index: 0 },
    { event_type: 'step.start', index: 1, step: { type: 'model_output' } },
    {
      event_type: 'step.delta',
      index: 1,
      delta: { type: 'image', uri: 'https://a.test/a.png', mime_type: 'image/png' },
    },
    { event_type: 'step.delta', index: 1, delta: { type: 'audio', data: 'AAAA' } },
    { event_type: 'step.stop', index: 1 },
    { event_type: 'interaction.completed', interaction: { status: 'completed', usage } },
  ];
  const decoded = eventsOf(
    geminiInteractions,
    values.map((value) => ({ data: JSON.stringify(value) })),
  );
  expect(eventsOf(geminiInteractions, framesOf(geminiInteractions, decoded))).toEqual(decoded);
});

it('the official client reads what is written', async () => {
  let sent: readonly StreamEvent[] = [];
  const server = await loopback(({ response }) =>
    response
      .writeHead(200, { 'content-type': 'text/event-stream' })
      .end(bytesOf(geminiInteractions, framesOf(geminiInteractions, sent))),
  );
  const client = new GoogleGenAI({ apiKey: 'key-0123456789', httpOptions: { baseUrl: server.url } });
  await fc.assert(
    fc.asyncProperty(answer(scopeOf(carriedBy(protocol.carries), protocol.stranger)), async (sequence) => {
      sent = sequence;
      const stream = await client.interactions.create({
        model: 'gemini-3-pro',
        input: 'Hello',
        stream: true,
      });
      const values: object[] = [];
      for await (const value of stream) values.push(value);
      const read = eventsOf(
        geminiInteractions,
        values.map((value) => ({ data: JSON.stringify(value) })),
      );
      expect(answersIn(read)).toEqual(answersIn(sequence));
    }),
    { numRuns: runs(1000) },
  );
}, 120_000);
