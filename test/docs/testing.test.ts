import { readFileSync } from 'node:fs';
import { compileFunction } from 'node:vm';
import * as rxjs from 'rxjs';
import * as rxjsTesting from 'rxjs/testing';
import ts from 'typescript';
import * as anthropic from '../../src/anthropic.js';
import * as library from '../../src/index.js';
import * as testing from '../../src/testing.js';
import * as testingNode from '../../src/testing/node.js';

const page = readFileSync(new URL('../../docs/testing.md', import.meta.url), 'utf8');

/** A block of code of the page, and what it says it fails with, where it does. */
interface Example {
  readonly code: string;
  readonly failure: string | undefined;
}

interface Test {
  readonly name: string;
  readonly run: () => unknown;
  readonly failure: string | undefined;
}

const examples: readonly Example[] = Array.from(
  page.matchAll(/^```ts\n([^]*?)^```\n(?:(?:(?!^```)[^])*^```text\n([^]*?)\n```)?/gm),
  ([, code = '', failure]) => ({ code, failure }),
);

const modules: Record<string, object> = {
  rxjs,
  'rxjs/testing': rxjsTesting,
  'rxjs-llm-stream': library,
  'rxjs-llm-stream/anthropic': anthropic,
  'rxjs-llm-stream/testing': testing,
  'rxjs-llm-stream/testing/node': testingNode,
};

/** Runs a block as the module it is, and gathers its tests. One that begins with the name of a file can be imported. */
function testsOf({ code, failure }: Example): Test[] {
  const tests: Test[] = [];
  const exports = {};
  const require = (name: string): object => {
    const module = modules[name];
    if (module === undefined) throw new Error(`The page imports ${name}, which is unknown here`);
    return module;
  };
  const it = (name: string, run: () => unknown): void => {
    tests.push({ name, run, failure });
  };
  const compilerOptions = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 };
  const { outputText } = ts.transpileModule(code, { compilerOptions });
  const module = compileFunction(outputText, ['require', 'exports', 'it', 'expect']) as (
    ...given: unknown[]
  ) => void;
  module(require, exports, it, expect);
  const [, file] = /^\/\/ (\w+)\.ts\n/.exec(code) ?? [];
  if (file !== undefined) modules[`./${file}.js`] = exports;
  return tests;
}

const tests = examples.flatMap(testsOf);

describe('the page on testing', () => {
  it('has examples that fail and examples that do not, and a drawing for each message', () => {
    expect(tests.filter(({ failure }) => failure === undefined).length).toBeGreaterThan(5);
    expect(tests.filter(({ failure }) => failure !== undefined)).toHaveLength(
      page.split('```text\n').length - 1,
    );
  });

  it.each(tests.filter(({ failure }) => failure === undefined))(
    'shows a test that passes: $name',
    async ({ run }) => {
      await run();
    },
  );

  it.each(tests.filter(({ failure }) => failure !== undefined))(
    'shows what is said by a test that fails: $name',
    ({ run, failure }) => {
      expect(messageOf(run)).toBe(failure);
    },
  );

  it('shows the letters of the alphabet, each of them', () => {
    const cells = Array.from(page.matchAll(/^\| ((?:`[a-z]` *)+)\|/gm), ([, cell = '']) => cell);
    const letters = cells.flatMap((cell) => cell.match(/[a-z]/g) ?? []);
    expect([...new Set(letters)].sort()).toEqual(Object.keys(testing.alphabet).sort());
  });
});

function messageOf(run: () => void): string {
  try {
    run();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('It passed');
}
