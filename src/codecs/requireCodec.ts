import type { Codec } from './codec.js';

/**
 * Takes the codec from the options of a call. There is no default, so that a page loads only the codecs that it names.
 *
 * @param example - a correct call, for the TypeError that says that the codec is missing
 */
export function requireCodec(options: { readonly codec?: Codec | undefined } = {}, example: string): Codec {
  if (options.codec !== undefined) return options.codec;
  throw new TypeError(
    `The option codec, the protocol of the stream, is missing. For example: ${example}  // import { anthropic } from 'rxjs-llm-stream/anthropic'`,
  );
}
