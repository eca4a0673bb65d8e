import { from, lastValueFrom } from 'rxjs';
import { CODECS } from '../../scripts/codecs.js';
import * as events from '../../src/events/make.js';
import type { StreamEvent } from '../../src/events/event.js';
import { toMessage } from '../../src/operators/toMessage.js';
import { fromBytes } from '../../src/sources/fromBytes.js';
import { frameText } from '../../src/wire/write.js';
import { isThorough } from '../thorough.js';

/** A pattern that remembers each character it has passed fills the engine's stack with less than a frame may hold. */
const LENGTH = isThorough ? 2 ** 24 : 2 ** 18;
const long = 'x'.repeat(LENGTH);

const BLOCKS: Readonly<Record<string, readonly StreamEvent[]>> = {
  'a text': [events.textStart(0), events.textDelta(0, long), events.textDelta(0, '!'), events.blockStop(0)],
  'an input': [
    events.toolUseStart(0, 'toolu_1', 'draw'),
    events.inputJsonDelta(0, `{"text":"${long}"}`),
    events.blockStop(0),
  ],
};

describe.each([...CODECS])('%s', (_, codec) => {
  it.each(Object.entries(BLOCKS))('reads %s that comes in one frame of megabytes', async (kind, blocks) => {
    const encoder = codec.encoder();
    const said = [
      events.messageStart({ id: 'm_1', model: 'model-1' }),
      ...blocks,
      events.messageDelta(kind === 'a text' ? 'end_turn' : 'tool_use', { output_tokens: 3 }),
      events.messageStop(),
    ];
    const frames = [...said.flatMap((event) => encoder.next(event)), ...encoder.end()];
    const chunks = frames.map(frameText(codec.framing));
    const { content } = await lastValueFrom(fromBytes(from(chunks), { codec }).pipe(toMessage()));
    const [block] = content;
    if (block?.type === 'tool_use') expect((block.input as { text: string }).text === long).toBe(true);
    else expect(block?.type === 'text' && block.text === `${long}!`).toBe(true);
  });
});
