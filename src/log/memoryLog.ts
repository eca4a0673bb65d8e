import { asyncScheduler, defer, throwError, type SchedulerLike } from 'rxjs';
import { gone, type RunLimits } from './bounds.js';
import { MemoryRun } from './memoryRun.js';
import type { RunLog } from './runLog.js';

/** Options of {@link memoryLog}. */
export interface MemoryLogOptions {
  /** How long the writer of a run may be silent before it counts as dead, in ms. Default 30,000. */
  readonly leaseMs?: number | undefined;
  /** What is kept. What is older, or more, is forgotten, the oldest first. */
  readonly keep?: {
    /** How long an entry is kept, in ms, and a run behind its last sign of life. Default one hour. */
    readonly ms?: number | undefined;
    /** How many entries of a run are kept. Default: all that `limits` allow. */
    readonly entries?: number | undefined;
  };
  /** How long one run may be: with more, its writer fails. */
  readonly limits?: RunLimits | undefined;
}

/**
 * A log of runs in the memory of this process: for one machine, for development and for tests. All that it holds is lost
 * with the process.
 *
 * ```ts
 * import { fromLog, memoryLog, startRun } from 'rxjs-llm-stream/log';
 *
 * const log = memoryLog();
 * const run = crypto.randomUUID();
 * startRun(log, run, answer).subscribe((event) => console.log(event.type));
 * fromLog(log, run).subscribe((event) => console.log('another viewer', event.type));
 * ```
 *
 * @param options - the lease of a writer and how long things are kept, in ms; how much is kept
 * @param scheduler - whose time it is
 * @returns an empty log
 */
export function memoryLog(
  { leaseMs = 30_000, keep = {}, limits = {} }: MemoryLogOptions = {},
  scheduler: SchedulerLike = asyncScheduler,
): RunLog {
  const { ms = 3_600_000, entries = Infinity } = keep;
  /** The one that was used last comes last. */
  const runs = new Map<string, { readonly run: MemoryRun; usedAt: number }>();

  /** Forgets what is too old. No timer is needed for what nobody asks about. */
  const sweep = (): void => {
    const before = scheduler.now() - ms;
    for (const [id, { run, usedAt }] of runs) {
      if (usedAt > before) break;
      // A writer may wait for long, such as for an approval.
      if (run.signedAt <= before) runs.delete(id);
    }
  };
  /** Holds a writer to what is there: a run that was forgotten may have been begun anew. */
  const check = (id: string, run: MemoryRun): void => {
    if (runs.get(id)?.run !== run) throw gone(id);
  };
  const used = (id: string, run: MemoryRun): void => {
    runs.delete(id);
    runs.set(id, { run, usedAt: scheduler.now() });
    run.trim(entries, scheduler.now() - ms);
  };
  const runOf = (id: string): MemoryRun => {
    sweep();
    const run = runs.get(id)?.run ?? new MemoryRun(limits, scheduler);
    used(id, run);
    return run;
  };

  return {
    open: (id, options = {}) =>
      promised(() => {
        const run = runOf(id);
        const epoch = run.open(options.leaseMs ?? leaseMs);
        return {
          epoch,
          append: (events) =>
            promised(() => {
              if (events.length === 0) throw new RangeError('An entry has at least one event');
              check(id, run);
              const last = run.append(epoch, events);
              used(id, run);
              return last;
            }),
          seal: (outcome, last) =>
            promised(() => {
              check(id, run);
              run.seal(epoch, outcome, last);
              used(id, run);
            }),
          asks: run.asks(epoch),
        };
      }),
    read: (id, after) =>
      defer(() => {
        sweep();
        const run = runs.get(id)?.run;
        if (run === undefined || run.isShell) return throwError(() => gone(id));
        run.trim(entries, scheduler.now() - ms);
        return run.read(after);
      }),
    ask: (id, ask) => promised(() => runOf(id).ask(ask)),
  };
}

/** What a step gives; what it throws is a rejection. */
function promised<T>(step: () => T): Promise<T> {
  return new Promise((resolve) => resolve(step()));
}
