import { from } from 'rxjs';
import type { StreamError } from '../../../src/errors/streamError.js';
import type { StreamEvent } from '../../../src/events/event.js';
import { abortOpenBlocks } from '../../../src/operators/abortOpenBlocks.js';
import { checkProtocol } from '../../../src/operators/checkProtocol.js';

/** What the operators that restore order make of decoded events, and what they fail with. */
export function inOrder(decoded: readonly StreamEvent[]): {
  readonly arrived: readonly StreamEvent[];
  readonly failure?: StreamError;
} {
  const arrived: StreamEvent[] = [];
  let failure: StreamError | undefined;
  from(decoded)
    .pipe(checkProtocol({ mode: 'repair' }), abortOpenBlocks())
    .subscribe({ next: (event) => arrived.push(event), error: (error: StreamError) => (failure = error) });
  return failure === undefined ? { arrived } : { arrived, failure };
}
