import { retry } from 'rxjs';
import { StreamError } from '../src/errors/streamError.js';
import type { StreamEvent } from '../src/events/event.js';
import * as events from '../src/events/make.js';
import type { TextMachine } from '../src/text/blocks/textMachine.js';
import { transformText } from '../src/text/transformText.js';
import { alphabet } from './alphabet.js';
import { text } from './contents.js';
import { valuesUnderReentrancy } from './kit/laws.js';
import { sheet } from './kit/sheet.js';

const { m, o, t, u, c, z } = alphabet;

/** Shows each piece when the next one has come. */
const late = (): TextMachine => {
  let held = '';
  return {
    next: (piece) => {
      const shown = held;
      held = piece;
      return shown;
    },
    end: () => held,
  };
};
const same = (): TextMachine => ({ next: (piece) => piece, end: () => '' });
const loud = (): TextMachine => ({ next: (piece) => piece.toUpperCase(), end: () => '!' });
const counted = (): TextMachine => ({ next: (piece) => `${piece.length}`, end: () => '' });
const broken = (): TextMachine => ({
  next: (piece) => {
    if (piece === ' 🎵') throw failure;
    return '';
  },
  end: () => 'la',
});
const failure = new RangeError('No music');

export default sheet({
  operator: 'transformText',
  operators: {
    'transformText(late)': () => transformText(late),
    'transformText(same)': () => transformText(same),
    'transformText(loud)': () => transformText(loud),
    'transformText(counted)': () => transformText(counted),
    'transformText(broken)': () => transformText(broken),
    "transformText(late, { of: 'thinking' })": () => transformText(late, { of: 'thinking' }),
    "transformText(late, { of: ['text', 'input'] })": () => transformText(late, { of: ['text', 'input'] }),
    'retry(1)': () => retry(1),
  },
  usual: () => transformText(late),
  flows: ['events', 'events'],
  picture: `
    -m-o-t-u-c---z-|
    > transformText(late)
    -m-o---t-(uc)z-|
    ^--------------!
  `,
  cases: {
    'an empty source completes': `
      ---|
      > transformText(late)
      ---|
      ^--!
    `,
    'a piece that is left as it is comes in the same event': `
      -m-p-o-t-u-c-x-s-z-|
      > transformText(same)
      -m-p-o-t-u-c-x-s-z-|
    `,
    'what is held back comes before the block ends': {
      drawing: `
        -m-o-t-c---z-|
        > transformText(loud)
        -m-o-A-(Bc)z-|
      `,
      values: { A: events.textDelta(0, 'LA'), B: events.textDelta(0, '!') },
    },
    'and before it is given up': `
      -m-o-t-q---|
      > transformText(late)
      -m-o---(tq)|
    `,
    'and before an error event': `
      -m-o-t-e---|
      > transformText(late)
      -m-o---(te)|
    `,
    'and before the message ends, where its block does not': `
      -m-o-t-z---|
      > transformText(late)
      -m-o---(tz)|
    `,
    'and before the source fails': `
      -m-o-t-#
      > transformText(late)
      -m-o---(t#)
      ^------!
    `,
    'and before it completes': `
      -m-o-t-|
      > transformText(late)
      -m-o---(t|)
      ^------!
    `,
    'of an attempt that failed nothing is left': `
      -m-o-t-r-m-o-u-c---z-|
      > transformText(late)
      -m-o---r-m-o---(uc)z-|
    `,
    'text that stands in the start of a block is text, and in the start of a message': {
      drawing: `
        -M-O-c---z-|
        > transformText(loud)
        -N-P-(Bc)z-|
      `,
      values: {
        M: events.messageStart({ content: [text('oh')] }),
        N: events.messageStart({ content: [text('OH!')] }),
        O: events.textStart(0, 'la'),
        P: events.textStart(0, 'LA'),
        B: events.textDelta(0, '!'),
      },
    },
    'thinking and the input of tools pass': `
      -m-h-k-g-c-b-i-j-d-y-z-|
      > transformText(loud)
      -m-h-k-g-c-b-i-j-d-y-z-|
    `,
    'they are shaped where it is asked for': `
      -m-h-k-g-c----o-t-q-|
      > transformText(late, { of: 'thinking' })
      -m-h---g-(kc)-o-t-q-|
    `,
    'each block is shaped by itself': `
      -m-o-b-t-i-u-j-c---d---z-|
      > transformText(late, { of: ['text', 'input'] })
      -m-o-b-----t-i-(uc)(jd)z-|
    `,
    'a whole input is shaped as its JSON': {
      drawing: `
        -M-B-|
        > transformText(late, { of: ['text', 'input'] })
        -M-B-|
      `,
      values: {
        M: events.messageStart({
          content: [{ ...events.toolUseStart(0, 'a', 'b', { c: 1 }).content_block }],
        }),
        B: events.toolUseStart(1, 'a', 'b', { c: [true] }),
      },
    },
    'a character that two pieces share reaches the machine whole': {
      drawing: `
        -m-o-A-B-c-|
        > transformText(counted)
        -m-o-C-D-c-|
      `,
      values: {
        A: events.textDelta(0, 'la\ud83c'),
        B: events.textDelta(0, '\udfb5'),
        C: events.textDelta(0, '2'),
        D: events.textDelta(0, '2'),
      },
    },
    'half a character that nothing follows comes as it is': {
      drawing: `
        -m-o-A-c---|
        > transformText(same)
        -m-o-t-(Bc)|
      `,
      values: { A: events.textDelta(0, 'la\ud83c'), B: events.textDelta(0, '\ud83c') },
    },
    'a text that nobody saw begin begins with its first piece': `
      -t-u-c---|
      > transformText(late)
      ---t-(uc)|
    `,
    'what a sub-agent says is shaped in its lane': {
      drawing: `
        -m-o-t-M-O-T-C----c---|
        > transformText(late)
        -m-o---M-O---(TC)-(tc)|
      `,
      values: Object.fromEntries(
        Object.entries({ M: m, O: o, T: u, C: c }).map(([letter, event]) => [
          letter,
          { ...event, lane: 'toolu_1' },
        ]),
      ),
    },
    'what the machine throws is an error, after what was held back': {
      drawing: `
        -m-o-t-u-|
        > transformText(broken)
        -m-o---(t#)
      `,
      errors: {
        output: new StreamError('source', 'The source of the stream failed: see its cause', {
          cause: failure,
        }),
      },
    },
    'a source that is tried again begins its texts again': `
      -----o-t-#
      > transformText(late)
      -----o---(t#)
      > retry(1)
      -----o---t----o---(t#)
      ^--------!
      ---------^--------!
    `,
  },
  checks: {
    'pieces that come while another is delivered wait for their turn': () => {
      const values = valuesUnderReentrancy<StreamEvent, StreamEvent>(
        transformText(late),
        [m, o, t],
        [u, c, z],
      );
      expect(values).toEqual([m, u, c, z, o]);
    },
  },
});
