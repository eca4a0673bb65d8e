import { defer, type OperatorFunction } from 'rxjs';
import { requireText } from '../errors/requireText.js';
import { transform } from '../rx/transform.js';
import { MarkdownReader, type MarkdownBlock } from './markdown/markdownReader.js';

/**
 * Cuts a Markdown text into its top-level blocks while it comes: emits the list of them with each piece. Finished blocks stay
 * the same objects, so a view renders only the last one anew.
 *
 * ```text
 * --A-B-C--|
 * > toMarkdownBlocks()
 * --D-E-F--(G|)
 * ^--------!
 * ```
 *
 * A block has the `kind` that CommonMark and GFM give it, and its `text`, with the blank lines behind it: all texts joined are
 * the text. The last one is `streaming`: `open` says what is open at its end, and `healed` is what to give to a renderer, with
 * what has begun closed and half a mark left out. The beginning of a line that may still become something else, such as
 * `**` or a number, waits for the next character.
 *
 * Rendered block by block, the text looks as it does as a whole, but for one thing: a link by reference finds its definition
 * only within its own block, as in 66 of the 652 examples of CommonMark. It reads pieces of one text; how they are cut
 * changes nothing. Its cost is linear in the text, except that the list of blocks is copied for each piece. So there are 2,048
 * blocks at most: the last of them, whose kind is `rest`, is all that stands behind the others.
 *
 * ```ts
 * import { latestPerFrame, streamEvents, textDeltas, untilTerminal } from 'rxjs-llm-stream';
 * import { anthropic } from 'rxjs-llm-stream/anthropic';
 * import { toMarkdownBlocks } from 'rxjs-llm-stream/text';
 *
 * streamEvents('/api/chat', { codec: anthropic })
 *   .pipe(untilTerminal(), textDeltas(), toMarkdownBlocks(), latestPerFrame())
 *   .subscribe((blocks) => render(blocks));
 * ```
 *
 * @returns an operator from pieces of text to the blocks so far; what waited comes with the last list, before completion; errors of the
 *   source pass
 * @see {@link textDeltas} {@link latestPerFrame}
 */
export function toMarkdownBlocks(): OperatorFunction<string, readonly MarkdownBlock[]> {
  return (pieces) =>
    defer(() => {
      const reader = new MarkdownReader();
      const end = (emit: (blocks: readonly MarkdownBlock[]) => void): void => {
        reader.end();
        if (reader.blocks.length > 0) emit(reader.blocks);
      };
      return pieces.pipe(
        transform<string, readonly MarkdownBlock[]>(
          (piece, emit) => {
            if (reader.next(requireText('toMarkdownBlocks', piece))) emit(reader.blocks);
          },
          { complete: end },
        ),
      );
    });
}
