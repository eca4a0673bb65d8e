import { retry } from 'rxjs';
import { StreamError } from '../src/errors/streamError.js';
import * as events from '../src/events/make.js';
import { retryBeforeOutput } from '../src/operators/retryBeforeOutput.js';
import { alphabet } from './alphabet.js';
import { valuesUnderReentrancy } from './kit/laws.js';
import { sheet } from './kit/sheet.js';

const { m, o, t, u, c, z } = alphabet;

const http = (status: number, retryAfterMs?: number): StreamError =>
  new StreamError('http', `HTTP ${status}`, { status, retryable: status >= 429, retryAfterMs });

export default sheet({
  operator: 'retryBeforeOutput',
  operators: {
    'retryBeforeOutput()': () => retryBeforeOutput(),
    'retryBeforeOutput({ delay: 3, jitter: 0 })': () => retryBeforeOutput({ delay: 3, jitter: 0 }),
    'retryBeforeOutput({ count: 1, delay: 3, jitter: 0 })': () =>
      retryBeforeOutput({ count: 1, delay: 3, jitter: 0 }),
    'retryBeforeOutput({ jitter: 0 })': () => retryBeforeOutput({ jitter: 0 }),
    'retryBeforeOutput({ count: 0 })': () => retryBeforeOutput({ count: 0 }),
    'retryBeforeOutput({ count: 3, delay: 3, maxDelay: 4, jitter: 0 })': () =>
      retryBeforeOutput({ count: 3, delay: 3, maxDelay: 4, jitter: 0 }),
    'retryBeforeOutput({ retryAfter: 4 })': () => retryBeforeOutput({ retryAfter: 4 }),
    'retryBeforeOutput({ when: () => false })': () => retryBeforeOutput({ when: () => false }),
    'retryBeforeOutput({ delay: 3, jitter: 0, when: (_, attempt) => attempt < 2 })': () =>
      retryBeforeOutput({ delay: 3, jitter: 0, when: (_, attempt) => attempt < 2 }),
    'retry(1)': () => retry(1),
  },
  usual: (scheduler) => retryBeforeOutput({}, scheduler),
  flows: ['events', 'events'],
  picture: `
    hot -m-e---n-o-t------c-z|
    > retryBeforeOutput({ delay: 3, jitter: 0 })
    -----------(not)--c-z|
    ^--!
    ------^--------------!
  `,
  cases: {
    'an empty source is asked again, and at last completes': `
      ---|
      > retryBeforeOutput({ delay: 3, jitter: 0 })
      ------------------|
      ^--!
      ------^--!
      ---------------^--!
    `,
    'a message without content comes whole, at its end': `
      -m-z----|
      > retryBeforeOutput()
      ---(mz)-|
      ^-------!
    `,
    'from the first content on, everything passes at its own moment': `
      -m-o-t------p-u-c-s-z-x-|
      > retryBeforeOutput()
      -----(mot)--p-u-c-s-z-x-|
      ^-----------------------!
    `,
    'a connection that is lost again and again is an error, with what came last': `
      -m-#
      > retryBeforeOutput({ delay: 3, jitter: 0 })
      ------------------(m#)
      ^--!
      ------^--!
      ---------------^--!
    `,
    'once content has come, an error of the source passes': `
      -o-t---#
      > retryBeforeOutput()
      ---(ot)#
      ^------!
    `,
    'once content has come, an error event passes as any other': `
      -o-t----e-|
      > retryBeforeOutput()
      ---(ot)-e-|
      ^---------!
    `,
    'once content has come, an early end passes': `
      -o-t----|
      > retryBeforeOutput()
      ---(ot)-|
      ^-------!
    `,
    'once the message has ended, an error passes': `
      -m-z-----#
      > retryBeforeOutput()
      ---(mz)--#
      ^--------!
    `,
    'an error event that comes again is at last the event it is, and the end': `
      -m-e----|
      > retryBeforeOutput({ count: 1, delay: 3, jitter: 0 })
      ---------(me|)
      ^--!
      ------^--!
    `,
    'an error event that is not worth another attempt is the event it is': {
      drawing: `
        -m-E----|
        > retryBeforeOutput()
        ---(mE|)
        ^--!
      `,
      values: { E: events.error('invalid_request_error', 'No such model') },
    },
    'pings pass at once, those of a failed attempt too': `
      hot -p-m-p-e-----p-m-o-t------c|
      > retryBeforeOutput({ delay: 3, jitter: 0 })
      -p---p-------p-----(mot)--c|
      ^------!
      ----------^----------------!
    `,
    'a wrong request is not sent again': {
      drawing: `
        -#
        > retryBeforeOutput()
        -#
        ^!
      `,
      errors: { source: http(400) },
    },
    'a foreign error is no failure of the stream': {
      drawing: `
        -#
        > retryBeforeOutput()
        -#
        ^!
      `,
      errors: { source: new TypeError('undefined is not a function') },
    },
    'a server that says how long to wait is taken at its word': {
      drawing: `
        -#
        > retryBeforeOutput({ count: 1, delay: 3, jitter: 0 })
        ---------#
        ^!
        --------^!
      `,
      errors: { source: http(429, 7) },
    },
    'a server that asks for too long a wait is not asked again': {
      drawing: `
        -#
        > retryBeforeOutput({ retryAfter: 4 })
        -#
        ^!
      `,
      errors: { source: http(429, 5) },
    },
    'the wait doubles up to a limit': `
      -#
      > retryBeforeOutput({ count: 3, delay: 3, maxDelay: 4, jitter: 0 })
      ---------------#
      ^!
      ----^!
      ---------^!
      --------------^!
    `,
    'by default the wait is half a second, then a second, less what chance takes off': `
      -#
      > retryBeforeOutput({ jitter: 0 })
      - 1502ms #
      ^!
      - 500ms ^!
      - 1501ms ^!
    `,
    'the caller may forbid another attempt': `
      -#
      > retryBeforeOutput({ when: () => false })
      -#
      ^!
    `,
    'the caller may allow what is not retryable, told which attempt has failed': {
      drawing: `
        -#
        > retryBeforeOutput({ delay: 3, jitter: 0, when: (_, attempt) => attempt < 2 })
        -----#
        ^!
        ----^!
      `,
      errors: { source: http(400) },
    },
    'without another attempt nothing is lost': `
      -m-#
      > retryBeforeOutput({ count: 0 })
      ---(m#)
      ^--!
    `,
    'a subscriber who leaves ends the wait': `
      -m-#
      > retryBeforeOutput({ delay: 3, jitter: 0 })
      -----
      -----!
      ^--!
    `,
    'each subscriber has all the attempts': `
      -m-#
      > retryBeforeOutput({ count: 1, delay: 3, jitter: 0 })
      ---------(m#)
      > retry(1)
      ---------m--------(m#)
      ^--!
      ------^--!
      ---------^--!
      ---------------^--!
    `,
  },
  checks: {
    'events that come while others are delivered wait for their turn': () => {
      const seen = valuesUnderReentrancy(retryBeforeOutput(), [m, o, t], [u, c, z]);
      expect(seen).toEqual([m, o, t, u, c, z]);
    },
  },
});
