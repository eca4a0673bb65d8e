import './trap.cjs';
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import * as module from 'rxjs-llm-stream';

/** The package as an ES module and as CommonJS in one program: each recognises the other's errors. */
const commonjs = createRequire(import.meta.url)('rxjs-llm-stream');
assert.notEqual(module.StreamError, commonjs.StreamError);

for (const [maker, judge] of [
  [module, commonjs],
  [commonjs, module],
]) {
  const error = new maker.StreamError('network', 'The connection was lost');
  assert.ok(judge.isStreamError(error));
  assert.ok(error instanceof judge.StreamError);
  assert.ok(!judge.isStreamError(new Error('The connection was lost')));
}
