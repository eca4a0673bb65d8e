import { of, retry, Subject } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { latestPerFrame } from '../src/operators/latestPerFrame.js';
import { eventsDrawn } from './kit/laws.js';
import { sheet } from './kit/sheet.js';

export default sheet({
  operator: 'latestPerFrame',
  operators: { 'latestPerFrame()': () => latestPerFrame(), 'retry(1)': () => retry(1) },
  values: { A: 'Th', B: 'The ', C: 'The qui', D: 'The quick ', E: 'The quick bro' },
  usual: (scheduler) => latestPerFrame(scheduler),
  flows: ['snapshots', 'snapshots'],
  picture: `
    -A-B-C--------------D-|
    > latestPerFrame()
    -A---------------C----(D|)
    ^---------------------!
  `,
  cases: {
    'an empty source completes': `
      ---|
      > latestPerFrame()
      ---|
      ^--!
    `,
    'the first value does not wait for a frame': `
      A 30ms |
      > latestPerFrame()
      A 30ms |
    `,
    'any other value waits for the frame': `
      -A 30ms B 20ms |
      > latestPerFrame()
      -A 30ms - 15ms B 4ms |
    `,
    'what comes in the frame that begins with the first value comes with the next': `
      -AB 15ms C 10ms D 20ms |
      > latestPerFrame()
      -A 15ms B- 15ms D 15ms |
    `,
    'the last value comes with the completion': `
      -A-B-|
      > latestPerFrame()
      -A---(B|)
      ^----!
    `,
    'the last value comes before an error': `
      -A-B-#
      > latestPerFrame()
      -A---(B#)
      ^----!
    `,
    'a value that has been shown does not come again': `
      -A 20ms #
      > latestPerFrame()
      -A 20ms #
    `,
    'a source that is tried again has a first value and frames of its own': `
      -A-B-#
      > latestPerFrame()
      -A---(B#)
      > retry(1)
      -A---BA---(B#)
    `,
  },
  checks: {
    'a synchronous source is drawn to its end behind the first value, for only that tells which is the last':
      () => {
        const shown: number[] = [];
        of(1, 2, 3)
          .pipe(latestPerFrame())
          .subscribe((value) => shown.push(value));
        expect(shown).toEqual([1, 3]);
        expect(eventsDrawn(latestPerFrame(), [1], 1)).toBe(1);
        expect(eventsDrawn(latestPerFrame(), [1], 2)).toBe(100_000);
      },
    'a value that comes while another is delivered waits for the next frame': () => {
      new TestScheduler(() => undefined).run(({ flush }) => {
        const source = new Subject<number>();
        const shown: number[] = [];
        source.pipe(latestPerFrame()).subscribe((value) => {
          shown.push(value);
          if (value < 3) source.next(value + 1);
        });
        source.next(1);
        expect(shown).toEqual([1]);
        flush();
        expect(shown).toEqual([1, 2, 3]);
      });
    },
  },
});
