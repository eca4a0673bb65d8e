/** What the types of tool inputs and structured output let through, and what not; `tsc --noEmit` is the test. */
import { from, map, of, type Observable, type OperatorFunction } from 'rxjs';
import * as z from 'zod';
import type {
  DeepPartial,
  JsonGrowth,
  JsonProgress,
  JsonValue,
  StandardSchema,
  StreamError,
  StreamEvent,
  ToolCall,
  ToolInput,
} from '../../src/index.js';
import { accumulateJson, accumulateToolInput, toArrayElements, toToolCalls } from '../../src/index.js';

/** Compiles only where both types are one. */
type Same<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? [] : ['not the same', A, B];
type Output<Operator> = Operator extends OperatorFunction<never, infer Out> ? Out : never;
/** `same<A, B>()` compiles only where both are one. */
declare function same<A, B>(...difference: Same<A, B>): void;

declare const events: Observable<StreamEvent>;

/** The least that a library has to bring to be a Standard Schema. */
interface Foreign<In, Out> {
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: 'by-hand';
    readonly validate: (
      value: unknown,
    ) =>
      | { readonly value: Out; readonly issues?: undefined }
      | { readonly issues: readonly { message: string }[] };
    readonly types?: { readonly input: In; readonly output: Out };
  };
}

interface Zone {
  readonly zone: string;
}

declare const zone: Foreign<Zone, Zone>;

const tools = {
  get_weather: z.object({ city: z.string(), days: z.array(z.object({ date: z.string() })).optional() }),
  get_time: zone,
};
type Tools = typeof tools;

export function inputOfAPartialCallMayBeMissing(call: ToolInput<Tools>): unknown {
  same<ToolInput<Tools>['name'], 'get_weather' | 'get_time'>();
  if (call.name === 'get_weather' && call.status === 'partial') {
    same<typeof call.input.city, string | undefined>();
    same<NonNullable<NonNullable<typeof call.input.days>[number]>, { readonly date?: string }>();
    // @ts-expect-error the city may not have come yet
    return call.input.city.length;
  }
  if (call.name === 'get_time' && call.status === 'partial') {
    same<typeof call.input.zone, string | undefined>();
    // @ts-expect-error that is a member of the other tool
    return call.input.city;
  }
  return call.growth satisfies readonly JsonGrowth[];
}

export function inputOfACompleteCallIsThere(call: ToolInput<Tools>): unknown {
  if (call.status !== 'complete') return undefined;
  // @ts-expect-error which input it is tells only the name
  const early: unknown = call.input.city;
  switch (call.name) {
    case 'get_weather':
      same<typeof call.input.city, string>();
      // @ts-expect-error there may be no days
      return [early, call.input.days.length];
    case 'get_time':
      same<typeof call.input, Zone>();
      return call.input.zone.length;
    default:
      return call satisfies never;
  }
}

export function inputOfAnInvalidCallIsUnknown(call: ToolInput<Tools>): unknown {
  // @ts-expect-error only an invalid call has an error
  const early: unknown = call.error;
  if (call.status !== 'invalid') return early;
  same<typeof call.input, unknown>();
  same<typeof call.error, StreamError>();
  return call.error.code;
}

export function namesAreThoseOfTheTools(call: ToolInput<Tools>): unknown {
  // @ts-expect-error there is no tool of this name
  if (call.name === 'get_whether') return undefined;
  // @ts-expect-error there is no such status
  if (call.status === 'done') return undefined;
  // @ts-expect-error a snapshot is not changed
  call.status = 'complete';
  return call;
}

export function onlyACompleteToolCallHasAnInput(call: ToolCall<Tools>): unknown {
  // @ts-expect-error an invalid call has none
  const early: unknown = call.input;
  if (call.status === 'invalid') {
    same<typeof call.json, string>();
    same<typeof call.error, StreamError>();
    return early;
  }
  if (call.name === 'get_weather') return call.input.city.length;
  return call.input satisfies Zone;
}

export function withoutToolsInputIsJson(input: ToolInput, call: ToolCall): unknown {
  same<typeof input.name, string>();
  if (input.status !== 'invalid') same<typeof input.input, JsonValue>();
  return call.status === 'complete' ? (call.input satisfies JsonValue) : call.json;
}

/** A partial input is what the schema takes; what it makes of it comes with the complete one. */
export function convertsAtTheEnd(): unknown {
  const operator = accumulateToolInput({
    tools: {
      wait: z.object({
        until: z.string().transform((text) => new Date(text)),
        loud: z.boolean().default(false),
      }),
    },
  });
  return events.pipe(
    operator,
    map((call) => {
      if (call.status === 'partial') {
        same<typeof call.input.until, string | undefined>();
        return call.input.loud satisfies boolean | undefined;
      }
      return call.status === 'complete' && ([call.input.until, call.input.loud] satisfies [Date, boolean]);
    }),
  );
}

export function operatorsPassTheirToolsOn(): unknown {
  same<Output<ReturnType<typeof accumulateToolInput<Tools>>>, ToolInput<Tools>>();
  const calls = events.pipe(toToolCalls({ tools }));
  same<typeof calls, Observable<ToolCall<Tools>>>();
  const untyped = events.pipe(toToolCalls());
  same<typeof untyped, Observable<ToolCall>>();
  // @ts-expect-error a schema is asked for, not a type
  void events.pipe(accumulateToolInput({ tools: { get_weather: { city: 'string' } } }));
  // @ts-expect-error these operators read events
  void from(['{}']).pipe(accumulateToolInput());
  return [calls, untyped];
}

const recipe = z.object({ title: z.string(), steps: z.array(z.object({ minutes: z.coerce.number() })) });

export function textBecomesWhatTheSchemaSays(): unknown {
  const text = from(['{"title":"', 'Soup"}']);
  return [
    text.pipe(
      accumulateJson({ schema: recipe }),
      map((progress) => {
        same<typeof progress, JsonProgress<z.output<typeof recipe>, z.input<typeof recipe>>>();
        if (progress.status === 'complete')
          return progress.value.steps.map(({ minutes }) => minutes.toFixed());
        same<typeof progress.value.title, string | undefined>();
        // @ts-expect-error the steps may not have come yet
        return progress.value.steps.length;
      }),
    ),
    text.pipe(accumulateJson({ schema: zone })) satisfies Observable<JsonProgress<Zone>>,
    text.pipe(accumulateJson<Zone>()) satisfies Observable<JsonProgress<Zone>>,
    text.pipe(accumulateJson({ prose: 'skip' })) satisfies Observable<JsonProgress>,
    // @ts-expect-error prose is an error or skipped
    text.pipe(accumulateJson({ prose: 'keep' })),
    events.pipe(accumulateJson({ schema: zone })) satisfies Observable<JsonProgress<Zone>>,
    // @ts-expect-error this operator reads events or their text
    of(1).pipe(accumulateJson()),
  ];
}

export function elementsAreWhatTheSchemaSays(): unknown {
  const text = from(['[', ']']);
  const elements = text.pipe(toArrayElements({ path: ['steps', 0], schema: zone }));
  same<typeof elements, Observable<Zone>>();
  const dates = text.pipe(toArrayElements({ schema: z.string().transform((date) => new Date(date)) }));
  same<typeof dates, Observable<Date>>();
  const values = text.pipe(toArrayElements());
  same<typeof values, Observable<JsonValue>>();
  // @ts-expect-error a path is made of keys and indices
  void text.pipe(toArrayElements({ path: [true] }));
  return [elements, dates, values];
}

export function anySchemaOfTheStandardWillDo(): unknown {
  const schemas: StandardSchema[] = [recipe, zone, z.string()];
  same<
    DeepPartial<{ a: { b: string }[]; c: JsonValue }>,
    { readonly a?: readonly { readonly b?: string }[]; readonly c?: JsonValue }
  >();
  const version = { version: 2, vendor: 'later', validate: () => ({ value: 0 }) } as const;
  // @ts-expect-error its version is another one
  const later: StandardSchema = { '~standard': version };
  return [schemas, later];
}
