import { AI_SDK_UI_HEADERS, aiSdkUi, aiSdkUiDialect } from '../../../src/ai-sdk-ui.js';
import type { AnyContentBlock } from '../../../src/events/block.js';
import type { StreamEvent } from '../../../src/events/event.js';
import * as events from '../../../src/events/make.js';
import type { StopReason } from '../../../src/events/message.js';
import { framesOf } from '../conformance/spelling.js';

type Part = Readonly<Record<string, unknown>>;

const SEVEN = aiSdkUiDialect({ version: 7 });
const START = events.messageStart({ id: 'm1', model: 'm-1' });
const STOP = events.messageStop();

/** The parts of a stream, and what else stands in it. */
function written(sequence: readonly StreamEvent[], codec = aiSdkUi): readonly (Part | string)[] {
  return framesOf(codec, sequence).map(({ data }) =>
    data.startsWith('{') ? (JSON.parse(data) as Part) : data,
  );
}

/** The parts between the start of the step and its end. */
function within(content: readonly StreamEvent[], codec = aiSdkUi): readonly (Part | string)[] {
  return written([START, ...content, events.messageDelta('end_turn'), STOP], codec).slice(2, -3);
}

function block(index: number, of: object, ...deltas: readonly StreamEvent[]): readonly StreamEvent[] {
  return [events.blockStart(index, of as AnyContentBlock), ...deltas, events.blockStop(index)];
}

function call(index: number, id: string, ...pieces: readonly string[]): readonly StreamEvent[] {
  const deltas = pieces.map((piece) => events.inputJsonDelta(index, piece));
  return [events.toolUseStart(index, id, 'f'), ...deltas, events.blockStop(index)];
}

it('the headers are those that the client asks for, and that nothing on the way keeps or gathers', () => {
  expect(AI_SDK_UI_HEADERS).toEqual({
    'content-type': 'text/event-stream',
    'cache-control': 'no-cache',
    'x-vercel-ai-ui-message-stream': 'v1',
    'x-accel-buffering': 'no',
  });
});

describe('the end', () => {
  it.each<[StopReason | 'steered' | null, string | undefined, string | undefined]>([
    ['end_turn', 'stop', 'stop'],
    ['stop_sequence', 'stop', 'stop'],
    ['max_tokens', 'length', 'length'],
    ['model_context_window_exceeded', 'length', 'length'],
    ['tool_use', 'tool-calls', 'tool-calls'],
    ['refusal', 'content-filter', 'content-filter'],
    ['pause_turn', 'other', 'interrupted'],
    // The client fails at a reason that it does not know.
    ['steered', 'other', 'other'],
    [null, undefined, undefined],
  ])('with the reason %s is %s in version 6, and %s in 7', (reason, six, seven) => {
    const sequence = [START, events.messageDelta(reason as StopReason), STOP];
    for (const [codec, finishReason] of [
      [aiSdkUi, six],
      [SEVEN, seven],
    ] as const) {
      const [stepEnd, finish, done] = written(sequence, codec).slice(-3);
      expect(stepEnd).toEqual({ type: 'finish-step' });
      expect(finish).toMatchObject({ type: 'finish', ...(finishReason && { finishReason }) });
      expect((finish as Part)['finishReason']).toBe(finishReason);
      const { stopReason } = (finish as Part)['messageMetadata'] as Part;
      expect(stopReason).toBe(reason ?? undefined);
      expect(done).toBe('[DONE]');
    }
  });

  it('of a stop is an abort, which comes after what is known of the message', () => {
    const end = events.messageDelta('cancelled' as StopReason, { output_tokens: 7 });
    expect(written([START, end, STOP]).slice(2)).toEqual([
      { type: 'message-metadata', messageMetadata: { stopReason: 'cancelled', usage: { output_tokens: 7 } } },
      { type: 'abort' },
      '[DONE]',
    ]);
  });

  it('of a failure is its words, with the end of the stream, whenever it comes', () => {
    const failure = events.error('overloaded_error', 'Busy');
    const end = [{ type: 'error', errorText: 'Busy' }, '[DONE]'];
    expect(written([failure])).toEqual(end);
    expect(written([START, failure]).slice(2)).toEqual(end);
  });

  it('is not written of an answer that broke off', () => {
    expect(written([START, ...block(0, events.textStart(0).content_block)]).at(-1)).toEqual({
      type: 'text-end',
      id: '0',
    });
  });
});

describe('what version 6 does not know', () => {
  it('is left out there, and written for version 7', () => {
    const again = [events.reset(2, null), START];
    for (const attempt of [[START], [START, ...call(0, 'a', '{}').slice(0, 1)]]) {
      const types = (codec = aiSdkUi): readonly unknown[] =>
        written([...attempt, ...again], codec).map((part) => (part as Part)['type']);
      expect(types()).not.toContain('reset-step');
      expect(types(SEVEN)).toContain('reset-step');
    }

    const cited = { type: 'source-url', sourceId: 's1', url: 'https://a.test/', title: 'A' };
    const text = block(0, events.textStart(0).content_block, events.citationsDelta(0, cited as never));
    expect(within(text).slice(1)).toEqual([cited, { type: 'text-end', id: '0' }]);
    const { type: _, sourceId: id, ...members } = cited;
    expect(within(text, SEVEN).slice(1)).toEqual([
      cited,
      {
        type: 'text-end',
        id: '0',
        citations: [{ source: { type: 'source', sourceType: 'url', id, ...members } }],
      },
    ]);

    for (const part of [
      { type: 'custom', kind: 'acme.chart' },
      { type: 'reasoning-file', url: 'https://a.test/', mediaType: 'image/png' },
      { type: 'steering-message', id: 'u', parts: [] },
    ]) {
      const told = [events.unknown(part.type, part)];
      expect(within(told)).toEqual([
        { type: 'data-event', transient: true, data: { name: part.type, data: part } },
      ]);
      expect(within(told, SEVEN)).toEqual([part]);
    }
  });
});

describe('an event of an unknown type', () => {
  it('goes back as it came where it is a part of the app, and is wrapped in one where it is another’s', () => {
    const own = { type: 'data-weather', id: 'w', data: { c: 4 } };
    expect(within([events.unknown('data-weather', own), events.unknown('heartbeat', { n: 1 })])).toEqual([
      own,
      { type: 'data-event', transient: true, data: { name: 'heartbeat', data: { n: 1 } } },
    ]);
  });
});

describe('a call', () => {
  const names = { toolCallId: 'a', toolName: 'f' };

  it('whose input is not JSON, or that was given up, cannot be run', () => {
    expect(within(call(0, 'a', '{"a":')).at(-1)).toEqual({
      type: 'tool-input-error',
      ...names,
      input: '{"a":',
      errorText: 'The input is not JSON',
    });
    const given = [...call(0, 'a', '{"a":1}').slice(0, -1), events.blockAbort(0, 'Cut off')];
    expect(within(given).at(-1)).toEqual({
      type: 'tool-input-error',
      ...names,
      input: '{"a":1}',
      errorText: 'Cut off',
    });
  });

  it('is told what came of it, if it is one of the message', () => {
    const results = [
      events.toolResult('a', { c: 4 }),
      events.toolResult('a', 'No such city', true),
      events.toolResult('a', 'denied', true),
      { ...events.toolResult('a', 1), preliminary: true as const },
      // The client fails at what is said of a call that is not there.
      events.toolResult('nobody', 'x'),
      events.toolResult('nobody', 'x', true),
    ];
    expect(within([...call(0, 'a', '{}'), ...results]).slice(3)).toEqual([
      { type: 'tool-output-available', toolCallId: 'a', output: { c: 4 } },
      { type: 'tool-output-error', toolCallId: 'a', errorText: 'No such city' },
      { type: 'tool-output-denied', toolCallId: 'a' },
      { type: 'tool-output-available', toolCallId: 'a', output: 1, preliminary: true },
    ]);
  });

  it('of the provider has its result from the block that follows', () => {
    const { content_block: search } = events.serverToolUseStart(0, 's', 'web_search');
    const content = [{ type: 'web_search_result', url: 'https://a.test/' }];
    const given = (tool_use_id: string): object => ({ type: 'web_search_tool_result', tool_use_id, content });
    const parts = within([...block(0, search), ...block(1, given('s')), ...block(2, given('nobody'))]);
    expect(parts.slice(1)).toEqual([
      {
        type: 'tool-input-available',
        toolCallId: 's',
        toolName: 'web_search',
        providerExecuted: true,
        input: {},
      },
      { type: 'tool-output-available', toolCallId: 's', providerExecuted: true, output: content },
    ]);
  });
});

it('what must be sent back stands where the AI SDK sends it back from', () => {
  const signature = 'c2ln';
  const signed = (provider: string, member: string): object => ({ [provider]: { [member]: signature } });
  const thinking = block(0, events.thinkingStart(0).content_block, events.signatureDelta(0, signature));
  expect(
    within([
      ...thinking,
      ...block(1, { type: 'redacted_thinking', data: 'RW5j' }),
      ...block(2, { ...events.textStart(2).content_block, signature }),
      ...block(3, { ...events.toolUseStart(3, 'a', 'f').content_block, signature }),
      ...block(
        4,
        { ...events.thinkingStart(4).content_block, providerMetadata: { openai: { itemId: 'rs_1' } } },
        events.signatureDelta(4, signature),
      ),
    ]),
  ).toMatchObject([
    { type: 'reasoning-start', id: '0' },
    { type: 'reasoning-delta', delta: '', providerMetadata: signed('anthropic', 'signature') },
    { type: 'reasoning-end' },
    { type: 'reasoning-start', providerMetadata: { anthropic: { redactedData: 'RW5j' } } },
    { type: 'reasoning-end' },
    { type: 'text-start', providerMetadata: signed('google', 'thoughtSignature') },
    { type: 'text-end' },
    { type: 'tool-input-start', providerMetadata: signed('google', 'thoughtSignature') },
    { type: 'tool-input-available', providerMetadata: signed('google', 'thoughtSignature') },
    { type: 'reasoning-start', providerMetadata: { openai: { itemId: 'rs_1' } } },
    {
      type: 'reasoning-delta',
      providerMetadata: { openai: { itemId: 'rs_1', reasoningEncryptedContent: signature } },
    },
    { type: 'reasoning-end' },
  ]);
});

it('each page is a source once, and what has no address is none', () => {
  const cite = (index: number, url: string | undefined): StreamEvent =>
    events.citationsDelta(index, { type: 'url_citation', url, title: 'A' } as never);
  const texts = [0, 1].flatMap((index) =>
    block(
      index,
      events.textStart(index).content_block,
      cite(index, 'https://a.test/'),
      cite(index, 'https://a.test/'),
      cite(index, undefined),
    ),
  );
  expect(within(texts).filter((part) => (part as Part)['type'] === 'source-url')).toEqual([
    { type: 'source-url', sourceId: 'source-0', url: 'https://a.test/', title: 'A' },
  ]);
});

it.each<[object, Part]>([
  [
    { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } },
    { type: 'file', url: 'data:image/png;base64,AAAA', mediaType: 'image/png' },
  ],
  [
    { type: 'document', source: { type: 'url', url: 'https://a.test/a.pdf', media_type: 'application/pdf' } },
    { type: 'file', url: 'https://a.test/a.pdf', mediaType: 'application/pdf' },
  ],
])('a picture or a document is a file: %j', (of, part) => {
  expect(within(block(0, of))).toEqual([part]);
});

it('a further message is a step of the first', () => {
  const text = (id: string): readonly StreamEvent[] => [
    events.messageStart({ id, model: `model of ${id}` }),
    ...block(0, events.textStart(0).content_block),
    events.messageDelta('end_turn', { output_tokens: 1 }),
    STOP,
  ];
  expect(written([...text('m1'), ...text('m2')])).toMatchObject([
    { type: 'start', messageId: 'm1', messageMetadata: { model: 'model of m1' } },
    { type: 'start-step' },
    { type: 'text-start', id: '0' },
    { type: 'text-end', id: '0' },
    { type: 'message-metadata', messageMetadata: { stopReason: 'end_turn' } },
    { type: 'finish-step' },
    { type: 'message-metadata', messageMetadata: { messageId: 'm2', model: 'model of m2' } },
    { type: 'start-step' },
    { type: 'text-start', id: '0' },
    { type: 'text-end', id: '0' },
    { type: 'finish-step' },
    { type: 'finish', finishReason: 'stop' },
    '[DONE]',
  ]);
});
