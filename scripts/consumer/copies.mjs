import './trap.cjs';
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { throwError } from 'rxjs';
import * as module from 'rxjs-llm-stream';

/** The package as an ES module and as CommonJS in one program: each recognises the other's errors. */
const commonjs = createRequire(import.meta.url)('rxjs-llm-stream');
assert.notEqual(module.StreamError, commonjs.StreamError);

const OPERATORS =
  `abortOpenBlocks accumulateBlocks accumulateJson accumulateMessage accumulateState accumulateToolCalls
  accumulateToolInput accumulateUsage checkProtocol dropPings latestPerFrame limitMessages shareSnapshot streamTimeout
  sumUsage textDeltas toArrayElements toBlocks toMessage toText toToolCalls untilTerminal`.split(/\s+/);

for (const [maker, judge] of [
  [module, commonjs],
  [commonjs, module],
]) {
  const error = new maker.StreamError('network', 'The connection was lost');
  assert.ok(judge.isStreamError(error));
  assert.ok(error instanceof judge.StreamError);
  assert.ok(!judge.isStreamError(new Error('The connection was lost')));
  assert.equal(judge.publicError(error).code, 'network');

  // Behind every operator it is what it was.
  for (const name of OPERATORS) {
    let seen;
    throwError(() => error)
      .pipe(judge[name]())
      .subscribe({ next: (value) => (seen ??= value?.error), error: (failure) => (seen = failure) });
    assert.equal(seen?.code, 'network', name);
    assert.equal(seen.message, error.message, name);
    assert.equal(seen.retryable, true, name);
  }

  // And it is tried again.
  for (const name of ['retryBeforeOutput', 'retryWithReset']) {
    let tries = 0;
    const onAttempt = () => void tries++;
    const failing = throwError(() => error).pipe(judge[name]({ count: 2, delay: 0, onAttempt }));
    await new Promise((resolve) => failing.subscribe({ error: resolve }));
    assert.equal(tries, 2, name);
  }
}
