import { map, NEVER, of, startWith, timer } from 'rxjs';
import { StreamError } from '../src/errors/streamError.js';
import * as events from '../src/events/make.js';
import { drain } from '../src/server/drain.js';
import { sheet } from './kit/sheet.js';

const open = NEVER.pipe(startWith(true));
const closed = of(false);
/** Closed after 3 ms. */
const closing = timer(3).pipe(
  map(() => false),
  startWith(true),
);
/** Closed after 3 ms, and open again 3 ms later. */
const reopening = timer(3, 3).pipe(
  map((times) => times > 0),
  startWith(true),
);

const REASON = 'The server is shutting down';

export default sheet({
  operator: 'drain',
  operators: {
    'drain(open)': () => drain(open),
    'drain(closed)': () => drain(closed),
    'drain(closing, { graceMs: 5 })': () => drain(closing, { graceMs: 5 }),
    'drain(closing, { graceMs: 0 })': () => drain(closing, { graceMs: 0 }),
    'drain(reopening, { graceMs: 5 })': () => drain(reopening, { graceMs: 5 }),
  },
  values: {
    Q: events.blockAbort(0, REASON),
    A: events.blockAbort(1, REASON),
    C: events.messageDelta('cancelled', { output_tokens: 1 }),
    L: { ...events.toolResult('toolu_1', REASON, true), cancelled: true },
  },
  usual: () => drain(open),
  flows: ['events', 'events'],
  picture: `
    -m-o-t-b-i-j-d-z-|
    > drain(closing, { graceMs: 5 })
    -m-o-t-b(QACz|)
    ^-------!
  `,
  cases: {
    'an answer passes as it is while the gate is open': `
      -m-p-o-t-b-i-c-x-j-d-y-z-|
      > drain(open)
      -m-p-o-t-b-i-c-x-j-d-y-z-|
      ^------------------------!
    `,
    'one that ends in time is whole': `
      -m-o-cz|
      > drain(closing, { graceMs: 5 })
      -m-o-cz|
      ^------!
    `,
    'without grace it is stopped at once': `
      -mb-o-t-z-|
      > drain(closing, { graceMs: 0 })
      -mb(ACz|)
      ^--!
    `,
    'a finished call gets a result that says why': `
      -m-b-j-d--o-t-z-|
      > drain(closing, { graceMs: 5 })
      -m-b-j-d(LCz|)
      ^-------!
    `,
    'a gate that is opened again in time stops nothing': `
      -m-o-t-c-y----z-|
      > drain(reopening, { graceMs: 5 })
      -m-o-t-c-y----z-|
      ^---------------!
    `,
    'nothing is asked once the gate is closed': {
      drawing: `
        -m-o-cz|
        > drain(closed)
        #
      `,
      errors: {
        output: new StreamError('http', `${REASON} and begins no answer`, {
          status: 503,
          retryable: true,
          retryAfterMs: 1000,
        }),
      },
    },
    'a failure passes as it came': `
      -m-o-#
      > drain(closing, { graceMs: 5 })
      -m-o-#
      ^----!
    `,
  },
});
