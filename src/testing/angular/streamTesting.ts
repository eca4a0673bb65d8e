import { InjectionToken, NgZone } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { defer, finalize, Observable, throwError, VirtualTimeScheduler } from 'rxjs';
import { isRequest, type Asked, type StreamRequest } from '../../sources/angular/asked.js';
import type { Streams } from '../../sources/angular/streams.js';
import { StreamError } from '../../errors/streamError.js';
import type { StreamEvent } from '../../events/event.js';
import { alphabet, connectionLost } from '../letters/alphabet.js';
import { valueOf } from '../letters/letters.js';
import { timeline } from '../letters/notation.js';
import type { Script } from '../script/script.js';
import type { TimedValues } from '../script/timing.js';

/** An answer of a test: what the model says and when, or a row of marbles, one frame being 1 ms. */
export type TestAnswer = Script | string;

/** What was asked in a test. */
export interface TestRequest {
  /** The request; `undefined` where the source gives the events itself, which a test never subscribes to. */
  readonly request: StreamRequest | undefined;
  /** Whether it was stopped before its end, or whoever asked has gone. */
  readonly isAborted: boolean;
}

/** The time of a test, and what was asked in it. */
export interface StreamTesting {
  /** All that was asked so far, in order. */
  readonly requests: readonly TestRequest[];
  /** Lets so many ms pass, and shows what has come: the page is checked before and after. */
  readonly advance: (ms: number) => void;
  /** Lets time pass until nothing is left to happen. */
  readonly flush: () => void;
}

/** The time of a test, for `TestBed.inject(StreamTesting)`. */
export const StreamTesting: InjectionToken<StreamTesting> = /* @__PURE__ */ new InjectionToken<StreamTesting>(
  'StreamTesting',
);

/** How long a test may run, in ms of its time: an answer that never ends has no other end. */
const LONGEST = 3_600_000;

/** Plays answers in virtual time, and is the time. */
export class TestStreams implements Streams, StreamTesting {
  readonly scheduler = new VirtualTimeScheduler();
  readonly requests: TestRequest[] = [];
  readonly #answers: readonly TestAnswer[];

  /** @param answers - one for each asking, in order */
  constructor(answers: readonly TestAnswer[]) {
    this.#answers = answers;
  }

  readonly eventsOf = (asked: Asked): Observable<StreamEvent> =>
    defer(() => {
      const nth = this.requests.length;
      const request = isRequest(asked) ? asked : undefined;
      const answer = this.#answers[nth];
      let isOver = false;
      this.requests.push({ request, isAborted: false });
      if (answer === undefined) return throwError(() => noAnswer(nth, this.#answers.length));
      return play(answer, this.scheduler, () => (isOver = true)).pipe(
        finalize(() => (this.requests[nth] = { request, isAborted: !isOver })),
      );
    });

  readonly advance = (ms: number): void => this.#runTo(this.scheduler.frame + ms);

  readonly flush = (): void => {
    const { frame } = this.scheduler;
    this.#runTo(frame + LONGEST, frame);
  };

  /** @param least - when it is at the end, if nothing more happens after that */
  #runTo(frame: number, least = frame): void {
    check();
    this.scheduler.maxFrames = frame;
    this.scheduler.flush();
    this.scheduler.frame = Math.max(this.scheduler.frame, least);
    check();
  }
}

/** Checks the page. With zone.js, a check outside Angular's zone would begin another one as soon as an effect runs in it. */
function check(): void {
  TestBed.inject(NgZone).run(() => TestBed.tick());
}

function noAnswer(nth: number, known: number): StreamError {
  return new StreamError(
    'source',
    `Request ${nth + 1} has no answer: provideStreamTesting() was given ${known}, one for each request in order`,
  );
}

function play(
  answer: TestAnswer,
  scheduler: VirtualTimeScheduler,
  ended: () => void,
): Observable<StreamEvent> {
  const { values, end } = typeof answer === 'string' ? drawn(answer) : answer.timeline();
  return new Observable((subscriber) => {
    values.forEach(({ at, value }, nth) => {
      const emit = (): void => {
        // Whoever leaves at the last event has it all.
        if (nth === values.length - 1 && end !== undefined) ended();
        subscriber.next(value);
      };
      subscriber.add(scheduler.schedule(emit, at));
    });
    if (end === undefined) return;
    const finish = (): void => {
      ended();
      if ('error' in end) subscriber.error(end.error);
      else subscriber.complete();
    };
    subscriber.add(scheduler.schedule(finish, end.at));
  });
}

/** Reads a row of marbles, each letter an event of the alphabet. */
function drawn(row: string): TimedValues<StreamEvent> {
  const { marks } = timeline(row);
  const end = marks.find(({ symbol }) => symbol === '|' || symbol === '#');
  return {
    values: marks
      .filter((mark) => mark !== end)
      .map(({ frame, symbol }) => ({ at: frame, value: valueOf<StreamEvent>(symbol, row, alphabet) })),
    ...(end && { end: { at: end.frame, ...(end.symbol === '#' && { error: connectionLost }) } }),
  };
}
