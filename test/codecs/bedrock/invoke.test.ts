import { anthropic } from '../../../src/anthropic.js';
import { bedrockConverse, bedrockInvoke } from '../../../src/bedrock.js';
import * as events from '../../../src/events/make.js';
import type { StreamEvent } from '../../../src/events/event.js';
import type { Frame } from '../../../src/wire/frame.js';
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

it('a chunk that nests too deep is refused', () => {
  const data = JSON.stringify({ bytes: btoa(`${'['.repeat(600)}${']'.repeat(600)}`) });
  expect(failureOf([{ event: 'chunk', data }], codec)).toMatchObject({ code: 'limit' });
});

it('what is no event is passed over, and what nobody knows passes', () => {
  expect(eventsOf(codec, [{ event: 'chunk', data: JSON.stringify({ bytes: btoa('[DONE]') }) }])).toEqual([]);
  expect(eventsOf(codec, [{ event: 'later', data: '{"n":1}' }])).toEqual([events.unknown('later', { n: 1 })]);
  expect(codec.passes).toBe(anthropic.passes);
});
