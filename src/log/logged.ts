import { defer, filter, map, Observable, Subscription, take } from 'rxjs';
import { typeOfStatus } from '../errors/apiError.js';
import { publicError } from '../errors/publicError.js';
import { StreamError, streamErrorOf, truncated } from '../errors/streamError.js';
import type { ErrorEvent, StreamEvent } from '../events/event.js';
import { reset } from '../events/make.js';
import { Phase } from '../fold/order/phase.js';
import { stopOn } from '../operators/stopOn.js';
import { isOfLog, markOfLog } from '../server/ofLog.js';
import { statusFor } from '../server/refusal.js';
import { givenBy } from './given.js';
import { withIds } from './position.js';
import type { Ask, Outcome, RunLog, RunWriter } from './runLog.js';

/** Options of {@link toLog} and of {@link startRun}. */
export interface ToLogOptions {
  /** How long the writer may be silent before it counts as dead, in ms. Default: that of the log. */
  readonly leaseMs?: number | undefined;
  /** What the aborts and the results of the calls say where the run is stopped. Default `Cancelled`. */
  readonly reason?: string | undefined;
}

/** What somebody says of a call: whether it may run. */
export interface RunApproval {
  readonly approved: boolean;
  readonly reason?: string | undefined;
}

/** Waits for what is said of a call, by whoever it is: for `approve` of `runTools`. */
export type ApproveInRun = (call: { readonly id: string }) => Observable<RunApproval>;

/** So many events may wait for the log. */
const MOST_WAITING = 65_536;

/** So many stand in one entry at most. */
const MOST_AT_ONCE = 256;

/**
 * Writes a stream into a run while it passes. What comes while the log is busy is written together.
 *
 * @param make - makes the events, once the run is open
 * @returns the events as they stand in the log, with their ids
 */
export function logged(
  log: RunLog,
  run: string,
  make: (approve: ApproveInRun) => Observable<StreamEvent>,
  { leaseMs, reason }: ToLogOptions,
): Observable<StreamEvent> {
  return new Observable((subscriber) => {
    subscriber.add(
      givenBy(() => log.open(run, { leaseMs }))
        .pipe(map((writer) => new Writing(writer, subscriber).begin(make, reason)))
        .subscribe({
          next: (source) => subscriber.add(source),
          error: (error: unknown) => subscriber.error(error),
        }),
    );
  });
}

/** What a subscriber of {@link logged} is to it. */
interface Sink {
  readonly closed: boolean;
  next(event: StreamEvent): void;
  error(error: unknown): void;
  complete(): void;
}

class Writing {
  readonly #writer: RunWriter;
  readonly #sink: Sink;
  readonly #phase = new Phase();
  #waiting: StreamEvent[] = [];
  #isBusy = false;
  #isStopped = false;
  #hasFailed = false;
  /** What the source failed with, as the run is sealed: where the log fails then as well, its readers are to know this. */
  #failure: { readonly error: unknown } | undefined;
  /** Why the last reply ended. */
  #stopReason: string | null = null;
  /** Set once the source has ended: what follows what waits. */
  #end: (() => Promise<void>) | undefined;

  constructor(writer: RunWriter, sink: Sink) {
    this.#writer = writer;
    this.#sink = sink;
  }

  begin(make: (approve: ApproveInRun) => Observable<StreamEvent>, reason: string | undefined): Subscription {
    const { epoch } = this.#writer;
    const asks = givenBy(() => this.#writer.asks);
    const source = new Subscription();
    const approve: ApproveInRun = ({ id }) =>
      asks.pipe(
        filter(
          (ask): ask is Extract<Ask, { readonly approve: string }> => 'approve' in ask && ask.approve === id,
        ),
        take(1),
        map(({ approved, reason }) => ({ approved, reason })),
      );
    const stop = asks.pipe(
      filter((ask) => {
        this.#isStopped ||= 'stop' in ask;
        return 'stop' in ask;
      }),
    );
    // What an earlier writer left is of an attempt that is over.
    if (epoch > 1) this.#add(reset(epoch, 'Another producer took over'));
    source.add(
      defer(() => make(approve))
        .pipe(stopOn(stop, { reason }))
        .subscribe({
          next: (event) => {
            if (this.#waiting.length >= MOST_WAITING) {
              source.unsubscribe();
              this.#fail(new StreamError('limit', `More than ${MOST_WAITING} events wait for the log`));
            } else this.#add(event);
          },
          error: (error: unknown) => this.#fail(error),
          complete: () => this.#complete(),
        }),
    );
    // What the log refuses ends the source as well.
    source.add(() => (this.#waiting = []));
    return source;
  }

  #add(given: StreamEvent): void {
    const event = identified(given);
    this.#phase.next(event);
    // A source that was stopped by its own means says so as `stopOn` does.
    if (event.type === 'message_delta' && !event.lane) this.#stopReason = event.delta.stop_reason;
    this.#hasFailed = event.type === 'error' ? !event.lane : this.#hasFailed && !this.#phase.isInside;
    this.#waiting.push(event);
    if (!this.#isBusy) void this.#pump();
  }

  #complete(): void {
    if (!this.#isStopped && !this.#hasFailed && !this.#phase.isWhole) {
      this.#fail(truncated());
      return;
    }
    const isStopped = this.#isStopped || (!this.#hasFailed && this.#stopReason === 'cancelled');
    const outcome: Outcome = isStopped ? 'stopped' : this.#hasFailed ? 'failed' : 'done';
    this.#endWith(async () => {
      await this.#writer.seal(outcome);
      this.#sink.complete();
    });
  }

  #fail(error: unknown): void {
    this.#endWith(async () => {
      this.#failure = { error };
      await this.#writer.seal('failed', failureOf(error));
      this.#sink.error(error);
    });
  }

  #endWith(end: () => Promise<void>): void {
    this.#end ??= end;
    if (!this.#isBusy) void this.#pump();
  }

  async #pump(): Promise<void> {
    this.#isBusy = true;
    try {
      while (this.#waiting.length > 0 && !this.#sink.closed) {
        const events = this.#waiting.splice(0, MOST_AT_ONCE);
        const last = await this.#writer.append(events);
        for (const event of withIds(events, last)) this.#sink.next(event);
      }
      // Before the end nothing is awaited here: an event that came meanwhile would be written only with the next one.
      if (this.#end && !this.#sink.closed) await this.#end();
    } catch (reason) {
      markOfLog(reason);
      const { error } = this.#failure ?? { error: reason };
      await this.#giveUp(error);
      this.#sink.error(error);
    }
    this.#isBusy = false;
  }

  async #giveUp(error: unknown): Promise<void> {
    try {
      await this.#writer.seal('failed', failureOf(error));
    } catch {
      // One that a newer writer has fenced off cannot say so in the run, nor need it.
    }
  }
}

/** Gives a message an id that has none. Some protocols cannot do without, and each connection would make up its own. */
function identified(event: StreamEvent): StreamEvent {
  if (event.type !== 'message_start' || event.message.id !== '') return event;
  const id = `msg_${Math.random().toString(36).slice(2)}`;
  return { ...event, message: { ...event.message, id } };
}

/** What a failure says to those who read the run. Where the log failed, its status is none that a provider gave them. */
function failureOf(error: unknown): ErrorEvent {
  const failure = streamErrorOf(error);
  const { message, retryable } = publicError(failure);
  const { errorType, retryAfterMs } = failure;
  const status = failure.status !== undefined && isOfLog(failure) ? statusFor(failure) : failure.status;
  return {
    type: 'error',
    error: {
      type: errorType ?? typeOfStatus(status ?? 0) ?? 'api_error',
      message,
      retryable,
      ...(status !== undefined && { status }),
      ...(retryAfterMs !== undefined && { retry_after_ms: retryAfterMs }),
    },
  };
}
