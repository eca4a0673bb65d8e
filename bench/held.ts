import { do_not_optimize } from 'mitata';
import { anthropic } from '../src/anthropic.js';
import { accumulateToolInput, fromBytes, type ToolInput } from '../src/index.js';
import { held } from './memory.js';
import type { InputName } from './scaling.js';
import { longString, toolWorkload, wideArray } from './workloads.js';

/** What it takes to keep every snapshot of a tool input. */
export interface HeldSnapshots {
  readonly snapshots: number;
  /** In bytes, for all of them. */
  readonly bytes: number;
}

/** Keeps every snapshot of 1 MiB of tool input, none of them read, and weighs them. */
export function heldSnapshots(input: InputName): HeldSnapshots {
  const { chunks } = toolWorkload(input === 'string' ? longString() : wideArray());
  const before = held();
  const snapshots: ToolInput[] = [];
  fromBytes(chunks, { codec: anthropic })
    .pipe(accumulateToolInput())
    .subscribe((snapshot) => snapshots.push(snapshot));
  const bytes = held() - before;
  // The chunks were weighed before, so they must still be there.
  do_not_optimize(chunks);
  return { snapshots: snapshots.length, bytes };
}
