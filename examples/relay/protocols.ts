import { anthropic } from '../../src/anthropic.js';
import type { Codec } from '../../src/index.js';
import { llmWorker } from '../../src/llm-worker.js';
import { modelrelay, modelrelayDialect } from '../../src/modelrelay.js';
import { synaps } from '../../src/synaps.js';

const CODECS = [anthropic, modelrelay, modelrelayDialect('event'), llmWorker, synaps];

/** The protocols that either side may speak, by name. */
export const PROTOCOLS: ReadonlyMap<string, Codec> = new Map(CODECS.map((codec) => [codec.name, codec]));
