import { ApiError, GoogleGenAI, type GenerateContentResponse } from '@google/genai';
import fc from 'fast-check';
import type { AnyContentBlock } from '../../../src/events/block.js';
import type { StreamEvent } from '../../../src/events/event.js';
import * as events from '../../../src/events/make.js';
import { gemini } from '../../../src/gemini.js';
import { closeLoopbacks, loopback } from '../../sources/loopback.js';
import { runs } from '../../seed.js';
import { answersIn, type Answer } from '../conformance/answerIn.js';
import { answer } from '../conformance/answers.js';
import { protocol } from '../protocols/gemini.js';
import { carriedBy, scopeOf, type Scope } from '../conformance/scope.js';
import { bytesOf, framesOf } from '../conformance/spelling.js';

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

const REASONS: Readonly<Record<string, string>> = {
  end_turn: 'STOP',
  tool_use: 'STOP',
  max_tokens: 'MAX_TOKENS',
};

/** Whatever comes back the same, with signatures and any reason besides. */
const CARRIED: Scope = scopeOf(
  new Set([...carriedBy(protocol.carries), 'signatures', 'cacheUsage']),
  protocol.stranger,
);

/** What a reader has of an answer. */
interface Read {
  readonly id: string;
  readonly model: string;
  readonly text: string;
  readonly thinking: string;
  readonly signatures: readonly string[];
  readonly calls: readonly object[];
  readonly reason: string | undefined;
  readonly tokens: readonly number[];
}

/** What the official client reads. */
function readByClient(chunks: readonly GenerateContentResponse[]): Read {
  const parts = chunks
    .flatMap(({ candidates }) => candidates ?? [])
    .flatMap(({ content }) => content?.parts ?? []);
  // An event that nobody knows may come first, or last.
  const own = chunks.filter(({ candidates }) => candidates !== undefined);
  const [first, last] = [own[0], own.at(-1)];
  const usage = last?.usageMetadata;
  return {
    id: first?.responseId ?? '',
    model: first?.modelVersion ?? '',
    text: parts.map(({ text = '', thought }) => (thought ? '' : text)).join(''),
    thinking: parts.map(({ text = '', thought }) => (thought ? text : '')).join(''),
    signatures: parts.flatMap(({ thoughtSignature }) => thoughtSignature ?? []),
    calls: parts.flatMap(({ functionCall }) => functionCall ?? []),
    reason: last?.candidates?.[0]?.finishReason,
    tokens: [
      (usage?.promptTokenCount ?? 0) - (usage?.cachedContentTokenCount ?? 0),
      (usage?.candidatesTokenCount ?? 0) + (usage?.thoughtsTokenCount ?? 0),
      usage?.cachedContentTokenCount ?? 0,
    ],
  };
}

/** The same of what was sent. */
function readHere({ message, text, calls }: Answer): Read {
  if (message === undefined) throw new Error('There is no message');
  const { content, usage } = message;
  return {
    id: message.id,
    model: message.model,
    text,
    thinking: content.map((block) => (block.type === 'thinking' ? block.thinking : '')).join(''),
    signatures: content.flatMap((block) => (block.type === 'thinking' && block.signature) || []),
    calls: calls.map(({ id, name, input }) => ({ id, name, args: input })),
    reason: REASONS[message.stop_reason ?? ''],
    tokens: [usage.input_tokens, usage.output_tokens, usage.cache_read_input_tokens ?? 0],
  };
}

it('the official client reads what is written', async () => {
  let sent: readonly StreamEvent[] = [];
  const server = await loopback(({ response }) =>
    response
      .writeHead(200, { 'content-type': 'text/event-stream' })
      .end(bytesOf(gemini, framesOf(gemini, sent))),
  );
  const client = new GoogleGenAI({ apiKey: 'key-0123456789', httpOptions: { baseUrl: server.url } });
  await fc.assert(
    fc.asyncProperty(answer(CARRIED), async (sequence) => {
      sent = sequence;
      const [expected] = answersIn(sequence);
      if (expected === undefined) throw new Error('There is no answer');
      const chunks: GenerateContentResponse[] = [];
      const read = async (): Promise<void> => {
        const stream = await client.models.generateContentStream({
          model: 'gemini-3-pro',
          contents: 'Hello',
        });
        for await (const chunk of stream) chunks.push(chunk);
      };
      if (expected.failure === undefined) {
        await read();
        expect(readByClient(chunks)).toEqual(readHere(expected));
        return;
      }
      const failure: unknown = await read().catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(ApiError);
      // The words of the client begin with the type and hold the failure as JSON.
      const [, json = ''] = /^got status: .*?\. (\{.*)$/s.exec((failure as ApiError).message) ?? [];
      const { error } = JSON.parse(json) as { error: { status: string; message: string } };
      expect(`${error.status}: ${error.message}`).toBe(expected.failure.message);
    }),
    { numRuns: runs(1000) },
  );
}, 120_000);

it('the official client reads what only the API says: signatures, media, what it ran and where it looked', async () => {
  const signature = 'c2ln';
  const blocks: readonly object[] = [
    { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } },
    { type: 'executableCode', language: 'PYTHON', code: '1', signature },
    { type: 'redacted_thinking', data: signature },
    { type: 'text', text: '', citations: null, signature },
    { ...events.toolUseStart(4, 'a', 'now').content_block, signature },
  ];
  const whole = blocks.flatMap((block, index) => [
    events.blockStart(index, block as AnyContentBlock),
    ...(index === 3
      ? [events.textDelta(3, 'Hi'), events.citationsDelta(3, { url: 'https://a.test', title: 'A' } as never)]
      : []),
    events.blockStop(index),
  ]);
  const sent = [
    events.messageStart({ id: 'r1', model: 'm-1' }),
    ...whole,
    events.messageDelta('refusal', { output_tokens: 5 }),
    events.messageStop(),
  ];
  const server = await loopback(({ response }) =>
    response
      .writeHead(200, { 'content-type': 'text/event-stream' })
      .end(bytesOf(gemini, framesOf(gemini, sent))),
  );
  const client = new GoogleGenAI({ apiKey: 'key-0123456789', httpOptions: { baseUrl: server.url } });
  const stream = await client.models.generateContentStream({ model: 'gemini-3-pro', contents: 'Hello' });
  const candidates: unknown[] = [];
  for await (const chunk of stream) candidates.push(...(chunk.candidates ?? []));
  const parts = (candidates as { content?: { parts?: object[] } }[]).flatMap(
    ({ content }) => content?.parts ?? [],
  );
  expect(parts).toEqual([
    { inlineData: { mimeType: 'image/png', data: 'AAAA' } },
    { executableCode: { language: 'PYTHON', code: '1' }, thoughtSignature: signature },
    { text: '', thought: true, thoughtSignature: signature },
    { text: 'Hi', thoughtSignature: signature },
    { functionCall: { id: 'a', name: 'now', args: {} }, thoughtSignature: signature },
  ]);
  expect(candidates.at(-1)).toMatchObject({
    finishReason: 'SAFETY',
    groundingMetadata: { groundingChunks: [{ web: { uri: 'https://a.test', title: 'A' } }] },
  });
});
