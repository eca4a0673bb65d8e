import type { StreamEvent } from '../events/event.js';

/** Knows whether more is to come of a stream, by what its main agent says. It belongs to one subscription. */
export class Outlook {
  /** Whether a terminal event has come and nothing has begun since: the rest of the body says nothing. */
  hasEnded = false;
  #stopReason: string | null = null;

  /** Whether nothing follows. Behind the calls of tools, only the server knows whether it runs them and goes on. */
  get isOver(): boolean {
    return this.hasEnded && this.#stopReason !== 'tool_use' && this.#stopReason !== 'pause_turn';
  }

  note(event: StreamEvent): void {
    // Nearly every event is one.
    if (event.type === 'content_block_delta' || event.lane) return;
    switch (event.type) {
      case 'message_start':
      case 'reset':
        this.hasEnded = false;
        break;
      case 'message_delta':
        this.#stopReason = event.delta.stop_reason;
        break;
      case 'message_stop':
      case 'error':
        this.hasEnded = true;
        break;
      default:
        break;
    }
  }
}
