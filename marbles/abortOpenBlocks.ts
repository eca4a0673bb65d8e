import { retry } from 'rxjs';
import * as events from '../src/events/make.js';
import { abortOpenBlocks } from '../src/operators/abortOpenBlocks.js';
import { alphabet, connectionLost, endedEarly, overloaded } from './alphabet.js';
import { eventsDrawn, valuesUnderReentrancy } from './kit/laws.js';
import { sheet } from './kit/sheet.js';

const { m, n, o, b, i, e, p } = alphabet;

const socket = 'socket hang up';

export default sheet({
  operator: 'abortOpenBlocks',
  operators: {
    'abortOpenBlocks()': () => abortOpenBlocks(),
    "abortOpenBlocks('Sorry')": () => abortOpenBlocks('Sorry'),
    'retry(1)': () => retry(1),
  },
  values: {
    Q: events.blockAbort(0, connectionLost.message),
    A: events.blockAbort(1, connectionLost.message),
    S: events.blockAbort(0, 'Sorry'),
    T: events.blockAbort(1, 'Sorry'),
  },
  usual: () => abortOpenBlocks('gone'),
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
