// What has been read of `-0.0e+0`, a row each, and what follows on `0`, another digit, `.`, `e`, `-` and `+`.
const NEXT = [
  '23..1.', // nothing
  '23....', // a sign
  '..46..', // a zero, which only a point or an exponent may follow
  '3346..', // an integer
  '55....', // a point
  '55.6..', // a fraction
  '88..77', // an e
  '88....', // its sign
  '88....', // a power
];

/** After these a number may end. */
const LAST = '2358';

/** @returns the state of a number, 0 at its start, after one more character; -1 if that does not belong to it */
export function follow(state: number, code: number): number {
  const column = code > 0x30 && code <= 0x39 ? 1 : columnOf(code);
  const next = NEXT[state]?.charCodeAt(column) ?? 0;
  return next >= 0x30 ? next - 0x30 : -1;
}

/** Whether a number is whole in a state. */
export function isWhole(state: number): boolean {
  return LAST.includes(String(state));
}

function columnOf(code: number): number {
  switch (code) {
    case 0x30:
      return 0;
    case 0x2e:
      return 2;
    case 0x45:
    case 0x65:
      return 3;
    case 0x2d:
      return 4;
    case 0x2b:
      return 5;
    default:
      return 6;
  }
}
