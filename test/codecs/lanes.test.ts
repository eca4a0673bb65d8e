import type { StreamEvent } from '../../src/events/event.js';
import * as events from '../../src/events/make.js';
import { PROTOCOLS } from './conformance/protocols.js';
import { through } from './conformance/spelling.js';

const MAIN = [
  events.messageStart({ id: 'msg_1', model: 'm-1' }),
  events.textStart(0),
  events.textDelta(0, 'Hi '),
  events.textDelta(0, 'there'),
  events.blockStop(0),
  events.messageDelta('end_turn', { input_tokens: 3, output_tokens: 2 }),
  events.messageStop(),
];

/** What a sub-agent says, in blocks of the same indexes. */
const ASIDE: readonly StreamEvent[] = [
  events.messageStart({ id: 'msg_2', model: 'm-2' }),
  events.textStart(0),
  events.textDelta(0, 'Hidden'),
  events.blockStop(0),
  events.toolUseStart(1, 'call_b', 'hide'),
  events.inputJsonDelta(1, '{}'),
  events.blockStop(1),
  events.messageDelta('tool_use', { input_tokens: 900, output_tokens: 900 }),
  events.toolResult('call_b', 'hidden'),
  events.messageStop(),
].map((event) => ({ ...event, lane: 'call_a' }));

it.each(PROTOCOLS.map(({ codec }) => [codec.name, codec] as const))(
  '%s does not write what a sub-agent says into the answer of the main agent',
  (_, codec) => {
    const expected = through([codec], MAIN);
    for (let at = 0; at <= MAIN.length; at++) {
      const arrived = through([codec], [...MAIN.slice(0, at), ...ASIDE, ...MAIN.slice(at)]);
      expect(arrived.filter(({ lane }) => !lane)).toEqual(expected);
    }
  },
);
