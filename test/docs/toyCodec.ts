import type { Codec } from '../../src/codecs/codec.js';
import { checked, isStranger, malformedFrame } from '../../src/codecs/kit/door.js';
import { errorIn } from '../../src/codecs/kit/errorIn.js';
import type { Json } from '../../src/codecs/kit/json.js';
import { MessageDecoder } from '../../src/codecs/kit/messageDecoder.js';
import { MessageEncoder } from '../../src/codecs/kit/messageEncoder.js';
import type { Reading } from '../../src/codecs/kit/messageReader.js';
import { chosen, lookup, object, or, text } from '../../src/codecs/kit/shape.js';
import { words } from '../../src/codecs/kit/words.js';
import type { Frame } from '../../src/wire/frame.js';

/** A line: its one member says what it is. */
export type ToyLine =
  | { readonly start: string }
  | { readonly say: string }
  | { readonly stop: string }
  | { readonly oops: string };

/** Where it is `null`, it is empty. */
const someText = or(text, () => '');
const lines = {
  start: object<ToyLine>({ start: someText }),
  say: object<ToyLine>({ say: someText }),
  stop: object<ToyLine>({ stop: someText }),
  oops: object<ToyLine>({ oops: text }),
};
const schemaOf = lookup(lines);
const nameOf = (line: object): string => Object.keys(line)[0] ?? '';

export const toyLineSchema = chosen<ToyLine>((line) => schemaOf(nameOf(line)) ?? lines.say);

const stops = words([
  ['done', 'end_turn'],
  ['full', 'max_tokens'],
]);

class ToyDecoder extends MessageDecoder {
  protected override read(value: Json, frame: Frame): void {
    const name = nameOf(value);
    if (name === '') throw malformedFrame(frame, 'The line has no name');
    const schema = schemaOf(name);
    if (name === 'oops') return this.fail(errorIn({ message: value['oops'] }));
    if (schema === undefined) return void this.readOther(value, name, value[name]);
    const [said = ''] = Object.values(checked(schema, value, name, frame));
    if (name === 'start') return this.writer.begin({ id: said });
    if (name === 'say') return this.writer.flow('text', said);
    this.writer.learn({ stop: stops.ours(said) });
    this.writer.conclude();
  }
}

class ToyEncoder extends MessageEncoder {
  protected override write(reading: Reading): void {
    switch (reading.type) {
      case 'begin':
        return this.put({ start: reading.message.id });
      case 'text':
        return this.put({ say: reading.piece });
      case 'end':
        return this.put({ stop: stops.theirs(reading.ending.stop) ?? reading.ending.stop ?? '' });
      case 'failure':
        return this.put({ oops: reading.event.error.message });
      case 'unknown': {
        const line = { [reading.name]: reading.data ?? null };
        // One that is named `say`, `stop` or `oops` would be read as that.
        if (isStranger(new ToyDecoder(), { data: JSON.stringify(line) })) this.put(line);
        return;
      }
      default:
    }
  }
}

export const toy: Codec<ToyLine> = {
  name: 'toy',
  framing: 'ndjson',
  schema: toyLineSchema,
  decoder: (pass) => new ToyDecoder(pass),
  encoder: () => new ToyEncoder(),
};
