import { defer, from, mergeMap, of, type Observable, type ObservableInput } from 'rxjs';

/**
 * The values of what a caller's function returns: of a Promise, an Observable, an iterable or a stream what it gives, and
 * of a Promise of one of these what that gives. Everything else is a value itself, a text, an array and an object with a
 * `length` too.
 *
 * @param call - calls the function; what it throws is an error of the Observable
 */
export function valuesOf(call: () => unknown): Observable<unknown> {
  return defer(() => {
    const given = call();
    if (!isInput(given)) return of(given);
    return 'then' in given ? from(given).pipe(mergeMap((value) => valuesOf(() => value))) : from(given);
  });
}

function isInput(given: unknown): given is ObservableInput<unknown> & object {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return false;
  return INPUTS.some((member) => typeof Reflect.get(given, member) === 'function');
}

/** What an Observable, an async iterable, a Promise, a stream and an iterable have, and no JSON object. */
const INPUTS = ['subscribe', Symbol.asyncIterator, 'then', 'getReader', Symbol.iterator] as const;
