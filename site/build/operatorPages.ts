/** A page for each operator, of its doc comment and its sheet. */
import { docOf, fileOf, operators, sheetNames, sheetsNamed } from '../../marbles/gallery/catalogue.js';
import { dedent, firstSentence, type DocComment } from '../../marbles/gallery/docComment.js';
import { groupsOf } from '../../marbles/gallery/readme.js';
import { optionsOf, signatureOf, typesOf, type Option } from '../../marbles/gallery/signature.js';
import type { Sheet } from '../../marbles/kit/sheet.js';
import { ENTRIES, specifierOf } from '../../scripts/entries.js';
import { REPOSITORY, ROOT } from '../../scripts/repository.js';
import { pictureHtml } from './pictures.js';
import { read, type Page } from './places.js';

/** Operators under a heading of the menu. */
export interface OperatorGroup {
  readonly title: string;
  readonly operators: readonly string[];
}

/** What stands in no group of an entry of operators: what takes a stream in and is a source, or a server's. */
const ELSEWHERE = 'Sources and servers';

/** @returns the entry that exports an operator, as it is imported; `undefined` where none does */
export function entryOf(operator: string): string | undefined {
  const entry = ENTRIES.find((name) =>
    new RegExp(`^export \\{[^}]*\\b${operator}\\b[^}]*\\}`, 'm').test(read(`src/${name}.ts`)),
  );
  return entry === undefined ? undefined : specifierOf(entry);
}

/** @returns all operators that an entry exports, by the groups of the entries */
export function operatorGroups(): readonly OperatorGroup[] {
  const grouped = groupsOf().map(({ heading, operators }) => ({ title: titleOf(heading), operators }));
  const inGroups = new Set(grouped.flatMap((group) => group.operators));
  const others = operators.filter((name) => !inGroups.has(name) && entryOf(name) !== undefined);
  return [...grouped, { title: ELSEWHERE, operators: others }];
}

/** @returns the page of all operators, and a page for each */
export async function operatorPages(): Promise<readonly Page[]> {
  const names = operatorGroups().flatMap((group) => group.operators);
  const sheets = new Map((await sheetsNamed(sheetNames)).map((sheet) => [sheet.operator, sheet] as const));
  return [
    overview(),
    ...names.map((name) => {
      const sheet = sheets.get(name);
      if (sheet === undefined) throw new Error(`${name} has no sheet in marbles/`);
      return operatorPage(name, sheet);
    }),
  ];
}

function overview(): Page {
  const groups = operatorGroups().map(({ title, operators }) => {
    const rows = operators.map(
      (name) => `- [\`${signatureOf(name)}\`](/operators/${name}): ${firstSentence(docOf(name))}`,
    );
    return `## ${title}\n\n${rows.join('\n')}`;
  });
  const text = `# Operators

Every operator is drawn as a marble diagram, and the drawing is its documentation, its test and its picture at once. Time
runs from left to right; what stands above a box goes in, what stands below comes out. A pill is an event: an outline
begins or ends something, a tint lets it grow, a solid one is whole. Each block of a message has a colour of its own. A bar
completes, a cross is an error.

${pictureHtml('marbles/pictures/pipeline.svg', 'A pipeline of several operators')}

${groups.join('\n\n')}
`;
  return { path: 'operators/index', title: 'Operators', text, source: 'src/index.ts', isWide: true };
}

function operatorPage(name: string, sheet: Sheet): Page {
  const doc = docOf(name);
  const source = decodeURI(fileOf(name).href.slice(ROOT.href.length));
  const [lead = '', ...rest] = proseOf(doc);
  const text = [
    `# ${name}`,
    linked(lead),
    pictureHtml(`marbles/pictures/${name}.svg`, `Marble diagram of ${name}: the text of it stands below`),
    ...(doc.drawing === undefined ? [] : [drawn(doc.drawing)]),
    ...rest.map(linked),
    ...(doc.example === undefined ? [] : [`## Example\n\n\`\`\`ts\n${doc.example}\n\`\`\``]),
    signature(name, doc),
    kept(sheet),
    seeAlso(name, doc, source),
  ].join('\n\n');
  return {
    path: `operators/${name}`,
    title: name,
    text,
    source,
    description: firstSentence(doc).replaceAll('`', ''),
    isWide: true,
  };
}

/** The paragraphs of a doc comment, without its drawing and its example. */
function proseOf({ text, drawing, example }: DocComment): readonly string[] {
  return [drawing, example]
    .reduce<string>((rest, fence) => (fence === undefined ? rest : withoutFence(rest, fence)), text)
    .split(/\n{2,}/)
    .filter((paragraph) => paragraph.trim() !== '');
}

function withoutFence(text: string, code: string): string {
  return text.replace(/^```\w+\n([^]*?)\n```$/gm, (fence, inside: string) => (inside === code ? '' : fence));
}

function signature(name: string, { tags }: DocComment): string {
  const about = (wanted: string): readonly string[] =>
    tags.filter((tag) => tag.name === wanted).map((tag) => tag.text);
  const parameters = about('param').map((text) => {
    const [, parameter = '', words = ''] = /^(\S+) - ([^]*)$/.exec(text) ?? [];
    return `- \`${parameter}\`: ${linked(words)}`;
  });
  const options = optionsOf(name);
  return [
    '## Types',
    `\`\`\`ts\n${[`import { ${name} } from '${entryOf(name) ?? ''}';`, '', ...typesOf(name).map((type) => `${type};`)].join('\n')}\n\`\`\``,
    ...(parameters.length > 0 ? [parameters.join('\n')] : []),
    ...(options.length > 0 ? [optionTable(options)] : []),
    ...about('returns').map((text) => `**Returns** ${linked(text)}.`),
    ...about('throws').map((text) => `**Fails with** ${linked(text)}.`),
  ].join('\n\n');
}

function optionTable(options: readonly Option[]): string {
  const rows = options.map(({ name, isOptional, type, text }) => {
    const key = isOptional ? `\`${name}\`` : `\`${name}\` (required)`;
    return `| ${key} | \`${type.replaceAll('|', '\\|')}\` | ${linked(text).replaceAll('|', '\\|')} |`;
  });
  return ['| option | type | what it says |', '| --- | --- | --- |', ...rows].join('\n');
}

function kept({ operator, cases, checks = {} }: Sheet): string {
  const drawings = Object.entries(cases).map(([sentence, drawing]) => {
    const text = typeof drawing === 'string' ? drawing : drawing.drawing;
    return `### ${capital(sentence)}\n\n${drawn(dedent(text))}`;
  });
  const others = Object.keys(checks).map((sentence) => `- ${capital(sentence)}`);
  return [
    '## What it keeps',
    `Each line is a test of [its sheet](${REPOSITORY}/blob/main/marbles/${operator}.ts), and each drawing runs in virtual time, word for word. [The letters](/testing/#draw-it) are the same everywhere.`,
    ...drawings,
    ...(others.length > 0 ? ['### What cannot be drawn', others.join('\n')] : []),
  ].join('\n\n');
}

function seeAlso(name: string, { tags }: DocComment, source: string): string {
  const see = tags
    .filter((tag) => tag.name === 'see')
    .flatMap((tag) => Array.from(tag.text.matchAll(/\w{3,}/g), ([found]) => found));
  const others = [...new Set(see)].filter((other) => other !== 'link' && isOnSite(other));
  const lines = [
    ...(others.length > 0
      ? [`- See also: ${others.map((other) => `[\`${other}\`](/operators/${other})`).join(', ')}`]
      : []),
    ...sizeOf(name),
    `- Source: [\`${source}\`](${REPOSITORY}/blob/main/${source}), [\`marbles/${name}.ts\`](${REPOSITORY}/blob/main/marbles/${name}.ts)`,
  ];
  return `## Beside it\n\n${lines.join('\n')}`;
}

/** What the page of sizes says of it. */
function sizeOf(name: string): readonly string[] {
  const [, size] =
    new RegExp(`^\\| \`${name}\`\\s*\\|\\s*([\\d.]+) \\|$`, 'm').exec(read('docs/sizes.md')) ?? [];
  return size === undefined
    ? []
    : [`- Adds ${size} kB to a page that has rxjs, minified and gzipped ([all sizes](/why/sizes))`];
}

/** `{@link …}` of a doc comment, as Markdown. */
function linked(text: string): string {
  return text.replace(/\{@link (\w+)\}/g, (_, name: string) =>
    isOnSite(name) ? `[\`${name}\`](/operators/${name})` : `\`${name}\``,
  );
}

function isOnSite(name: string): boolean {
  return operators.includes(name) && entryOf(name) !== undefined;
}

function drawn(drawing: string): string {
  return `\`\`\`text\n${drawing}\n\`\`\``;
}

function titleOf(heading: string): string {
  const [title = ''] = heading.replaceAll('`', '').split(', as textDeltas()', 1);
  return heading.includes('textDeltas')
    ? 'Text to what is in it (/text)'
    : capital(title.replace(', of rxjs-llm-stream/text', ' (/text)'));
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
