import {
  blockStop,
  bytesOf,
  ending,
  messageStart,
  PING,
  textDelta,
  textStart,
  type WireEvent,
} from './workloads.js';

const encoder = new TextEncoder();

/** So many blocks, one after another, a delta in each; an event a chunk. */
export function blocks(count: number): Uint8Array[] {
  const indexes = Array.from({ length: count }, (_, index) => index);
  const events = indexes.flatMap((index) => [textStart(index), textDelta(index, index), blockStop(index)]);
  return [messageStart(), ...events, ...ending('end_turn')].map(bytesOf);
}

/** So many blocks that are all open at once; an event a chunk. */
export function openBlocks(count: number): Uint8Array[] {
  const indexes = Array.from({ length: count }, (_, index) => index);
  const events = [
    ...indexes.map((index) => textStart(index)),
    ...indexes.map((index) => textDelta(index, index)),
    ...indexes.map((index) => blockStop(index)),
  ];
  return [messageStart(), ...events, ...ending('end_turn')].map(bytesOf);
}

/** A message of nothing but pings, all in one chunk. */
export function pings(count: number): Uint8Array[] {
  const events = [messageStart(), ...Array<WireEvent>(count).fill(PING), ...ending('end_turn')];
  return [Buffer.concat(events.map(bytesOf))];
}

/** One event with so many characters of text, in one chunk. */
export function longEvent(length: number): Uint8Array[] {
  const delta = { type: 'text_delta', text: 'characters'.repeat(length / 10) };
  return [bytesOf({ type: 'content_block_delta', index: 0, delta })];
}

/** One event whose JSON stands on so many lines of data, in one chunk. */
export function dataLines(count: number): Uint8Array[] {
  return [encoder.encode(`data: {"type":"ping"\n${'data:\n'.repeat(count)}data: }\n\n`)];
}

/** Comments, which servers send to keep a connection alive, in one chunk. */
export function comments(count: number): Uint8Array[] {
  return [encoder.encode(': keep-alive\n\n'.repeat(count))];
}
