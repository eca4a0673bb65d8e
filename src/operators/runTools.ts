import {
  AsyncSubject,
  asyncScheduler,
  catchError,
  concat,
  defer,
  finalize,
  from,
  groupBy,
  identity,
  map,
  mergeMap,
  of,
  reduce,
  ReplaySubject,
  takeUntil,
  throwError,
  timeout,
  type MonoTypeOperatorFunction,
  type Observable,
  type ObservableInput,
  type OperatorFunction,
  type SchedulerLike,
  type Subject,
} from 'rxjs';
import { quoted } from '../errors/quoted.js';
import { StreamError, truncated } from '../errors/streamError.js';
import type { EventsWith, StreamEvent, ToolResultEvent } from '../events/event.js';
import { toolResult } from '../events/make.js';
import { CertainCalls } from '../fold/calls/certainCalls.js';
import { LONGEST_TIMER } from '../fold/pace/retryWait.js';
import type { ToolCall, ToolOptions, ToolSchemas } from '../fold/calls/toolInput.js';
import { transform } from '../rx/transform.js';

/** A call that can be run. */
type Runnable<Call extends ToolCall<ToolSchemas | undefined>> = Extract<
  Call,
  { readonly status: 'complete' }
>;

/**
 * Runs one tool. Its last value is the result: a text, or any JSON value. What it throws or fails with becomes a result
 * that is an error, with the error's message for the model to read. A text or array that it returns as it stands, not in
 * an Observable or a Promise, is the result itself.
 */
export type ToolHandler<Call extends { readonly input: unknown }> = (
  input: Call['input'],
  call: Call,
) => ObservableInput<unknown>;

/** What runs the tools, by their names. With schemas, each gets the type of its input from its own. */
export type ToolHandlers<Tools extends ToolSchemas | undefined = undefined> = Tools extends ToolSchemas
  ? {
      readonly [Name in keyof Tools & string]: ToolHandler<
        Extract<Runnable<ToolCall<Tools>>, { readonly name: Name }>
      >;
    }
  : Readonly<Record<string, ToolHandler<Runnable<ToolCall>>>>;

/** Options of {@link runTools}. */
export interface RunToolsOptions<
  Tools extends ToolSchemas | undefined = undefined,
> extends ToolOptions<Tools> {
  /** How many calls run at the same time at most; the others wait in their order. Anything but a number above 1 counts as 1. Default 64. */
  readonly concurrency?: number | undefined;
  /** How long each call may run, in ms, from its own start on; none is timed where it is left out, 0 or negative. */
  readonly timeout?: number | undefined;
}

/** A call to be run, and what says that it no longer is. */
interface Run {
  readonly call: ToolCall;
  readonly dropped: Observable<void>;
  /** Completes when the call before it that has the same id is done: a result says of an id alone whose it is. */
  readonly before: Observable<never> | undefined;
  readonly done: Subject<never>;
}

/**
 * Runs the tools that the reply calls: passes the reply on as it comes, and puts a `tool_result` into the stream when a
 * call has been run. A call begins as soon as it is certain that the reply was not cut off inside it, as
 * {@link toToolCalls} tells it.
 *
 * ```text
 * -m-b-i-j-d-y-z-|
 * > runTools(handlers)
 * -m-b-i-j-d-y-z-----(l|)
 * ^--------------!
 * ```
 *
 * Results come in the order in which the calls finish, after the end of the message too: so `untilTerminal()` stands
 * before this operator. The stream completes when the reply and all calls have. Every call gets a result: one of a tool
 * that is not there, whose input is no JSON or not what its schema asks for, that the reply cut off, or that fails or
 * takes too long, one with `is_error`, which says why. Calls that have one id run one after another, so that each gets its
 * own result.
 *
 * When the reply fails, so does the stream, and the calls that run are let go: unsubscribed. So are those of an attempt
 * that a `reset` drops, without a result; but what a tool has done by then is done, so behind `retryWithReset()` run
 * only what may be run twice. Calls that the provider runs, and those that the stream answers itself, are left alone.
 *
 * ```ts
 * import { ajax } from 'rxjs/ajax';
 * import { accumulateToolCalls, runTools, streamEvents, untilTerminal } from 'rxjs-llm-stream';
 * import { anthropic } from 'rxjs-llm-stream/anthropic';
 * import * as z from 'zod';
 *
 * const tools = { get_weather: z.object({ city: z.string() }) };
 * const handlers = { get_weather: ({ city }: { city: string }) => ajax.getJSON(`/weather/${city}`) };
 *
 * streamEvents('/api/chat', { codec: anthropic })
 *   .pipe(untilTerminal(), runTools(handlers, { tools, timeout: 10_000 }), accumulateToolCalls({ tools }))
 *   .subscribe((calls) => render(calls));
 * ```
 *
 * @param handlers - what runs each tool, by its name: gets the input and the call
 * @param options - `tools`, the schemas of the inputs; how many calls run at once, and how long each may take, in ms
 * @param scheduler - what times the calls
 * @returns an operator from events to events
 * @throws StreamError `api` for an `error` event, `truncated` for a source that ends inside a message or a block,
 *   `protocol` for events that contradict each other; errors of the source pass
 * @see {@link toToolCalls} {@link accumulateToolCalls}
 */
export function runTools<E extends StreamEvent, Tools extends ToolSchemas | undefined = undefined>(
  handlers: ToolHandlers<NoInfer<Tools>>,
  options?: RunToolsOptions<Tools>,
  scheduler?: SchedulerLike,
): OperatorFunction<E, EventsWith<E, ToolResultEvent>>;
export function runTools<Tools extends ToolSchemas | undefined = undefined>(
  handlers: ToolHandlers<NoInfer<Tools>>,
  options: RunToolsOptions<Tools> = {},
  scheduler: SchedulerLike = asyncScheduler,
): MonoTypeOperatorFunction<StreamEvent> {
  const { concurrency = 64, timeout: ms = 0 } = options;
  // The schemas that type the handlers check their inputs.
  const byName = handlers as ToolHandlers;
  const start = ({ call, dropped, before, done }: Run): Observable<ToolResultEvent> => {
    const result = resultOf(call, byName, ms > 0 ? limit(call, ms, scheduler) : identity);
    return (before ? concat(before, result) : result).pipe(
      takeUntil(dropped),
      finalize(() => done.complete()),
    );
  };

  return (events) =>
    defer(() => {
      const calls = new CertainCalls<ToolSchemas | undefined>(options.tools);
      /** Of the attempt that is written: a call that waits for its turn hears of a drop that came before it. */
      let dropped = new ReplaySubject<void>(1);
      /** By their id: the calls of this message that were released last. */
      const latest = new Map<string, Subject<never>>();
      const runOf = (call: ToolCall): Run => {
        const before = latest.get(call.id);
        const done = new AsyncSubject<never>();
        latest.set(call.id, done);
        return { call, dropped, before, done };
      };
      return events.pipe(
        transform<StreamEvent, StreamEvent | Run>(
          (event, emit) => {
            const certain = calls.add(event).certain.filter(isOwn) as readonly ToolCall[];
            // A call that the stream answers itself is certain by that.
            const runs = event.type === 'tool_result' ? [] : certain.map(runOf);
            if (event.type === 'reset') dropped.next();
            if (event.type === 'reset' || event.type === 'message_stop') {
              dropped = new ReplaySubject(1);
              latest.clear();
            }
            emit(event);
            runs.forEach(emit);
          },
          {
            complete() {
              if (calls.isUnfinished) throw truncated();
            },
          },
        ),
        groupBy(isRun),
        mergeMap((group): Observable<StreamEvent> =>
          group.key ? group.pipe(mergeMap(start, concurrency > 1 ? concurrency : 1)) : group,
        ),
      );
    });
}

function isRun(item: StreamEvent | Run): item is Run {
  return 'dropped' in item;
}

function isOwn({ type }: ToolCall<ToolSchemas | undefined>): boolean {
  return type === 'tool_use';
}

function resultOf(
  call: ToolCall,
  handlers: ToolHandlers,
  limited: MonoTypeOperatorFunction<unknown>,
): Observable<ToolResultEvent> {
  return defer(() => {
    if (call.status === 'invalid') throw call.error;
    const handler = Object.hasOwn(handlers, call.name) ? handlers[call.name] : undefined;
    if (handler === undefined) throw new StreamError('tool-input', `There is no tool ${quoted(call.name)}`);
    const given = handler(call.input, call);
    return typeof given === 'string' || Array.isArray(given) ? of(given) : from(given);
  }).pipe(
    reduce((_, value: unknown) => value, undefined as unknown),
    limited,
    map((content) => toolResult(call.id, content === undefined ? '' : content)),
    catchError((error: unknown) => of(toolResult(call.id, messageOf(error, call.name), true))),
  );
}

function limit({ name }: ToolCall, ms: number, scheduler: SchedulerLike): MonoTypeOperatorFunction<unknown> {
  const first = Math.min(ms, LONGEST_TIMER);
  const overdue = new StreamError('timeout', `${name} took longer than ${ms} ms`, {
    kind: 'total',
    timeoutMs: ms,
  });
  return timeout({ first, scheduler, with: () => throwError(() => overdue) });
}

/** What the model reads. A tool may throw anything, also what cannot be made a text. */
function messageOf(error: unknown, name: string): string {
  try {
    return error instanceof Error ? error.message : String(error);
  } catch {
    return `${name} failed`;
  }
}
