import { toArray } from 'rxjs';
import * as events from '../../../src/events/make.js';
import { accumulateToolInput } from '../../../src/operators/accumulateToolInput.js';
import { toBlocks } from '../../../src/operators/toBlocks.js';
import { toToolCalls } from '../../../src/operators/toToolCalls.js';
import { untilTerminal } from '../../../src/operators/untilTerminal.js';
import { ANSWER, wire } from '../../sources/loopback.js';
import type { FaultGroup, Through } from '../fault.js';
import { BEGUN, data, END, message, soFar, WHOLE } from './written.js';

const start = wire(events.messageStart({ id: 'msg_1' }));

function call(...pieces: readonly string[]): string {
  return wire(
    events.toolUseStart(0, 'toolu_1', 'search'),
    ...pieces.map((piece) => events.inputJsonDelta(0, piece)),
    events.blockStop(0),
  );
}

const endFor = (reason: Parameters<typeof events.messageDelta>[0]) =>
  wire(events.messageDelta(reason), events.messageStop());

const calls: Through = (all) => all.pipe(untilTerminal(), toToolCalls());
const blocks: Through = (all) => all.pipe(untilTerminal(), toBlocks());

export const contents: FaultGroup = {
  title: 'What events hold',
  faults: [
    {
      fault: 'the stream has no event names',
      given: { bytes: WHOLE.replaceAll(/^event: .*\n/gm, '') },
      expected: { gives: 'the message: the type in the JSON decides', values: [message('Hello')] },
    },
    {
      fault: 'the type of an event is unknown',
      given: { bytes: start + data('{"type":"hologram_start","depth":3}') + END },
      through: (all) => all.pipe(untilTerminal()),
      expected: {
        gives: 'an `unknown` event with its name and data',
        values: [{}, { type: 'unknown', name: 'hologram_start', data: { depth: 3 } }, {}, {}],
      },
    },
    {
      fault: 'the type of a block is unknown',
      given: {
        bytes:
          start +
          data('{"type":"content_block_start","index":0,"content_block":{"type":"hologram","depth":3}}') +
          data('{"type":"content_block_delta","index":0,"delta":{"type":"depth_delta","depth":1}}') +
          wire(events.blockStop(0)) +
          END,
      },
      through: blocks,
      expected: {
        gives: 'the block as it came, with the deltas that could not be applied',
        values: [
          {
            type: 'hologram',
            depth: 3,
            status: 'complete',
            unknownDeltas: [{ type: 'depth_delta', depth: 1 }],
          },
        ],
      },
    },
    {
      fault: 'the type of a delta is unknown',
      given: {
        bytes:
          BEGUN +
          data('{"type":"content_block_delta","index":0,"delta":{"type":"colour_delta","colour":"red"}}') +
          wire(...ANSWER.slice(3)),
      },
      expected: { gives: 'the message without it', values: [message('Hello')] },
    },
    {
      fault: 'the stop reason is unknown',
      given: { bytes: WHOLE.replace('end_turn', 'solar_flare') },
      expected: {
        gives: 'the message with that reason',
        values: [{ ...message('Hello'), stop_reason: 'solar_flare' }],
      },
    },
    {
      fault: 'the data of one event is not JSON',
      given: { bytes: `${BEGUN}data: {"type":"content_bl\n\n${END}` },
      expected: {
        error: {
          code: 'malformed',
          retryable: true,
          message: 'The data is not JSON',
          raw: '{"type":"content_bl',
        },
        partial: soFar('Hel'),
      },
    },
    {
      fault: 'the data of one event is not JSON, and malformed events are skipped',
      given: {
        bytes: `${BEGUN}data: {"type":"\n\n${wire(...ANSWER.slice(3))}`,
        options: { malformed: 'skip' },
      },
      expected: { gives: 'the message without that event', values: [message('Hello')] },
    },
    {
      fault: 'the data of one event is null',
      given: { bytes: BEGUN + data('null') + END },
      expected: { error: { code: 'malformed', retryable: false, raw: 'null' }, partial: soFar('Hel') },
    },
    {
      fault: 'a known event does not say which block it is of',
      given: {
        bytes: BEGUN + data('{"type":"content_block_delta","delta":{"type":"text_delta","text":"lo"}}'),
      },
      expected: { error: { code: 'malformed', retryable: false }, partial: soFar('Hel') },
    },
    {
      fault:
        'a gateway leaves out what is empty: the content of a message, the text of a block and of a delta',
      given: {
        bytes:
          data('{"type":"message_start","message":{"id":"msg_1","role":"assistant","usage":null}}') +
          data('{"type":"content_block_start","index":0,"content_block":{"type":"text","text":null}}') +
          data('{"type":"content_block_delta","index":0,"delta":{"type":"text_delta"}}') +
          wire(events.textDelta(0, 'Hello'), events.blockStop(0)) +
          END,
      },
      expected: { gives: 'the message', values: [{ content: [{ type: 'text', text: 'Hello' }] }] },
    },
    {
      fault: 'a call comes without its name',
      given: {
        bytes:
          start +
          data(
            '{"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"toolu_1"}}',
          ) +
          wire(events.blockStop(0)) +
          endFor('tool_use'),
      },
      through: calls,
      expected: {
        gives: 'an `invalid` call with the reason; the stream goes on',
        values: [{ status: 'invalid', error: { message: 'The call has no name' } }],
      },
    },
    {
      fault: 'an event breaks off, malformed events are skipped, and it was a piece of a call',
      given: {
        bytes: `${start}${call('{"query":', '"x"}').replace(/data: .*"x.*/, 'data: {"type":"content_bl')}${endFor('tool_use')}`,
        options: { malformed: 'skip' },
      },
      through: calls,
      expected: {
        gives: 'an `invalid` call with the reason',
        values: [{ status: 'invalid', error: { message: 'A piece of this block was malformed' } }],
      },
    },
    {
      fault: 'heartbeats come as data: nothing, a comment, a time',
      given: {
        bytes: BEGUN + data('') + data(': keep-alive') + data('1732812345') + wire(...ANSWER.slice(3)),
      },
      expected: { gives: 'the message; each is reported to `onSkip`', values: [message('Hello')] },
    },
    {
      fault: 'one line feed stands between two events, not two',
      given: { bytes: WHOLE.replaceAll('\n\nevent: message_stop', '\nevent: message_stop') },
      expected: { gives: 'the message', values: [message('Hello')] },
    },
    {
      fault: 'the stream ends with [DONE], as that of another provider',
      given: { bytes: WHOLE + data('[DONE]') },
      through: (all) => all.pipe(toArray()),
      expected: { gives: 'the events; `[DONE]` is none', values: [ANSWER] },
    },
    {
      fault: 'the input of a tool is no JSON when its block stops',
      given: { bytes: start + call('{"query":', 'hello}') + endFor('tool_use') },
      through: calls,
      expected: {
        gives: 'an `invalid` call with the text and the error; the stream goes on',
        values: [
          { status: 'invalid', json: '{"query":hello}', error: { code: 'tool-input', retryable: false } },
        ],
      },
    },
    {
      fault: 'the input of a tool is not JSON, and the message is sent back',
      given: { bytes: start + call('{"query":', 'hello}') + endFor('tool_use') },
      expected: {
        gives: 'the message with `{ INVALID_JSON: text }` as the input, as the provider advises',
        values: [{ content: [{ type: 'tool_use', input: { INVALID_JSON: '{"query":hello}' } }] }],
      },
    },
    {
      fault: 'the model runs into its limit of tokens inside the input of a tool',
      given: { bytes: start + call('{"query":"hel') + endFor('max_tokens') },
      through: calls,
      expected: {
        gives: 'an `invalid` call, never one to be run',
        values: [{ status: 'invalid', json: '{"query":"hel', error: { code: 'truncated' } }],
      },
    },
    {
      fault: 'the model runs into its limit of tokens just where the input of a tool is JSON',
      given: { bytes: start + call('{"query":"hel"}') + endFor('max_tokens') },
      through: calls,
      expected: {
        gives: 'an `invalid` call, never one to be run',
        values: [{ status: 'invalid', json: '{"query":"hel"}', error: { code: 'truncated' } }],
      },
    },
    {
      fault: 'the input of a tool nests 50,000 deep',
      given: {
        bytes:
          start +
          call('[{"a":'.repeat(25_000)) +
          wire(...ANSWER.slice(1)).replaceAll('"index":0', '"index":1'),
      },
      through: blocks,
      expected: {
        gives: 'that block `invalid`, the next ones as ever',
        values: [
          { index: 0, status: 'invalid' },
          { index: 1, status: 'complete', text: 'Hello' },
        ],
      },
    },
    {
      fault: 'the input of a tool has the member __proto__',
      given: { bytes: start + call('{"__proto__":{"polluted":true}}') + endFor('tool_use') },
      through: (all) => all.pipe(untilTerminal(), accumulateToolInput()),
      expected: {
        gives: 'a member like any other',
        values: [
          { status: 'partial' },
          {},
          {
            status: 'complete',
            input: JSON.parse('{"__proto__":{"polluted":true}}') as unknown,
            json: '{"__proto__":{"polluted":true}}',
          },
        ],
      },
    },
  ],
};
