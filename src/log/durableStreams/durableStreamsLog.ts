import { asyncScheduler, Observable, type SchedulerLike } from 'rxjs';
import { leaseOf, type RunLimits } from '../bounds.js';
import { Patience } from '../patience.js';
import type { RunLog } from '../runLog.js';
import { failed } from './failed.js';
import { openEpoch } from './opening.js';
import { Reading } from './reading.js';
import { passes, Streams } from './streams.js';
import { asksNameOf, Writing } from './writing.js';

/** Options of {@link durableStreamsLog}. */
export interface DurableStreamsLogOptions {
  /** How long the writer of a run may be silent before it counts as dead, in ms. Default 30,000. */
  readonly leaseMs?: number | undefined;
  /** How long the server keeps a run that is neither read nor written, in ms. Default one hour; `Infinity` for ever. */
  readonly keepMs?: number | undefined;
  /** How long one run may be: with more, its writer fails. */
  readonly limits?: RunLimits | undefined;
  /** How long the server may take to answer, in ms, over all attempts. Default 10,000. */
  readonly timeoutMs?: number | undefined;
  /** Headers of every request, such as `authorization`; a function is called for each. */
  readonly headers?: HeadersInit | (() => HeadersInit) | undefined;
  /** Default: the global one. */
  readonly fetch?: typeof fetch | undefined;
}

/**
 * A log of runs on a server that speaks the open Durable Streams protocol: any process may write, read and stop any run.
 *
 * The server keeps the order of a writer and refuses the one that another has replaced; the last entry of a run closes its
 * stream. A viewer that resumes reads the run from its beginning, and leaves out what it has. One that comes to a run
 * whose writer has died is told so after a lease.
 *
 * ```ts
 * import { durableStreamsLog } from 'rxjs-llm-stream/log/durable-streams';
 *
 * const log = durableStreamsLog('https://streams.example/v1/stream', { headers: { authorization } });
 * ```
 *
 * @param url - under which the streams of the runs are made: `<url>/<run>`, and `<url>/<run>.asks` for what is asked of one; a
 *   query of it is sent with each request
 * @param options - the lease of a writer and how long things are kept, in ms; how the server is asked
 * @param scheduler - whose time it is
 * @returns a log. Besides what every log fails with, it does with `http` for a status that the server refuses with, with
 *   `network`, retryable, where it does not answer in `timeoutMs`, with `malformed`, retryable, where all that it answers in that
 *   time is cut off, no JSON, a page or an event stream without a word, and, not retryable, for an event that is none of the
 *   protocol, and with `source` for headers that cannot be sent
 * @throws TypeError, when it is called, for a URL that is none
 * @see https://github.com/durable-streams/durable-streams/blob/main/PROTOCOL.md
 */
export function durableStreamsLog(
  url: string | URL,
  options: DurableStreamsLogOptions = {},
  scheduler: SchedulerLike = asyncScheduler,
): RunLog {
  const { leaseMs = 30_000, keepMs = 3_600_000, timeoutMs = 10_000, limits = {}, headers = {} } = options;
  const patience = new Patience('The server of the log', timeoutMs, scheduler, passes);
  const access = {
    url: addressOf(url),
    fetch: options.fetch ?? ((...args: Parameters<typeof fetch>) => fetch(...args)),
    headers: typeof headers === 'function' ? headers : () => headers,
  };
  const streams = new Streams(access, patience);
  const ttlSeconds = Number.isFinite(keepMs) ? Math.ceil(keepMs / 1_000) : undefined;

  return {
    async open(run, given = {}) {
      const rules = { leaseMs: leaseOf(given.leaseMs ?? leaseMs), ttlSeconds, limits };
      const nonce = crypto.randomUUID();
      try {
        await streams.create(run, ttlSeconds);
        const opening = await openEpoch(streams, run, rules.leaseMs, nonce);
        return new Writing(streams, run, rules, nonce, opening, scheduler);
      } catch (error) {
        throw failed(error);
      }
    },
    read: (run, after) =>
      new Observable((subscriber) => {
        new Reading(streams, run, after, subscriber, scheduler).begin();
      }),
    async ask(run, ask) {
      try {
        await streams.create(asksNameOf(run), ttlSeconds);
        await streams.append(asksNameOf(run), JSON.stringify([ask]));
      } catch (error) {
        throw failed(error);
      }
    },
  };
}

function addressOf(url: string | URL): string {
  const page = (globalThis as { location?: { href: string } }).location?.href;
  try {
    return new URL(url, page).href;
  } catch {
    throw new TypeError(
      `"${String(url)}" is no URL: give the whole one, such as https://streams.example/v1/stream`,
    );
  }
}
