import { defer, type OperatorFunction } from 'rxjs';
import type { StreamEvent } from '../events/event.js';
import { BETWEEN, type TextOptions } from '../fold/message/between.js';
import { MessageText } from '../fold/message/messageText.js';
import { transform } from '../rx/transform.js';

/**
 * Emits the text as it comes, piece by piece, of all text blocks. What stands in the start of a block or of the message is
 * text too; thinking and tool input are not. Empty pieces are left out.
 *
 * ```text
 * -m-o-t-p-u-c-z-|
 * > textDeltas()
 * -----T---U-----|
 * ^--------------!
 * ```
 *
 * Where something else stood between two texts, a call, a result or thinking, and between two messages, the next piece
 * begins with `between`; it never stands at the beginning or the end of all. Neighbouring text blocks are one text.
 *
 * Joined, the pieces of a whole message are what {@link toText} gives, unless its blocks are written side by side: then
 * pieces come as they come, and `between` stands once for each passage, by the order in which the blocks began. A piece ends between two code points: half a
 * surrogate pair waits for its other half, and comes as it is where its block ends without one.
 *
 * An `error` event is raised, for a failure must not look like the end of the text, and so is a message that begins
 * inside another. Whether the stream was whole is for {@link untilTerminal} to say; put it before.
 *
 * ```ts
 * import { streamEvents, textDeltas, untilTerminal } from 'rxjs-llm-stream';
 * import { anthropic } from 'rxjs-llm-stream/anthropic';
 *
 * streamEvents('/api/chat', { codec: anthropic })
 *   .pipe(untilTerminal(), textDeltas())
 *   .subscribe((text) => process.stdout.write(text));
 * ```
 *
 * @param options - `between`: what stands between two texts, two line feeds by default
 * @returns an operator from events to pieces of text, none of them empty
 * @throws StreamError `api` for an `error` event, `protocol` for another message inside an unfinished one; errors of the
 *   source pass
 * @see {@link toText}
 */
export function textDeltas({ between = BETWEEN }: TextOptions = {}): OperatorFunction<StreamEvent, string> {
  return (events) =>
    defer(() => {
      const text = new MessageText(between);
      return events.pipe(
        transform<StreamEvent, string>((event, emit) => text.add(event, emit), {
          complete: (emit) => text.end(emit),
          error: (_, emit) => text.end(emit),
        }),
      );
    });
}
