import type { Codec } from '../../src/codecs/codec.js';
import { malformedFrame, objectIn } from '../../src/codecs/kit/door.js';
import { MessageReader, type Reading } from '../../src/codecs/kit/messageReader.js';
import { MessageWriter } from '../../src/codecs/kit/messageWriter.js';
import { words } from '../../src/codecs/kit/words.js';
import type { StreamEvent } from '../../src/events/event.js';
import * as events from '../../src/events/make.js';

const stops = words([
  ['done', 'end_turn'],
  ['full', 'max_tokens'],
]);

export const toy: Codec = {
  name: 'toy',
  framing: 'ndjson',
  decoder() {
    const writer = new MessageWriter();
    return {
      next(frame) {
        writer.at(frame);
        const line = objectIn(frame);
        const [name = ''] = Object.keys(line);
        const value = line[name];
        if (!['say', 'stop', 'oops'].includes(name)) writer.emit(events.unknown(name, value));
        else if (typeof value !== 'string') throw malformedFrame(frame, `${name} must be text`);
        else if (name === 'say') writer.flow('text', value);
        else if (name === 'oops') writer.fail(events.error('api_error', value));
        else {
          writer.learn({ stop: stops.ours(value) });
          writer.conclude();
        }
        return writer.take();
      },
      end: () => [],
    };
  },
  encoder() {
    const reader = new MessageReader();
    const frames = (event: StreamEvent) => reader.next(event).flatMap(linesOf);
    return { next: (event) => frames(event).map((line) => ({ data: JSON.stringify(line) })), end: () => [] };
  },
};

function linesOf(reading: Reading): readonly object[] {
  switch (reading.type) {
    case 'text':
      return [{ say: reading.piece }];
    case 'end':
      return [{ stop: stops.theirs(reading.ending.stop) ?? reading.ending.stop ?? '' }];
    case 'failure':
      return [{ oops: reading.event.error.message }];
    case 'unknown':
      return [{ [reading.name]: reading.data }];
    default:
      return [];
  }
}
