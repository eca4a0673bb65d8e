import { defer, filter, map, Observable, tap, timer } from 'rxjs';
import { anthropic } from '../src/anthropic.js';
import { StreamError } from '../src/errors/streamError.js';
import type { StreamEvent } from '../src/events/event.js';
import * as events from '../src/events/make.js';
import { Cursor } from '../src/sources/cursor.js';
import { EventReader } from '../src/sources/eventReader.js';
import { readInto } from '../src/sources/fromBytes.js';
import { finished, resumed as resumedBy, type Pace } from '../src/sources/resumed.js';
import { alphabet, endedEarly } from './alphabet.js';
import { sheet, type AnyOperator } from './kit/sheet.js';

const { m, o, t, u, c, z } = alphabet;

/** An event as it stands on the wire, with its id. */
function sent(id: string, event: StreamEvent): string {
  return `id: ${id}\ndata: ${JSON.stringify(event)}\n\n`;
}

const cut = new StreamError('network', 'The connection broke while the stream was read');
const gone = new StreamError('http', 'HTTP 410: The answer is not there any more.', { status: 410 });
const over = { status: 204 };
const reset = events.reset(2, 'Another producer took over');

/** The letters are what one connection after the other brings: text, or what it fails with. */
function resumed(options: Pace): AnyOperator {
  return (chunks: Observable<unknown>) =>
    defer(() => {
      const cursor = new Cursor(anthropic);
      const reader = new EventReader(anthropic, {}, undefined, cursor);
      const connection = new Observable<StreamEvent>((subscriber) => {
        const end = (chunk: unknown): void => {
          if (chunk instanceof Error) throw chunk;
          if (chunk === over) finished(reader).subscribe(subscriber);
        };
        const text = chunks.pipe(
          tap(end),
          filter((chunk) => typeof chunk === 'string'),
        );
        readInto(subscriber, text, reader.open(false), {});
      });
      return connection.pipe(resumedBy(cursor, reader, options));
    });
}

const wake = timer(4).pipe(map(() => 'online'));

export default sheet({
  operator: 'resumed',
  operators: {
    'resumed({ delay: 2, jitter: 0 })': () => resumed({ delay: 2, jitter: 0 }),
    'resumed({ attempts: 2, delay: 2, jitter: 0 })': () => resumed({ attempts: 2, delay: 2, jitter: 0 }),
    'resumed({ delay: 600, wake })': () => resumed({ delay: 600, wake }),
  },
  values: {
    1: sent('1-0', m),
    2: sent('1-1', o),
    3: sent('1-2', t),
    4: sent('1-3', u),
    5: sent('1-4', c),
    6: sent('1-5', z),
    H: sent('1-3', u).slice(0, 30),
    X: cut,
    G: gone,
    N: over,
  },
  labels: {
    1: 'id 1-0',
    2: 'id 1-1',
    3: 'id 1-2',
    4: 'id 1-3',
    5: 'id 1-4',
    6: 'id 1-5',
    X: 'cut',
  },
  flows: ['connections', 'events'],
  picture: `
    hot -1-2-3-X---3-4-5-6-|
    > resumed({ delay: 2, jitter: 0 })
    -m-o-t-------u-c-z-|
    ^------!
    ---------^---------!
  `,
  cases: {
    'an answer that is whole is asked for once': `
      -1-2-3-4-5-6-|
      > resumed({ delay: 2, jitter: 0 })
      -m-o-t-u-c-z-|
      ^------------!
    `,
    'a connection that ends before the answer did is lost too': {
      drawing: `
        1-2-3-|
        > resumed({ attempts: 2, delay: 2, jitter: 0 })
        m-o-t-------------------#
        ^-----!
        --------^-----!
        ------------------^-----!
      `,
      errors: { output: endedEarly },
    },
    'a frame that was cut is dropped, and comes again': `
      hot -1-2-3-H-X-----4-5-6-|
      > resumed({ delay: 2, jitter: 0 })
      -m-o-t---------u-c-z-|
      ^--------!
      -----------^---------!
    `,
    'what the server has nothing behind is over': `
      hot -1-2-3-4-5-X---(N|)
      > resumed({ delay: 2, jitter: 0 })
      -m-o-t-u-c-----|
      ^----------!
      -------------^-!
    `,
    'one that is cut behind its end is asked for, because more may follow': `
      hot -1-2-3-4-5-6-X---(N|)
      > resumed({ delay: 2, jitter: 0 })
      -m-o-t-u-c-z-----|
      ^------------!
      ---------------^-!
    `,
    'what is missing is an error': {
      drawing: `
        hot -1-2-3-X---5-6-|
        > resumed({ delay: 2, jitter: 0 })
        -m-o-t-----#
        ^------!
        ---------^-!
      `,
      errors: {
        output: new StreamError('gap', 'What follows 1-2 is missing: what the server sends next is 1-4'),
      },
    },
    'another writer begins anew': {
      drawing: `
        hot -1-2-3-X---R-A-B-C-D-|
        > resumed({ delay: 2, jitter: 0 })
        -m-o-t-----Q-m-o-u-z-|
        ^------!
        ---------^-----------!
      `,
      values: {
        R: sent('2-0', reset),
        A: sent('2-1', m),
        B: sent('2-2', o),
        C: sent('2-3', u),
        D: sent('2-4', z),
        Q: reset,
      },
    },
    'an answer that is gone is asked for no more': {
      drawing: `
        hot -1-2-3-X---G
        > resumed({ delay: 2, jitter: 0 })
        -m-o-t-----#
        ^------!
        ---------^-!
      `,
      errors: { output: gone },
    },
    'attempts without anything new are counted, and their wait doubles': {
      drawing: `
        hot -1-2-X---X-----X----
        > resumed({ attempts: 2, delay: 2, jitter: 0 })
        -m-o-----------#
        ^----!
        -------^-!
        -------------^-!
      `,
      errors: { output: cut },
    },
    'an attempt that brings something begins the count anew': `
      hot -1-2-X---X-----3-X---X-----4-5-6-|
      > resumed({ attempts: 2, delay: 2, jitter: 0 })
      -m-o-----------t-----------u-c-z-|
      ^----!
      -------^-!
      -------------^---!
      -------------------^-!
      -------------------------^-------!
    `,
    'what wakes ends the wait at once': `
      hot -1-2-X-----3-4-5-6-|
      > resumed({ delay: 600, wake })
      -m-o-------t-u-c-z-|
      ^----!
      ---------^---------!
    `,
    'without an id nothing can be asked for': {
      drawing: `
        hot -A-B-X---C-|
        > resumed({ delay: 2, jitter: 0 })
        -m-o-#
        ^----!
      `,
      values: { A: sent('', m), B: sent('', o), C: sent('', t) },
      errors: { output: cut },
    },
    'a subscriber who leaves while it waits ends the wait': `
      hot -1-2-X---3-4-5-6-|
      > resumed({ delay: 2, jitter: 0 })
      -m-o---
      ------!
      ^----!
    `,
  },
});
