import { retry } from 'rxjs';
import { StreamError } from '../src/errors/streamError.js';
import * as events from '../src/events/make.js';
import type { ProtocolRepair } from '../src/fold/order/protocolRepair.js';
import { checkProtocol } from '../src/operators/checkProtocol.js';
import { alphabet, anotherBegan } from './alphabet.js';
import { eventsDrawn, valuesUnderReentrancy } from './kit/laws.js';
import { sheet } from './kit/sheet.js';

const { m, o, t, c, z } = alphabet;

const violation = (message: string) => ({ output: new StreamError('protocol', message) });

/** The block is given up, for nobody knows whether the model had finished it. */
const cutInside = events.blockAbort(0, 'The message ended inside this block');

/** A start that the server forgot says nothing of the message. */
const anyMessage = events.messageStart();

export default sheet({
  operator: 'checkProtocol',
  operators: {
    'checkProtocol()': () => checkProtocol(),
    "checkProtocol({ mode: 'repair' })": () => checkProtocol({ mode: 'repair' }),
    'retry(1)': () => retry(1),
  },
  values: { A: cutInside, M: anyMessage },
  usual: () => checkProtocol({ mode: 'repair' }),
  flows: ['events', 'events'],
  picture: `
    -m-t---p-t-s---z-z-|
    > checkProtocol({ mode: 'repair' })
    -m-(ot)p-t-(cs)z---|
    ^------------------!
  `,
  cases: {
    'an empty source completes': `
      ---|
      > checkProtocol()
      ---|
      ^--!
    `,
    'one event that may stand anywhere passes': `
      ---p-|
      > checkProtocol()
      ---p-|
      ^----!
    `,
    'what is in order passes': `
      -m-p-o-t-b-i-u-c-j-d-l-y-z-|
      > checkProtocol()
      -m-p-o-t-b-i-u-c-j-d-l-y-z-|
      ^--------------------------!
    `,
    'what is in order is not repaired': `
      -m-h-k-g-c-b-i-j-d-y-z-p-n-o-t-c-s-z-|
      > checkProtocol({ mode: 'repair' })
      -m-h-k-g-c-b-i-j-d-y-z-p-n-o-t-c-s-z-|
    `,
    'an event out of order is an error in its place, and the source is let go of': {
      drawing: `
        -m-o-t-j-c-z-|
        > checkProtocol()
        -m-o-t-#
        ^------!
      `,
      errors: violation('A content_block_delta came for block 1, which never began'),
    },
    'a part of a message before the message is an error': {
      drawing: `
        -o-t-
        > checkProtocol()
        -#
      `,
      errors: violation('A content_block_start came before its message began'),
    },
    'the end of a message before the message is an error': {
      drawing: `
        -p-z-|
        > checkProtocol()
        -p-#
      `,
      errors: violation('A message_stop came before its message began'),
    },
    'a message that begins twice is an error': {
      drawing: `
        -m-m-o-|
        > checkProtocol()
        -m-#
      `,
      errors: violation('The message began twice'),
    },
    'another message inside an unfinished one is an error worth a retry': {
      drawing: `
        -m-o-t-n-o-t-
        > checkProtocol()
        -m-o-t-#
      `,
      errors: { output: anotherBegan },
    },
    'a block that begins twice is an error': {
      drawing: `
        -m-o-t-o-
        > checkProtocol()
        -m-o-t-#
      `,
      errors: violation('Block 0 began twice'),
    },
    'a block that grows after its end is an error': {
      drawing: `
        -m-o-c-t-
        > checkProtocol()
        -m-o-c-#
      `,
      errors: violation('A content_block_delta came for block 0, which has ended'),
    },
    'a delta that its block does not take is an error': {
      drawing: `
        -m-h-t-
        > checkProtocol()
        -m-h-#
      `,
      errors: violation('Block 0 is thinking and takes no text_delta'),
    },
    'a message that ends while a block is open is an error': {
      drawing: `
        -m-o-t-s-z-|
        > checkProtocol()
        -m-o-t-#
      `,
      errors: violation('A message_delta came while block 0 was open'),
    },
    'a block that the model was cut off inside may stay open': `
      -m-b-i-v-z-|
      > checkProtocol()
      -m-b-i-v-z-|
    `,
    'a part of a message after its end is an error': {
      drawing: `
        -m-o-c-s-z-t-|
        > checkProtocol()
        -m-o-c-s-z-#
      `,
      errors: violation('A content_block_delta came after its message had ended'),
    },
    'after an error event nothing but another message is in order': {
      drawing: `
        -m-o-e-p-m-e-c-|
        > checkProtocol()
        -m-o-e-p-m-e-#
      `,
      errors: violation('A content_block_stop came after its message had ended'),
    },
    'a reset begins anew': `
      -m-o-t-r-m-o-t-c-s-z-|
      > checkProtocol()
      -m-o-t-r-m-o-t-c-s-z-|
    `,
    'an aborted block has ended': {
      drawing: `
        -m-o-q-t-
        > checkProtocol()
        -m-o-q-#
      `,
      errors: violation('A content_block_delta came for block 0, which has ended'),
    },
    'a block and events of unknown types are none of its business': `
      -x-m-x-w-d-x-s-z-x-|
      > checkProtocol()
      -x-m-x-w-d-x-s-z-x-|
    `,
    'an end that comes too early is not its business either': `
      -m-o-t-|
      > checkProtocol()
      -m-o-t-|
    `,
    'a message that never began begins': `
      -o-----t-c-s-z-|
      > checkProtocol({ mode: 'repair' })
      -(Mo)--t-c-s-z-|
    `,
    'a text that nothing began begins, with its message': `
      -t------c-s-z-|
      > checkProtocol({ mode: 'repair' })
      -(Mot)--c-s-z-|
    `,
    'thinking that nothing began begins': `
      -m-k-----g-c-s-z-|
      > checkProtocol({ mode: 'repair' })
      -m-(hk)--g-c-s-z-|
    `,
    'starts and stops that are sent twice come once': `
      -m-m-o-o-t-c-c-d-s-z-|
      > checkProtocol({ mode: 'repair' })
      -m---o---t-c-----s-z-|
    `,
    'what follows the end is dropped, up to another message': `
      -m-o-c-s-z-t-z-e-p-n-s-z-|
      > checkProtocol({ mode: 'repair' })
      -m-o-c-s-z-------p-n-s-z-|
    `,
    'a block of which nobody knows whether it was finished is given up': `
      -m-o-t-z-----|
      > checkProtocol({ mode: 'repair' })
      -m-o-t-(Az)--|
    `,
    'the input of a tool that nothing named cannot be mended': {
      drawing: `
        -m-i-
        > checkProtocol({ mode: 'repair' })
        -m-#
      `,
      errors: violation('A content_block_delta came for block 1, which never began'),
    },
    'two messages are never made one': {
      drawing: `
        -m-o-t-n-o-t-
        > checkProtocol({ mode: 'repair' })
        -m-o-t-#
        ^------!
      `,
      errors: { output: anotherBegan },
    },
    'a block that began again after it had grown cannot be mended': {
      drawing: `
        -m-o-t-o-t-
        > checkProtocol({ mode: 'repair' })
        -m-o-t-#
      `,
      errors: violation('Block 0 began twice'),
    },
    'an error of the source passes': `
      -m-o-#
      > checkProtocol()
      -m-o-#
      ^----!
    `,
    'a source that is tried again is read from its start': `
      -m-o-#
      > checkProtocol()
      -m-o-#
      > retry(1)
      -m-o--m-o-#
      ^----!
      -----^----!
    `,
  },
  checks: {
    'three events that one became are all that is drawn': () => {
      expect(eventsDrawn(checkProtocol({ mode: 'repair' }), [t], 3)).toBe(1);
    },
    'events that come while another is delivered stay in order, after what was put before it': () => {
      expect(valuesUnderReentrancy(checkProtocol({ mode: 'repair' }), [t], [c, z])).toEqual([
        anyMessage,
        o,
        t,
        c,
        z,
      ]);
    },
    'each repair is told before it is seen': () => {
      const seen: unknown[] = [];
      const told = checkProtocol({ mode: 'repair', onRepair: (repair) => seen.push(repair) });
      valuesUnderReentrancy(told, [m, t, c, c, z], []);
      expect(seen).toEqual([
        { action: 'insert', event: o, before: t, violation: 'block-unknown' },
        { action: 'drop', event: c, violation: 'block-ended' },
      ] satisfies ProtocolRepair[]);
    },
  },
});
