import type { StandardSchema } from '../../schema/standardSchema.js';
import type { Codec } from '../codec.js';
import { guarded } from '../kit/protocols.js';
import { InteractionsDecoder } from './decoder.js';
import { InteractionsEncoder } from './encoder.js';
import { interactionEventSchema, type InteractionEvent } from './wire.js';

/**
 * The streams of Gemini's Interactions API.
 *
 * - Each step is a block: a `thought` is thinking, a `function_call` a call; a `model_output` is a text, or several, and
 *   media. Steps of tools that the API runs are blocks of their type, with the members of the step.
 * - Annotations are citations, as they came.
 * - `completed` is `end_turn`, or `tool_use` where calls wait for their results, as `requires_action` is; `failed` is an
 *   error. Any other status is the stop reason as it came.
 * - A call that no `step.stop` ended is given up where the interaction ends.
 * - `usage` counts each token once: without the cache in `input_tokens`, with the thinking in `output_tokens`.
 *   `usage_details` has the API's own numbers, where they say more.
 *
 * docs/protocols.md lists what is lost.
 *
 * @see https://ai.google.dev/gemini-api/docs/interactions
 */
export const geminiInteractions: Codec<InteractionEvent> & {
  readonly schema: StandardSchema<InteractionEvent, unknown>;
} = {
  name: 'gemini-interactions',
  framing: 'sse',
  schema: interactionEventSchema,
  decoder: (pass) => guarded('gemini-interactions', new InteractionsDecoder(pass)),
  encoder: () => new InteractionsEncoder(),
};
