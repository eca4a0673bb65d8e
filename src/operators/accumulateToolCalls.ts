import type { OperatorFunction } from 'rxjs';
import type { StreamEvent } from '../events/event.js';
import { CallList } from '../fold/calls/callList.js';
import type { ToolOptions, ToolSchemas } from '../fold/calls/toolInput.js';
import type { ToolInvocation } from '../fold/calls/toolInvocation.js';
import { folded } from '../rx/folded.js';

/**
 * Emits all tool calls so far, in the order they began, each time that one of them begins, grows, becomes certain or is
 * answered: each call with its input and, in the end, its result. A call that did not change is the same object as
 * before, so that a view repaints only what grew.
 *
 * ```text
 * -m-b-i-j-d-y-z-l-|
 * > accumulateToolCalls()
 * ---0-1-2-----3-4-|
 * ^----------------!
 * ```
 *
 * | `status` | means |
 * | --- | --- |
 * | `streaming` | the input comes in, or it is not certain that the reply was not cut off inside it |
 * | `queued` | the input is whole, certain and valid: the tool can be run |
 * | `approval` | somebody is asked whether it may be run |
 * | `running` | the tool has said how far it is: `progress` |
 * | `done` | the tool gave `result` |
 * | `failed` | the tool gave `result`, and that is an error |
 * | `denied` | it may not be run; `reason` may say why |
 * | `cancelled` | the turn was stopped before the tool had finished |
 * | `invalid` | never to be run, and `error` says why: `tool-input` or `truncated`, as {@link toToolCalls} tells them |
 *
 * Results come as `tool_result` events, which may follow their message, so the operator goes on until the source
 * completes; for tools that the provider runs, as blocks of the message. A later result of a call replaces the one
 * before; one of a call that a `reset` dropped, or that `tools` left out, is passed over, and so is a block with the
 * result of a call in an earlier reply. Several messages in one stream keep their calls; a `reset` drops those of the
 * message that failed.
 *
 * ```ts
 * import { map, merge, mergeMap, share } from 'rxjs';
 * import { accumulateToolCalls, events, streamEvents, toToolCalls, untilTerminal } from 'rxjs-llm-stream';
 * import { anthropic } from 'rxjs-llm-stream/anthropic';
 *
 * const reply = streamEvents('/api/chat', { codec: anthropic }).pipe(untilTerminal(), share());
 * const results = reply.pipe(
 *   toToolCalls(),
 *   mergeMap((call) => run(call).pipe(map((content) => events.toolResult(call.id, content)))),
 * );
 *
 * merge(reply, results)
 *   .pipe(accumulateToolCalls())
 *   .subscribe((calls) => render(calls));
 * ```
 *
 * `input` of a streaming call is made when it is read, the same however late.
 *
 * @param options - `tools`, the schemas of the inputs; a call of a tool that is not named there is invalid, one that
 *   the provider runs itself is left out
 * @returns an operator from events to arrays of calls
 * @throws StreamError `api` for an `error` event, `truncated` for a source that ends inside a message or a block,
 *   `protocol` for events that contradict each other, a `tool_result` of a call that never began among them; errors of
 *   the source pass. Calls that were not certain are `invalid` in the last array before it
 * @see {@link toToolCalls} {@link accumulateToolInput}
 */
export function accumulateToolCalls<Tools extends ToolSchemas | undefined = undefined>(
  options: ToolOptions<Tools> = {},
): OperatorFunction<StreamEvent, readonly ToolInvocation<Tools>[]> {
  return folded<StreamEvent, readonly ToolInvocation<Tools>[], CallList<Tools>>({
    begin: () => new CallList(options.tools),
    show(calls, emit) {
      if (calls.changed) emit(calls.list);
    },
  });
}
