import { readdirSync, readFileSync } from 'node:fs';
import ts from 'typescript';

const SRC = new URL('../src/', import.meta.url);
/** The file that stands for the package itself. */
const ROOT = 'index';

/** The entries of the package: the files of `src` that do nothing but export from others, by path without `.ts`. */
export const ENTRIES: readonly string[] = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => path.endsWith('.ts') && onlyExports(path))
  .map((path) => path.slice(0, -'.ts'.length))
  .sort((a, b) => Number(b === ROOT) - Number(a === ROOT) || (a < b ? -1 : 1));

function onlyExports(path: string): boolean {
  const { statements } = ts.createSourceFile(
    path,
    readFileSync(new URL(path, SRC), 'utf8'),
    ts.ScriptTarget.Latest,
  );
  return statements.every((statement) => ts.isExportDeclaration(statement) && statement.moduleSpecifier);
}

/** The name under which an entry is imported: `rxjs-llm-stream/testing`. */
export function specifierOf(entry: string): string {
  return `rxjs-llm-stream${subpathOf(entry).slice(1)}`;
}

function subpathOf(entry: string): string {
  return entry === ROOT ? '.' : `./${entry}`;
}

/** What package.json says of the entries. */
export interface EntryFields {
  readonly main: string;
  readonly module: string;
  readonly types: string;
  /** For `moduleResolution: node10`, which does not read `exports`. */
  readonly typesVersions: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
  readonly exports: Readonly<Record<string, unknown>>;
}

/** The fields of package.json that the entries decide. */
export function entryFields(entries: readonly string[] = ENTRIES): EntryFields {
  return {
    main: `./dist/${ROOT}.cjs`,
    module: `./dist/${ROOT}.js`,
    types: `./dist/${ROOT}.d.cts`,
    typesVersions: {
      '*': Object.fromEntries(
        entries.filter((entry) => entry !== ROOT).map((entry) => [entry, [`./dist/${entry}.d.cts`]]),
      ),
    },
    exports: {
      ...Object.fromEntries(entries.map((entry) => [subpathOf(entry), conditions(entry)])),
      './package.json': './package.json',
    },
  };
}

function conditions(entry: string): object {
  const file = `./dist/${entry}`;
  return {
    import: { types: `${file}.d.ts`, default: `${file}.js` },
    require: { types: `${file}.d.cts`, default: `${file}.cjs` },
  };
}

/** The text of `scripts/entryModules.ts`: what each entry exports that runs anywhere, as imports that a page can have. */
export function entryModules(entries: readonly string[] = ENTRIES): string {
  // What only Node runs, or what needs a package that need not be there, stands in a folder of its own.
  const names = entries.filter((entry) => !entry.includes('/')).sort();
  const nameOf = (entry: string): string =>
    entry.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
  return `/** Written by \`npm run exports\`. */
${names.map((entry) => `import * as ${nameOf(entry)} from '../src/${entry}.js';`).join('\n')}

/** What the entries export that run anywhere. */
export const ENTRY_MODULES: readonly object[] = [
${names.map((entry) => `  ${nameOf(entry)},\n`).join('')}];
`;
}
