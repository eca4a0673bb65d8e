import { Readable } from 'node:stream';
import {
  BedrockRuntimeClient,
  BedrockRuntimeServiceException,
  ConverseStreamCommand,
  type ConverseStreamOutput,
} from '@aws-sdk/client-bedrock-runtime';
import { HttpResponse } from '@smithy/core/protocols';
import fc from 'fast-check';
import { bedrockConverse } from '../../../src/bedrock.js';
import type { AnyContentBlock } from '../../../src/events/block.js';
import type { StreamEvent } from '../../../src/events/event.js';
import * as events from '../../../src/events/make.js';
import { runs } from '../../seed.js';
import { answersIn, type Answer } from '../conformance/answerIn.js';
import { answer } from '../conformance/answers.js';
import { carriedBy, scopeOf, type Scope } from '../conformance/scope.js';
import { bytesOf, framesOf } from '../conformance/spelling.js';
import { protocol } from '../protocols/bedrock.js';

/** Whatever comes back the same. The client falls over an unknown event that is named as a member of every object is. */
const CARRIED: Scope = scopeOf(
  new Set([...carriedBy(protocol.carries), 'stopReason' as const].filter((feature) => feature !== 'unknown')),
);

/** What a reader has of an answer. */
interface Read {
  readonly text: string;
  readonly thinking: string;
  readonly signatures: readonly string[];
  readonly calls: readonly object[];
  readonly reason: string | undefined;
  readonly sequence: unknown;
  readonly tokens: readonly (number | undefined)[];
}

/** What the official client reads. Blocks are told apart by their numbers. */
function readByClient(parts: readonly ConverseStreamOutput[]): Read {
  const deltas = parts.flatMap(({ contentBlockDelta }) => contentBlockDelta ?? []);
  const starts = parts.flatMap(({ contentBlockStart }) => contentBlockStart ?? []);
  const ended = new Set(parts.flatMap(({ contentBlockStop }) => contentBlockStop?.contentBlockIndex ?? []));
  const [end] = parts.flatMap(({ messageStop }) => messageStop ?? []);
  const [usage] = parts.flatMap(({ metadata }) => metadata?.usage ?? []);
  const fields = end?.additionalModelResponseFields as { delta?: { stop_sequence?: string } } | undefined;
  return {
    text: deltas.map(({ delta }) => delta?.text ?? '').join(''),
    thinking: deltas.map(({ delta }) => delta?.reasoningContent?.text ?? '').join(''),
    signatures: deltas.flatMap(({ delta }) => delta?.reasoningContent?.signature || []),
    calls: starts.flatMap(({ contentBlockIndex, start }) => {
      const pieces = deltas.filter((delta) => delta.contentBlockIndex === contentBlockIndex);
      const json = pieces.map(({ delta }) => delta?.toolUse?.input ?? '').join('');
      const input = parsed(json || '{}');
      const { toolUseId: id, name } = start?.toolUse ?? {};
      return input === undefined || !ended.has(contentBlockIndex as number) ? [] : [{ id, name, input }];
    }),
    reason: end?.stopReason,
    sequence: fields?.delta?.stop_sequence ?? null,
    tokens: [
      usage?.inputTokens ?? 0,
      usage?.outputTokens,
      usage?.cacheReadInputTokens,
      usage?.cacheWriteInputTokens,
    ],
  };
}

/** The same of what was sent. */
function readHere({ message, text, calls }: Answer): Read {
  if (message === undefined) throw new Error('There is no message');
  const { content, usage, stop_reason } = message;
  return {
    text,
    thinking: content.map((block) => (block.type === 'thinking' ? block.thinking : '')).join(''),
    signatures: content.flatMap((block) => (block.type === 'thinking' && block.signature) || []),
    calls: calls.map(({ id, name, input }) => ({ id, name, input })),
    reason: stop_reason === 'refusal' ? 'content_filtered' : (stop_reason ?? undefined),
    sequence: message.stop_sequence || null,
    tokens: [
      usage.input_tokens,
      usage.output_tokens,
      usage.cache_read_input_tokens ?? undefined,
      usage.cache_creation_input_tokens ?? undefined,
    ],
  };
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

/** The official client, which is answered with these events. */
function clientOf(sent: () => readonly StreamEvent[]): BedrockRuntimeClient {
  return new BedrockRuntimeClient({
    region: 'eu-north-1',
    credentials: { accessKeyId: 'none', secretAccessKey: 'none' },
    maxAttempts: 1,
    requestHandler: {
      handle: () => {
        const headers = { 'content-type': 'application/vnd.amazon.eventstream' };
        const body = Readable.from([bytesOf(bedrockConverse, framesOf(bedrockConverse, sent()))]);
        return Promise.resolve({ response: new HttpResponse({ statusCode: 200, headers, body }) });
      },
    },
  });
}

it('the official client reads what is written', async () => {
  let sent: readonly StreamEvent[] = [];
  const client = clientOf(() => sent);
  await fc.assert(
    fc.asyncProperty(answer(CARRIED), async (sequence) => {
      sent = sequence;
      const [expected] = answersIn(sequence);
      if (expected === undefined) throw new Error('There is no answer');
      const parts: ConverseStreamOutput[] = [];
      const read = async (): Promise<void> => {
        const { stream } = await client.send(new ConverseStreamCommand({ modelId: 'm', messages: [] }));
        for await (const part of stream ?? []) parts.push(part);
      };
      if (expected.failure === undefined) {
        await read();
        expect(readByClient(parts)).toEqual(readHere(expected));
        return;
      }
      const failure: unknown = await read().catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(BedrockRuntimeServiceException);
      const { name, message } = failure as BedrockRuntimeServiceException;
      expect(name).toMatch(/Exception$/);
      const [error] = sequence.flatMap((event) => (event.type === 'error' ? [event.error] : []));
      expect(message).toBe(error?.message);
    }),
    { numRuns: runs(1_000) },
  );
  client.destroy();
}, 120_000);

it('the official client reads what is in base64, citations, and the calls of the service', async () => {
  const { content_block: search } = events.serverToolUseStart(0, 'srv_1', 'nova_grounding' as never);
  const blocks: readonly object[] = [
    search,
    { type: 'redacted_thinking', data: btoa('secret') },
    { type: 'image', source: { type: 'base64', media_type: 'image/png', data: btoa('picture') } },
    events.textStart(3).content_block,
  ];
  const cited = { type: 'url_citation', url: 'https://a.test/', title: 'A' };
  const client = clientOf(() => [
    events.messageStart(),
    ...blocks.flatMap((block, index) => [
      events.blockStart(index, block as AnyContentBlock),
      ...(index === 0 ? [events.inputJsonDelta(0, '{"q":1}')] : []),
      ...(index === 3 ? [events.citationsDelta(3, cited as never)] : []),
      events.blockStop(index),
    ]),
    events.messageDelta('refusal', { input_tokens: 1, output_tokens: 2, cache_read_input_tokens: 3 }),
    events.messageStop(),
  ]);
  const { stream } = await client.send(new ConverseStreamCommand({ modelId: 'm', messages: [] }));
  const parts: ConverseStreamOutput[] = [];
  for await (const part of stream ?? []) parts.push(part);
  const start = parts.flatMap(({ contentBlockStart }) => contentBlockStart?.start ?? []);
  expect(start).toEqual([
    { toolUse: { toolUseId: 'srv_1', name: 'nova_grounding', type: 'server_tool_use' } },
    { image: { format: 'png' } },
  ]);
  const deltas = parts.flatMap(({ contentBlockDelta }) => contentBlockDelta?.delta ?? []);
  expect(deltas).toMatchObject([
    { toolUse: { input: '{"q":1}' } },
    { reasoningContent: { redactedContent: new TextEncoder().encode('secret') } },
    { image: { source: { bytes: new TextEncoder().encode('picture') } } },
    { citation: { title: 'A', location: { web: { url: 'https://a.test/' } } } },
  ]);
  expect(parts.slice(-2)).toMatchObject([
    { messageStop: { stopReason: 'content_filtered' } },
    { metadata: { usage: { inputTokens: 1, outputTokens: 2, totalTokens: 6, cacheReadInputTokens: 3 } } },
  ]);
  client.destroy();
});
