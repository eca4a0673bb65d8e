import { concat, EMPTY, finalize, map, NEVER, of, retry, Subject, timer } from 'rxjs';
import type { StreamEvent } from '../src/events/event.js';
import * as events from '../src/events/make.js';
import { stopOn } from '../src/operators/stopOn.js';
import { untilTerminal } from '../src/operators/untilTerminal.js';
import { alphabet, overloaded } from './alphabet.js';
import { eventsDrawn, valuesUnderReentrancy } from './kit/laws.js';
import { sheet } from './kit/sheet.js';

const { m, o, t, b, d, c, y, z, p } = alphabet;

const failing = timer(8).pipe(
  map(() => {
    throw overloaded;
  }),
);

/** A stop reason and the tokens that had been counted. */
const cancelled = (output_tokens: number): StreamEvent => events.messageDelta('cancelled', { output_tokens });

export default sheet({
  operator: 'stopOn',
  operators: {
    'stopOn(timer(8))': () => stopOn(timer(8)),
    'stopOn(timer(14))': () => stopOn(timer(14)),
    "stopOn(timer(8), { reason: 'Stopped by the reader' })": () =>
      stopOn(timer(8), { reason: 'Stopped by the reader' }),
    'stopOn(failing)': () => stopOn(failing),
    'stopOn(EMPTY)': () => stopOn(EMPTY),
    'stopOn(NEVER)': () => stopOn(NEVER),
    'stopOn(of(0))': () => stopOn(of(0)),
    'untilTerminal()': () => untilTerminal(),
    'retry(1)': () => retry(1),
  },
  values: {
    Q: events.blockAbort(0, 'Cancelled'),
    A: events.blockAbort(1, 'Cancelled'),
    L: { ...events.toolResult('toolu_1', 'Cancelled', true), cancelled: true },
    C: cancelled(1),
    // Where no reply is open.
    M: events.messageStart({ model: 'model-1' }),
    N: events.messageStart(),
    D: cancelled(0),
  },
  usual: () => stopOn(NEVER),
  flows: ['events', 'events'],
  picture: `
    -m-o-t-b-i-j-d-z-|
    > stopOn(timer(8))
    -m-o-t-b(QACz|)
    ^-------!
  `,
  cases: {
    'an empty source completes': `
      ---|
      > stopOn(NEVER)
      ---|
      ^--!
    `,
    'a single event passes': `
      ---p---|
      > stopOn(NEVER)
      ---p---|
      ^------!
    `,
    'what nobody stops passes as it is': `
      -m-p-o-t-b-i-c-x-j-d-y-z-|
      > stopOn(NEVER)
      -m-p-o-t-b-i-c-x-j-d-y-z-|
      ^------------------------!
    `,
    'a failure passes as it came': `
      -m-o-t-#
      > stopOn(timer(8))
      -m-o-t-#
      ^------!
    `,
    'between blocks only the end of the reply is missing': `
      -m-o-t-c---b-i-j-d-z-|
      > stopOn(timer(8))
      -m-o-t-c(Cz|)
      ^-------!
    `,
    'the tokens that were counted stay counted': {
      drawing: `
        -m-o-c-s-----z-|
        > stopOn(timer(8))
        -m-o-c-s(Fz|)
        ^-------!
      `,
      values: { F: cancelled(5) },
    },
    'a finished call that has no result gets one that says so': `
      -m-b-i-j-d-y-z----l-|
      > stopOn(timer(14))
      -m-b-i-j-d-y-z(LMDz|)
      ^-------------!
    `,
    'so does one inside a reply that goes on': `
      -m-b-j-d--o-t-z-|
      > stopOn(timer(8))
      -m-b-j-d(LCz|)
      ^-------!
    `,
    'a call that has its result gets no other': `
      -m-b-i-j-d-zl------n-|
      > stopOn(timer(14))
      -m-b-i-j-d-zl-(MDz|)
      ^-------------!
    `,
    'a call that was given up gets none': `
      -m-b-i-a----o-t-z-|
      > stopOn(timer(8))
      -m-b-i-a(Cz|)
      ^-------!
    `,
    'before the first reply, an empty one stands for it': `
      ----------m-o-t-z-|
      > stopOn(timer(8))
      --------(NDz|)
      ^-------!
    `,
    'a notifier that emits at once asks for nothing': `
      -m-o-t-c-z-|
      > stopOn(of(0))
      (NDz|)
    `,
    'an attempt that failed leaves nothing to end': `
      -m-b-d-r-----m-o-|
      > stopOn(timer(8))
      -m-b-d-r(MDz|)
      ^-------!
    `,
    'a turn that is over only completes': `
      -m-o-cz--------|
      > stopOn(timer(8))
      -m-o-cz-|
      ^-------!
    `,
    'after an error event nothing is left to say': `
      -m-o-t-e-------|
      > stopOn(timer(8))
      -m-o-t-e|
      ^-------!
    `,
    'after a pause another reply was to come': {
      drawing: `
        -m-Fz---------n-|
        > stopOn(timer(8))
        -m-Fz---(MDz|)
        ^-------!
      `,
      values: { F: events.messageDelta('pause_turn') },
    },
    'blocks that were joined late are given up, and no message begins after them': `
      -b-o---------|
      > stopOn(timer(8))
      -b-o----(QA|)
      ^-------!
    `,
    'a message that is begun again is one': `
      -m-o-m-t-c---|
      > stopOn(timer(8))
      -m-o-m-t(QCz|)
      ^-------!
    `,
    'the reason that is given is that of every event': {
      drawing: `
        -m-b-d-o-i-|
        > stopOn(timer(8), { reason: 'Stopped by the reader' })
        -m-b-d-o(EFCz|)
        ^-------!
      `,
      values: {
        E: events.blockAbort(0, 'Stopped by the reader'),
        F: { ...events.toolResult('toolu_1', 'Stopped by the reader', true), cancelled: true },
      },
    },
    'what reads until the terminal sees a good end': `
      -m-o-t-b-i-j-d-z-|
      > stopOn(timer(8))
      -m-o-t-b(QACz|)
      > untilTerminal()
      -m-o-t-b(QACz|)
      ^-------!
    `,
    'a notifier that emits too late changes nothing': `
      -m-o-cz|
      > stopOn(timer(8))
      -m-o-cz|
      ^------!
    `,
    'a notifier that completes means nothing': `
      -m-o-t-c-z-|
      > stopOn(EMPTY)
      -m-o-t-c-z-|
      ^----------!
    `,
    'a notifier that fails fails the stream': {
      drawing: `
        -m-o-t-b-i-j-d-z-|
        > stopOn(failing)
        -m-o-t-b#
        ^-------!
      `,
      errors: { output: overloaded },
    },
    'a subscriber who leaves lets go of the source, and hears no more': `
      -m-o-t-b-i-#
      > stopOn(timer(8))
      -m-o-
      ----!
      ^---!
    `,
    'a source that is tried again begins with nothing open': `
      -m-o-#
      > stopOn(timer(8))
      -m-o-#
      > retry(1)
      -m-o--m-o-#
      ^----!
      -----^----!
    `,
    'a hot source has the blocks open that were seen to begin': `
      hot -m-o-^-t-b-i----|
      > stopOn(timer(8))
      --t-b-i-(A|)
      ^-------!
    `,
  },
  checks: {
    'the first of all that is missing is one event': () => {
      const stop = new Subject<void>();
      expect(eventsDrawn(stopOn(stop), [m, o, b], 3)).toBe(3);
    },
    'the source is let go before the first event of the end is heard': () => {
      const heard: string[] = [];
      const [source, stop] = [new Subject<StreamEvent>(), new Subject<void>()];
      source
        .pipe(
          finalize(() => heard.push('source let go')),
          stopOn(stop),
        )
        .subscribe({ next: ({ type }) => heard.push(type), complete: () => heard.push('complete') });
      for (const event of [m, o, b]) source.next(event);
      heard.length = 0;
      stop.next();
      expect(heard).toEqual([
        'source let go',
        'block_abort',
        'block_abort',
        'message_delta',
        'message_stop',
        'complete',
      ]);
      expect([source.observed, stop.observed]).toEqual([false, false]);
    },
    'a notifier that emits while an event is delivered comes after that event': () => {
      const [source, stop, seen] = [new Subject<StreamEvent>(), new Subject<void>(), [] as StreamEvent[]];
      source.pipe(stopOn(stop)).subscribe((event) => {
        if (event === t) stop.next();
        seen.push(event);
      });
      for (const event of [m, o, t, c, z]) source.next(event);
      expect(seen).toEqual([m, o, t, events.blockAbort(0, 'Cancelled'), cancelled(1), z]);
    },
    'two calls of one id get a result each': () => {
      const again = { ...b, index: 2 };
      const seen: StreamEvent[] = [];
      const stop = new Subject<void>();
      concat(of(m, b, d, again, { ...d, index: 2 }, y, z), NEVER)
        .pipe(stopOn(stop))
        .subscribe((event) => seen.push(event));
      seen.length = 0;
      stop.next();
      expect(seen.map(({ type }) => type)).toEqual([
        'tool_result',
        'tool_result',
        'message_start',
        'message_delta',
        'message_stop',
      ]);
    },
    'events that come while another is delivered stay in order': () => {
      expect(valuesUnderReentrancy(stopOn(NEVER), [m, o, t], [b, p, c])).toEqual([m, b, p, c, o, t]);
    },
  },
});
