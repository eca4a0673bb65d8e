import { CODECS } from '../../scripts/codecs.js';
import { bedrockInvoke } from '../../src/bedrock.js';
import type { Codec } from '../../src/index.js';
import { modelrelayDialect } from '../../src/modelrelay.js';

/** The protocols that either side may speak, by name: every codec of the library, and two that are made. */
export const PROTOCOLS: ReadonlyMap<string, Codec> = new Map(
  [...CODECS.values(), modelrelayDialect('event'), bedrockInvoke()].map((codec) => [codec.name, codec]),
);
