import { switchMap, type Observable } from 'rxjs';
import { accumulateBlocks, stopOn, untilTerminal } from '../../src/index.js';
import type { Block, StreamEvent } from '../../src/index.js';

/**
 * The blocks of one answer at a time. The next question ends the answer before it; `stop` ends an answer, and what
 * was being written stays, as `aborted`. Either way the request is aborted.
 */
export function answers(
  questions: Observable<string>,
  stop: Observable<unknown>,
  ask: (question: string) => Observable<StreamEvent>,
): Observable<readonly Block[]> {
  return questions.pipe(
    switchMap((question) => ask(question).pipe(untilTerminal(), stopOn(stop), accumulateBlocks())),
  );
}
