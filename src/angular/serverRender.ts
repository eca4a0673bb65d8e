import {
  afterNextRender,
  inject,
  InjectionToken,
  Injector,
  makeStateKey,
  PendingTasks,
  PLATFORM_ID,
  TransferState,
} from '@angular/core';
import { finalize, takeUntil, tap, timer, type MonoTypeOperatorFunction } from 'rxjs';
import { LONGEST_TIMER } from '../fold/pace/retryWait.js';
import { isRequest, type Asked } from '../sources/angular/asked.js';
import { isStateBusy, type AnswerState } from './answerSignals.js';

/** What becomes of an answer while a server renders the page. */
export interface ServerOptions {
  /**
   * Whether a server that renders the page asks, too: `run` lets it, holds the page back until the answer is whole, and
   * hands it to the browser, which asks nothing again. Default: only the browser asks, for to ask twice costs twice.
   */
  readonly ssr?: 'run' | undefined;
  /**
   * The name under which the answer goes to the browser. Default: the request, or, of what gives events itself, its place
   * among those that the page asks for.
   */
  readonly key?: string | undefined;
  /** How long the page is held back at most, in ms; then the browser asks. Default 10,000. */
  readonly ssrTimeout?: number | undefined;
}

/** The version of what is handed over: a page of another version is not read. */
const VERSION = 1;

interface Handed {
  readonly version: number;
  readonly state: AnswerState;
}

/** Counts the answers of a page that have no name. */
const PLACES = /* @__PURE__ */ new InjectionToken<{ next: number }>('PLACES', {
  providedIn: 'root',
  factory: () => ({ next: 0 }),
});

/** How an answer is asked for on the server, and what the browser gets of it. */
export interface ServerRender {
  /** Whether anything is asked here. */
  readonly asks: boolean;
  /** What a server has handed over. */
  readonly handed: (asked: Asked) => AnswerState | undefined;
  /** What was handed over is used up. */
  readonly forget: (asked: Asked) => void;
  /** On a server, holds the page back, and hands over the state that it ends with. */
  readonly hold: (asked: Asked, giveUp: () => void) => MonoTypeOperatorFunction<AnswerState>;
}

/** To be called in an injection context. */
export function serverRender({ ssr, key, ssrTimeout = 10_000 }: ServerOptions): ServerRender {
  const isServer = inject(PLATFORM_ID) === 'server';
  if (ssr !== 'run')
    return {
      asks: !isServer,
      handed: () => undefined,
      forget: () => undefined,
      hold: () => (states) => states,
    };

  const [store, tasks, injector] = [inject(TransferState), inject(PendingTasks), inject(Injector)];
  const place = key ?? `#${inject(PLACES).next++}`;
  const keyOf = (asked: Asked) =>
    makeStateKey<Handed | undefined>(
      `rxjs-llm-stream:${key ?? (isRequest(asked) ? JSON.stringify(asked) : place)}`,
    );
  return {
    asks: true,
    handed: (asked) => (isServer ? undefined : stateIn(store.get(keyOf(asked), undefined))),
    forget: (asked) => afterNextRender({ read: () => store.remove(keyOf(asked)) }, { injector }),
    hold: (asked, giveUp) => (states) => {
      if (!isServer) return states;
      const done = tasks.add();
      let last: AnswerState | undefined;
      return states.pipe(
        tap((state) => (last = state)),
        takeUntil(timer(Math.min(ssrTimeout, LONGEST_TIMER))),
        finalize(() => {
          // What is not whole is asked again: the page then shows what the browser begins with.
          if (last === undefined || isStateBusy(last) || last.status === 'failed') giveUp();
          else store.set(keyOf(asked), { version: VERSION, state: last });
          done();
        }),
      );
    },
  };
}

/** JSON knows no `undefined`. Whoever wrote the page may have been another version, or not us. */
function stateIn(handed: Handed | null | undefined): AnswerState | undefined {
  if (handed?.version !== VERSION || !Array.isArray(handed.state.messages)) return undefined;
  const { state } = handed;
  return { ...state, message: state.messages.at(-1), error: undefined } as AnswerState;
}
