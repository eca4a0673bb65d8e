import vm from 'node:vm';
import { TestEnvironment } from 'jest-environment-node';

/**
 * The environment of jest, as strict as a page under a Content Security Policy without `unsafe-eval`. Node's flag
 * `--disallow-code-generation-from-strings` says nothing about the contexts that jest makes for its tests, so they
 * are made strict here.
 */
export default class HardenedEnvironment extends TestEnvironment {
  constructor(...args: ConstructorParameters<typeof TestEnvironment>) {
    const { createContext } = vm;
    vm.createContext = (object, options) =>
      createContext(object, { ...options, codeGeneration: { strings: false, wasm: true } });
    try {
      super(...args);
    } finally {
      vm.createContext = createContext;
    }
  }

  /** Refuses to run tests that would prove nothing. */
  override async setup(): Promise<void> {
    await super.setup();
    const context = this.getVmContext();
    for (const forbidden of ['Function("")', 'eval("")', '({}).__proto__']) {
      if (context === null || !throws(() => vm.runInContext(forbidden, context))) {
        throw new Error(`The tests are not hardened: they can run ${forbidden}`);
      }
    }
  }
}

function throws(run: () => unknown): boolean {
  try {
    run();
    return false;
  } catch {
    return true;
  }
}
