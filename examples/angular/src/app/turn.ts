import { computed, signal, type Injector, type Signal, type WritableSignal } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { onErrorResumeNextWith, share, Subject, takeUntil, type Observable } from 'rxjs';
import {
  isBusy,
  latestPerFrame,
  runTools,
  smoothText,
  textDeltas,
  untilTerminal,
  type StreamEvent,
} from 'rxjs-llm-stream';
import { NOTHING, toAnswer, type Answer } from './answer.js';
import type { Exchange } from './history.js';
import { tools } from './tools.js';

/** How far an answer is: as the stream tells, or stopped by the reader. */
export type Phase = Answer['state']['status'];

/** For readers who listen, in ms: how often they are told what is new, and how far that may be behind. */
const SPOKEN = { by: 'word', interval: 2_000, maxLag: 4_000 } as const;

/** A prompt being answered: it asks when it is made. */
export class Attempt {
  /** What there is to show, at most once for each frame of the screen. */
  readonly answer: Signal<Answer>;
  /** What was written since the last time that it was told. */
  readonly spoken: Signal<string>;
  readonly phase: Signal<Phase>;
  /** Whether something still comes: more of the answer, or the result of a tool. */
  readonly isBusy: Signal<boolean>;
  readonly #stopped = signal(false);
  readonly #stops = new Subject<void>();

  /**
   * @param events - the answer
   * @param injector - ends the request when it is destroyed
   */
  constructor(events: Observable<StreamEvent>, injector: Injector) {
    const reply = events.pipe(untilTerminal(), runTools(tools), share());
    const answers = reply.pipe(toAnswer(), takeUntil(this.#stops));
    const news = reply.pipe(textDeltas(), smoothText(SPOKEN), onErrorResumeNextWith());
    // To be stopped ends what is gathered, not the stream that it is gathered from: that would be cut off, a failure.
    this.answer = toSignal(answers.pipe(latestPerFrame()), { initialValue: NOTHING, injector });
    this.spoken = toSignal(news.pipe(takeUntil(this.#stops)), { initialValue: '', injector });
    this.phase = computed(() => (this.#stopped() ? 'stopped' : this.answer().state.status));
    this.isBusy = computed(() => !this.#stopped() && isBusy(this.answer().state));
  }

  /** Aborts the request. What has come stays. */
  stop(): void {
    if (!this.isBusy()) return;
    this.#stops.next();
    this.#stopped.set(true);
  }
}

/** A prompt and its answer. */
export class Turn {
  readonly attempt: WritableSignal<Attempt>;
  readonly #ask: () => Attempt;

  /**
   * @param prompt - what the reader asked
   * @param ask - begins an answer
   */
  constructor(
    readonly prompt: string,
    ask: () => Attempt,
  ) {
    this.#ask = ask;
    this.attempt = signal(ask());
  }

  /** Asks again; what came of the last attempt is dropped. */
  retry(): void {
    this.attempt.set(this.#ask());
  }

  /** What came of it. */
  get exchange(): Exchange {
    const attempt = this.attempt();
    const { message, calls } = attempt.answer().state;
    return { prompt: this.prompt, message, isWhole: attempt.phase() === 'done', calls };
  }
}
