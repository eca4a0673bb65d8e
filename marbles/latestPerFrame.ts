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
    -----------------C----(D|)
    ^---------------------!
  `,
  cases: {
    'an empty source completes': `
      ---|
      > latestPerFrame()
      ---|
      ^--!
    `,
    'a single value waits for the frame': `
      -A 30ms |
      > latestPerFrame()
      - 16ms A 14ms |
    `,
    'where nothing is emitted no frame is waited for': `
      -A 15ms - 40ms B 20ms |
      > latestPerFrame()
      - 16ms A 40ms - 15ms B 4ms |
    `,
    'each frame has its latest value': `
      -AB 15ms C 10ms D 20ms |
      > latestPerFrame()
      - 16ms B 16ms D 15ms |
    `,
    'the last value comes with the completion': `
      -A-B-|
      > latestPerFrame()
      -----(B|)
      ^----!
    `,
    'the last value comes before an error': `
      -A-B-#
      > latestPerFrame()
      -----(B#)
      ^----!
    `,
    'a value that has been shown does not come again': `
      -A 20ms #
      > latestPerFrame()
      - 16ms A 4ms #
    `,
    'a source that is tried again has frames of its own': `
      -A 18ms B-#
      > latestPerFrame()
      - 16ms A----(B#)
      > retry(1)
      - 16ms A----B- 15ms A----(B#)
    `,
  },
  checks: {
    'a synchronous source is drawn to its end, for only that tells which value is the last': () => {
      const shown: number[] = [];
      of(1, 2, 3)
        .pipe(latestPerFrame())
        .subscribe((value) => shown.push(value));
      expect(shown).toEqual([3]);
      expect(eventsDrawn(latestPerFrame(), [1], 1)).toBe(100_000);
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
        expect(shown).toEqual([]);
        flush();
        expect(shown).toEqual([1, 2, 3]);
      });
    },
  },
});
