import { retry } from 'rxjs';
import * as zod from 'zod';
import { StreamError } from '../src/errors/streamError.js';
import * as events from '../src/events/make.js';
import { toArrayElements } from '../src/operators/toArrayElements.js';
import { jsonFailure, noReply } from './contents.js';
import { eventsDrawn, valuesUnderReentrancy } from './kit/laws.js';
import { sheet } from './kit/sheet.js';

const schema = zod.object({ do: zod.string('There is nothing to do'), minutes: zod.number().default(1) });
const slow = zod.object({ do: zod.string().refine(() => Promise.resolve(true)) });

const DEEP = '['.repeat(600);
const begun = '{"steps":[{"do":"mix"},{"do"';
const more = ':"rest"},{"do":"fry"},{"do"';
const last = ':"turn"}]}';

export default sheet({
  operator: 'toArrayElements',
  operators: {
    'toArrayElements()': () => toArrayElements(),
    "toArrayElements({ path: ['steps'] })": () => toArrayElements({ path: ['steps'] }),
    "toArrayElements({ path: ['steps'], schema })": () => toArrayElements({ path: ['steps'], schema }),
    "toArrayElements({ path: ['steps'], schema: slow })": () =>
      toArrayElements({ path: ['steps'], schema: slow }),
    "toArrayElements({ path: ['days', 1, 'steps'] })": () => toArrayElements({ path: ['days', 1, 'steps'] }),
    "toArrayElements({ prose: 'skip' })": () => toArrayElements({ prose: 'skip' }),
    'retry(1)': () => retry(1),
  },
  values: {
    A: begun,
    B: more,
    C: last,
    1: { do: 'mix' },
    2: { do: 'rest' },
    3: { do: 'fry' },
    4: { do: 'turn' },
    F: '["a","b',
    G: '","c"]',
    H: 'a',
    J: 'b',
    K: 'c',
  },
  flows: ['text', 'elements'],
  labels: { A: begun, B: more, C: last },
  picture: `
    -A-B----C-|
    > toArrayElements({ path: ['steps'] })
    -1-(23)-4-|
    ^---------!
  `,
  cases: {
    'events are read as their text': {
      drawing: `
        -m-o-D-Q-c-s-(z|)
        > toArrayElements()
        -----H-(JK)--|
        ^------------!
      `,
      values: { D: events.textDelta(0, '["a","b'), Q: events.textDelta(0, '","c"]') },
    },
    'a reply that is cut off is an error that says why, after what was whole': {
      drawing: `
        -m-o-D-c-v-z-|
        > toArrayElements()
        -----H-------#
        ^------------!
      `,
      values: { D: events.textDelta(0, '["a","b') },
      errors: {
        output: new StreamError('truncated', 'The reply was cut off: it ended with max_tokens', {
          retryable: false,
          errorType: 'max_tokens',
        }),
      },
    },
    'a refusal is one': {
      drawing: `
        -m-R-z-|
        > toArrayElements()
        -------#
        ^------!
      `,
      values: { R: events.messageDelta('refusal', {}) },
      errors: {
        output: new StreamError('truncated', 'The model refused to answer', {
          retryable: false,
          errorType: 'refusal',
        }),
      },
    },
    'a refusal in prose is one': {
      drawing: `
        -m-o-D-c-R-z-|
        > toArrayElements()
        ---------#
        ^--------!
      `,
      values: { D: events.textDelta(0, 'I cannot'), R: events.messageDelta('refusal', {}) },
      errors: {
        output: new StreamError('truncated', 'The model refused to answer', {
          retryable: false,
          errorType: 'refusal',
        }),
      },
    },
    'a reset begins anew, unless an element has come': {
      drawing: `
        -m-o-D-r-m-o-E-r-|
        > toArrayElements()
        -------------H-#
        ^--------------!
      `,
      values: { D: events.textDelta(0, '["a'), E: events.textDelta(0, '["a",') },
      errors: {
        output: new StreamError('protocol', 'An attempt was dropped after elements of it had come'),
      },
    },
    'an empty source is an error: its text ended before its JSON': {
      drawing: `
        ---|
        > toArrayElements()
        ---#
        ^--!
      `,
      errors: { output: noReply('truncated', undefined) },
    },
    'an array without elements gives none': {
      drawing: `
        -E-|
        > toArrayElements()
        ---|
      `,
      values: { E: '[]' },
    },
    'a single piece may hold them all': {
      drawing: `
        -E-----|
        > toArrayElements()
        -(HJK)-|
      `,
      values: { E: '["a","b","c"]' },
    },
    'the reply itself is the array where no path is given': `
      -F-G----|
      > toArrayElements()
      -H-(JK)-|
    `,
    'a number is complete when something follows it': {
      drawing: `
        -M-N-O-P-|
        > toArrayElements()
        -----X-Y-|
      `,
      values: { M: '[1', N: '2', O: ', 3', P: ']', X: 12, Y: 3 },
    },
    'elements of any kind come when they are closed': {
      drawing: `
        -M-N-O-P-|
        > toArrayElements()
        ---X-Y-Z-|
      `,
      values: { M: '[[[]', N: ',1],', O: '{},nul', P: 'l]', X: [[], 1], Y: {}, Z: null },
    },
    'the array is found by keys and indices': {
      drawing: `
        -M-N-|
        > toArrayElements({ path: ['days', 1, 'steps'] })
        ---J-|
      `,
      values: { M: '{"days":[{"steps":["a"]},{"st', N: 'eps":["b"]},{"steps":["c"]}]}' },
    },
    'what follows the array is read, and gives none': {
      drawing: `
        -A-B----M-|
        > toArrayElements({ path: ['steps'] })
        -1-(23)-4-|
      `,
      values: { M: ':"turn"}],"tips":[{"do":"flip"}]}' },
    },
    'each element is what the schema makes of it': {
      drawing: `
        -A-B----C-|
        > toArrayElements({ path: ['steps'], schema })
        -W-(XY)-Z-|
      `,
      values: {
        W: { do: 'mix', minutes: 1 },
        X: { do: 'rest', minutes: 1 },
        Y: { do: 'fry', minutes: 1 },
        Z: { do: 'turn', minutes: 1 },
      },
    },
    'an element that is not what the schema asks for is an error, after those before it': {
      drawing: `
        -A-M-C-|
        > toArrayElements({ path: ['steps'], schema })
        -W-(X#)
        ^--!
      `,
      values: {
        M: ':"rest"},{"eat":"all"},{"do"',
        W: { do: 'mix', minutes: 1 },
        X: { do: 'rest', minutes: 1 },
      },
      errors: {
        output: new StreamError(
          'malformed',
          'Element 2 is not what its schema asks for: do: There is nothing to do',
        ),
      },
    },
    'a schema that does not answer at once is an error': {
      drawing: `
        -A-B-C-|
        > toArrayElements({ path: ['steps'], schema: slow })
        -#
        ^!
      `,
      errors: { output: new StreamError('malformed', 'Element 0 has a schema that does not answer at once') },
    },
    'a reply without an array at the path is an error': {
      drawing: `
        -M-|
        > toArrayElements({ path: ['steps'] })
        ---#
      `,
      values: { M: '{"steps":{}}' },
      errors: { output: new StreamError('malformed', 'The reply has no array at steps') },
    },
    'a reply that is no array is an error where no path is given': {
      drawing: `
        -M-|
        > toArrayElements()
        ---#
      `,
      values: { M: '"none"' },
      errors: { output: new StreamError('malformed', 'The reply has no array at its top') },
    },
    'text that is no JSON is an error, after the elements before it': {
      drawing: `
        -F-M-|
        > toArrayElements()
        -H-(J#)
        ^--!
      `,
      values: { M: '",]' },
      errors: { output: noReply('malformed', ['a', 'b'], '["a","b', '",]') },
    },
    'text that ends before its value is an error, after the elements before it': {
      drawing: `
        -A-B----|
        > toArrayElements({ path: ['steps'] })
        -1-(23)-#
      `,
      errors: {
        output: noReply(
          'truncated',
          { steps: [{ do: 'mix' }, { do: 'rest' }, { do: 'fry' }, {}] },
          begun,
          more,
        ),
      },
    },
    'text that nests without end is an error, after the elements before it': {
      drawing: `
        -M-|
        > toArrayElements()
        -(X#)
        ^!
      `,
      values: { M: `[1,${DEEP}`, X: 1 },
      errors: {
        output: new StreamError('limit', jsonFailure(`[1,${DEEP}`).message, {
          cause: jsonFailure(`[1,${DEEP}`),
          partial: JSON.parse(`[1,${'['.repeat(511)}${']'.repeat(512)}`),
        }),
      },
    },
    'prose around the JSON is an error': {
      drawing: `
        -P-F-|
        > toArrayElements()
        -#
      `,
      values: { P: 'Here:\n```json\n' },
      errors: { output: noReply('malformed', undefined, 'Here:\n```json\n') },
    },
    'prose around the JSON is skipped where that is asked for': {
      drawing: `
        -P-F-M----Q-|
        > toArrayElements({ prose: 'skip' })
        ---H-(JK)---|
      `,
      values: { P: 'Here:\n```json\n', M: '","c"]\n``', Q: '`\nEnjoy ["d"]' },
    },
    'an error of the source passes': `
      -F-#
      > toArrayElements()
      -H-#
      ^--!
    `,
    'a source that is tried again begins its text again': `
      -F-#
      > toArrayElements()
      -H-#
      > retry(1)
      -H--H-#
      ^--!
      ---^--!
    `,
  },
  checks: {
    'one of two elements that come at once is one': () => {
      expect(eventsDrawn(toArrayElements(), ['["a","b",'], 1)).toBe(1);
    },
    'elements that come while another is delivered wait for those before them': () => {
      const elements = valuesUnderReentrancy(toArrayElements(), ['["a","b"'], [',"c"', ']']);
      expect(elements).toEqual(['a', 'b', 'c']);
    },
  },
});
