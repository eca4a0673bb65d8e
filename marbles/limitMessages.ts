import { retry } from 'rxjs';
import { StreamError } from '../src/errors/streamError.js';
import * as events from '../src/events/make.js';
import { limitMessages } from '../src/operators/limitMessages.js';
import { alphabet, connectionLost } from './alphabet.js';
import { eventsDrawn } from './kit/laws.js';
import { sheet } from './kit/sheet.js';

const { m, o, p } = alphabet;

const beyond = (message: string) => ({ output: new StreamError('limit', message) });

/** A message that comes with two blocks in its start. */
const twoBlocks = {
  ...m,
  message: { ...m.message, content: [o.content_block, o.content_block] },
} as typeof m;

/** An ending with a long member that no version of ours knows. */
const ending = events.messageDelta('end_turn', { output_tokens: 1 });
const longEnding = { ...ending, usage: { ...ending.usage, note: 'x'.repeat(999) } };

export default sheet({
  operator: 'limitMessages',
  operators: {
    'limitMessages()': () => limitMessages(),
    'limitMessages({ block: 24 })': () => limitMessages({ block: 24 }),
    'limitMessages({ message: 999 })': () => limitMessages({ message: 999 }),
    'limitMessages({ blocks: 1 })': () => limitMessages({ blocks: 1 }),
    'retry(1)': () => retry(1),
  },
  values: { T: twoBlocks, S: longEnding },
  flows: ['events', 'events'],
  picture: `
    -m-o-t-t-c-z|
    > limitMessages({ block: 24 })
    -m-o-t-#
    ^------!
  `,
  errors: beyond('A content block is longer than 24 characters (limit: block)'),
  cases: {
    'a source that never speaks stays silent': `
      -------
      > limitMessages()
      -------
      ^------
    `,
    'an empty source completes': `
      ---|
      > limitMessages()
      ---|
      ^--!
    `,
    'what any provider sends passes': `
      -m-p-h-k-g-c-b-i-j-d-l-x-y-z|
      > limitMessages()
      -m-p-h-k-g-c-b-i-j-d-l-x-y-z|
    `,
    // The start of the text counts for 22: the names of its members, its type, and a `null`.
    'of two blocks that grow at the same time each has its own count': {
      drawing: `
        -m-o-b-t-t-
        > limitMessages({ block: 24 })
        -m-o-#
      `,
      errors: beyond('A content block is longer than 24 characters (limit: block)'),
    },
    'pings and unknown events do not count': `
      -m-o-t-p-p-x-x-|
      > limitMessages({ block: 24 })
      -m-o-t-p-p-x-x-|
    `,
    'a second block is one too many': {
      drawing: `
        -m-o-t-c-b-i-
        > limitMessages({ blocks: 1 })
        -m-o-t-c-#
        ^--------!
      `,
      errors: beyond('A message has more than 1 content blocks (limit: blocks)'),
    },
    'blocks that come with the start of the message count': {
      drawing: `
        -T-
        > limitMessages({ blocks: 1 })
        -#
      `,
      errors: beyond('A message has more than 1 content blocks (limit: blocks)'),
    },
    'members of the message count': {
      drawing: `
        -m-o-t-c-S-z-
        > limitMessages({ message: 999 })
        -m-o-t-c-#
      `,
      errors: beyond('A message is longer than 999 characters (limit: message)'),
    },
    'another message and another attempt have a count of their own': `
      -m-o-c-z-n-o-r-m-o-z-|
      > limitMessages({ blocks: 1 })
      -m-o-c-z-n-o-r-m-o-z-|
    `,
    'an error of the source passes': {
      drawing: `
        -m-o-#
        > limitMessages()
        -m-o-#
        ^----!
      `,
      errors: { output: connectionLost },
    },
    'a subscriber who unsubscribes ends the subscription to the source': `
      -m-o-t-c-z-|
      > limitMessages()
      -m-o-
      ----!
      ^---!
    `,
    'a source that is tried again is counted from its start': {
      drawing: `
        -m-o-#
        > limitMessages({ blocks: 1 })
        -m-o-#
        > retry(1)
        -m-o--m-o-#
        ^----!
        -----^----!
      `,
      errors: { output: connectionLost },
    },
  },
  checks: {
    'three of 100,000 synchronous events are three': () => {
      expect(eventsDrawn(limitMessages(), [p], 3)).toBe(3);
    },
  },
});
