import { DOCUMENTS, type Counterpart, type DocumentName, type Item } from './item.js';

/**
 * Every type, variant, field, constructor and function that the documentation of the five founding protocols names, with
 * what stands for it here, where that is imported from, and the test that shows it. The Rust traits of a type have one
 * row, with what the same is for a plain object.
 *
 * @param list - the items, in their order
 * @returns a table in Markdown for each protocol
 */
export function foundingTable(list: readonly Item[]): string {
  const sections = (Object.keys(DOCUMENTS) as DocumentName[]).map((name) => {
    const items = list.filter(({ document }) => document === name);
    return `## ${name}\n\n${capital(DOCUMENTS[name].what)}: ${items.length} items.\n\n${table(items)}${inclusions(items)}`;
  });
  return sections.join('\n\n');
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
