/**
 * Measures what each import adds to a page, in gzipped bytes, and holds it to its budget and to what docs/sizes.md says:
 * `npm run size`. With `--write` it writes that page, and says only what fails; with `--files <row>` it says which files the bytes of a row come
 * from.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { ENTRIES, specifierOf } from './entries.js';
import { written } from './written.js';

const root = resolve(import.meta.dirname, '..');
const PAGE = join(root, 'docs/sizes.md');
const INTRODUCTION = `# Sizes

What an import adds to a page, in kB (1,000 bytes), minified and gzipped, without rxjs and Angular. zod is
counted where it is used, which no operator does. The name of a module stands for all that it exports.
\`npm run size -- --write\` measures and writes this page; \`npm run size\` fails where a figure differs from it or is beyond
its budget.`;

/** Gzipped bytes that a row may have at most. */
const BUDGETS = { entry: 40_000, operator: 9_620, other: 15_000 } as const;

/**
 * What is held to less, or to what it weighs (docs/decisions/0023, 0027), and what has AWS's reader of frames in it, of which
 * 3.6 kB are not ours.
 */
const TARGETS: Readonly<Record<string, number>> = {
  'dropPings, untilTerminal, toBlocks, accumulateToolInput': 10_220,
  // 60 bytes of each source are the words for an address or a body that was forgotten, or came in the wrong place.
  // 2 kB of each source are what goes on with an answer whose connection is lost (docs/decisions/0030), and 1 to 1.5 the short way
  // past `JSON.parse` (docs/decisions/0029).
  'streamEvents, anthropic': 18_180,
  streamMessages: 18_290,
  // All of it that an Angular app with one answer, or a chat with tools, loads: a source, a codec and the state of a turn.
  // 50 bytes of it are the words of `stopOn` for a signal in place of an Observable.
  'injectAnswer, provideStreams, anthropic': 33_550,
  'injectConversation, provideStreams, anthropic': 38_740,
  bedrockConverse: 17_100,
  // Every codec.
  'rxjs-llm-stream/detect': 73_600,
  // 0.1 kB are the words for what is no codec, where `decode` and `encode` are called, and for what runs no tools.
  'rxjs-llm-stream': 43_600,
  // All that a view shows of a turn: messages, calls and usage in one.
  accumulateState: 11_490,
  accumulateToolCalls: 9_800,
  fromBytes: 8_510,
  // A protocol of some sixty events.
  openaiResponses: 17_850,
  // A source without its encoder; `streamEvents` is 12.5 of each, and telling the dialects of a protocol apart is the rest.
  streamChat: 24_150,
  streamGemini: 24_900,
  streamOllama: 20_630,
  streamResponses: 25_050,
  // The short way past `JSON.parse` (docs/decisions/0029).
  openaiChat: 15_800,
  gemini: 16_250,
  'rxjs-llm-stream/openai': 40_610,
  streamTimeout: 1_500,
  // A step is an object, and a block that grows is not looked up (docs/decisions/0035).
  toBlocks: 4_690,
  toMessage: 4_700,
  toText: 4_500,
};

/** What operators must never pull in: only codecs check shapes. */
const NOT_IN_OPERATORS = /node_modules\/zod\//;

/** A row of the table. */
interface Row {
  readonly kind: keyof typeof BUDGETS;
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

const together: readonly Row[] = [
  named('operator', './src/index.ts', 'dropPings', 'untilTerminal', 'toBlocks', 'accumulateToolInput'),
  named('other', './src/index.ts', 'fromBytes'),
  {
    kind: 'other',
    name: 'streamEvents, anthropic',
    code: `${exporting('./src/index.ts', 'streamEvents')}\n${exporting('./src/anthropic.ts', 'anthropic')}`,
  },
  ...['injectAnswer', 'injectConversation'].map((name): Row => ({
    kind: 'other',
    name: `${name}, provideStreams, anthropic`,
    code: `${exporting('./src/angular.ts', name, 'provideStreams')}\n${exporting('./src/anthropic.ts', 'anthropic')}`,
  })),
  named('other', './src/anthropic.ts', 'streamMessages'),
  named('other', './src/openai.ts', 'streamChat'),
  named('other', './src/openai.ts', 'streamResponses'),
  named('other', './src/gemini.ts', 'streamGemini'),
  named('other', './src/ollama.ts', 'streamOllama'),
  named('other', './src/openai.ts', 'openaiChat'),
  named('other', './src/gemini.ts', 'gemini'),
  named('other', './src/openai.ts', 'openaiResponses'),
  named('other', './src/ollama.ts', 'ollama'),
  named('other', './src/claude-code.ts', 'claudeCode'),
  named('other', './src/ag-ui.ts', 'agUi'),
  named('other', './src/bedrock.ts', 'bedrockConverse'),
];
const entries = ENTRIES.map((entry): Row => ({
  kind: 'entry',
  name: specifierOf(entry),
  code: `export * from './src/${entry}.ts';`,
}));
const operators = ['src/operators', 'src/text'].flatMap((folder) =>
  filesOf(folder).map((name) => named('operator', `./${folder}/${name}.ts`, name)),
);
const sizes = await Promise.all([...together, ...entries, ...operators].map(measured));

if (flags.files !== undefined) {
  listFiles(flags.files);
} else {
  if (flags.write) written(pathToFileURL(PAGE), page());
  checkBudgets();
  checkImports();
  checkPage();
  console.log(`${tally.passed} passed, ${tally.failed} failed`);
  process.exitCode = tally.failed === 0 ? 0 : 1;
}

function named(kind: Row['kind'], file: string, ...names: readonly string[]): Row {
  return { kind, name: names.join(', '), code: exporting(file, ...names) };
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

/** Bundles as an application does, rxjs and Angular apart: it has those anyway. */
async function measured(row: Row): Promise<Size> {
  const { outputFiles, metafile } = await build({
    stdin: { contents: row.code, resolveDir: root, loader: 'ts' },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    external: ['rxjs', '@angular/*', 'node:*'],
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

function checkBudgets(): void {
  for (const { row, gzipped } of sizes) {
    const budget = TARGETS[row.name] ?? BUDGETS[row.kind];
    const holds = gzipped <= budget;
    const advice = holds ? '' : '; where they are worth it, raise the number in scripts/size.ts and say why';
    check(`${row.name}: ${gzipped} bytes gzipped, at most ${budget}${advice}`, holds);
  }
  const rows = new Set(sizes.map(({ row }) => row.name));
  const unused = Object.keys(TARGETS).filter((name) => !rows.has(name));
  check(`targets of rows that are not there: ${unused.join(', ') || 'none'}`, unused.length === 0);
}

function checkImports(): void {
  const alone = sizes.filter(({ row }) => row.kind === 'operator');
  const foreign = alone.flatMap(({ row, files }) =>
    [...files.keys()].filter((file) => NOT_IN_OPERATORS.test(file)).map((file) => `${row.name} → ${file}`),
  );
  const found = foreign.join(', ') || 'nothing';
  check(`operators pull in of zod: ${found}`, foreign.length === 0);
}

/** The same rows, and no figure so far off that a reader would notice: zlib too differs by some bytes. */
function checkPage(): void {
  const shown = figures(readFileSync(PAGE, 'utf8'));
  const isAsShown = ({ row, gzipped }: Size): boolean => {
    const figure = shown.get(row.name);
    return figure !== undefined && Math.abs(figure * 1000 - gzipped) <= Math.max(100, gzipped * 0.02);
  };
  const isStale = shown.size !== sizes.length || !sizes.every(isAsShown);
  check(`docs/sizes.md is ${isStale ? 'stale (npm run size -- --write)' : 'as measured'}`, !isStale);
}

function figures(text: string): ReadonlyMap<string, number> {
  const rows = Array.from(text.matchAll(/^\| (.+?) +\| +([\d.]+) \|$/gm));
  return new Map(rows.map(([, name = '', figure]) => [name.replaceAll('`', ''), Number(figure)]));
}

function page(): string {
  return `${INTRODUCTION}\n\n${table()}\n`;
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

function listFiles(name: string): void {
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
  if (!holds || !flags.write) console.log(`${holds ? 'passed' : 'FAILED'}: ${what}`);
}
