import './trap.cjs';
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';

/** Every entry that the package names is there, and exports the same as an ES module and as CommonJS. */
const load = createRequire(import.meta.url);
const { name, exports } = load('rxjs-llm-stream/package.json');
const entries = Object.keys(exports).filter((entry) => !entry.endsWith('.json'));
assert.ok(entries.length > 1);

for (const entry of entries) {
  const specifier = name + entry.slice(1);
  const names = Object.keys(await import(specifier));
  assert.ok(names.length > 0, `${specifier} exports nothing`);
  assert.deepEqual(Object.keys(load(specifier)).sort(), names.sort(), specifier);
}
