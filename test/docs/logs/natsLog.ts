import { jetstream, jetstreamManager, JetStreamApiError } from '@nats-io/jetstream';
import { nanos, TimeoutError, type NatsConnection } from '@nats-io/transport-node';
import { concatMap, defer, ignoreElements, merge, Observable, takeWhile, tap, timeout, timer } from 'rxjs';
import { StreamError, type StreamEvent } from '../../../src/index.js';
import type { Ask, Entry, Outcome, RunLog, RunWriter } from '../../../src/log.js';

/** A message: an entry, or, with neither events nor outcome, the beginning of an epoch. */
interface Kept {
  readonly epoch: number;
  readonly first: number;
  readonly events: readonly StreamEvent[];
  readonly outcome?: Outcome | undefined;
  readonly leaseMs: number;
}

/** A run is a subject, and a writer names the message that has to be its last: it is refused once another has written. */
export async function natsLog(nc: NatsConnection, leaseMs = 30_000, keepMs = 3_600_000): Promise<RunLog> {
  const [js, jsm] = [jetstream(nc), await jetstreamManager(nc)];
  await jsm.streams.add({ name: 'RUNS', subjects: ['run.*'], max_age: nanos(keepMs) });
  const lastOfEach = { max_age: nanos(keepMs), max_msgs_per_subject: 1 };
  await jsm.streams.add({ name: 'ASKS', subjects: ['ask.*.*'], ...lastOfEach });

  const last = async (run: string) => {
    const subject = { last_by_subj: `run.${token(run)}` };
    const message = await jsm.streams.getMessage('RUNS', subject).catch(fail);
    return message && { ...message.json<Kept>(), at: message.seq };
  };
  /** Its id makes a message safe to send again. */
  const put = async (run: string, kept: Kept, lastSubjectSequence: number): Promise<number> => {
    const options = { msgID: crypto.randomUUID(), expect: { lastSubjectSequence }, timeout: 2_000 };
    for (let tries = 1; ; tries++)
      try {
        return (await js.publish(`run.${token(run)}`, JSON.stringify(kept), options)).seq;
      } catch (error) {
        if (tries === 5 || !(error instanceof TimeoutError)) fail(error);
      }
  };
  /** What stands under a subject, then what comes. */
  const follow = <T>(stream: string, subject: string, take: (value: T, hasMore: boolean) => void) =>
    new Observable<never>((subscriber) => {
      const begin = async () => {
        const messages = await (await js.consumers.get(stream, { filter_subjects: subject })).consume();
        subscriber.add(() => void messages.close());
        for await (const message of messages) take(message.json<T>(), message.info.pending > 0);
        throw new Error('The connection was closed');
      };
      begin().catch((error: unknown) => subscriber.error(failure(error)));
    });

  const writer = (run: string, { epoch, leaseMs }: Kept, mark: number): RunWriter => {
    let [at, seq] = [mark, 0];
    let ended: Outcome | undefined;
    // It is asked for one after the other: `toLog` waits for each.
    const write = async (events: readonly StreamEvent[], outcome?: Outcome) => {
      if (ended) throw refused(`The run has ended (${ended})`);
      at = await put(run, { epoch, first: seq, events, outcome, leaseMs }, at);
      ended = outcome;
      seq += events.length;
      return `${epoch}-${seq - 1}` as const;
    };
    return {
      epoch,
      append: (events) => write(events),
      seal: async (outcome, error) => void (await write(error ? [error] : [], outcome)),
      asks: new Observable<Ask>((subscriber) => {
        const asks = follow<Ask>('ASKS', `ask.${token(run)}.*`, (ask) => subscriber.next(ask));
        const signs = timer(0, leaseMs / 3).pipe(tap(() => nc.publish(`sign.${token(run)}`)));
        return merge(asks, signs.pipe(ignoreElements())).subscribe(subscriber);
      }),
    };
  };

  const entries = (run: string, end: Kept, after = '0-0') =>
    new Observable<Entry | undefined>((subscriber) => {
      const [epoch, seq] = after === '0-0' ? [0, -1] : (after.split('-').map(Number) as [number, number]);
      if (epoch > end.epoch || (epoch === end.epoch && seq > lastOf(end)))
        return subscriber.error(new StreamError('gap', `The run ends before ${after}`));
      const take = (kept: Kept, more: boolean): void => {
        const end = lastOf(kept);
        const isKnown = kept.epoch < epoch || (kept.epoch === epoch && end <= seq);
        const first = kept.epoch === epoch ? Math.max(kept.first, seq + 1) : kept.first;
        const events = kept.events.slice(first - kept.first);
        if (isKnown || (events.length === 0 && !kept.outcome)) return subscriber.next(undefined);
        const rest = { ...(kept.outcome && { outcome: kept.outcome }), ...(more && { more: true as const }) };
        subscriber.next({ id: `${kept.epoch}-${end}`, first, events, ...rest });
      };
      const sign = nc.subscribe(`sign.${token(run)}`, { callback: () => subscriber.next(undefined) });
      subscriber.add(() => sign.unsubscribe());
      subscriber.add(follow<Kept>('RUNS', `run.${token(run)}`, take).subscribe(subscriber));
    });

  return {
    async open(run, options) {
      for (;;) {
        const before = await last(run);
        if (before?.outcome) throw refused(`The run has ended (${before.outcome})`);
        const epoch = (before?.epoch ?? 0) + 1;
        const mark: Kept = { epoch, first: 0, events: [], leaseMs: options?.leaseMs ?? leaseMs };
        try {
          return writer(run, mark, await put(run, mark, before?.at ?? 0));
        } catch (error) {
          // Somebody has written in between.
          if ((error as StreamError).code !== 'protocol') throw error;
        }
      }
    },
    read: (run, after) =>
      defer(() => last(run)).pipe(
        concatMap((end) => {
          if (!end) throw new StreamError('gone', `The run "${run}" is not there`);
          return entries(run, end, after).pipe(timeout({ each: end.leaseMs, with: abandon }));
        }),
        concatMap((entry) => (entry ? [entry] : [])),
        takeWhile(({ outcome }) => !outcome, true),
      ),
    async ask(run, ask) {
      const call = 'stop' in ask ? 'stop' : `call-${token(ask.approve)}`;
      await js.publish(`ask.${token(run)}.${call}`, JSON.stringify(ask)).catch(fail);
    },
  };
}

/** A subject has no dots, spaces and stars that somebody else chose. */
const token = (id: string) => Buffer.from(id).toString('base64url');
const lastOf = ({ first, events }: Kept) => first + Math.max(events.length, 1) - 1;
const refused = (why: string) => new StreamError('protocol', why);
const abandon = () =>
  defer(() => fail(new StreamError('abandoned', 'Its writer is silent', { retryable: true })));
const WRONG_LAST_SEQUENCE = 10_071;
const failure = (cause: unknown): StreamError =>
  cause instanceof StreamError
    ? cause
    : cause instanceof JetStreamApiError && cause.code === WRONG_LAST_SEQUENCE
      ? refused('Another writer of the run is open')
      : new StreamError('network', 'NATS gave no answer', { cause });
const fail = (cause: unknown): never => {
  throw failure(cause);
};
