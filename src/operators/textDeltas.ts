import { filter, map, pipe, type OperatorFunction } from 'rxjs';
import { apiError } from '../errors/apiError.js';
import { textOf, type StreamEvent } from '../events/event.js';

/**
 * Emits the text as it comes, piece by piece, of all text blocks. Thinking and tool input are not text; empty
 * pieces are left out.
 *
 * ```text
 * -m-o-t-p-u-c-z-|
 * > textDeltas()
 * -----T---U-----|
 * ^--------------!
 * ```
 *
 * An `error` event is raised, for a failure must not look like the end of the text. Whether the stream was whole is
 * for {@link untilTerminal} to say; put it before.
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
 * @returns an operator from events to pieces of text, none of them empty
 * @throws StreamError `api` for an `error` event
 * @see {@link toText}
 */
export function textDeltas(): OperatorFunction<StreamEvent, string> {
  return pipe(
    map((event) => {
      if (event.type === 'error') throw apiError(event);
      return textOf(event);
    }),
    filter((text): text is string => text !== undefined && text !== ''),
  );
}
