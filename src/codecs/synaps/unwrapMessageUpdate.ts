import { filter, map, pipe, type OperatorFunction } from 'rxjs';
import { isMessageUpdate, type AnyRpcEvent, type AssistantEvent } from './rpcEvent.js';

/**
 * Takes the event of the assistant out of each `message_update`, and removes everything else.
 *
 * ```text
 * -r-t-u-x-e-p-|
 * > unwrapMessageUpdate()
 * ---T-U-------|
 * ^------------!
 * ```
 *
 * How the turn went is told by what it removes: put {@link untilTurnEnd} before it.
 *
 * ```ts
 * import { from } from 'rxjs';
 * import { ndjson } from 'rxjs-llm-stream';
 * import { decodeRpc, unwrapMessageUpdate } from 'rxjs-llm-stream/synaps';
 *
 * from(['{"type":"message_update","event":{"type":"text_delta","delta":"hi"}}\n'])
 *   .pipe(ndjson(), decodeRpc(), unwrapMessageUpdate())
 *   .subscribe(console.log);
 * // { type: 'text_delta', delta: 'hi' }
 * ```
 *
 * @returns an operator from the protocol's events to those of the assistant
 * @see {@link decodeRpc}
 */
export function unwrapMessageUpdate(): OperatorFunction<AnyRpcEvent, AssistantEvent> {
  return pipe(
    filter(isMessageUpdate),
    map(({ event }) => event),
  );
}
