import type { Codec } from './codec.js';

/**
 * Takes the codec out of the options of a call. Nothing has a protocol by default: a page loads the codecs that it
 * names, and no other.
 *
 * @param options - what the caller gave, possibly nothing
 * @param example - the call as it should be, for the message
 * @throws TypeError where the codec is missing
 */
export function requireCodec(options: { readonly codec?: Codec | undefined } = {}, example: string): Codec {
  if (options.codec !== undefined) return options.codec;
  throw new TypeError(
    `The option codec, the protocol of the stream, is missing. For example: ${example}  // import { anthropic } from 'rxjs-llm-stream/anthropic'`,
  );
}
