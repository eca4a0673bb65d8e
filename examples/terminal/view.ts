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
  dropPings,
  partialJsonOf,
  toBlocks,
  untilTerminal,
  type Block,
  type Message,
  type StreamEvent,
} from '../../src/index.js';
import type { Recording } from '../../marbles/kit/recording.js';
import { paceOf, STILL, type Pace } from './pace.js';

/** All that there is to show at one moment. */
export interface View {
  /** In the order in which they closed. */
  readonly finished: readonly Block[];
  /** What still grows. */
  readonly open: readonly Block[];
  /** The JSON text of each tool input so far, by the index of its block. */
  readonly inputs: ReadonlyMap<number, string>;
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
 * @returns an operator from events to views; it completes when the stream ends, well or badly
 */
export function toViews(recording: Recording, clock: TimestampProvider): OperatorFunction<StreamEvent, View> {
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
          inputs: events.pipe(scan(withInput, NO_INPUTS), startWith(NO_INPUTS), endAtFailure()),
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

const NO_INPUTS: ReadonlyMap<number, string> = new Map();

function withInput(inputs: ReadonlyMap<number, string>, event: StreamEvent): ReadonlyMap<number, string> {
  if (event.type === 'reset') return NO_INPUTS;
  const json = partialJsonOf(event);
  if (json === undefined || event.type !== 'content_block_delta') return inputs;
  return new Map(inputs).set(event.index, (inputs.get(event.index) ?? '') + json);
}
