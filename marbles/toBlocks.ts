import { retry } from 'rxjs';
import type { Block } from '../src/events/block.js';
import { StreamError } from '../src/errors/streamError.js';
import type { StreamEvent } from '../src/events/event.js';
import * as events from '../src/events/make.js';
import { toBlocks } from '../src/operators/toBlocks.js';
import { alphabet, anotherBegan, connectionLost, endedEarly, overloaded } from './alphabet.js';
import { aborted, complete, hologram, invalidWeather, text, thinking, weather } from './contents.js';
import { eventsDrawn, valuesUnderReentrancy } from './kit/laws.js';
import { sheet } from './kit/sheet.js';

const { z } = alphabet;
const started: StreamEvent = events.messageStart({ id: 'msg_1', content: [text('la'), text('lu')] });

const la = complete(0, text('la'));

export default sheet({
  operator: 'toBlocks',
  operators: { 'toBlocks()': () => toBlocks(), 'retry(1)': () => retry(1) },
  values: {
    A: la,
    B: complete(1, weather({ city: 'Tokyo' })),
    U: complete(0, text('la 🎵')),
    L: aborted(0, text('la'), connectionLost.message),
    C: aborted(1, weather({}), connectionLost.message),
  },
  flows: ['events', 'blocks'],
  picture: `
    -m-o-t-b-i-c-j-d-z-|
    > toBlocks()
    -----------A---B---|
    ^------------------!
  `,
  cases: {
    'an empty source completes': `
      ---|
      > toBlocks()
      ---|
      ^--!
    `,
    'a message without blocks gives none': `
      -m-p-s-z-|
      > toBlocks()
      ---------|
    `,
    'a single block comes when it is finished': `
      -m-o-t-u-c-s-z-|
      > toBlocks()
      ---------U-----|
    `,
    'blocks come in the order in which they finish': `
      -m-o-b-t-i-j-d-c-z-|
      > toBlocks()
      -------------B-A---|
    `,
    'blocks that finish in one moment stay apart': `
      -m-(otbijcd)-z-|
      > toBlocks()
      ---(AB)--------|
    `,
    'thinking comes with its signature': {
      drawing: `
        -m-h-k-k-g-c-z-|
        > toBlocks()
        -----------H---|
      `,
      values: { H: complete(0, thinking('hmhm', 'signed')) },
    },
    'a tool that is called without input has an empty one': {
      drawing: `
        -m-b-d-z-|
        > toBlocks()
        -----W---|
      `,
      values: { W: complete(1, weather({})) },
    },
    'tool input that is no JSON is a value, and the stream goes on': {
      drawing: `
        -m-b-f-d-o-t-c-z-|
        > toBlocks()
        -------X-----A---|
      `,
      values: {
        X: invalidWeather('}'),
      },
    },
    'a block of an unknown type is kept': {
      drawing: `
        -m-w-d-z-|
        > toBlocks()
        -----H---|
      `,
      values: { H: complete(1, hologram) },
    },
    'deltas that nobody understands are kept with their block': {
      drawing: `
        -m-w-i-d-z-|
        > toBlocks()
        -------H---|
      `,
      values: { H: { ...complete(1, hologram), unknownDeltas: [alphabet.i.delta] } },
    },
    'a block that is given up comes as far as it had come': {
      drawing: `
        -m-o-t-b-i-q-a-z-|
        > toBlocks()
        -----------Q-R---|
      `,
      values: { Q: aborted(0, text('la'), 'stopped'), R: aborted(1, weather({}), 'stopped') },
    },
    'a block that the end of its message cuts off is aborted': {
      drawing: `
        -m-o-t-b-i-v-z----|
        > toBlocks()
        -------------(QR)-|
      `,
      values: {
        Q: aborted(0, text('la'), 'The message ended inside this block'),
        R: aborted(1, weather({}), 'The message ended inside this block'),
      },
    },
    'blocks that a message holds from its start come at once': {
      drawing: `
        -S----z-|
        > toBlocks()
        -(AV)---|
      `,
      values: { S: started, V: complete(1, text('lu')) },
    },
    'blocks without a message are blocks too': `
      -o-t-c-b-i-j-d-|
      > toBlocks()
      -----A-------B-|
    `,
    'each of several messages gives its blocks': `
      -m-o-t-c-z-n-o-t-u-c-z-|
      > toBlocks()
      -------A-----------U---|
    `,
    'a message that is begun again does not begin its blocks again': `
      -m-m-o-t-m-u-c-z-|
      > toBlocks()
      -------------U---|
    `,
    'what follows the end of a message is passed over': `
      -m-o-t-c-z-t-p-x-|
      > toBlocks()
      -------A---------|
    `,
    'an attempt that failed leaves no open block behind': `
      -m-o-t-r-m-o-t-u-c-z-|
      > toBlocks()
      -----------------U---|
    `,
    'an error of the source comes after the open blocks, aborted': `
      -m-o-t-b-i-#
      > toBlocks()
      -----------(LC#)
      ^----------!
    `,
    'an error event comes after the open blocks, aborted': {
      drawing: `
        -m-o-t-e-|
        > toBlocks()
        -------(Q#)
        ^------!
      `,
      values: { Q: aborted(0, text('la'), overloaded.message) },
      errors: { output: overloaded },
    },
    'a source that ends inside a block is an error after that block, aborted': {
      drawing: `
        -m-o-t-|
        > toBlocks()
        -------(Q#)
      `,
      values: { Q: aborted(0, text('la'), endedEarly.message) },
      errors: { output: endedEarly },
    },
    'a source that ends between blocks, inside a message, is an error': {
      drawing: `
        -m-o-t-c-|
        > toBlocks()
        -------A-#
      `,
      errors: { output: endedEarly },
    },
    'a block that begins twice is an error': {
      drawing: `
        -m-o-t-o-|
        > toBlocks()
        -------(Q#)
        ^------!
      `,
      values: { Q: aborted(0, text('la'), 'Block 0 began twice') },
      errors: { output: new StreamError('protocol', 'Block 0 began twice') },
    },
    'a delta for a block that never began is an error': {
      drawing: `
        -m-t-o-c-z-|
        > toBlocks()
        ---#
        ^--!
      `,
      errors: {
        output: new StreamError('protocol', 'A content_block_delta came for block 0, which never began'),
      },
    },
    'a delta for a block that has ended is an error': {
      drawing: `
        -m-o-t-c-t-z-|
        > toBlocks()
        -------A-#
      `,
      errors: {
        output: new StreamError('protocol', 'A content_block_delta came for block 0, which has ended'),
      },
    },
    'a delta of another kind of block is an error': {
      drawing: `
        -m-o-E-c-z-|
        > toBlocks()
        -----(Q#)
      `,
      values: {
        E: events.inputJsonDelta(0, '{}'),
        Q: aborted(0, text(''), 'Block 0 is text and takes no input_json_delta'),
      },
      errors: { output: new StreamError('protocol', 'Block 0 is text and takes no input_json_delta') },
    },
    'another message inside an unfinished one is an error': {
      drawing: `
        -m-o-t-n-|
        > toBlocks()
        -------(Q#)
      `,
      values: { Q: aborted(0, text('la'), anotherBegan.message) },
      errors: {
        output: anotherBegan,
      },
    },
    'a source that is tried again begins its blocks again': `
      -m-o-t-#
      > toBlocks()
      -------(L#)
      > retry(1)
      -------L------(L#)
      ^------!
      -------^------!
    `,
  },
  checks: {
    'one of two blocks that come at once is one': () => {
      expect(eventsDrawn(toBlocks(), [started, z], 1)).toBe(1);
    },
    'a block that comes while another is delivered waits for those before it': () => {
      const later: StreamEvent[] = [events.textStart(2, 'li'), events.blockStop(2)];
      const blocks: Block[] = valuesUnderReentrancy(toBlocks(), [started], later);
      expect(blocks).toEqual([la, complete(1, text('lu')), complete(2, text('li'))]);
    },
  },
});
