import { defer, type OperatorFunction } from 'rxjs';
import { requireText } from '../errors/requireText.js';
import { transform } from '../rx/transform.js';
import { FenceScanner } from './fences/fenceScanner.js';

/** The code of a fence in a Markdown text, as far as it has come. */
export interface CodeFence {
  /** The first word behind its mark, such as `ts`; empty where there is none. */
  readonly language: string;
  /** All that stands behind its mark. */
  readonly info: string;
  readonly text: string;
  /** `aborted` where the text ended inside. */
  readonly status: 'streaming' | 'complete' | 'aborted';
}

/**
 * Emits the code fences of a Markdown text: each as it begins, as it grows, and when it is whole.
 *
 * ```text
 * --A-B-C--|
 * > toCodeFences()
 * --D-E-F--|
 * ^--------!
 * ```
 *
 * A fence stands at the beginning of a line, behind the marks of quotes and list items, however far it is indented; the
 * indentation of its first line is no part of its code, and neither is the line break before its end. A line that may close
 * it waits until that is known, so no text is taken back. One that nothing closes is `aborted` when the source completes.
 *
 * It reads pieces of one text; how they are cut changes nothing but how often a fence is shown.
 *
 * ```ts
 * import { filter } from 'rxjs';
 * import { streamEvents, textDeltas, untilTerminal } from 'rxjs-llm-stream';
 * import { anthropic } from 'rxjs-llm-stream/anthropic';
 * import { toCodeFences } from 'rxjs-llm-stream/text';
 *
 * streamEvents('/api/chat', { codec: anthropic })
 *   .pipe(untilTerminal(), textDeltas(), toCodeFences(), filter(({ status }) => status === 'complete'))
 *   .subscribe(({ language, text }) => save(language, text));
 * ```
 *
 * @returns an operator from pieces of text to code fences; errors of the source pass
 * @throws StreamError `source` for what is no text
 * @see {@link toMarkdownBlocks} {@link textDeltas}
 */
export function toCodeFences(): OperatorFunction<string, CodeFence> {
  return (pieces) =>
    defer(() => {
      let fence: CodeFence | undefined;
      let hasGrown = false;
      let show: (fence: CodeFence) => void = () => undefined;
      const scanner = new FenceScanner({
        text: () => undefined,
        open(info) {
          fence = { language: /^\S*/.exec(info)?.[0] ?? '', info, text: '', status: 'streaming' };
          hasGrown = true;
        },
        code(piece) {
          if (fence === undefined) return;
          fence = { ...fence, text: fence.text + piece };
          hasGrown = true;
        },
        close: () => finish('complete'),
      });
      const finish = (status: CodeFence['status']): void => {
        if (fence !== undefined) show({ ...fence, status });
        fence = undefined;
        hasGrown = false;
      };
      return pieces.pipe(
        transform<string, CodeFence>(
          (piece, emit) => {
            show = emit;
            scanner.next(requireText('toCodeFences', piece));
            if (fence !== undefined && hasGrown) emit(fence);
            hasGrown = false;
          },
          {
            complete(emit) {
              show = emit;
              scanner.end();
              finish('aborted');
            },
          },
        ),
      );
    });
}
