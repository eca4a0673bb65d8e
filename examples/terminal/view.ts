import {
  catchError,
  combineLatest,
  connect,
  EMPTY,
  endWith,
  ignoreElements,
  map,
  of,
  scan,
  startWith,
  timestamp,
  type MonoTypeOperatorFunction,
  type OperatorFunction,
  type TimestampProvider,
} from 'rxjs';
import {
  accumulateBlocks,
  accumulateMessage,
  accumulateToolInput,
  createJsonReader,
  dropPings,
  toBlocks,
  untilTerminal,
  type Block,
  type Message,
  type StreamEvent,
  type ToolInput,
  type ToolSchemas,
} from '../../src/index.js';
import type { Recording } from '../../marbles/kit/recording.js';
import { form, type Form } from './form.js';
import { paceOf, STILL, type Pace } from './pace.js';

/** A call of a tool, as far as it has come. */
export interface Call {
  readonly input: ToolInput<ToolSchemas | undefined>;
  /** The same, as a form. */
  readonly form: Form | undefined;
  /** Whether there is a schema that the finished input is held against. */
  readonly isChecked: boolean;
}

/** All that there is to show at one moment. */
export interface View {
  /** In the order in which they closed. */
  readonly finished: readonly Block[];
  /** What still grows. */
  readonly open: readonly Block[];
  /** By the index of the block. */
  readonly calls: ReadonlyMap<number, Call>;
  readonly message: Message | undefined;
  readonly pace: Pace;
  /** How the stream ended, once it has. A failure is a value here: what had arrived before it stays on the screen. */
  readonly end: { readonly failure?: unknown } | undefined;
}

/**
 * Makes of a stream of events what is to be shown of it: one request, seen in several ways at once.
 *
 * @param recording - keeps what flows between the operators, and when
 * @param clock - the ms since the request
 * @param tools - schemas of the tools' inputs, where they are known
 * @returns an operator from events to views; it completes when the stream ends, well or badly
 */
export function toViews(
  recording: Recording,
  clock: TimestampProvider,
  tools?: ToolSchemas,
): OperatorFunction<StreamEvent, View> {
  return (source) =>
    source.pipe(
      recording.line('events'),
      dropPings(),
      recording.operator('dropPings()'),
      untilTerminal(),
      recording.operator('untilTerminal()'),
      recording.line('events'),
      connect((events) =>
        combineLatest({
          finished: events.pipe(
            toBlocks(),
            recording.operator('toBlocks()'),
            recording.line('blocks'),
            scan((finished: readonly Block[], block) => [...finished, block], []),
            startWith([]),
            endAtFailure(),
          ),
          open: events.pipe(
            accumulateBlocks(),
            map((blocks) => blocks.filter(({ status }) => status === 'streaming')),
            startWith([]),
            endAtFailure(),
          ),
          calls: events.pipe(
            accumulateToolInput({ tools }),
            scan((calls, input) => withInput(calls, input, tools !== undefined), NO_CALLS),
            startWith(NO_CALLS),
            endAtFailure(),
          ),
          message: events.pipe(accumulateMessage(), startWith(undefined), endAtFailure()),
          pace: events.pipe(timestamp(clock), scan(paceOf, STILL), startWith(STILL), endAtFailure()),
          end: events.pipe(
            ignoreElements(),
            endWith({}),
            catchError((failure: unknown) => of({ failure })),
            startWith(undefined),
          ),
        }),
      ),
    );
}

/** Every branch fails when the stream does; `end` is the one that says so. */
function endAtFailure<T>(): MonoTypeOperatorFunction<T> {
  return catchError(() => EMPTY);
}

const NO_CALLS: ReadonlyMap<number, Call> = new Map();

function withInput(
  calls: ReadonlyMap<number, Call>,
  input: Call['input'],
  isChecked: boolean,
): ReadonlyMap<number, Call> {
  const { index } = input;
  return new Map(calls).set(index, { input, form: formOf(calls.get(index)?.form, input), isChecked });
}

/** Every snapshot adds what grew; the screen takes the latest form. */
function formOf(before: Form | undefined, { status, json, growth, input }: Call['input']): Form | undefined {
  if (status === 'invalid') return before;
  return json === '' ? form(undefined, growthOf(input)) : form(before, growth);
}

/** Of an input that was there when its block began: `{}`, or all of it from a server that does not stream it. */
function growthOf(input: unknown): Parameters<typeof form>[1] {
  return createJsonReader().write(JSON.stringify(input ?? {})).growth;
}
