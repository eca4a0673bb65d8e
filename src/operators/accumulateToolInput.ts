import type { OperatorFunction } from 'rxjs';
import type { StreamEvent } from '../events/event.js';
import { toolInputOf } from '../fold/calls/partialInput.js';
import type { InputReader } from '../fold/calls/inputReader.js';
import { watchedInput } from '../fold/calls/watchedInput.js';
import { Reply } from '../fold/message/reply.js';
import type { ToolInput, ToolOptions, ToolSchemas } from '../fold/calls/toolInput.js';
import { folded } from '../rx/folded.js';

/** Options of {@link accumulateToolInput}. */
export interface AccumulateToolInputOptions<
  Tools extends ToolSchemas | undefined = undefined,
> extends ToolOptions<Tools> {
  /**
   * Shows a container of more than 64 members, while it is open, through a read-only view instead of a copy, for whoever
   * reads every one of tens of thousands of inputs of a very wide container. A view is not plain: `structuredClone`,
   * `postMessage` and Immer refuse it. Default `false`.
   */
  readonly views?: boolean | undefined;
  /** Gives each input `closed`: where the values stand that have just been finished. Default `false`. */
  readonly closed?: boolean | undefined;
  /**
   * Makes an input `invalid` as soon as a finished member is not what the schema asks for, not only at the end of the
   * block. It takes a schema that can be asked for its members: zod's; of others, only what is none of the words of an
   * enum is found. A key that is repeated counts each time. Default `false`.
   */
  readonly early?: boolean | undefined;
}

/**
 * Emits the input of each tool call as it comes in: at the start of its block, on every delta, and when it is whole.
 * Each snapshot is parsed as far as the text goes, at the cost of reading the text once.
 *
 * ```text
 * -m-b-i-j-d-y-z-|
 * > accumulateToolInput()
 * ---0-1-2-3-----|
 * ^--------------!
 * ```
 *
 * An input is `partial` until its block stops; then `complete`, or `invalid` with the `error`: not JSON, not what the
 * schema asks for, or cut off. That is a value, and the stream goes on. Strings grow letter by letter; numbers and
 * literals show when they can no longer change. What did not change between two snapshots is the same object.
 *
 * With `tools`, `name` tells the type of `input`: all optional while partial, as the schema gives it when complete. A
 * string that has to be one of some words shows when it is one of them; from a value on that is none, nothing is shown. A
 * call of a tool that is not named there is invalid; one that the provider runs itself is left out.
 *
 * ```ts
 * import { accumulateToolInput, streamEvents, untilTerminal } from 'rxjs-llm-stream';
 * import { anthropic } from 'rxjs-llm-stream/anthropic';
 * import * as z from 'zod';
 *
 * const tools = { get_weather: z.object({ city: z.string() }) };
 *
 * streamEvents('/api/chat', { codec: anthropic })
 *   .pipe(untilTerminal(), accumulateToolInput({ tools }))
 *   .subscribe((call) => console.log(call.name, call.status, call.input));
 * ```
 *
 * Inputs are plain, the same however late they are read. Append `growth` to a view instead of
 * comparing strings that grow: to look into one makes the engine copy it whole.
 *
 * @param options - `tools`, the schemas of the inputs; `closed`, `early`, `views`
 * @returns an operator from events to inputs
 * @throws StreamError `api` for an `error` event, `truncated` for a source that ends inside a message or a block,
 *   `protocol` for events that contradict each other; errors of the source pass. Inputs that were open come out
 *   `invalid` before it
 * @see {@link toToolCalls}
 */
export function accumulateToolInput<Tools extends ToolSchemas | undefined = undefined>(
  options: AccumulateToolInputOptions<Tools> = {},
): OperatorFunction<StreamEvent, ToolInput<Tools>> {
  return folded<StreamEvent, ToolInput<Tools>, Reply<InputReader>>({
    begin: () => new Reply((start) => watchedInput(start, options)),
    show({ touched }, emit) {
      for (const draft of touched) {
        const input = toolInputOf(draft, options.tools, options.closed === true);
        if (input !== undefined) emit(input as ToolInput<Tools>);
      }
    },
  });
}
