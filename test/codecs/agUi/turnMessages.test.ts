import { HttpAgent, type Message } from '@ag-ui/client';
import fc from 'fast-check';
import { agUi, turnMessagesOf, type AgUiMessage } from '../../../src/ag-ui.js';
import * as events from '../../../src/events/make.js';
import type { StreamEvent } from '../../../src/events/event.js';
import { historyOf } from '../../../src/turns/history.js';
import { runs } from '../../seed.js';
import { complaintsOfConverters } from '../../turns/converters.js';
import { complaintsAbout } from '../../turns/validator.js';
import { answers } from '../conformance/answers.js';
import { EVERYTHING } from '../conformance/scope.js';
import { bytesOf, framesOf } from '../conformance/spelling.js';
import { saidIn } from '../saidIn.js';

/** What the official client keeps of a turn, and would send with the next run. */
async function keptBy(turn: readonly StreamEvent[]): Promise<readonly Message[]> {
  const body = bytesOf(agUi, framesOf(agUi, turn)) as Uint8Array<ArrayBuffer>;
  const headers = { 'content-type': 'text/event-stream' };
  const fetch = (): Promise<Response> => Promise.resolve(new Response(body, { headers }));
  const agent = new HttpAgent({ url: 'http://127.0.0.1:1', fetch });
  // A run that fails keeps what came before.
  await agent.runAgent({}).catch(() => undefined);
  return agent.messages;
}

describe('what the official client keeps of a turn', () => {
  it('is a history that every provider takes, wherever the turn ended', async () => {
    await fc.assert(
      fc.asyncProperty(
        answers({ ...EVERYTHING, has: (feature) => feature !== 'resets' && feature !== 'errors' }),
        async (turn) => {
          const history = turnMessagesOf(await keptBy(turn));
          expect([...complaintsAbout(history), ...complaintsOfConverters(history)]).toEqual([]);
        },
      ),
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
      ...['a', 'b'].flatMap((id, nth) => [
        events.toolUseStart(nth + 1, id, 'weather'),
        events.inputJsonDelta(nth + 1, `{"city":"${id}"}`),
        events.blockStop(nth + 1),
      ]),
      events.messageDelta('tool_use'),
      events.messageStop(),
      events.toolResult('b', 'warm'),
      events.toolResult('a', 'cold'),
      events.messageStart({ id: 'm2', model: 'm' }),
      events.textStart(0),
      events.textDelta(0, 'Cold.'),
      events.blockStop(0),
      events.messageDelta('end_turn'),
      events.messageStop(),
    ];
    expect(saidIn(turnMessagesOf(await keptBy(turn)))).toEqual(saidIn(historyOf(turn)));
  });
});

const CALL = {
  id: 'a',
  type: 'function' as const,
  function: { name: 'weather', arguments: '{"city":"Oslo"}' },
};
const ASKED: Message = { id: '1', role: 'assistant', toolCalls: [CALL] };

describe('a history of messages of AG-UI', () => {
  it('has the results behind the calls, wherever they stand', () => {
    const messages: Message[] = [
      { id: '0', role: 'user', content: 'Weather?' },
      { ...ASKED, content: 'Let me see' },
      { id: '2', role: 'user', content: 'Well?' },
      { id: '3', role: 'tool', toolCallId: 'a', content: 'cold' },
    ];
    expect(turnMessagesOf(messages)).toEqual([
      { role: 'user', content: [{ type: 'text', text: 'Weather?' }] },
      {
        role: 'assistant',
        content: [
          { type: 'text', text: 'Let me see' },
          { type: 'tool_use', id: 'a', name: 'weather', input: { city: 'Oslo' } },
        ],
      },
      {
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: 'a', content: 'cold' },
          { type: 'text', text: 'Well?' },
        ],
      },
    ]);
  });

  it.each<[string, Partial<Message>, object]>([
    ['an error', { content: '', error: 'No such city' }, { content: 'No such city', is_error: true }],
    ['an error with words', { content: 'Sorry', error: 'x' }, { content: 'Sorry', is_error: true }],
    ['an error without a word', { content: '', error: '' }, { content: 'Failed', is_error: true }],
    ['parts', { content: [{ type: 'text', text: 'cold' }] }, { content: [{ type: 'text', text: 'cold' }] }],
  ])('takes a result that is %s', (_, members, result) => {
    const given = { id: '3', role: 'tool', toolCallId: 'a', ...members } as Message;
    expect(turnMessagesOf([ASKED, given])[1]).toEqual({
      role: 'user',
      content: [{ type: 'tool_result', tool_use_id: 'a', ...result }],
    });
  });

  it('says of a call without a result that it was cancelled, or lets it wait', () => {
    expect(turnMessagesOf([ASKED])[1]?.content).toEqual([
      { type: 'tool_result', tool_use_id: 'a', content: 'Cancelled', is_error: true },
    ]);
    expect(turnMessagesOf([ASKED], { pending: 'keep' })).toHaveLength(1);
  });

  it('has images and documents, as data or by their address', () => {
    const messages: Message[] = [
      {
        id: '0',
        role: 'user',
        content: [
          { type: 'image', source: { type: 'data', value: 'AAAA', mimeType: 'image/png' } },
          { type: 'document', source: { type: 'url', value: 'https://x/a.pdf' } },
        ],
      },
    ];
    expect(turnMessagesOf(messages)[0]?.content).toEqual([
      { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } },
      { type: 'document', source: { type: 'url', url: 'https://x/a.pdf' } },
    ]);
  });

  it('keeps the signature of a call', () => {
    const signed: Message = { ...ASKED, toolCalls: [{ ...CALL, encryptedValue: 'c2ln' }] };
    expect(turnMessagesOf([signed])[0]?.content).toMatchObject([{ id: 'a', signature: 'c2ln' }]);
  });

  it('leaves out what a model cannot read, and says so', () => {
    const left: unknown[] = [];
    const messages = [
      { id: '0', role: 'system', content: 'Be brief' },
      { id: '1', role: 'activity', activityType: 'plan', content: {} },
      { id: '2', role: 'reasoning', content: 'Hm' },
      { id: '3', role: 'user', content: [{ type: 'audio', source: { type: 'url', value: 'https://x/' } }] },
      {
        id: '4',
        role: 'assistant',
        toolCalls: [{ ...CALL, function: { name: 'weather', arguments: '{"ci' } }],
      },
      { id: '5', role: 'tool', toolCallId: 'a', content: 'cold' },
      { id: '6', role: 'hologram' },
    ] as AgUiMessage[];
    expect(turnMessagesOf(messages, { onLeftOut: (_, { message }) => left.push(message) })).toEqual([]);
    expect(left).toEqual([0, 1, 3, 4, 6, 5]);
  });
});

describe('a history of what a stranger sent', () => {
  it('has nothing of what nobody can say', () => {
    const call = (id: unknown, json: string): object => ({
      id,
      type: 'function',
      function: { name: 'f', arguments: json },
    });
    const messages: readonly unknown[] = [
      null,
      { id: '1', role: 'user', content: [null, 5, { type: 'image', source: { type: 'url', value: null } }] },
      {
        id: '2',
        role: 'user',
        content: [{ type: 'image', source: { type: 'data', value: {}, mimeType: 7 } }],
      },
      { id: '3', role: 'assistant', toolCalls: [call('a', '5'), call('b', 'null'), call('', '{}'), null] },
      { id: '4', role: 'tool', toolCallId: 'a', content: [null] },
      { id: '5', role: 'reasoning', content: 'Hm', encryptedValue: 's' },
    ];
    expect(turnMessagesOf(messages as readonly AgUiMessage[])).toEqual([]);
  });

  it('has the messages of one role around a thought as one', () => {
    const user = (id: string): Message => ({ id, role: 'user', content: 'Hi' });
    const thought: Message = { id: 't', role: 'reasoning', content: 'Hm', encryptedValue: 's' };
    expect(turnMessagesOf([user('1'), thought, user('2')])).toMatchObject([
      { role: 'user', content: [{}, {}] },
    ]);
  });
});
