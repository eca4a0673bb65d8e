import { readFileSync } from 'node:fs';
import { defineConfig } from 'tsdown';

interface Manifest {
  readonly exports: Readonly<Record<string, object | string>>;
}

const { exports } = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest;

/** Each subpath of the package is built from the file of that name in `src`; the package itself from `index.ts`. */
const subpaths = Object.keys(exports)
  .filter((subpath) => subpath !== './package.json')
  .map((subpath) => (subpath === '.' ? 'index' : subpath.slice('./'.length)));

export default defineConfig({
  entry: Object.fromEntries(subpaths.map((name) => [name, `src/${name}.ts`])),
  format: ['esm', 'cjs'],
  platform: 'neutral',
  target: 'es2022',
  dts: true,
  // A few files that entries share: Node finds and reads each file of an import by itself, which for a file for each
  // source file takes as long as rxjs does. A bundler drops what a page does not use all the same.
  unbundle: false,
  fixedExtension: false,
  copy: [{ from: 'node_modules/zod/LICENSE', to: 'dist', rename: 'zod.LICENSE' }],
  deps: {
    // The one entry for Node alone is `./testing/node`.
    neverBundle: [/^node:/],
    // The few functions of `zod/mini` that the schemas call: importing it reads all of zod, every language of its
    // messages too. See docs/decisions/0014-zod-is-built-in.md.
    alwaysBundle: [/^zod(?:\/|$)/],
    onlyBundle: ['zod'],
  },
});
