import { BehaviorSubject } from 'rxjs';

/**
 * Makes a gate, open at first, for a transport that `respond` does not know: a WebSocket, say. Close it with
 * `gate.next(false)` while the other side does not take what was sent, and open it with `gate.next(true)`. What is given
 * the gate waits for it: the sources do not read, and `streamTimeout` holds its clocks.
 *
 * ```ts
 * import { untilTerminal, streamTimeout } from 'rxjs-llm-stream';
 * import { streamMessages } from 'rxjs-llm-stream/anthropic';
 * import { gate } from 'rxjs-llm-stream/server';
 *
 * const open = gate();
 * socket.on('drain', () => open.next(true));
 * streamMessages(params, { gate: open })
 *   .pipe(streamTimeout({ idle: 20_000, gate: open }), untilTerminal())
 *   .subscribe((event) => open.next(socket.write(JSON.stringify(event))));
 * ```
 *
 * @returns the gate of one stream
 * @see respond
 */
export function gate(): BehaviorSubject<boolean> {
  return new BehaviorSubject(true);
}
