import * as events from '../../../src/events/make.js';
import { gemini } from '../../../src/gemini.js';
import { answersIn } from '../conformance/answerIn.js';
import { attempted, eventsOf } from '../conformance/spelling.js';
import { flaws } from '../conformance/wellFormed.js';
import { answerOf, chunk, messageOf, read, STOP, typesOf } from './chunks.js';

const USAGE = { promptTokenCount: 9, candidatesTokenCount: 4, thoughtsTokenCount: 2, totalTokenCount: 15 };

describe('an answer', () => {
  it('is read from the chunks that the API sends', () => {
    const text =
      'data: {"candidates": [{"content": {"parts": [{"text": "Hm","thought": true}],"role": "model"},"index": 0}],"usageMetadata": {"promptTokenCount": 9,"totalTokenCount": 11,"promptTokensDetails": [{"modality": "TEXT","tokenCount": 9}],"thoughtsTokenCount": 2},"modelVersion": "m-1","responseId": "r1"}\r\n\r\n';
    const [first] = eventsOf(gemini, [{ data: text.slice('data: '.length).trim() }]);
    expect(first).toEqual(
      events.messageStart({
        id: 'r1',
        model: 'm-1',
        usage: { input_tokens: 9, output_tokens: 2, output_tokens_details: { thinking_tokens: 2 } },
      }),
    );
    expect(
      read([
        chunk({ text: 'Hm', thought: true }),
        chunk({ text: 'Good ' }),
        chunk({ text: 'day' }),
        chunk({ text: '' }, { finishReason: 'STOP', usageMetadata: USAGE }),
      ]),
    ).toEqual([
      events.messageStart({ id: 'r1', model: 'm-1' }),
      events.thinkingStart(0),
      events.thinkingDelta(0, 'Hm'),
      events.blockStop(0),
      events.textStart(1),
      events.textDelta(1, 'Good '),
      events.textDelta(1, 'day'),
      events.blockStop(1),
      events.messageDelta('end_turn', {
        input_tokens: 9,
        output_tokens: 6,
        output_tokens_details: { thinking_tokens: 2 },
      }),
      events.messageStop(),
    ]);
  });

  it.each<[string, readonly object[]]>([
    ['on the last chunk with parts', [chunk({ text: 'Hi' }, { finishReason: 'STOP' })]],
    ['on a chunk of no text', [chunk({ text: 'Hi' }), STOP]],
    ['on a chunk without parts', [chunk({ text: 'Hi' }), chunk([], { finishReason: 'STOP' })]],
    [
      'on a chunk without content',
      [chunk({ text: 'Hi' }), { candidates: [{ finishReason: 'STOP' }], responseId: 'r1' }],
    ],
    ['before the usage', [chunk({ text: 'Hi' }, { finishReason: 'STOP' }), { usageMetadata: USAGE }]],
    [
      'on every chunk, as proxies write it',
      ['H', 'i'].map((text) => chunk({ text }, { finishReason: 'STOP' })),
    ],
    [
      'on the first chunk, as proxies write it',
      [chunk({ text: 'H' }, { finishReason: 'STOP' }), chunk({ text: 'i' })],
    ],
  ])('has its reason %s', (_, values) => {
    const { message, text } = answerOf(values);
    expect({ text, reason: message?.stop_reason }).toEqual({ text: 'Hi', reason: 'end_turn' });
  });

  it('has the reason that came last', () => {
    const values = ['STOP', 'STOP', 'MAX_TOKENS'].map((finishReason) =>
      chunk({ text: 'a' }, { finishReason }),
    );
    expect(messageOf(values)).toMatchObject({ stop_reason: 'max_tokens' });
  });

  it.each(['', null, 'FINISH_REASON_UNSPECIFIED', undefined])(
    'is truncated without a reason: %s',
    (finishReason) => {
      const decoded = read([chunk({ text: 'Hi' }, { finishReason, usageMetadata: USAGE })]);
      expect(typesOf(decoded)).toEqual(['message_start', 'content_block_start', 'content_block_delta']);
    },
  );

  it('ends with the stream and not before it', () => {
    const decoder = gemini.decoder();
    expect(decoder.next({ data: JSON.stringify(STOP) }).map(({ type }) => type)).toEqual(['message_start']);
    expect(decoder.end().map(({ type }) => type)).toEqual(['message_delta', 'message_stop']);
    expect(decoder.end()).toEqual([]);
  });

  it.each<readonly [finishReason: string, stop_reason: string]>([
    ['STOP', 'end_turn'],
    ['MAX_TOKENS', 'max_tokens'],
    ...[
      ...['SAFETY', 'RECITATION', 'BLOCKLIST', 'PROHIBITED_CONTENT', 'SPII', 'MODEL_ARMOR'],
      ...['IMAGE_SAFETY', 'IMAGE_PROHIBITED_CONTENT', 'IMAGE_RECITATION'],
    ].map((reason) => [reason, 'refusal'] as const),
    ...['MALFORMED_FUNCTION_CALL', 'OTHER', 'LANGUAGE', 'NO_IMAGE', 'UNEXPECTED_TOOL_CALL'].map(
      (reason) => [reason, reason] as const,
    ),
  ])('that stops for %s has the reason %s', (finishReason, stop_reason) => {
    expect(messageOf([chunk({ text: 'Hi' }, { finishReason })])).toMatchObject({ stop_reason });
  });

  it('says more about its reason', () => {
    expect(messageOf([chunk([], { finishReason: 'SAFETY', finishMessage: 'Too dangerous' })])).toMatchObject({
      stop_reason: 'refusal',
      stop_details: { type: 'refusal', category: null, explanation: 'Too dangerous' },
    });
    expect(messageOf([chunk([], { finishReason: 'OTHER', finishMessage: 'Who knows' })])).toMatchObject({
      stop_reason: 'OTHER',
      finishMessage: 'Who knows',
    });
  });

  it('to a prompt that was blocked is a refusal, with its usage', () => {
    const promptFeedback = { blockReason: 'PROHIBITED_CONTENT', blockReasonMessage: 'Not that' };
    const usageMetadata = { promptTokenCount: 7, totalTokenCount: 7 };
    expect(messageOf([{ promptFeedback, usageMetadata, modelVersion: 'm-1' }])).toMatchObject({
      model: 'm-1',
      content: [],
      stop_reason: 'refusal',
      stop_details: { explanation: 'Not that' },
      promptFeedback,
      usage: { input_tokens: 7, output_tokens: 0 },
    });
  });

  it('keeps its first id, whatever proxies write on the other chunks', () => {
    const ids = ['r1', 'r2', null, 'r3'].map((responseId, at) => ({
      ...chunk({ text: String(at) }),
      responseId,
    }));
    expect(answerOf([...ids, { ...STOP, responseId: 'r4' }])).toMatchObject({
      text: '0123',
      message: { id: 'r1' },
    });
    const late = [{ ...chunk({ text: 'Hi' }), responseId: undefined, modelVersion: undefined }, STOP];
    expect(messageOf(late)).toMatchObject({ id: 'r1', model: 'm-1' });
  });

  it('is not mixed with the next one', () => {
    const other = [chunk({ text: 'Ho' }), STOP].map((value) => ({ ...value, responseId: 'r2' }));
    const decoded = read([chunk({ text: 'Hi' }), STOP, ...other]);
    expect(flaws(decoded)).toEqual([]);
    expect(answersIn(decoded)).toMatchObject([
      { text: 'Hi', message: { id: 'r1' } },
      { text: 'Ho', message: { id: 'r2' } },
    ]);
    const data = [chunk({ text: 'Hi' }), { candidates: [], answer: 2 }].map((value) => JSON.stringify(value));
    const frames = data.map((text) => ({ data: text }));
    expect(attempted(gemini, frames).failure).toMatchObject({
      code: 'protocol',
      message: 'An answer began before the one before it had ended',
    });
  });
});

describe('the usage', () => {
  it('is that of the last object with a total, whole', () => {
    const first = { ...USAGE, promptTokenCount: 169, cachedContentTokenCount: 100, totalTokenCount: 175 };
    const last = { promptTokenCount: 79, totalTokenCount: 79 };
    const message = messageOf([
      chunk({ text: 'Hi' }, { usageMetadata: first }),
      chunk({ text: '' }, { finishReason: 'STOP', usageMetadata: last }),
      { usageMetadata: { trafficType: 'ON_DEMAND' } },
      { usageMetadata: { promptTokenCount: 1 } },
    ]);
    expect(message.usage).toMatchObject({
      input_tokens: 79,
      output_tokens: 0,
      cache_read_input_tokens: 0,
      output_tokens_details: { thinking_tokens: 0 },
    });
  });

  it('is not that of an object which counts nothing', () => {
    const { usage } = messageOf([
      chunk({ text: 'Hi' }, { usageMetadata: { promptTokenCount: 9, candidatesTokenCount: 4 } }),
      chunk([], { finishReason: 'STOP', usageMetadata: { trafficType: 'ON_DEMAND' } }),
    ]);
    expect(usage).toMatchObject({ input_tokens: 9, output_tokens: 4 });
  });

  it.each([
    ['with tools', { ...USAGE, toolUsePromptTokenCount: 3, totalTokenCount: 18 }, [12, 6, null]],
    ['with a cache', { ...USAGE, cachedContentTokenCount: 8 }, [1, 6, 8]],
    ['of a total and a prompt', { promptTokenCount: 9, totalTokenCount: 15 }, [9, 6, null]],
    ['without a total', { promptTokenCount: 9, candidatesTokenCount: 4 }, [9, 4, null]],
  ])('%s counts each token once', (_, usageMetadata, tokens) => {
    const { usage } = messageOf([chunk({ text: 'Hi' }, { finishReason: 'STOP', usageMetadata })]);
    expect([usage.input_tokens, usage.output_tokens, usage.cache_read_input_tokens]).toEqual(tokens);
  });

  it('stands as it came in the details, where it says more than the numbers', () => {
    const usageMetadata = { ...USAGE, trafficType: 'ON_DEMAND', promptTokensDetails: [] };
    expect(messageOf([chunk([], { finishReason: 'STOP', usageMetadata })])).toMatchObject({
      usage_details: usageMetadata,
    });
    expect(messageOf([chunk([], { finishReason: 'STOP', usageMetadata: USAGE })])).not.toHaveProperty(
      'usage_details',
    );
  });

  it('is told before an error', () => {
    const decoded = read([
      chunk({ text: 'Hi' }, { usageMetadata: USAGE }),
      { error: { code: 503, message: 'Overloaded', status: 'UNAVAILABLE' }, usageMetadata: USAGE },
    ]);
    expect(decoded.slice(-3)).toMatchObject([
      { type: 'block_abort' },
      { type: 'message_delta', usage: { input_tokens: 9, output_tokens: 6 } },
      { type: 'error' },
    ]);
  });
});

describe('a signature', () => {
  it('of a thinking ends it', () => {
    const parts = [
      { text: 'Hm', thought: true },
      { text: '!', thought: true, thoughtSignature: 'c2ln' },
    ];
    expect(messageOf([chunk(parts), chunk({ text: 'Hm', thought: true }), STOP]).content).toEqual([
      { type: 'thinking', thinking: 'Hm!', signature: 'c2ln' },
      { type: 'thinking', thinking: 'Hm', signature: '' },
    ]);
    expect(messageOf([chunk({ thought: true, thoughtSignature: 'c2ln' }), STOP]).content).toEqual([
      { type: 'thinking', thinking: '', signature: 'c2ln' },
    ]);
  });

  it.each([
    ['Hi', [{ text: 'A' }, { text: 'B', signature: 'c2ln' }, { text: 'C' }]],
    ['', [{ text: 'A' }, { text: '', signature: 'c2ln' }, { text: 'C' }]],
  ])('of a text makes it a block of its own, even of no text', (_, blocks) => {
    const values = blocks.map(({ text, signature }: { text: string; signature?: string }) =>
      chunk({ text, thoughtSignature: signature }),
    );
    expect(messageOf([...values, STOP]).content).toEqual(
      blocks.map((block) => ({ type: 'text', citations: null, ...block })),
    );
  });

  it('at the very end stands with the reason', () => {
    const last = chunk({ text: '', thoughtSignature: 'c2ln' }, { finishReason: 'STOP' });
    expect(messageOf([chunk({ text: 'Hi' }), last]).content).toEqual([
      { type: 'text', text: 'Hi', citations: null },
      { type: 'text', text: '', citations: null, signature: 'c2ln' },
    ]);
  });
});

describe('a part that is neither a text nor a call', () => {
  it.each<[object, object]>([
    [
      { executableCode: { language: 'PYTHON', code: '1+1' }, thoughtSignature: 'c2ln' },
      { type: 'executableCode', language: 'PYTHON', code: '1+1', signature: 'c2ln' },
    ],
    [
      { codeExecutionResult: { outcome: 'OUTCOME_OK', output: '2' } },
      { type: 'codeExecutionResult', outcome: 'OUTCOME_OK', output: '2' },
    ],
    [
      { toolCall: { toolType: 'GOOGLE_SEARCH', id: 't1', args: { q: 'a' } }, thoughtSignature: 'c2ln' },
      { type: 'toolCall', toolType: 'GOOGLE_SEARCH', id: 't1', args: { q: 'a' }, signature: 'c2ln' },
    ],
    [
      { toolResponse: { toolType: 'GOOGLE_SEARCH', id: 't1', response: {} } },
      { type: 'toolResponse', toolType: 'GOOGLE_SEARCH', id: 't1', response: {} },
    ],
    [
      { inlineData: { mimeType: 'image/png', data: 'AAAA' }, thought: true },
      { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' }, thought: true },
    ],
    [
      { fileData: { mimeType: 'application/pdf', fileUri: 'https://example.com/a.pdf' } },
      {
        type: 'document',
        source: { type: 'url', url: 'https://example.com/a.pdf', media_type: 'application/pdf' },
      },
    ],
  ])('is a block: %j', (part, block) => {
    expect(messageOf([chunk([{ text: 'a' }, part, { text: 'b' }]), STOP]).content).toEqual([
      { type: 'text', text: 'a', citations: null },
      block,
      { type: 'text', text: 'b', citations: null },
    ]);
  });

  it('passes as an unknown event where nobody knows it, and where it says nothing it is passed over', () => {
    const part = { hologram: { depth: 3 } };
    expect(read([chunk(part)]).slice(1)).toEqual([events.unknown('hologram', part)]);
    expect(read([chunk([{}, { videoMetadata: {} }, { text: null }])]).slice(1)).toEqual([]);
  });
});

describe('what the API says besides', () => {
  const web = (uri: string, title: string): object => ({ web: { uri, title } });
  const groundingMetadata = {
    groundingChunks: [web('https://a.test', 'A'), { maps: {} }],
    webSearchQueries: ['a'],
  };

  it('is a citation for each page, once, and the metadata that came last', () => {
    const last = { groundingChunks: [web('https://a.test', 'A'), web('https://b.test', 'B')] };
    const message = messageOf([
      chunk({ text: 'Hi' }, { groundingMetadata }),
      chunk({ text: '', thoughtSignature: 'c2ln' }, { groundingMetadata: last, finishReason: 'STOP' }),
    ]);
    expect(message).toMatchObject({ groundingMetadata: last });
    expect(message.content).toMatchObject([
      { text: 'Hi', citations: [{ type: 'grounding', url: 'https://a.test', title: 'A' }, { title: 'B' }] },
      { text: '', signature: 'c2ln', citations: null },
    ]);
  });

  it('is cited by a text of its own where there is no other', () => {
    const call = { functionCall: { name: 'f' } };
    const message = messageOf([chunk([{ text: 'Hi' }, call], { groundingMetadata, finishReason: 'STOP' })]);
    expect(message.content).toMatchObject([
      { text: 'Hi', citations: null },
      { type: 'tool_use' },
      { text: '', citations: [{ url: 'https://a.test' }] },
    ]);
  });

  it('stands in the message', () => {
    const fields = { citationMetadata: { citations: [] }, urlContextMetadata: { urlMetadata: [] } };
    expect(messageOf([chunk({ text: 'Hi' }, { ...fields, finishReason: 'STOP' })])).toMatchObject(fields);
  });

  it('passes as an unknown event where a rating blocks, or where it is another candidate', () => {
    const safetyRatings = [{ category: 'HARM_CATEGORY_HARASSMENT', probability: 'HIGH', blocked: true }];
    const harmless = [{ category: 'HARM_CATEGORY_HARASSMENT', probability: 'LOW' }];
    expect(read([chunk([], { safetyRatings: harmless })]).slice(1)).toEqual([]);
    expect(read([chunk([], { safetyRatings })]).slice(1)).toEqual([
      events.unknown('safetyRatings', { safetyRatings }),
    ]);
    const other = { index: 1, content: { parts: [{ text: 'Ho' }] } };
    const values = [
      { candidates: [{ index: 0, content: { parts: [{ text: 'Hi' }] } }, other] },
      { candidates: [other], usageMetadata: USAGE },
    ];
    expect(answerOf([...values, STOP]).text).toBe('Hi');
    expect(read(values).filter(({ type }) => type === 'unknown')).toEqual([
      events.unknown('candidate', { candidates: [other] }),
      events.unknown('candidate', { candidates: [other] }),
    ]);
  });

  it('comes after the end, if that was the end', () => {
    const strange = { type: 'heartbeat' };
    expect(typesOf(read([STOP, strange]))).toEqual([
      'message_start',
      'message_delta',
      'message_stop',
      'unknown',
    ]);
    expect(typesOf(read([STOP, strange, chunk({ text: 'Hi' })])).slice(0, 3)).toEqual([
      'message_start',
      'unknown',
      'content_block_start',
    ]);
  });
});

describe('a failure', () => {
  it('is an error, and nothing comes after it', () => {
    const failure = { error: { code: 503, message: 'Overloaded', status: 'UNAVAILABLE', details: [] } };
    const decoded = read([chunk({ text: 'Hi' }), failure, failure, chunk({ text: 'Ho' }), STOP]);
    expect(decoded.slice(-2)).toEqual([
      events.blockAbort(0, 'Overloaded'),
      { type: 'error', error: { type: 'UNAVAILABLE', message: 'Overloaded', status: 503 } },
    ]);
  });

  it('says which request it was', () => {
    const details = [{ '@type': 'type.googleapis.com/google.rpc.RequestInfo', requestId: 'req-1' }];
    expect(read([{ error: { code: 500, message: 'No', status: 'INTERNAL', details } }])).toEqual([
      { type: 'error', error: { type: 'INTERNAL', message: 'No', status: 500 }, request_id: 'req-1' },
    ]);
  });
});

it('a stream of another protocol is no answer', () => {
  const foreign = { id: 'c1', object: 'chat.completion.chunk', choices: [{ delta: { content: 'Hi' } }] };
  expect(() => read([foreign])).toThrow('This is no stream of gemini; use openaiChat of /openai');
});

describe('a reason', () => {
  it('that cuts an answer off is not taken back by STOP, which proxies say with every chunk', () => {
    const said = (finishReason: string): object => chunk({ text: 'a' }, { finishReason });
    expect(messageOf([said('STOP'), said('MAX_TOKENS'), STOP]).stop_reason).toBe('max_tokens');
    const blocked = { promptFeedback: { blockReason: 'SAFETY' }, responseId: 'r1' };
    expect(messageOf([blocked, STOP]).stop_reason).toBe('refusal');
  });

  it('is none where the prompt is blocked for no reason', () => {
    const unspecified = { promptFeedback: { blockReason: 'BLOCK_REASON_UNSPECIFIED' }, responseId: 'r1' };
    expect(messageOf([unspecified, STOP]).stop_reason).toBe('end_turn');
    expect(typesOf(read([unspecified]))).toEqual(['message_start']);
  });
});

it('a picture may share its part with a text', () => {
  const part = { text: 'Look', inlineData: { mimeType: 'image/png', data: 'QQ==' } };
  expect(messageOf([chunk(part), STOP]).content).toMatchObject([{ text: 'Look' }, { type: 'image' }]);
});
