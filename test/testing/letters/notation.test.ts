import { asyncScheduler } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { span, timeline } from '../../../src/testing/letters/notation.js';

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

  it('leaves the clock to a TestScheduler that runs, and the length of a frame as it was', () => {
    const frames: { readonly frameTimeFactor: number } = TestScheduler;
    const before = frames.frameTimeFactor;
    expect(() => timeline('-!')).toThrow('unsubscription marker');
    expect(frames.frameTimeFactor).toBe(before);
    new TestScheduler(() => undefined).run(() => {
      const now = asyncScheduler.now();
      timeline('--a');
      expect(asyncScheduler.now()).toBe(now);
    });
  });
});
