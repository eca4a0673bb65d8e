import { from, type Observable } from 'rxjs';
import * as events from '../../src/events/make.js';
import { smoothText } from '../../src/index.js';
import { toCodeFences, toMarkdownBlocks, toSentences } from '../../src/text.js';
import { outcomeOf } from '../sources/outcome.js';

describe('an operator on text', () => {
  it.each([
    ['toSentences', toSentences()],
    ['toSentences', toSentences({ code: 'omit' })],
    ['toMarkdownBlocks', toMarkdownBlocks()],
    ['toCodeFences', toCodeFences()],
    ['smoothText', smoothText({ by: 'word' })],
  ])('%s says what to do with events, and with what is nothing', async (name, operator) => {
    for (const [given, named] of [
      [events.textDelta(0, 'Hello'), 'an event content_block_delta'],
      [undefined, 'undefined'],
      [null, 'null'],
      [{}, 'object'],
    ]) {
      const { values, error } = await outcomeOf(
        from([given] as string[]).pipe(operator as (pieces: Observable<string>) => Observable<unknown>),
      );
      expect(values).toEqual([]);
      expect(error).toMatchObject({ code: 'source', retryable: false });
      expect((error as Error).message).toBe(
        `${name} reads pieces of a text and got ${named as string}: put textDeltas() in front of it`,
      );
    }
  });
});
