import type { AnyContentBlock } from '../../../src/events/block.js';
import type { StreamEvent } from '../../../src/events/event.js';
import * as events from '../../../src/events/make.js';
import type { StopReason } from '../../../src/events/message.js';
import { gemini } from '../../../src/gemini.js';
import { eventsOf, framesOf } from '../conformance/spelling.js';
import { chunk, messageOf, read, STOP } from './chunks.js';

/** What is written of an answer with this content. */
function written(
  content: readonly StreamEvent[],
  end: StreamEvent = events.messageDelta('end_turn'),
): object[] {
  const start = events.messageStart({ id: 'r1', model: 'm-1' });
  const frames = framesOf(gemini, [start, ...content, end, events.messageStop()]);
  return frames.map(({ data }) => JSON.parse(data) as object);
}

/** The parts that are written of this content. */
function partsOf(content: readonly StreamEvent[]): readonly unknown[] {
  return written(content).flatMap((value) => {
    const { candidates } = value as { candidates: { content: { parts: unknown[] } }[] };
    return candidates.flatMap(({ content: { parts } }) => parts);
  });
}

function block(
  index: number,
  of: AnyContentBlock | object,
  ...deltas: readonly StreamEvent[]
): StreamEvent[] {
  return [events.blockStart(index, of as AnyContentBlock), ...deltas, events.blockStop(index)];
}

it('an answer is written as the API writes it', () => {
  expect(
    written(
      [...block(0, events.textStart(0).content_block, events.textDelta(0, 'Hi'), events.textDelta(0, ''))],
      events.messageDelta('max_tokens', { input_tokens: 5, output_tokens: 9, cache_read_input_tokens: 2 }),
    ),
  ).toEqual([
    { candidates: [], modelVersion: 'm-1', responseId: 'r1' },
    {
      candidates: [{ content: { role: 'model', parts: [{ text: 'Hi' }] }, index: 0 }],
      modelVersion: 'm-1',
      responseId: 'r1',
    },
    {
      candidates: [{ content: { role: 'model', parts: [] }, finishReason: 'MAX_TOKENS', index: 0 }],
      usageMetadata: {
        promptTokenCount: 7,
        cachedContentTokenCount: 2,
        candidatesTokenCount: 9,
        totalTokenCount: 16,
      },
      modelVersion: 'm-1',
      responseId: 'r1',
    },
  ]);
});

it.each<[StopReason | 'cancelled' | 'OTHER' | null, string]>([
  ['end_turn', 'STOP'],
  ['tool_use', 'STOP'],
  ['stop_sequence', 'STOP'],
  ['pause_turn', 'STOP'],
  [null, 'STOP'],
  ['max_tokens', 'MAX_TOKENS'],
  ['model_context_window_exceeded', 'MAX_TOKENS'],
  ['refusal', 'SAFETY'],
  ['cancelled', 'cancelled'],
  ['OTHER', 'OTHER'],
])('the reason %s is %s', (reason, finishReason) => {
  expect(written([], events.messageDelta(reason as StopReason)).at(-1)).toMatchObject({
    candidates: [{ finishReason }],
  });
});

it.each<[string, readonly StreamEvent[], readonly unknown[]]>([
  [
    'a thinking with its signature',
    block(
      0,
      events.thinkingStart(0).content_block,
      events.thinkingDelta(0, 'Hm'),
      events.signatureDelta(0, 'c2ln'),
    ),
    [
      { text: 'Hm', thought: true },
      { text: '', thought: true, thoughtSignature: 'c2ln' },
    ],
  ],
  [
    'thinking that was redacted',
    block(0, { type: 'redacted_thinking', data: 'c2ln' }),
    [{ text: '', thought: true, thoughtSignature: 'c2ln' }],
  ],
  [
    'a signed text, in one part',
    block(
      0,
      { type: 'text', text: '', citations: null, signature: 'c2ln' },
      events.textDelta(0, 'H'),
      events.textDelta(0, 'i'),
    ),
    [{ text: 'Hi', thoughtSignature: 'c2ln' }],
  ],
  [
    'a signed text of no text',
    block(0, { type: 'text', text: '', citations: null, signature: 'c2ln' }),
    [{ text: '', thoughtSignature: 'c2ln' }],
  ],
  [
    'a signed text that was given up, without its signature',
    [
      events.blockStart(0, { type: 'text', text: '', citations: null, signature: 'c2ln' }),
      events.textDelta(0, 'Hi'),
      events.blockAbort(0, 'No'),
    ],
    [{ text: 'Hi' }],
  ],
  [
    'a call, with its signature',
    block(
      0,
      { ...events.toolUseStart(0, 'a', 'book').content_block, signature: 'c2ln' },
      events.inputJsonDelta(0, '{"to":'),
      events.inputJsonDelta(0, '"Oslo"}'),
    ),
    [{ functionCall: { id: 'a', name: 'book', args: { to: 'Oslo' } }, thoughtSignature: 'c2ln' }],
  ],
  [
    'a call without input',
    block(0, events.toolUseStart(0, 'a', 'now').content_block),
    [{ functionCall: { id: 'a', name: 'now', args: {} } }],
  ],
  ['no call that was given up', [events.toolUseStart(0, 'a', 'now'), events.blockAbort(0, 'No')], []],
  [
    'what the API ran',
    block(0, { type: 'executableCode', language: 'PYTHON', code: '1', signature: 'c2ln' }),
    [{ executableCode: { language: 'PYTHON', code: '1' }, thoughtSignature: 'c2ln' }],
  ],
  [
    'a picture',
    block(0, { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } }),
    [{ inlineData: { mimeType: 'image/png', data: 'AAAA' } }],
  ],
  [
    'a document, by its address',
    block(0, {
      type: 'document',
      source: { type: 'url', url: 'https://a.test/a.pdf', media_type: 'application/pdf' },
    }),
    [{ fileData: { mimeType: 'application/pdf', fileUri: 'https://a.test/a.pdf' } }],
  ],
  ['nothing of another provider', block(0, { type: 'container_upload', file_id: 'f' }), []],
])('writes %s', (_, content, parts) => {
  expect(partsOf(content)).toEqual(parts);
});

it.each(['[1]', '"x"', '{"a":'])('leaves out a call whose input is no object, and says so: %s', (json) => {
  const call = block(0, events.toolUseStart(0, 'a', 'f').content_block, events.inputJsonDelta(0, json));
  expect(partsOf(call)).toEqual([]);
  const reasons = (['tool_use', 'max_tokens'] as const).map((reason) =>
    written(call, events.messageDelta(reason)).at(-1),
  );
  expect(reasons).toMatchObject([
    { candidates: [{ finishReason: 'MALFORMED_FUNCTION_CALL' }] },
    { candidates: [{ finishReason: 'MAX_TOKENS' }] },
  ]);
});

it('writes each cited page once, at the end', () => {
  const citations = ['https://a.test', 'https://b.test', 'https://a.test', undefined].map((url) =>
    events.citationsDelta(0, { type: 'url_citation', url, title: 'A' } as never),
  );
  expect(written(block(0, events.textStart(0).content_block, ...citations)).at(-1)).toMatchObject({
    candidates: [
      {
        groundingMetadata: {
          groundingChunks: [
            { web: { uri: 'https://a.test', title: 'A' } },
            { web: { uri: 'https://b.test', title: 'A' } },
          ],
        },
      },
    ],
  });
});

it('writes a failure as Google does', () => {
  const failures = [
    { type: 'error' as const, error: { type: 'UNAVAILABLE', message: 'No', status: 503 } },
    events.error('overloaded_error', 'No', 'req-1'),
    events.error('x', 'No'),
  ];
  expect(
    failures.flatMap((failure) => framesOf(gemini, [failure])).map(({ data }) => JSON.parse(data) as object),
  ).toEqual([
    { error: { code: 503, message: 'No', status: 'UNAVAILABLE' } },
    {
      error: {
        code: 529,
        message: 'No',
        status: 'overloaded_error',
        details: [{ '@type': 'type.googleapis.com/google.rpc.RequestInfo', requestId: 'req-1' }],
      },
    },
    { error: { code: 500, message: 'No', status: 'x' } },
  ]);
  for (const failure of failures) expect(eventsOf(gemini, framesOf(gemini, [failure]))).toEqual([failure]);
});

it('gives back what only the API says', () => {
  const usageMetadata = {
    promptTokenCount: 9,
    toolUsePromptTokenCount: 3,
    candidatesTokenCount: 4,
    thoughtsTokenCount: 2,
    totalTokenCount: 18,
    trafficType: 'ON_DEMAND',
  };
  const groundingMetadata = {
    groundingChunks: [{ web: { uri: 'https://a.test', title: 'A' } }],
    webSearchQueries: ['a'],
  };
  const promptFeedback = { blockReason: 'SAFETY', safetyRatings: [] };
  for (const values of [
    [chunk({ text: 'Hi' }), chunk([], { groundingMetadata, finishReason: 'STOP', usageMetadata })],
    [chunk([], { finishReason: 'OTHER', finishMessage: 'Who knows', usageMetadata })],
    [{ promptFeedback, usageMetadata, responseId: 'r1', modelVersion: 'm-1' }],
  ]) {
    const decoded = read(values);
    const again = eventsOf(gemini, framesOf(gemini, decoded)).filter(({ type }) => type !== 'message_start');
    expect(again).toEqual(decoded.filter(({ type }) => type !== 'message_start'));
    expect(
      framesOf(gemini, decoded)
        .map(({ data }) => JSON.parse(data) as object)
        .at(-1),
    ).toMatchObject({ usageMetadata });
  }
});

it('writes an answer that follows another so that they are not mixed, even with the same id', () => {
  const decoded = [...read([chunk({ text: 'Hi' }), STOP]), ...read([chunk({ text: 'Ho' }), STOP])];
  const frames = framesOf(gemini, decoded);
  expect(frames.map(({ data }) => (JSON.parse(data) as { answer?: number }).answer)).toEqual([
    ...[undefined, undefined, undefined],
    ...[2, undefined, undefined],
  ]);
  expect(eventsOf(gemini, frames)).toEqual(decoded);
});

it('counts what is read from the cache once', () => {
  const { usage } = messageOf(
    written(
      [],
      events.messageDelta('end_turn', { input_tokens: 5, output_tokens: 9, cache_read_input_tokens: 2 }),
    ),
  );
  expect(usage).toMatchObject({ input_tokens: 5, output_tokens: 9, cache_read_input_tokens: 2 });
});
