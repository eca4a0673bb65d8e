import { concat, ignoreElements, NEVER, switchMap, take, tap, timer } from 'rxjs';
import { asyncScheduler, type OperatorFunction, type SchedulerLike } from 'rxjs';
import { StreamError } from '../errors/streamError.js';
import type { BlockAbortEvent, EventsWith, StreamEvent, ToolResultEvent } from '../events/event.js';
import { LONGEST_TIMER } from '../fold/pace/retryWait.js';
import { stopOn } from '../operators/stopOn.js';
import type { Gate } from '../rx/gate.js';

/** Options of {@link drain}. */
export interface DrainOptions {
  /**
   * How long what runs may go on once the gate is closed, in ms. Default 20,000: less than orchestrators wait before they
   * kill; `Infinity` stops nothing.
   */
  readonly graceMs?: number | undefined;
  /** When whoever is refused may ask again, in ms: another instance answers by then. Default 1,000. */
  readonly retryAfterMs?: number | undefined;
}

const SHUTTING_DOWN = 'The server is shutting down';

/**
 * Lets the answers of a server that shuts down end in order: from the moment that the gate is closed, none is begun. What
 * runs may go on for a while, and is then stopped as by {@link stopOn}, with a reason of its own.
 *
 * ```text
 * -m-o-t-b-i-j-d-z-|
 * > drain(closing, { graceMs: 5 })
 * -m-o-t-b(QACz|)
 * ^-------!
 * ```
 *
 * What would begin later fails before its source is subscribed to, so that no provider is asked: `respond` makes a 503 with
 * `retry-after` of it. A gate that is opened again in time stops nothing.
 *
 * `server.close()` takes no more connections, so that who asks then is refused by the machine and sees no 503: call it at
 * once where a balancer has let go of the instance before it gets its signal, else when the balancer has. It waits for the
 * answers that run, then for connections that are kept alive (`server.keepAliveTimeout`, 5 s by default); behind `graceMs`
 * only a client that does not read keeps it waiting longer.
 *
 * ```ts
 * import { untilTerminal } from 'rxjs-llm-stream';
 * import { anthropic, streamMessages } from 'rxjs-llm-stream/anthropic';
 * import { drain, gate, nodeHandler, respond } from 'rxjs-llm-stream/server';
 *
 * const serving = gate();
 * const server = createServer(
 *   nodeHandler(({ signal }) =>
 *     respond((gate) => streamMessages(params, { gate }).pipe(untilTerminal(), drain(serving)), {
 *       codec: anthropic,
 *       signal,
 *     }),
 *   ),
 * );
 * process.once('SIGTERM', () => {
 *   serving.next(false);
 *   server.close();
 * });
 * ```
 *
 * Put it behind what retries, which would take the refusal for one of the provider.
 *
 * @param serving - open as long as answers may begin; one for the whole server
 * @param options - `graceMs` and `retryAfterMs`
 * @param scheduler - whose time it is
 * @returns an operator from events to events
 * @throws StreamError `http` with the status 503 and `retryAfterMs`, while the gate is closed
 * @see {@link stopOn} {@link respond} {@link gate}
 */
export function drain<E extends StreamEvent>(
  serving: Gate,
  { graceMs = 20_000, retryAfterMs = 1000 }: DrainOptions = {},
  scheduler: SchedulerLike = asyncScheduler,
): OperatorFunction<E, EventsWith<E, BlockAbortEvent | ToolResultEvent>> {
  const entry = serving.pipe(
    take(1),
    tap((isOpen) => {
      if (!isOpen) {
        throw new StreamError('http', `${SHUTTING_DOWN} and begins no answer`, {
          status: 503,
          retryable: true,
          retryAfterMs,
        });
      }
    }),
    ignoreElements(),
  );
  const deadline = serving.pipe(
    switchMap((isOpen) => (isOpen || graceMs > LONGEST_TIMER ? NEVER : timer(graceMs, scheduler))),
  );
  return (events) => concat(entry, events.pipe(stopOn<E>(deadline, { reason: SHUTTING_DOWN })));
}
