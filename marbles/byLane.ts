import {
  from,
  map,
  mergeAll,
  mergeMap,
  of,
  pipe,
  retry,
  Subject,
  toArray,
  type GroupedObservable,
} from 'rxjs';
import { StreamError } from '../src/errors/streamError.js';
import type { StreamEvent } from '../src/events/event.js';
import { accumulateState } from '../src/operators/accumulateState.js';
import { byLane } from '../src/operators/byLane.js';
import { textDeltas } from '../src/operators/textDeltas.js';
import { toMessage } from '../src/operators/toMessage.js';
import { untilTerminal } from '../src/operators/untilTerminal.js';
import { alphabet, overloaded } from './alphabet.js';
import { eventsDrawn, valuesUnderReentrancy } from './kit/laws.js';
import { sheet } from './kit/sheet.js';

const { m, n, o, t, u, c, z, e, p } = alphabet;

/** The events of a sub-agent. */
function laned<E extends StreamEvent>(event: E, lane = 'toolu_1'): E {
  return { ...event, lane };
}

type Lane = GroupedObservable<string | undefined, StreamEvent>;

const said = (lane: Lane) => lane.pipe(map((event) => `${event.type} of ${lane.key ?? 'main'}`));
const text = (lane: Lane) =>
  lane.pipe(
    textDeltas(),
    map((piece) => `${lane.key ?? 'main'}: ${piece}`),
  );
const key = ({ key }: Lane) => key ?? 'main';

export default sheet({
  operator: 'byLane',
  operators: {
    'pipe(byLane(), mergeMap(text))': () => pipe(byLane(), mergeMap(text)),
    'pipe(byLane(), mergeMap(said))': () => pipe(byLane(), mergeMap(said)),
    'pipe(byLane(), map(key))': () => pipe(byLane(), map(key)),
    'pipe(byLane(), mergeAll())': () => pipe(byLane(), mergeAll()),
    'pipe(byLane({ lanes: 1 }), mergeAll())': () => pipe(byLane({ lanes: 1 }), mergeAll()),
    'retry(1)': () => retry(1),
  },
  usual: () => pipe(byLane(), mergeAll()),
  values: {
    M: laned(n),
    O: laned(o),
    T: laned(u),
    C: laned(c),
    Z: laned(z),
    E: laned(e),
    N: laned(m, 'toolu_2'),
    P: laned(p, ''),
    1: 'main: la',
    2: 'toolu_1:  🎵',
    A: 'main',
    B: 'toolu_1',
    D: 'toolu_2',
    G: 'ping of main',
    H: 'error of toolu_1',
    K: 'message_stop of main',
  },
  flows: ['events', 'text by lane'],
  labels: {
    M: 'toolu_1: message',
    O: 'toolu_1: text',
    T: 'toolu_1: " 🎵"',
    C: 'toolu_1: stop',
    Z: 'toolu_1: message stop',
  },
  picture: `
    -m-o-M-t-O-T-C-c-Z-z-|
    > pipe(byLane(), mergeMap(text))
    -------1---2---------|
    ^--------------------!
  `,
  cases: {
    'an empty source completes': `
      ---|
      > pipe(byLane(), map(key))
      ---|
      ^--!
    `,
    'a single event is of the main agent': `
      ---m---|
      > pipe(byLane(), map(key))
      ---A---|
      ^------!
    `,
    'a lane comes with its first event, and once': `
      -m-M-N-O-o-T-|
      > pipe(byLane(), map(key))
      -A-B-D-------|
    `,
    'in a lane its events have none': `
      -M-o-O-Z-|
      > pipe(byLane(), mergeAll())
      -n-o-o-z-|
    `,
    'an empty lane is that of the main agent': `
      -p-P-|
      > pipe(byLane(), mergeMap(said))
      -G-G-|
    `,
    'the failure of a sub-agent is an event of its lane, and the others go on': `
      -E-z-|
      > pipe(byLane(), mergeMap(said))
      -H-K-|
    `,
    'a failure of the source passes': `
      -m-M-#
      > pipe(byLane(), mergeAll())
      -m-n-#
      ^----!
    `,
    'a lane too many is an error': {
      drawing: `
        -m-o-M-t-|
        > pipe(byLane({ lanes: 1 }), mergeAll())
        -m-o-#
        ^----!
      `,
      errors: { output: new StreamError('limit', 'The stream has more than 1 lanes (limit: lanes)') },
    },
    'a subscriber who leaves lets go of the source': `
      -m-M-o-O-|
      > pipe(byLane(), mergeAll())
      -m-n-
      ----!
      ^---!
    `,
    'each attempt has lanes of its own': `
      -m-M-#
      > pipe(byLane(), map(key))
      -A-B-#
      > retry(1)
      -A-B--A-B-#
      ^----!
      -----^----!
    `,
    'a hot source is seen from now on': `
      hot -m-o-^-M-t-z-|
      > pipe(byLane(), map(key))
      --B-A---|
      ^-------!
    `,
  },
  checks: {
    'an event of the main agent is the same object': () => {
      const seen: StreamEvent[] = [];
      of(m, laned(o))
        .pipe(byLane(), mergeAll())
        .subscribe((event) => seen.push(event));
      expect(seen[0]).toBe(m);
      expect(seen[1]).toEqual(o);
    },
    'a lane is read as a stream is': () => {
      const ids: unknown[] = [];
      const ends: unknown[] = [];
      const states: unknown[] = [];
      const source = from([m, laned(n), laned(o), o, laned(c), laned(z), laned(p), t, c, z]);
      source.pipe(byLane(), mergeMap(toMessage())).subscribe(({ id }) => ids.push(id));
      source
        .pipe(
          byLane(),
          mergeMap((lane) => lane.pipe(untilTerminal(), toArray())),
        )
        .subscribe((events) => ends.push(events.length));
      source
        .pipe(byLane(), mergeMap(accumulateState()))
        .subscribe(({ status, message }) => states.push([status, message?.id]));
      expect(ids).toEqual(['msg_2', 'msg_1']);
      expect(ends).toEqual([4, 5]);
      expect(states).toEqual(
        expect.arrayContaining([
          ['done', 'msg_2'],
          ['done', 'msg_1'],
        ]),
      );
    },
    'every lane fails with the source, and completes with it': () => {
      const endsOf = (end: (source: Subject<StreamEvent>) => void): unknown[] => {
        const heard: unknown[] = [];
        const hear = (whose: unknown) => ({
          error: (error: unknown) => heard.push([whose, error]),
          complete: () => heard.push([whose, 'complete']),
        });
        const source = new Subject<StreamEvent>();
        const lanes: Lane[] = [];
        source.pipe(byLane()).subscribe({ ...hear('all'), next: (lane) => lanes.push(lane) });
        for (const event of [m, laned(n), laned(z)]) source.next(event);
        for (const lane of lanes) lane.subscribe(hear(lane.key));
        expect(heard).toEqual([]);
        end(source);
        return heard;
      };
      const whose = [undefined, 'toolu_1', 'all'];
      expect(endsOf((source) => source.error(overloaded))).toEqual(whose.map((who) => [who, overloaded]));
      expect(endsOf((source) => source.complete())).toEqual(whose.map((who) => [who, 'complete']));
    },
    'a lane that nobody reads keeps nothing': () => {
      const lanes: Lane[] = [];
      const source = new Subject<StreamEvent>();
      source.pipe(byLane()).subscribe((lane) => lanes.push(lane));
      source.next(m);
      source.next(o);
      const late: StreamEvent[] = [];
      lanes[0]?.subscribe((event) => late.push(event));
      source.next(t);
      expect(late).toEqual([t]);
    },
    'a lane goes on for its reader when nobody waits for others': () => {
      const lanes: Lane[] = [];
      const seen: StreamEvent[] = [];
      const source = new Subject<StreamEvent>();
      const all = source.pipe(byLane()).subscribe((lane) => lanes.push(lane));
      source.next(m);
      const reader = lanes[0]?.subscribe((event) => seen.push(event));
      all.unsubscribe();
      source.next(o);
      source.next(laned(n));
      expect(seen).toEqual([o]);
      reader?.unsubscribe();
      expect(source.observed).toBe(false);
    },
    'there are 256 lanes at most, unless more are allowed': () => {
      const many = Array.from({ length: 300 }, (_, nth) => laned(p, `toolu_${nth}`));
      let lanes = 0;
      let failure: unknown;
      from(many)
        .pipe(byLane())
        .subscribe({ next: () => lanes++, error: (error: unknown) => (failure = error) });
      expect(lanes).toBe(256);
      expect(failure).toMatchObject({ code: 'limit', retryable: false });
      lanes = 0;
      from(many)
        .pipe(byLane({ lanes: Infinity }))
        .subscribe(() => lanes++);
      expect(lanes).toBe(300);
    },
    'the first of many events is one': () => {
      expect(eventsDrawn<StreamEvent>(pipe(byLane(), mergeAll()), [m, o, t], 2)).toBe(2);
    },
    'events that come while another is delivered wait for their turn': () => {
      expect(
        valuesUnderReentrancy<StreamEvent, StreamEvent>(pipe(byLane(), mergeAll()), [m, o], [p]),
      ).toEqual([m, p, o]);
    },
  },
});
