import {
  catchError,
  concat,
  defer,
  map,
  mergeMap,
  of,
  switchMap,
  takeUntil,
  tap,
  timer,
  using,
  type MonoTypeOperatorFunction,
  type Observable,
  type OperatorFunction,
  type SchedulerLike,
  type Unsubscribable,
} from 'rxjs';
import { isToolError, ToolError } from '../errors/toolError.js';
import type { ToolResultEvent } from '../events/event.js';
import { toolResult } from '../events/make.js';
import { LONGEST_TIMER } from '../fold/pace/retryWait.js';
import type { RunnableCall, ToolContext, ToolHandler } from './handlers.js';
import { valuesOf } from './values.js';

/** What a tool said, and whether that is its result. */
interface Said {
  readonly value: unknown;
  readonly isLast: boolean;
}

/**
 * Runs one call.
 *
 * @param ms - how long it may run; not timed for 0 or less
 * @param onError - learns what it failed with
 * @returns its progress, then its result; never an error
 */
export function runCall(
  call: RunnableCall,
  run: ToolHandler,
  ms: number,
  scheduler: SchedulerLike,
  onError: (error: unknown) => void,
): Observable<ToolResultEvent> {
  return underSignal((signalled) => valuesOf(() => run(call.input, signalled)), call).pipe(
    withProgress(scheduler),
    ms > 0 ? limited(call, ms, scheduler) : (said) => said,
    map(({ value, isLast }) => {
      const result = toolResult(call.id, jsonOf(value, call));
      return isLast ? result : { ...result, preliminary: true };
    }),
    catchError((error: unknown) => {
      onError(error);
      return of(toolResult(call.id, wordsOf(error, call), true));
    }),
  );
}

/** Gives a handler a signal, which is aborted when it is unsubscribed from before it has ended. */
function underSignal(
  values: (context: ToolContext<RunnableCall>) => Observable<unknown>,
  call: RunnableCall,
): Observable<unknown> {
  const begin = (): Unsubscribable & { readonly values: Observable<unknown> } => {
    let controller: AbortController | undefined;
    let [isOver, isGone] = [false, false];
    const context: ToolContext<RunnableCall> = {
      call,
      get signal() {
        controller ??= new AbortController();
        if (isGone) controller.abort();
        return controller.signal;
      },
    };
    const end = (): void => void (isOver = true);
    return {
      values: values(context).pipe(tap({ error: end, complete: end })),
      unsubscribe() {
        isGone = !isOver;
        if (isGone) controller?.abort();
      },
    };
  };
  return using(begin, (begun) => (begun as ReturnType<typeof begin>).values);
}

/**
 * Tells what a tool says as progress, and what it said last as its result. It is not known of a value whether it is the
 * last one before the tool has completed, which most do as soon as they have said it: so each is progress when another
 * follows it, or when no time is left in which the tool could have completed at once.
 */
function withProgress(scheduler: SchedulerLike): OperatorFunction<unknown, Said> {
  return (values) =>
    defer(() => {
      let last: unknown;
      let untold: readonly Said[] = [];
      const tell = (): readonly Said[] => {
        const told = untold;
        untold = [];
        return told;
      };
      return concat(values.pipe(map((value): Said => ({ value, isLast: false }))), of(undefined)).pipe(
        switchMap((said) => {
          if (said === undefined) return of({ value: last, isLast: true });
          const before = tell();
          last = said.value;
          untold = [said];
          return concat(before, timer(0, scheduler).pipe(mergeMap(tell)));
        }),
      );
    });
}

function limited(
  { name }: RunnableCall,
  ms: number,
  scheduler: SchedulerLike,
): MonoTypeOperatorFunction<Said> {
  const overdue = timer(Math.min(ms, LONGEST_TIMER), scheduler).pipe(
    map(() => {
      throw new ToolError(`${name} took longer than ${ms} ms`);
    }),
  );
  return takeUntil(overdue);
}

/**
 * A result as it is written in JSON: a copy, which the tool cannot change any more. Nothing at all is an empty text.
 *
 * @throws ToolError where it cannot be written
 */
function jsonOf(value: unknown, { name }: RunnableCall): unknown {
  if (value === undefined) return '';
  if (typeof value === 'string') return value;
  try {
    // For a function and a symbol there is no text.
    return JSON.parse(JSON.stringify(value));
  } catch (cause) {
    throw new ToolError(`The result of ${name} is not JSON`, { cause });
  }
}

/** What the model reads of a failure. A tool may throw anything, also what cannot be looked at. */
function wordsOf(error: unknown, { name }: RunnableCall): string {
  try {
    if (isToolError(error)) return error.message;
  } catch {
    // It is none.
  }
  return `${name} failed`;
}
