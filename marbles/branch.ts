import { finalize, identity, map, NEVER, retry, Subject, take, type Observable } from 'rxjs';
import type { StreamEvent } from '../src/events/event.js';
import type { Usage } from '../src/events/usage.js';
import { accumulateUsage } from '../src/operators/accumulateUsage.js';
import { branch } from '../src/operators/branch.js';
import { alphabet, overloaded } from './alphabet.js';
import { eventsDrawn, valuesUnderReentrancy } from './kit/laws.js';
import { sheet } from './kit/sheet.js';

const { m, o, t, c, p, y, z } = alphabet;

/** What hears the side of a drawing: nothing is shown of it. */
const meter = { next: () => undefined, error: () => undefined };

const failing = map((): never => {
  throw overloaded;
});

export default sheet({
  operator: 'branch',
  operators: {
    'branch(accumulateUsage(), meter)': () => branch(accumulateUsage(), meter),
    'branch(failing, meter)': () => branch(failing, meter),
    'branch(take(1), meter)': () => branch(take(1), meter),
    'retry(1)': () => retry(1),
  },
  usual: () => branch(accumulateUsage(), meter),
  flows: ['events', 'events'],
  picture: `
    -m-o-t-c-y-z|
    > branch(accumulateUsage(), meter)
    -m-o-t-c-y-z|
    ^-----------!
  `,
  cases: {
    'an empty source completes': `
      ---|
      > branch(accumulateUsage(), meter)
      ---|
      ^--!
    `,
    'a single event passes': `
      ---p---|
      > branch(accumulateUsage(), meter)
      ---p---|
      ^------!
    `,
    'a failure passes as it came': `
      -m-o-t-#
      > branch(accumulateUsage(), meter)
      -m-o-t-#
      ^------!
    `,
    'what fails on the side does not touch the stream': `
      -m-o-t-c-y-z|
      > branch(failing, meter)
      -m-o-t-c-y-z|
      ^-----------!
    `,
    'nor does a side that has had enough': `
      -m-o-t-c-y-z|
      > branch(take(1), meter)
      -m-o-t-c-y-z|
      ^-----------!
    `,
    'a subscriber who leaves lets go of the source, and hears no more': `
      -m-o-t-c-y-z|
      > branch(accumulateUsage(), meter)
      -m-o-
      ----!
      ^---!
    `,
    'each attempt has a side of its own': `
      -m-#
      > branch(accumulateUsage(), meter)
      -m-#
      > retry(1)
      -m--m-#
      ^--!
      ---^--!
    `,
    'a hot source is seen from now on': `
      hot -m-o-^-t-c-z-|
      > branch(accumulateUsage(), meter)
      --t-c-z-|
      ^-------!
    `,
  },
  checks: {
    'the side has heard a value before the stream goes on': () => {
      const heard: unknown[] = [];
      const source = new Subject<StreamEvent>();
      source
        .pipe(
          branch(identity<Observable<StreamEvent>>, {
            next: (event) => heard.push(['side', event]),
          }),
        )
        .subscribe((event) => heard.push(['stream', event]));
      source.next(p);
      expect(heard).toEqual([
        ['side', p],
        ['stream', p],
      ]);
    },
    'the observer hears what the operator gives, and its end': () => {
      const heard: unknown[] = [];
      const source = new Subject<StreamEvent>();
      source
        .pipe(
          branch(accumulateUsage(), {
            next: ({ output_tokens }: Usage) => heard.push(output_tokens),
            complete: () => heard.push('complete'),
          }),
        )
        .subscribe();
      for (const event of [m, o, t, c, y, z]) source.next(event);
      source.complete();
      expect(heard).toEqual([1, 9, 'complete']);
    },
    'the observer hears why the side failed, and no more': () => {
      const heard: unknown[] = [];
      const source = new Subject<StreamEvent>();
      const seen: StreamEvent[] = [];
      source
        .pipe(branch(failing, { error: (error) => heard.push(error) }))
        .subscribe((event) => seen.push(event));
      for (const event of [m, o]) source.next(event);
      expect(heard).toEqual([overloaded]);
      expect(seen).toEqual([m, o]);
    },
    'an operator that throws when it is put to use fails on the side': () => {
      const heard: unknown[] = [];
      const seen: StreamEvent[] = [];
      const broken = (): never => {
        throw overloaded;
      };
      const source = new Subject<StreamEvent>();
      source
        .pipe(branch<StreamEvent, unknown>(broken, { error: (error) => heard.push(error) }))
        .subscribe((event) => seen.push(event));
      source.next(p);
      expect(heard).toEqual([overloaded]);
      expect(seen).toEqual([p]);
    },
    'the side is let go with the stream': () => {
      let letGo = 0;
      const subscription = NEVER.pipe(
        branch(
          finalize(() => letGo++),
          meter,
        ),
      ).subscribe();
      subscription.unsubscribe();
      expect(letGo).toBe(1);
    },
    'the first of many events is one': () => {
      expect(eventsDrawn(branch<StreamEvent, Usage>(accumulateUsage(), meter), [m, o, t], 2)).toBe(2);
    },
    'events that come while another is delivered pass at once': () => {
      expect(valuesUnderReentrancy(branch(take(1), meter), [m, o], [p])).toEqual([m, p, o]);
    },
  },
});
