import { aiSdkUi, aiSdkUiDialect } from '../../../src/ai-sdk-ui.js';
import type { StreamEvent } from '../../../src/events/event.js';
import * as events from '../../../src/events/make.js';
import { fromBytes } from '../../../src/sources/fromBytes.js';
import { cpuTime } from '../../cpuTime.js';
import { attempted, eventsOf, framesOf } from '../conformance/spelling.js';

function read(...lines: readonly string[]): readonly StreamEvent[] {
  return eventsOf(
    aiSdkUi,
    lines.map((data) => ({ data })),
  );
}

const EXAMPLE = [
  '{"type":"start","messageId":"m1","messageMetadata":{"model":"m-1"}}',
  '{"type":"start-step"}',
  '{"type":"tool-input-start","toolCallId":"call_a","toolName":"get_weather"}',
  '{"type":"tool-input-delta","toolCallId":"call_a","inputTextDelta":"{\\"city\\":\\"Oslo\\"}"}',
  '{"type":"tool-input-available","toolCallId":"call_a","toolName":"get_weather","input":{"city":"Oslo"}}',
  '{"type":"finish-step"}',
  '{"type":"finish","finishReason":"tool-calls","messageMetadata":{"stopReason":"tool_use","usage":{"input_tokens":9,"output_tokens":5}}}',
  '[DONE]',
];

const MEANT = [
  events.messageStart({ id: 'm1', model: 'm-1' }),
  events.toolUseStart(0, 'call_a', 'get_weather'),
  events.inputJsonDelta(0, '{"city":"Oslo"}'),
  events.blockStop(0),
  events.messageDelta('tool_use', { input_tokens: 9, output_tokens: 5 }),
  events.messageStop(),
];

it('a stream is these lines, both ways', () => {
  expect(read(...EXAMPLE)).toEqual(MEANT);
  expect(framesOf(aiSdkUi, MEANT).map(({ data }) => data)).toEqual(EXAMPLE);
});

describe('the end of a stream', () => {
  const TEXT = [
    '{"type":"start"}',
    '{"type":"text-start","id":"t"}',
    '{"type":"text-delta","id":"t","delta":"Hi"}',
  ];

  it('is none without a finish or an abort, unless it is said to be done', () => {
    expect(read(...TEXT).map(({ type }) => type)).not.toContain('message_stop');
    expect(read('[DONE]')).toEqual([]);
    expect(read('{"type":"start"}', '[DONE]')).toEqual([events.messageStart()]);
    expect(read(...TEXT, '{"type":"text-end","id":"t"}', '[DONE]').slice(-2)).toEqual([
      events.messageDelta(null),
      events.messageStop(),
    ]);
  });

  it('is a good one at a finish, and a stop at an abort, which gives up what is open', () => {
    expect(read(...TEXT, '{"type":"finish","finishReason":"length"}').slice(-3)).toEqual([
      events.blockStop(0),
      events.messageDelta('max_tokens'),
      events.messageStop(),
    ]);
    expect(read(...TEXT, '{"type":"abort","reason":"Stop"}', '[DONE]').slice(-3)).toMatchObject([
      events.blockAbort(0, 'Stop'),
      { type: 'message_delta', delta: { stop_reason: 'cancelled' } },
      events.messageStop(),
    ]);
  });

  it('is an error, whatever follows it', () => {
    const found = read(...TEXT, '{"type":"error","errorText":"Busy"}', '{"type":"finish"}', '[DONE]');
    expect(found.slice(-2)).toEqual([events.blockAbort(0, 'Busy'), events.error('api_error', 'Busy')]);
  });

  it('gives up a call whose input is not whole', () => {
    const found = read(...EXAMPLE.slice(0, 4), '{"type":"finish","finishReason":"stop"}');
    expect(found.slice(-3)).toMatchObject([
      { type: 'block_abort' },
      { delta: { stop_reason: 'end_turn' } },
      {},
    ]);
  });
});

it('a step that is reset is dropped, and those before it stay', () => {
  const found = read(
    '{"type":"start","messageId":"m1"}',
    ...[
      '{"type":"start-step"}',
      '{"type":"text-start","id":"0"}',
      '{"type":"text-delta","id":"0","delta":"One"}',
    ],
    ...['{"type":"text-end","id":"0"}', '{"type":"finish-step"}', '{"type":"start-step"}'],
    ...[
      '{"type":"text-start","id":"0"}',
      '{"type":"text-delta","id":"0","delta":"Tw"}',
      '{"type":"reset-step"}',
    ],
  );
  expect(found.slice(6)).toMatchObject([
    { type: 'reset', attempt: 2 },
    events.messageStart({ id: 'm1' }),
    events.textStart(0),
    events.textDelta(0, 'One'),
    events.blockStop(0),
  ]);
});

it('reads what signs reasoning, a call that failed, and what was decided', () => {
  const found = read(
    '{"type":"reasoning-start","id":"r"}',
    '{"type":"reasoning-delta","id":"r","delta":"","providerMetadata":{"anthropic":{"signature":"c2ln"}}}',
    '{"type":"reasoning-end","id":"r","providerMetadata":{"anthropic":{"signature":"c2ln"}}}',
    '{"type":"tool-input-error","toolCallId":"a","toolName":"f","input":"{","errorText":"No JSON"}',
    '{"type":"tool-input-available","toolCallId":"b","toolName":"f","input":{}}',
    '{"type":"tool-approval-request","toolCallId":"b","approvalId":"p"}',
    '{"type":"tool-approval-response","approvalId":"p","approved":false,"reason":"No"}',
    '{"type":"tool-output-denied","toolCallId":"b"}',
  );
  expect(found.slice(1)).toEqual([
    events.thinkingStart(0),
    events.signatureDelta(0, 'c2ln'),
    events.blockStop(0),
    events.toolUseStart(1, 'a', 'f'),
    events.inputJsonDelta(1, '{'),
    events.blockAbort(1, 'No JSON'),
    events.toolUseStart(2, 'b', 'f'),
    events.blockStop(2),
    { ...events.toolApproval('b', 'requested'), approvalId: 'p' },
    events.toolApproval('b', 'denied', 'No'),
    events.toolResult('b', 'denied', true),
  ]);
});

it('refuses a piece of a call that nobody began, and two messages in one', () => {
  const piece = '{"type":"tool-input-delta","toolCallId":"x","inputTextDelta":"{}"}';
  expect(attempted(aiSdkUi, [{ data: '{"type":"start"}' }, { data: piece }]).failure?.code).toBe('protocol');
  const starts = ['m1', 'm2'].map((messageId) => ({ data: JSON.stringify({ type: 'start', messageId }) }));
  expect(attempted(aiSdkUi, starts).failure?.code).toBe('protocol');
});

it('writes an attempt that is repeated where the client can drop the first', () => {
  const frames = framesOf(aiSdkUiDialect({ version: 7 }), [
    ...MEANT.slice(0, 3),
    events.reset(2, null),
    ...MEANT,
  ]);
  expect(frames.map(({ data }) => data)).toContain('{"type":"reset-step"}');
});

describe('a call that is open when its step ends', () => {
  const OPEN = [
    '{"type":"start"}',
    '{"type":"start-step"}',
    '{"type":"tool-input-start","toolCallId":"a","toolName":"get_weather"}',
    '{"type":"tool-input-delta","toolCallId":"a","inputTextDelta":"{}"}',
    '{"type":"finish-step"}',
    '{"type":"start-step"}',
  ];

  it('is given up at the end, also where the step after it is repeated', () => {
    for (const step of [[], ['{"type":"reset-step"}']]) {
      expect(read(...OPEN, ...step, '{"type":"finish"}', '[DONE]').slice(-3)).toEqual([
        events.blockAbort(0, 'The answer ended before the input of this call did'),
        events.messageDelta(null),
        events.messageStop(),
      ]);
    }
  });

  it('can be whole in a later step, and a result of it is waited for', () => {
    const whole = '{"type":"tool-input-available","toolCallId":"a","toolName":"get_weather","input":{}}';
    for (const step of [[], ['{"type":"reset-step"}']]) {
      expect(read(...OPEN, ...step, whole, '{"type":"finish"}', '[DONE]').slice(-3)).toEqual([
        events.blockStop(0),
        events.messageDelta('tool_use'),
        events.messageStop(),
      ]);
    }
  });

  it('costs nothing at the ends of later steps', () => {
    const calls = Array.from({ length: 4000 }, (_, nth) => ({
      type: 'tool-input-start',
      toolCallId: `call_${nth}`,
      toolName: 'get_weather',
    }));
    const parts = [{ type: 'start' }, ...calls, ...Array<object>(20_000).fill({ type: 'finish-step' })];
    const bytes = parts.map((part) => `data: ${JSON.stringify(part)}\n\n`).join('');
    let ending: unknown;
    const read = (): unknown =>
      fromBytes(bytes, { codec: aiSdkUi }).subscribe({ complete: () => (ending = 'complete') });
    // It takes some 200 ms; to look at each call at each end took 7 s.
    expect(cpuTime(read)).toBeLessThan(2000);
    expect(ending).toBe('complete');
  });
});
