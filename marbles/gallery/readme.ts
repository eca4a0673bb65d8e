import { readFileSync } from 'node:fs';
import { docOf } from './catalogue.js';
import { firstSentence } from './docComment.js';
import { signatureOf } from './signature.js';

/** The entries that have operators. */
const ENTRIES = ['index', 'text'].map((name) => new URL(`../../src/${name}.ts`, import.meta.url));
const SECTION = /(?<=<!-- operators -->\n)[^]*?(?=<!-- \/operators -->)/;

/** Where pictures and files can be read from anywhere, such as the page of the package on npm. */
export const PICTURES =
  'https://raw.githubusercontent.com/rxjs-llm-stream/rxjs-llm-stream/main/marbles/pictures';

/** The operators that stand under one heading of an entry. */
export interface Group {
  /** As in `// Operators: events to blocks`, without the first word. */
  readonly heading: string;
  readonly operators: readonly string[];
}

/** How the entries group the operators: the groups in their order, each with its operators in theirs. */
export function groupsOf(): readonly Group[] {
  return ENTRIES.flatMap((entry) => groupsIn(readFileSync(entry, 'utf8')));
}

function groupsIn(entry: string): readonly Group[] {
  const [, ...sections] = entry.split(/^\/\/ Operators: /m);
  return sections.map((section) => {
    const [heading = ''] = section.split('\n', 1);
    const [exports = ''] = section.split(/^\/\/ /m, 1);
    const names = Array.from(
      exports.matchAll(/^export \{[^}]*\} from '\.\/(?:operators|text)\/(\w+)\.js';/gm),
    );
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
  return `#### \`${signatureOf(name)}\`\n\n${firstSentence(docOf(name))}\n\n![${name}](${PICTURES}/${name}.svg)`;
}
