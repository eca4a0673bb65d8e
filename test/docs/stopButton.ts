import { endWith, switchMap, type Observable } from 'rxjs';
import { abortOpenBlocks, accumulateBlocks, events, untilTerminal } from '../../src/index.js';
import type { Block, StreamEvent } from '../../src/index.js';

/**
 * The blocks of one answer at a time. The next question lets go of the answer before it; `stop` ends an answer, and what
 * was being written stays, as `aborted`. Either way the request is aborted.
 */
export function answers(
  questions: Observable<string>,
  stop: Observable<unknown>,
  ask: (question: string) => Observable<StreamEvent>,
): Observable<readonly Block[]> {
  return questions.pipe(
    switchMap((question) =>
      ask(question).pipe(
        untilTerminal(),
        abortOpenBlocks(undefined, stop),
        // A stopped answer has an end too; of any other, the end that it has is the first.
        endWith(events.messageStop()),
        untilTerminal({ truncation: 'complete' }),
        accumulateBlocks(),
      ),
    ),
  );
}
