/**
 * The attempts to generate code from a string. A page under a Content Security Policy reports each of them, even
 * one whose failure is caught; so does the check that reads this.
 */
const attempts = [];
module.exports = attempts;

function refuse(code) {
  attempts.push(code);
  throw new EvalError('Code generation from strings is not allowed');
}

// oxlint-disable-next-line no-eval -- it is what the trap is for
globalThis.eval = refuse;
globalThis.Function = new Proxy(Function, {
  apply: (_function, _this, code) => refuse(code),
  construct: (_function, code) => refuse(code),
});
