import { isDeepStrictEqual } from 'node:util';

/** As `expect(actual).toEqual(expected)`, which takes many times as long as all that is tested here. */
export function expectSame(actual: unknown, expected: unknown): void {
  if (!isDeepStrictEqual(actual, expected)) expect(actual).toEqual(expected);
}
