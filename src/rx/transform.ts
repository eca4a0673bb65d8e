import { Observable, Subscriber, type OperatorFunction } from 'rxjs';
import { streamErrorOf } from '../errors/streamError.js';

/** What becomes of the end of a source. It is called once the source has ended. */
export interface Ending<Out> {
  /** What comes before completion, or instead of it: what this throws is an error like any other. */
  readonly complete?: (emit: (output: Out) => void) => void;
  /** What comes before an error, of the source, a step or `complete`; what this throws takes the error's place. */
  readonly error?: (error: unknown, emit: (output: Out) => void) => void;
}

/**
 * Lets each value become any number of others, at once and in order: `concatMap` for what needs no time. It takes no
 * subscription for each value, which is what `concatMap` spends most of its time on.
 *
 * A value that comes while the outputs of another are being delivered waits for its turn. What a step emitted before it
 * threw is delivered before the error.
 *
 * @param step - called with each value and a function that emits; shared by all subscriptions, so keep state in a
 *   `defer` around it
 * @param ending - what becomes of completion and of errors; both pass by default
 * @returns an operator that passes errors and completion on, and what `step` throws as a StreamError: `source`
 *   where it is another error, its `cause`
 */
export function transform<In, Out>(
  step: (value: In, emit: (output: Out) => void) => void,
  ending: Ending<Out> = {},
): OperatorFunction<In, Out> {
  return (source) =>
    new Observable((subscriber) => {
      const waiting: In[] = [];
      let busy = false;
      let end: (() => void) | undefined;

      const emit = (output: Out): void => {
        if (!subscriber.closed) subscriber.next(output);
      };
      const fail = (error: unknown): void => {
        values.unsubscribe();
        try {
          ending.error?.(error, emit);
          subscriber.error(error);
        } catch (another) {
          subscriber.error(another);
        }
      };
      const complete = (): void => {
        values.unsubscribe();
        try {
          ending.complete?.(emit);
          subscriber.complete();
        } catch (error) {
          fail(error);
        }
      };
      const finish = (last: () => void): void => {
        end = last;
        if (!busy) end();
      };
      const values = new Subscriber<In>({
        next(value: In) {
          if (busy) {
            waiting.push(value);
            return;
          }
          busy = true;
          try {
            step(value, emit);
            while (waiting.length > 0 && !subscriber.closed) step(waiting.shift() as In, emit);
          } catch (error) {
            // A step that trips over a value which is not what its type says is a StreamError too.
            fail(streamErrorOf(error));
          }
          busy = false;
          end?.();
        },
        error: (error: unknown) => finish(() => fail(error)),
        complete: () => finish(complete),
      });
      // Before the source is subscribed to, so that one that speaks at once sees the end of its subscriber.
      subscriber.add(values);
      source.subscribe(values);
    });
}
