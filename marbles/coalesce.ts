import { concatWith, from, NEVER, VirtualTimeScheduler } from 'rxjs';
import type { StreamEvent } from '../src/events/event.js';
import { idOf, withId } from '../src/events/id.js';
import * as events from '../src/events/make.js';
import { coalesce } from '../src/operators/coalesce.js';
import { alphabet } from './alphabet.js';
import { eventsDrawn, valuesUnderReentrancy } from './kit/laws.js';
import { sheet } from './kit/sheet.js';

const { m, o, t, u, c, p } = alphabet;

export default sheet({
  operator: 'coalesce',
  operators: {
    'coalesce({ within: 4 })': () => coalesce({ within: 4 }),
    'coalesce({ within: 25 })': () => coalesce({ within: 25 }),
  },
  values: {
    A: events.textDelta(0, 'la 🎵'),
    B: events.inputJsonDelta(1, '{"city":"Tokyo"}'),
    C: events.thinkingDelta(0, 'hmhm'),
    L: { ...t, lane: 'toolu_1' },
    S: events.blockDelta(0, { type: 'text_delta', text: '' }),
  },
  usual: (scheduler) => coalesce({ within: 4 }, scheduler),
  flows: ['events', 'events'],
  picture: `
    -m-o-t-u---t--c----z-|
    > coalesce({ within: 4 })
    -m-o-----A----(tc)-z-|
    ^--------------------!
  `,
  cases: {
    'an empty source completes': `
      ---|
      > coalesce({ within: 4 })
      ---|
      ^--!
    `,
    'a single delta waits for more': `
      -t------|
      > coalesce({ within: 4 })
      -----t--|
      ^-------!
    `,
    'what is no text, thinking or input passes at once': `
      -m-o-g-p-x-c-s-z-|
      > coalesce({ within: 4 })
      -m-o-g-p-x-c-s-z-|
      ^----------------!
    `,
    'pieces of an input and of thinking are joined, too': `
      -b-ij---d------h-kk---c----|
      > coalesce({ within: 25 })
      -b------(Bd)---h------(Cc)-|
      ^--------------------------!
    `,
    'another block lets go what waits, and nothing overtakes': `
      -t--i----u-------|
      > coalesce({ within: 25 })
      ----t----i-------(u|)
      ^----------------!
    `,
    'what a sub-agent says belongs to another block': `
      -t--L---------|
      > coalesce({ within: 25 })
      ----t---------(L|)
      ^-------------!
    `,
    'so do the text and the thinking of one index': `
      -t--k---------|
      > coalesce({ within: 25 })
      ----t---------(k|)
      ^-------------!
    `,
    'what waits comes before an error': `
      -o-tu-----#
      > coalesce({ within: 25 })
      -o--------(A#)
      ^---------!
    `,
    'an error event comes behind it': `
      -o-tu--e-----|
      > coalesce({ within: 25 })
      -o-----(Ae)--|
      ^------------!
    `,
    'the time of one does not end that of the next': `
      -t-p-t-u------|
      > coalesce({ within: 4 })
      ---(tp)--A----|
      ^-------------!
    `,
    'an empty delta is one': `
      -S------|
      > coalesce({ within: 4 })
      -----S--|
      ^-------!
    `,
  },
  checks: {
    'a synchronous source is read no further than its subscriber takes': () => {
      expect(eventsDrawn(coalesce({ within: 4 }), [m, o, c], 2)).toBe(2);
    },
    'a delta does not grow for ever': () => {
      const long = events.textDelta(0, 'x'.repeat(10_000));
      const lengths: number[] = [];
      from([long, long, long])
        .pipe(coalesce({ within: 4 }))
        .subscribe((event) => {
          lengths.push((event.delta as { readonly text: string }).text.length);
        });
      expect(lengths).toEqual([10_000, 10_000, 10_000]);
    },
    'an event that nothing was joined to passes as it came': () => {
      const seen: StreamEvent[] = [];
      const named = withId(t, '1-2');
      from<StreamEvent[]>([named, c, named, u])
        .pipe(coalesce({ within: 4 }))
        .subscribe((event) => seen.push(event));
      expect(seen[0]).toBe(named);
      expect(seen.map(idOf)).toEqual(['1-2', undefined, undefined]);
    },
    'a time without end is as long as a timer of the platform can be, and does not end at once': () => {
      const time = new VirtualTimeScheduler();
      const seen: StreamEvent[] = [];
      from([t, u])
        .pipe(concatWith(NEVER), coalesce({ within: Infinity }, time))
        .subscribe((event) => seen.push(event));
      expect(time.actions.map(({ delay }) => delay)).toEqual([2 ** 31 - 1]);
      expect(seen).toEqual([]);
    },
    'events that come while another is delivered stay in order': () => {
      expect(valuesUnderReentrancy(coalesce({ within: 4 }), [m, o], [p, c])).toEqual([m, p, c, o]);
    },
  },
});
