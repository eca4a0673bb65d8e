import { retry } from 'rxjs';
import { StreamError } from '../src/errors/streamError.js';
import * as events from '../src/events/make.js';
import { accumulateMessage } from '../src/operators/accumulateMessage.js';
import { alphabet, anotherBegan, connectionLost, endedEarly, overloaded } from './alphabet.js';
import { ended, hologram, message, text, thinking, weather } from './contents.js';
import { valuesUnderReentrancy } from './kit/laws.js';
import { sheet } from './kit/sheet.js';

const { m, n, o, t, u, c, b, i, j, d, y, z } = alphabet;
const socket = new Error('socket hang up');

export default sheet({
  operator: 'accumulateMessage',
  operators: { 'accumulateMessage()': () => accumulateMessage(), 'retry(1)': () => retry(1) },
  values: {
    M: message(),
    O: message(text('')),
    T: message(text('la')),
    U: message(text('la 🎵')),
    S: ended(message(text('la 🎵')), 'end_turn', 5),
  },
  flows: ['events', 'message'],
  picture: `
    -m-o-t-p-u-c-s-z-|
    > accumulateMessage()
    -M-O-T---U---S---|
    ^----------------!
  `,
  cases: {
    'an empty source completes': `
      ---|
      > accumulateMessage()
      ---|
      ^--!
    `,
    'the first snapshot is the start of the message': {
      drawing: `
        ---m---|
        > accumulateMessage()
        ---M---#
        ^------!
      `,
      errors: { output: endedEarly.withPartial(message()) },
    },
    'a call of a tool shows its input while it comes': {
      drawing: `
        -m-b-i-j-d-y-z-|
        > accumulateMessage()
        -M-1-2-3---4---|
      `,
      values: {
        1: message(weather({})),
        2: message(weather({ city: 'To' })),
        3: message(weather({ city: 'Tokyo' })),
        4: ended(message(weather({ city: 'Tokyo' })), 'tool_use', 9),
      },
    },
    'blocks stand by index, however they begin and interleave': {
      drawing: `
        -m-b-o-i-t-j-c-d-z-|
        > accumulateMessage()
        -M-1-2-3-4-5-------|
      `,
      values: {
        1: message(weather({})),
        2: message(text(''), weather({})),
        3: message(text(''), weather({ city: 'To' })),
        4: message(text('la'), weather({ city: 'To' })),
        5: message(text('la'), weather({ city: 'Tokyo' })),
      },
    },
    'thinking grows, and is signed': {
      drawing: `
        -m-h-k-g-c-z-|
        > accumulateMessage()
        -M-1-2-3-----|
      `,
      values: {
        1: message(thinking('')),
        2: message(thinking('hm')),
        3: message(thinking('hm', 'signed')),
      },
    },
    'an empty delta changes nothing': {
      drawing: `
        -m-o-E-t-E-c-z-|
        > accumulateMessage()
        -M-O---T-------|
      `,
      values: { E: events.textDelta(0, '') },
    },
    'a block of an unknown type is kept as it came': {
      drawing: `
        -m-w-d-z-|
        > accumulateMessage()
        -M-W-----|
      `,
      values: { W: message(hologram) },
    },
    'usage is replaced, never added': {
      drawing: `
        -m-v-y-s-z-|
        > accumulateMessage()
        -M-1-2-3---|
      `,
      values: {
        1: ended(message(), 'max_tokens', 7),
        2: ended(message(), 'tool_use', 9),
        3: ended(message(), 'end_turn', 5),
      },
    },
    'each of several messages has its own snapshots': {
      drawing: `
        -m-o-t-c-z-n-o-t-c-z-|
        > accumulateMessage()
        -M-O-T-----1-2-3-----|
      `,
      values: {
        1: n.message,
        2: { ...n.message, content: [text('')] },
        3: { ...n.message, content: [text('la')] },
      },
    },
    'a message that is begun again goes on': `
      -m-o-t-m-u-c-z-|
      > accumulateMessage()
      -M-O-T---U-----|
    `,
    'a repeated attempt begins again': `
      -m-o-t-r-m-o-t-u-c-z-|
      > accumulateMessage()
      -M-O-T---M-O-T-U-----|
    `,
    'what follows the end of a message is passed over': `
      -m-o-t-c-z-t-p-x-|
      > accumulateMessage()
      -M-O-T-----------|
    `,
    'another message inside an unfinished one is an error, never a mixture': {
      drawing: `
        -m-o-t-n-o-u-z-|
        > accumulateMessage()
        -M-O-T-#
        ^------!
      `,
      errors: {
        output: anotherBegan.withPartial(message(text('la'))),
      },
    },
    'a block before its message is an error': {
      drawing: `
        -o-t-c-z-|
        > accumulateMessage()
        -#
        ^!
      `,
      errors: {
        output: new StreamError('protocol', 'A block began before its message', {
          partial: [{ ...text(''), index: 0, status: 'aborted', reason: 'A block began before its message' }],
        }),
      },
    },
    'an error event is an error with the message so far': {
      drawing: `
        -m-o-t-e-|
        > accumulateMessage()
        -M-O-T-#
        ^------!
      `,
      errors: { output: overloaded.withPartial(message(text('la'))) },
    },
    'a source that ends too early is an error with the message so far': {
      drawing: `
        -m-o-t-c-|
        > accumulateMessage()
        -M-O-T---#
      `,
      errors: { output: endedEarly.withPartial(message(text('la'))) },
    },
    'an error of the source comes with the message so far': {
      drawing: `
        -m-o-t-#
        > accumulateMessage()
        -M-O-T-#
        ^------!
      `,
      errors: { output: connectionLost.withPartial(message(text('la'))) },
    },
    'a foreign error of the source becomes the cause of one of ours': {
      drawing: `
        -m-o-t-#
        > accumulateMessage()
        -M-O-T-#
      `,
      errors: {
        source: socket,
        output: new StreamError('source', 'The source of the stream failed: see its cause', {
          cause: socket,
          partial: message(text('la')),
        }),
      },
    },
    'a source that is tried again begins its message again': {
      drawing: `
        -m-o-t-#
        > accumulateMessage()
        -M-O-T-#
        > retry(1)
        -M-O-T--M-O-T-#
        ^------!
        -------^------!
      `,
      errors: { output: connectionLost.withPartial(message(text('la'))) },
    },
  },
  checks: {
    'a block that did not change is the same object as before': () => {
      const snapshots = valuesUnderReentrancy(accumulateMessage(), [m, o, t, b, u, i, j, c, d, y, z], []);
      const objects = [0, 1].map((index) => new Set(snapshots.map(({ content }) => content[index])));
      // Block 0 was not yet there, opened and grew twice; block 1 was not yet there, opened, got two pieces of input.
      expect(objects.map((versions) => versions.size)).toEqual([4, 4]);
    },
    'snapshots that come while another is delivered stay in order': () => {
      const snapshots = valuesUnderReentrancy(accumulateMessage(), [m], [o, t, c, z]);
      expect(snapshots).toEqual([message(), message(text('')), message(text('la'))]);
    },
  },
});
