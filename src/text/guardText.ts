import { defer, Subject, takeUntil, type OperatorFunction } from 'rxjs';
import type { BlockAbortEvent, EventsWith, StreamEvent, ToolResultEvent } from '../events/event.js';
import { messageDelta } from '../events/make.js';
import { Stopping } from '../fold/order/stopping.js';
import { transform } from '../rx/transform.js';
import { TextBlocks } from './blocks/textBlocks.js';
import { GuardedJson } from './guard/guardedJson.js';
import { GuardedText } from './guard/guardedText.js';
import { Guarding, type Replacement } from './guard/guarding.js';
import { searched } from './pattern/search.js';

/** What {@link guardText} does with a match. */
export type GuardTextOptions =
  | {
      /** What stands in its place, as it is, or a function of what was matched. Default `[redacted]`. */
      readonly replace?: Replacement | undefined;
      readonly stop?: false | undefined;
    }
  | {
      /** The reply ends before it, as a refusal: `true`, or the reason that its blocks and calls are told. */
      readonly stop: true | string;
      readonly replace?: undefined;
    };

const KINDS = new Set(['text', 'thinking', 'input'] as const);
const REASON = 'The answer had to be stopped';

/**
 * Keeps out of a stream what nobody is to see: replaces each match of a pattern, however it is cut into pieces, or ends the
 * reply before the first.
 *
 * ```text
 * -m-o-A-B-C-c-z-|
 * > guardText([/sk-\w+/])
 * -m-o-D---E-c-z-|
 * ^--------------!
 * ```
 *
 * It replaces what `String.prototype.replace` would replace in the whole text, the first from the left, and of several
 * patterns at one place that of the first: put a longer text in front of one that it begins with. What may still become a
 * match waits, to the character; nothing else does. So a pattern without an end, `/<!--.*-->/s`, holds back all that follows
 * its beginning: give it one, such as `{0,80}`. Its cost is linear in the text. Hundreds of patterns cost
 * little more than a few: each costs where it may begin, and texts in a row are searched for as one.
 *
 * Guarded are text, thinking and the input of tools: there each string and each name by itself, decoded, so that no escape
 * hides anything; a number in which something is replaced becomes a string. Blocks are guarded one by one, those of
 * sub-agents too. Citations, results of tools and whole blocks of other types pass.
 *
 * With `stop`, the reply ends before the first match, as soon as there is one: each open block is aborted, each call that
 * has no result gets one, and the message ends with the stop reason `refusal`, as {@link stopOn} does with `cancelled`. The
 * source is unsubscribed before. Thinking in which something was replaced has lost what its signature signs.
 *
 * ```ts
 * import { streamEvents, textDeltas, untilTerminal } from 'rxjs-llm-stream';
 * import { anthropic } from 'rxjs-llm-stream/anthropic';
 * import { guardText } from 'rxjs-llm-stream/text';
 *
 * streamEvents('/api/chat', { codec: anthropic })
 *   .pipe(untilTerminal(), guardText([/\bsk-[\w-]{8,200}/, 'Project Falcon']), textDeltas())
 *   .subscribe((text) => output.append(text));
 * ```
 *
 * @param patterns - regular expressions, or texts that are meant word for word. The flags `i`, `m`, `s`, `u` and `v` mean
 *   what they mean, and every match counts, with `g` or without
 * @param options - `replace`, what stands in the place of a match; or `stop`, `true` or the reason that is given
 * @returns an operator from events to events
 * @throws TypeError, when it is called, for what is not a list, for a pattern that has back references, looks ahead or
 *   behind, octal escapes or the flag `y`, for one that the empty text matches, and for patterns of more than 20,000 states
 * @see {@link transformText} {@link stopOn}
 */
export function guardText<E extends StreamEvent>(
  patterns: readonly (RegExp | string)[],
  options?: GuardTextOptions,
): OperatorFunction<E, EventsWith<E, BlockAbortEvent | ToolResultEvent>>;
export function guardText(
  patterns: readonly (RegExp | string)[],
  { replace = '[redacted]', stop }: GuardTextOptions = {},
): OperatorFunction<StreamEvent, StreamEvent> {
  const ready = searched(patterns);
  const isStopping = stop !== undefined && stop !== false;
  const reason = typeof stop === 'string' ? stop : REASON;
  return (events) =>
    defer(() => {
      const guarding = new Guarding(ready, isStopping ? undefined : replace);
      const blocks = new TextBlocks({
        start: (kind) => (kind === 'input' ? new GuardedJson(guarding) : new GuardedText(guarding)),
        kinds: KINDS,
        isOver: () => guarding.hasFound,
      });
      const stopping = new Stopping();
      const found = new Subject<void>();
      /** Whether a match has ended all, and its end has begun. */
      let isStopped = false;
      const attempt = events.pipe(takeUntil(found));
      return attempt.pipe(
        transform<StreamEvent, StreamEvent>(
          (event, emit) => {
            // What came while the last event was delivered.
            if (isStopped) return;
            blocks.add(event, (shown) => {
              if (isStopping) stopping.add(shown);
              emit(shown);
            });
            isStopped = guarding.hasFound;
            if (isStopped) found.next();
          },
          {
            complete(emit) {
              if (!isStopped) blocks.end(emit);
              if (guarding.hasFound) refusal(stopping, reason).forEach(emit);
            },
            error(_, emit) {
              if (!isStopped) blocks.end(emit);
            },
          },
        ),
      );
    });
}

/** What ends the reply: as a stop does, except that somebody refused. */
function refusal(stopping: Stopping, reason: string): readonly StreamEvent[] {
  const explained = { type: 'refusal', category: null, explanation: reason } as const;
  return stopping.stop(reason).map((event) => {
    if (event.type !== 'message_delta') return event;
    const { output_tokens } = event.usage;
    return messageDelta('refusal', { output_tokens, stop_details: explained });
  });
}
