import { dedent, docComment } from './docComment.js';

const source = `
import { map } from 'rxjs';

/** Something else. */
const other = 1;

/**
 * Does what it does. It has
 * a second line.
 *
 * \`\`\`text
 * -a-|
 * > f()
 * -b-|
 * \`\`\`
 *
 * \`\`\`ts
 * f();
 * \`\`\`
 *
 * @param x - something, of which more
 *   is said on a second line
 * @returns something
 */
export function f(): void {}

export function bare(): void {}
`;

describe('docComment', () => {
  it('reads the sentence, the drawing, the example and the tags', () => {
    expect(docComment(source, 'f')).toEqual({
      sentence: 'Does what it does. It has a second line.',
      drawing: '-a-|\n> f()\n-b-|',
      example: 'f();',
      text: 'Does what it does. It has\na second line.\n\n```text\n-a-|\n> f()\n-b-|\n```\n\n```ts\nf();\n```',
      tags: [
        { name: 'param', text: 'x - something, of which more is said on a second line' },
        { name: 'returns', text: 'something' },
      ],
    });
  });

  it.each(['bare', 'missing'])('refuses a function without one: %s', (name) => {
    expect(() => docComment(source, name)).toThrow(`No doc comment stands above the function ${name}`);
  });
});

describe('dedent', () => {
  it('takes away the indentation that all lines share', () => {
    expect(dedent('\n    -a-|\n      > f()\n    -b-|\n  ')).toBe('-a-|\n  > f()\n-b-|');
  });
});
