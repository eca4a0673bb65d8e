/** A test that fails, for `scripts/runners.ts` to see what each test runner shows of it. */
import { dropPings } from 'rxjs-llm-stream';
import { runMarbles } from 'rxjs-llm-stream/testing';

it('fails', () => {
  runMarbles(({ llm, expectObservable }) => {
    expectObservable(llm('m-p-o-t-|').pipe(dropPings())).toBe('m---o-u-|');
  });
});
