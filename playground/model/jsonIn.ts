import { createJsonReader } from '../../src/json/jsonReader.js';
import type { Turns } from './slices.js';

/** So many bytes are read as JSON at once. */
const AT_ONCE = 64 * 1024;

/** Shorter texts are parsed in one go: that takes less time than a turn. */
const SHORT = 1024 * 1024;

/**
 * The JSON value in bytes, read in slices by the library's own reader.
 *
 * @throws SyntaxError for what is no JSON
 */
export async function jsonIn(chunks: readonly Uint8Array[], turns: Turns): Promise<unknown> {
  const decoder = new TextDecoder();
  if (chunks.reduce((length, chunk) => length + chunk.length, 0) <= SHORT) {
    return JSON.parse(chunks.map((chunk) => decoder.decode(chunk, { stream: true })).join('')) as unknown;
  }
  const reader = createJsonReader({ maxLength: Infinity });
  try {
    for (const chunk of chunks) {
      for (let at = 0; at < chunk.length; at += AT_ONCE) {
        reader.write(decoder.decode(chunk.subarray(at, at + AT_ONCE), { stream: true }));
        if (turns.isDue) await turns.next();
      }
    }
    return reader.end();
  } catch (error) {
    if (error instanceof Error && error.name === 'Superseded') throw error;
    throw new SyntaxError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}
