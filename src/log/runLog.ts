import type { Observable } from 'rxjs';
import type { ErrorEvent, StreamEvent } from '../events/event.js';

/**
 * The place of an event in its run: `<epoch>-<seq>`. The epoch counts the writers from 1, the seq the events of each from 0,
 * without holes.
 */
export type EntryId = `${number}-${number}`;

/** How a run has ended. */
export type Outcome = 'done' | 'failed' | 'stopped';

/** What is asked of the writer of a run: to stop, or to run a call or not. */
export type Ask =
  | { readonly stop: true }
  | { readonly approve: string; readonly approved: boolean; readonly reason?: string | undefined };

/** What a writer appended at once. */
export interface Entry {
  /** The id of its last event; of an entry without events, its own. */
  readonly id: EntryId;
  /** The seq of its first event: where a reader resumes inside an entry, the first that it gets. */
  readonly first: number;
  /** The events, which are JSON. */
  readonly events: readonly StreamEvent[];
  /** Set on the last entry of a run. Nothing else says that a run is over. */
  readonly outcome?: Outcome | undefined;
  /** Set where another entry that stands already follows: a reader that wants to catch up at once gathers until there is none. */
  readonly more?: true | undefined;
}

/** Writes a run, until another writer is opened. */
export interface RunWriter {
  readonly epoch: number;
  /**
   * @param events - at least one
   * @returns the id of the last of them, once they stand
   * @throws StreamError `protocol` where a newer epoch is open or the run has ended, `limit` for a run that is too long,
   *   `source` for events that are not JSON
   */
  append(events: readonly StreamEvent[]): Promise<EntryId>;
  /**
   * Ends the run.
   *
   * @param outcome - how
   * @param last - what a failure says to those who read the run
   * @throws StreamError `protocol`, as `append`
   */
  seal(outcome: Outcome, last?: ErrorEvent): Promise<void>;
  /** What is asked, also what was asked before. While somebody listens, the writer shows that it is alive. */
  readonly asks: Observable<Ask>;
}

/** Keeps runs, so that an answer outlives the connection and the machine that it was begun on. */
export interface RunLog {
  /**
   * Opens a run for writing, and begins it if it is not there. Every writer that was opened before is fenced off.
   *
   * @param run - its id; whoever knows it may read, so it has to be one that cannot be guessed
   * @param options - `leaseMs`, how long the writer may be silent before it counts as dead
   * @throws StreamError `protocol` for a run that has ended
   */
  open(run: string, options?: { readonly leaseMs?: number | undefined }): Promise<RunWriter>;
  /**
   * Reads what stands, then what comes, and completes behind the entry that ends the run.
   *
   * @param run - its id
   * @param after - the id of the last event that is known; default none
   * @returns a cold Observable of entries. It fails with a StreamError `gone` for a run that is not there, `gap` where what
   *   comes after `after` was trimmed, `abandoned` where the writer is silent for longer than its lease
   */
  read(run: string, after?: EntryId): Observable<Entry>;
  /**
   * Asks the writer for something, whichever it is and whenever it comes.
   *
   * @param run - its id, also before it is opened
   */
  ask(run: string, ask: Ask): Promise<void>;
}
