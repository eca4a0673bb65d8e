// What has been read of `-0.0e+0`, a word each, and what follows on `0`, another digit, `.`, `e`, `-` and `+`: nothing,
// a sign, a zero (which only a point or an exponent may follow), an integer, a point, a fraction, an e, its sign, a power.
const NEXT = '23..1. 23.... ..46.. 3346.. 55.... 55.6.. 88..77 88.... 88.... ';

/** After these a number may end. */
const LAST = '2358';

/** @returns the state of a number, 0 at its start, after one more character; below 0 if that does not belong to it */
export function follow(state: number, code: number): number {
  return NEXT.charCodeAt(7 * state + columnOf(code)) - 0x30;
}

/** Whether a number is whole in a state. */
export function isWhole(state: number): boolean {
  return LAST.includes(String(state));
}

function columnOf(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code === 0x30 ? 0 : 1;
  const column = '.e-+'.indexOf(String.fromCharCode(code === 0x45 ? 0x65 : code));
  return column < 0 ? 6 : column + 2;
}
