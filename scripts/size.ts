/**
 * Measures what each import adds to a page, in gzipped bytes, and holds it to a limit: `npm run size`. With `--write` it
 * puts the table into README.md; with `--files <row>` it tells which files the bytes of that row come from.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const root = resolve(import.meta.dirname, '..');
const README = join(root, 'README.md');
const TABLE = /(?<=<!-- size -->\n)[^]*?(?=<!-- \/size -->)/;

/** Gzipped bytes that each row may have: about 5 % more than it has. Whoever makes one smaller lowers its limit. */
const LIMITS: Readonly<Record<string, number>> = {
  'dropPings, untilTerminal, toBlocks, accumulateToolInput': 11_200,
  'streamEvents, anthropic': 36_300,
  'rxjs-llm-stream': 57_000,
  'rxjs-llm-stream/anthropic': 36_300,
  'rxjs-llm-stream/modelrelay': 36_300,
  'rxjs-llm-stream/llm-worker': 35_000,
  'rxjs-llm-stream/synaps': 35_000,
  'rxjs-llm-stream/testing': 55_000,
  'rxjs-llm-stream/testing/node': 32_500,
  abortOpenBlocks: 1_700,
  accumulateBlocks: 10_000,
  accumulateJson: 7400,
  accumulateMessage: 10_100,
  accumulateState: 10_000,
  accumulateToolCalls: 12_000,
  accumulateToolInput: 10_900,
  accumulateUsage: 1750,
  checkProtocol: 2_900,
  dropPings: 130,
  latestPerFrame: 420,
  retryBeforeOutput: 2_000,
  retryWithReset: 1_600,
  runTools: 11_400,
  shareSnapshot: 190,
  smoothText: 1_600,
  streamTimeout: 10_400,
  sumUsage: 2100,
  textDeltas: 1_050,
  toArrayElements: 7400,
  toBlocks: 10_000,
  toMessage: 10_100,
  toText: 10_000,
  toToolCalls: 10_800,
  untilTerminal: 1_200,
};

/** What operators must never pull in: only codecs check shapes, only the wire reads SSE. */
const NOT_IN_OPERATORS = /node_modules\/(?:zod|eventsource-parser)\//;

/** A row of the table. */
interface Row {
  /** What is imported: names, or a module for all that it exports. */
  readonly name: string;
  /** Statements that import it. */
  readonly code: string;
}

interface Size {
  readonly row: Row;
  /** Minified. */
  readonly bytes: number;
  /** Minified and gzipped. */
  readonly gzipped: number;
  /** Minified bytes by file. */
  readonly files: ReadonlyMap<string, number>;
}

const { values: flags } = parseArgs({
  options: { write: { type: 'boolean', default: false }, files: { type: 'string' } },
});
const tally = { passed: 0, failed: 0 };

const together = [
  named('./src/index.ts', 'dropPings', 'untilTerminal', 'toBlocks', 'accumulateToolInput'),
  {
    name: 'streamEvents, anthropic',
    code: `${exporting('./src/index.ts', 'streamEvents')}\n${exporting('./src/anthropic.ts', 'anthropic')}`,
  },
];
const operators = filesOf('src/operators').map((name) => named(`./src/operators/${name}.ts`, name));
const sizes = await Promise.all([...together, ...entries(), ...operators].map(measured));

if (flags.files !== undefined) {
  tellFiles(flags.files);
} else {
  if (flags.write) write();
  checkLimits();
  checkImports();
  checkReadme();
  console.log(`${tally.passed} passed, ${tally.failed} failed`);
  process.exitCode = tally.failed === 0 ? 0 : 1;
}

/** Everything that each subpath of the package exports. */
function entries(): Row[] {
  const { name, exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    readonly name: string;
    readonly exports: Readonly<Record<string, unknown>>;
  };
  return Object.keys(exports)
    .filter((subpath) => subpath !== './package.json')
    .map((subpath) => ({
      name: `${name}${subpath.slice(1)}`,
      code: `export * from './src/${subpath === '.' ? 'index' : subpath.slice(2)}.ts';`,
    }));
}

function named(file: string, ...names: readonly string[]): Row {
  return { name: names.join(', '), code: exporting(file, ...names) };
}

function exporting(file: string, ...names: readonly string[]): string {
  return `export { ${names.join(', ')} } from '${file}';`;
}

function filesOf(folder: string): string[] {
  return readdirSync(join(root, folder))
    .filter((file) => file.endsWith('.ts'))
    .map((file) => basename(file, '.ts'))
    .sort();
}

/** Bundles as an application does, rxjs apart: it has that anyway. */
async function measured(row: Row): Promise<Size> {
  const { outputFiles, metafile } = await build({
    stdin: { contents: row.code, resolveDir: root, loader: 'ts' },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    external: ['rxjs', 'node:*'],
    absWorkingDir: root,
    write: false,
    metafile: true,
    logLevel: 'silent',
  });
  const [bundle] = outputFiles;
  if (bundle === undefined) throw new Error(`esbuild made nothing of ${row.name}`);
  const inputs = Object.values(metafile.outputs).flatMap((output) => Object.entries(output.inputs));
  const files = inputs.map(([file, { bytesInOutput }]) => [file, bytesInOutput] as const);
  return {
    row,
    bytes: bundle.contents.length,
    gzipped: gzipSync(bundle.contents, { level: 9 }).length,
    files: new Map(files.filter(([, bytes]) => bytes > 0)),
  };
}

function checkLimits(): void {
  for (const { row, gzipped } of sizes) {
    const limit = LIMITS[row.name] ?? 0;
    check(`${row.name}: ${gzipped} bytes gzipped, at most ${limit}`, gzipped <= limit);
  }
  const rows = new Set(sizes.map(({ row }) => row.name));
  const unused = Object.keys(LIMITS).filter((name) => !rows.has(name));
  check(`limits of rows that are not there: ${unused.join(', ') || 'none'}`, unused.length === 0);
}

function checkImports(): void {
  const alone = sizes.filter(({ row }) => operators.includes(row) || row === together[0]);
  const foreign = alone.flatMap(({ row, files }) =>
    [...files.keys()].filter((file) => NOT_IN_OPERATORS.test(file)).map((file) => `${row.name} → ${file}`),
  );
  const found = foreign.join(', ') || 'nothing';
  check(`operators pull in of zod and eventsource-parser: ${found}`, foreign.length === 0);
}

/** The same rows, and no figure that is further off than nobody would notice: zlib differs by some bytes too. */
function checkReadme(): void {
  const shown = figures(TABLE.exec(readFileSync(README, 'utf8'))?.[0] ?? '');
  const isAsShown = ({ row, gzipped }: Size): boolean => {
    const figure = shown.get(row.name);
    return figure !== undefined && Math.abs(figure * 1000 - gzipped) <= Math.max(100, gzipped * 0.02);
  };
  const isStale = shown.size !== sizes.length || !sizes.every(isAsShown);
  check(`the table of README.md is ${isStale ? 'stale (npm run size -- --write)' : 'as measured'}`, !isStale);
}

function figures(table: string): ReadonlyMap<string, number> {
  const rows = Array.from(table.matchAll(/^\| (.+?) +\| +([\d.]+) \|$/gm));
  return new Map(rows.map(([, name = '', figure]) => [name.replaceAll('`', ''), Number(figure)]));
}

function write(): void {
  const page = readFileSync(README, 'utf8');
  if (!TABLE.test(page)) throw new Error('README.md has no <!-- size --> and <!-- /size -->');
  writeFileSync(
    README,
    page.replace(TABLE, () => `\n${table()}\n\n`),
  );
}

/** Aligned as the formatter aligns it. */
function table(): string {
  const cells = sizes.map(({ row, gzipped }) => [code(row.name), (gzipped / 1000).toFixed(1)] as const);
  const [nameHead, sizeHead] = ['import', 'kB'] as const;
  const nameWidth = Math.max(nameHead.length, ...cells.map(([name]) => name.length));
  const sizeWidth = Math.max(sizeHead.length, ...cells.map(([, size]) => size.length));
  const line = (name: string, size: string): string =>
    `| ${name.padEnd(nameWidth)} | ${size.padStart(sizeWidth)} |`;
  const rule = `| ${'-'.repeat(nameWidth)} | ${'-'.repeat(sizeWidth - 1)}: |`;
  return [line(nameHead, sizeHead), rule, ...cells.map(([name, size]) => line(name, size))].join('\n');
}

function tellFiles(name: string): void {
  const size = sizes.find(({ row }) => row.name === name);
  if (size === undefined) throw new Error(`One of: ${sizes.map(({ row }) => row.name).join('; ')}`);
  for (const [file, bytes] of [...size.files].sort(([, a], [, b]) => b - a)) {
    console.log(`${String(bytes).padStart(8)}  ${file}`);
  }
  console.log(`${String(size.bytes).padStart(8)}  minified, ${size.gzipped} gzipped`);
}

function code(names: string): string {
  return names.replaceAll(/[^, ]+/g, '`$&`');
}

function check(what: string, holds: boolean): void {
  tally[holds ? 'passed' : 'failed'] += 1;
  console.log(`${holds ? 'passed' : 'FAILED'}: ${what}`);
}
