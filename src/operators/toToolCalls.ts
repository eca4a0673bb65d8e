import type { OperatorFunction } from 'rxjs';
import type { StreamEvent } from '../events/event.js';
import { CertainCalls } from '../fold/calls/certainCalls.js';
import type { ToolCall, ToolOptions, ToolSchemas } from '../fold/calls/toolInput.js';
import { folded } from '../rx/folded.js';

/**
 * Emits each tool call once, when it is certain that the reply was not cut off inside it: when the next block begins,
 * or the message ends with a stop reason that does not cut it off.
 *
 * ```text
 * -m-b-i-j-d-B-J-D-y-z-|
 * > toToolCalls()
 * -----------1-------2-|
 * ^--------------------!
 * ```
 *
 * Only a `complete` call has an `input` to run it with. An `invalid` one has the `error` and the text: `tool-input` for
 * an input that is not JSON or not what the schema asks for, `truncated` for one that the reply, or its failure, may
 * have cut off, even if it reads as JSON. What cuts a reply off: `max_tokens`, `model_context_window_exceeded`, `refusal`,
 * `cancelled`, no stop reason at all, and a failure. Two calls may have one id, and are two calls all the same.
 *
 * ```ts
 * import { streamEvents, toToolCalls, untilTerminal } from 'rxjs-llm-stream';
 * import { anthropic } from 'rxjs-llm-stream/anthropic';
 * import * as z from 'zod';
 *
 * const tools = { get_weather: z.object({ city: z.string() }) };
 *
 * streamEvents('/api/chat', { codec: anthropic })
 *   .pipe(untilTerminal(), toToolCalls({ tools }))
 *   .subscribe((call) => {
 *     if (call.status === 'complete') console.log(call.name, call.input.city);
 *     else console.warn(call.name, call.error.message);
 *   });
 * ```
 *
 * @param options - `tools`, the schemas of the inputs; a call of a tool that is not named there is invalid, one that
 *   the provider runs itself is left out
 * @returns an operator from events to calls
 * @throws StreamError `api` for an `error` event, `truncated` for a source that ends inside a message or a block,
 *   `protocol` for events that contradict each other; errors of the source pass. Calls that were not certain come out
 *   `invalid` before it
 * @see {@link accumulateToolInput}
 */
export function toToolCalls<Tools extends ToolSchemas | undefined = undefined>(
  options: ToolOptions<Tools> = {},
): OperatorFunction<StreamEvent, ToolCall<Tools>> {
  return folded<StreamEvent, ToolCall<Tools>, CertainCalls<Tools>>({
    begin: () => new CertainCalls(options.tools),
    show: ({ certain }, emit) => certain.forEach(emit),
  });
}
