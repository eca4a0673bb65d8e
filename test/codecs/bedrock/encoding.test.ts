import { bedrockConverse } from '../../../src/bedrock.js';
import type { StreamEvent } from '../../../src/events/event.js';
import * as events from '../../../src/events/make.js';
import type { StopReason } from '../../../src/events/message.js';
import type { Frame } from '../../../src/wire/frame.js';
import { framesOf } from '../conformance/spelling.js';
import { read } from './frames.js';

/** What stands between the start and the end of an answer. */
function written(...content: readonly StreamEvent[]): readonly unknown[] {
  return bodies([
    events.messageStart(),
    ...content,
    events.messageDelta('end_turn'),
    events.messageStop(),
  ]).slice(1, -2);
}

function bodies(sequence: readonly StreamEvent[]): readonly unknown[] {
  return framesOf(bedrockConverse, sequence).map(({ event = '', data }: Frame) => ({
    [event]: JSON.parse(data) as unknown,
  }));
}

it('an answer', () => {
  const usage = {
    input_tokens: 5,
    output_tokens: 2,
    cache_read_input_tokens: 100,
    cache_creation_input_tokens: 10,
  };
  const end = events.messageDelta('stop_sequence', { stop_sequence: '###', ...usage });
  const content = [events.textStart(0), events.textDelta(0, 'Hi'), events.blockStop(0)];
  expect(
    bodies([events.messageStart({ id: 'm', model: 'n' }), ...content, end, events.messageStop()]),
  ).toEqual([
    { messageStart: { role: 'assistant' } },
    { contentBlockDelta: { contentBlockIndex: 0, delta: { text: 'Hi' } } },
    { contentBlockStop: { contentBlockIndex: 0 } },
    {
      messageStop: {
        stopReason: 'stop_sequence',
        additionalModelResponseFields: { delta: { stop_sequence: '###' } },
      },
    },
    {
      metadata: {
        usage: {
          inputTokens: 5,
          outputTokens: 2,
          totalTokens: 117,
          cacheReadInputTokens: 100,
          cacheWriteInputTokens: 10,
        },
      },
    },
  ]);
});

it.each([
  ['end_turn', 'end_turn'],
  ['tool_use', 'tool_use'],
  ['max_tokens', 'max_tokens'],
  ['model_context_window_exceeded', 'model_context_window_exceeded'],
  ['refusal', 'content_filtered'],
  ['malformed_tool_use', 'malformed_tool_use'],
  ['cancelled', 'cancelled'],
  [null, 'end_turn'],
])('the reason %s is %s', (ours, stopReason) => {
  const end = [events.messageDelta(ours as StopReason | null), events.messageStop()];
  expect(bodies([events.messageStart(), ...end])).toMatchObject([{}, { messageStop: { stopReason } }, {}]);
});

it('every block has an end, also one that was given up', () => {
  expect(
    written(
      events.textStart(0),
      events.textDelta(0, 'Hi'),
      events.blockAbort(0, 'No'),
      events.thinkingStart(1),
      events.signatureDelta(1, 'c2ln'),
      events.blockStop(1),
    ),
  ).toEqual([
    { contentBlockDelta: { contentBlockIndex: 0, delta: { text: 'Hi' } } },
    { contentBlockStop: { contentBlockIndex: 0 } },
    { contentBlockDelta: { contentBlockIndex: 1, delta: { reasoningContent: { signature: 'c2ln' } } } },
    { contentBlockStop: { contentBlockIndex: 1 } },
  ]);
});

it.each([
  ['no input', []],
  ['a whole input', ['{}']],
  ['a cut input', ['{"a":']],
])('a call with %s that was given up is none that can be run', (_what, pieces) => {
  const [start, ...others] = written(
    events.toolUseStart(0, 't', 'f'),
    ...pieces.map((piece) => events.inputJsonDelta(0, piece)),
    events.blockAbort(0, 'No'),
  );
  expect(start).toEqual({
    contentBlockStart: { contentBlockIndex: 0, start: { toolUse: { toolUseId: 't', name: 'f' } } },
  });
  const inputs = others.map((body) => /"input":"(.*)"/.exec(JSON.stringify(body))?.[1] ?? '');
  expect(() => JSON.parse(inputs.join('').replaceAll('\\"', '"')) as unknown).toThrow(SyntaxError);
});

it('images and thinking that is not shown, where they are in base64', () => {
  const image = (media_type: string, data: string) =>
    events.blockStart(0, { type: 'image', source: { type: 'base64', media_type, data } } as never);
  expect(written(image('image/png', 'AAAA'), events.blockStop(0))).toEqual([
    { contentBlockStart: { contentBlockIndex: 0, start: { image: { format: 'png' } } } },
    { contentBlockDelta: { contentBlockIndex: 0, delta: { image: { source: { bytes: 'AAAA' } } } } },
    { contentBlockStop: { contentBlockIndex: 0 } },
  ]);
  expect(written(image('image/tiff', 'AAAA'), events.blockStop(0))).toEqual([]);
  expect(written(events.redactedThinkingStart(0, 'AAAA'), events.blockStop(0))).toEqual([
    { contentBlockDelta: { contentBlockIndex: 0, delta: { reasoningContent: { redactedContent: 'AAAA' } } } },
    { contentBlockStop: { contentBlockIndex: 0 } },
  ]);
  expect(written(events.redactedThinkingStart(0, 'not base64'), events.blockStop(0))).toEqual([]);
});

it('citations: those of the service as they came, of others what it has words for', () => {
  const own = { title: 'Norway', location: { web: { url: 'https://example.com/' } } };
  const cite = (citation: object) => [
    events.textStart(0),
    events.citationsDelta(0, citation as never),
    events.blockStop(0),
  ];
  const given = read({
    event: 'contentBlockDelta',
    data: JSON.stringify({ contentBlockIndex: 0, delta: { citation: own } }),
  });
  expect(written(...given.slice(1), events.blockStop(0))[0]).toEqual({
    contentBlockDelta: { contentBlockIndex: 0, delta: { citation: own } },
  });
  const web = {
    type: 'web_search_result_location',
    url: 'https://example.com/',
    title: null,
    cited_text: 'fjord',
  };
  expect(written(...cite(web))[0]).toEqual({
    contentBlockDelta: {
      contentBlockIndex: 0,
      delta: {
        citation: { sourceContent: [{ text: 'fjord' }], location: { web: { url: 'https://example.com/' } } },
      },
    },
  });
});

it.each([
  ['overloaded_error', 'serviceUnavailableException'],
  ['rate_limit_error', 'throttlingException'],
  ['invalid_request_error', 'validationException'],
  ['api_error', 'internalServerException'],
  ['anything', 'internalServerException'],
  ['modelStreamErrorException', 'modelStreamErrorException'],
])('the error %s is a %s, and comes back', (type, name) => {
  const error = events.error(type, 'No', 'req_1');
  const [frame] = framesOf(bedrockConverse, [error]);
  expect(frame?.event).toBe(name);
  expect(JSON.parse(frame?.data ?? '')).toMatchObject({ message: 'No', request_id: 'req_1' });
  expect(read(frame as Frame)).toMatchObject([error]);
});

it('what the service tells besides goes back as it came', () => {
  const members = { metrics: { latencyMs: 4 }, trace: { guardrail: {} } };
  const usage = { inputTokens: 1, outputTokens: 2, totalTokens: 3, cacheDetails: [] };
  const given = [
    { event: 'messageStart', data: '{"role":"assistant"}' },
    { event: 'messageStop', data: '{"stopReason":"end_turn","additionalModelResponseFields":{"a":1}}' },
    { event: 'metadata', data: JSON.stringify({ usage, ...members }) },
  ];
  const again = framesOf(bedrockConverse, read(...given));
  expect(again.map(({ data }) => JSON.parse(data) as unknown)).toEqual(
    given.map(({ data }) => JSON.parse(data) as unknown),
  );
});

it('an unknown event that would be read as one of its own is left out', () => {
  for (const [name, data] of [
    ['messageStop', { stopReason: 'end_turn' }],
    ['contentBlockDelta', { contentBlockIndex: 0, delta: { text: 'x' } }],
    ['laterException', { message: 'x' }],
    ['message', { messageStop: {} }],
    ['a\nb', {}],
    ['x', 7],
  ] as const)
    expect(framesOf(bedrockConverse, [events.unknown(name, data)])).toEqual([]);
});
