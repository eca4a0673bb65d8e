import { distinctUntilChanged, filter, pipe, type OperatorFunction } from 'rxjs';
import type { MessageOf, StreamEvent } from '../events/event.js';
import { EstimatedUsage, type UsageEstimate } from '../fold/usage/estimatedUsage.js';
import { folded } from '../rx/folded.js';
import type { Usage } from '../events/usage.js';

/**
 * Emits what the message has used so far, at its start and each time that a number changes.
 *
 * ```text
 * -m-o-t-u-c-s-z-|
 * > accumulateUsage()
 * -1---------2---|
 * ^--------------!
 * ```
 *
 * The numbers in a `message_delta` are cumulative: each replaces the one before and is never added to it; one that is
 * absent or `null` changes nothing. Another message begins with its own numbers; {@link sumUsage} adds up several
 * messages. After a `reset` comes the usage of the next attempt.
 *
 * A message that broke off is billed as well: one that `stopOn()` stopped, that failed, or that a `reset` dropped. Where the
 * provider had told nothing of its output since the start, its last usage has `estimated: true`, the numbers of the start,
 * and `output_characters`: how much text, thinking and tool input came.
 *
 * ```ts
 * import { accumulateUsage, streamEvents, untilTerminal } from 'rxjs-llm-stream';
 * import { anthropic } from 'rxjs-llm-stream/anthropic';
 *
 * streamEvents('/api/chat', { codec: anthropic })
 *   .pipe(untilTerminal(), accumulateUsage())
 *   .subscribe(({ input_tokens, output_tokens }) => console.log(input_tokens, output_tokens));
 * ```
 *
 * @returns an operator from events to usages, in tokens; `output_characters` in UTF-16 code units
 * @throws StreamError `api` for an `error` event, `truncated` for a source that ends before `message_stop`,
 *   `protocol` for another message inside an unfinished one; errors of the source pass
 * @see {@link sumUsage} {@link accumulateMessage}
 * @see https://docs.claude.com/en/api/messages-streaming
 */
export function accumulateUsage<E extends StreamEvent>(): OperatorFunction<
  E,
  MessageOf<E>['usage'] & UsageEstimate
> {
  return pipe(
    folded<E, (Usage & UsageEstimate) | undefined, EstimatedUsage>({
      begin: () => new EstimatedUsage(),
      show: ({ usage }, emit) => emit(usage),
    }),
    distinctUntilChanged(),
    filter((usage): usage is MessageOf<E>['usage'] & UsageEstimate => usage !== undefined),
  );
}
