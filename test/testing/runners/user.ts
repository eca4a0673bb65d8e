/** Tests as a user of the package writes them. `scripts/runners.ts` runs this one file with every test runner. */
import assert from 'node:assert/strict';
import { filter, map, type OperatorFunction } from 'rxjs';
import { dropPings, StreamError, toBlocks, untilTerminal, type StreamEvent } from 'rxjs-llm-stream';
import { runMarbles, script } from 'rxjs-llm-stream/testing';

/** How many words each text block has, once it is finished. */
function wordsPerBlock(): OperatorFunction<StreamEvent, number> {
  return (events) =>
    events.pipe(
      toBlocks(),
      filter((block) => block.type === 'text'),
      map(({ text }) => text.split(/\s+/).filter((word) => word !== '').length),
    );
}

describe('wordsPerBlock', () => {
  it('counts the words of a text block when it ends', () => {
    runMarbles(({ llm, expectObservable, expectSubscriptions }) => {
      const source = llm('m-o-t-u-c-s-z|');
      expectObservable(source.pipe(wordsPerBlock())).toBe('--------A----|', { A: 2 });
      expectSubscriptions(source.subscriptions).toBe('^------------!');
    });
  });

  it('counts the same, however the text is cut', () => {
    const answer = script().thinking('Hm').text('One, two three').toolUse('count', { to: 3 });
    for (const characters of [1, 2, 5, 100]) {
      runMarbles(({ llm, expectObservable }) => {
        const counts = llm(answer.deltas({ characters })).pipe(wordsPerBlock());
        expectObservable(counts).toBe('(A|)', { A: 3 });
      });
    }
  });

  it('passes on an error', () => {
    runMarbles(({ llm, expectObservable }) => {
      expectObservable(llm('m-o-t-#').pipe(dropPings(), untilTerminal())).toBe('m-o-t-#');
    });
  });

  it('tells errors apart that say the same', () => {
    const message = 'The connection was lost';
    for (const error of [new TypeError(message), new StreamError('limit', message)]) {
      assert.throws(
        () => runMarbles(({ llm, expectObservable }) => expectObservable(llm('-#')).toBe('-#', {}, error)),
        { name: 'Error', message: /^The marbles differ in frame 1/ },
      );
    }
  });
});
