import { retry } from 'rxjs';
import { StreamError } from '../src/errors/streamError.js';
import * as events from '../src/events/make.js';
import { accumulateMessage } from '../src/operators/accumulateMessage.js';
import { retryWithReset } from '../src/operators/retryWithReset.js';
import { alphabet, anotherBegan, endedEarly, overloaded } from './alphabet.js';
import { message, text } from './contents.js';
import { valuesUnderReentrancy } from './kit/laws.js';
import { sheet } from './kit/sheet.js';

const { m, o, t, u, c, z, n } = alphabet;

const noSuchModel = events.error('invalid_request_error', 'No such model');
const wrongRequest = new StreamError('api', 'invalid_request_error: No such model', {
  errorType: 'invalid_request_error',
  status: 400,
});

export default sheet({
  operator: 'retryWithReset',
  operators: {
    'retryWithReset()': () => retryWithReset(),
    'retryWithReset({ delay: 3, jitter: 0 })': () => retryWithReset({ delay: 3, jitter: 0 }),
    'retryWithReset({ count: 1, delay: 3, jitter: 0 })': () =>
      retryWithReset({ count: 1, delay: 3, jitter: 0 }),
    'retryWithReset({ when: () => false })': () => retryWithReset({ when: () => false }),
    'accumulateMessage()': () => accumulateMessage(),
    'retry(1)': () => retry(1),
  },
  values: { R: events.reset(2, overloaded) },
  usual: (scheduler) => retryWithReset({}, scheduler),
  flows: ['events', 'events'],
  picture: `
    hot -m-o-t-e----n-o-u-c-z-|
    > retryWithReset({ delay: 3, jitter: 0 })
    -m-o-t----R-n-o-u-c-z-|
    ^------!
    ----------^-----------!
  `,
  cases: {
    'an empty source has ended too early, each time': {
      drawing: `
        ---|
        > retryWithReset({ delay: 3, jitter: 0 })
        ------2--------3--#
        ^--!
        ------^--!
        ---------------^--!
      `,
      values: { 2: events.reset(2, endedEarly), 3: events.reset(3, endedEarly) },
      errors: { output: endedEarly },
    },
    'the end alone is not an answer': {
      drawing: `
        ---z-|
        > retryWithReset({ count: 1, delay: 3, jitter: 0 })
        ------2--#
        ^--!
        ------^--!
      `,
      values: { 2: events.reset(2, endedEarly) },
      errors: { output: endedEarly },
    },
    'a whole answer passes as it came, and what follows it': `
      -m-p-o-t-u-c-s-z-x-|
      > retryWithReset()
      -m-p-o-t-u-c-s-z-x-|
      ^------------------!
    `,
    'whatever accumulates drops the failed attempt': {
      drawing: `
        hot -m-o-t-e----n-o-u-z-|
        > retryWithReset({ delay: 3, jitter: 0 })
        -m-o-t----R-n-o-u-z-|
        > accumulateMessage()
        -M-O-T------N-P-U---|
      `,
      values: {
        M: message(),
        O: message(text('')),
        T: message(text('la')),
        N: n.message,
        P: { ...n.message, content: [text('')] },
        U: { ...n.message, content: [text(' 🎵')] },
      },
    },
    'a connection that is lost again and again is an error': `
      -m-o-#
      > retryWithReset({ count: 1, delay: 3, jitter: 0 })
      -m-o----rm-o-#
      ^----!
      --------^----!
    `,
    'a stream that ends too early is tried again': {
      drawing: `
        -m-o-|
        > retryWithReset({ count: 1, delay: 3, jitter: 0 })
        -m-o----Em-o-#
        ^----!
        --------^----!
      `,
      values: { E: events.reset(2, endedEarly) },
      errors: { output: endedEarly },
    },
    'another message inside an unfinished one is never let in': {
      drawing: `
        -m-o-n-o-z-|
        > retryWithReset({ count: 1, delay: 3, jitter: 0 })
        -m-o----Em-o-#
        ^----!
        --------^----!
      `,
      values: { E: events.reset(2, anotherBegan) },
      errors: { output: anotherBegan },
    },
    'a message that is begun again goes on': `
      -m-m-o-z-|
      > retryWithReset()
      -m-m-o-z-|
    `,
    'a message may begin again after a reset of the source itself': `
      -m-r-n-o-z-|
      > retryWithReset()
      -m-r-n-o-z-|
    `,
    'one message after the other passes': `
      -m-o-z-n-o-z-|
      > retryWithReset()
      -m-o-z-n-o-z-|
    `,
    'once a message is whole, no failure brings it again': `
      -m-o-z-n-o-#
      > retryWithReset()
      -m-o-z-n-o-#
      ^----------!
    `,
    'an error event that is not worth another attempt is an error': {
      drawing: `
        -m-E-|
        > retryWithReset()
        -m-#
        ^--!
      `,
      values: { E: noSuchModel },
      errors: { output: wrongRequest },
    },
    'the caller may forbid another attempt': `
      -m-o-#
      > retryWithReset({ when: () => false })
      -m-o-#
      ^----!
    `,
    'a subscriber who leaves ends the wait': `
      -m-#
      > retryWithReset({ delay: 3, jitter: 0 })
      -m---
      -----!
      ^--!
    `,
    'each subscriber has all the attempts, counted from one': `
      -m-o-#
      > retryWithReset({ count: 1, delay: 3, jitter: 0 })
      -m-o----rm-o-#
      > retry(1)
      -m-o----rm-o--m-o----rm-o-#
      ^----!
      --------^----!
      -------------^----!
      ---------------------^----!
    `,
  },
  checks: {
    'events that come while another is delivered stay in order': () => {
      const seen = valuesUnderReentrancy(retryWithReset(), [m, o], [t, u, c, z]);
      expect(seen).toEqual([m, t, u, c, z, o]);
    },
  },
});
