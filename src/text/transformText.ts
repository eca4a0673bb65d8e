import { defer, type OperatorFunction } from 'rxjs';
import type { ContentBlockDeltaEvent, EventsWith, StreamEvent } from '../events/event.js';
import { transform } from '../rx/transform.js';
import { TextBlocks } from './blocks/textBlocks.js';
import type { TextKind, TextMachine } from './blocks/textMachine.js';

/** Options of {@link transformText}. */
export interface TransformTextOptions {
  /** Which texts are shaped. Default `text`: what the model says, not its thinking, nor the JSON of its calls. */
  readonly of?: TextKind | readonly TextKind[] | undefined;
}

/**
 * Lets a machine of yours shape each text while it streams: it is given the pieces of one block, and what it gives back is
 * shown in their place. It may hold back what it is not sure of.
 *
 * ```text
 * -m-o-t-u-c---z-|
 * > transformText(late)
 * -m-o---t-(uc)z-|
 * ^--------------!
 * ```
 *
 * `start` makes a machine for each block. Its `next` takes a piece and gives what can be shown now; its `end` gives what it
 * held back. That comes before the block stops or is aborted, before an `error` event, before the source fails and before
 * it completes; a `reset` drops it. A piece that stays as it is comes in the same event.
 *
 * A machine sees whole characters: half a surrogate pair waits for its other half, in what it is given and in what it
 * gives. Text that stands in the start of a block is its first piece. Blocks that are written side by side, and those of
 * sub-agents, have machines of their own. The input of a tool reaches it as the pieces of its JSON.
 *
 * ```ts
 * import { streamEvents, untilTerminal } from 'rxjs-llm-stream';
 * import { anthropic } from 'rxjs-llm-stream/anthropic';
 * import { transformText } from 'rxjs-llm-stream/text';
 *
 * const shouted = () => ({ next: (piece: string) => piece.toUpperCase(), end: () => '' });
 *
 * streamEvents('/api/chat', { codec: anthropic })
 *   .pipe(untilTerminal(), transformText(shouted))
 *   .subscribe((event) => console.log(event.type));
 * ```
 *
 * @param start - makes the machine of a text, given its kind
 * @param options - `of`, which texts are shaped: `text`, `thinking`, `input`, or several of them
 * @returns an operator from events to events
 * @throws StreamError `source` with what a machine threw as its cause; errors of the source pass
 * @see {@link guardText}
 */
export function transformText<E extends StreamEvent>(
  start: (kind: TextKind) => TextMachine,
  options?: TransformTextOptions,
): OperatorFunction<E, EventsWith<E, ContentBlockDeltaEvent>>;
export function transformText(
  start: (kind: TextKind) => TextMachine,
  { of = 'text' }: TransformTextOptions = {},
): OperatorFunction<StreamEvent, StreamEvent> {
  const kinds = new Set(typeof of === 'string' ? [of] : of);
  return (events) =>
    defer(() => {
      const blocks = new TextBlocks({ start: (kind) => requireMachine(start(kind)), kinds });
      return events.pipe(
        transform<StreamEvent, StreamEvent>((event, emit) => blocks.add(event, emit), {
          complete: (emit) => blocks.end(emit),
          error: (_, emit) => blocks.end(emit),
        }),
      );
    });
}

/** Requires a machine, for who gave what turns one text into another. */
function requireMachine(machine: TextMachine): TextMachine {
  if (typeof machine?.next === 'function') return machine;
  throw new TypeError('transformText() takes a function that makes a machine, { next, end }, for each text');
}
