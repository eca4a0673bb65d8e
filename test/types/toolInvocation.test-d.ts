/** What the types of tool calls with their results let through, and what not; `tsc --noEmit` is the test. */
import type { Observable, OperatorFunction } from 'rxjs';
import * as z from 'zod';
import type { StreamError } from '../../src/errors/streamError.js';
import type { StreamEvent } from '../../src/events/event.js';
import type { ToolInvocation } from '../../src/fold/calls/toolInvocation.js';
import type { UsageEstimate } from '../../src/fold/usage/estimatedUsage.js';
import type { UsageTotals } from '../../src/fold/usage/usageTotals.js';
import type { JsonValue } from '../../src/json/value.js';
import { stopOn } from '../../src/operators/stopOn.js';
import { accumulateToolCalls } from '../../src/operators/accumulateToolCalls.js';
import type { accumulateUsage } from '../../src/operators/accumulateUsage.js';
import type { sumUsage } from '../../src/operators/sumUsage.js';
import type { Usage } from '../../src/events/usage.js';

/** Compiles only where both types are one. */
type Same<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? [] : ['not the same', A, B];
/** `same<A, B>()` compiles only where both are one. */
declare function same<A, B>(...difference: Same<A, B>): void;
type Output<Operator> = Operator extends OperatorFunction<never, infer Out> ? Out : never;

declare const events: Observable<StreamEvent>;

const tools = {
  get_weather: z.object({ city: z.string(), at: z.string().transform((text) => new Date(text)) }),
  get_time: z.object({ zone: z.string() }),
};
type Tools = typeof tools;

export function eachStatusHasItsOwnFields(call: ToolInvocation<Tools>): unknown {
  // @ts-expect-error which input it is tells only the name
  const early: unknown = call.input.city;
  if (call.name !== 'get_weather') return early;
  switch (call.status) {
    case 'streaming':
      same<typeof call.input.city, string | undefined>();
      same<typeof call.input.at, string | undefined>();
      // @ts-expect-error the tool was not run
      return call.result;
    case 'queued':
      same<typeof call.input.at, Date>();
      // @ts-expect-error the tool was not run
      return call.result;
    case 'approval':
      return call.input.at satisfies Date;
    case 'running':
      return [call.input.at satisfies Date, call.progress satisfies unknown];
    case 'denied':
      return [call.input.at satisfies Date, call.reason satisfies string | undefined, call.result];
    case 'cancelled':
      same<typeof call.isError, true>();
      return call.result;
    case 'done':
      same<typeof call.isError, false>();
      return [call.input.at.getTime(), call.result satisfies unknown];
    case 'failed':
      same<typeof call.isError, true>();
      // @ts-expect-error what a tool gives is not known
      return call.result.message;
    case 'invalid':
      same<typeof call.input, unknown>();
      same<typeof call.error, StreamError>();
      same<typeof call.isError, boolean | undefined>();
      return call.result;
    default:
      return call satisfies never;
  }
}

export function snapshotsAreNotChanged(calls: readonly ToolInvocation[]): unknown {
  const [call] = calls;
  // @ts-expect-error a list is not changed
  calls[0] = call;
  // @ts-expect-error a call is not changed
  if (call) call.status = 'done';
  // @ts-expect-error there is no such status
  return call?.status === 'complete';
}

export function operatorsPassTheirTypesOn(): unknown {
  const typed = events.pipe(accumulateToolCalls({ tools }));
  same<typeof typed, Observable<readonly ToolInvocation<Tools>[]>>();
  const untyped = events.pipe(accumulateToolCalls());
  same<typeof untyped, Observable<readonly ToolInvocation[]>>();
  same<Extract<ToolInvocation, { status: 'queued' }>['input'], JsonValue>();
  same<Output<ReturnType<typeof accumulateUsage>>, Usage & UsageEstimate>();
  same<Output<ReturnType<typeof sumUsage>>, UsageTotals>();
  same<UsageTotals['input_tokens'], number>();
  same<UsageTotals['cache_read_input_tokens'], number | null>();
  // @ts-expect-error totals are numbers
  type Tier = UsageTotals['service_tier'];
  // @ts-expect-error a notifier is something to subscribe to
  void events.pipe(stopOn(5));
  return [typed, untyped, events.pipe(stopOn(Promise.resolve())), undefined as Tier];
}
