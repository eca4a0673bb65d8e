import { retry } from 'rxjs';
import { StreamError } from '../src/errors/streamError.js';
import * as events from '../src/events/make.js';
import { toText } from '../src/operators/toText.js';
import { anotherBegan, connectionLost, endedEarly, overloaded } from './alphabet.js';
import { sheet } from './kit/sheet.js';

const socket = new Error('socket hang up');

export default sheet({
  operator: 'toText',
  operators: {
    'toText()': () => toText(),
    "toText({ between: '' })": () => toText({ between: '' }),
    'retry(1)': () => retry(1),
  },
  values: { T: 'la 🎵', L: 'la', N: '' },
  flows: ['events', 'text'],
  picture: `
    -m-o-t-p-u-c-z-|
    > toText()
    -------------T-|
    ^--------------!
  `,
  cases: {
    'an empty source is an error': {
      drawing: `
        ---|
        > toText()
        ---#
        ^--!
      `,
      errors: { output: endedEarly.withPartial('') },
    },
    'a message without text is an empty text': `
      -m-b-i-j-d-y-z-|
      > toText()
      -------------N-|
    `,
    'the text comes at the end of the message, though the source goes on': `
      -m-o-t-u-c-z- 30s x|
      > toText()
      -----------T- 30s -|
    `,
    'thinking is not part of it': `
      -m-h-k-g-c-z-|
      > toText()
      -----------N-|
    `,
    'several text blocks are joined in the order of the message': {
      drawing: `
        -m-2-3-o-t-4-c-5-z-|
        > toText()
        -----------------B-|
      `,
      values: {
        2: events.textStart(2, 'two'),
        3: events.textDelta(2, ' and'),
        4: events.textDelta(2, ' more'),
        5: events.blockStop(2),
        B: 'latwo and more',
      },
    },
    'an empty line stands where a call, a result or thinking stood between two texts': {
      drawing: `
        -m-o-t-c-b-i-j-d-O-D-C-y-z-|
        > toText()
        -------------------------B-|
      `,
      values: {
        O: events.textStart(2, 'Oh '),
        D: events.textDelta(2, 'la'),
        C: events.blockStop(2),
        B: 'la\n\nOh la',
      },
    },
    'but not before the first, after the last, or around an empty one': {
      drawing: `
        -m-b-i-j-d-O-D-C-B-A-P-Q-z-|
        > toText()
        -------------------------L-|
      `,
      values: {
        O: events.textStart(2),
        D: events.textDelta(2, 'la'),
        C: events.blockStop(2),
        B: events.toolUseStart(3, 'toolu_2', 'get_weather'),
        A: events.blockStop(3),
        P: events.textStart(4),
        Q: events.blockStop(4),
      },
    },
    'with nothing between, the texts are joined as they are': {
      drawing: `
        -m-o-t-c-b-i-j-d-O-C-y-z-|
        > toText({ between: '' })
        -----------------------B-|
      `,
      values: { O: events.textStart(2, 'Oh'), C: events.blockStop(2), B: 'laOh' },
    },
    'text that the message holds from its start is part of it': {
      drawing: `
        -M-z-|
        > toText()
        ---L-|
      `,
      values: { M: events.messageStart({ content: [{ type: 'text', text: 'la', citations: null }] }) },
    },
    'each of several messages has its text': `
      -m-o-t-c-z-n-o-t-u-z-|
      > toText()
      ---------L---------T-|
    `,
    'a message that is begun again keeps its text': `
      -m-o-t-m-u-c-z-|
      > toText()
      -------------T-|
    `,
    'another message inside an unfinished one is an error, never a mixture': {
      drawing: `
        -m-o-t-n-o-u-z-|
        > toText()
        -------#
        ^------!
      `,
      errors: {
        output: anotherBegan.withPartial('la'),
      },
    },
    'an attempt that failed leaves no text behind': `
      -m-o-t-r-m-o-t-u-c-z-|
      > toText()
      -------------------T-|
    `,
    'an error event is an error with the text so far': {
      drawing: `
        -m-o-t-e-|
        > toText()
        -------#
        ^------!
      `,
      errors: { output: overloaded.withPartial('la') },
    },
    'a source that ends too early is an error with the text so far': {
      drawing: `
        -m-o-t-u-c-|
        > toText()
        -----------#
      `,
      errors: { output: endedEarly.withPartial('la 🎵') },
    },
    'a source that ends inside its second message has given the first': {
      drawing: `
        -m-o-t-z-n-o-u-|
        > toText()
        -------L-------#
      `,
      errors: { output: endedEarly.withPartial(' 🎵') },
    },
    'an error of the source comes with the text so far': {
      drawing: `
        -m-o-t-#
        > toText()
        -------#
        ^------!
      `,
      errors: { output: connectionLost.withPartial('la') },
    },
    'a foreign error of the source becomes the cause of one of ours': {
      drawing: `
        -m-o-t-#
        > toText()
        -------#
      `,
      errors: {
        source: socket,
        output: new StreamError('source', 'The source of the stream failed: see its cause', {
          cause: socket,
          partial: 'la',
        }),
      },
    },
    'a source that is tried again begins its text again': {
      drawing: `
        -m-o-t-#
        > toText()
        -------#
        > retry(1)
        --------------#
        ^------!
        -------^------!
      `,
      errors: { output: connectionLost.withPartial('la') },
    },
  },
});
