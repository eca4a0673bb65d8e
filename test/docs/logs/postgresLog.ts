import type { Pool } from 'pg';
import {
  defer,
  exhaustMap,
  filter,
  ignoreElements,
  merge,
  Observable,
  retry,
  share,
  takeWhile,
  tap,
  timer,
} from 'rxjs';
import { StreamError, type StreamEvent } from '../../../src/index.js';
import type { Ask, Entry, Outcome, RunLog, RunWriter } from '../../../src/log.js';

/** Old runs go with `delete from runs where alive_at < now() - interval '1 hour'`. */
export const TABLES = `
  create table if not exists runs (run text primary key, epoch int not null, next int not null default 0,
    outcome text, lease_ms float not null, alive_at timestamptz not null default now());
  create table if not exists run_entries (run text references runs on delete cascade, epoch int, seq int,
    first int not null, outcome text, events json not null, primary key (run, epoch, seq));
  create table if not exists run_asks (run text, call text, ask json not null, primary key (run, call));`;

const OPEN = `insert into runs (run, epoch, lease_ms) values ($1, 1, $2) on conflict (run) do update
  set epoch = runs.epoch + 1, next = 0, lease_ms = $2, alive_at = now() where runs.outcome is null returning epoch`;
/** Adds nothing for a writer that was replaced, or that does not know what became of its last entry. */
const APPEND = `with mine as (
    update runs set next = $3::int + $4::int, outcome = $5, alive_at = now()
      where run = $1 and epoch = $2 and next = $3 and outcome is null returning run),
  added as (insert into run_entries select run, $2, $3::int + $4::int - 1, $3, $5, $6::json from mine returning run)
  select pg_notify('runs', run) from added`;
const SIGN = 'update runs set alive_at = now() where run = $1 and epoch = $2 and outcome is null';
const READ = `select r.epoch as open, r.next, r.outcome as over, alive_at + lease_ms * interval '1 ms' < now() as is_dead, e.*
  from runs r left join lateral (select epoch, seq, first, outcome, events from run_entries e
    where e.run = r.run and (e.epoch, e.seq) > ($2, $3) order by epoch, seq limit 200) e on true
  where r.run = $1 order by epoch, seq`;
const ASKS = 'select ask from run_asks where run = $1';
const ASK = `with asked as (insert into run_asks values ($1, $2, $3) on conflict (run, call)
    do update set ask = excluded.ask returning run)
  select pg_notify('runs', 'asks ' || run) from asked`;

interface Row {
  readonly open: number;
  readonly next: number;
  readonly over: Outcome | null;
  readonly is_dead: boolean;
  readonly epoch: number | null;
  readonly seq: number;
  readonly first: number;
  readonly outcome: Outcome | null;
  readonly events: readonly StreamEvent[];
}

export function postgresLog(pool: Pool, leaseMs = 30_000): RunLog {
  const sql = async <T extends object>(text: string, ...values: unknown[]): Promise<readonly T[]> =>
    (await pool.query<T>(text, values).catch(fail)).rows;
  /** Which run there is something new of, heard by one connection for all; nothing where it may be any. */
  const news = new Observable<string>((subscriber) => {
    const listen = async () => {
      const client = await pool.connect();
      subscriber.add(() => client.release(true));
      client.on('error', (error) => subscriber.error(error));
      client.on('notification', ({ payload = '' }) => subscriber.next(payload));
      await client.query('listen runs');
      subscriber.next('');
    };
    listen().catch((error: unknown) => subscriber.error(error));
  }).pipe(retry({ delay: 500 }), share());
  /** Looks at once and whenever there is something new, one look after the other. */
  const looking = <T>(name: string, everyMs: number, look: () => Promise<readonly T[]>): Observable<T> =>
    defer(() => {
      let isDue = false;
      const all = async function* () {
        while (isDue) {
          isDue = false;
          yield* await look();
        }
      };
      return merge(news.pipe(filter((of) => of === '' || of === name)), timer(0, everyMs)).pipe(
        tap(() => (isDue = true)),
        exhaustMap(all),
      );
    });

  const writer = (run: string, epoch: number, lease: number): RunWriter => {
    let seq = 0;
    // It is asked for one after the other: `toLog` waits for each.
    const write = async (events: readonly StreamEvent[], outcome?: Outcome) => {
      const count = Math.max(events.length, 1);
      const added = await sql(APPEND, run, epoch, seq, count, outcome, JSON.stringify(events));
      if (added.length === 0) throw refused(`The writer of epoch ${epoch} is replaced, or the run has ended`);
      seq += count;
      return `${epoch}-${seq - 1}` as const;
    };
    const asks = defer(() => {
      const heard = new Set<string>();
      const look = async () => (await sql<{ ask: Ask }>(ASKS, run)).map(({ ask }) => ask);
      const isNew = (ask: Ask) => heard.size < heard.add(JSON.stringify(ask)).size;
      const signs = timer(0, lease / 3).pipe(exhaustMap(() => sql(SIGN, run, epoch)));
      return merge(looking(`asks ${run}`, lease, look).pipe(filter(isNew)), signs.pipe(ignoreElements()));
    });
    return {
      epoch,
      append: (events) => write(events),
      seal: async (outcome, error) => void (await write(error ? [error] : [], outcome)),
      asks,
    };
  };

  const entries = (run: string, after: string): Observable<Entry> =>
    defer(() => {
      let [epoch, seq] = after === '0-0' ? [0, -1] : (after.split('-').map(Number) as [number, number]);
      const look = async (): Promise<readonly Entry[]> => {
        const rows = await sql<Row>(READ, run, epoch, seq);
        const [row] = rows;
        if (!row) throw new StreamError('gone', `The run "${run}" is not there`);
        if (epoch > row.open || (epoch === row.open && seq >= row.next))
          throw new StreamError('gap', `The run ends before ${epoch}-${seq}`);
        if (row.epoch === null && row.is_dead && !row.over)
          throw new StreamError('abandoned', 'Its writer is silent', { retryable: true });
        return rows.flatMap((row) => {
          if (row.epoch === null) return [];
          const first = row.epoch === epoch ? Math.max(row.first, seq + 1) : row.first;
          const more = row.epoch < row.open || row.seq < row.next - 1;
          [epoch, seq] = [row.epoch, row.seq];
          const events = row.events.slice(first - row.first);
          const rest = { ...(row.outcome && { outcome: row.outcome }), ...(more && { more }) };
          return [{ id: `${epoch}-${seq}` as const, first, events, ...rest }];
        });
      };
      return looking(run, leaseMs / 3, look).pipe(takeWhile(({ outcome }) => !outcome, true));
    });

  return {
    async open(run, { leaseMs: lease = leaseMs } = {}) {
      const [row] = await sql<{ epoch: number }>(OPEN, run, lease);
      if (!row) throw refused('The run has ended');
      return writer(run, row.epoch, lease);
    },
    read: (run, after = '0-0') => entries(run, after),
    ask: async (run, ask) => void (await sql(ASK, run, 'stop' in ask ? '' : `call ${ask.approve}`, ask)),
  };
}

const refused = (why: string) => new StreamError('protocol', why);
const fail = (cause: unknown): never => {
  throw new StreamError('network', 'Postgres gave no answer', { cause });
};
