import { lettersOf } from './letters.js';
import { staircase } from './staircase.js';

describe('staircase', () => {
  it('reads a source, operators, rows, an unsubscription and subscriptions', () => {
    const drawing = `
      hot -a-^-b-
      > f({ by: 2 })
      --b-
      ---!
      ^--!
      > g()
      --c-
    `;
    expect(staircase(drawing)).toEqual({
      source: '-a-^-b-',
      temperature: 'hot',
      steps: [
        { operator: 'f({ by: 2 })', row: '--b-', unsubscribe: '---!', subscriptions: ['^--!'] },
        { operator: 'g()', row: '--c-', unsubscribe: undefined, subscriptions: [] },
      ],
    });
  });

  it('keeps the subscriptions of a source that is tried again', () => {
    const { steps } = staircase('-#\n> f()\n--#\n^!\n-^!');
    expect(steps[0]?.subscriptions).toEqual(['^!', '-^!']);
  });

  it.each([
    ['> f()\n-a-', 'A drawing begins with its source'],
    ['-a-', "An operator, '> …', stands under the source, not: nothing"],
    ['-a-\n-a-\n> f()', "An operator, '> …', stands under the source, not: -a-"],
    ['-a-\n> f()', 'Nothing is drawn under: > f()'],
    ['-a-\n> f()\n-a-\n-a-', 'Neither one unsubscription nor subscriptions stand under: > f()'],
    ['-a-\n> f()\n-a-\n-!\n--!', 'Neither one unsubscription nor subscriptions stand under: > f()'],
  ])('refuses %j', (drawing, message) => {
    expect(() => staircase(drawing)).toThrow(message);
  });
});

describe('lettersOf', () => {
  it('refuses a letter that would mean two things', () => {
    expect(() => lettersOf({ a: 1 }, { a: 2, b: 3 })).toThrow('The alphabet has these letters already: a');
  });
});
