import {
  defer,
  ignoreElements,
  merge,
  mergeMap,
  retry,
  Subject,
  take,
  timer,
  type OperatorFunction,
} from 'rxjs';
import { shareSnapshot } from '../src/operators/shareSnapshot.js';
import { valuesUnderReentrancy } from './kit/laws.js';
import { sheet } from './kit/sheet.js';

/** What a subscriber sees who comes so many frames after another, who stays to the end. */
function joinedAfter<T, R>(frames: number, operator: OperatorFunction<T, R>): OperatorFunction<T, R> {
  return (source) =>
    defer(() => {
      const shared = source.pipe(operator);
      return merge(shared.pipe(ignoreElements()), timer(frames).pipe(mergeMap(() => shared)));
    });
}

/** What a subscriber sees who comes so many frames after another, who left after the first value. */
function joinedAlone<T, R>(frames: number, operator: OperatorFunction<T, R>): OperatorFunction<T, R> {
  return (source) =>
    defer(() => {
      const shared = source.pipe(operator);
      return merge(shared.pipe(take(1), ignoreElements()), timer(frames).pipe(mergeMap(() => shared)));
    });
}

export default sheet({
  operator: 'shareSnapshot',
  operators: {
    'joinedAfter(4, shareSnapshot())': () => joinedAfter(4, shareSnapshot()),
    'joinedAfter(12, shareSnapshot())': () => joinedAfter(12, shareSnapshot()),
    'joinedAlone(4, shareSnapshot())': () => joinedAlone(4, shareSnapshot()),
    'joinedAlone(4, shareSnapshot({ keepAlive: true }))': () =>
      joinedAlone(4, shareSnapshot({ keepAlive: true })),
    'joinedAlone(12, shareSnapshot({ keepAlive: true }))': () =>
      joinedAlone(12, shareSnapshot({ keepAlive: true })),
  },
  values: { A: 'Th', B: 'The ', C: 'The qui', D: 'The quick ' },
  flows: ['snapshots', 'snapshots'],
  picture: `
    -A-B-C-D-|
    > joinedAfter(4, shareSnapshot())
    ----BC-D-|
    ^--------!
  `,
  cases: {
    'an empty source completes': `
      ------|
      > joinedAfter(4, shareSnapshot())
      ------|
      ^-----!
    `,
    'who comes before the first value sees them all': `
      ------A-B-|
      > joinedAfter(4, shareSnapshot())
      ------A-B-|
      ^---------!
    `,
    'who comes after the completion gets the last value, and no other request': `
      -A-B-C-D-|
      > joinedAfter(12, shareSnapshot())
      ------------(D|)
      ^--------!
    `,
    'an error reaches all': `
      -A-B-C-#
      > joinedAfter(4, shareSnapshot())
      ----BC-#
      ^------!
    `,
    'when the last one has left, the next one begins anew': `
      -A-B-C-D-|
      > joinedAlone(4, shareSnapshot())
      -----A-B-C-D-|
      ^!
      ----^--------!
    `,
    'with keepAlive the source goes on without subscribers': `
      -A-B-C-D-|
      > joinedAlone(4, shareSnapshot({ keepAlive: true }))
      ----BC-D-|
      ^--------!
    `,
    'with keepAlive the end is kept too': `
      -A-B-C-D-|
      > joinedAlone(12, shareSnapshot({ keepAlive: true }))
      ------------(D|)
      ^--------!
    `,
    'with keepAlive an error that nobody saw is kept, after the last value': `
      -A-B-C-#
      > joinedAlone(12, shareSnapshot({ keepAlive: true }))
      ------------(C#)
      ^------!
    `,
    'when all leave, the source is let go': `
      -A-B-C-D-|
      > joinedAfter(4, shareSnapshot())
      ----BC-
      ------!
      ^-----!
    `,
    'with keepAlive the source is not let go': `
      -A-B-C-D-|
      > joinedAlone(4, shareSnapshot({ keepAlive: true }))
      ----BC-
      ------!
      ^--------!
    `,
  },
  checks: {
    'values that come while another is delivered all come': () => {
      expect(valuesUnderReentrancy(shareSnapshot(), [1], [2, 3])).toEqual([1, 2, 3]);
    },
    'a retry behind it gets the same error again, and sends no request': () => {
      const source = new Subject<number>();
      let requests = 0;
      let failures = 0;
      defer(() => (requests++, source))
        .pipe(shareSnapshot(), retry(3))
        .subscribe({ error: () => failures++ });
      source.error(new Error('lost'));
      expect([requests, failures]).toEqual([1, 1]);
    },
  },
});
