import type { ReadingHalf } from './codec.js';

/**
 * Takes the codec from the options of a call. There is no default, so that a page loads only the codecs that it names.
 *
 * @throws TypeError where it is missing
 */
export function requireCodec<C extends ReadingHalf>(options: { readonly codec?: C | undefined } = {}): C {
  if (options.codec !== undefined) return options.codec;
  throw new TypeError(
    "The option codec is missing, such as { codec: anthropic } of 'rxjs-llm-stream/anthropic'",
  );
}
