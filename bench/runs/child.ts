import { once } from 'node:events';
import { createClient } from 'redis5';
import { quantile } from '../pair.js';
import { MEASURED, RATE, WARM_UP, type Job, type ViewerResult, type WriterResult } from './load.js';
import { HEAD, now, stamped, TAIL } from './stamp.js';
import { CARRIERS, type Carrier, type Written } from './subjects.js';

const job = JSON.parse(process.argv[2] ?? '') as Job;
const connect = () => createClient({ url: `redis://127.0.0.1:${job.port}` }).connect();
const connections = { client: await connect(), subscriber: await connect() };
const carrier = await CARRIERS[job.carrier](connections, job.peers);
const names = Array.from({ length: job.runs }, (_, nth) => `run-${nth}`);
await (job.role === 'writer' ? write(carrier) : view(carrier));
process.exit();

async function write(carrier: Carrier): Promise<void> {
  const runs = await Promise.all(names.map((name) => carrier.write(name)));
  for (const run of runs) for (const event of HEAD) run.next(event);
  await asked('begun');
  const { cpu, ...result } = await play(runs);
  await asked({ ...result, cpu });
  for (const run of runs) {
    for (const event of TAIL) run.next(event);
    run.complete();
  }
  await asked('ended');
}

/** Writes the events of all runs when they are due, those of each run evenly, and those of all evenly among them. */
async function play(runs: readonly Written[]): Promise<WriterResult> {
  const usage = process.cpuUsage();
  const began = now();
  const step = 1e6 / RATE / runs.length;
  const total = RATE * runs.length * (WARM_UP + MEASURED);
  const from = began + WARM_UP * 1e6;
  const late: number[] = [];
  for (let nth = 0; nth < total;) {
    for (const at = now(); nth < total && began + nth * step <= at; nth++) {
      runs[nth % runs.length]?.next(stamped());
      if (began + nth * step >= from) late.push(now() - began - nth * step);
    }
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  return { events: total, late: quantile(late, 0.99), from, until: now(), cpu: spent(usage) };
}

async function view(carrier: Carrier): Promise<void> {
  const made: number[] = [];
  const took: number[] = [];
  await Promise.all(
    names.map((name) =>
      carrier.view(name, (stamps) => {
        const at = now();
        for (const stamp of stamps) {
          made.push(stamp);
          took.push(at - stamp);
        }
      }),
    ),
  );
  const usage = process.cpuUsage();
  const { events, from, until } = (await asked('there')) as WriterResult;
  // What is still on its way comes within some seconds, or the load was too much.
  for (let tries = 0; made.length < events && tries < 200; tries++)
    await new Promise((resolve) => setTimeout(resolve, 20));
  const cpu = spent(usage);
  const measured = took.filter((_, nth) => (made[nth] ?? 0) >= from && (made[nth] ?? 0) <= until);
  const [p50, p99] = [quantile(measured, 0.5), quantile(measured, 0.99)];
  await asked({ seen: made.length, p50, p99, cpu } satisfies ViewerResult);
}

/** Says something to the process that started this one, and waits for what it says. */
async function asked(what: unknown): Promise<unknown> {
  const answer = once(process, 'message');
  process.send?.(what);
  return ((await answer) as readonly unknown[])[0];
}

/** The CPU time of this process, in µs. */
function spent(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return user + system;
}
