import { concatMap, connect, ignoreElements, merge, tap, type Observable } from 'rxjs';
import { latestPerFrame, textDeltas, type StreamEvent } from '../../src/index.js';
import { guardText, toMarkdownBlocks, toSentences, type MarkdownBlock } from '../../src/text.js';

export interface Listener {
  readonly show: (blocks: readonly MarkdownBlock[]) => void;
  /** Speaks one sentence, and settles when it is spoken. */
  readonly speak: (sentence: string) => Promise<void>;
}

/** Shows an answer and speaks it; completes when the last sentence is spoken. */
export function shownAndSpoken(
  answer: Observable<StreamEvent>,
  { show, speak }: Listener,
): Observable<never> {
  return answer.pipe(
    guardText([/\bsk-[\w-]{8,200}/, 'Project Falcon']),
    textDeltas(),
    connect((text) =>
      merge(
        text.pipe(toMarkdownBlocks(), latestPerFrame(), tap(show)),
        text.pipe(toSentences({ locale: 'en', min: 20, code: 'omit' }), concatMap(speak)),
      ),
    ),
    ignoreElements(),
  );
}
