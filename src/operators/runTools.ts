import {
  AsyncSubject,
  asyncScheduler,
  defer,
  groupBy,
  mergeMap,
  ReplaySubject,
  type MonoTypeOperatorFunction,
  type Observable,
  type OperatorFunction,
  type SchedulerLike,
  type Subject,
} from 'rxjs';
import { truncated } from '../errors/streamError.js';
import type { EventsWith, StreamEvent, ToolApprovalEvent, ToolResultEvent } from '../events/event.js';
import { CertainCalls } from '../fold/calls/certainCalls.js';
import type { ToolCall, ToolSchemas } from '../fold/calls/toolInput.js';
import { transform } from '../rx/transform.js';
import { requireHandlers, type RunToolsOptions, type ToolHandlers } from '../tools/handlers.js';
import { runCalls, type Run } from '../tools/runCalls.js';

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
 * before this operator. The stream completes when the reply and all calls have. Every call gets one result: one of a tool
 * that is not there, whose input is not JSON or not what its schema asks for, that the reply cut off, that is denied, or
 * that fails or takes too long, gets one with `is_error`. Calls that have one id run one after another, so that each gets
 * its own result.
 *
 * A handler returns a JSON value, or a Promise, an Observable or an iterable of one. Of several values the last is the
 * result, when the tool completes; each of the others is progress, a `tool_result` that is `preliminary`: for views, not
 * for the model. A value is told as progress at once unless the tool completes with it, so what gives one value has no
 * progress. A result is copied as JSON has it: a `Date` becomes its text, nothing at all an empty text, and what JSON
 * cannot write is an error of the call.
 *
 * What the model reads of a failure is `get_weather failed`, for errors hold what is not meant for it. A {@link ToolError}
 * is: it reads its message. `onError` gets what was thrown.
 *
 * With `approve`, a `tool_approval` says that a call waits to be allowed, and another one what was decided; the calls
 * beside it run meanwhile. Whoever fails to answer, or with anything but a clear yes, has denied it, and the model reads
 * that. `'later'`, and `unhandled: 'leave'` for tools without a handler, leave a call to somebody else: the stream
 * completes without its result, and `accumulateState()` says `tools`. Of a tool without a handler a `preliminary` result,
 * `null`, says that.
 *
 * When the reply fails, so does the stream, and the calls that run are unsubscribed and their `signal` is aborted. So are
 * those of an attempt that a `reset` drops, without a result; but what a tool has done by then is done, so behind
 * `retryWithReset()` run only what may be run twice. Calls that the provider runs, and those that the stream answers
 * itself or asks somebody about, are left alone. For a Stop that the model may read of, put {@link stopOn} behind this operator.
 *
 * ```ts
 * import { ajax } from 'rxjs/ajax';
 * import { accumulateToolCalls, runTools, streamEvents, untilTerminal } from 'rxjs-llm-stream';
 * import { anthropic } from 'rxjs-llm-stream/anthropic';
 * import * as z from 'zod';
 *
 * const tools = { get_weather: z.object({ city: z.string() }), send: z.object({ text: z.string() }) };
 *
 * const run = runTools(
 *   {
 *     get_weather: ({ city }) => ajax.getJSON(`/weather/${city}`),
 *     send: {
 *       run: ({ text }, { signal }) => fetch('/mail', { method: 'POST', body: text, signal }).then(({ ok }) => ok),
 *       approve: ({ input }) => confirm(input.text),
 *     },
 *   },
 *   { tools, timeout: 10_000 },
 * );
 *
 * streamEvents('/api/chat', { codec: anthropic })
 *   .pipe(untilTerminal(), run, accumulateToolCalls({ tools }))
 *   .subscribe((calls) => render(calls));
 * ```
 *
 * @param handlers - what runs each tool, by its name: gets the input, then the call and a signal. In place of a function,
 *   `{ run, timeout, approve, concurrency }`
 * @param options - `tools`, the schemas of the inputs; `concurrency`, how many calls run at once; `timeout`, how long each
 *   may take, in ms; `approve`, who lets them run; `unhandled`, what becomes of other tools; `onError`
 * @param scheduler - what times the calls
 * @returns an operator from events to events
 * @throws StreamError `api` for an `error` event, `truncated` for a source that ends inside a message or a block,
 *   `protocol` for events that contradict each other; errors of the source pass. TypeError, when it is called, for a handler
 *   that cannot be run
 * @see {@link toToolCalls} {@link accumulateToolCalls} {@link stopOn}
 */
export function runTools<E extends StreamEvent, Tools extends ToolSchemas | undefined = undefined>(
  handlers: ToolHandlers<NoInfer<Tools>>,
  options?: RunToolsOptions<Tools>,
  scheduler?: SchedulerLike,
): OperatorFunction<E, EventsWith<E, ToolApprovalEvent | ToolResultEvent>>;
export function runTools<E extends StreamEvent, Tools extends ToolSchemas | undefined = undefined>(
  handlers: Partial<ToolHandlers<NoInfer<Tools>>>,
  options: RunToolsOptions<Tools> & { readonly unhandled: 'leave' },
  scheduler?: SchedulerLike,
): OperatorFunction<E, EventsWith<E, ToolApprovalEvent | ToolResultEvent>>;
export function runTools<Tools extends ToolSchemas | undefined = undefined>(
  handlers: Partial<ToolHandlers<NoInfer<Tools>>>,
  options: RunToolsOptions<Tools> = {},
  scheduler: SchedulerLike = asyncScheduler,
): MonoTypeOperatorFunction<StreamEvent> {
  // The schemas that type the handlers check their inputs.
  const run = runCalls(requireHandlers(handlers as ToolHandlers), options as RunToolsOptions, scheduler);

  return (events) =>
    defer(() => {
      const calls = new CertainCalls<ToolSchemas | undefined>(options.tools);
      /** Of the attempt that is written: a call that waits for its turn hears of a drop that came before it. */
      let dropped = new ReplaySubject<void>(1);
      /** By their id: the calls of this message that were released last. */
      const latest = new Map<string, Subject<boolean>>();
      const runOf = (call: ToolCall): Run => {
        const before = latest.get(call.id);
        const done = new AsyncSubject<boolean>();
        latest.set(call.id, done);
        return { call, dropped, before, done };
      };
      return events.pipe(
        transform<StreamEvent, StreamEvent | Run>(
          (event, emit) => {
            const certain = calls.add(event).certain.filter(isOwn) as readonly ToolCall[];
            // A call that the stream answers itself, or asks somebody about, is certain by that.
            const runs = 'tool_use_id' in event ? [] : certain.map(runOf);
            // What a sub-agent says ends or drops nothing of ours.
            const type = event.lane ? undefined : event.type;
            if (type === 'reset') dropped.next();
            if (type === 'reset' || type === 'message_stop') {
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
        mergeMap((group): Observable<StreamEvent> => (group.key ? group.pipe(run) : group)),
      );
    });
}

function isRun(item: StreamEvent | Run): item is Run {
  return 'dropped' in item;
}

function isOwn({ type }: ToolCall<ToolSchemas | undefined>): boolean {
  return type === 'tool_use';
}
