import {
  catchError,
  concat,
  defer,
  distinctUntilChanged,
  map,
  merge,
  of,
  ReplaySubject,
  startWith,
  Subject,
  switchMap,
  type Observable,
  type ObservableInput,
  type OperatorFunction,
} from 'rxjs';
import { lookable } from '../errors/lookable.js';
import { streamErrorOf, type StreamError } from '../errors/streamError.js';
import type { StreamEvent } from '../events/event.js';
import type { Message } from '../events/message.js';
import type { TurnMessage } from '../events/turnMessage.js';
import { TurnState, type StreamState } from '../fold/turn/streamState.js';
import { statesOf } from '../operators/accumulateState.js';
import { stopOn } from '../operators/stopOn.js';
import { transform } from '../rx/transform.js';
import { Approvals, type Approval } from './approvals.js';
import { isBlank, Turns, type Conversation, type Question } from './conversation.js';
import { roundsOf } from './streamTurn.js';

/** What somebody says in a conversation: a question, or what is to become of an answer. */
export type ConversationInput =
  | Question
  /** Drops the last answer and asks its question again. */
  | { readonly retry: true }
  /** Stops the turn that runs. */
  | { readonly stop: true }
  /** Says of the call with this id whether it may run. */
  | { readonly approve: string; readonly approved: boolean; readonly reason?: string | undefined };

/** Asks somebody whether a call may run: for `approve` of {@link runTools}, of all tools or of one. */
export type AskApproval = (call: { readonly id: string }) => Observable<Approval>;

/** Options of {@link converse}. */
export interface ConverseOptions {
  /** Asks the model: called once in each round, with all messages so far. */
  readonly ask: (messages: readonly TurnMessage[]) => ObservableInput<StreamEvent>;
  /** Makes what runs the tools of a turn, `runTools(…)`; without it, calls are left as they are. */
  readonly run?: ((approve: AskApproval) => OperatorFunction<StreamEvent, StreamEvent>) | undefined;
  /** What was said before: the `messages` of an earlier conversation. Default: nothing. */
  readonly history?: readonly TurnMessage[] | undefined;
  /** Whether a question stops the turn that runs, or waits for its end. Default `switch`. */
  readonly policy?: 'switch' | 'queue' | undefined;
  /** How often the model is asked at most in a turn, as {@link streamTurn} has it. Default 10. */
  readonly maxRounds?: number | undefined;
}

/** An answer that runs. */
interface Run {
  readonly messages: readonly TurnMessage[];
  /** Replays: a turn may be stopped before it is subscribed to. */
  readonly stop: ReplaySubject<void>;
}

type Step =
  | { readonly input: ConversationInput }
  /** The source of the inputs is over, and why if it failed. */
  | { readonly over: true; readonly error?: StreamError }
  /** What a turn that runs has come to; without a state, to its end. */
  | { readonly begun: Run; readonly state?: StreamState };

/**
 * Holds a conversation with a model: answers each question with a turn, tools and all rounds included, and emits
 * everything that a view needs to know, each time that something changes. It emits at once, and never fails.
 *
 * ```text
 * -Q------P-|
 * > converse({ ask: answerBriefly })
 * AB----E-(GHI)J----(KL|)
 * ^---------!
 * ```
 *
 * | input | does |
 * | --- | --- |
 * | a text, or blocks | asks; one that says nothing is passed over |
 * | `{ stop: true }` | stops the turn that runs, as {@link stopOn} does |
 * | `{ retry: true }` | drops the last answer and asks its question again |
 * | `{ approve: id, approved, reason? }` | says of a call that waits for an approval whether it may run |
 *
 * A question stops the turn that runs; with the policy `queue` it waits for its end, and a stop lets the next one go. An
 * input with nothing to stop, to retry or to approve changes nothing. A question that waits cannot be asked again.
 *
 * Turns that are over stay the same objects. `messages` are valid for a provider at any moment, also after a stop or a
 * failure: store them, and begin with them as `history` the next time. Neighbouring messages of one role are one message.
 * What was stored is no turn: it is drawn from the messages, cannot be asked again, and counts for no usage.
 *
 * While somebody is asked for an approval, the status is `tools`: a turn is busy, though it waits for a person, as the call
 * with the status `approval` says. A call that is answered with `later` ends its turn, and no input answers it any more.
 *
 * A failure is the state of its turn, and the next question is answered. When the source completes, the turns that were
 * asked for come to their end; a call that waits for an approval then is left. When the source fails, the turn that runs
 * is stopped, nothing more is asked, and the conversation has `failed` with its error. Unsubscribing aborts everything.
 *
 * ```ts
 * import { Subject } from 'rxjs';
 * import { converse, runTools, type ConversationInput } from 'rxjs-llm-stream';
 * import { streamMessages } from 'rxjs-llm-stream/anthropic';
 *
 * const inputs = new Subject<ConversationInput>();
 * const remove = ({ path }: { path: string }) => `${path} is gone`;
 *
 * inputs
 *   .pipe(
 *     converse({
 *       ask: (messages) => streamMessages({ model, max_tokens, messages, tools }, { apiKey }),
 *       run: (approve) => runTools({ remove }, { tools: schemas, approve }),
 *     }),
 *   )
 *   .subscribe(({ turns, status }) => render(turns, status));
 *
 * inputs.next('Tidy up, please');
 * approveButton.onclick = () => inputs.next({ approve: call.id, approved: true });
 * ```
 *
 * @param options - `ask`, what sends messages to a model; `run`, what makes the tools of a turn run, given how somebody
 *   is asked to approve of a call; `history`, what was said before; `policy`; `maxRounds`
 * @returns an operator from inputs to conversations
 * @see {@link streamTurn} {@link historyOf} {@link runTools} {@link stopOn}
 */
export function converse({
  ask,
  run,
  history = [],
  policy = 'switch',
  maxRounds,
}: ConverseOptions): OperatorFunction<ConversationInput, Conversation> {
  return (inputs) =>
    defer(() => {
      const turns = new Turns(history);
      const approvals = new Approvals();
      // What is heard, and where a turn ends, decides which turn runs next: both lead here.
      const runs = new Subject<Run>();
      let running: Run | undefined;
      let over: { readonly error?: StreamError } | undefined;

      const begin = (messages: readonly TurnMessage[]): Run => {
        running = { messages, stop: new ReplaySubject(1) };
        return running;
      };
      const beginNext = (): void => {
        if (turns.isAnyWaiting) {
          const next = begin(turns.begin());
          // A question that another has overtaken is not sent, and neither is one whose answer nobody waits for.
          const isStopped = over?.error !== undefined || (policy === 'switch' && turns.isAnyWaiting);
          if (isStopped) next.stop.next();
          runs.next(next);
        } else {
          running = undefined;
          if (over !== undefined) runs.complete();
        }
      };
      const take = (input: ConversationInput): void => {
        if (isQuestion(input)) {
          if (isBlank(input)) return;
          turns.add(input);
          if (running === undefined) beginNext();
          else if (policy === 'switch') running.stop.next();
        } else if (!isObject(input)) {
          // Plain JavaScript may say anything, and the conversation goes on.
          return;
        } else if ('retry' in input) {
          const messages = turns.retry();
          if (messages !== undefined) runs.next(begin(messages));
        } else if ('stop' in input) {
          running?.stop.next();
        } else {
          const { approve, approved, reason } = input;
          approvals.answer(approve, { approved, reason });
        }
      };
      const end = (how: { readonly error?: StreamError }): void => {
        over = how;
        approvals.close();
        if (how.error !== undefined) {
          turns.fail(how.error);
          running?.stop.next();
        }
        if (running === undefined) runs.complete();
      };
      const answer = (begun: Run): Observable<Step> =>
        concat(
          defer(() => {
            // It is gathered once, for the view and for the rounds: a reply costs as much again to read twice.
            const turn = new TurnState<Message>();
            const options = { ask, run: run?.(approvals.ask), maxRounds };
            return statesOf(roundsOf(begun.messages, options, turn).pipe(stopOn(begun.stop)), turn);
          }).pipe(map((state) => ({ begun, state }))),
          of({ begun }),
        );
      const spoken: Observable<Step> = concat(
        inputs.pipe(map((input) => ({ input }))),
        of({ over: true } as const),
      ).pipe(
        catchError((error: unknown) => of({ over: true, error: streamErrorOf(lookable(error)) } as const)),
      );

      return merge(runs.pipe(switchMap(answer)), spoken).pipe(
        transform<Step, Conversation>((step, emit) => {
          if ('input' in step) take(step.input);
          else if ('over' in step) end(step);
          else if (step.begun === running) {
            if (step.state === undefined) beginNext();
            else turns.show(step.state);
          }
          emit(turns.conversation);
        }),
        startWith(turns.conversation),
        distinctUntilChanged(),
      );
    });
}

function isObject(input: unknown): input is object {
  return typeof input === 'object' && input !== null;
}

function isQuestion(input: ConversationInput): input is Question {
  return typeof input === 'string' || Array.isArray(input);
}
