import { do_not_optimize } from 'mitata';
import { Subject } from 'rxjs';
import { anthropic } from '../src/anthropic.js';
import { accumulateMessage, dropPings, fromBytes, type Message } from '../src/index.js';
import { loadFloor } from './floor.js';
import { snapshots } from './ours.js';
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

/** What one process came to, in bytes. */
export interface Footprint {
  /** The most memory the process ever held, over what it held before the stream. */
  readonly peak: number;
  /** What is held after a garbage collection as a message begins: after a tenth of the events, and after all. */
  readonly early: number;
  readonly late: number;
}

/** What one of many streams holds, in bytes. */
export interface Interleaved {
  readonly heap: number;
  /** With what lies outside the heap, the text decoder's own state for one. */
  readonly resident: number;
}

/** Reads a stream chunk by chunk; what it must hold, it keeps alive. */
type Reading = (chunk: Uint8Array) => void;

const INTERLEAVED_STREAMS = 1_000;
const INTERLEAVED_DELTAS = 100;
const MESSAGE_EVENTS = 20_000;

/** What one stream of many events is read with. */
export const READINGS: Readonly<Record<string, () => Promise<Reading>>> = {
  async floor() {
    const floor = (await loadFloor())();
    return (chunk) => floor.next(chunk);
  },
  events() {
    const chunks = new Subject<Uint8Array>();
    fromBytes(chunks, { codec: anthropic }).subscribe(do_not_optimize);
    return Promise.resolve((chunk) => chunks.next(chunk));
  },
  snapshots() {
    const chunks = new Subject<Uint8Array>();
    fromBytes(chunks, { codec: anthropic }).pipe(dropPings(), accumulateMessage()).subscribe(do_not_optimize);
    return Promise.resolve((chunk) => chunks.next(chunk));
  },
};

/** Reads one endless stream of messages of 20,000 events, whose chunks are made as they are read. */
export async function footprintOf(reading: string, events: number): Promise<Footprint> {
  const read = await READINGS[reading]?.();
  if (read === undefined) throw new Error(`There is no reading ${reading}`);
  const before = process.memoryUsage().rss;
  let early = 0;
  for (let count = 0; count < events; count++) {
    eventsAt(count).map(bytesOf).forEach(read);
    if (count === events / 10) early = held();
  }
  eventsAt(events).map(bytesOf).forEach(read);
  return { peak: process.resourceUsage().maxRSS * 1024 - before, early, late: held() };
}

function eventsAt(count: number): readonly WireEvent[] {
  switch (count % MESSAGE_EVENTS) {
    case 0:
      return [messageStart(), textStart()];
    case MESSAGE_EVENTS - 1:
      return [blockStop(), ...ending('end_turn')];
    default:
      return [count % 20 === 0 ? PING : textDelta(count)];
  }
}

/** What each of 1,000 streams holds that grow at the same time, each with a message of 100 deltas. */
export function interleavedFootprint(): Interleaved {
  const before = { heap: held(), rss: process.memoryUsage().rss };
  const latest = new Map<number, Message>();
  const streams = Array.from({ length: INTERLEAVED_STREAMS }, (_, place) => {
    const chunks = new Subject<Uint8Array>();
    snapshots(fromBytes(chunks, { codec: anthropic })).subscribe((message) => latest.set(place, message));
    return chunks;
  });
  const pushToAll = (event: WireEvent): void => {
    for (const stream of streams) stream.next(bytesOf(event));
  };
  pushToAll(messageStart());
  pushToAll(textStart());
  for (let count = 0; count < INTERLEAVED_DELTAS; count++) pushToAll(textDelta(count));
  const heap = (held() - before.heap) / INTERLEAVED_STREAMS;
  const resident = (process.memoryUsage().rss - before.rss) / INTERLEAVED_STREAMS;
  if (latest.size !== INTERLEAVED_STREAMS) throw new Error('Not every stream gave a message');
  return { heap, resident };
}

/** The bytes that are held, in the heap and by it, after a garbage collection. */
export function held(): number {
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
