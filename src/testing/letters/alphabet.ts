import { StreamError } from '../../errors/streamError.js';
import type { StreamEvent } from '../../events/event.js';
import * as events from '../../events/make.js';
import { deepFreeze } from './freeze.js';

/** What `#` stands for, in sources and expectations, unless a test says otherwise. */
export const connectionLost = new StreamError('network', 'The connection was lost');

/**
 * The alphabet of all drawings: one letter is one event, everywhere.
 *
 * | letter | event |
 * | --- | --- |
 * | `m` | `message_start` of message `msg_1`; a second `m` is that event again |
 * | `n` | `message_start` of another message, `msg_2` |
 * | `o` `t` `u` `c` | block 0, a text: start, delta `la`, delta ` 🎵`, stop |
 * | `h` `k` `g` `c` | block 0, thinking: start, delta `hm`, its signature, stop |
 * | `b` `i` `j` `d` | block 1, a call of `get_weather`: start, delta `{"city":"To`, delta `kyo"}`, stop |
 * | `f` | delta `}` of block 1, a fault: JSON cannot begin with it |
 * | `w` | start of block 1, of a type that this version does not know; `d` stops it |
 * | `q` `a` | `block_abort` of block 0, of block 1 |
 * | `l` | `tool_result` of the call in block 1 |
 * | `s` `y` `v` | `message_delta`: `end_turn`, `tool_use`, `max_tokens`, each with its usage |
 * | `z` | `message_stop` |
 * | `e` | `error`, the provider is overloaded |
 * | `p` | `ping` |
 * | `x` | an event of a type that this version does not know |
 * | `r` | `reset`: attempt 2 begins |
 *
 * Capitals and digits are free for the values that a test's operators emit. `#` is {@link connectionLost}.
 * The events are frozen: an operator that writes to one throws.
 */
export const alphabet = deepFreeze({
  m: events.messageStart({ id: 'msg_1', model: 'model-1', usage: { input_tokens: 12, output_tokens: 1 } }),
  n: events.messageStart({ id: 'msg_2', model: 'model-1', usage: { input_tokens: 34, output_tokens: 1 } }),

  o: events.textStart(0),
  t: events.textDelta(0, 'la'),
  u: events.textDelta(0, ' 🎵'),
  c: events.blockStop(0),

  h: events.thinkingStart(0),
  k: events.thinkingDelta(0, 'hm'),
  g: events.signatureDelta(0, 'signed'),

  b: events.toolUseStart(1, 'toolu_1', 'get_weather'),
  i: events.inputJsonDelta(1, '{"city":"To'),
  j: events.inputJsonDelta(1, 'kyo"}'),
  d: events.blockStop(1),
  f: events.inputJsonDelta(1, '}'),
  w: unknownBlockStart(1),

  q: events.blockAbort(0, 'stopped'),
  a: events.blockAbort(1, 'stopped'),
  l: events.toolResult('toolu_1', '21 °C'),

  s: events.messageDelta('end_turn', { output_tokens: 5 }),
  y: events.messageDelta('tool_use', { output_tokens: 9 }),
  v: events.messageDelta('max_tokens', { output_tokens: 7 }),
  z: events.messageStop(),
  e: events.error('overloaded_error', 'Overloaded'),

  p: events.ping(),
  x: events.unknown('hologram_start', { depth: 3 }),
  r: events.reset(2, connectionLost),
} as const satisfies Record<string, StreamEvent>);

/** An event whose block has a type that our types do not list. */
function unknownBlockStart(index: number): StreamEvent {
  return JSON.parse(
    `{"type":"content_block_start","index":${index},"content_block":{"type":"hologram","depth":3}}`,
  ) as StreamEvent;
}
