/**
 * Requires the first argument of a call, which was forgotten or is not there yet.
 *
 * @param call - the name of what is called
 * @param what - what that takes
 * @throws TypeError where it is `undefined` or `null`
 */
export function requireGiven(call: string, what: string, given: unknown): void {
  if ((given ?? null) === null) throw new TypeError(`${call}() takes ${what}, not ${String(given)}`);
}
