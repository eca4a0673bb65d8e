import type { Observable } from 'rxjs';
import type { RunHelpers } from 'rxjs/testing';
import type { StreamEvent } from '../../events/event.js';
import { chunked, type ChunkOptions } from '../script/chunked.js';
import { deepFreeze } from '../letters/freeze.js';
import { valuesOf } from '../letters/letters.js';
import type { Script } from '../script/script.js';
import type { TimedValues } from '../script/timing.js';

/** When a source was subscribed and left, in frames: RxJS's own list, whose class it does not export. */
export type Subscriptions = Parameters<RunHelpers['expectSubscriptions']>[0];

/** A source of a test, which remembers when it was subscribed and left. */
export interface MarbleSource<T> extends Observable<T> {
  readonly subscriptions: Subscriptions;
}

type EventLetters = Readonly<Record<string, StreamEvent>>;

/** Makes a source of events from marbles, or from a script. */
export interface LlmSource {
  /**
   * @param marbles - a row; each letter is an event of `values`, of the run's events, or of the alphabet
   * @param values - letters of this row alone
   * @param error - what `#` stands for in this row. Default: that of the run
   * @throws Error naming a letter without an event
   */
  (marbles: string, values?: EventLetters, error?: unknown): MarbleSource<StreamEvent>;
  /** @param script - gives its events at its times, from the subscription on; a hot one from the start of the run */
  (script: Script): MarbleSource<StreamEvent>;
}

/** The sources of events of a run: cold ones, and beside them hot ones and bytes. */
export interface LlmSources extends LlmSource {
  /** Runs whether or not it is subscribed. In marbles `^` is the start of the run. */
  readonly hot: LlmSource;
  /** Gives the bytes of a script as a server would send them, cut into chunks: for what stands before the events. */
  readonly bytes: (script: Script, options: ChunkOptions) => MarbleSource<Uint8Array>;
}

/** The sources of a run. */
export function llmSources(
  { cold, hot }: Pick<RunHelpers, 'cold' | 'hot'>,
  letters: EventLetters,
  runError: unknown,
): LlmSources {
  const source =
    (make: typeof cold | typeof hot): LlmSource =>
    (given: string | Script, values: EventLetters = {}, error: unknown = runError) =>
      typeof given === 'string'
        ? make(given, valuesOf(given, { ...letters, ...deepFreeze(values) }), error)
        : playing(make, given.timeline());
  return Object.assign(source(cold), {
    hot: source(hot),
    bytes: (script: Script, options: ChunkOptions) => playing(cold, chunked(script.timeline(), options)),
  });
}

/**
 * A source of a test that gives values at their times, however many and close together: more than letters can write.
 */
function playing<T>(
  make: RunHelpers['cold'] | RunHelpers['hot'],
  { values, end }: TimedValues<T>,
): MarbleSource<T> {
  const source = make<T>('');
  for (const { at, value } of values) {
    source.messages.push({ frame: at, notification: { kind: 'N', value } });
  }
  if (end === undefined) return source;
  const notification = 'error' in end ? ({ kind: 'E', error: end.error } as const) : ({ kind: 'C' } as const);
  source.messages.push({ frame: end.at, notification });
  return source;
}
