/** Runs one test file of a user of the built package with every test runner: `npm run test:runners`. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import ts from 'typescript';

const root = resolve(import.meta.dirname, '..');
const { resolve: find } = createRequire(import.meta.url);
const tests = join(root, 'test/testing/runners');
const scratch = mkdtempSync(join(tmpdir(), 'rxjs-llm-stream-runners-'));
const tally = { passed: 0, failed: 0 };

/** What a runner must show of a test that fails: both rows, and where in the test they were drawn. */
const SHOWN = [
  'The marbles differ in frame 6, at .delta.text:',
  'expected  m---o-u-|',
  'actual    m---o-t-|',
  'failing.test.',
];

/** The component test with a component that forgets its calls, and where it must say so. */
const BROKEN = { from: '({{ call.status }})', to: '()' };
const SHOWN_OF_COMPONENT = ['I clean it up(approval)', 'I clean it up()', 'broken.test.'];

interface Runner {
  readonly name: string;
  readonly extension: 'mjs' | 'cjs';
  /** The arguments of `node` that run a file of the scratch folder. */
  readonly args: (file: string) => readonly string[];
}

const RUNNERS: readonly Runner[] = [
  {
    name: 'jest, ES modules',
    extension: 'mjs',
    args: (file) => ['--experimental-vm-modules', program('jest'), '--runTestsByPath', file],
  },
  { name: 'jest, CommonJS', extension: 'cjs', args: (file) => [program('jest'), '--runTestsByPath', file] },
  { name: 'vitest', extension: 'mjs', args: (file) => [program('vitest'), 'run', '--globals', file] },
  {
    name: 'node:test, ES modules',
    extension: 'mjs',
    args: (file) => ['--import', './globals.mjs', '--test', '--test-reporter=spec', file],
  },
  {
    name: 'node:test, CommonJS',
    extension: 'cjs',
    args: (file) => ['--import', './globals.mjs', '--test', '--test-reporter=spec', file],
  },
];

/** The runners that give a test a page. */
const HAVE_PAGES = ['jest, ES modules', 'vitest'];

try {
  pack();
  for (const runner of RUNNERS) {
    check(`${runner.name}: tests pass`, () => passes(runner));
    check(`${runner.name}: a failure shows both rows`, () => showsFailure(runner));
    if (!HAVE_PAGES.includes(runner.name)) continue;
    check(`${runner.name}: a component test passes`, () => passes(runner, 'component'));
    check(`${runner.name}: it fails where the component is broken`, () =>
      showsFailure(runner, 'broken', SHOWN_OF_COMPONENT),
    );
  }
} finally {
  rmSync(scratch, { recursive: true });
}
console.log(`${tally.passed} passed, ${tally.failed} failed`);
process.exitCode = tally.failed === 0 ? 0 : 1;

/** Builds the package and installs it in the scratch folder, beside what it needs and the tests. */
function pack(): void {
  run('npm', ['run', 'build'], root);
  run('npm', ['pack', '--ignore-scripts', '--pack-destination', scratch], root);
  const { name, version } = manifest(root);
  const home = join(scratch, 'node_modules', name);
  mkdirSync(home, { recursive: true });
  run('tar', ['-xzf', join(scratch, `${name}-${version}.tgz`), '-C', home, '--strip-components=1'], scratch);
  for (const needed of ['rxjs', '@angular', 'jest-environment-jsdom'])
    symlinkSync(join(root, 'node_modules', needed), join(scratch, 'node_modules', needed));
  const jest = {
    transform: {},
    testMatch: ['**/*.test.{mjs,cjs}'],
    moduleFileExtensions: ['mjs', 'cjs', 'js', 'json'],
  };
  writeFileSync(join(scratch, 'package.json'), JSON.stringify({ name: 'user', type: 'module', jest }));
  const globals = "import { describe, it } from 'node:test';\nObject.assign(globalThis, { describe, it });\n";
  writeFileSync(join(scratch, 'globals.mjs'), globals);
  for (const name of ['user', 'failing']) {
    const source = readFileSync(join(tests, `${name}.ts`), 'utf8');
    writeFileSync(join(scratch, `${name}.test.mjs`), compiled(source, ts.ModuleKind.ESNext));
    writeFileSync(join(scratch, `${name}.test.cjs`), compiled(source, ts.ModuleKind.CommonJS));
  }
  const source = readFileSync(join(tests, 'component.ts'), 'utf8');
  // What says that it needs a page has to stand first.
  const [head = ''] = source.split('*/', 1);
  const component = `${head}*/\n${compiled(source, ts.ModuleKind.ESNext)}`;
  writeFileSync(join(scratch, 'component.test.mjs'), component);
  writeFileSync(join(scratch, 'broken.test.mjs'), component.replace(BROKEN.from, BROKEN.to));
}

function compiled(source: string, module: ts.ModuleKind): string {
  const compilerOptions = {
    module,
    target: ts.ScriptTarget.ES2022,
    esModuleInterop: true,
    experimentalDecorators: true,
  };
  return ts.transpileModule(source, { compilerOptions }).outputText;
}

function passes({ args, extension }: Runner, name = 'user'): void {
  const { status, output } = attempt(args(`${name}.test.${extension}`));
  if (status !== 0) throw new Error(output);
}

function showsFailure({ args, extension }: Runner, name = 'failing', shown = SHOWN): void {
  const { status, output } = attempt(args(`${name}.test.${extension}`));
  if (status === 0) throw new Error(`It passed:\n${output}`);
  const missing = shown.filter((line) => !output.includes(line));
  if (missing.length > 0) throw new Error(`Not shown: ${missing.join('; ')}\n${output}`);
}

function attempt(args: readonly string[]): { readonly status: number | null; readonly output: string } {
  const env = { ...process.env, CI: 'true', FORCE_COLOR: '0', NO_COLOR: '1', NODE_TEST_CONTEXT: undefined };
  const { status, stdout, stderr, error } = spawnSync(process.execPath, args, {
    cwd: scratch,
    encoding: 'utf8',
    env,
    timeout: 120_000,
  });
  if (error) throw error;
  return { status, output: `${stdout}${stderr}` };
}

/** The file that starts a program which is installed here. */
function program(name: string): string {
  const home = dirname(find(`${name}/package.json`));
  const { bin } = manifest(home);
  return join(home, typeof bin === 'string' ? bin : (bin?.[name] ?? ''));
}

function check(what: string, attempt: () => void): void {
  try {
    attempt();
    tally.passed += 1;
    console.log(`passed: ${what}`);
  } catch (error) {
    tally.failed += 1;
    console.log(`FAILED: ${what}\n${error instanceof Error ? error.message : String(error)}`);
  }
}

function run(command: string, args: readonly string[], cwd: string): void {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}\n${stdout}${stderr}`);
}

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly bin?: string | Readonly<Record<string, string>>;
}

function manifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
}
