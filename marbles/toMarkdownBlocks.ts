import { retry } from 'rxjs';
import type { MarkdownBlock } from '../src/text/markdown/markdownReader.js';
import { toMarkdownBlocks } from '../src/text/toMarkdownBlocks.js';
import { sheet } from './kit/sheet.js';

function streaming(
  kind: MarkdownBlock['kind'],
  text: string,
  healed = text,
  ...open: MarkdownBlock['open']
): MarkdownBlock {
  return { kind, text, status: 'streaming', open, healed };
}

function complete(kind: MarkdownBlock['kind'], text: string): MarkdownBlock {
  return { kind, text, status: 'complete', open: [], healed: text };
}

const title = complete('heading', '# Hi\n\n');

export default sheet({
  operator: 'toMarkdownBlocks',
  operators: { 'toMarkdownBlocks()': () => toMarkdownBlocks(), 'retry(1)': () => retry(1) },
  values: {
    A: '# Hi\n',
    B: '\nA **bo',
    C: 'ld** one',
    D: [streaming('heading', '# Hi\n')],
    E: [title, streaming('paragraph', 'A **bo', 'A **bo**', 'strong')],
    F: [title, streaming('paragraph', 'A **bold** one')],
    G: [title, complete('paragraph', 'A **bold** one')],
  },
  flows: ['text', 'blocks'],
  picture: `
    --A-B-C--|
    > toMarkdownBlocks()
    --D-E-F--(G|)
    ^--------!
  `,
  cases: {
    'an empty source completes, and so does an empty text': {
      drawing: `
        --H--|
        > toMarkdownBlocks()
        -----|
        ^----!
      `,
      values: { H: '' },
    },
    'the beginning of a line waits for what decides about it': {
      drawing: `
        --A-H-I-|
        > toMarkdownBlocks()
        --D---J-(K|)
      `,
      values: {
        H: '-',
        I: ' b',
        J: [complete('heading', '# Hi\n'), streaming('list', '- b')],
        K: [complete('heading', '# Hi\n'), complete('list', '- b')],
      },
    },
    'a fence is one block, blank lines and all, and is closed for a renderer': {
      drawing: `
        --H-I-|
        > toMarkdownBlocks()
        --J-K-(L|)
      `,
      values: {
        H: '```js\na\n\n',
        I: 'b\n```\n',
        J: [streaming('code', '```js\na\n\n', '```js\na\n\n```', 'fence')],
        K: [streaming('code', '```js\na\n\nb\n```\n')],
        L: [complete('code', '```js\na\n\nb\n```\n')],
      },
    },
    'a link without its end shows its words': {
      drawing: `
        --H-|
        > toMarkdownBlocks()
        --I-(J|)
      `,
      values: {
        H: 'See [it](http',
        I: [streaming('paragraph', 'See [it](http', 'See it', 'link')],
        J: [complete('paragraph', 'See [it](http')],
      },
    },
    'an error of the source passes': `
      --A-#
      > toMarkdownBlocks()
      --D-#
      ^---!
    `,
    'a source that is tried again begins its text again': `
      --A-#
      > toMarkdownBlocks()
      --D-#
      > retry(1)
      --D---D-#
      ^---!
      ----^---!
    `,
  },
});
