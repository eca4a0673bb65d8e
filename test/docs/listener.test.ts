import { from } from 'rxjs';
import { script } from '../../src/testing.js';
import { outcomeOf } from '../sources/outcome.js';
import { shownAndSpoken } from './listener.js';

describe('an answer that is guarded, shown and spoken', () => {
  it('says to neither eye nor ear what nobody is to see, and says each sentence in turn', async () => {
    const shown: string[] = [];
    const spoken: string[] = [];
    const answer = script()
      .text(
        'The key is sk-1234567890 for now. Ask about Project Falcon another time.\n\n```js\nrun();\n```\n',
      )
      .deltas({ words: 1 });
    const { values, error } = await outcomeOf(
      shownAndSpoken(from(answer), {
        show: (blocks) => shown.push(blocks.map(({ text }) => text).join('')),
        speak: async (sentence) => {
          spoken.push(sentence);
        },
      }),
    );
    expect([values, error]).toEqual([[], undefined]);
    expect(spoken).toEqual(['The key is [redacted] for now.', 'Ask about [redacted] another time.']);
    expect(shown.at(-1)).toBe(
      'The key is [redacted] for now. Ask about [redacted] another time.\n\n```js\nrun();\n```\n',
    );
    for (const text of shown) expect(text).not.toMatch(/sk-|Falcon|Project/);
  });
});
