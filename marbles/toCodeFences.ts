import { retry } from 'rxjs';
import { toCodeFences, type CodeFence } from '../src/text/toCodeFences.js';
import { sheet } from './kit/sheet.js';

function fence(text: string, status: CodeFence['status'] = 'streaming', info = 'ts'): CodeFence {
  return { language: info.split(' ')[0] ?? '', info, text, status };
}

export default sheet({
  operator: 'toCodeFences',
  operators: { 'toCodeFences()': () => toCodeFences(), 'retry(1)': () => retry(1) },
  values: {
    A: 'Try\n```ts\nconst a',
    B: ' = 1;\n',
    C: '```\n',
    D: fence('const a'),
    E: fence('const a = 1;'),
    F: fence('const a = 1;', 'complete'),
  },
  flows: ['text', 'fences'],
  given: ['```ts\na', ';\nb', ';\n```\n'],
  picture: `
    --A-B-C--|
    > toCodeFences()
    --D-E-F--|
    ^--------!
  `,
  cases: {
    'an empty source completes, and so does a text without code': {
      drawing: `
        --H--|
        > toCodeFences()
        -----|
        ^----!
      `,
      values: { H: 'No ```code``` here' },
    },
    'a line that may close it waits until that is known': {
      drawing: `
        --A-H-I-|
        > toCodeFences()
        --D---J-(K|)
      `,
      values: { H: '\n``', I: ' no', J: fence('const a\n`` no'), K: fence('const a\n`` no', 'aborted') },
    },
    'one that nothing closes is aborted when the text ends': {
      drawing: `
        --A--|
        > toCodeFences()
        --D--(G|)
      `,
      values: { G: fence('const a', 'aborted') },
    },
    'in a list and in a quote, the marks and the indentation are no part of it': {
      drawing: `
        --H---|
        > toCodeFences()
        --(IJ)|
      `,
      values: {
        H: '1. So:\n   ```sh\n   ls\n     -l\n   ```\n> ~~~\n> a\n> ~~~\n',
        I: fence('ls\n  -l', 'complete', 'sh'),
        J: fence('a', 'complete', ''),
      },
    },
    'an error of the source passes': `
      --A-#
      > toCodeFences()
      --D-#
      ^---!
    `,
    'a source that is tried again begins its text again': `
      --A-#
      > toCodeFences()
      --D-#
      > retry(1)
      --D---D-#
      ^---!
      ----^---!
    `,
  },
});
