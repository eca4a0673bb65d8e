import { loadFloor } from './floor.js';
import { cpuTime } from './pair.js';
import type { Pipeline } from './pipeline.js';
import type { Workload } from './workloads.js';

/** The name of the floor, as a pipeline of a whole process. */
export const WHOLE_FLOOR = 'F1';

/**
 * The CPU time that all threads of this process spend on a workload, so many times over, in ms: with what the compiler takes
 * to know the code, as a user pays it.
 *
 * @param pipeline - what reads; none for the floor
 */
export async function wholeTime(
  pipeline: Pipeline | undefined,
  workload: Workload,
  rounds: number,
): Promise<number> {
  const startFloor = await loadFloor();
  const readFloor = (): number => {
    const floor = startFloor();
    for (const chunk of workload.chunks) floor.next(chunk);
    return floor.count;
  };
  const least = pipeline?.outputs(workload) ?? workload.events;
  let time = 0;
  for (let round = 0; round < rounds; round++)
    time += await cpuTime(() => (pipeline ? pipeline.run(workload) : readFloor()), least);
  return time;
}
