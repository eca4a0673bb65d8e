/** What a run takes of the processor, in ms: whatever else the machine does adds little to it. */
export function cpuTime(run: () => void): number {
  const before = process.cpuUsage();
  run();
  return since(before);
}

/** The least of up to three runs, as soon as one takes no longer than `enough` ms: a machine that is shared is slow for seconds. */
export function leastCpuTime(run: () => void, enough: number): number {
  let least = cpuTime(run);
  for (let more = 2; more > 0 && least > enough; more--) least = Math.min(least, cpuTime(run));
  return least;
}

/** As `cpuTime`, of a run that is over when its promise is. */
export async function cpuTimeOf(run: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await run();
  return since(before);
}

function since(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
