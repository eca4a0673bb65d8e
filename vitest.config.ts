import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';

/** What must have a process of its own: it watches what its imports do as they are loaded, or loads what changes all globals. */
const ALONE = ['test/codecs/codeGeneration.test.ts', 'test/angular/zone.test.ts'];

/** What needs a page. */
const ON_A_PAGE = ['test/angular/**/*.test.ts'];

/** As strict as a page under a Content Security Policy without `unsafe-eval`, and without `__proto__`. */
const HARDENED = {
  execArgv: ['--disallow-code-generation-from-strings', '--disable-proto=throw'],
  setupFiles: ['scripts/hardened.ts'],
};

/** Without the short way past `JSON.parse`: every frame is parsed. */
const LONG = {
  alias: [{ find: /^.*\/wire\/shortWay\.js$/, replacement: resolve('test/noShortWay.ts') }],
  env: { SHORT_WAY: 'off' },
};

/**
 * Another version of Angular than the one that is installed here: `--mode angular20` takes what
 * `examples/angular/angular20` has.
 */
function otherAngular(mode: string) {
  const packages = resolve('examples/angular', mode, 'node_modules/@angular');
  if (!existsSync(packages))
    throw new Error(`Nothing is installed in ${packages}: npm run test:angular does it`);
  return {
    name: mode,
    enforce: 'pre' as const,
    resolveId(id: string): string | undefined {
      const [, name = '', path = ''] = /^@angular\/([\w-]+)(\/.*)?$/.exec(id) ?? [];
      if (name === '') return undefined;
      const manifest = readFileSync(resolve(packages, name, 'package.json'), 'utf8');
      const { exports } = JSON.parse(manifest) as { exports: Record<string, { default: string }> };
      return resolve(packages, name, exports[`.${path}`]?.default ?? '');
    },
  };
}

export default defineConfig(({ mode }) => {
  const isOther = mode.startsWith('angular');
  const plugins = isOther ? [otherAngular(mode)] : [];
  const shared = {
    globals: true,
    pool: 'forks' as const,
    // Bounded, but no test fails because the machine is busy.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    ...(mode === 'hardened' ? HARDENED : {}),
    ...(mode === 'long' ? LONG : {}),
    // What is not inlined is resolved by Node.
    ...(isOther ? { server: { deps: { inline: [/@angular/, /@ngrx/] } } } : {}),
  };
  return {
    test: {
      // One worker less than there are cores would leave half of a small machine idle.
      maxWorkers: '100%',
      projects: [
        {
          test: {
            ...shared,
            name: 'together',
            include: ['test/**/*.test.ts', 'marbles/**/*.test.ts'],
            exclude: [...ALONE, ...ON_A_PAGE],
            // To load rxjs and the sources anew for each file would take as long as the tests themselves.
            isolate: false,
          },
        },
        { plugins, test: { ...shared, name: 'alone', include: ALONE } },
        {
          plugins,
          test: {
            ...shared,
            name: 'on a page',
            include: ON_A_PAGE,
            // The page on Angular is compiled against what is installed here.
            exclude: [...ALONE, ...(isOther ? ['test/angular/page.test.ts'] : [])],
            environment: 'jsdom',
            // Angular loads once, with one platform.
            isolate: false,
          },
        },
      ],
    },
  };
});
