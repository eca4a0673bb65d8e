import { aiSdkUi } from '../../../src/ai-sdk-ui.js';
import type { StreamEvent } from '../../../src/events/event.js';
import * as events from '../../../src/events/make.js';
import type { Message } from '../../../src/events/message.js';
import { answersIn } from '../conformance/answerIn.js';
import { eventsOf } from '../conformance/spelling.js';
import { flaws } from '../conformance/wellFormed.js';

const DONE = '[DONE]';
const START = { type: 'start', messageId: 'm1' };
const FINISH = { type: 'finish', finishReason: 'stop' };
const STEP = { type: 'start-step' };
const STEP_END = { type: 'finish-step' };

function read(...parts: readonly (object | string)[]): readonly StreamEvent[] {
  const frames = parts.map((part) => ({ data: typeof part === 'string' ? part : JSON.stringify(part) }));
  return eventsOf(aiSdkUi, frames);
}

/** The events between the start of the message and its end. */
function within(...parts: readonly object[]): readonly StreamEvent[] {
  const found = read(START, ...parts, FINISH, DONE);
  expect(flaws(found)).toEqual([]);
  return found.slice(1, -2);
}

/** The one message. */
function messageOf(...parts: readonly object[]): Message | undefined {
  const answers = answersIn(read(START, ...parts, DONE));
  expect(answers).toHaveLength(1);
  return answers[0]?.message;
}

function text(id: string, delta: string): readonly object[] {
  return [
    { type: 'text-start', id },
    { type: 'text-delta', id, delta },
    { type: 'text-end', id },
  ];
}

function called(toolCallId: string, members: object = {}): object {
  return { type: 'tool-input-available', toolCallId, toolName: 'f', input: { a: 1 }, ...members };
}

const words = (said: string): object => ({ type: 'text', text: said, citations: null });

describe('a piece that nobody began', () => {
  it('of a text, or of reasoning, begins one', () => {
    expect(
      within({ type: 'reasoning-delta', id: 'r', delta: 'Hm' }, { type: 'text-delta', id: 't', delta: 'Hi' }),
    ).toEqual([
      events.thinkingStart(0),
      events.thinkingDelta(0, 'Hm'),
      events.textStart(1),
      events.textDelta(1, 'Hi'),
      events.blockStop(0),
      events.blockStop(1),
    ]);
  });
});

describe('the ids of a step', () => {
  it('may be those of others in the next one', () => {
    const open = [
      { type: 'text-start', id: '0' },
      { type: 'text-delta', id: '0', delta: 'One' },
    ];
    // The end of the step ends what its parts left open.
    const steps = [STEP, ...open, called('a'), STEP_END, STEP, ...text('0', 'Two'), called('a'), STEP_END];
    expect(messageOf(...steps, FINISH)?.content).toMatchObject([
      words('One'),
      { type: 'tool_use', id: 'a' },
      words('Two'),
      { type: 'tool_use', id: 'a' },
    ]);
  });

  it('are of one message, however many starts a stream has', () => {
    const { messageId: _, ...again } = { ...START, messageMetadata: { model: 'm-2' } };
    const message = messageOf(
      STEP,
      ...text('0', 'One'),
      STEP_END,
      START,
      again,
      STEP,
      ...text('0', 'Two'),
      FINISH,
    );
    expect(message).toMatchObject({ id: 'm1', model: 'm-2', content: [words('One'), words('Two')] });
  });
});

describe('an error', () => {
  const failed = { type: 'error', errorText: 'Busy' };

  it.each<[string, readonly (object | string)[]]>([
    ['a finish', [FINISH, DONE]],
    ['an abort', [{ type: 'abort' }, DONE]],
    ['more of the answer', [...text('late', 'Late'), called('late'), STEP_END, FINISH]],
    ['another error', [failed]],
  ])('is the end, also before %s', (_, rest) => {
    const found = read(START, ...text('t', 'Hi'), failed, ...rest);
    expect(found.at(-1)).toEqual(events.error('api_error', 'Busy'));
    expect(found).toHaveLength(5);
  });
});

describe('what a tool gave', () => {
  it('is what came last; what it had before is preliminary', () => {
    const output = (value: unknown, more: object = {}): object => ({
      type: 'tool-output-available',
      toolCallId: 'a',
      output: value,
      ...more,
    });
    const found = within(
      called('a'),
      output(1, { preliminary: true }),
      output(2, { preliminary: true }),
      output(3),
    );
    expect(found.slice(3)).toEqual([
      { ...events.toolResult('a', 1), preliminary: true },
      { ...events.toolResult('a', 2), preliminary: true },
      events.toolResult('a', 3),
    ]);
  });

  it.each([
    ['', [events.blockStop(0)]],
    ['{"a":1}', [events.inputJsonDelta(0, '{"a":1}'), events.blockStop(0)]],
    [
      '{"a":',
      [
        events.inputJsonDelta(0, '{"a":'),
        events.blockAbort(0, 'The call was answered before its input was whole'),
      ],
    ],
  ])('ends a call whose whole input never came: %s', (piece, input) => {
    const start = { type: 'tool-input-start', toolCallId: 'a', toolName: 'f' };
    const delta = { type: 'tool-input-delta', toolCallId: 'a', inputTextDelta: piece };
    const streamed = piece === '' ? [start] : [start, delta];
    const output = { type: 'tool-output-available', toolCallId: 'a', output: 4 };
    const ended = [events.toolUseStart(0, 'a', 'f'), ...input];
    expect(within(...streamed, output)).toEqual([...ended, events.toolResult('a', 4)]);
    expect(within(...streamed, { type: 'tool-output-denied', toolCallId: 'a' }).slice(0, -2)).toEqual(ended);
  });

  it('may be an error, or that nobody allowed it', () => {
    const failed = { type: 'tool-output-error', toolCallId: 'a', errorText: 'No such city' };
    expect(within(called('a'), failed).at(-1)).toEqual(events.toolResult('a', 'No such city', true));
    expect(within(called('a'), { type: 'tool-output-denied', toolCallId: 'a' }).slice(-2)).toEqual([
      events.toolApproval('a', 'denied'),
      events.toolResult('a', 'denied', true),
    ]);
  });
});

describe('a call', () => {
  it('is the provider’s where that runs it, and keeps what the app shows of it', () => {
    const own = messageOf(
      called('a', { providerExecuted: true }),
      called('b', { dynamic: true, title: 'F' }),
      FINISH,
    );
    expect(own?.content).toMatchObject([
      { type: 'server_tool_use', id: 'a', name: 'f', input: { a: 1 } },
      { type: 'tool_use', id: 'b', dynamic: true, title: 'F' },
    ]);
    const mcp = { anthropic: { type: 'mcp-tool-use', serverName: 'wiki' } };
    expect(
      messageOf(called('a', { providerExecuted: true, dynamic: true, providerMetadata: mcp }), FINISH)
        ?.content,
    ).toMatchObject([{ type: 'mcp_tool_use', server_name: 'wiki' }]);
  });

  it('whose input is text has a JSON string', () => {
    const start = { type: 'tool-input-start', toolCallId: 'a', toolName: 'sh', inputEncoding: 'text' };
    const pieces = ['echo "', 'é"\n'].map((inputTextDelta) => ({
      type: 'tool-input-delta',
      toolCallId: 'a',
      inputTextDelta,
    }));
    const whole = { type: 'tool-input-available', toolCallId: 'a', toolName: 'sh', input: 'echo "é"\n' };
    const found = within(start, ...pieces, whole);
    expect(found.map(({ type }) => type)).not.toContain('reset');
    expect(answersIn(read(START, start, ...pieces, whole, FINISH))[0]?.calls).toEqual([
      { id: 'a', name: 'sh', input: 'echo "é"\n' },
    ]);
    expect(messageOf(start, { ...whole, input: '' }, FINISH)?.content).toMatchObject([{ input: '' }]);
  });

  it('that cannot be run says why, with what streamed of it', () => {
    const start = { type: 'tool-input-start', toolCallId: 'a', toolName: 'f' };
    const piece = { type: 'tool-input-delta', toolCallId: 'a', inputTextDelta: '{"a":' };
    const wrong = {
      type: 'tool-input-error',
      toolCallId: 'a',
      toolName: 'f',
      input: '{"a":',
      errorText: 'Cut off',
    };
    expect(within(start, piece, wrong)).toEqual([
      events.toolUseStart(0, 'a', 'f'),
      events.inputJsonDelta(0, '{"a":'),
      events.blockAbort(0, 'Cut off'),
    ]);
  });
});

describe('what a provider says of a part', () => {
  it.each([
    [{ anthropic: { signature: 'c2ln' } }],
    [{ openai: { reasoningEncryptedContent: 'c2ln', itemId: null } }],
    [{ google: { thoughtSignature: 'c2ln' } }],
  ])('signs it: %j', (providerMetadata) => {
    const reasoning = [
      { type: 'reasoning-start', id: 'r' },
      { type: 'reasoning-delta', id: 'r', delta: 'Hm' },
      { type: 'reasoning-end', id: 'r', providerMetadata },
    ];
    const said = { type: 'text-start', id: 't', providerMetadata };
    const message = messageOf(...reasoning, said, called('a', { providerMetadata }), FINISH);
    expect(message?.content).toEqual([
      { type: 'thinking', thinking: 'Hm', signature: 'c2ln' },
      { ...words(''), signature: 'c2ln' },
      expect.objectContaining({ type: 'tool_use', signature: 'c2ln' }),
    ]);
  });

  it('is once a signature, with whichever of its parts it comes', () => {
    const providerMetadata = { anthropic: { signature: 'c2ln' } };
    const parts = [
      { type: 'reasoning-start', id: 'r', providerMetadata },
      { type: 'reasoning-delta', id: 'r', delta: 'Hm', providerMetadata },
      { type: 'reasoning-end', id: 'r', providerMetadata },
    ];
    expect(within(...parts).filter((event) => JSON.stringify(event).includes('c2ln'))).toHaveLength(1);
  });

  it('is thinking that is not shown, or passes with the block', () => {
    const hidden = { anthropic: { redactedData: 'RW5j' } };
    const own = { openai: { itemId: 'rs_1' }, acme: { n: 1 } };
    expect(
      messageOf(
        { type: 'reasoning-start', id: 'r', providerMetadata: hidden },
        { type: 'reasoning-end', id: 'r' },
        { type: 'reasoning-start', id: 's', providerMetadata: own },
        { type: 'text-start', id: 't', providerMetadata: own },
        called('a', { providerMetadata: own }),
        FINISH,
      )?.content,
    ).toMatchObject([
      { type: 'redacted_thinking', data: 'RW5j' },
      { type: 'thinking', providerMetadata: own },
      { type: 'text', providerMetadata: own },
      { type: 'tool_use', providerMetadata: own },
    ]);
  });
});

describe('sources', () => {
  const url = { type: 'source-url', sourceId: 's1', url: 'https://a.test/', title: 'A' };
  const document = { type: 'source-document', sourceId: 's2', mediaType: 'application/pdf', title: 'B' };

  it('are cited as they came, by the last text', () => {
    const open = [
      { type: 'text-start', id: '1' },
      { type: 'text-delta', id: '1', delta: 'Two' },
    ];
    const message = messageOf(
      ...text('0', 'One'),
      ...open,
      url,
      document,
      { type: 'text-end', id: '1' },
      FINISH,
    );
    expect(message?.content).toEqual([
      words('One'),
      { type: 'text', text: 'Two', citations: [url, document] },
    ]);
    const late = messageOf(...text('0', 'One'), url, FINISH);
    expect(late?.content).toEqual([words('One'), { type: 'text', text: '', citations: [url] }]);
  });

  it('are cited once, where the end of a text tells them again, as in version 7', () => {
    const source = { type: 'source', sourceType: 'url', id: 's1', url: 'https://a.test/', title: 'A' };
    const other = {
      type: 'source',
      sourceType: 'document',
      id: 's2',
      mediaType: 'application/pdf',
      title: 'B',
    };
    const end = { type: 'text-end', id: '0', citations: [{ source }, { source: other, citedText: 'fjord' }] };
    const message = messageOf({ type: 'text-start', id: '0' }, url, end, FINISH);
    expect(message?.content).toEqual([
      { type: 'text', text: '', citations: [url, { ...document, citedText: 'fjord' }] },
    ]);
  });
});

it.each<[object, object]>([
  [
    { url: 'data:image/png;base64,AAAA', mediaType: 'image/png' },
    { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } },
  ],
  [
    { url: 'https://a.test/a.png', mediaType: 'image/png' },
    { type: 'image', source: { type: 'url', url: 'https://a.test/a.png', media_type: 'image/png' } },
  ],
  [
    { url: 'https://a.test/a.pdf', mediaType: 'application/pdf' },
    { type: 'document', source: { type: 'url', url: 'https://a.test/a.pdf', media_type: 'application/pdf' } },
  ],
])('a file is a block: %j', (file, block) => {
  expect(messageOf({ type: 'file', ...file }, FINISH)?.content).toEqual([block]);
});

it.each([
  { type: 'data-weather', id: 'w', data: { c: 4 } },
  { type: 'custom', kind: 'acme.chart' },
  { type: 'reasoning-file', url: 'data:image/png;base64,AAAA', mediaType: 'image/png' },
  { type: 'steering-message', id: 'u', parts: [] },
  { type: 'message-metadata', messageMetadata: { seconds: 4 } },
  { type: 'later', n: 1 },
])('what is not of the answer passes whole: $type', (part) => {
  expect(within(part)).toEqual([events.unknown(part.type, part)]);
});

describe('the end', () => {
  it.each([
    ['stop', 'end_turn', 'tool_use'],
    ['length', 'max_tokens', 'max_tokens'],
    ['content-filter', 'refusal', 'refusal'],
    ['tool-calls', 'tool_use', 'tool_use'],
    ['interrupted', 'pause_turn', 'pause_turn'],
    ['error', 'error', 'error'],
    ['other', 'other', 'other'],
    [undefined, null, 'tool_use'],
  ])('%s is %s, and after a call %s', (finishReason, reason, afterCall) => {
    expect(messageOf(...text('t', 'Hi'), { ...FINISH, finishReason })?.stop_reason).toBe(reason);
    expect(messageOf(called('a'), { ...FINISH, finishReason })?.stop_reason).toBe(afterCall);
    const result = { type: 'tool-output-available', toolCallId: 'a', output: 1 };
    expect(messageOf(called('a'), result, { ...FINISH, finishReason })?.stop_reason).toBe(reason);
  });

  it('is what the metadata say, and what else they say is kept', () => {
    const usage = { input_tokens: 9, output_tokens: 5 };
    const messageMetadata = { stopReason: 'stop_sequence', stopSequence: '###', usage, seconds: 4 };
    const start = { ...START, messageMetadata: { model: 'm-1', createdAt: 1 } };
    const [answer] = answersIn(read(start, ...text('t', 'Hi'), { ...FINISH, messageMetadata }, DONE));
    expect(answer?.message).toMatchObject({
      model: 'm-1',
      stop_reason: 'stop_sequence',
      stop_sequence: '###',
      usage,
      messageMetadata: { seconds: 4 },
    });
    expect(read(start)[0]).toMatchObject({ message: { messageMetadata: { createdAt: 1 } } });
    // A usage of another shape is the app's.
    const theirs = { ...START, messageMetadata: { usage: { inputTokens: 9 } } };
    expect(read(theirs)[0]).toMatchObject({ message: { messageMetadata: { usage: { inputTokens: 9 } } } });
  });
});
