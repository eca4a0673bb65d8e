import { do_not_optimize } from 'mitata';
import { createJsonReader } from '../src/index.js';
import { cpuTime, quantile, type Effort } from './pair.js';
import type { InputName } from './scaling.js';
import { DELTA_LENGTH, longString, wideArray } from './workloads.js';

/** CPU time of the incremental parser as a multiple of one `JSON.parse` of the finished text. */
export interface ReaderRatio {
  /** In 16-character fragments, no snapshot read. */
  readonly unread: number;
  /** In 16-character fragments, the value after each read. */
  readonly read: number;
  /** The whole text in one fragment. */
  readonly whole: number;
}

const WARM_UP_ROUNDS = 5;

/** Parses 1 MiB in each of these ways in turn, and compares the lower quartiles. */
export async function readerRatio(input: InputName, { rounds, milliseconds }: Effort): Promise<ReaderRatio> {
  const text = input === 'string' ? longString() : wideArray();
  const fragments = fragmentsOf(text);
  const parse = (): number => {
    do_not_optimize(JSON.parse(text));
    return 1;
  };
  const ways = [
    parse,
    () => write(fragments, false),
    () => write(fragments, true),
    () => write([text], false),
  ];
  const times: number[][] = ways.map(() => []);
  for (let round = -WARM_UP_ROUNDS, spent = 0; round < rounds || spent < milliseconds; round++) {
    for (const [place, way] of ways.entries()) {
      const time = await cpuTime(way, 1);
      if (round < 0) continue;
      times[place]?.push(time);
      spent += time;
    }
  }
  const [parsed = NaN, unread = NaN, read = NaN, whole = NaN] = times.map((all) => quantile(all, 0.25));
  return { unread: unread / parsed, read: read / parsed, whole: whole / parsed };
}

/** Each fragment is a string of its own, as it is when it comes from a network. */
function fragmentsOf(text: string): readonly string[] {
  const fragments: string[] = [];
  for (let start = 0; start < text.length; start += DELTA_LENGTH) {
    fragments.push(Buffer.from(text.slice(start, start + DELTA_LENGTH)).toString());
  }
  return fragments;
}

function write(fragments: readonly string[], isRead: boolean): number {
  const reader = createJsonReader({ views: isRead });
  for (const fragment of fragments) {
    const snapshot = reader.write(fragment);
    do_not_optimize(isRead ? snapshot.value : snapshot);
  }
  do_not_optimize(reader.end());
  return fragments.length;
}
