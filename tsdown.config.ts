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
  // A file for each source file: a bundler drops what is not used, and a stack trace names what failed.
  unbundle: true,
  fixedExtension: false,
  // The one entry for Node alone is `./testing/node`.
  deps: { neverBundle: [/^node:/] },
});
