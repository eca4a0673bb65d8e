import { toArray } from 'rxjs';
import * as events from '../../../src/events/make.js';
import { checkProtocol } from '../../../src/operators/checkProtocol.js';
import { toMessage } from '../../../src/operators/toMessage.js';
import { untilTerminal } from '../../../src/operators/untilTerminal.js';
import { ANSWER, wire } from '../../sources/loopback.js';
import type { FaultGroup, Through } from '../fault.js';
import { BEGUN, data, END, message, soFar, WHOLE } from './written.js';

const start = events.messageStart({ id: 'msg_1' });
const text = [events.textStart(0), events.textDelta(0, 'Hello')];
const stop = events.blockStop(0);

const strictly: Through = (all) => all.pipe(checkProtocol(), untilTerminal(), toMessage());
const repaired: Through = (all) => all.pipe(checkProtocol({ mode: 'repair' }), untilTerminal(), toMessage());

export const order: FaultGroup = {
  title: 'The order of events',
  faults: [
    {
      fault: 'the stream ends in the middle of a block',
      given: { bytes: BEGUN },
      expected: { error: { code: 'truncated', retryable: true }, partial: soFar('Hel') },
    },
    {
      fault: 'the stream ends without message_stop',
      given: { bytes: wire(...ANSWER.slice(0, -1)) },
      expected: { error: { code: 'truncated', retryable: true }, partial: message('Hello') },
    },
    {
      fault: 'the stream ends inside its last event',
      given: { bytes: WHOLE.slice(0, -6) },
      expected: { error: { code: 'truncated', retryable: true }, partial: message('Hello') },
    },
    {
      fault: 'the stream ends before the blank line of its last event',
      given: { bytes: WHOLE.trimEnd() },
      expected: { gives: 'the message: the JSON of that event is whole', values: [message('Hello')] },
    },
    {
      fault: 'a gateway sends message_start twice',
      given: { bytes: wire(start, start, ...text, stop) + END },
      expected: { gives: 'the message: the id is the same', values: [message('Hello')] },
    },
    {
      fault: 'a gateway sends message_start twice, and the order is checked',
      given: { bytes: wire(start, start, ...text, stop) + END },
      through: strictly,
      expected: { error: { code: 'protocol', retryable: false }, partial: { content: [] } },
    },
    {
      fault: 'a block begins at the index of one that has ended',
      given: {
        bytes: wire(start, ...text, stop, events.textStart(0), events.textDelta(0, 'Bye'), stop) + END,
      },
      expected: {
        gives: 'the message with both: the second has the next free index',
        values: [{ content: [{ text: 'Hello' }, { text: 'Bye' }] }],
      },
    },
    {
      fault: 'a block ends that is not open',
      given: { bytes: wire(start, ...text, stop, stop, events.blockStop(7)) + END },
      expected: { gives: 'the message; each is reported to `onSkip`', values: [message('Hello')] },
    },
    {
      fault: 'a block begins before the message',
      given: { bytes: wire(...text, stop, start) + END },
      expected: { error: { code: 'protocol', retryable: false }, partial: [{ text: 'Hello' }] },
    },
    {
      fault: 'a message ends that never began',
      given: { bytes: END },
      expected: { error: { code: 'truncated', retryable: true }, partial: undefined },
    },
    {
      fault: 'another message begins inside an unfinished one',
      given: { bytes: wire(start, ...text) + WHOLE.replaceAll('msg_1', 'msg_2') },
      expected: { error: { code: 'protocol', retryable: true }, partial: soFar('Hello') },
    },
    {
      fault: 'another message begins inside an unfinished one, and the order is repaired',
      given: { bytes: wire(start, ...text) + WHOLE.replaceAll('msg_1', 'msg_2') },
      through: repaired,
      expected: { error: { code: 'protocol', retryable: true }, partial: soFar('Hello') },
    },
    {
      fault: 'one message follows another',
      given: { bytes: WHOLE + WHOLE.replaceAll('Hel', 'Hul') },
      through: (all) => all.pipe(toMessage()),
      expected: { gives: 'both messages', values: [message('Hello'), message('Hullo')] },
    },
    {
      fault: 'two blocks grow in turn',
      given: {
        bytes:
          wire(
            start,
            events.textStart(0),
            events.textStart(1),
            events.textDelta(0, 'a'),
            events.textDelta(1, 'b'),
            events.textDelta(0, 'A'),
            events.blockStop(1),
            stop,
          ) + END,
      },
      expected: {
        gives: 'each block with its own text',
        values: [{ content: [{ text: 'aA' }, { text: 'b' }] }],
      },
    },
    {
      fault: 'block 1 begins before block 0',
      given: {
        bytes:
          wire(
            start,
            events.textStart(1, 'second'),
            events.textStart(0, 'first'),
            events.blockStop(1),
            stop,
          ) + END,
      },
      expected: {
        gives: 'the blocks by their index',
        values: [{ content: [{ text: 'first' }, { text: 'second' }] }],
      },
    },
    {
      fault: 'a delta is for a block that never began',
      given: { bytes: wire(start, events.textDelta(3, 'Hello'), stop) + END },
      expected: { error: { code: 'protocol', retryable: false }, partial: { content: [] } },
    },
    {
      fault: 'a delta is for a block that never began, and the order is repaired',
      given: { bytes: wire(start, events.textDelta(0, 'Hello'), stop) + END },
      through: repaired,
      expected: {
        gives: 'the message: the block of a text is known by its delta',
        values: [message('Hello')],
      },
    },
    {
      fault: 'the input of a tool is for a block that never began, and the order is repaired',
      given: { bytes: wire(start, events.inputJsonDelta(0, '{}'), stop) + END },
      through: repaired,
      expected: { error: { code: 'protocol', retryable: false }, partial: { content: [] } },
    },
    {
      fault: 'a delta is for a block that has ended',
      given: { bytes: wire(start, ...text, stop, events.textDelta(0, 'more')) + END },
      expected: { error: { code: 'protocol', retryable: false }, partial: soFar('Hello') },
    },
    {
      fault: 'a delta is of a kind that its block does not take',
      given: { bytes: wire(start, ...text, events.inputJsonDelta(0, '{}'), stop) + END },
      expected: { error: { code: 'protocol', retryable: false }, partial: soFar('Hello') },
    },
    {
      fault: 'a block begins twice',
      given: { bytes: wire(start, ...text, ...text, stop) + END },
      expected: { error: { code: 'protocol', retryable: false }, partial: soFar('Hello') },
    },
    {
      fault: 'a block ends twice, and the order is repaired',
      given: { bytes: wire(start, ...text, stop, stop) + END },
      through: repaired,
      expected: { gives: 'the message; the second stop is dropped', values: [message('Hello')] },
    },
    {
      fault: 'a gateway forgets message_start and content_block_stop, and the order is repaired',
      given: { bytes: wire(...text) + END },
      through: repaired,
      expected: { gives: 'the message, with an empty id', values: [{ ...message('Hello'), id: '' }] },
    },
    {
      fault: 'a block begins before the message, and the order is checked',
      given: { bytes: wire(...text, stop, start) + END },
      through: strictly,
      expected: { error: { code: 'protocol', retryable: false }, partial: undefined },
    },
    {
      fault: 'a message ends that never began, and the order is checked',
      given: { bytes: END },
      through: strictly,
      expected: { error: { code: 'protocol', retryable: false }, partial: undefined },
    },
    {
      fault: 'the message never begins',
      given: { bytes: wire(...text, stop) + END },
      expected: { error: { code: 'truncated', retryable: true }, partial: [{ text: 'Hello' }] },
    },
    ...['"__proto__"', '-1', '1e9', '0.5'].map((index) => ({
      fault: `a block has the index ${index}`,
      given: {
        bytes: wire(start) + wire(...text).replaceAll('"index":0', `"index":${index}`) + END,
      },
      expected: { error: { code: 'malformed', retryable: false } as const, partial: { content: [] } },
    })),
    {
      fault: 'events follow message_stop',
      given: { bytes: WHOLE + wire(...text) + data('no JSON') },
      expected: { gives: 'the message; nothing after it is read', values: [message('Hello')] },
    },
    {
      fault: 'events follow message_stop, and the order is checked',
      given: { bytes: WHOLE + wire(...text) },
      through: (all) => all.pipe(checkProtocol(), toArray()),
      expected: { error: { code: 'protocol', retryable: false }, partial: undefined },
    },
  ],
};
