import * as rxjs from 'rxjs';
import ts from 'typescript';
import * as library from '../../src/index.js';
import * as testing from '../../src/testing.js';
import * as text from '../../src/text.js';

const MODULES: Readonly<Record<string, object>> = {
  rxjs,
  'rxjs-llm-stream': library,
  'rxjs-llm-stream/testing': testing,
  'rxjs-llm-stream/text': text,
};

/**
 * Runs a file of tests as somebody would who pasted it.
 *
 * @returns how many tests passed
 * @throws what a test throws
 */
export function passes(file: string): number {
  const compilerOptions = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 };
  const { outputText } = ts.transpileModule(file, { compilerOptions });
  let count = 0;
  const it = (_: string, test: () => void): void => {
    test();
    count += 1;
  };
  const require = (name: string): object => {
    const module = MODULES[name];
    if (!module) throw new Error(`${name} is not there`);
    return module;
  };
  // oxlint-disable-next-line typescript/no-implied-eval -- it is the code that a test prints
  const run = new Function('require', 'exports', 'it', outputText) as (...scope: unknown[]) => void;
  run(require, {}, it);
  return count;
}
