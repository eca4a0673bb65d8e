import { apiError } from '../errors/apiError.js';
import { truncated } from '../errors/streamError.js';
import type { ErrorEvent, StreamEvent } from '../events/event.js';
import { withIdOf } from '../events/id.js';
import { OpenBlocks } from '../fold/order/openBlocks.js';
import { Phase } from '../fold/order/phase.js';
import type { Step } from '../rx/transform.js';

const BROKEN_OFF = 'The answer broke off';

/** What an answer is to do besides. */
export interface Publishing {
  /** Called before the first event is sent. */
  begin(): void;
  /**
   * @param said - the `error` event that said so, where one did
   * @returns the event that stands for a failure, and ends the answer; nothing where the failure is to pass
   */
  failed(error: unknown, said: ErrorEvent | undefined): StreamEvent | undefined;
}

/**
 * What may be sent to a client: no `error` event of the source, which is a failure, no completion of an answer that is not whole,
 * and no words of others on why a block or an attempt was given up. Every block has an end.
 */
export class Published implements Step<StreamEvent, StreamEvent> {
  isOver = false;
  readonly #publishing: Publishing;
  readonly #phase = new Phase();
  readonly #open = new OpenBlocks(BROKEN_OFF);
  #hasBegun = false;
  #said: ErrorEvent | undefined;

  constructor(publishing: Publishing) {
    this.#publishing = publishing;
  }

  /** @throws StreamError `api` for an `error` event */
  next(event: StreamEvent, emit: (event: StreamEvent) => void): void {
    // Nearly every event is one, and neither ends nor hides anything.
    if (this.#hasBegun && event.type === 'content_block_delta') {
      emit(event);
      return;
    }
    this.#phase.next(event);
    if (event.type === 'error' && !event.lane) throw apiError((this.#said = event));
    const shown = discreet(event);
    const aborts = this.#open.add(shown);
    if (!this.#hasBegun) this.#publishing.begin();
    this.#hasBegun = true;
    for (const abort of aborts) emit(abort);
    emit(shown);
  }

  /** @throws StreamError `truncated` for a source that completes too early */
  complete(): void {
    if (!this.#phase.isWhole) throw truncated();
  }

  error(error: unknown, emit: (event: StreamEvent) => void): void {
    for (const abort of this.#open.abort(BROKEN_OFF)) emit(abort);
    const event = this.#publishing.failed(error, this.#said);
    if (event === undefined) return;
    emit(event);
    this.isOver = true;
  }
}

function discreet(event: StreamEvent): StreamEvent {
  if (event.type === 'block_abort') return withIdOf(event, { ...event, reason: BROKEN_OFF });
  if (event.type === 'reset') return withIdOf(event, { ...event, cause: BROKEN_OFF });
  return event;
}
