import { count } from 'rxjs';
import * as events from '../../../src/events/make.js';
import { toBlocks } from '../../../src/operators/toBlocks.js';
import { toText } from '../../../src/operators/toText.js';
import { toToolCalls } from '../../../src/operators/toToolCalls.js';
import { untilTerminal } from '../../../src/operators/untilTerminal.js';
import { wire } from '../../sources/loopback.js';
import type { FaultGroup } from '../fault.js';
import { data, END, message, STREAM, WHOLE } from './written.js';

const start = wire(events.messageStart({ id: 'msg_1' }));

const times = (amount: number, written: (nth: number) => string) =>
  Array.from({ length: amount }, (_, nth) => written(nth));

const TWO_MEGABYTES = 2 * 1024 * 1024;

export const size: FaultGroup = {
  title: 'Size',
  faults: [
    {
      fault: 'an answer has 20,000 blocks',
      given: {
        bytes: () => [
          start,
          ...times(20_000, (index) => wire(events.textStart(index), events.blockStop(index))),
          END,
        ],
        options: { limits: { blocks: 20_000 } },
      },
      through: (all) => all.pipe(untilTerminal(), toBlocks(), count()),
      expected: { gives: 'each block, if limits.blocks allows it', values: [20_000] },
    },
    {
      fault: 'an answer comes in 50,000 deltas',
      given: {
        bytes: () => [
          start,
          wire(events.textStart(0)),
          ...times(50_000, () => wire(events.textDelta(0, 'la'))),
          wire(events.blockStop(0)),
          END,
        ],
      },
      through: (all) => all.pipe(untilTerminal(), toText()),
      expected: { gives: 'the whole text', values: ['la'.repeat(50_000)] },
    },
    {
      fault: 'the input of a tool is 2 MB in 20,000 deltas',
      given: {
        bytes: () => [
          start,
          wire(events.toolUseStart(0, 'toolu_1', 'save'), events.inputJsonDelta(0, '{"text":"')),
          ...times(20_000, () => wire(events.inputJsonDelta(0, 'x'.repeat(TWO_MEGABYTES / 20_000)))),
          wire(
            events.inputJsonDelta(0, '"}'),
            events.blockStop(0),
            events.messageDelta('tool_use'),
            events.messageStop(),
          ),
        ],
      },
      through: (all) => all.pipe(untilTerminal(), toToolCalls()),
      expected: {
        gives: 'the call',
        values: [
          { status: 'complete', input: { text: 'x'.repeat(Math.floor(TWO_MEGABYTES / 20_000) * 20_000) } },
        ],
      },
    },
    {
      fault: 'one chunk holds 200,000 pings',
      given: { bytes: () => wire(events.ping()).repeat(200_000) },
      through: (all) => all.pipe(count()),
      expected: { gives: 'each ping', values: [200_000] },
    },
    {
      fault: 'one chunk holds 200,000 comments before the answer',
      given: { bytes: () => ': ping\n\n'.repeat(200_000) + WHOLE },
      expected: { gives: 'the message', values: [message('Hello')] },
    },
    {
      fault: 'one event is 10 MB long',
      given: {
        bytes: () => start + wire(events.textStart(0, 'x'.repeat(10_000_000)), events.blockStop(0)) + END,
      },
      through: (all) => all.pipe(untilTerminal(), toText()),
      expected: { gives: 'the event: 32 Mi characters are allowed', values: ['x'.repeat(10_000_000)] },
    },
    {
      fault: 'one event is longer than the application allows',
      given: {
        bytes: data(`{"type":"ping","note":"${'x'.repeat(1000)}"}`),
        options: { limits: { frame: 1000 } },
      },
      expected: { error: { code: 'limit', retryable: false }, partial: undefined },
    },
    {
      fault: 'one line never ends, byte by byte',
      given: {
        server: [[STREAM, { drip: `data: ${'x'.repeat(200)}` }]],
        options: { limits: { frame: 100 } },
      },
      expected: { error: { code: 'limit', retryable: false }, partial: undefined },
    },
  ],
};
