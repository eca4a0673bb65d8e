import { concat, finalize, map, NEVER, Observable, of, retry, Subject, Subscription, timer } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { StreamError } from '../src/errors/streamError.js';
import type { TimeoutKind } from '../src/errors/streamErrorCode.js';
import type { StreamEvent } from '../src/events/event.js';
import * as events from '../src/events/make.js';
import { streamTimeout } from '../src/operators/streamTimeout.js';
import { alphabet } from './alphabet.js';
import { valuesUnderReentrancy } from './kit/laws.js';
import { sheet } from './kit/sheet.js';

const { m, o, t, u, c, z, p } = alphabet;

const MISSED = { firstToken: 'content', idle: 'event', total: 'end' };

/** What a clock that runs out raises. */
function timeout(kind: TimeoutKind, timeoutMs: number): StreamError {
  return new StreamError('timeout', `No ${MISSED[kind]} came within ${timeoutMs} ms`, { kind, timeoutMs });
}

/** A gate that is open but for the time between two moments. */
function closed(from: number, until: number): Observable<boolean> {
  const closing = from === 0 ? of(false) : concat(of(true), timer(from).pipe(map(() => false)));
  return concat(closing, timer(until - from).pipe(map(() => true)));
}

const closedFrom0To9 = closed(0, 9);
const closedFrom3To13 = closed(3, 13);

export default sheet({
  operator: 'streamTimeout',
  operators: {
    'streamTimeout()': () => streamTimeout(),
    'streamTimeout({ firstToken: 6 })': () => streamTimeout({ firstToken: 6 }),
    'streamTimeout({ idle: 6 })': () => streamTimeout({ idle: 6 }),
    'streamTimeout({ idle: 6, pingsKeepAlive: true })': () =>
      streamTimeout({ idle: 6, pingsKeepAlive: true }),
    'streamTimeout({ total: 6 })': () => streamTimeout({ total: 6 }),
    'streamTimeout({ firstToken: 9, idle: 4 })': () => streamTimeout({ firstToken: 9, idle: 4 }),
    'streamTimeout({ firstToken: 9, idle: 4, total: 7 })': () =>
      streamTimeout({ firstToken: 9, idle: 4, total: 7 }),
    'streamTimeout({ firstToken: 0, idle: -1, total: Infinity })': () =>
      streamTimeout({ firstToken: 0, idle: -1, total: Infinity }),
    'streamTimeout({ idle: 6, gate: closedFrom3To13 })': () =>
      streamTimeout({ idle: 6, gate: closedFrom3To13 }),
    'streamTimeout({ firstToken: 6, gate: closedFrom3To13 })': () =>
      streamTimeout({ firstToken: 6, gate: closedFrom3To13 }),
    'streamTimeout({ total: 6, gate: closedFrom3To13 })': () =>
      streamTimeout({ total: 6, gate: closedFrom3To13 }),
    'streamTimeout({ idle: 6, gate: closedFrom0To9 })': () =>
      streamTimeout({ idle: 6, gate: closedFrom0To9 }),
    'retry(1)': () => retry(1),
  },
  usual: (scheduler) => streamTimeout({ firstToken: 9, idle: 9, total: 99 }, scheduler),
  flows: ['events', 'events'],
  picture: `
    -m-o-t--p-p--p-z|
    > streamTimeout({ idle: 6 })
    -m-o-t--p-p#
    ^----------!
  `,
  errors: { output: timeout('idle', 6) },
  cases: {
    'a source that never speaks stays silent where no clock runs': `
      -------
      > streamTimeout()
      -------
      ^------
    `,
    'a source that never speaks has no first content': {
      drawing: `
        -------
        > streamTimeout({ firstToken: 6 })
        ------#
        ^-----!
      `,
      errors: { output: timeout('firstToken', 6) },
    },
    'a source that never speaks is idle from the start': {
      drawing: `
        -------
        > streamTimeout({ idle: 6 })
        ------#
        ^-----!
      `,
      errors: { output: timeout('idle', 6) },
    },
    'an empty source completes': `
      ---|
      > streamTimeout({ total: 6 })
      ---|
      ^--!
    `,
    'a single event passes at its own moment': `
      ---x---|
      > streamTimeout({ idle: 6 })
      ---x---|
      ^------!
    `,
    'many events pass as they came, those of one moment in their order': `
      -m-(otu)-c-s-z-|
      > streamTimeout({ idle: 6 })
      -m-(otu)-c-s-z-|
      ^--------------!
    `,
    'a clock of 0, of less or of no end does not run': `
      -m 10s o 9m t-|
      > streamTimeout({ firstToken: 0, idle: -1, total: Infinity })
      -m 10s o 9m t-|
    `,
    'neither the start of a message, a ping, nor an empty text is content': {
      drawing: `
        -mpoE--t-|
        > streamTimeout({ firstToken: 6 })
        -mpoE-#
        ^-----!
      `,
      values: { E: events.textDelta(0, '') },
      errors: { output: timeout('firstToken', 6) },
    },
    'with the first content, its clock stops': `
      -m-ot- 9m u-|
      > streamTimeout({ firstToken: 6 })
      -m-ot- 9m u-|
    `,
    'thinking is content': `
      -m-hk- 9m g-|
      > streamTimeout({ firstToken: 6 })
      -m-hk- 9m g-|
    `,
    'a tool call is content before its input comes': `
      -m-b-- 9m i-|
      > streamTimeout({ firstToken: 6 })
      -m-b-- 9m i-|
    `,
    'pings do not hide that nothing comes': {
      drawing: `
        -m-p-p--p-p-p-p|
        > streamTimeout({ idle: 6 })
        -m-p-p-#
        ^------!
      `,
      errors: { output: timeout('idle', 6) },
    },
    'pings show that the connection lives where that is what is asked for': {
      drawing: `
        -m-p-p-p-p-p------|
        > streamTimeout({ idle: 6, pingsKeepAlive: true })
        -m-p-p-p-p-p-----#
        ^----------------!
      `,
      errors: { output: timeout('idle', 6) },
    },
    'events of an unknown type, resets and empty pieces are events': {
      drawing: `
        -m--o----x----E----r-----z|
        > streamTimeout({ idle: 6 })
        -m--o----x----E----r-----z|
      `,
      values: { E: events.textDelta(0, '') },
    },
    'the wait for the first content is no idle time where it has a clock of its own': {
      drawing: `
        ------m-|
        > streamTimeout({ firstToken: 9, idle: 4 })
        ------m-|
      `,
    },
    'idle time begins with the first content': {
      drawing: `
        ------mot-------|
        > streamTimeout({ firstToken: 9, idle: 4 })
        ------mot---#
        ^-----------!
      `,
      errors: { output: timeout('idle', 4) },
    },
    'idle time after an early first content does not last as long as the wait for it might have': {
      drawing: `
        -mot--------|
        > streamTimeout({ firstToken: 9, idle: 4 })
        -mot---#
        ^------!
      `,
      errors: { output: timeout('idle', 4) },
    },
    'the whole has its own time, however lively it is': {
      drawing: `
        -motu--utu-|
        > streamTimeout({ total: 6 })
        -motu-#
        ^-----!
      `,
      errors: { output: timeout('total', 6) },
    },
    'what comes in the moment in which a clock runs out is let in first': `
      -m-----o-----t-----z|
      > streamTimeout({ idle: 6 })
      -m-----o-----t-----z|
    `,
    'the clock that runs out first speaks': {
      drawing: `
        -m--------|
        > streamTimeout({ firstToken: 9, idle: 4, total: 7 })
        -m-----#
      `,
      errors: { output: timeout('total', 7) },
    },
    'after the end of the message the server may take its time': `
      -mz- 9m x-|
      > streamTimeout({ firstToken: 9, idle: 4, total: 7 })
      -mz- 9m x-|
    `,
    'after an error event the server may take its time': `
      -me- 9m |
      > streamTimeout({ firstToken: 9, idle: 4, total: 7 })
      -me- 9m |
    `,
    'no clock runs while the gate is closed, and each goes on from where it stood': {
      drawing: `
        -mot 20ms -
        > streamTimeout({ idle: 6, gate: closedFrom3To13 })
        -mot---------------#
        ^------------------!
      `,
      errors: { output: timeout('idle', 6) },
    },
    'an event that slips through a closed gate has no clock run': {
      drawing: `
        -mo---t 20ms -
        > streamTimeout({ idle: 6, gate: closedFrom3To13 })
        -mo---t------------#
        ^------------------!
      `,
      errors: { output: timeout('idle', 6) },
    },
    'the wait for the first content stops with the gate': {
      drawing: `
        -m 20ms -
        > streamTimeout({ firstToken: 6, gate: closedFrom3To13 })
        -m--------------#
        ^---------------!
      `,
      errors: { output: timeout('firstToken', 6) },
    },
    'the time of the whole stops with the gate': {
      drawing: `
        -motu--utu-uu-ut-tut-|
        > streamTimeout({ total: 6, gate: closedFrom3To13 })
        -motu--utu-uu-ut#
        ^---------------!
      `,
      errors: { output: timeout('total', 6) },
    },
    'a gate that is closed from the start holds every clock': {
      drawing: `
        --------------------
        > streamTimeout({ idle: 6, gate: closedFrom0To9 })
        ---------------#
        ^--------------!
      `,
      errors: { output: timeout('idle', 6) },
    },
    'an error of the source passes': {
      drawing: `
        -m-o-#
        > streamTimeout({ idle: 6 })
        -m-o-#
        ^----!
      `,
      errors: { output: undefined },
    },
    'a source that is tried again has the whole time again': `
      -m-o-t------
      > streamTimeout({ idle: 6 })
      -m-o-t-----#
      > retry(1)
      -m-o-t------m-o-t-----#
      ^----------!
      -----------^----------!
    `,
  },
  checks: {
    'events that come while another is delivered stay in order': () => {
      const seen = valuesUnderReentrancy(streamTimeout({ total: 6 }), [m, o], [t, u, c, z]);
      expect(seen).toEqual([m, t, u, c, z, o]);
    },
    'the source is let go before the subscriber hears of the error': () => {
      const heard: string[] = [];
      new TestScheduler(() => undefined).run(() => {
        NEVER.pipe(
          finalize(() => heard.push('source let go')),
          streamTimeout({ total: 6 }),
        ).subscribe({ error: ({ code }: StreamError) => heard.push(code) });
      });
      expect(heard).toEqual(['source let go', 'timeout']);
    },
    'a source whose teardown throws completes all the same': () => {
      const heard: string[] = [];
      const broken = new Subscription(() => {
        throw new Error('already closed');
      });
      const source = new Subject<StreamEvent>();
      const watched = new Observable<StreamEvent>((subscriber) => {
        subscriber.add(source.subscribe(subscriber));
        return broken;
      });
      watched.pipe(streamTimeout({ total: 6 })).subscribe({ complete: () => heard.push('complete') });
      source.complete();
      expect(heard).toEqual(['complete']);
    },
    'events that contradict each other are left to others to judge': () => {
      const twice: StreamEvent[] = [m, o, o, t, p, z];
      const seen: StreamEvent[] = [];
      of(...twice)
        .pipe(streamTimeout({ idle: 6 }))
        .subscribe((event) => seen.push(event));
      expect(seen).toEqual(twice);
    },
  },
});
