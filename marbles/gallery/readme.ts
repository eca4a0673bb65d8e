import { readFileSync } from 'node:fs';
import { docOf } from './catalogue.js';
import { signatureOf } from './signature.js';

const INDEX = new URL('../../src/index.ts', import.meta.url);
const SECTION = /(?<=<!-- operators -->\n)[^]*?(?=<!-- \/operators -->)/;

/** Where pictures and files can be read from anywhere, such as the page of the package on npm. */
export const PICTURES =
  'https://raw.githubusercontent.com/rxjs-llm-stream/rxjs-llm-stream/main/marbles/pictures';

/** The operators that stand under one heading of `src/index.ts`. */
export interface Group {
  /** As in `// Operators: events to blocks`, without the first word. */
  readonly heading: string;
  readonly operators: readonly string[];
}

/**
 * Reads how the entry groups the operators.
 *
 * @param index - the text of `src/index.ts`
 * @returns the groups in their order, each with its operators in theirs
 */
export function groupsOf(index: string = readFileSync(INDEX, 'utf8')): readonly Group[] {
  const [, ...sections] = index.split(/^\/\/ Operators: /m);
  return sections.map((section) => {
    const [heading = ''] = section.split('\n', 1);
    const [exports = ''] = section.split(/^\/\/ /m, 1);
    const names = Array.from(exports.matchAll(/^export \{[^}]*\} from '\.\/operators\/(\w+)\.js';/gm));
    return { heading, operators: names.map(([, name = '']) => name) };
  });
}

/**
 * Puts the operators into README.md: under the heading of its group each signature, what it does in a sentence, and
 * its picture.
 *
 * @param page - the text of README.md
 * @throws Error where the page has no place for them
 */
export function withOperators(page: string): string {
  if (!SECTION.test(page)) throw new Error('README.md has no <!-- operators --> and <!-- /operators -->');
  return page.replace(SECTION, () => `\n${groupsOf().map(groupText).join('\n\n')}\n\n`);
}

function groupText({ heading, operators }: Group): string {
  const title = heading.charAt(0).toUpperCase() + heading.slice(1);
  return [`### ${title}`, ...operators.map(operatorText)].join('\n\n');
}

function operatorText(name: string): string {
  const [sentence = ''] = /^.*?[.!?](?=\s|$)/.exec(docOf(name).sentence) ?? [];
  const words = sentence.replace(/\{@link (\w+)\}/g, '`$1`');
  return `#### \`${signatureOf(name)}\`\n\n${words}\n\n![${name}](${PICTURES}/${name}.svg)`;
}
