/** The longest wait that counts, in ms: a timer cannot hold more. */
const MAX_WAIT = 2 ** 31 - 1;

/**
 * How long a server asks to wait: by `retry-after-ms`, or by `retry-after` in seconds or as a date.
 *
 * @param headers - of its answer
 * @param now - the current time in ms since the epoch
 * @returns the wait in ms, 0 for a date that is past; `undefined` where none is named, or one that no timer can hold
 */
export function retryAfter(headers: Pick<Headers, 'get'>, now: number): number | undefined {
  const value = headers.get('retry-after');
  const wait =
    amount(headers.get('retry-after-ms'), 1) ??
    amount(value, 1000) ??
    // A date has letters: `Date.parse` takes a bare `-1` for one.
    Math.max(0, Date.parse(value && /[a-z]/i.test(value) ? value : '') - now);
  return wait <= MAX_WAIT ? wait : undefined;
}

function amount(value: string | null, unit: number): number | undefined {
  return value !== null && /^\d+(\.\d+)?$/.test(value) ? Math.ceil(Number(value) * unit) : undefined;
}
