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

/** An event that a repair adds. */
export type InsertedEvent =
  MessageStartEvent | ContentBlockStartEvent | ContentBlockStopEvent | BlockAbortEvent;

/** One thing that was done to bring events in order, and why. */
export type ProtocolRepair =
  | {
      readonly action: 'insert';
      /** What was missing. */
      readonly event: InsertedEvent;
      /** The event before which it was put. */
      readonly before: StreamEvent;
      readonly violation: ProtocolViolation;
    }
  | {
      readonly action: 'drop';
      /** What was left out. */
      readonly event: StreamEvent;
      readonly violation: ProtocolViolation;
    };

/** What brings an event in order: others before it, or its absence. */
type Mend = readonly InsertedEvent[] | 'drop' | undefined;

/** The reasons for which a model stops after a block, not inside it. */
const FINISHED: ReadonlySet<Message['stop_reason']> = new Set([
  'end_turn',
  'stop_sequence',
  'tool_use',
] as const);

const NO_END = 'The message ended inside this block';

/**
 * Brings events in order where nothing has to be guessed for it. It belongs to one subscription.
 *
 * Two answers are never made one, and no call is given an id or a name: what would take that is an error.
 */
export class ProtocolRepairer {
  readonly #checker = new ProtocolChecker();
  readonly #tell: (repair: ProtocolRepair) => void;

  /** @param tell - called with each repair, before what it inserted is emitted */
  constructor(tell: (repair: ProtocolRepair) => void) {
    this.#tell = tell;
  }

  /**
   * @param event - the next event
   * @param emit - called with what comes out: the event as it came, after what was missing before it
   * @throws StreamError `protocol` for what cannot be mended
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
        this.#tell({ action: 'drop', event, violation });
        return;
      }
      for (const missing of mend) {
        this.#tell({ action: 'insert', event: missing, before: event, violation });
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
        // That a block has ended twice is nothing new; that it grows or fails after its end contradicts the end.
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

  /** A block that the model finished gets the stop it lacks; one of which that is not known is given up. */
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
