import { do_not_optimize } from 'mitata';
import { Subject } from 'rxjs';
import { anthropic } from '../src/anthropic.js';
import { fromBytes } from '../src/index.js';
import { loadFloor } from './floor.js';
import { snapshots } from './ours.js';
import { bytesOf, messageStart, textDelta, textStart } from './workloads.js';

/** What streams that grow at the same time are read with. */
export const STREAM_READERS = ['floor', 'events', 'snapshots'] as const;

/** One of {@link STREAM_READERS}. */
export type StreamReader = (typeof STREAM_READERS)[number];

/** So many streams are read at the same time. */
export const STREAMS = [1, 10, 100, 300, 1_000, 3_000] as const;

const INTERLEAVED_EVENTS = 300_000;

/** The CPU time of an event, in µs, where so many streams take turns, each chunk a text delta. */
export async function interleavedTime(reader: StreamReader, count: number): Promise<number> {
  const startFloor = await loadFloor();
  let values = 0;
  const streams = Array.from({ length: count }, () => {
    if (reader === 'floor') return startFloor();
    const chunks = new Subject<Uint8Array>();
    const events = fromBytes(chunks, { codec: anthropic });
    const seen = (value: unknown): void => {
      do_not_optimize(value);
      values++;
    };
    if (reader === 'events') events.subscribe(seen);
    else snapshots(events).subscribe(seen);
    return chunks;
  });
  const pushToAll = (chunk: Uint8Array): void => {
    for (const stream of streams) stream.next(chunk);
  };
  pushToAll(bytesOf(messageStart()));
  pushToAll(bytesOf(textStart()));
  const deltas = Array.from({ length: 100 }, (_, place) => bytesOf(textDelta(place)));
  const rounds = Math.ceil(INTERLEAVED_EVENTS / count);
  const before = process.cpuUsage();
  for (let round = 0; round < rounds; round++) pushToAll(deltas[round % deltas.length] as Uint8Array);
  const { user, system } = process.cpuUsage(before);
  if (reader !== 'floor' && values < rounds * count) throw new Error(`Only ${values} values came out`);
  return (user + system) / (rounds * count);
}
