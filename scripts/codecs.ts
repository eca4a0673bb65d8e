import type { Codec } from '../src/codecs/codec.js';
import { ENTRY_MODULES } from './entryModules.js';

/** Every codec that an entry exports, by its name, in the order of the entries. */
export const CODECS: ReadonlyMap<string, Codec> = new Map(
  ENTRY_MODULES.flatMap((entry): unknown[] => Object.values(entry))
    .filter(isCodec)
    .map((codec) => [codec.name, codec]),
);

function isCodec(value: unknown): value is Codec {
  return typeof value === 'object' && value !== null && 'framing' in value && 'decoder' in value;
}
