import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { build } from 'esbuild';
import ts from 'typescript';

const root = resolve(import.meta.dirname, '../..');
const ENTRIES = ['index', 'testing', 'text'];

/**
 * Runs tests that were printed, as a user of the package would who pasted them: with jest, in a folder of its own.
 *
 * @throws Error with what jest says, where a test fails
 */
export async function runPasted(files: ReadonlyMap<string, string>): Promise<void> {
  const cache = join(root, 'node_modules/.cache');
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'pasted-'));
  try {
    await install(folder);
    for (const [name, text] of files) {
      const { outputText } = ts.transpileModule(text, {
        compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
      });
      writeFileSync(join(folder, `${name}.test.cjs`), outputText);
    }
    const jest = createRequire(import.meta.url).resolve('jest/package.json');
    const { status, stderr, stdout } = spawnSync(
      process.execPath,
      [join(dirname(jest), 'bin/jest.js'), '--rootDir', folder, '--runInBand', '--ci'],
      {
        cwd: folder,
        encoding: 'utf8',
        timeout: 120_000,
        env: { ...process.env, FORCE_COLOR: '0', NODE_TEST_CONTEXT: undefined },
      },
    );
    const said = `${stdout}${stderr}`;
    const [, passed] = /Tests:\s+(\d+) passed, \1 total/.exec(said) ?? [];
    if (status !== 0 || Number(passed) !== files.size) throw new Error(said.slice(0, 4_000));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The package, made of its sources, where jest looks for it. */
async function install(folder: string): Promise<void> {
  const home = join(folder, 'node_modules/rxjs-llm-stream');
  await build({
    entryPoints: ENTRIES.map((name) => join(root, `src/${name}.ts`)),
    bundle: true,
    splitting: false,
    format: 'cjs',
    platform: 'node',
    outdir: home,
    external: ['rxjs', 'rxjs/testing'],
    logLevel: 'error',
  });
  const exports = Object.fromEntries(
    ENTRIES.map((name) => [name === 'index' ? '.' : `./${name}`, `./${name}.js`]),
  );
  writeFileSync(join(home, 'package.json'), JSON.stringify({ name: 'rxjs-llm-stream', exports }));
  const jest = {
    transform: {},
    testMatch: ['**/*.test.cjs'],
    moduleFileExtensions: ['cjs', 'js', 'json'],
    haste: { retainAllFiles: true },
    testPathIgnorePatterns: [],
  };
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'user', jest }));
}
