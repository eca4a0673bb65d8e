import { retry } from 'rxjs';
import * as events from '../src/events/make.js';
import { textDeltas } from '../src/operators/textDeltas.js';
import { alphabet, anotherBegan, overloaded } from './alphabet.js';
import { valuesUnderReentrancy } from './kit/laws.js';
import { sheet } from './kit/sheet.js';

const { m, o, t, u, c, z } = alphabet;

export default sheet({
  operator: 'textDeltas',
  operators: {
    'textDeltas()': () => textDeltas(),
    "textDeltas({ between: '' })": () => textDeltas({ between: '' }),
    'retry(1)': () => retry(1),
  },
  values: { T: 'la', U: ' 🎵' },
  flows: ['events', 'text'],
  picture: `
    -m-o-t-p-u-c-z-|
    > textDeltas()
    -----T---U-----|
    ^--------------!
  `,
  cases: {
    'an empty source completes': `
      ---|
      > textDeltas()
      ---|
      ^--!
    `,
    'a single piece comes at its own moment': `
      ---t---|
      > textDeltas()
      ---T---|
      ^------!
    `,
    'pieces of one moment stay apart': `
      -m-o-(tut)z|
      > textDeltas()
      -----(TUT)-|
    `,
    'thinking and tool input are not text': `
      -m-h-k-g-c-b-i-j-d-l-y-z-|
      > textDeltas()
      -------------------------|
    `,
    'empty pieces are left out': {
      drawing: `
        -m-o-E-t-E-c-z-|
        > textDeltas()
        -------T-------|
      `,
      values: { E: events.textDelta(0, '') },
    },
    'text that stands in the start of a block is text': {
      drawing: `
        -m-O-t-c-z-|
        > textDeltas()
        ---H-T-----|
      `,
      values: { O: events.textStart(0, 'Oh '), H: 'Oh ' },
    },
    'text that stands in the start of a message is text': {
      drawing: `
        -M-O-D-C-z-|
        > textDeltas()
        -H---T-----|
      `,
      values: {
        M: events.messageStart({ content: [{ type: 'text', text: 'Oh ', citations: null }] }),
        O: events.textStart(1),
        D: events.textDelta(1, 'la'),
        C: events.blockStop(1),
        H: 'Oh ',
      },
    },
    'a message that repeats its start does not repeat its text': {
      drawing: `
        -M-M-z-|
        > textDeltas()
        -H-----|
      `,
      values: {
        M: events.messageStart({ id: 'msg_1', content: [{ type: 'text', text: 'Oh', citations: null }] }),
        H: 'Oh',
      },
    },
    'half a character waits for its other half': {
      drawing: `
        -m-o-A-B-c-z-|
        > textDeltas()
        -----C-D-----|
      `,
      values: {
        A: events.textDelta(0, 'Sea \ud83c'),
        B: events.textDelta(0, '\udf0a!'),
        C: 'Sea ',
        D: '🌊!',
      },
    },
    'halves of two blocks do not meet': {
      drawing: `
        -m-(oP)-A-B-C-D-cQz-|
        > textDeltas()
        ------------E-F-----|
      `,
      values: {
        P: events.textStart(1),
        A: events.textDelta(0, '\ud83c'),
        B: events.textDelta(1, '\ud83d'),
        C: events.textDelta(0, '\udf0a'),
        D: events.textDelta(1, '\ude00'),
        Q: events.blockStop(1),
        E: '🌊',
        F: '😀',
      },
    },
    'half a character comes as it is where its block, or the stream, ends': {
      drawing: `
        -m-o-H-c-P-I-|
        > textDeltas()
        -------A-----(A|)
      `,
      values: {
        P: events.textStart(1),
        H: events.textDelta(0, '\ud83c'),
        I: events.textDelta(1, '\ud83c'),
        A: '\ud83c',
      },
    },
    'an empty line stands between two messages': {
      drawing: `
        -m-o-t-c-z-n-o-u-t-c-z-|
        > textDeltas()
        -----T---------V-T-----|
      `,
      values: { V: '\n\n 🎵' },
    },
    'and where a call, a result or thinking stood between two texts': {
      drawing: `
        -m-o-t-c-b-i-j-d-O-D-C-y-z-|
        > textDeltas()
        -----T-----------V-W-------|
      `,
      values: {
        O: events.textStart(2, 'Oh '),
        D: events.textDelta(2, 'la'),
        C: events.blockStop(2),
        V: '\n\nOh ',
        W: 'la',
      },
    },
    'neighbouring text blocks are one text': {
      drawing: `
        -m-o-t-c-O-D-C-z-|
        > textDeltas()
        -----T-----W-----|
      `,
      values: { O: events.textStart(1), D: events.textDelta(1, 'la'), C: events.blockStop(1), W: 'la' },
    },
    'nothing stands before the first text, after the last one, or around an empty one': {
      drawing: `
        -m-b-i-j-d-O-D-C-B-A-P-Q-z-n-|
        > textDeltas()
        -------------T---------------|
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
    'of blocks that are written side by side, it stands once for each passage': {
      drawing: `
        -m-o-b-O-D-t-D-i-u-z-|
        > textDeltas()
        ---------T-V-T---U---|
      `,
      values: { O: events.textStart(2), D: events.textDelta(2, 'la'), V: '\n\nla' },
    },
    'of a failed attempt nothing was said': `
      -m-o-t-r-m-o-t-u-c-z-|
      > textDeltas()
      -----T-------T-U-----|
    `,
    'with nothing between, the text flows on': `
      -m-o-t-c-z-n-o-u-c-z-|
      > textDeltas({ between: '' })
      -----T---------U-----|
    `,
    'what follows the end of a message does not end the text': `
      -m-o-t-z-x-p-|
      > textDeltas()
      -----T-------|
    `,
    'text that follows the end of a message is not its text': `
      -m-o-t-z-u-|
      > textDeltas()
      -----T-----|
    `,
    'a message that begins inside another is an error': {
      drawing: `
        -m-o-t-n-u-|
        > textDeltas()
        -----T-#
        ^------!
      `,
      errors: { output: anotherBegan },
    },
    'an error event is an error, not an end': {
      drawing: `
        -m-o-t-e-z-|
        > textDeltas()
        -----T-#
        ^------!
      `,
      errors: { output: overloaded },
    },
    'an error of the source passes': `
      -m-o-t-#
      > textDeltas()
      -----T-#
      ^------!
    `,
    'a source that is tried again begins its text again': `
      -o-t-#
      > textDeltas()
      ---T-#
      > retry(1)
      ---T----T-#
      ^----!
      -----^----!
    `,
  },
  checks: {
    'pieces that come while another is delivered stay in order': () => {
      expect(valuesUnderReentrancy(textDeltas(), [m, o, t], [u, t, c, z])).toEqual(['la', ' 🎵', 'la']);
    },
  },
});
