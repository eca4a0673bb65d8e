import type { Timed } from './timing.js';

/**
 * How a body is cut into chunks:
 *
 * | chunking | a chunk is |
 * | --- | --- |
 * | `'whole'` | the whole body |
 * | `'event'` | one event |
 * | `'split'` | half an event, cut within a character where it has one of several bytes |
 * | `{ bytes: 7 }` | seven bytes |
 * | `{ at: [10, 64] }` | what lies between these offsets, in bytes: here three chunks |
 */
export type Chunking =
  'whole' | 'event' | 'split' | { readonly bytes: number } | { readonly at: readonly number[] };

type Bytes = readonly Timed<Uint8Array>[];

/** Cuts the first `length` bytes of a body into chunks, each a copy that comes when all of its bytes are there. */
export function cut(pieces: Bytes, chunking: Chunking, length: number): Bytes {
  const body = joined(pieces);
  const total = Math.min(length, body.length);
  const cuts = cutsOf(pieces, chunking, total).filter((offset) => offset > 0 && offset < total);
  const ends = [...new Set(cuts)].sort((a, b) => a - b);
  if (total > 0) ends.push(total);
  const times = timesOf(pieces);
  return ends.map((end, nth) => ({ at: times(end - 1), value: body.slice(ends[nth - 1] ?? 0, end) }));
}

function cutsOf(pieces: Bytes, chunking: Chunking, total: number): readonly number[] {
  if (chunking === 'whole') return [];
  if (typeof chunking === 'object') {
    return 'at' in chunking ? chunking.at : multiples(Math.max(1, Math.floor(chunking.bytes)), total);
  }
  let start = 0;
  return pieces.flatMap(({ value: bytes }) => {
    const inner = start + middleOf(bytes);
    start += bytes.length;
    return chunking === 'event' ? [start] : [inner, start];
  });
}

function multiples(size: number, total: number): number[] {
  return Array.from({ length: Math.floor(total / size) }, (_, nth) => (nth + 1) * size);
}

/** Where readers break that decode chunk by chunk: behind the first byte of a character, if one has several. */
function middleOf(bytes: Uint8Array): number {
  const lead = bytes.findIndex((byte) => byte >= 0xc0);
  return lead === -1 ? Math.ceil(bytes.length / 2) : lead + 1;
}

function joined(pieces: Bytes): Uint8Array<ArrayBuffer> {
  const body = new Uint8Array(pieces.reduce((sum, { value }) => sum + value.length, 0));
  let start = 0;
  for (const { value } of pieces) {
    body.set(value, start);
    start += value.length;
  }
  return body;
}

/** When the byte at an offset is there; to be asked with growing offsets. */
function timesOf(pieces: Bytes): (offset: number) => number {
  let nth = 0;
  let end = pieces[0]?.value.length ?? 0;
  return (offset) => {
    while (offset >= end && nth < pieces.length - 1) end += pieces[++nth]?.value.length ?? 0;
    return pieces[nth]?.at ?? 0;
  };
}
