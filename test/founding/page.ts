import { DOCUMENTS, type Counterpart, type DocumentName, type Item } from './item.js';

const INTRODUCTION = `# The five protocols this library was founded on

Every type, variant, field, constructor and function that their documentation names, with what stands for it here, where
that is imported from, and the test that shows it. The Rust traits of a type have one row each, with what the same is
for a plain object; what the compiler and libraries add to every type is summed up. The page is generated from the list
in \`test/founding\` (\`npm run founding\`), and the tests hold that nothing on it is missing from the package.

Whole events are read and written in each of the protocols: \`decode\` and \`encode\` take the codec of any entry, and
\`sseText\`, \`ndjsonText\` and \`frameText\` write what \`sse\` and \`ndjson\` read.`;

/**
 * Writes `docs/founding.md`.
 *
 * @param list - the items, in their order
 * @returns the page, formatted as prettier does it
 */
export function foundingPage(list: readonly Item[]): string {
  const sections = (Object.keys(DOCUMENTS) as DocumentName[]).map((name) => {
    const items = list.filter(({ document }) => document === name);
    return `## ${name}\n\n${capital(DOCUMENTS[name].what)}: ${items.length} items.\n\n${table(items)}${inclusions(items)}`;
  });
  return `${[INTRODUCTION, ...sections].join('\n\n')}\n`;
}

function table(items: readonly Item[]): string {
  const rows = [
    ['Theirs', 'Kind', 'Here', 'From', 'Shown by'],
    ...items.map((item) => [
      code(item.item),
      item.kind,
      here(item),
      code(entryOf(item.standsFor)),
      shown(item),
    ]),
  ];
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)));
  const rule = widths.map((width) => '-'.repeat(width));
  return [lines[0] ?? [], rule, ...lines.slice(1)].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** What the rows of traits stand for, which would make the table too wide. */
function inclusions(items: readonly Item[]): string {
  const lines = items
    .filter(({ includes }) => includes.length > 0)
    .map(({ item, includes }) => `- ${code(item)}: ${includes.map(code).join(', ')}`);
  return lines.length === 0 ? '' : `\n\nThe traits include:\n\n${lines.join('\n')}`;
}

function here({ standsFor, note }: Item): string {
  const { export: name, member } = standsFor;
  const value = member === undefined ? name : `${name}.${member.replace('=', ' = ')}`;
  return note === undefined ? code(value) : `${code(value)}: ${note}`;
}

function entryOf({ entry }: Counterpart): string {
  return `rxjs-llm-stream${entry}`;
}

function shown({ test }: Item): string {
  return `${code(test.file)}: ${test.name}`;
}

function code(text: string): string {
  return `\`${text}\``;
}

function capital(text: string): string {
  return text.replace(/^./, (first) => first.toUpperCase());
}
