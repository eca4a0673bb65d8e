import { distinctUntilChanged, filter, pipe, type OperatorFunction } from 'rxjs';
import type { StreamEvent } from '../events/event.js';
import { UsageSum } from '../fold/usage/usageSum.js';
import type { UsageTotals } from '../fold/usage/usageTotals.js';
import { folded } from '../rx/folded.js';

/**
 * Adds up what the messages of a stream have used: emits the totals at the first start and each time that a number in
 * them changes.
 *
 * ```text
 * -m-y-z-n-s-z-|
 * > sumUsage()
 * -1-2---3-4---|
 * ^------------!
 * ```
 *
 * Within a message, numbers replace those before them, as in {@link accumulateUsage}. The final numbers of each message
 * are added up, objects field by field. A number that no message reported is `null`, but `input_tokens` and
 * `output_tokens` are 0.
 *
 * A failed attempt that a `reset` drops counts with what it had said until then: a provider bills what it was sent.
 *
 * ```ts
 * import { concat } from 'rxjs';
 * import { streamEvents, sumUsage, untilTerminal } from 'rxjs-llm-stream';
 * import { anthropic } from 'rxjs-llm-stream/anthropic';
 *
 * const round = () => streamEvents('/api/chat', { codec: anthropic }).pipe(untilTerminal());
 *
 * concat(round(), round())
 *   .pipe(sumUsage())
 *   .subscribe(({ input_tokens, output_tokens }) => console.log(input_tokens + output_tokens));
 * ```
 *
 * @returns an operator from events to totals, in tokens and, for `server_tool_use`, in requests
 * @throws StreamError `api` for an `error` event, `truncated` for a source that ends before `message_stop`,
 *   `protocol` for another message inside an unfinished one; errors of the source pass
 * @see {@link accumulateUsage}
 */
export function sumUsage(): OperatorFunction<StreamEvent, UsageTotals> {
  return pipe(
    folded<StreamEvent, UsageTotals | undefined, UsageSum>({
      begin: () => new UsageSum(),
      show: ({ totals }, emit) => emit(totals),
    }),
    distinctUntilChanged(),
    filter((totals) => totals !== undefined),
  );
}
