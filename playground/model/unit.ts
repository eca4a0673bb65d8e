import type { Codec } from '../../src/codecs/codec.js';
import type { Frame } from '../../src/wire/frame.js';
import type { Found } from '../../src/wire/stage.js';

/** A part that is one whole frame, where nothing before it is open: it is the same frame each time it is read. */
export interface Unit {
  readonly text: string;
  readonly frame: Frame;
}

const known: Readonly<Record<string, WeakMap<Uint8Array, Unit>>> = {
  sse: new WeakMap(),
  ndjson: new WeakMap(),
};

/** What these very bytes are, if they were read before by the same rules. */
export function knownUnit({ framing, unpacker }: Codec, bytes: Uint8Array): Unit | undefined {
  return unpacker ? undefined : known[framing]?.get(bytes);
}

/** Keeps what a part is, so that it needs not be read again when something else changes. */
export function unitOf(
  { framing, unpacker }: Codec,
  bytes: Uint8Array | string,
  text: string,
  found: readonly Found[],
): Unit | undefined {
  const [frame] = found;
  if (unpacker || typeof bytes === 'string' || !frame || frame.isStray || found.length > 1) return undefined;
  const unit = { text, frame };
  known[framing]?.set(bytes, unit);
  return unit;
}

/** Whether a piece ends with a whole character, of which the next piece needs to know nothing. */
export function endsWhole(piece: Uint8Array | string): boolean {
  return typeof piece !== 'string' && (piece[piece.length - 1] ?? NaN) < 0x80;
}
