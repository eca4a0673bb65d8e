import type {
  BlockAbortEvent,
  ContentBlockStartEvent,
  ContentBlockStopEvent,
  MessageStartEvent,
  StreamEvent,
} from '../../events/event.js';
import * as events from '../../events/make.js';
import type { Message } from '../../events/message.js';
import { blockOf } from './deltaFit.js';
import { ProtocolChecker, type ProtocolViolation } from './protocolChecker.js';

/** An event that a repair inserts. */
export type InsertedEvent =
  MessageStartEvent | ContentBlockStartEvent | ContentBlockStopEvent | BlockAbortEvent;

/** One change that put events in order, and the reason for it. */
export type ProtocolRepair =
  | {
      readonly action: 'insert';
      /** What was missing. */
      readonly event: InsertedEvent;
      /** The event that it was put before. */
      readonly before: StreamEvent;
      readonly violation: ProtocolViolation;
    }
  | {
      readonly action: 'drop';
      /** What was left out. */
      readonly event: StreamEvent;
      readonly violation: ProtocolViolation;
    };

/** What puts an event in order: other events before it, or dropping it. */
type Mend = readonly InsertedEvent[] | 'drop' | undefined;

/** The reasons to stop after a block, not inside it. */
const FINISHED: ReadonlySet<Message['stop_reason']> = new Set([
  'end_turn',
  'stop_sequence',
  'tool_use',
] as const);

const NO_END = 'The message ended inside this block';

/**
 * Puts events in order as far as that takes no guess. It belongs to one subscription.
 *
 * It never makes one answer of two and never invents the id or name of a call. What would need that is an error.
 */
export class ProtocolRepairer {
  readonly #checker = new ProtocolChecker();
  readonly #onRepair: (repair: ProtocolRepair) => void;

  /** @param onRepair - called with each repair, before the inserted event is emitted */
  constructor(onRepair: (repair: ProtocolRepair) => void) {
    this.#onRepair = onRepair;
  }

  /**
   * @param event - the next event
   * @param emit - called with whatever was missing before the event, then with the event itself
   * @throws StreamError `protocol` for an event that cannot be repaired
   */
  next<E extends StreamEvent>(event: E, emit: (event: E | InsertedEvent) => void): void {
    for (;;) {
      const violation = this.#checker.violationOf(event);
      if (violation === undefined) {
        this.#checker.take(event);
        emit(event);
        return;
      }
      const mend = this.#mendOf(violation, event);
      if (mend === undefined) throw this.#checker.errorOf(violation, event);
      if (mend === 'drop') {
        this.#onRepair({ action: 'drop', event, violation });
        return;
      }
      for (const missing of mend) {
        this.#onRepair({ action: 'insert', event: missing, before: event, violation });
        this.next<E | InsertedEvent>(missing, emit);
      }
    }
  }

  #mendOf(violation: ProtocolViolation, event: StreamEvent): Mend {
    switch (violation) {
      case 'no-message':
        return [events.messageStart()];
      case 'message-repeated':
      case 'block-repeated':
      case 'after-terminal':
        return 'drop';
      case 'block-unknown':
        return event.type === 'content_block_delta' ? startBefore(event) : 'drop';
      case 'block-ended':
        // A second end of a block is harmless, but growth or an abort after the end contradicts the end.
        return event.type === 'content_block_stop' ? 'drop' : undefined;
      case 'blocks-open':
        return this.#endsBefore(event);
      case 'message-unfinished':
      case 'index-taken':
      case 'bad-index':
      case 'wrong-delta':
        return undefined;
    }
  }

  /** Stops the open blocks if the model has finished them, and aborts them otherwise. */
  #endsBefore(event: StreamEvent): Mend {
    const isFinished = event.type === 'message_delta' && FINISHED.has(event.delta.stop_reason);
    return this.#checker.open.map((index) =>
      isFinished ? events.blockStop(index) : events.blockAbort(index, NO_END),
    );
  }
}

function startBefore({ index, delta }: StreamEvent & { readonly type: 'content_block_delta' }): Mend {
  const block = blockOf(delta);
  return block && [events.blockStart(index, block)];
}
