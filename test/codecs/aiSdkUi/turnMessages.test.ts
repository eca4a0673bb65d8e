import type * as seven from 'ai';
import * as six from 'ai6';
import fc from 'fast-check';
import { aiSdkUi, aiSdkUiDialect, turnMessagesOf, type UiMessage } from '../../../src/ai-sdk-ui.js';
import type { Codec } from '../../../src/codecs/codec.js';
import * as events from '../../../src/events/make.js';
import type { StreamEvent } from '../../../src/events/event.js';
import type { TurnMessage } from '../../../src/events/turnMessage.js';
import { historyOf } from '../../../src/turns/history.js';
import { runs } from '../../seed.js';
import { complaintsOfConverters } from '../../turns/converters.js';
import { complaintsAbout } from '../../turns/validator.js';
import { bytesOf, framesOf } from '../conformance/spelling.js';
import { saidIn } from '../saidIn.js';
import { readBy, SEVEN, type Client } from './client.js';
import { TURNS } from './turns.js';

const CLIENTS: readonly (readonly [version: string, client: Client, codec: Codec])[] = [
  ['6', six, aiSdkUi],
  ['7', SEVEN, aiSdkUiDialect({ version: 7 })],
];

/** What the official client keeps of a turn, and would send with the next question. */
async function keptBy(client: Client, codec: Codec, turn: readonly StreamEvent[]): Promise<UiMessage> {
  const body = bytesOf(codec, framesOf(codec, turn)) as Uint8Array<ArrayBuffer>;
  const read = await readBy(client, 'http://127.0.0.1:1', () => Promise.resolve(new Response(body)));
  return { role: 'assistant', parts: read.parts };
}

describe.each(CLIENTS)('what the client of version %s keeps of a turn', (_, client, codec) => {
  it('is a history that every provider takes, wherever the turn ended', async () => {
    await fc.assert(
      fc.asyncProperty(TURNS, async (turn) => {
        const history = turnMessagesOf([await keptBy(client, codec, turn)]);
        expect([...complaintsAbout(history), ...complaintsOfConverters(history)]).toEqual([]);
      }),
      { numRuns: runs(300) },
    );
  });

  it('is the same history as that of its events', async () => {
    const turn = [
      events.messageStart({ id: 'm1', model: 'm' }),
      events.thinkingStart(0),
      events.thinkingDelta(0, 'Hm'),
      events.signatureDelta(0, 'c2ln'),
      events.blockStop(0),
      ...['a', 'b', 'c'].flatMap((id, nth) => [
        events.toolUseStart(nth + 1, id, 'weather'),
        events.inputJsonDelta(nth + 1, `{"city":"${id}"}`),
        events.blockStop(nth + 1),
      ]),
      events.messageDelta('tool_use'),
      events.messageStop(),
      events.toolResult('b', 'No such city', true),
      events.toolResult('a', { degrees: 4 }),
      events.messageStart({ id: 'm2', model: 'm' }),
      events.textStart(0),
      events.textDelta(0, 'Cold.'),
      events.blockStop(0),
      events.messageDelta('end_turn'),
      events.messageStop(),
    ];
    const kept = await keptBy(client, codec, turn);
    expect(saidIn(turnMessagesOf([kept]))).toEqual(saidIn(historyOf(turn)));
    expect(saidIn(turnMessagesOf([kept], { pending: 'keep' })).results).toHaveLength(2);
  });
});

const TOOL = { type: 'tool-weather', toolCallId: 'a', input: { city: 'Oslo' } };

describe('a history of messages of the AI SDK', () => {
  function ofAnswer(...parts: UiMessage['parts']): readonly TurnMessage[] {
    return turnMessagesOf([{ role: 'assistant', parts }]);
  }

  it('takes the messages of its types', () => {
    const messages: six.UIMessage[] = [{ id: '1', role: 'user', parts: [{ type: 'text', text: 'Hi' }] }];
    expect(turnMessagesOf(messages)).toEqual([{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }]);
    expect(turnMessagesOf(messages as seven.UIMessage[])).toHaveLength(1);
  });

  it.each<[string, object, object]>([
    [
      'failed',
      { state: 'output-error', errorText: 'No such city' },
      { content: 'No such city', is_error: true },
    ],
    ['failed without a word', { state: 'output-error' }, { content: 'weather failed', is_error: true }],
    ['was denied', { state: 'output-denied', approval: { reason: 'No' } }, { content: 'No', is_error: true }],
    [
      'was just denied',
      { state: 'approval-responded', approval: { id: 'x', approved: false } },
      { content: 'Denied', is_error: true },
    ],
    ['gave a text', { state: 'output-available', output: 'fine' }, { content: 'fine' }],
    ['gave a value', { state: 'output-available', output: [1] }, { content: '[1]' }],
    [
      'runs',
      { state: 'output-available', output: 1, preliminary: true },
      { content: 'Cancelled', is_error: true },
    ],
    [
      'waits',
      { state: 'approval-requested', approval: { id: 'x' } },
      { content: 'Cancelled', is_error: true },
    ],
  ])('says of a call that it %s', (_, state, result) => {
    const { input, toolCallId: id } = TOOL;
    expect(ofAnswer({ ...TOOL, ...state })).toEqual([
      { role: 'assistant', content: [{ type: 'tool_use', id, name: 'weather', input }] },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: id, ...result }] },
    ]);
  });

  it('has each step of an answer as a message, and what is asked behind the results', () => {
    const text = (text: string): { type: string; text: string } => ({ type: 'text', text });
    const done = { state: 'output-available', output: 'fine' };
    const dynamic = { ...TOOL, type: 'dynamic-tool', toolName: 'map', toolCallId: 'b', ...done };
    const history = turnMessagesOf([
      { role: 'user', parts: [text('Weather?')] },
      {
        role: 'assistant',
        parts: [
          { type: 'step-start' },
          text('Let me see'),
          { ...TOOL, ...done },
          { type: 'step-start' },
          dynamic,
        ],
      },
      { role: 'user', parts: [text('And?')] },
    ]);
    expect(
      history.map(({ role, content }) => [role, (content as { type: string }[]).map(({ type }) => type)]),
    ).toEqual([
      ['user', ['text']],
      ['assistant', ['text', 'tool_use']],
      ['user', ['tool_result']],
      ['assistant', ['tool_use']],
      ['user', ['tool_result', 'text']],
    ]);
  });

  it('has files as images and documents', () => {
    const file = (url: string, mediaType: string): { type: string } =>
      ({ type: 'file', url, mediaType }) as { type: string };
    const parts = [
      file('data:image/png;base64,AAAA', 'image/png'),
      file('https://x/a.pdf', 'application/pdf'),
    ];
    expect(turnMessagesOf([{ role: 'user', parts }])).toEqual([
      {
        role: 'user',
        content: [
          { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } },
          {
            type: 'document',
            source: { type: 'url', url: 'https://x/a.pdf', media_type: 'application/pdf' },
          },
        ],
      },
    ]);
  });

  it('leaves out what a model cannot read, and says so', () => {
    const left: object[] = [];
    const parts: { type: string; [member: string]: unknown }[] = [
      { type: 'text', text: '  ' },
      { type: 'reasoning', text: 'Hm' },
      { type: 'source-url', sourceId: 's', url: 'https://x/' },
      { type: 'data-weather', data: 1 },
      { ...TOOL, state: 'output-available', output: 1, providerExecuted: true },
      { ...TOOL, state: 'input-streaming' },
      { type: 'file', mediaType: 'audio/mp3', url: 'https://x/a.mp3' },
      { type: 'hologram' },
    ];
    const messages = [
      { role: 'system', parts: [{ type: 'text', text: 'Be brief' }] },
      { role: 'assistant', parts },
    ] as UiMessage[];
    const history = turnMessagesOf(messages, {
      onLeftOut: (part, { message }) => left.push([message, 'type' in part ? part.type : part]),
    });
    expect(history).toEqual([]);
    expect(left).toEqual([
      [0, messages[0]],
      [1, 'tool-weather'],
      [1, 'tool-weather'],
      [1, 'file'],
      [1, 'hologram'],
    ]);
  });

  it('is refused where a message has no parts', () => {
    const messages: readonly unknown[] = [{ role: 'user', content: 'Hi' }];
    expect(() => turnMessagesOf(messages as readonly UiMessage[])).toThrow(
      new TypeError('Message 0 has no parts: give the messages as useChat keeps them'),
    );
  });
});

describe('a history of what a stranger sent', () => {
  const HOSTILE: readonly unknown[] = [
    null,
    5,
    'text',
    { type: { toString: 1 } },
    { type: 'file', mediaType: 'image/png', url: 5 },
    { type: 'file', mediaType: { toString: 1 }, url: 'https://x/' },
    { type: 'dynamic-tool', toolCallId: 'a', state: 'output-available', output: 1, input: {} },
    { type: 'tool-', toolCallId: '', state: 'output-available', output: 1, input: {} },
    { ...TOOL, state: 'output-available', output: 1, input: [1] },
    { type: 'text', text: 7 },
    { type: 'reasoning', text: 'Hm', providerMetadata: { anthropic: { signature: 's' } } },
  ];

  it.each(['user', 'assistant'] as const)('has nothing of what no %s can say', (role) => {
    const messages: readonly unknown[] = [{ role, parts: HOSTILE }];
    expect(turnMessagesOf(messages as readonly UiMessage[])).toEqual([]);
  });

  it('has no call of a user, no call twice, and no two messages of one role in a row', () => {
    const done = { ...TOOL, state: 'output-available', output: 1 };
    const text = { type: 'text', text: 'Hi' };
    const history = turnMessagesOf([
      { role: 'user', parts: [text, done] },
      { role: 'assistant', parts: [HOSTILE.at(-1) as { type: string }] },
      { role: 'user', parts: [text] },
      { role: 'assistant', parts: [done, { type: 'step-start' }, done] },
    ]);
    expect(history.map(({ role, content }) => [role, content.length])).toEqual([
      ['user', 2],
      ['assistant', 1],
      ['user', 1],
    ]);
  });
});
