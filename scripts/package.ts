/** Builds the package, packs it, installs it elsewhere as its users do, and tries it there: `npm run package`. */
import { execFileSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { agentFiles } from './agentFiles.js';
import { ENTRIES, specifierOf } from './entries.js';

const root = resolve(import.meta.dirname, '..');
/** What the types are checked with: this library is written with the older, and checked with the newer. */
const COMPILERS = { older: 'typescript', newer: '@typescript/native' } as const;
const HARDENED = ['--disallow-code-generation-from-strings', '--disable-proto=throw'];

/** Gzipped bytes that an operator of the installed package may add to a page. */
const PAGE_LIMITS = { dropPings: 200, toText: 4_500 } as const;

/** Its types say what a line of Claude Code is. It is fetched by itself: its programs for each platform are not needed. */
const AGENT_SDK = '@anthropic-ai/claude-agent-sdk';
const AGENT_SDK_VERSION = '0.3.332';

/** How many times the time to import rxjs it may take to import this package, and with it rxjs. */
const IMPORT_LIMIT = 1.6;

type Compiler = keyof typeof COMPILERS;

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly peerDependencies: Readonly<Record<string, string>>;
}

const { name, version, peerDependencies } = manifest(root);
const ranges = Object.entries(peerDependencies);

/** What the package needs, at the lower end of each range; and as new as it is here. */
const OLDEST = withCompiler(ranges.map(([dependency, range]) => `${dependency}@${lowest(range)}`));
const NEWEST = withCompiler(ranges.map(([dependency]) => `${dependency}@${installed(dependency)}`));

const tally = { passed: 0, failed: 0 };
const scratch = mkdtempSync(join(tmpdir(), 'rxjs-llm-stream-'));
try {
  await checkPackage();
} finally {
  rmSync(scratch, { recursive: true });
}
console.log(`${tally.passed} passed, ${tally.failed} failed`);
process.exitCode = tally.failed === 0 ? 0 : 1;

/** Angular tests with its compiler, which every project of it has. */
function withCompiler(packages: readonly string[]): string[] {
  return packages.flatMap((wanted) =>
    wanted.startsWith('@angular/core@') ? [wanted, wanted.replace('core', 'compiler')] : [wanted],
  );
}

async function checkPackage(): Promise<void> {
  check('build', () => run('npm', ['run', 'build']));
  check('pack', () => run('npm', ['pack', '--ignore-scripts', '--pack-destination', scratch]));
  const tarball = join(scratch, `${name}-${version}.tgz`);
  check('contents', () => checkContents(tarball));
  check('publint', () => run('npx', ['publint', tarball, '--strict']));
  check('types of every resolution', () => run('npx', ['attw', tarball, '--profile', 'node16']));
  await checkInstalled(tarball, 'oldest', OLDEST, 'older');
  await checkInstalled(tarball, 'newest', NEWEST, 'newer');
}

function checkContents(tarball: string): void {
  const files = run('tar', ['-tzf', tarball]).trim().split('\n');
  const expected = [...['LICENSE', 'README.md', 'CHANGELOG.md', 'package.json'], ...agentFiles().keys()].map(
    (file) => `package/${file}`,
  );
  const missing = expected.filter((file) => !files.includes(file));
  const strange = files.filter(
    (file) =>
      !expected.includes(file) &&
      !/^package\/dist\/(?:.*\.(?:c?js|d\.c?ts)|zod\.LICENSE)$/.test(file) &&
      !/^package\/docs\/[^/]+\.(?:md|svg)$/.test(file),
  );
  if (missing.length + strange.length > 0) {
    throw new Error(`missing: ${missing.join(', ')}; not expected: ${strange.join(', ')}`);
  }
}

/** Installs the package beside the given versions of what it needs, and uses it in every way it can be used. */
async function checkInstalled(
  tarball: string,
  label: string,
  needs: readonly string[],
  compiler: Compiler,
): Promise<void> {
  const folder = join(scratch, label);
  cpSync(join(root, 'scripts/consumer'), folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'consumer', type: 'module' }));
  const title = (what: string): string => `${label} (${needs.join(', ')}): ${what}`;

  const install = ['install', '--ignore-scripts', '--no-audit', '--no-fund', tarball, ...needs];
  if (!check(title('install'), () => run('npm', install, folder))) return;
  for (const flags of [[], HARDENED]) {
    for (const program of ['esm.mjs', 'commonjs.cjs', 'entries.mjs', 'copies.mjs']) {
      check(title([program, ...flags].join(' ')), () => run('node', [...flags, program], folder));
    }
  }
  cpSync(join(folder, 'typed.ts'), join(folder, 'typed.cts'));
  writeFileSync(join(folder, 'entries.ts'), everyEntry());
  writeFileSync(join(folder, 'entries.cts'), everyEntry());
  // Angular itself has no types for it.
  writeFileSync(join(folder, 'node10.ts'), everyEntry(ENTRIES.filter((entry) => !/^angular\b/.test(entry))));
  const typed = ['typed.ts', 'entries.ts'];
  check(title('types, NodeNext'), () =>
    typeCheck(folder, compiler, 'NodeNext', 'NodeNext', ...typed, 'typed.cts', 'entries.cts'),
  );
  check(title('types, bundler'), () => typeCheck(folder, compiler, 'ESNext', 'bundler', ...typed));
  // The newer compiler no longer knows it.
  check(title('types, node10'), () =>
    typeCheck(folder, 'older', 'CommonJS', 'node10', 'typed.ts', 'node10.ts', '--ignoreDeprecations', '6.0'),
  );
  await checkPage(folder, title);
  check(title('time to import'), () => checkImportTime(folder));
  lend(folder, '@anthropic-ai/sdk');
  check(title('types, with the official SDK'), () =>
    typeCheck(folder, compiler, 'NodeNext', 'NodeNext', 'sdk.ts', '--skipLibCheck'),
  );
  check(title("types, with the agent SDK's"), () => {
    fetchInto(folder, AGENT_SDK, AGENT_SDK_VERSION);
    run('node', ['agentLines.mjs'], folder);
    typeCheck(folder, compiler, 'NodeNext', 'NodeNext', 'agent.ts', '--skipLibCheck');
  });
}

/** Source text that imports these entries and exports what they have. */
function everyEntry(entries = ENTRIES): string {
  return entries.map((entry, at) => `export * as entry${at} from '${specifierOf(entry)}';\n`).join('');
}

/** What a page that uses one operator takes of the installed package: that operator, and nothing that stands beside it. */
async function checkPage(folder: string, title: (what: string) => string): Promise<void> {
  for (const [operator, limit] of Object.entries(PAGE_LIMITS)) {
    const { outputFiles } = await build({
      stdin: { contents: `export { ${operator} } from '${name}';`, resolveDir: folder },
      bundle: true,
      minify: true,
      format: 'esm',
      target: 'es2022',
      external: ['rxjs'],
      write: false,
      logLevel: 'silent',
    });
    // Without the names that it imports of rxjs: a page has rxjs in it, and loses those that nothing uses.
    const code = outputFiles[0]?.text.replaceAll(/import\{[^}]*\}from"rxjs";/g, '') ?? '';
    const size = gzipSync(code, { level: 9 }).length;
    check(title(`${operator} on a page, ${size} bytes gzipped`), () => {
      if (size > limit) throw new Error(`${size} bytes gzipped, at most ${limit}`);
    });
  }
}

/** Compares fresh processes in turn: what they take of the processor to import rxjs, and this package with a codec. */
function checkImportTime(folder: string): void {
  const timeOf = (...modules: readonly string[]): number => {
    const code = `const before = process.cpuUsage();
      for (const name of ${JSON.stringify(modules)}) await import(name);
      const { user, system } = process.cpuUsage(before);
      console.log(user + system);`;
    return Number(run('node', ['--input-type=module', '-e', code], folder));
  };
  const pairs = Array.from(
    { length: 11 },
    () => [timeOf('rxjs'), timeOf(name, `${name}/anthropic`)] as const,
  );
  const [rxjs, ours] = [median(pairs.map(([first]) => first)), median(pairs.map(([, second]) => second))];
  const ratio = ours / rxjs;
  if (ratio > IMPORT_LIMIT) throw new Error(`${ratio.toFixed(2)} × importing rxjs, at most ${IMPORT_LIMIT}`);
  console.log(`importing ${name} and a codec takes ${ratio.toFixed(2)} × importing rxjs`);
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? NaN;
}

function typeCheck(
  folder: string,
  version: Compiler,
  module: string,
  resolution: string,
  ...more: readonly string[]
): void {
  const strict = ['--ignoreConfig', '--noEmit', '--strict', '--exactOptionalPropertyTypes'];
  const platform = ['--target', 'ES2022', '--lib', 'ES2022,DOM,DOM.Iterable'];
  const modules = ['--module', module, '--moduleResolution', resolution];
  const compiler = join(root, 'node_modules', COMPILERS[version], 'bin/tsc');
  run('node', [compiler, ...strict, ...platform, ...modules, ...more], folder);
}

/** Lets the consumer see a package that is installed here. */
function lend(folder: string, dependency: string): void {
  const place = join(folder, 'node_modules', dependency);
  mkdirSync(resolve(place, '..'), { recursive: true });
  symlinkSync(join(root, 'node_modules', dependency), place);
}

/** Unpacks a package where the consumer sees it, without what it depends on. */
function fetchInto(folder: string, dependency: string, version: string): void {
  const place = join(folder, 'node_modules', dependency);
  mkdirSync(place, { recursive: true });
  run('npm', ['pack', `${dependency}@${version}`, '--pack-destination', place], folder);
  const [tarball = ''] = readdirSync(place);
  run('tar', ['-xzf', tarball, '--strip-components', '1'], place);
}

function check(what: string, attempt: () => unknown): boolean {
  const start = performance.now();
  let failure: unknown;
  try {
    attempt();
  } catch (error) {
    failure = error;
  }
  const passed = failure === undefined;
  tally[passed ? 'passed' : 'failed'] += 1;
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(`${passed ? 'passed' : 'FAILED'}: ${what}, ${seconds} s`);
  if (!passed) console.log(failure instanceof Error ? failure.message : failure);
  return passed;
}

/** Runs a program and returns what it wrote; where it fails, all that it wrote is in the error. */
function run(program: string, args: readonly string[], cwd = root): string {
  try {
    return execFileSync(program, args, { cwd, encoding: 'utf8', stdio: 'pipe' });
  } catch (error) {
    const { message, stdout = '' } = error as Error & { readonly stdout?: string };
    throw new Error(`${message}\n${stdout}`, { cause: error });
  }
}

/** The version at the lower end of a range that starts with it. */
function lowest(range: string): string {
  const [found] = /\d+\.\d+\.\d+/.exec(range) ?? [];
  if (found === undefined) throw new Error(`The range ${range} names no version`);
  return found;
}

function installed(dependency: string): string {
  return manifest(join(root, 'node_modules', dependency)).version;
}

function manifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
}
