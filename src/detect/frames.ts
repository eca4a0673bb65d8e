import { isObject, parsed, type Json } from '../codecs/kit/json.js';
import { ElementText } from '../wire/elementText.js';
import { EventStreamUnpacker } from '../wire/eventStream.js';
import type { Frame, Framing, Unpacker } from '../wire/frame.js';
import { NdjsonFramer } from '../wire/ndjson.js';
import { SseFramer } from '../wire/sse.js';
import type { Framer } from '../wire/stage.js';
import { ChunkDecoder } from '../wire/text.js';

/** How a text is cut into frames: as a codec's, as one JSON array, or not at all. */
export type Given = Framing | 'array' | 'document';

/** A frame that holds a JSON object. */
export interface WireValue {
  readonly frame: Frame;
  /** Its JSON, with the name of the frame as its `type` where it has none. */
  readonly value: Json;
}

/** So much of a stream is looked at, in bytes or UTF-16 units: a capture may be longer than anybody wants to wait for. */
const MOST = 8 * 1024 * 1024;

/**
 * Cuts the beginning of a stream into frames, however it is framed.
 *
 * @param given - bytes or text
 * @returns the frames that hold a JSON object, those of any other data left out
 */
export function framesIn(given: Uint8Array | string): {
  readonly framing: Given;
  readonly frames: readonly WireValue[];
} {
  const begun = given.length > MOST ? given.slice(0, MOST) : given;
  if (typeof begun !== 'string' && begun[0] === 0) {
    const text = new EventStreamUnpacker({});
    return { framing: 'eventstream', frames: valuesOf(new SseFramer(), text.next(begun)) };
  }
  const text = textOf(new ChunkDecoder(), begun);
  const document = /^\s*\{/.test(text) ? valueIn({ data: text.trim() }) : undefined;
  if (document !== undefined && text.trimEnd().includes('\n'))
    return { framing: 'document', frames: [document] };
  if (/^\s*\[/.test(text))
    return { framing: 'array', frames: valuesOf(new SseFramer(), textOf(new ElementText({}), text)) };
  // The first line that is of the one or the other kind decides; others may stand before it.
  const [, field] = /^(?:(data|event|id|retry|):|[^\S\n]*\{)/m.exec(text.replace(/\r\n?/g, '\n')) ?? [];
  return field === undefined
    ? { framing: 'ndjson', frames: valuesOf(new NdjsonFramer(), text) }
    : { framing: 'sse', frames: valuesOf(new SseFramer(), text) };
}

function textOf(unpacker: Unpacker, begun: Uint8Array | string): string {
  return unpacker.next(begun) + unpacker.end();
}

function valuesOf(framer: Framer, text: string): readonly WireValue[] {
  const frames = [...framer.next(text), ...framer.end()];
  return frames.map(valueIn).filter((found) => found !== undefined);
}

function valueIn(frame: Frame): WireValue | undefined {
  let value: unknown;
  try {
    value = parsed(frame.data);
  } catch {
    return undefined;
  }
  if (!isObject(value)) return undefined;
  return { frame, value: frame.event === undefined ? value : { type: frame.event, ...value } };
}
