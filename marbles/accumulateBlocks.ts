import { retry } from 'rxjs';
import type { Block } from '../src/events/block.js';
import { StreamError } from '../src/errors/streamError.js';
import * as events from '../src/events/make.js';
import { accumulateBlocks } from '../src/operators/accumulateBlocks.js';
import { alphabet, anotherBegan, connectionLost, endedEarly, overloaded } from './alphabet.js';
import {
  aborted,
  complete,
  hologram,
  invalidWeather,
  streaming,
  text,
  thinking,
  weather,
} from './contents.js';
import { valuesUnderReentrancy } from './kit/laws.js';
import { sheet } from './kit/sheet.js';

const { m, o, t, u, c, b, i, j, d, z } = alphabet;

const open = streaming(0, text(''));
const la = complete(0, text('la'));
const called = streaming(1, weather({}));
const lost = connectionLost.message;

export default sheet({
  operator: 'accumulateBlocks',
  operators: { 'accumulateBlocks()': () => accumulateBlocks(), 'retry(1)': () => retry(1) },
  values: {
    N: [],
    O: [open],
    T: [streaming(0, text('la'))],
    U: [streaming(0, text('la 🎵'))],
    C: [complete(0, text('la 🎵'))],
    L: [la],
    A: [aborted(0, text('la'), lost)],
  },
  flows: ['events', 'blocks'],
  picture: `
    -m-o-t-p-u-c-s-z-|
    > accumulateBlocks()
    ---O-T---U-C-----|
    ^----------------!
  `,
  cases: {
    'an empty source completes': `
      ---|
      > accumulateBlocks()
      ---|
      ^--!
    `,
    'a message without blocks gives nothing': `
      -m-p-s-z-|
      > accumulateBlocks()
      ---------|
    `,
    'a single event that begins a block shows it': {
      drawing: `
        ---o---|
        > accumulateBlocks()
        ---O---(Q#)
        ^------!
      `,
      values: { Q: [aborted(0, text(''), endedEarly.message)] },
      errors: { output: endedEarly },
    },
    'blocks stand by index, however they begin and interleave': {
      drawing: `
        -m-b-o-i-t-j-c-d-z-|
        > accumulateBlocks()
        ---1-2-3-4-5-6-7---|
      `,
      values: {
        1: [called],
        2: [open, called],
        3: [open, streaming(1, weather({ city: 'To' }))],
        4: [streaming(0, text('la')), streaming(1, weather({ city: 'To' }))],
        5: [streaming(0, text('la')), streaming(1, weather({ city: 'Tokyo' }))],
        6: [la, streaming(1, weather({ city: 'Tokyo' }))],
        7: [la, complete(1, weather({ city: 'Tokyo' }))],
      },
    },
    'thinking grows, and is signed': {
      drawing: `
        -m-h-k-g-c-z-|
        > accumulateBlocks()
        ---1-2-3-4---|
      `,
      values: {
        1: [streaming(0, thinking(''))],
        2: [streaming(0, thinking('hm'))],
        3: [streaming(0, thinking('hm', 'signed'))],
        4: [complete(0, thinking('hm', 'signed'))],
      },
    },
    'an empty delta changes nothing': {
      drawing: `
        -m-o-E-t-E-c-z-|
        > accumulateBlocks()
        ---O---T---L---|
      `,
      values: { E: events.textDelta(0, '') },
    },
    'tool input that is no JSON is a value, and the stream goes on': {
      drawing: `
        -m-b-f-d-o-z-|
        > accumulateBlocks()
        ---1---2-3-4-|
      `,
      values: {
        1: [called],
        2: [invalidWeather('}')],
        3: [open, invalidWeather('}')],
        4: [aborted(0, text(''), 'The message ended inside this block'), invalidWeather('}')],
      },
    },
    'a block of an unknown type is kept': {
      drawing: `
        -m-w-i-d-z-|
        > accumulateBlocks()
        ---1-2-3---|
      `,
      values: {
        1: [streaming(1, hologram)],
        2: [{ ...streaming(1, hologram), unknownDeltas: [i.delta] }],
        3: [{ ...complete(1, hologram), unknownDeltas: [i.delta] }],
      },
    },
    'a block that is given up keeps what it had': {
      drawing: `
        -m-o-t-q-b-a-z-|
        > accumulateBlocks()
        ---O-T-1-2-3---|
      `,
      values: {
        1: [aborted(0, text('la'), 'stopped')],
        2: [aborted(0, text('la'), 'stopped'), called],
        3: [aborted(0, text('la'), 'stopped'), aborted(1, weather({}), 'stopped')],
      },
    },
    'blocks that a message holds from its start are there at once': {
      drawing: `
        -S-z-|
        > accumulateBlocks()
        -V---|
      `,
      values: {
        S: events.messageStart({ content: [text('la'), text('lu')] }),
        V: [la, complete(1, text('lu'))],
      },
    },
    'another message begins with no blocks': `
      -m-o-t-c-z-n-o-t-u-c-z-|
      > accumulateBlocks()
      ---O-T-L---N-O-T-U-C---|
    `,
    'a message that is begun again keeps its blocks': `
      -m-o-t-m-u-c-z-|
      > accumulateBlocks()
      ---O-T---U-C---|
    `,
    'a repeated attempt begins with no blocks': `
      -m-o-t-r-m-o-t-u-c-z-|
      > accumulateBlocks()
      ---O-T-N---O-T-U-C---|
    `,
    'what follows the end of a message is passed over': `
      -m-o-t-c-z-t-p-x-|
      > accumulateBlocks()
      ---O-T-L---------|
    `,
    'an error of the source comes after the open blocks, aborted': `
      -m-o-t-#
      > accumulateBlocks()
      ---O-T-(A#)
      ^------!
    `,
    'an error of the source comes alone where no block is open': `
      -m-o-t-c-#
      > accumulateBlocks()
      ---O-T-L-#
    `,
    'an error event comes after the open blocks, aborted': {
      drawing: `
        -m-o-t-e-|
        > accumulateBlocks()
        ---O-T-(Q#)
        ^------!
      `,
      values: { Q: [aborted(0, text('la'), overloaded.message)] },
      errors: { output: overloaded },
    },
    'a source that ends inside a message is an error': {
      drawing: `
        -m-o-t-c-|
        > accumulateBlocks()
        ---O-T-L-#
      `,
      errors: { output: endedEarly },
    },
    'a delta for a block that has ended is an error': {
      drawing: `
        -m-o-t-c-t-z-|
        > accumulateBlocks()
        ---O-T-L-#
      `,
      errors: {
        output: new StreamError('protocol', 'A content_block_delta came for block 0, which has ended'),
      },
    },
    'another message inside an unfinished one is an error': {
      drawing: `
        -m-o-t-n-|
        > accumulateBlocks()
        ---O-T-(Q#)
      `,
      values: { Q: [aborted(0, text('la'), anotherBegan.message)] },
      errors: {
        output: anotherBegan,
      },
    },
    'a source that is tried again begins its blocks again': `
      -m-o-t-#
      > accumulateBlocks()
      ---O-T-(A#)
      > retry(1)
      ---O-T-A--O-T-(A#)
      ^------!
      -------^------!
    `,
  },
  checks: {
    'a block that did not change is the same object as before': () => {
      const arrays = valuesUnderReentrancy(accumulateBlocks(), [m, o, t, b, u, i, j, c, d, z], []);
      const objects = [0, 1].map((index) => new Set(arrays.map((blocks) => blocks[index])));
      expect(arrays.map((blocks) => blocks.length)).toEqual([1, 1, 2, 2, 2, 2, 2, 2]);
      // Block 0 opened, grew twice and closed; block 1 was not yet there, opened, got two pieces of input, closed.
      expect(objects.map((versions) => versions.size)).toEqual([4, 5]);
    },
    'events that come while an array is delivered give their arrays in order': () => {
      const arrays: (readonly Block[])[] = valuesUnderReentrancy(accumulateBlocks(), [m, o], [t, c, z]);
      expect(arrays).toEqual([[open], [streaming(0, text('la'))], [la]]);
    },
  },
});
