import { retry } from 'rxjs';
import * as events from '../src/events/make.js';
import { textDeltas } from '../src/operators/textDeltas.js';
import { alphabet, overloaded } from './alphabet.js';
import { valuesUnderReentrancy } from './kit/laws.js';
import { sheet } from './kit/sheet.js';

const { m, o, t, u, c, z } = alphabet;

export default sheet({
  operator: 'textDeltas',
  operators: { 'textDeltas()': () => textDeltas(), 'retry(1)': () => retry(1) },
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
    'the text of several messages flows on': `
      -m-o-t-c-z-n-o-u-c-z-|
      > textDeltas()
      -----T---------U-----|
    `,
    'what follows the end of a message does not end the text': `
      -m-o-t-z-x-p-|
      > textDeltas()
      -----T-------|
    `,
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
