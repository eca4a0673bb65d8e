import { do_not_optimize } from 'mitata';
import { anthropic } from '../src/anthropic.js';
import { accumulateToolInput, dropPings, fromBytes, untilTerminal } from '../src/index.js';
import type { Pipeline } from './pipeline.js';
import { readMembers } from './view.js';
import type { Workload } from './workloads.js';

/** The names of the pipelines that targets are set for. */
export const EACH_READ = 'bytes → tool input with `views`, each snapshot read';
export const SOME_READ = 'bytes → tool input, one in a hundred read';

/** A snapshot of the input for each delta; how many are read decides what lazy ones cost. */
export const TOOL_INPUT: readonly Pipeline[] = [
  { name: EACH_READ, run: (workload) => accumulate(workload, 1), outputs: mostDeltas, isToolOnly: true },
  { name: SOME_READ, run: (workload) => accumulate(workload, 100), outputs: mostDeltas, isToolOnly: true },
];

/** A delta may add nothing that is certain: the digits of a number, the first half of an escape. */
function mostDeltas({ deltas }: Workload): number {
  return Math.floor(deltas / 2);
}

function accumulate({ chunks }: Workload, readEvery: number): number {
  let count = 0;
  fromBytes(chunks, { codec: anthropic })
    .pipe(dropPings(), untilTerminal(), accumulateToolInput({ views: readEvery === 1 }))
    .subscribe((snapshot) => {
      do_not_optimize(snapshot);
      if (count++ % readEvery === 0) readMembers(snapshot.input);
    });
  return count;
}
