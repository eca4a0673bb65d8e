import { defer, type MonoTypeOperatorFunction, type OperatorFunction } from 'rxjs';
import type { EventsWith, StreamEvent } from '../events/event.js';
import { ProtocolChecker } from '../fold/order/protocolChecker.js';
import { ProtocolRepairer, type InsertedEvent, type ProtocolRepair } from '../fold/order/protocolRepair.js';
import { transform } from '../rx/transform.js';

/** Options of {@link checkProtocol}. */
export interface CheckProtocolOptions {
  /** Whether an event out of order is an error, or is put in order if that takes no guess. Default `strict`. */
  readonly mode?: 'strict' | 'repair' | undefined;
  /** Called with each repair at once, before the inserted event comes out. What it throws fails the stream. */
  readonly onRepair?: ((repair: ProtocolRepair) => void) | undefined;
}

/**
 * Checks the order of the events: passes those in order and raises an error in place of the first one that is not. In
 * `repair` mode it inserts starts and ends that a server forgot, and drops what was sent twice or after the end.
 *
 * ```text
 * -m-t---p-t-s---z-z-|
 * > checkProtocol({ mode: 'repair' })
 * -m-(ot)p-t-(cs)z---|
 * ^------------------!
 * ```
 *
 * The order is: the start of a message; blocks, each of which begins at an index of its own, grows by deltas of its kind
 * and ends; the reason why the message ends; its end; then perhaps another message. A `ping`, a `tool_result` and events
 * of unknown types may come anywhere, and a `reset` begins anew. Only a model that was cut off (`max_tokens`) may leave a
 * block open. A stream that ends too early is the concern of `untilTerminal`.
 *
 * A repair never makes one answer of two and never invents the name of a call, so some faults are errors in both modes:
 * another message inside an unfinished one, two blocks at one index, the input of a tool without its start, a delta that
 * its block does not take, an invalid index. Events in order pass unchanged.
 *
 * ```ts
 * import { checkProtocol, streamEvents, untilTerminal } from 'rxjs-llm-stream';
 * import { anthropic } from 'rxjs-llm-stream/anthropic';
 *
 * streamEvents('/gateway', { codec: anthropic })
 *   .pipe(
 *     checkProtocol({ mode: 'repair', onRepair: ({ action, event, violation }) => log(action, event.type, violation) }),
 *     untilTerminal(),
 *   )
 *   .subscribe(console.log);
 * ```
 *
 * @param options - whether to repair, and a callback for each repair
 * @returns an operator from events to events in order
 * @throws StreamError `protocol` for an event out of order, in `repair` mode only if it cannot be repaired; `retryable`
 *   if another message began inside an unfinished one
 * @see {@link untilTerminal}
 */
export function checkProtocol<E extends StreamEvent>(
  options?: CheckProtocolOptions & { readonly mode?: 'strict' | undefined },
): MonoTypeOperatorFunction<E>;
export function checkProtocol<E extends StreamEvent>(
  options: CheckProtocolOptions,
): OperatorFunction<E, EventsWith<E, InsertedEvent>>;
export function checkProtocol(options: CheckProtocolOptions = {}): MonoTypeOperatorFunction<StreamEvent> {
  const { mode = 'strict', onRepair = ignore } = options;
  return (events) =>
    defer(() => {
      const next = mode === 'repair' ? repairing(onRepair) : checking();
      return events.pipe(transform(next));
    });
}

type Step = (event: StreamEvent, emit: (event: StreamEvent) => void) => void;

function checking(): Step {
  const checker = new ProtocolChecker();
  return (event, emit) => {
    checker.check(event);
    emit(event);
  };
}

function repairing(onRepair: (repair: ProtocolRepair) => void): Step {
  const repairer = new ProtocolRepairer(onRepair);
  return (event, emit) => repairer.next<StreamEvent>(event, emit);
}

function ignore(): void {
  // Nobody asked for the repairs.
}
