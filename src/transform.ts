import { Observable, Subscriber, type OperatorFunction } from 'rxjs';

/**
 * Lets each value become any number of others, at once and in order: `concatMap` for what needs no time. It takes no
 * subscription for each value, which is what `concatMap` spends most of its time on.
 *
 * A value that comes while the outputs of another are being delivered waits for its turn. What a step emitted before it
 * threw is delivered before the error.
 *
 * @param step - called with each value and a function that emits; shared by all subscriptions, so state belongs into a
 *   `defer` around it
 * @returns an operator that passes errors and completion on, and what `step` throws as an error
 */
export function transform<In, Out>(
  step: (value: In, emit: (output: Out) => void) => void,
): OperatorFunction<In, Out> {
  return (source) =>
    new Observable((subscriber) => {
      const waiting: In[] = [];
      let busy = false;
      let end = (): void => undefined;

      const emit = (output: Out): void => {
        if (!subscriber.closed) subscriber.next(output);
      };
      const run = (value: In): void => {
        try {
          step(value, emit);
        } catch (error) {
          subscriber.error(error);
        }
      };
      const finish = (last: () => void): void => {
        if (busy) end = last;
        else last();
      };
      const values = new Subscriber<In>({
        next(value: In) {
          if (busy) {
            waiting.push(value);
            return;
          }
          busy = true;
          run(value);
          while (waiting.length > 0 && !subscriber.closed) run(waiting.shift() as In);
          busy = false;
          end();
        },
        error: (error: unknown) => finish(() => subscriber.error(error)),
        complete: () => finish(() => subscriber.complete()),
      });
      // Before the source is subscribed to, so that one that speaks at once sees the end of its subscriber.
      subscriber.add(values);
      source.subscribe(values);
    });
}
