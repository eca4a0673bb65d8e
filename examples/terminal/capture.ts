import { readFileSync } from 'node:fs';
import { defer, tap, throwError, VirtualTimeScheduler } from 'rxjs';
import type { Codec } from '../../src/codecs/codec.js';
import { detectCodec } from '../../src/detect.js';
import { fromBytes, StreamError } from '../../src/index.js';
import { looksOf } from '../../src/sources/firstBytes.js';
import type { Source } from './source.js';

const FRAMINGS = {
  sse: 'server-sent events',
  ndjson: 'JSON lines',
  eventstream: 'an AWS event stream',
} as const;

/** How much of a file shows what it is that is no stream, in bytes. */
const HEAD = 4096;

/**
 * A recording or a capture of any protocol, which its first frames show.
 *
 * @param path - of the file, which may be a pipe: it is read once, at once
 */
export function captureSource(path: string): Source {
  const moments = new VirtualTimeScheduler();
  const { codec, capture = Buffer.alloc(0), failure } = opened(path);
  return {
    prompt: path,
    origin: codec === undefined ? 'a file' : `a file: ${codec.name}, as ${framingOf(codec, capture)}`,
    code: 'fromBytes([capture], { codec: detectCodec(capture) })',
    events:
      codec === undefined
        ? throwError(() => failure)
        : defer(() => fromBytes([capture], { codec })).pipe(tap(() => moments.frame++)),
    // A file has no times: in its diagram each event takes a moment of its own.
    isTimed: false,
    scheduler: moments,
  };
}

interface Opened {
  readonly capture?: Uint8Array;
  readonly codec?: Codec | undefined;
  readonly failure?: StreamError;
}

function opened(path: string): Opened {
  try {
    const capture = readFileSync(path);
    const codec = detectCodec(capture);
    return codec === undefined ? { failure: ofNobody(path, capture) } : { capture, codec };
  } catch (cause) {
    return { failure: new StreamError('source', 'The file cannot be read', { cause }) };
  }
}

function framingOf({ framing, unpacker }: Codec, capture: Uint8Array): string {
  const isArray = unpacker !== undefined && framing === 'sse' && /^\s*\[/.test(headOf(capture));
  return isArray ? 'a JSON array' : FRAMINGS[framing];
}

function ofNobody(path: string, capture: Uint8Array): StreamError {
  const text = headOf(capture);
  const isBlank = text.trim() === '';
  const looks = /^(?:data|event|id|retry)?:/m.test(text) ? 'server-sent events of another' : looksOf(text);
  const reason = isBlank ? 'it is empty' : `it looks like ${looks}`;
  return new StreamError('not-a-stream', `${path} is no stream of a protocol that is read here: ${reason}`, {
    raw: isBlank ? undefined : text,
  });
}

function headOf(capture: Uint8Array): string {
  return new TextDecoder().decode(capture.subarray(0, HEAD));
}
