import fc from 'fast-check';
import type { StreamEvent } from '../../../src/events/event.js';
import * as events from '../../../src/events/make.js';
import type { StopReason } from '../../../src/events/message.js';
import '../../seed.js';

const index = fc.constantFrom(0, 0, 0, 1, 1, 2);

const stray = fc.constantFrom(-1, 0.5, 1e9, NaN);

const reason = fc.constantFrom<StopReason | null>('end_turn', 'tool_use', 'max_tokens', null);

/** As a later version of the wire may have it. */
const hologram: StreamEvent = JSON.parse(
  '{"type":"content_block_start","index":1,"content_block":{"type":"hologram"}}',
);

const blockEvent = (at: number): fc.Arbitrary<StreamEvent> =>
  fc.constantFrom<StreamEvent>(
    events.textStart(at),
    events.thinkingStart(at),
    events.toolUseStart(at, `toolu_${at}`, 'draw'),
    events.textDelta(at, 'la'),
    events.textDelta(at, 'la'),
    events.thinkingDelta(at, 'hm'),
    events.signatureDelta(at, 'signed'),
    events.inputJsonDelta(at, '{}'),
    events.compactionDelta(at, 'summary'),
    events.blockStop(at),
    events.blockStop(at),
    events.blockAbort(at, 'stopped'),
  );

/** Events of few kinds at few indexes, in no order at all: most runs of them break a rule within a few steps. */
export const DISORDER: fc.Arbitrary<readonly StreamEvent[]> = fc.array(
  fc.oneof(
    { weight: 2, arbitrary: fc.constantFrom('msg_1', 'msg_2', '').map((id) => events.messageStart({ id })) },
    { weight: 10, arbitrary: index.chain(blockEvent) },
    { weight: 1, arbitrary: fc.oneof(stray.chain(blockEvent), fc.constant(hologram)) },
    { weight: 1, arbitrary: reason.map((stop) => events.messageDelta(stop)) },
    { weight: 1, arbitrary: fc.constantFrom(events.messageStop(), events.error('api_error', 'No')) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        events.ping(),
        events.unknown('news', {}),
        events.toolResult('toolu_0', 'done'),
        events.reset(2, 'lost'),
      ),
    },
  ),
  { maxLength: 30 },
);
