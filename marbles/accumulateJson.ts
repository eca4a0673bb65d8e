import { retry } from 'rxjs';
import * as zod from 'zod';
import { StreamError } from '../src/errors/streamError.js';
import type { JsonGrowth } from '../src/json/growth.js';
import type { JsonPath, JsonValue } from '../src/json/value.js';
import * as events from '../src/events/make.js';
import { accumulateJson } from '../src/operators/accumulateJson.js';
import { overloaded } from './alphabet.js';
import { jsonFailure, noReply } from './contents.js';
import { valuesUnderReentrancy } from './kit/laws.js';
import { sheet } from './kit/sheet.js';

const schema = zod.object({ dish: zod.string(), eggs: zod.number(), vegan: zod.boolean().default(false) });
const level = zod.enum(['easy', 'hard']);
const graded = zod.object({ level, dish: zod.string() });
const strict = zod.object({ dish: zod.string(), flour: zod.number('There is no flour') });
const slow = zod.object({ dish: zod.string().refine(() => Promise.resolve(true)) });

const partial = (value: JsonValue, ...growth: readonly JsonGrowth[]): object => ({
  status: 'partial',
  value,
  growth,
});
const complete = (value: JsonValue, ...growth: readonly JsonGrowth[]): object => ({
  status: 'complete',
  value,
  growth,
});

/** With what it says to be finished. */
const closing = (value: object, ...closed: readonly JsonPath[]): object => ({ ...value, closed });
const notAsked = (value: JsonValue): StreamError => {
  const issue = level.safeParse('eaten').error?.issues[0]?.message ?? '';
  return new StreamError('malformed', `The reply is not what its schema asks for: level: ${issue}`, {
    partial: value,
  });
};

const begun = '{"dish":"Pan';
const more = 'cakes","eggs":1';
const last = '2}';
const pancakes = { dish: 'Pancakes', eggs: 12 };
const deep = '['.repeat(600);
/** What the second half adds. */
const grown = [
  { path: ['dish'], text: 'cakes' },
  { path: ['eggs'], value: 12 },
];
const said = (text: string): object => events.textDelta(0, text);
/** What a reply raises that ended for this reason. */
const ended = (message: string, errorType: string, value?: JsonValue): StreamError =>
  new StreamError('truncated', message, { retryable: false, errorType, partial: value });

export default sheet({
  operator: 'accumulateJson',
  operators: {
    'accumulateJson()': () => accumulateJson(),
    'accumulateJson({ schema })': () => accumulateJson({ schema }),
    'accumulateJson({ schema: strict })': () => accumulateJson({ schema: strict }),
    'accumulateJson({ schema: graded })': () => accumulateJson({ schema: graded }),
    'accumulateJson({ schema: graded, early: true })': () => accumulateJson({ schema: graded, early: true }),
    'accumulateJson({ closed: true })': () => accumulateJson({ closed: true }),
    'accumulateJson({ schema: slow })': () => accumulateJson({ schema: slow }),
    "accumulateJson({ prose: 'skip' })": () => accumulateJson({ prose: 'skip' }),
    'retry(1)': () => retry(1),
  },
  values: {
    A: begun,
    B: more,
    C: last,
    1: partial({ dish: 'Pan' }, { path: [], value: { dish: 'Pan' } }),
    2: partial({ dish: 'Pancakes' }, { path: ['dish'], text: 'cakes' }),
    3: partial(pancakes, { path: ['eggs'], value: 12 }),
    4: complete(pancakes),
    E: '',
    S: ' \n',
  },
  flows: ['text', 'values'],
  labels: { A: begun, B: more, C: last },
  picture: `
    -A-B-C-|
    > accumulateJson()
    -1-2-3-(4|)
    ^------!
  `,
  cases: {
    'events are read as their text': {
      drawing: `
        -m-o-D-F-c-s-(z|)
        > accumulateJson()
        -----1-2-----(4|)
        ^------------!
      `,
      values: { D: said(begun), F: said(`${more}${last}`), 2: partial(pancakes, ...grown) },
    },
    'a reply that is cut off is an error that says why, and not worth another try': {
      drawing: `
        -m-o-D-c-v-z-|
        > accumulateJson()
        -----1-------#
        ^------------!
      `,
      values: { D: said(begun) },
      errors: {
        output: ended('The reply was cut off: it ended with max_tokens', 'max_tokens', { dish: 'Pan' }),
      },
    },
    'a value that was whole before the reply was cut off is whole': {
      drawing: `
        -m-o-D-F-c-v-(z|)
        > accumulateJson()
        -----1-2-----(4|)
        ^------------!
      `,
      values: { D: said(begun), F: said(`${more}${last}`), 2: partial(pancakes, ...grown) },
    },
    'a number that the reply may have cut off is not whole': {
      drawing: `
        -m-o-D-c-v-z-|
        > accumulateJson()
        -------------#
        ^------------!
      `,
      values: { D: said('12') },
      errors: { output: ended('The reply was cut off: it ended with max_tokens', 'max_tokens') },
    },
    'a refusal is one, whatever was said before': {
      drawing: `
        -m-o-D-F-c-R-z-|
        > accumulateJson()
        -----1-2-------#
        ^--------------!
      `,
      values: {
        D: said(begun),
        F: said(`${more}${last}`),
        2: partial(pancakes, ...grown),
        R: events.messageDelta('refusal', {}),
      },
      errors: { output: ended('The model refused to answer', 'refusal', pancakes) },
    },
    'a refusal in prose is one': {
      drawing: `
        -m-o-D-F-c-R-z-|
        > accumulateJson()
        -----------#
        ^----------!
      `,
      values: { D: said('I cannot'), F: said(' help with that.'), R: events.messageDelta('refusal', {}) },
      errors: { output: ended('The model refused to answer', 'refusal') },
    },
    'prose that the limit of tokens cut off is that': {
      drawing: `
        -m-o-D-c-v-z-|
        > accumulateJson()
        ---------#
        ^--------!
      `,
      values: { D: said('Here is the') },
      errors: { output: ended('The reply was cut off: it ended with max_tokens', 'max_tokens') },
    },
    'text that is not JSON is an error once the reply says that it ended well': {
      drawing: `
        -m-o-D-F-c-s-z-|
        > accumulateJson()
        -----1-----#
        ^----------!
      `,
      values: { D: said(begun), F: said('cakes",,') },
      errors: { output: noReply('malformed', { dish: 'Pancakes' }, begun, 'cakes",,') },
    },
    'a refusal without a word is one': {
      drawing: `
        -m-R-z-|
        > accumulateJson()
        -------#
        ^------!
      `,
      values: { R: events.messageDelta('refusal', {}) },
      errors: { output: ended('The model refused to answer', 'refusal') },
    },
    'with a reset the value begins anew': {
      drawing: `
        -m-o-D-r-m-o-D-F-c-s-(z|)
        > accumulateJson()
        -----1-------1-2-----(4|)
        ^--------------------!
      `,
      values: { D: said(begun), F: said(`${more}${last}`), 2: partial(pancakes, ...grown) },
    },
    'an error event is an error': {
      drawing: `
        -m-o-D-e-|
        > accumulateJson()
        -----1-#
        ^------!
      `,
      values: { D: said(begun) },
      errors: { output: overloaded },
    },
    'an empty source is an error: its text ended before its JSON': {
      drawing: `
        ---|
        > accumulateJson()
        ---#
        ^--!
      `,
      errors: { output: noReply('truncated', undefined) },
    },
    'a single piece may hold it all': {
      drawing: `
        -D-|
        > accumulateJson()
        -1-(2|)
      `,
      values: {
        D: '{"dish":"Pancakes","eggs":12}',
        1: partial(pancakes, { path: [], value: pancakes }),
        2: complete(pancakes),
      },
    },
    'pieces of one moment stay apart': `
      -(ABC)-|
      > accumulateJson()
      -(123)-(4|)
    `,
    'a piece that adds nothing to the value shows nothing': `
      -A-E-B-C-S-|
      > accumulateJson()
      -1---2-3---(4|)
    `,
    'a number that is all there is shows with the end of the text': {
      drawing: `
        -F-F-|
        > accumulateJson()
        -----(X|)
      `,
      values: { F: '4', X: complete(44, { path: [], value: 44 }) },
    },
    'a string shows letter by letter, and never half a letter': {
      drawing: `
        -F-G-H-|
        > accumulateJson()
        -X-Y-Z-(W|)
      `,
      values: {
        F: '"caf\\u00',
        G: 'e9 \\ud83c',
        H: '\\udfb5"',
        X: partial('caf', { path: [], value: 'caf' }),
        Y: partial('café ', { path: [], text: 'é ' }),
        Z: partial('café 🎵', { path: [], text: '🎵' }),
        W: complete('café 🎵'),
      },
    },
    'a complete value is what the schema makes of it': {
      drawing: `
        -A-B-C-|
        > accumulateJson({ schema })
        -1-2-3-(X|)
      `,
      values: { X: complete({ ...pancakes, vegan: false }) },
    },
    'a value that is not what the schema asks for is an error with the value': {
      drawing: `
        -A-B-C-|
        > accumulateJson({ schema: strict })
        -1-2-3-#
      `,
      errors: {
        output: new StreamError(
          'malformed',
          'The reply is not what its schema asks for: flour: There is no flour',
          { partial: pancakes },
        ),
      },
    },
    'a word of an enum shows when it is whole, and other text as it comes': {
      drawing: `
        -F-G-H-|
        > accumulateJson({ schema: graded })
        -X-Y-Z-(W|)
      `,
      values: {
        F: '{"level":"ea',
        G: 'sy","dish":"Pan',
        H: 'cakes"}',
        X: partial({}, { path: [], value: {} }),
        Y: partial(
          { level: 'easy', dish: 'Pan' },
          { path: ['level'], value: 'easy' },
          { path: ['dish'], value: 'Pan' },
        ),
        Z: partial({ level: 'easy', dish: 'Pancakes' }, { path: ['dish'], text: 'cakes' }),
        W: complete({ level: 'easy', dish: 'Pancakes' }),
      },
    },
    'a word that is none of the enum is never shown, nor what comes after it': {
      drawing: `
        -F-G-H-|
        > accumulateJson({ schema: graded })
        -X-----#
      `,
      values: {
        F: '{"level":"ea',
        G: 'ten","dish":"Pan',
        H: 'cakes"}',
        X: partial({}, { path: [], value: {} }),
      },
      errors: { output: notAsked({ level: 'eaten', dish: 'Pancakes' }) },
    },
    'a finished member that is not what the schema asks for is an error at once': {
      drawing: `
        -F-G-H-|
        > accumulateJson({ schema: graded, early: true })
        -X-#
        ^--!
      `,
      values: {
        F: '{"level":"ea',
        G: 'ten","dish":"Pan',
        H: 'cakes"}',
        X: partial({}, { path: [], value: {} }),
      },
      errors: { output: notAsked({}) },
    },
    'what has just been finished is named where that is asked for': {
      drawing: `
        -A-F-G-|
        > accumulateJson({ closed: true })
        -X-Y-Z-(W|)
      `,
      values: {
        F: '"',
        G: ',"eggs":[6,6]}',
        X: closing(partial({ dish: 'Pan' }, { path: [], value: { dish: 'Pan' } })),
        Y: closing(partial({ dish: 'Pan' }), ['dish']),
        Z: closing(
          partial({ dish: 'Pan', eggs: [6, 6] }, { path: ['eggs'], value: [6, 6] }),
          ['eggs', 0],
          ['eggs', 1],
          ['eggs'],
          [],
        ),
        W: closing(complete({ dish: 'Pan', eggs: [6, 6] })),
      },
    },
    'a schema that does not answer at once is an error with the value': {
      drawing: `
        -A-B-C-|
        > accumulateJson({ schema: slow })
        -1-2-3-#
      `,
      errors: {
        output: new StreamError('malformed', 'The reply has a schema that does not answer at once', {
          partial: pancakes,
        }),
      },
    },
    'text that is no JSON is an error with the value so far, at once': {
      drawing: `
        -A-F-C-|
        > accumulateJson()
        -1-#
        ^--!
      `,
      values: { F: 'cakes",,' },
      errors: { output: noReply('malformed', { dish: 'Pancakes' }, begun, 'cakes",,') },
    },
    'text after the value is an error': {
      drawing: `
        -A-B-C-F-|
        > accumulateJson()
        -1-2-3-#
        ^------!
      `,
      values: { F: '{' },
      errors: { output: noReply('malformed', pancakes, begun, more, last, '{') },
    },
    'text that ends before its value is an error with the value so far': {
      drawing: `
        -A-B-|
        > accumulateJson()
        -1-2-#
      `,
      errors: { output: noReply('truncated', { dish: 'Pancakes' }, begun, more) },
    },
    'text that nests without end is an error': {
      drawing: `
        -F-|
        > accumulateJson()
        -#
        ^!
      `,
      values: { F: deep },
      errors: {
        output: new StreamError('limit', jsonFailure(deep).message, {
          cause: jsonFailure(deep),
          partial: JSON.parse(`${'['.repeat(512)}${']'.repeat(512)}`),
        }),
      },
    },
    'prose around the JSON is an error': {
      drawing: `
        -P-A-B-C-Q-|
        > accumulateJson()
        -#
      `,
      values: { P: 'Here:\n```json\n', Q: '\n```' },
      errors: { output: noReply('malformed', undefined, 'Here:\n```json\n') },
    },
    'prose around the JSON is skipped where that is asked for': {
      drawing: `
        -P-A-B-C-Q-|
        > accumulateJson({ prose: 'skip' })
        ---1-2-3---(4|)
      `,
      values: { P: 'Here:\n```json\n', Q: '\n``` {' },
    },
    'prose is skipped within a piece too': {
      drawing: `
        -F-G-|
        > accumulateJson({ prose: 'skip' })
        -X---(Y|)
      `,
      values: {
        F: '```json\n{"dish":"Pancakes"',
        G: '}\n```',
        X: partial({ dish: 'Pancakes' }, { path: [], value: { dish: 'Pancakes' } }),
        Y: complete({ dish: 'Pancakes' }),
      },
    },
    'prose without JSON is an error, skipped or not': {
      drawing: `
        -P-|
        > accumulateJson({ prose: 'skip' })
        ---#
      `,
      values: { P: 'I cannot do that.' },
      errors: { output: noReply('truncated', undefined) },
    },
    'an error of the source passes': `
      -A-B-#
      > accumulateJson()
      -1-2-#
      ^----!
    `,
    'a source that is tried again begins its text again': `
      -A-B-#
      > accumulateJson()
      -1-2-#
      > retry(1)
      -1-2--1-2-#
      ^----!
      -----^----!
    `,
    'a hot source is heard from the moment of subscription': `
      hot -A-A-^-A-B-C-|
      > accumulateJson()
      --1-2-3-(4|)
      ^-------!
    `,
  },
  checks: {
    'pieces that come while a value is delivered give their values in order': () => {
      const values = valuesUnderReentrancy(accumulateJson(), [begun], [more, last]);
      expect(values.map(({ value }) => value)).toEqual([{ dish: 'Pan' }, { dish: 'Pancakes' }, pancakes]);
    },
  },
});
