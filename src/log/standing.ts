import { fromEvent, lastValueFrom, takeUntil, takeWhile, tap } from 'rxjs';
import { BEGINNING } from '../events/id.js';
import { compare, gap, positionOf, type Position } from './position.js';
import type { Entry, RunLog } from './runLog.js';

/** An attempt at a reply that was given up, from its first event to its `reset`. */
interface Dropped {
  readonly from: Position;
  readonly to: Position;
}

/** What stood in a run when a client came. */
export class Standing {
  readonly #after: Position;
  readonly #dropped: Dropped[] = [];
  /** Where the reply began that is not whole. */
  #from: Position | undefined;
  #end: Entry | undefined;
  /** Whether the event is there that the client has last. */
  #isThere: boolean;

  /** @param after - where the client stands */
  constructor(after: Position) {
    this.#after = after;
    this.#isThere = compare(after, positionOf(BEGINNING)) === 0;
  }

  add(entry: Entry): void {
    this.#end = entry;
    const { epoch, seq } = positionOf(entry.id);
    const { first, events } = entry;
    this.#isThere ||= this.#after.epoch === epoch && this.#after.seq >= first && this.#after.seq <= seq;
    for (const [nth, { type, lane }] of events.entries()) {
      if (lane) continue;
      const at = { epoch, seq: first + nth };
      if (type === 'message_start' || type === 'content_block_start') this.#from ??= at;
      else if (type === 'message_stop' || type === 'error') this.#from = undefined;
      else if (type === 'reset') {
        if (this.#from) this.#dropped.push({ from: this.#from, to: at });
        this.#from = undefined;
      }
    }
  }

  /** @throws StreamError `gap` for a client that stands where the run has nothing: at an id of another run, or of one that was lost */
  check(): void {
    const { outcome, events = [], id = '' } = this.#end ?? {};
    if (this.#end === undefined || this.#isThere) return;
    const { epoch, seq } = this.#after;
    // What closes an answer that has failed bears the id behind its last event.
    if (outcome !== undefined && events.length > 0 && `${epoch}-${seq - 1}` === id) return;
    throw gap(this.#after, 'the run has no such event');
  }

  /** Whether the run is over, and the client has its last event. What closes the answer may still be missing. */
  get hasAll(): boolean {
    if (this.#end?.outcome === undefined) return false;
    const { id, first, events } = this.#end;
    const { epoch, seq } = positionOf(id);
    // An end without events has an id that no event bears.
    return compare(this.#after, { epoch, seq: events.length > 0 ? seq : first - 1 }) >= 0;
  }

  /**
   * Whether an event is of an attempt that was given up, of which the client has nothing, or has heard that it was. Most protocols
   * cannot take back what they have said.
   */
  isDropped(at: Position): boolean {
    return this.#dropped.some((attempt) => isIn(at, attempt) && !isIn(this.#after, attempt));
  }
}

function isIn(at: Position, { from, to }: Dropped): boolean {
  return compare(from, at) <= 0 && compare(at, to) < 0;
}

/**
 * Reads what stands in a run for a client, until it leaves.
 *
 * @param after - where the client stands
 * @throws StreamError as `read` of the log, and `gap` for a client that stands where the run has nothing
 */
export async function standingFor(
  { signal }: Request,
  log: RunLog,
  run: string,
  after: Position,
): Promise<Standing> {
  const standing = new Standing(after);
  if (signal.aborted) return standing;
  const read = log.read(run).pipe(
    tap((entry) => standing.add(entry)),
    takeWhile(({ more }) => more === true, true),
    // A run that has nothing yet may have nothing for long.
    takeUntil(fromEvent(signal, 'abort')),
  );
  await lastValueFrom(read, { defaultValue: undefined });
  standing.check();
  return standing;
}
