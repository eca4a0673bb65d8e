import { retry } from 'rxjs';
import { StreamError } from '../src/errors/streamError.js';
import * as events from '../src/events/make.js';
import { toMessage } from '../src/operators/toMessage.js';
import { alphabet, anotherBegan, connectionLost, endedEarly, overloaded } from './alphabet.js';
import { ended, hologram, message, text, thinking, weather } from './contents.js';
import { sheet } from './kit/sheet.js';

const { m, n } = alphabet;
const socket = new Error('socket hang up');
const second = { ...n.message, content: [text('la 🎵')] };

export default sheet({
  operator: 'toMessage',
  operators: { 'toMessage()': () => toMessage(), 'retry(1)': () => retry(1) },
  values: {
    M: ended(message(text('la 🎵')), 'end_turn', 5),
    L: ended(message(text('la')), 'end_turn', 5),
  },
  flows: ['events', 'message'],
  picture: `
    -m-o-t-p-u-c-s-z-|
    > toMessage()
    ---------------M-|
    ^----------------!
  `,
  cases: {
    'an empty source is an error': {
      drawing: `
        ---|
        > toMessage()
        ---#
        ^--!
      `,
      errors: { output: endedEarly },
    },
    'a message of nothing but its start is that': {
      drawing: `
        -m-z-|
        > toMessage()
        ---E-|
      `,
      values: { E: message() },
    },
    'the message comes at its end, though the source goes on': `
      -m-o-t-c-s-z- 30s x|
      > toMessage()
      -----------L- 30s -|
    `,
    'a call of a tool holds its input, parsed': {
      drawing: `
        -m-o-t-c-b-i-j-d-y-z-|
        > toMessage()
        -------------------W-|
      `,
      values: { W: ended(message(text('la'), weather({ city: 'Tokyo' })), 'tool_use', 9) },
    },
    'tool input that is no JSON stands there as the provider advises': {
      drawing: `
        -m-b-f-d-y-z-|
        > toMessage()
        -----------W-|
      `,
      values: { W: ended(message(weather({ INVALID_JSON: '}' })), 'tool_use', 9) },
    },
    'of an input that the end cuts off, what is certain stands there': {
      drawing: `
        -m-b-1-v-z-|
        > toMessage()
        ---------W-|
      `,
      values: {
        1: events.inputJsonDelta(1, '{"city":"Tokyo","days":[1,2'),
        W: ended(message(weather({ city: 'Tokyo', days: [1] })), 'max_tokens', 7),
      },
    },
    'blocks stand by index, however they begin and interleave': {
      drawing: `
        -m-b-o-i-t-j-c-d-y-z-|
        > toMessage()
        -------------------W-|
      `,
      values: { W: ended(message(text('la'), weather({ city: 'Tokyo' })), 'tool_use', 9) },
    },
    'thinking is signed, so that it can be sent back': {
      drawing: `
        -m-h-k-g-c-s-z-|
        > toMessage()
        -------------H-|
      `,
      values: { H: ended(message(thinking('hm', 'signed')), 'end_turn', 5) },
    },
    'a block of an unknown type is kept as it came, without deltas that nobody understands': {
      drawing: `
        -m-w-i-d-s-z-|
        > toMessage()
        -----------H-|
      `,
      values: { H: ended(message(hologram), 'end_turn', 5) },
    },
    'usage is replaced, never added': {
      drawing: `
        -m-v-y-s-z-|
        > toMessage()
        ---------E-|
      `,
      values: { E: ended(message(), 'end_turn', 5) },
    },
    'usage that says nothing leaves what was known': {
      drawing: `
        -m-1-2-z-|
        > toMessage()
        -------E-|
      `,
      values: {
        1: events.messageDelta('end_turn', { output_tokens: 5, input_tokens: 20 }),
        2: events.messageDelta(null, { output_tokens: 6 }),
        E: {
          ...m.message,
          stop_reason: 'end_turn',
          usage: { ...m.message.usage, input_tokens: 20, output_tokens: 6 },
        },
      },
    },
    'each of several messages comes at its own end': {
      drawing: `
        -m-o-t-c-s-z-n-o-t-u-c-z-|
        > toMessage()
        -----------L-----------S-|
      `,
      values: { S: second },
    },
    'a message that is begun again goes on': `
      -m-o-t-m-u-c-s-z-|
      > toMessage()
      ---------------M-|
    `,
    'an attempt that failed leaves nothing behind': `
      -m-o-t-r-m-o-t-u-c-s-z-|
      > toMessage()
      ---------------------M-|
    `,
    'another message inside an unfinished one is an error, never a mixture': {
      drawing: `
        -m-o-t-n-o-u-z-|
        > toMessage()
        -------#
        ^------!
      `,
      errors: {
        output: anotherBegan.withPartial(message(text('la'))),
      },
    },
    'a delta for a block that never began is an error': {
      drawing: `
        -m-t-z-|
        > toMessage()
        ---#
      `,
      errors: {
        output: new StreamError('protocol', 'A content_block_delta came for block 0, which never began', {
          partial: message(),
        }),
      },
    },
    'the end of a message that never began is not an answer': {
      drawing: `
        -o-t-c-z-|
        > toMessage()
        ---------#
      `,
      errors: {
        output: endedEarly.withPartial([{ ...text('la'), index: 0, status: 'complete' }]),
      },
    },
    'an error event is an error with the message so far': {
      drawing: `
        -m-o-t-e-|
        > toMessage()
        -------#
        ^------!
      `,
      errors: { output: overloaded.withPartial(message(text('la'))) },
    },
    'a source that ends too early is an error with the message so far': {
      drawing: `
        -m-o-t-c-s-|
        > toMessage()
        -----------#
      `,
      errors: { output: endedEarly.withPartial(ended(message(text('la')), 'end_turn', 5)) },
    },
    'an error of the source comes with the message so far': {
      drawing: `
        -m-o-t-c-b-i-#
        > toMessage()
        -------------#
        ^------------!
      `,
      errors: { output: connectionLost.withPartial(message(text('la'), weather({}))) },
    },
    'a foreign error of the source becomes the cause of one of ours': {
      drawing: `
        -m-o-t-#
        > toMessage()
        -------#
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
        > toMessage()
        -------#
        > retry(1)
        --------------#
        ^------!
        -------^------!
      `,
      errors: { output: connectionLost.withPartial(message(text('la'))) },
    },
  },
});
