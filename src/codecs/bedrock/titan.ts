import type { ErrorEvent } from '../../events/event.js';
import type { StandardSchema } from '../../schema/standardSchema.js';
import type { Frame } from '../../wire/frame.js';
import type { Codec } from '../codec.js';
import { checked, isStranger, malformedFrame } from '../kit/door.js';
import type { Facts } from '../kit/facts.js';
import { isObject, type Json } from '../kit/json.js';
import { MessageDecoder } from '../kit/messageDecoder.js';
import { MessageEncoder } from '../kit/messageEncoder.js';
import type { Reading } from '../kit/messageReader.js';
import { words } from '../kit/words.js';
import type { Passing } from '../skip.js';
import type { BedrockAnswerOptions } from './codec.js';
import { titanChunkSchema, type TitanChunk } from './wire.js';

const reasons = words([
  ['FINISHED', 'end_turn'],
  // What the models say; the documentation has the other.
  ['FINISH', 'end_turn'],
  ['LENGTH', 'max_tokens'],
  ['STOP_CRITERIA_MET', 'stop_sequence'],
  ['CONTENT_FILTERED', 'refusal'],
]);

/**
 * What Amazon's Titan models stream, a JSON value a chunk: the protocol to give to {@link bedrockInvoke}.
 *
 * ```ts
 * import { of } from 'rxjs';
 * import { decode, textDeltas } from 'rxjs-llm-stream';
 * import { bedrockInvoke, titanAnswer } from 'rxjs-llm-stream/bedrock';
 *
 * const bytes = btoa('{"outputText":"Hi"}');
 * of({ event: 'chunk', data: JSON.stringify({ bytes }) })
 *   .pipe(decode(bedrockInvoke(titanAnswer({ model: 'amazon.titan-text-express-v1' }))), textDeltas())
 *   .subscribe(console.log);
 * // Hi
 * ```
 *
 * `completionReason` ends an answer; without one it is truncated. Titan says nothing but text, so an encoder leaves out
 * thinking and calls. An answer that ends without a reason is written as `FINISHED`.
 *
 * @param options - the id and the model, which the wire does not tell: they stand in the `message_start`
 * @returns the codec of what is in the chunks
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-titan-text.html
 */
export function titanAnswer(
  options: BedrockAnswerOptions = {},
): Codec<TitanChunk> & { readonly schema: StandardSchema<TitanChunk, unknown> } {
  const { id, model } = options;
  return {
    name: 'titan',
    framing: 'ndjson',
    schema: titanChunkSchema,
    decoder: (pass) => new TitanDecoder({ id, model }, pass),
    encoder: () => new TitanEncoder(),
  };
}

class TitanDecoder extends MessageDecoder {
  readonly #facts: Facts;

  constructor(facts: Facts = {}, pass?: Passing) {
    super(pass);
    this.#facts = facts;
  }

  protected override read(value: Json, frame: Frame): void {
    if (!('outputText' in value) && !('completionReason' in value)) {
      const { event } = value;
      if (this.readOther(value, typeof event === 'string' && event !== '' ? event : undefined)) return;
      throw malformedFrame(frame, 'The chunk has neither outputText nor completionReason');
    }
    const chunk = checked(titanChunkSchema, value, 'The chunk', frame);
    const { outputText, completionReason, inputTextTokenCount, totalOutputTextTokenCount } = chunk;
    if (completionReason && this.writer.ended === 'badly') return this.pass('stray');
    this.writer.begin(this.#facts);
    if (outputText) this.writer.flow('text', outputText);
    this.writer.learn({
      usage: { input_tokens: inputTextTokenCount, output_tokens: totalOutputTextTokenCount },
    });
    if (!completionReason) return;
    this.writer.learn({ stop: reasons.ours(completionReason) });
    this.writer.conclude();
  }

  protected override fail(error: ErrorEvent): void {
    this.writer.fail(error);
  }
}

class TitanEncoder extends MessageEncoder {
  protected override write(reading: Reading): void {
    switch (reading.type) {
      case 'begin':
        return this.put({ outputText: '', index: 0, completionReason: null });
      case 'text':
        return this.put({ outputText: reading.piece, index: 0, completionReason: null });
      case 'end': {
        const { stop, usage } = reading.ending;
        return this.put({
          outputText: '',
          index: 0,
          completionReason: reasons.theirs(stop) ?? (stop || 'FINISHED'),
          inputTextTokenCount: usage.input_tokens,
          totalOutputTextTokenCount: usage.output_tokens,
        });
      }
      case 'failure': {
        const { error, request_id } = reading.event;
        return this.put({ error, request_id });
      }
      case 'unknown': {
        const { name, data } = reading;
        const chunk = { ...(isObject(data) ? data : { data }), event: name };
        if (isStranger(new TitanDecoder(), { data: JSON.stringify(chunk) })) this.put(chunk);
        return;
      }
      default:
    }
  }
}
