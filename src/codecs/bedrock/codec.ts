import type { StandardSchema } from '../../schema/standardSchema.js';
import { EventStreamUnpacker } from '../../wire/eventStream.js';
import type { Codec } from '../codec.js';
import { guarded } from '../kit/protocols.js';
import { ConverseDecoder } from './decoder.js';
import { ConverseEncoder } from './encoder.js';
import { converseBodySchema, type ConverseBody } from './wire.js';

type ConverseCodec = Codec<ConverseBody> & { readonly schema: StandardSchema<ConverseBody, unknown> };

/**
 * The streams of Amazon Bedrock's `ConverseStream`, of any model: AWS event streams, whose frames say in `:event-type` what
 * they hold.
 *
 * - An answer ends once both `messageStop` and the usage of `metadata` came, in either order; one that has stopped ends with
 *   the stream where its usage is missing. Without `messageStop` it is truncated.
 * - The wire tells neither the id of a message nor its model: {@link bedrockAnswer} knows them beforehand.
 * - A text or a thinking begins with its first delta, and the message with whatever comes first.
 * - `redactedContent` is a `redacted_thinking`, its data in base64. An image is a block of the type `image`, as the Messages
 *   API takes it. Both come where they end.
 * - A call with the type `server_tool_use` is one of the service's, and what it gave is a `tool_result`.
 * - `end_turn` is read as `tool_use` where tools were called; `guardrail_intervened` and `content_filtered` as `refusal`.
 * - A citation has the members of the service: {@link ConverseCitation}. `metrics`, `trace` and the like are members of
 *   `message_delta`: {@link ConverseFields}.
 * - An exception is an `error` whose type is its name, and nothing that follows ends the answer. The padding, `p`, is dropped.
 *
 * docs/protocols.md lists what is lost.
 *
 * @see https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ConverseStream.html
 */
export const bedrockConverse: ConverseCodec = bedrockAnswer();

/** What is known of an answer beforehand. */
export interface BedrockAnswerOptions {
  /** The model that was asked: `modelId` of the request. */
  readonly model?: string | undefined;
  /** The id of the answer: the header `x-amzn-requestid`. */
  readonly id?: string | undefined;
}

/**
 * The codec {@link bedrockConverse} for an answer of which more is known than the wire tells.
 *
 * ```ts
 * import { of } from 'rxjs';
 * import { decode } from 'rxjs-llm-stream';
 * import { bedrockAnswer } from 'rxjs-llm-stream/bedrock';
 *
 * of({ event: 'messageStart', data: '{"role":"assistant"}' })
 *   .pipe(decode(bedrockAnswer({ model: 'us.amazon.nova-pro-v1:0' })))
 *   .subscribe((event) => console.log(event.type === 'message_start' && event.message.model));
 * // us.amazon.nova-pro-v1:0
 * ```
 *
 * @param options - what stands in the `message_start` of each message that is decoded
 * @returns the codec
 */
export function bedrockAnswer(options: BedrockAnswerOptions = {}): ConverseCodec {
  const { id, model } = options;
  return {
    name: 'bedrock-converse',
    framing: 'eventstream',
    unpacker: (limits) => new EventStreamUnpacker(limits),
    schema: converseBodySchema,
    decoder: (pass) => guarded('bedrock-converse', new ConverseDecoder({ id, model }, pass)),
    encoder: () => new ConverseEncoder(),
  };
}
