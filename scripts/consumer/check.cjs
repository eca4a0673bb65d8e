const assert = require('node:assert/strict');
const { readFileSync } = require('node:fs');
const process = require('node:process');
const attempts = require('./trap.cjs');

/** Reads an answer byte by byte with the installed package, as an ES module or as CommonJS. */
module.exports = async function check(rxjs, library, anthropicEntry) {
  // A promise that stays pending ends the process as if all were well.
  process.exitCode = 1;
  const { concat, from, lastValueFrom, NEVER } = rxjs;
  const { decode, events, sse, StreamError, toMessage, toText, untilTerminal } = library;
  const { anthropic, eventSchema } = anthropicEntry;

  const answer = readFileSync(require.resolve('./answer.sse'));
  const bytes = Array.from(answer, (_, at) => answer.subarray(at, at + 1));
  const read = (chunks) => chunks.pipe(sse(), decode(anthropic), untilTerminal());

  const message = await lastValueFrom(read(concat(from(bytes), NEVER)).pipe(toMessage()));
  assert.equal(message.content[0].text, 'Grüß dich');
  assert.equal(message.stop_reason, 'end_turn');
  assert.equal(message.usage.input_tokens, 3);
  assert.equal(message.usage.output_tokens, 4);

  await assert.rejects(lastValueFrom(read(from(bytes.slice(0, -40))).pipe(toText())), (error) => {
    assert.ok(error instanceof StreamError);
    assert.equal(error.code, 'truncated');
    return true;
  });
  assert.ok(eventSchema.safeParse(events.ping()).success);
  assert.deepEqual(attempts, []);
  process.exitCode = 0;
};
