import {
  assertInInjectionContext,
  computed,
  effect,
  inject,
  Injector,
  linkedSignal,
  NgZone,
  runInInjectionContext,
  signal,
  untracked,
} from '@angular/core';
import { defer, identity, ReplaySubject, type MonoTypeOperatorFunction, type Subscription } from 'rxjs';
import { TurnState, type StreamState } from '../fold/turn/streamState.js';
import { accumulateState } from '../operators/accumulateState.js';
import { stopOn } from '../operators/stopOn.js';
import type { Asked } from '../sources/angular/asked.js';
import { STREAMS } from '../sources/angular/streams.js';
import { answerSignals, IDLE, WAITING, type AnswerSignals, type AnswerState } from './answerSignals.js';
import { paced } from './paced.js';
import { serverRender, type ServerOptions } from './serverRender.js';

/** Says what to ask. It reads signals, and is called anew when one of them changes; nothing is asked for nothing. */
export type AnswerSource = () => Asked | undefined | null | false | '';

/** Options of {@link injectAnswer}. */
export interface AnswerOptions extends ServerOptions {
  /** The injector to use outside an injection context; the request ends with it. */
  readonly injector?: Injector | undefined;
  /** What becomes of the states before they are shown: `smoothText({ by: 'word' })`. */
  readonly pipe?: MonoTypeOperatorFunction<StreamState> | undefined;
}

/** An answer, as signals. */
export interface Answer extends AnswerSignals {
  /** Stops it: the request is aborted, and what had come stays. */
  readonly stop: () => void;
  /** Asks again; what had come is dropped. */
  readonly retry: () => void;
}

/** One asking. */
interface Attempt {
  readonly asked: Asked | undefined;
  /** What the source threw instead. */
  readonly failure?: { readonly thrown: unknown };
  /** Replays: an answer may be stopped before it is asked for. */
  readonly stop: ReplaySubject<void>;
}

/**
 * Asks for an answer and shows it as signals, from the first state on. When a signal changes that the source reads, the
 * answer before is stopped and the source is asked anew, once for all changes that come together.
 *
 * ```ts
 * import { Component, signal } from '@angular/core';
 * import { injectAnswer } from 'rxjs-llm-stream/angular';
 *
 * @Component({
 *   selector: 'app-answer',
 *   template: `<input #q (change)="prompt.set(q.value)" /> <p>{{ answer.text() }}</p>`,
 * })
 * export class AnswerView {
 *   readonly prompt = signal('');
 *   readonly answer = injectAnswer(() => this.prompt() && { url: '/api/chat', body: { prompt: this.prompt() } });
 * }
 * ```
 *
 * The signals change at most once for each frame of the screen, and not at all while the page is hidden, except for the last
 * state. A failure is a state: `status` is `failed`, `error()` says why, and what had come stays. A source that throws is one,
 * too. The request ends with whoever called this: a component, a service, an injector.
 *
 * While a server renders the page nothing is asked, unless `ssr` is `run`.
 *
 * @param source - gives a request, which is sent as {@link provideStreams} says, or the events themselves; a falsy value
 *   for nothing: the state then is `idle`
 * @param options - `ssr`, whether a server asks too; `pipe`, what becomes of the states; `injector`
 * @returns the signals of the answer, `stop()` and `retry()`
 * @see {@link injectConversation} {@link streamResource}
 */
export function injectAnswer(source: AnswerSource, options: AnswerOptions = {}): Answer {
  if (options.injector === undefined) assertInInjectionContext(injectAnswer);
  return runInInjectionContext(options.injector ?? inject(Injector), () => answerOf(source, options));
}

function answerOf(source: AnswerSource, options: AnswerOptions): Answer {
  const [streams, zone] = [inject(STREAMS), inject(NgZone)];
  const render = serverRender(options);
  const again = signal(0);
  const attempt = computed((): Attempt => {
    again();
    return { ...askedBy(source), stop: new ReplaySubject(1) };
  });
  let hasAsked = false;
  const state = linkedSignal<Attempt, AnswerState>({
    source: attempt,
    computation: ({ asked, failure }) => {
      if (failure) return failedState(failure.thrown);
      if (asked === undefined) return IDLE;
      return (hasAsked ? undefined : render.handed(asked)) ?? WAITING;
    },
  });

  const begin = ({ asked, stop }: Attempt): Subscription | undefined => {
    if (asked === undefined || !render.asks) return undefined;
    const isHanded = !hasAsked && state() !== WAITING;
    hasAsked = true;
    if (isHanded) {
      render.forget(asked);
      return undefined;
    }
    const show = (next: AnswerState): void => {
      // What is asked may have changed, and this be about to end.
      if (untracked(attempt).stop === stop) state.set(next);
    };
    const states = defer(() => streams.eventsOf(asked)).pipe(stopOn(stop), accumulateState());
    const { pipe = identity } = options;
    const shown = defer(() => pipe(states));
    return zone.runOutsideAngular(() =>
      shown
        .pipe(
          paced(streams.scheduler),
          render.hold(asked, () => show(WAITING)),
        )
        .subscribe({ next: show, error: (thrown: unknown) => show(failedState(thrown)) }),
    );
  };
  effect((onCleanup) => {
    const current = attempt();
    const subscription = untracked(() => begin(current));
    onCleanup(() => subscription?.unsubscribe());
  });

  return {
    ...answerSignals(state.asReadonly()),
    stop: () => untracked(attempt).stop.next(),
    retry: () => again.update((count) => count + 1),
  };
}

function failedState(thrown: unknown): StreamState {
  return new TurnState().fail(thrown).state;
}

/** What a source asks for. That it throws is a failure of the answer. */
function askedBy(source: AnswerSource): Pick<Attempt, 'asked' | 'failure'> {
  try {
    return { asked: source() || undefined };
  } catch (thrown) {
    return { asked: undefined, failure: { thrown } };
  }
}
