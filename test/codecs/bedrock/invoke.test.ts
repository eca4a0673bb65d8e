import fc from 'fast-check';
import { anthropic } from '../../../src/anthropic.js';
import { bedrockConverse, bedrockInvoke, titanAnswer } from '../../../src/bedrock.js';
import * as events from '../../../src/events/make.js';
import type { StreamEvent } from '../../../src/events/event.js';
import type { Frame } from '../../../src/wire/frame.js';
import { runs } from '../../seed.js';
import { answersIn, partOf, type Answer } from '../conformance/answerIn.js';
import { answers } from '../conformance/answers.js';
import { EVERYTHING } from '../conformance/scope.js';
import { eventsOf, framesOf } from '../conformance/spelling.js';
import { delta, failureOf, messageStop, START, stop, USAGE } from './frames.js';

const codec = bedrockInvoke();

function chunk(value: object): Frame {
  return {
    event: 'chunk',
    data: JSON.stringify({ bytes: Buffer.from(JSON.stringify(value)).toString('base64'), p: 'abc' }),
  };
}

const ANSWER: readonly StreamEvent[] = [
  events.messageStart({ id: 'msg_1', model: 'claude' }),
  events.textStart(0),
  events.textDelta(0, 'Grüße 🎵'),
  events.blockStop(0),
  events.messageDelta('end_turn', { output_tokens: 3 }),
];
const METRICS = { 'amazon-bedrock-invocationMetrics': { inputTokenCount: 8, outputTokenCount: 3 } };

it('reads the events of the Messages API, and what the service adds to the last', () => {
  const frames = [...ANSWER, { ...events.messageStop(), ...METRICS }].map(chunk);
  expect(eventsOf(codec, frames)).toEqual([...ANSWER, { ...events.messageStop(), ...METRICS }]);
});

it('writes them as it reads them', () => {
  const frames = framesOf(codec, ANSWER);
  expect(frames.map(({ event }) => event)).toEqual(ANSWER.map(() => 'chunk'));
  expect(eventsOf(codec, frames)).toEqual(ANSWER);
});

it('reads models of Amazon, whose chunks name the events of ConverseStream', () => {
  const frames = [START, delta(0, { text: 'Hi' }), stop(0), messageStop(), USAGE];
  const wrapped = frames.map(({ event = '', data }) => chunk({ [event]: JSON.parse(data) as object }));
  expect(eventsOf(bedrockInvoke(bedrockConverse), wrapped)).toEqual(eventsOf(bedrockConverse, frames));
});

it('reads such a model where each piece is a block of its own', () => {
  const pieces = ['Gr', 'ü', 'ß', 'e', '!'];
  const blocks = pieces.flatMap((text, index) => [
    { contentBlockDelta: { contentBlockIndex: index, delta: { text } } },
    { contentBlockStop: { contentBlockIndex: index } },
  ]);
  const end = { messageStop: { stopReason: 'end_turn' } };
  const nova = bedrockInvoke(bedrockConverse);
  const [answer] = answersIn(eventsOf(nova, [{ messageStart: {} }, ...blocks, end].map(chunk)));
  expect(answer?.text).toBe('Grüße!');
  expect(answer?.message?.content).toHaveLength(pieces.length);
});

it('reads the last chunk of such a model, which the service adds its metrics to', () => {
  const frames = [START, delta(0, { text: 'Hi' }), stop(0), messageStop()];
  const wrapped = frames.map(({ event = '', data }) => chunk({ [event]: JSON.parse(data) as object }));
  const last = chunk({ metadata: { usage: { inputTokens: 8, outputTokens: 3 } }, ...METRICS });
  const nova = bedrockInvoke(bedrockConverse);
  const read = eventsOf(nova, [...wrapped, last]);
  expect(read.at(-2)).toMatchObject({ type: 'message_delta', usage: { output_tokens: 3 }, ...METRICS });
  expect(read.at(-1)).toEqual(events.messageStop());
  expect(eventsOf(nova, framesOf(nova, read))).toEqual(read);
});

it.each([
  [bedrockInvoke(), 'anthropic'],
  [bedrockInvoke(bedrockConverse), 'bedrock-converse'],
])('an exception is an error, %#', (invoke) => {
  const [begun, failed] = [
    framesOf(invoke, ANSWER.slice(0, 3)),
    { event: 'throttlingException', data: '{"message":"No"}' },
  ];
  expect(eventsOf(invoke, [...begun, failed]).at(-1)).toMatchObject({
    type: 'error',
    error: { type: 'throttlingException', message: 'No', status: 429 },
  });
  expect(
    eventsOf(invoke, [{ event: 'error', data: '{"type":"InternalFailure","message":"No"}' }]),
  ).toMatchObject([{ type: 'error', error: { type: 'InternalFailure', message: 'No' } }]);
});

it.each([
  ['no base64', '{"bytes":"!"}'],
  ['bytes that are no text', '{"bytes":"/w=="}'],
  ['no bytes', '{"p":"abc"}'],
  ['no JSON in it', JSON.stringify({ bytes: btoa('{"type":') })],
])('a chunk of %s is malformed', (_what, data) => {
  expect(failureOf([{ event: 'chunk', data }], codec)).toMatchObject({ code: 'malformed' });
});

it('a chunk that nests deeper than its reader allows is refused', () => {
  const nested = (levels: number): Frame =>
    chunk({ type: 'later', deep: JSON.parse(`${'['.repeat(levels)}${']'.repeat(levels)}`) as unknown });
  expect(failureOf([nested(511)], codec)).toBeUndefined();
  expect(failureOf([nested(512)], codec)).toMatchObject({
    code: 'limit',
    message: 'The JSON of a chunk nests deeper than 512 levels (limit: depth)',
  });
  expect(eventsOf(codec, [nested(600)], { depth: 601 })).toHaveLength(1);
  expect(() => eventsOf(codec, [nested(9)], { depth: 9 })).toThrow('deeper than 9 levels');
  const twice = bedrockInvoke(codec);
  expect(() => eventsOf(twice, [chunk(JSON.parse(nested(9).data) as object)], { depth: 9 })).toThrow(
    'than 9',
  );
});

describe('a Titan model', () => {
  const titan = bedrockInvoke(titanAnswer({ id: 'req_1', model: 'amazon.titan-text-express-v1' }));
  const said = (outputText: string | null, more: object = {}): Frame =>
    chunk({ outputText, index: 0, completionReason: null, inputTextTokenCount: null, ...more });
  const end = (completionReason: string): Frame =>
    said('', { completionReason, inputTextTokenCount: 8, totalOutputTextTokenCount: 3 });

  it('says text, and why it ends', () => {
    const frames = [said('Grü'), said('ße'), said(null), end('FINISHED')];
    expect(eventsOf(titan, frames)).toEqual([
      events.messageStart({ id: 'req_1', model: 'amazon.titan-text-express-v1' }),
      events.textStart(0),
      events.textDelta(0, 'Grü'),
      events.textDelta(0, 'ße'),
      events.blockStop(0),
      events.messageDelta('end_turn', { input_tokens: 8, output_tokens: 3 }),
      events.messageStop(),
    ]);
  });

  it('is read where one chunk holds the whole answer', () => {
    const text = { outputText: 'Hi', completionReason: 'LENGTH', totalOutputTextTokenCount: 2 };
    expect(eventsOf(titan, [chunk(text)]).map(({ type }) => type)).toEqual([
      'message_start',
      'content_block_start',
      'content_block_delta',
      'content_block_stop',
      'message_delta',
      'message_stop',
    ]);
  });

  it.each([
    ['FINISHED', 'end_turn'],
    ['LENGTH', 'max_tokens'],
    ['STOP_CRITERIA_MET', 'stop_sequence'],
    ['CONTENT_FILTERED', 'refusal'],
    ['RAG_QUERY_WHEN_RAG_DISABLED', 'RAG_QUERY_WHEN_RAG_DISABLED'],
  ])('ends with %s as %s, both ways', (theirs, ours) => {
    const read = eventsOf(titan, [said('Hi'), end(theirs)]);
    expect(read.at(-2)).toMatchObject({ delta: { stop_reason: ours } });
    const last = JSON.parse(framesOf(titan, read).at(-1)?.data ?? '') as { bytes: string };
    expect(JSON.parse(atob(last.bytes))).toMatchObject({ completionReason: theirs });
  });

  it('ends with FINISH too, which the models say', () => {
    expect(eventsOf(titan, [said('Hi'), end('FINISH')]).at(-2)).toMatchObject({
      delta: { stop_reason: 'end_turn' },
    });
  });

  it('says whatever text, usage, reason and error it is told, written and read', () => {
    const carried = new Set([
      'text',
      'usage',
      'toolUseReason',
      'errors',
      'errorTypes',
      'requestIds',
    ] as const);
    fc.assert(
      fc.property(
        answers({ ...EVERYTHING, has: (feature) => feature !== 'resets' && feature !== 'interleaving' }),
        (sequence) => {
          const arrived = answersIn(eventsOf(titan, framesOf(titan, sequence)));
          const part = (answer: Answer): object => partOf(answer, carried);
          expect(arrived.map(part)).toEqual(answersIn(sequence).map(part));
        },
      ),
      { numRuns: runs(300) },
    );
  });

  it('without a reason is no whole answer', () => {
    expect(eventsOf(titan, [said('Hi')]).at(-1)).toEqual(events.textDelta(0, 'Hi'));
  });

  it('fails with an exception, and what ends the answer then ends nothing', () => {
    const failed = { event: 'modelTimeoutException', data: '{"message":"Too slow"}' };
    expect(eventsOf(titan, [said('Hi'), failed, end('FINISHED')]).at(-1)).toMatchObject({
      type: 'error',
      error: { type: 'modelTimeoutException' },
    });
  });
});

it('what is no event is passed over, and what nobody knows passes', () => {
  expect(eventsOf(codec, [{ event: 'chunk', data: JSON.stringify({ bytes: btoa('[DONE]') }) }])).toEqual([]);
  expect(eventsOf(codec, [{ event: 'later', data: '{"n":1}' }])).toEqual([events.unknown('later', { n: 1 })]);
  expect(codec.passes).toBe(anthropic.passes);
});
