import { retry } from 'rxjs';
import { toSentences } from '../src/text/toSentences.js';
import { sheet } from './kit/sheet.js';

const usual = (): ReturnType<typeof toSentences> => toSentences({ locale: 'en' });

export default sheet({
  operator: 'toSentences',
  operators: {
    "toSentences({ locale: 'en' })": () => toSentences({ locale: 'en' }),
    "toSentences({ locale: 'en', min: 9 })": () => toSentences({ locale: 'en', min: 9 }),
    "toSentences({ locale: 'en', max: 12 })": () => toSentences({ locale: 'en', max: 12 }),
    "toSentences({ locale: 'en', code: 'omit' })": () => toSentences({ locale: 'en', code: 'omit' }),
    'retry(1)': () => retry(1),
  },
  usual,
  values: {
    A: 'Hello, Dr. No.',
    B: ' It is 3.',
    C: '14. Or 4? I',
    D: 'Hello, Dr. No.',
    E: 'It is 3.14.',
    F: 'I',
    G: 'Or 4?',
  },
  flows: ['text', 'text'],
  given: ['It is. ', 'Is it? ', 'So. '],
  picture: `
    -A--B---C---|
    > toSentences({ locale: 'en' })
    ----D---(EG)(F|)
    ^-----------!
  `,
  cases: {
    'an empty source completes': `
      -----|
      > toSentences({ locale: 'en' })
      -----|
      ^----!
    `,
    'a line break ends a sentence, and the number of a list does not': {
      drawing: `
        -H-----|
        > toSentences({ locale: 'en' })
        -(IJ)--(K|)
      `,
      values: { H: 'Steps\n1. Sit\n2. Wait', I: 'Steps', J: '1. Sit', K: '2. Wait' },
    },
    'one that is too short is joined with the next': {
      drawing: `
        -H-----|
        > toSentences({ locale: 'en', min: 9 })
        -I-----(J|)
      `,
      values: { H: 'Yes. It is so. Good', I: 'Yes. It is so.', J: 'Good' },
    },
    'one that is too long is cut behind a comma, or else between words': {
      drawing: `
        -H-----|
        > toSentences({ locale: 'en', max: 12 })
        -(IJ)--(K|)
      `,
      values: { H: 'Well, I would like tea', I: 'Well,', J: 'I would', K: 'like tea' },
    },
    'code is left out on demand': {
      drawing: `
        -H-----|
        > toSentences({ locale: 'en', code: 'omit' })
        -I-----(J|)
      `,
      values: { H: 'See:\n```\nlet a.\nb\n```\nSo', I: 'See:', J: 'So' },
    },
    'an error of the source passes, without what was not certain': `
      -A--B-#
      > toSentences({ locale: 'en' })
      ----D-#
      ^-----!
    `,
    'a source that is tried again begins its text again': `
      -A--B-#
      > toSentences({ locale: 'en' })
      ----D-#
      > retry(1)
      ----D-----D-#
      ^-----!
      ------^-----!
    `,
  },
});
