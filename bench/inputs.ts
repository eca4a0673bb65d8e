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

/** One text with so many citations; an event a chunk. */
export function citations(count: number): Uint8Array[] {
  const events = Array.from({ length: count }, (_, place) => ({
    type: 'content_block_delta',
    index: 0,
    delta: {
      type: 'citations_delta',
      citation: {
        type: 'char_location',
        cited_text: `passage ${place}`,
        document_index: 0,
        document_title: 'A document',
        file_id: null,
        start_char_index: place,
        end_char_index: place + 7,
      },
    },
  }));
  return [messageStart(), textStart(), ...events, blockStop(), ...ending('end_turn')].map(bytesOf);
}

/** One text with so many deltas of a type that no version knows; an event a chunk. */
export function unknownDeltas(count: number): Uint8Array[] {
  const events = Array.from({ length: count }, (_, place) => ({
    type: 'content_block_delta',
    index: 0,
    delta: { type: 'mood_delta', mood: place },
  }));
  return [messageStart(), textStart(), ...events, blockStop(), ...ending('end_turn')].map(bytesOf);
}

/** So many tool calls, one after another; an event a chunk. */
export function calls(count: number): Uint8Array[] {
  const events = Array.from({ length: count }, (_, index) => [
    {
      type: 'content_block_start',
      index,
      content_block: { type: 'tool_use', id: `toolu_${index}`, name: 'look', input: {} },
    },
    {
      type: 'content_block_delta',
      index,
      delta: { type: 'input_json_delta', partial_json: `{"place":${index}}` },
    },
    blockStop(index),
  ]);
  return [messageStart(), ...events.flat(), ...ending('tool_use')].map(bytesOf);
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
