import { CODECS } from '../../scripts/codecs.js';
import type { Codec } from '../../src/index.js';
import { modelrelayDialect } from '../../src/modelrelay.js';

/** The protocols that either side may speak, by name: every codec of the library, and a dialect. */
export const PROTOCOLS: ReadonlyMap<string, Codec> = new Map(
  [...CODECS.values(), modelrelayDialect('event')].map((codec) => [codec.name, codec]),
);
