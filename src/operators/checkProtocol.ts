import { defer, type MonoTypeOperatorFunction, type OperatorFunction } from 'rxjs';
import type { EventsWith, StreamEvent } from '../events/event.js';
import { ProtocolChecker } from '../fold/order/protocolChecker.js';
import { ProtocolRepairer, type InsertedEvent, type ProtocolRepair } from '../fold/order/protocolRepair.js';
import { transform } from '../rx/transform.js';

/** Options of {@link checkProtocol}. */
export interface CheckProtocolOptions {
  /** What an event out of order becomes: an error, or, where that takes no guess, one in order. Default `strict`. */
  readonly mode?: 'strict' | 'repair' | undefined;
  /** Called with each repair at the moment it is made, before what it inserted comes out. */
  readonly onRepair?: ((repair: ProtocolRepair) => void) | undefined;
}

/**
 * Watches the order of the events: lets pass what is in order, and raises an error in place of the first event that
 * is not. Asked to repair, it inserts starts and ends that a server forgot, and drops what was sent twice or after the
 * end.
 *
 * ```text
 * -m-t---p-t-s---z-z-|
 * > checkProtocol({ mode: 'repair' })
 * -m-(ot)p-t-(cs)z---|
 * ^------------------!
 * ```
 *
 * In order are: a message's start, blocks that each begin at an index of their own, grow by deltas of their kind and
 * end, why the message ends, and its end; then another message. `ping`, `tool_result` and events of unknown types may
 * stand anywhere, and a `reset` begins anew. Only a model that was cut off (`max_tokens`) may leave a block open. An
 * end that comes too early is for `untilTerminal` to tell.
 *
 * A repair never makes one answer of two and never names a call, so some faults are errors in both modes: another
 * message inside an unfinished one, two blocks at one index, a tool's input without its start, a delta that its block
 * does not take, an index that is none. What is in order already comes out as it is.
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
 * @param options - whether to repair, and who is told of it
 * @returns an operator from events to events in order
 * @throws StreamError `protocol` for an event out of order, and in repair for one that cannot be mended; `retryable`
 *   where another message began inside an unfinished one
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
  // Nobody asked to be told.
}
