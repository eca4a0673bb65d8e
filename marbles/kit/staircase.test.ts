import { TestScheduler } from 'rxjs/testing';
import { lettersOf } from './letters.js';
import { span, timeline } from './notation.js';
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

describe('timeline', () => {
  it.each(['-a-(bc|)', '  -a- 10ms b-#', '(a|)', '- 1.5s a', '-a-b-', ''])('reads %j as RxJS does', (row) => {
    const scheduler = new TestScheduler(() => undefined);
    const frames = scheduler.run(() => TestScheduler.parseMarbles(row, {}, 'error', false, true));
    expect(timeline(row).marks.map(({ frame }) => frame)).toEqual(frames.map(({ frame }) => frame));
  });

  it('is as long as it is drawn', () => {
    expect(timeline('-a---').length).toBe(5);
    expect(timeline('-a- 10ms -').length).toBe(14);
    expect(timeline('-(ab|)').length).toBe(6);
  });

  it('reads when a subscription begins and ends', () => {
    expect(span('-^--!')).toMatchObject({ subscribedFrame: 1, unsubscribedFrame: 4 });
    expect(span('^--').unsubscribedFrame).toBe(Infinity);
  });
});

describe('lettersOf', () => {
  it('refuses a letter that would mean two things', () => {
    expect(() => lettersOf({ a: 1 }, { a: 2, b: 3 })).toThrow('The alphabet has these letters already: a');
  });
});
