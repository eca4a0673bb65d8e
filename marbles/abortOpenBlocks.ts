import { EMPTY, finalize, map, NEVER, of, retry, Subject, timer } from 'rxjs';
import type { StreamEvent } from '../src/events/event.js';
import * as events from '../src/events/make.js';
import { abortOpenBlocks } from '../src/operators/abortOpenBlocks.js';
import { alphabet, connectionLost, endedEarly, overloaded } from './alphabet.js';
import { eventsDrawn, valuesUnderReentrancy } from './kit/laws.js';
import { sheet } from './kit/sheet.js';

const { m, n, o, t, b, i, c, z, e, p } = alphabet;

const failing = timer(8).pipe(
  map(() => {
    throw overloaded;
  }),
);
const socket = 'socket hang up';

export default sheet({
  operator: 'abortOpenBlocks',
  operators: {
    'abortOpenBlocks()': () => abortOpenBlocks(),
    "abortOpenBlocks('Sorry')": () => abortOpenBlocks('Sorry'),
    'abortOpenBlocks(undefined, timer(8))': () => abortOpenBlocks(undefined, timer(8)),
    "abortOpenBlocks('Sorry', timer(8))": () => abortOpenBlocks('Sorry', timer(8)),
    'abortOpenBlocks(undefined, failing)': () => abortOpenBlocks(undefined, failing),
    'abortOpenBlocks(undefined, EMPTY)': () => abortOpenBlocks(undefined, EMPTY),
    'abortOpenBlocks(undefined, of(0))': () => abortOpenBlocks(undefined, of(0)),
    'retry(1)': () => retry(1),
  },
  values: {
    Q: events.blockAbort(0, connectionLost.message),
    A: events.blockAbort(1, connectionLost.message),
    X: events.blockAbort(0, 'Cancelled'),
    Y: events.blockAbort(1, 'Cancelled'),
    S: events.blockAbort(0, 'Sorry'),
    T: events.blockAbort(1, 'Sorry'),
  },
  usual: () => abortOpenBlocks('gone', NEVER),
  flows: ['events', 'events'],
  picture: `
    -m-o-t-b-i-#
    > abortOpenBlocks()
    -m-o-t-b-i-(QA#)
    ^----------!
  `,
  cases: {
    'an empty source completes': `
      ---|
      > abortOpenBlocks()
      ---|
      ^--!
    `,
    'a single event passes': `
      ---p---|
      > abortOpenBlocks()
      ---p---|
      ^------!
    `,
    'a reply that ends well passes as it is': `
      -m-p-o-t-b-i-c-l-x-j-d-y-z-|
      > abortOpenBlocks()
      -m-p-o-t-b-i-c-l-x-j-d-y-z-|
      ^--------------------------!
    `,
    'only blocks that are open are aborted': `
      -m-o-t-c-b-i-#
      > abortOpenBlocks()
      -m-o-t-c-b-i-(A#)
    `,
    'nothing is said where nothing is open': `
      -m-o-t-c-#
      > abortOpenBlocks()
      -m-o-t-c-#
    `,
    'the aborts come by index, however the blocks began': `
      -m-b-i-o-#
      > abortOpenBlocks()
      -m-b-i-o-(QA#)
    `,
    'a source that ends inside its blocks completes after the aborts': {
      drawing: `
        -m-o-t-b-i-|
        > abortOpenBlocks()
        -m-o-t-b-i-(QA|)
        ^----------!
      `,
      values: {
        Q: events.blockAbort(0, endedEarly.message),
        A: events.blockAbort(1, endedEarly.message),
      },
    },
    'an error event comes after the aborts': {
      drawing: `
        -m-o-t-e---|
        > abortOpenBlocks()
        -m-o-t-(Ee)|
        ^----------!
      `,
      values: { E: events.blockAbort(0, overloaded.message) },
    },
    'what the end of its message cuts off is aborted before that end': {
      drawing: `
        -m-o-t-v-z---|
        > abortOpenBlocks()
        -m-o-t-v-(Ez)|
      `,
      values: { E: events.blockAbort(0, 'The message ended inside this block') },
    },
    'what another message leaves open is aborted before that message': {
      drawing: `
        -m-o-t-n---o-u-c-z-|
        > abortOpenBlocks()
        -m-o-t-(En)o-u-c-z-|
      `,
      values: { E: events.blockAbort(0, 'Another message began inside this block') },
    },
    'a message that is begun again leaves its blocks open': `
      -m-o-m-t-#
      > abortOpenBlocks()
      -m-o-m-t-(Q#)
    `,
    'each of several messages has its own blocks': `
      -m-o-t-c-z-n-b-i-#
      > abortOpenBlocks()
      -m-o-t-c-z-n-b-i-(A#)
    `,
    'a failed attempt leaves nothing open': `
      -m-o-t-r-#
      > abortOpenBlocks()
      -m-o-t-r-#
    `,
    'an attempt that is repeated has its own blocks': `
      -m-o-t-r-m-b-#
      > abortOpenBlocks()
      -m-o-t-r-m-b-(A#)
    `,
    'a block that was given up already is not given up again': `
      -m-o-b-q-#
      > abortOpenBlocks()
      -m-o-b-q-(A#)
    `,
    'what follows the end of a message opens nothing': `
      -m-z-o-t-|
      > abortOpenBlocks()
      -m-z-o-t-|
    `,
    'blocks without a message are aborted too': `
      -b-o-#
      > abortOpenBlocks()
      -b-o-(QA#)
    `,
    'a reason that is given holds for every cause': `
      -m-o-t-b-e----#
      > abortOpenBlocks('Sorry')
      -m-o-t-b-(STe)#
    `,
    'the message of a foreign error is the reason, and the error passes as it came': {
      drawing: `
        -m-o-t-#
        > abortOpenBlocks()
        -m-o-t-(E#)
      `,
      values: { E: events.blockAbort(0, socket) },
      errors: { source: new TypeError(socket) },
    },
    'what is thrown and no error is told as text': {
      drawing: `
        -m-o-t-#
        > abortOpenBlocks()
        -m-o-t-(E#)
      `,
      values: { E: events.blockAbort(0, socket) },
      errors: { source: socket },
    },
    'a notifier that emits lets go of the source, aborts what is open and completes': `
      -m-o-t-b-i-j-d-z-|
      > abortOpenBlocks(undefined, timer(8))
      -m-o-t-b(XY|)
      ^-------!
    `,
    'the reason that is given is that of the notifier too': `
      -m-o-t-b-i-j-d-z-|
      > abortOpenBlocks('Sorry', timer(8))
      -m-o-t-b(ST|)
      ^-------!
    `,
    'a notifier that emits between blocks only completes': `
      -m-o-t-c-b-i-j-d-z-|
      > abortOpenBlocks(undefined, timer(8))
      -m-o-t-c|
      ^-------!
    `,
    'a notifier that emits before anything has come completes at once': `
      -m-o-t-b-i-j-d-z-|
      > abortOpenBlocks(undefined, of(0))
      |
    `,
    'a notifier that emits too late changes nothing': `
      -o-t-c-|
      > abortOpenBlocks(undefined, timer(8))
      -o-t-c-|
      ^------!
    `,
    'an error before the notifier is that of the source': `
      -m-o-t-#
      > abortOpenBlocks(undefined, timer(8))
      -m-o-t-(Q#)
      ^------!
    `,
    'a notifier that completes means nothing': `
      -m-o-t-b-i-#
      > abortOpenBlocks(undefined, EMPTY)
      -m-o-t-b-i-(QA#)
      ^----------!
    `,
    'a notifier that fails fails the stream, after the aborts': {
      drawing: `
        -m-o-t-b-i-j-d-z-|
        > abortOpenBlocks(undefined, failing)
        -m-o-t-b(EF#)
        ^-------!
      `,
      values: {
        E: events.blockAbort(0, overloaded.message),
        F: events.blockAbort(1, overloaded.message),
      },
      errors: { output: overloaded },
    },
    'a subscriber who leaves lets go of the source, and hears no more': `
      -m-o-t-b-i-#
      > abortOpenBlocks()
      -m-o-t-
      ------!
      ^-----!
    `,
    'a source that is tried again begins with nothing open': `
      -m-o-#
      > abortOpenBlocks()
      -m-o-(Q#)
      > retry(1)
      -m-o-Qm-o-(Q#)
      ^----!
      -----^----!
    `,
    'a hot source has the blocks open that were seen to begin': `
      hot -m-o-^-t-b-i-#
      > abortOpenBlocks()
      --t-b-i-(A#)
      ^-------!
    `,
  },
  checks: {
    'the first of two aborts is one': () => {
      expect(eventsDrawn(abortOpenBlocks(), [m, o, b, e], 4)).toBe(4);
    },
    'the source is let go before the first abort of a notifier is heard': () => {
      const heard: string[] = [];
      const [source, stop] = [new Subject<StreamEvent>(), new Subject<void>()];
      source
        .pipe(
          finalize(() => heard.push('source let go')),
          abortOpenBlocks(undefined, stop),
        )
        .subscribe({ next: ({ type }) => heard.push(type), complete: () => heard.push('complete') });
      for (const event of [m, o, b]) source.next(event);
      heard.length = 0;
      stop.next();
      expect(heard).toEqual(['source let go', 'block_abort', 'block_abort', 'complete']);
      expect([source.observed, stop.observed]).toEqual([false, false]);
    },
    'a subscriber who leaves lets go of the notifier': () => {
      const stop = new Subject<void>();
      const subscription = NEVER.pipe(abortOpenBlocks(undefined, stop)).subscribe();
      expect(stop.observed).toBe(true);
      subscription.unsubscribe();
      expect(stop.observed).toBe(false);
    },
    'a notifier that emits while an event is delivered comes after that event': () => {
      const [source, stop, seen] = [new Subject<StreamEvent>(), new Subject<void>(), [] as StreamEvent[]];
      source.pipe(abortOpenBlocks(undefined, stop)).subscribe((event) => {
        if (event === t) stop.next();
        seen.push(event);
      });
      for (const event of [m, o, t, c, z]) source.next(event);
      expect(seen).toEqual([m, o, t, events.blockAbort(0, 'Cancelled')]);
    },
    'events that come while another is delivered stay in order': () => {
      expect(valuesUnderReentrancy(abortOpenBlocks(), [m, o, i], [b, e, p, n])).toEqual([
        m,
        b,
        events.blockAbort(1, overloaded.message),
        e,
        p,
        n,
        o,
        i,
      ]);
    },
  },
});
