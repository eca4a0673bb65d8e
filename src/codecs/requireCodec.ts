import type { Codec, ReadingHalf } from './codec.js';

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

/**
 * Requires a codec as an argument. Who knows the sources passes an object with a codec in it.
 *
 * @param call - the operator, which needs the half of that name
 * @throws TypeError that names the operator and what it was given
 */
export function requireHalf(call: 'decode' | 'encode', codec: unknown): void {
  const half = Object(codec) as Partial<Codec>;
  if (half[`${call}r`]) return;
  const given = half === codec ? `{ ${Object.keys(half).join(', ')} }` : JSON.stringify(codec);
  throw new TypeError(
    `${call}() takes a codec, such as anthropic of 'rxjs-llm-stream/anthropic', not ${given}`,
  );
}
