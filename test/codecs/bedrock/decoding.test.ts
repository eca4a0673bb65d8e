import { from } from 'rxjs';
import { bedrockAnswer, bedrockConverse, eventStream, eventStreamBytes } from '../../../src/bedrock.js';
import { decode } from '../../../src/codecs/decode.js';
import { isStreamError } from '../../../src/errors/streamError.js';
import * as events from '../../../src/events/make.js';
import type { StreamEvent } from '../../../src/events/event.js';
import { toMessage } from '../../../src/operators/toMessage.js';
import { untilTerminal } from '../../../src/operators/untilTerminal.js';
import type { Frame } from '../../../src/wire/frame.js';
import { answersIn } from '../conformance/answerIn.js';
import { eventsOf } from '../conformance/spelling.js';
import {
  contentOf,
  delta,
  failureOf,
  frame,
  messageStop,
  read,
  START,
  start,
  stop,
  typesOf,
  USAGE,
} from './frames.js';

const TOOL = { toolUse: { toolUseId: 'tooluse_1', name: 'get_weather' } };
const HELLO: readonly Frame[] = [delta(0, { text: 'Hel' }), delta(0, { text: 'lo' }), stop(0)];

/** The message that an answer comes to, or what it fails with. */
function outcomeOf(frames: readonly Frame[]): unknown {
  let outcome: unknown;
  from(frames)
    .pipe(decode(bedrockConverse), untilTerminal(), toMessage())
    .subscribe({ next: (message) => (outcome = message), error: (error: unknown) => (outcome = error) });
  return outcome;
}

it('an answer of text, as the service sends it', () => {
  expect(read(START, ...HELLO, messageStop(), USAGE)).toEqual([
    events.messageStart(),
    events.textStart(0),
    events.textDelta(0, 'Hel'),
    events.textDelta(0, 'lo'),
    events.blockStop(0),
    {
      ...events.messageDelta('end_turn', { input_tokens: 7, output_tokens: 3 }),
      metrics: { latencyMs: 412 },
    },
    events.messageStop(),
  ]);
});

it('is read from the bytes of an event stream', () => {
  const seen: StreamEvent[] = [];
  from([START, ...HELLO, messageStop(), USAGE].map(eventStreamBytes))
    .pipe(eventStream(), decode(bedrockConverse))
    .subscribe((event) => seen.push(event));
  expect(seen).toEqual(read(START, ...HELLO, messageStop(), USAGE));
});

it('has the model and the id that are known beforehand, in each message', () => {
  const codec = bedrockAnswer({ model: 'amazon.nova-pro-v1:0', id: 'req_1' });
  const frames = [START, ...HELLO, messageStop(), USAGE];
  const starts = eventsOf(codec, [...frames, ...frames]).filter(({ type }) => type === 'message_start');
  expect(starts).toEqual([
    events.messageStart({ model: 'amazon.nova-pro-v1:0', id: 'req_1' }),
    events.messageStart({ model: 'amazon.nova-pro-v1:0', id: 'req_1' }),
  ]);
});

describe('blocks', () => {
  it('thinking and its signature', () => {
    expect(
      contentOf(
        delta(0, { reasoningContent: { text: 'Hm' } }),
        delta(0, { reasoningContent: { text: 'm.' } }),
        delta(0, { reasoningContent: { signature: 'c2ln' } }),
        stop(0),
        delta(1, { text: 'Hi' }),
        stop(1),
      ),
    ).toEqual([
      events.thinkingStart(0),
      events.thinkingDelta(0, 'Hm'),
      events.thinkingDelta(0, 'm.'),
      events.signatureDelta(0, 'c2ln'),
      events.blockStop(0),
      events.textStart(1),
      events.textDelta(1, 'Hi'),
      events.blockStop(1),
    ]);
  });

  it('thinking that is not shown, in one piece of base64', () => {
    const pieces = [btoa('secr'), btoa('ets!')].map((redactedContent) =>
      delta(0, { reasoningContent: { redactedContent } }),
    );
    expect(contentOf(...pieces, stop(0))).toEqual([
      events.redactedThinkingStart(0, btoa('secrets!')),
      events.blockStop(0),
    ]);
  });

  it('a call, its input in pieces', () => {
    const pieces = ['{"city":', '"Oslo"}'].map((input) => delta(1, { toolUse: { input } }));
    expect(contentOf(start(1, TOOL), ...pieces, stop(1))).toEqual([
      events.toolUseStart(0, 'tooluse_1', 'get_weather'),
      events.inputJsonDelta(0, '{"city":'),
      events.inputJsonDelta(0, '"Oslo"}'),
      events.blockStop(0),
    ]);
  });

  it.each([
    ['texts', [{ text: 'su' }, { text: 'nny' }], 'sunny'],
    ['a JSON value', [{ json: { sky: 'blue' } }], { sky: 'blue' }],
    ['several things', [{ text: 'a' }, { json: 1 }], [{ text: 'a' }, { json: 1 }]],
  ])('a call of the service’s, and what it gave: %s', (_what, parts, content) => {
    const server = { toolUse: { toolUseId: 'srv_1', name: 'nova_grounding', type: 'server_tool_use' } };
    const result = { toolResult: { toolUseId: 'srv_1', type: 'nova_grounding_result', status: 'error' } };
    expect(
      contentOf(
        start(0, server),
        delta(0, { toolUse: { input: '{}' } }),
        stop(0),
        start(1, result),
        ...parts.map((part) => delta(1, { toolResult: [part] })),
        stop(1),
      ),
    ).toEqual([
      events.blockStart(0, {
        ...events.serverToolUseStart(0, 'srv_1', 'web_search').content_block,
        name: 'nova_grounding',
      } as never),
      events.inputJsonDelta(0, '{}'),
      events.blockStop(0),
      events.toolResult('srv_1', content, true),
    ]);
  });

  it('a result that is no error does not say so', () => {
    const result = { toolResult: { toolUseId: 'srv_1', status: 'success' } };
    expect(contentOf(start(0, result), delta(0, { toolResult: [{ text: 'x' }] }), stop(0))).toEqual([
      events.toolResult('srv_1', 'x'),
    ]);
  });

  it('an image, once it is whole', () => {
    expect(
      contentOf(
        start(0, { image: { format: 'jpeg' } }),
        delta(0, { image: { source: { bytes: btoa('on') } } }),
        delta(0, { image: { source: { bytes: btoa('etwo') } } }),
        stop(0),
      ),
    ).toEqual([
      events.blockStart(0, {
        type: 'image',
        source: { type: 'base64', media_type: 'image/jpeg', data: btoa('onetwo') },
      } as never),
      events.blockStop(0),
    ]);
  });

  it('an image that could not be made is given up', () => {
    expect(
      contentOf(
        start(0, { image: { format: 'png' } }),
        delta(0, { image: { error: { message: 'Refused' } } }),
        stop(0),
      ).at(-1),
    ).toEqual(events.blockAbort(0, 'Refused'));
  });

  it('citations as they came, with the address where readers look for it', () => {
    const web = {
      title: 'Norway',
      location: { web: { url: 'https://example.com/', domain: 'example.com' } },
    };
    const page = {
      source: 'a.pdf',
      sourceContent: [{ text: 'fjord' }],
      location: { documentPage: { start: 1 } },
    };
    expect(
      contentOf(
        delta(0, { text: 'Oslo' }),
        delta(0, { citation: web }),
        delta(0, { citation: page }),
        stop(0),
      ),
    ).toEqual([
      events.textStart(0),
      events.textDelta(0, 'Oslo'),
      events.citationsDelta(0, { type: 'converse', url: 'https://example.com/', ...web } as never),
      events.citationsDelta(0, { type: 'converse', ...page } as never),
      events.blockStop(0),
    ]);
  });
});

describe('what the service leaves out', () => {
  it('a start that says nothing begins what the first delta says', () => {
    expect(contentOf(start(0, {}), delta(0, { text: 'Hi' }), stop(0))[0]).toEqual(events.textStart(0));
    expect(contentOf(start(0, {}), delta(0, { reasoningContent: { text: 'Hm' } }), stop(0))[0]).toEqual(
      events.thinkingStart(0),
    );
    expect(contentOf(frame('contentBlockStart', { contentBlockIndex: 0 }), stop(0))).toEqual([
      events.textStart(0),
      events.blockStop(0),
    ]);
  });

  it('the start of the message', () => {
    const all = [START, ...HELLO, messageStop(), USAGE];
    expect(read(...all.slice(1))).toEqual(read(...all));
  });

  it('ends of blocks', () => {
    const [first, second] = HELLO;
    const open = [start(1, TOOL), delta(1, { toolUse: { input: '{}' } })];
    const frames = [START, first as Frame, second as Frame, ...open];
    expect(read(...frames, messageStop('tool_use'), USAGE)).toEqual(
      expect.arrayContaining([events.blockStop(0), events.blockStop(1), events.messageStop()]),
    );
    expect(typesOf(read(...frames, messageStop('tool_use'), USAGE)).at(-1)).toBe('message_stop');
  });

  it('ends of blocks that are written once they are whole', () => {
    const result = start(1, { toolResult: { toolUseId: 'srv_1' } });
    expect(
      contentOf(
        delta(0, { reasoningContent: { redactedContent: btoa('secret') } }),
        result,
        delta(1, { toolResult: [{ text: 'sunny' }] }),
      ),
    ).toEqual([
      events.redactedThinkingStart(0, btoa('secret')),
      events.blockStop(0),
      events.toolResult('srv_1', 'sunny'),
    ]);
  });

  it('the metadata: an answer that has stopped ends with its stream', () => {
    expect(read(START, ...HELLO, messageStop()).slice(-2)).toEqual([
      events.messageDelta('end_turn'),
      events.messageStop(),
    ]);
    expect(typesOf(read(START, ...HELLO, messageStop(), START)).slice(-3)).toEqual([
      'message_delta',
      'message_stop',
      'message_start',
    ]);
  });

  it('texts and inputs of no letters are legal', () => {
    expect(
      contentOf(
        delta(0, { text: '' }),
        stop(0),
        start(1, TOOL),
        delta(1, { toolUse: { input: '' } }),
        stop(1),
      ),
    ).toEqual([
      events.textStart(0),
      events.textDelta(0, ''),
      events.blockStop(0),
      events.toolUseStart(1, 'tooluse_1', 'get_weather'),
      events.inputJsonDelta(1, ''),
      events.blockStop(1),
    ]);
  });

  it('the end of a text before the thinking that follows it under its number', () => {
    expect(
      typesOf(contentOf(delta(0, { text: 'a' }), delta(0, { reasoningContent: { text: 'b' } }), stop(0))),
    ).toEqual([
      ...['content_block_start', 'content_block_delta', 'content_block_stop'],
      ...['content_block_start', 'content_block_delta', 'content_block_stop'],
    ]);
  });
});

describe('the end', () => {
  it('comes once the usage came too, in either order', () => {
    const ends = (frames: readonly Frame[]) => typesOf(read(START, ...HELLO, ...frames));
    expect(ends([USAGE, messageStop()])).toEqual(ends([messageStop(), USAGE]));
    const decoder = bedrockConverse.decoder();
    expect(typesOf(decoder.next(START))).toEqual(['message_start']);
    expect(decoder.next(messageStop())).toEqual([]);
    expect(typesOf(decoder.next(USAGE))).toEqual(['message_delta', 'message_stop']);
    expect(typesOf(decoder.next(START))).toEqual(['message_start']);
    expect(decoder.next(USAGE)).toEqual([]);
    expect(typesOf(decoder.next(messageStop()))).toEqual(['message_delta', 'message_stop']);
    expect(decoder.end()).toEqual([]);
  });

  it('metadata without a stop is no end', () => {
    expect(outcomeOf([START, ...HELLO, USAGE])).toMatchObject({ code: 'truncated' });
    expect(outcomeOf([START, ...HELLO])).toMatchObject({ code: 'truncated' });
  });

  it('a second metadata keeps the usage, wherever it comes', () => {
    const metrics = frame('metadata', { metrics: { latencyMs: 9 } });
    const usage = { input_tokens: 7, output_tokens: 3 };
    for (const frames of [
      [messageStop(), USAGE, metrics],
      [messageStop(), metrics, USAGE],
      [USAGE, metrics, messageStop()],
      [metrics, messageStop(), USAGE],
    ])
      expect(outcomeOf([START, ...HELLO, ...frames])).toMatchObject({ usage, stop_reason: 'end_turn' });
  });

  it('the cache is no part of the input, and what else the service counts is kept', () => {
    const usage = {
      inputTokens: 5,
      outputTokens: 2,
      totalTokens: 117,
      cacheReadInputTokens: 100,
      cacheWriteInputTokens: 10,
    };
    const details = { ...usage, cacheDetails: [{ ttl: '5m', inputTokens: 10 }] };
    const counts = {
      input_tokens: 5,
      output_tokens: 2,
      cache_read_input_tokens: 100,
      cache_creation_input_tokens: 10,
    };
    expect(read(START, messageStop(), frame('metadata', { usage })).at(-2)).toEqual(
      events.messageDelta('end_turn', counts),
    );
    expect(read(START, messageStop(), frame('metadata', { usage: details })).at(-2)).toMatchObject({
      usage: counts,
      usage_details: details,
    });
  });

  it('tells the trace, the metrics and the tier', () => {
    const members = { trace: { guardrail: {} }, metrics: { latencyMs: 1 }, serviceTier: { type: 'flex' } };
    const usage = { inputTokens: 1, outputTokens: 1 };
    expect(read(START, messageStop(), frame('metadata', { usage, ...members })).at(-2)).toMatchObject(
      members,
    );
  });

  it.each([
    ['end_turn', 'end_turn'],
    ['tool_use', 'tool_use'],
    ['max_tokens', 'max_tokens'],
    ['stop_sequence', 'stop_sequence'],
    ['model_context_window_exceeded', 'model_context_window_exceeded'],
    ['guardrail_intervened', 'refusal'],
    ['content_filtered', 'refusal'],
    ['malformed_model_output', 'malformed_model_output'],
    ['malformed_tool_use', 'malformed_tool_use'],
    ['', null],
    [null, null],
  ])('the reason %s is %s', (theirs, ours) => {
    expect(read(START, messageStop(theirs), USAGE).at(-2)).toMatchObject({ delta: { stop_reason: ours } });
  });

  it('has the stop sequence that was met, and what the request asked for besides', () => {
    const met = { delta: { stop_sequence: '###' } };
    const last = (fields: unknown) =>
      read(START, messageStop('stop_sequence', { additionalModelResponseFields: fields }), USAGE).at(-2);
    expect(last(met)).toMatchObject({ delta: { stop_sequence: '###' } });
    expect(last(met)).not.toHaveProperty('additionalModelResponseFields');
    const more = { ...met, reasoning: 'short' };
    expect(last(more)).toMatchObject({
      delta: { stop_sequence: '###' },
      additionalModelResponseFields: more,
    });
  });

  it.each([
    ['end_turn', 'tool_use'],
    [null, 'tool_use'],
    ['max_tokens', 'max_tokens'],
    ['guardrail_intervened', 'refusal'],
    ['malformed_tool_use', 'malformed_tool_use'],
  ])('after a call the reason %s is %s', (theirs, ours) => {
    expect(read(START, start(0, TOOL), stop(0), messageStop(theirs), USAGE).at(-2)).toMatchObject({
      delta: { stop_reason: ours },
    });
  });

  it('a call that nothing identifies, and one of the service’s, await no result', () => {
    for (const toolUse of [
      { toolUseId: '', name: 'f' },
      { toolUseId: 's', name: 'f', type: 'server_tool_use' },
    ])
      expect(read(START, start(0, { toolUse }), stop(0), messageStop(), USAGE).at(-2)).toMatchObject({
        delta: { stop_reason: 'end_turn' },
      });
  });
});

describe('a failure', () => {
  it.each([
    ['throttlingException', 429, true],
    ['internalServerException', 500, true],
    ['serviceUnavailableException', 503, true],
    ['modelTimeoutException', 408, true],
    ['validationException', 400, false],
    ['modelStreamErrorException', undefined, true],
    ['laterException', undefined, false],
  ])('%s', (name, status, retryable) => {
    const body = { message: 'Too many tokens', originalMessage: 'x', originalStatusCode: 424 };
    const [, , , aborted, error] = read(
      START,
      delta(0, { text: 'Hi' }),
      frame(name, body),
      messageStop(),
      USAGE,
    );
    expect(aborted).toEqual(events.blockAbort(0, 'Too many tokens'));
    expect(error).toMatchObject({ type: 'error', error: { type: name, message: 'Too many tokens' } });
    const failure = outcomeOf([START, delta(0, { text: 'Hi' }), frame(name, body), messageStop(), USAGE]);
    expect(failure).toMatchObject({
      code: 'api',
      errorType: name,
      retryable,
      ...(status !== undefined && { status }),
    });
    expect(JSON.stringify(isStreamError(failure) && failure.partial)).toContain('Hi');
  });

  it.each([
    ['no JSON', 'Too many tokens', 'Too many tokens'],
    ['an empty body', '', ''],
    ['an object for a message', '{"message":{"error":"Too many tokens"}}', 'Too many tokens'],
    ['no message', '{}', 'The server sent an error without a message'],
  ])('of %s is one all the same', (_what, data, message) => {
    expect(read({ event: 'throttlingException', data })).toMatchObject([
      { type: 'error', error: { type: 'throttlingException', message, status: 429 } },
    ]);
  });

  it('of the frame itself names its code', () => {
    expect(read({ event: 'error', data: '{"type":"InternalFailure","message":"Oh no"}' })).toEqual([
      events.error('InternalFailure', 'Oh no'),
    ]);
  });

  it('ends the answer: what follows of it ends nothing, and another may follow', () => {
    const failed = [START, ...HELLO, frame('throttlingException', { message: 'No' })];
    expect(typesOf(read(...failed, delta(1, { text: 'x' }), stop(1), messageStop(), USAGE)).at(-1)).toBe(
      'error',
    );
    expect(answersIn(read(...failed, START, ...HELLO, messageStop(), USAGE)).at(-1)?.text).toBe('Hello');
  });

  it('after the stop is a failure too', () => {
    expect(
      outcomeOf([START, ...HELLO, messageStop(), frame('internalServerException', { message: 'No' })]),
    ).toMatchObject({
      code: 'api',
    });
  });
});

describe('what contradicts itself', () => {
  it.each<[string, readonly Frame[], string]>([
    [
      'a message within another',
      [START, ...HELLO, START],
      'A message began before the one before it had ended',
    ],
    [
      'a block after the stop',
      [START, messageStop(), delta(0, { text: 'x' })],
      'A block grew after its message had stopped',
    ],
    ['two calls of one number', [START, start(0, TOOL), start(0, TOOL)], 'Block 0 began twice'],
    [
      'an input without its call',
      [START, delta(0, { toolUse: { input: '{' } })],
      'Block 0 is no call that is open',
    ],
    [
      'an input of a text',
      [START, delta(0, { text: 'x' }), delta(0, { toolUse: { input: '{' } })],
      'Block 0 is no call that is open',
    ],
    ['a text in a call', [START, start(0, TOOL), delta(0, { text: 'x' })], 'Block 0 is a call, and no text'],
  ])('%s', (_what, frames, message) => {
    expect(failureOf(frames)).toMatchObject({ code: 'protocol', message });
  });
});

describe('what nobody knows', () => {
  it('events, deltas and starts pass as they came, without the padding', () => {
    const strange = [
      frame('heartbeat', { n: 1 }),
      delta(0, { audio: { bytes: 'AA==' } }),
      start(1, { video: {} }),
    ];
    expect(read(START, ...strange, delta(1, { video: {} }), stop(1)).slice(1)).toEqual([
      events.unknown('heartbeat', { n: 1 }),
      events.unknown('contentBlockDelta', { contentBlockIndex: 0, delta: { audio: { bytes: 'AA==' } } }),
      events.unknown('contentBlockStart', { contentBlockIndex: 1, start: { video: {} } }),
      events.unknown('contentBlockDelta', { contentBlockIndex: 1, delta: { video: {} } }),
    ]);
    expect(read({ event: 'heartbeat', data: '{"p":"mine"}' })).toEqual([
      events.unknown('heartbeat', { p: 'mine' }),
    ]);
  });

  it('a body that names its event itself is read as that, as models of Amazon write it', () => {
    const wrapped = [START, ...HELLO, messageStop(), USAGE].map(({ event = '', data }) => ({
      data: `{"${event}":${data}}`,
    }));
    expect(read(...wrapped)).toEqual(read(START, ...HELLO, messageStop(), USAGE));
    expect(read({ data: '{"throttlingException":{"message":"No"}}' })).toMatchObject([
      { type: 'error', error: { type: 'throttlingException', message: 'No' } },
    ]);
  });

  it('a stream of another protocol is no stream of this one', () => {
    expect(failureOf([{ data: '{"type":"message_start","message":{}}' }])).toMatchObject({
      code: 'not-a-stream',
    });
    expect(failureOf([{ data: '{"id":"c","choices":[{"delta":{"content":"Hi"}}]}' }])).toMatchObject({
      code: 'not-a-stream',
    });
  });
});
