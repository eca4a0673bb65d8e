import { filter, map, pipe, type OperatorFunction } from 'rxjs';
import { isMessageUpdate, type AnyRpcEvent, type AssistantEvent } from './wire.js';

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
 * The response that says how the turn went is removed too. To end with the turn, read the frames with
 * `decode(synapsTurn({ promptId }))` and `untilTerminal()` instead.
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
