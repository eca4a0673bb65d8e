import { defer, from, Subject, take, type OperatorFunction } from 'rxjs';

const SYNCHRONOUS_EVENTS = 100_000;

/**
 * Subscribes an operator to a synchronous source of 100,000 events.
 *
 * @param operator - what stands behind the source
 * @param events - the events of the source, over and over
 * @param values - how many values the subscriber takes
 * @returns how many events were drawn from the source for them
 */
export function eventsDrawn<T>(
  operator: OperatorFunction<T, unknown>,
  events: readonly NoInfer<T>[],
  values: number,
): number {
  let drawn = 0;
  function* cycle(): Generator<T> {
    while (drawn < SYNCHRONOUS_EVENTS) {
      const event = events[drawn++ % events.length];
      if (event !== undefined) yield event;
    }
  }
  defer(() => from(cycle()))
    .pipe(operator, take(values))
    .subscribe();
  return drawn;
}

/**
 * Subscribes an operator to a source that goes on while the subscriber is still busy with a value: as soon as the
 * first value comes out, and before it is done with, the later events come in.
 *
 * @returns the values in the order in which the subscriber saw them
 */
export function valuesUnderReentrancy<T, R>(
  operator: OperatorFunction<T, R>,
  events: readonly NoInfer<T>[],
  later: readonly NoInfer<T>[],
): R[] {
  const source = new Subject<T>();
  const values: R[] = [];
  source.pipe(operator).subscribe((value) => {
    values.push(value);
    if (values.length === 1) for (const event of later) source.next(event);
  });
  for (const event of events) source.next(event);
  return values;
}
